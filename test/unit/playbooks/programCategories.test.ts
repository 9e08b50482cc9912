import { testSamples, type Samples } from './samples';

/** What programs print of themselves and of what they need, and what only looks like it. */
const samples: Samples = {
  'oom-killed': {
    real: [
      'REPORT RequestId: 9 Memory Size: 128 MB Max Memory Used: 128 MB\nRequestId: 9 Error: Runtime exited with error: signal: killed',
      'slurmstepd: error: Detected 1 oom-kill event(s) in StepId=7.batch.',
      '2026-11-03T12:09:42Z       Terminated  Exit Code: 137, Signal: 9, Exit Message: "OOM Killed"',
      'Memory limit of 512 MiB exceeded with 530 MiB used. Consider increasing the memory limit',
      '{\n  "tasks": [\n    {\n      "group": "service:billing",\n      "lastStatus": "STOPPED",\n      "stoppedReason": "Essential container in task exited",\n      "containers": [\n        {\n          "name": "billing",\n          "exitCode": 137,\n          "reason": "OutOfMemoryError: Container killed due to memory usage"\n        }\n      ]\n    }\n  ]\n}',
      '[ 1234.5] Memory cgroup out of memory: Killed process 4242 (node) total-vm:1048576kB, anon-rss:524288kB',
      "Nov 21 10:00:00 host systemd[1]: checkout.service: Failed with result 'oom-kill'.",
    ],
    alike: [
      'REPORT RequestId: 9 Memory Size: 128 MB Max Memory Used: 71 MB',
      'container exited with exit code 137',
      '"OOMKilled": false,',
      'oom_kill 0',
    ],
  },
  'heap-exhausted': {
    real: [
      'Traceback (most recent call last):\n  File "/app/io.py", line 12, in load\nnumpy.core._exceptions._ArrayMemoryError: Unable to allocate 11.9 GiB for an array with shape (1600000000,) and data type float64',
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
      'PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /srv/shop/cart.php on line 9',
    ],
    alike: [
      'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory',
      'INFO heap used 120 MB of 512 MB',
    ],
  },
  'cpu-throttled': {
    real: [
      'NAME         CPU(cores)   MEMORY(bytes)\norders-abc   250m         310Mi\n\nName:             orders-abc\nNamespace:        shop\nStatus:           Running\nContainers:\n  orders:\n    Image:          acme/orders:3.1\n    Limits:\n      cpu:     250m\nEvents:\n  Type     Reason     Age   From     Message\n  ----     ------     ----  ----     -------\n  Warning  Unhealthy  1m (x44 over 20m)     kubelet  Readiness probe failed: Get "http://10.12.40.3:8080/healthz": context deadline exceeded',
      'nr_periods 1000\nnr_throttled 720\nthrottled_usec 99000000',
      'CPUThrottlingHigh: 63.1% throttling of CPU in namespace shop for container checkout',
    ],
    alike: ['nr_periods 1000\nnr_throttled 4\nthrottled_usec 12000'],
  },
  'disk-full': {
    real: [
      '2026-11-10 07:00:00.001000+00:00 [warning] <0.433.0> disk resource limit alarm set on node rabbit@rabbit-0.',
      'write /var/lib/data/segment-1: no space left on device',
      'PANIC:  could not write to file "pg_wal/xlogtemp.41": No space left on device',
      'sqlite3.OperationalError: database or disk is full',
    ],
    alike: [
      'Error: ENOSPC: System limit for number of file watchers reached, watch /srv/app',
      'INFO disk is 40% full',
    ],
  },
  'read-only-filesystem': {
    real: [
      "Error: EROFS: read-only file system, mkdir '/var/cache/shard-0'",
      "OSError: [Errno 30] Read-only file system: '/srv/data/queue.db'",
      '2026/11/21 14:57:13 [crit] 130#130: *13 open() "/var/cache/edge/body/0000000003" failed (30: Read-only file system), client: 127.0.0.1',
      "touch: cannot touch '/data/x': Read-only file system",
      '[Sat Nov 21 12:00:00 2026] EXT4-fs (sdb1): Remounting filesystem read-only',
    ],
    alike: [
      'INFO the replica is read-only, writes go to the primary',
      'INFO mounted /usr read-only',
      'ERROR: cannot execute INSERT in a read-only transaction',
    ],
  },
  'missing-env': {
    real: [
      '[core:warn] [pid 9] AH00111: Config variable ${WIKI_PORT} is not defined\nAH00526: Syntax error on line 3 of /etc/apache2/sites-enabled/wiki.conf:\nPort must be specified',
      "Invalid environment variables: {\n  PAY_SECRET: [ 'Required' ]\n}",
      "Failed to bind properties under 'shop.key' to java.lang.String:\n\n    Reason: Could not resolve placeholder 'SHOP_KEY' in value",
      '2026-11-10T07:00:00.000000001Z /srv/bin/run.sh: 9: RELAY_HOST: name the relay',
      '/docker-entrypoint: line 3: QUEUE_URL: must be given',
      'Missing environment variables:\n    PAY_API_KEY: key of the bank',
      'level=fatal msg="config: missing required env DATABASE_URL" service=ledger',
      'pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings\nQUOTE_API_TOKEN\n  Field required [type=missing, input_value={}, input_type=dict]',
      "System.InvalidOperationException: Configuration value 'Sentry:Dsn' (environment variable SENTRY_DSN) is missing.",
      'thread \'main\' panicked at src/main.rs:18:42:\ncalled `Result::unwrap()` on an `Err` value: EnvVar("RATES_DB_URL", NotPresent)',
      'Traceback (most recent call last):\n  File "/code/members/settings.py", line 31, in <module>\n    raise ImproperlyConfigured(error_msg) from exc\ndjango.core.exceptions.ImproperlyConfigured: Set the DJANGO_SECRET_KEY environment variable',
      'No application encryption key has been specified.',
      '** (System.EnvError) could not fetch environment variable "SECRET_KEY_BASE" because it is not set',
      'Error: DATABASE_URL not provided',
      'ValueError: SECRET_KEY must not be empty',
      '2026/11/21 10:00:00 missing env DATABASE_URL',
      'ZodError: [\n  {\n    "received": "undefined",\n    "path": [\n      "DATABASE_URL"\n    ],\n    "message": "Required"\n  }\n]',

      "  File \"/srv/app/settings.py\", line 4, in <module>\n    url = os.environ['DATABASE_URL']\nKeyError: 'DATABASE_URL'",
      'Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder \'billing.url\' in value "${billing.url}"',
      'run.sh: line 3: API_TOKEN: unbound variable',
    ],
    alike: ['INFO LOG_LEVEL is not set, using default info', "KeyError: 'name'"],
  },
  'bad-command': {
    real: [
      'Error: crun: executable file `web` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
      'bundler: command not found: puma',
      "error: Found argument '--prot' which wasn't expected, or isn't valid in this context",
      '[PM2][ERROR] Script not found: /app/server.js',

      'exec: "serve": executable file not found in $PATH: unknown',
      '/entrypoint.sh: 7: exec: imagemagick-server: not found',
      'Error: Unable to access jarfile /app/app.jar',
    ],
    alike: ['GET /run.sh 404 not found'],
  },
  'permission-denied': {
    real: [
      "Error: EACCES: permission denied, open '/var/lib/shop/state.json'",
      "PermissionError: [Errno 13] Permission denied: '/data/out'",
      'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)',
    ],
    alike: ['ERROR:  permission denied for table orders', 'sshd: Permission denied (publickey).'],
  },
  'port-in-use': {
    real: [
      '[ALERT] 324/101112 (1) : Starting frontend main: cannot bind socket [0.0.0.0:8080]',
      'LOG:  could not bind IPv4 address "0.0.0.0": Address already in use',
      'OSError: [Errno 48] Address already in use',
      'Error: That port is already in use.',
      'Port 5000 is in use by another program. Either identify and stop that program, or start the server with a different port.',
      'probably another instance of uWSGI is running on the same address (:3031).',
      'java.io.IOException: Failed to bind to address 0.0.0.0/0.0.0.0:8080',
      '# Failed listening on port 6379 (TCP), aborting.',
      'System.Net.Sockets.SocketException (10048): Only one usage of each socket address (protocol/network address/port) is normally permitted.',

      'Error: listen EADDRINUSE: address already in use :::3000',
      '2026-11-21 10:00:00.000 UTC [12] LOG:  could not bind IPv4 address "0.0.0.0": Address already in use',
      'Bind for 0.0.0.0:8080 failed: port is already allocated',
    ],
    alike: ['INFO email address already registered'],
  },
  'dns-failure': {
    real: [
      'Error: getaddrinfo ENOTFOUND inventory.shop.svc',
      'dial tcp: lookup inventory on 10.96.0.10:53: no such host',
      'requests.exceptions.ConnectionError: Failed to resolve: [Errno -3] Temporary failure in name resolution',
    ],
    alike: ['npm error code ENOTFOUND npm registry', 'no such hostel found'],
  },
  'connection-refused': {
    real: [
      'Error: connect ECONNREFUSED 10.0.0.3:8080',
      '[error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://10.0.0.9:8000/"',
    ],
    alike: [
      'connection_refused=0 timeouts=0',
      'INFO 0 connection refused errors in the last minute',
    ],
  },
  'database-unavailable': {
    real: [
      'PostgreSQL connection failed',
      'psycopg2.OperationalError: connection to server at "db" (10.0.0.4), port 5432 failed: Connection refused',
      'Error: connect ECONNREFUSED 10.0.0.4:3306',
    ],
    alike: ['FATAL:  password authentication failed for user "shop"'],
  },
  'cache-unavailable': {
    real: [
      'Redis ECONNREFUSED',
      'redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.',
      'Error: connect ECONNREFUSED 10.0.0.5:11211',
    ],
    alike: ['Redis connected after 2 attempts', 'cache miss for key 12'],
  },
  'unhandled-exception': {
    real: [
      'Fatal error: exception Not_found\nRaised at Stdlib__Map.find in file "map.ml", line 141, characters 10-25',
      'bakery: Prelude.head: empty list\nCallStack (from HasCallStack):\n  error, called at src/Oven.hs:12:3 in main:Oven',
      "lua: oven.lua:8: attempt to index a nil value (local 'tray')",
      '** (FunctionClauseError) no function clause matching in Shop.Cart.total/1',

      'panic: runtime error: index out of range [3] with length 2\n\ngoroutine 1 [running]:\nmain.main()',
      "TypeError: Cannot read properties of undefined (reading 'id')\n    at pay (/srv/shop/pay.js:3:1)\nthrow er; // Unhandled 'error' event\n\nNode.js v20.20.2",
    ],
    alike: ['INFO exceptions: 0'],
  },
  'dependency-missing': {
    real: [
      '** (UndefinedFunctionError) function Jason.encode!/1 is undefined (module Jason is not available)',
      "ModuleNotFoundError: No module named 'flask'",
      "Error: Cannot find module 'express'\nRequire stack:\n- /srv/app/server.js",
      'java.lang.NoClassDefFoundError: org/postgresql/Driver',
    ],
    alike: ["Error: Cannot find module '/srv/app/server.js'"],
  },
  'docker-unreachable': {
    real: [
      'Error: Cannot connect to Docker daemon',
      "docker.errors.DockerException: Error while fetching server API version: ('Connection aborted.', FileNotFoundError(2, 'No such file or directory'))",
    ],
    alike: ['INFO connected to docker 27.1'],
  },
  'crash-loop': {
    real: [
      '2026-11-21 10:00:00,000 INFO gave up: web entered FATAL state, too many start retries too quickly',
      'Nov 21 10:00:00 host systemd[1]: checkout.service: Start request repeated too quickly.',
    ],
    alike: [
      // A status alone: what would decide is asked for.
      'NAME                        READY   STATUS             RESTARTS      AGE\ncheckout-7d9f8c6b5d-x2x9z   0/1     CrashLoopBackOff   6 (10s ago)   9m',
      'NAME                        READY   STATUS    RESTARTS      AGE\ncheckout-7d9f8c6b5d-x2x9z   1/1     Running   6 (12d ago)   40d',
    ],
  },
  'exited-normally': {
    real: [
      'NAME                        READY   STATUS      RESTARTS      AGE\ncheckout-7d9f8c6b5d-x2x9z   0/1     Completed   3 (41s ago)   60s',
      '2026-11-21 10:00:00,000 INFO exited: web (exit status 0; not expected)',
    ],
    alike: [
      'NAME                READY   STATUS      RESTARTS   AGE\nnightly-29384-x2x9z   0/1     Completed   0          60s',
      'worker exited with code 0',
    ],
  },
  'application-hung': {
    real: [
      'Found one Java-level deadlock:',
      'fatal error: all goroutines are asleep - deadlock!',
      '[ 1234.5] INFO: task postgres:812 blocked for more than 120 seconds.',
      'WARNING: Thread Thread[vert.x-eventloop-thread-0,5,main] has been blocked for 5123 ms, time limit is 2000 ms',
    ],
    alike: [
      'ERROR: deadlock detected\nDETAIL:  Process 12 waits for ShareLock on transaction 7; blocked by process 13.',
      'INFO no deadlocks found',
    ],
  },
  'invalid-config': {
    real: [
      'level=error component=configuration msg="Loading configuration file failed" file=/etc/app/alertmanager.yml err="undefined receiver"',
      '{"level":30,"pid":1,"file":"/srv/gateway/routes.json","msg":"reading configuration"}\n{"level":60,"pid":1,"err":{"type":"SyntaxError","message":"Expected \',\' or \'}\' after property value in JSON at position 19"}}',
      '2026/11/21 10:00:00 [emerg] 1#1: unknown directive "proxy_pas" in /etc/nginx/conf.d/default.conf:7',
      "*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***\nReading the configuration file, at line 3\n>>> 'maxmemory lots'\nargument must be a memory value",
      'FATAL:  configuration file "/etc/postgresql/postgresql.conf" contains errors',
      "[ALERT]    (1) : config : parsing [/usr/local/etc/haproxy/haproxy.cfg:12] : unknown keyword 'bakend' in 'frontend' section",
      'org.apache.kafka.common.config.ConfigException: Invalid value abc for configuration num.partitions: Not a number of type INT',
      "Failed to bind properties under 'server.port' to java.lang.Integer:",
      'error: failed to load config: yaml: line 4: mapping values are not allowed in this context',
    ],
    alike: [
      'INFO configuration loaded from /etc/app.yaml',
      'INFO config reload: 0 errors',
      'SyntaxError: Unexpected token < in JSON at position 0',
    ],
  },
  'shutdown-timeout': {
    real: [
      '2026-11-03T09:10:02: PM2 log: Process with pid 71 still alive after 1600ms, sending it SIGKILL now...',
      'conveyor  | INFO received SIGTERM, draining 31 connections\n\n[\n    {\n        "Name": "/conveyor",\n        "State": {\n            "Status": "exited",\n            "OOMKilled": false,\n            "ExitCode": 137\n        }\n    }\n]',
      '2026-11-03T10:00:00.1Z container kill 9f0123456789abcd (image=acme/worker:1, name=worker, signal=15)\n2026-11-03T10:00:10.1Z container kill 9f0123456789abcd (image=acme/worker:1, name=worker, signal=9)\n2026-11-03T10:00:10.2Z container die 9f0123456789abcd (exitCode=137, image=acme/worker:1, name=worker)',
      'time="2026-11-21T10:00:00Z" level=info msg="Container failed to exit within 10s of signal 15 - using the force" container=9f2c',
      "Nov 21 10:00:00 host systemd[1]: checkout.service: State 'stop-sigterm' timed out. Killing.",
      '2026/11/21 10:00:00 Server forced to shutdown: context deadline exceeded',
    ],
    alike: [
      'SIGTERM received, draining 3 connections',
      'INFO graceful shutdown complete',
      'rpc error: context deadline exceeded',
    ],
  },
};

testSamples(samples);
