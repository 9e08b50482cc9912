import { testSamples, type Samples } from './samples';

/** Brokers, limits of the system and of others, and faults of the code that end a program. */
const samples: Samples = {
  'broker-unavailable': {
    real: [
      '[warning] <0.8.0> memory resource limit alarm set on node rabbit@mq-0.',
      '[Producer clientId=producer-1] Connection to node -1 (kafka/10.0.0.9:9092) could not be established. Node may not be available.',
      '%3|1763719200.000|FAIL|rdkafka#producer-1| [thrd:kafka:9092/bootstrap]: kafka:9092/bootstrap: Connect to ipv4#10.0.0.9:9092 failed: Connection refused (after 0ms in state CONNECT)',
      'KafkaJSNumberOfRetriesExceeded: Connection error: connect ECONNREFUSED 10.0.0.9:9092',
      'Error: connect ECONNREFUSED 10.0.0.9:5672',
      'pika.exceptions.AMQPConnectionError',
      '[ERROR/MainProcess] consumer: Cannot connect to amqp://shop:**@rabbit:5672//: [Errno 111] Connection refused.',
      'nats: no servers available for connection',
    ],
    alike: [
      'INFO connected to kafka after 2 attempts',
      'INFO broker 1 registered',
      "AMQPConnectionError: (403) 'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN.'",
    ],
  },
  'broker-partitioned': {
    real: [
      '\tTopic: orders\tPartition: 0\tLeader: none\tReplicas: 1,2,3\tIsr: 1',
      'Node rabbit@mq-0 cannot communicate with rabbit@mq-1',
      "Mnesia('rabbit@a'): ** ERROR ** mnesia_event got {inconsistent_database, running_partitioned_network, 'rabbit@b'}",
      'org.apache.kafka.common.errors.NotEnoughReplicasException: Messages are rejected since there are fewer in-sync replicas than required.',
    ],
    alike: ['INFO partitions assigned: orders-0, orders-1', 'INFO split-brain protection enabled'],
  },
  'rate-limited': {
    real: [
      'error creating new order: too many certificates already issued for exact set of domains: a.example',
      "slack_sdk.errors.SlackApiError: The server responded with: {'ok': False, 'error': 'ratelimited'}",
      'AxiosError: Request failed with status code 429',
      'openai.RateLimitError: Error code: 429 - slow down',
      'botocore.exceptions.ClientError: An error occurred (ThrottlingException) when calling the GetMetricData operation: Rate exceeded',
      'requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://api.billing.example/v1/charges',
    ],
    alike: [
      'toomanyrequests: You have reached your pull rate limit.',
      'INFO rate limit is 100 requests a minute',
      'Waited for 1.1s due to client-side throttling, not priority and fairness',
    ],
  },
  'fd-exhausted': {
    real: [
      "Error: EMFILE: too many open files, open '/srv/shop/a.html'",
      'http: Accept error: accept tcp [::]:8080: accept4: too many open files; retrying in 5ms',
      'java.net.SocketException: Too many open files',
      "OSError: [Errno 24] Too many open files: '/srv/a'",
    ],
    alike: ['INFO open files limit: 65536', 'WARN too many open orders'],
  },
  'thread-exhausted': {
    real: [
      'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached',
      "RuntimeError: can't start new thread",
      'runtime: failed to create new OS thread (have 9 already; errno=11)',
      'cgroup: fork rejected by pids controller in /docker/3f',
      'bash: fork: retry: Resource temporarily unavailable',
    ],
    alike: ['INFO 12 threads started', 'INFO executor shut down'],
  },
  'port-exhausted': {
    real: [
      'Error: connect EADDRNOTAVAIL 10.0.0.9:8080 - Local (0.0.0.0:0)',
      'dial tcp 10.0.0.9:8080: connect: cannot assign requested address',
      'OSError: [Errno 99] Cannot assign requested address',
      '[crit] 7#7: *1 connect() to 10.0.0.9:8080 failed (99: Cannot assign requested address) while connecting to upstream',
    ],
    alike: [
      'nginx: [emerg] bind() to 10.0.0.9:80 failed (99: Cannot assign requested address)',
      'Error: listen EADDRNOTAVAIL: address not available 10.0.0.9:80',
    ],
  },
  'stack-overflow': {
    real: [
      'RangeError: Maximum call stack size exceeded\n    at walk (/srv/shop/tree.js:3:1)',
      'Exception in thread "main" java.lang.StackOverflowError\n\tat shop.Tree.walk(Tree.java:9)',
      'RecursionError: maximum recursion depth exceeded in comparison',
      'runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow',
      "thread 'main' has overflowed its stack\nfatal runtime error: stack overflow",
      "tree.rb:3:in `walk': stack level too deep (SystemStackError)",
      'Stack overflow.\n   at Shop.Tree.Walk(Int32)',
    ],
    alike: ['INFO see https://stackoverflow.com/q/1', 'ERROR heap overflow in cart'],
  },
  segfault: {
    real: [
      'fatal error: unexpected signal during runtime execution\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x10 pc=0x7f]',
      'shop[812]: segfault at 0 ip 00005581 sp 00007ffc error 4 in shop[5581+1000]',
      'Segmentation fault (core dumped)',
      'Fatal Python error: Segmentation fault',
      '# A fatal error has been detected by the Java Runtime Environment:\n#\n#  SIGSEGV (0xb) at pc=0x00007f, pid=1, tid=7',
      'Nov 21 10:00:00 host systemd[1]: shop.service: Main process exited, code=dumped, status=11/SEGV',
    ],
    alike: [
      'panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1]',
      'container exited with exit code 137',
    ],
  },
  'version-incompatible': {
    real: [
      'Perl v5.40.1 required--this is only v5.34.0, stopped at bill.pl line 2.',
      'Ledger::Book version 3.1 required--this is only version 2.9 at bill.pl line 4.',
      "ImportError: cannot import name 'url' from 'werkzeug' (/usr/lib/python3/dist-packages/werkzeug/__init__.py)",
      'java.lang.UnsupportedClassVersionError: shop/Main has been compiled by a more recent version of the Java Runtime (class file version 65.0), this version of the Java Runtime only recognizes class file versions up to 61.0',
      "Error: The module '/srv/node_modules/bcrypt/bcrypt.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 108. This version of Node.js requires\nNODE_MODULE_VERSION 115.",
      "./shop: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by ./shop)",
      'FATAL:  database files are incompatible with server\nDETAIL:  The data directory was initialized by PostgreSQL version 15, which is not compatible with this version 17.0.',
      'Error response from daemon: client version 1.52 is too new. Maximum supported API version is 1.43',
      "# Can't handle RDB format version 11",
    ],
    alike: ['INFO protocol version 3', 'INFO upgraded from 1.2 to 1.3'],
  },
  'migration-failed': {
    real: [
      '  2024_05_01_000001_add_total_to_bills ..... 9.02ms FAIL',
      '[DEBUG] Failed to apply migration 1700000000_owners.go: no such table',
      'failed to migrate database: pq: column "bytes" does not exist',
      'Error: P3009\n\nmigrate found failed migrations in the target database, new migrations will not be applied.',
      'error: Dirty database version 12. Fix and force version.',
      'org.flywaydb.core.internal.command.DbMigrate$FlywayMigrateException: Migration V12__orders.sql failed',
      'StandardError: An error has occurred, this and all later migrations canceled:',
      // The masker takes what follows "identified by" for a password.
      "FAILED: Can't locate revision identified by '[masked sql-password]'",
      'liquibase.exception.MigrationFailedException: Migration failed for changeset db/changelog.xml::12::shop:',
    ],
    alike: ['INFO 12 migrations applied, 0 failed', 'INFO live migration of vm-7 failed over'],
  },
  'database-slow-query': {
    real: [
      'ERROR:  canceling statement due to statement timeout',
      "LOG:  duration: 8123.456 ms  statement: SELECT * FROM orders WHERE note LIKE '%x%'",
      '# Query_time: 12.345678  Lock_time: 0.000012 Rows_sent: 1  Rows_examined: 9000000',
      'ERROR 3024 (HY000): Query execution was interrupted, maximum statement execution time exceeded',
    ],
    alike: ['LOG:  duration: 12.3 ms  statement: SELECT 1', 'INFO slow query log is on'],
  },
  'traffic-overload': {
    real: [
      'fe_http be_web/<NOSRV> 0/5000/-1/-1/5000 503 217 - - sQ-- 2000/2000/900/0/0 0/900 "GET /api HTTP/1.1"',
      '[alert] 7#7: 512 worker_connections are not enough',
      '[pool www] server reached pm.max_children setting (5), consider raising it',
      '*** uWSGI listen queue of socket "127.0.0.1:3031" (fd: 3) full !!! (101/100) ***',
    ],
    alike: ['INFO overload protection enabled', 'INFO worker_connections 512'],
  },
  'consumer-lag': {
    real: [
      'consumer poll timeout has expired. This means the time between subsequent calls to poll() was longer than the configured max.poll.interval.ms',
      'WARN consumer group billing lag=48211 on orders',
    ],
    alike: ['INFO consumer lag=3', 'INFO replica lag: 20000 bytes'],
  },
};

testSamples(samples);
