import { testSamples, type Samples } from './samples';

/** What servers, their clients and the network between them say in words that only they use. */
const samples: Samples = {
  'broker-partitioned': {
    real: [
      "2026-11-22T10:00:00.101 [critical] msg: Core cluster partition, context: running_partitioned_network, from: 'emqx@10.2.0.7'",
      '[warning] <0.811.0> Autoheal request sent to rabbit@mq-2',
      'kafka.common.StateChangeFailedException: Failed to elect leader for partition bills-1 under strategy OfflinePartitionLeaderElectionStrategy(false)',
      '[7] 2026/11/22 10:00:00.000000 [WRN] JetStream cluster no metadata leader',
    ],
    alike: [
      '[7] 2026/11/22 10:00:00.000000 [WRN] JetStream cluster no metadata leader\n[7] 2026/11/22 10:00:04.000000 [INF] JetStream cluster new metadata leader: nats-1/nats\n[7] 2026/11/22 10:00:05.000000 [INF] Server is ready',
    ],
  },
  'broker-unavailable': {
    real: [
      "Error: unable to perform an operation on node 'rabbit@mq-1'. Please see diagnostics information and suggestions below. Target node is unreachable (e.g. due to hostname resolution)",
      "com.ibm.msg.client.jms.DetailedJMSException: JMSWMQ0018: Failed to connect to queue manager 'BILLS' with connection mode 'Client'",
      'pymqi.MQMIError: MQI Error. Comp: 2, Reason 2059: FAILED: MQRC_Q_MGR_NOT_AVAILABLE',
      'org.apache.kafka.common.errors.TimeoutException: Expiring 3 record(s) for bills-0:30002 ms has passed since batch creation',
      'org.apache.kafka.common.config.ConfigException: No resolvable bootstrap urls given in bootstrap.servers',
      'org.apache.rocketmq.remoting.exception.RemotingConnectException: connect to mq-0:10911 failed',
      'ERR    1 [bills/mail] (nsqd:4150) error connecting to nsqd - dial tcp 10.0.7.7:4150: connect: connection refused',
    ],
    alike: [],
  },
  'cache-unavailable': {
    real: [
      '1:S 22 Nov 2026 10:01:10.002 # Error condition on socket for SYNC: Connection refused',
      '7:X 22 Nov 2026 10:00:00.113 # +odown master sessions 10.3.0.4 6379 #quorum 2/2',
      'W, [2026-11-22T10:00:00] WARN -- : memcache-0:11211 failed (count: 0) Timeout::Error: IO timeout',
      'pylibmc.HostLookupError: error 2 from memcached_get(cart): getaddrinfo() or getnameinfo() HOSTNAME LOOKUP FAILURE',
      'org.infinispan.partitionhandling.AvailabilityException: ISPN000306: Key is not available. Not all owners are in this partition',
      'QueryTimeoutException: Redis command timed out; nested exception is io.lettuce.core.RedisCommandTimeoutException: Command timed out',
    ],
    alike: [
      'W, [2026-11-22T10:00:00] WARN -- : memcache-0:11211 failed (count: 0) Timeout::Error: IO timeout\nI, [2026-11-22T10:00:04] INFO -- : memcache-0:11211 is back (downtime was 4.012 seconds)',
      'pylibmc.NotFound: error 16 from memcached_get(cart): NOT FOUND',
    ],
  },
  'connection-refused': {
    real: [
      'java.net.ConnectException: Failed to connect to prices/10.96.7.7:8080',
      'httpx.ConnectError: All connection attempts failed',
      '2026/11/22 10:00:00 [crit] 9#9: *2 connect() to unix:/run/php/fpm.sock failed (2: No such file or directory) while connecting to upstream, client: 10.0.0.1',
    ],
    alike: ['java.net.ConnectException: Failed to connect to bills-db/10.96.7.7:5432'],
  },
  'connection-reset': {
    real: [
      'java.io.IOException: unexpected end of stream on http://prices:8080/...',
      'curl: (92) HTTP/2 stream 3 was not closed cleanly: PROTOCOL_ERROR (err 1)',
      'Error: Client network socket disconnected before secure TLS connection was established',
      'rpc error: code = Unavailable desc = transport is closing',
    ],
    alike: ['curl: (56) CONNECT tunnel failed, response 403'],
  },
  'connection-timeout': {
    real: ['%HTTPoison.Error{reason: :connect_timeout, id: nil}'],
    alike: [],
  },
  'consumer-lag': {
    real: [
      'Error occurred:Local: Maximum application poll interval (max.poll.interval.ms) exceeded',
      'pymongo.errors.OperationFailure: the resume point may no longer be in the oplog (ChangeStreamHistoryLost)',
      'WARN ProcessingTimeExecutor: Current batch is falling behind. The trigger interval is 5000 milliseconds, but spent 23011 milliseconds',
    ],
    alike: [],
  },
  'database-auth': {
    real: [
      'ERROR 1862 (HY000): Your password has expired. To log in you must change it using a client that supports expired passwords.',
      'org.postgresql.util.PSQLException: The server requested SCRAM-based authentication, but no password was provided.',
      'ERROR C-0x55f1: (nodb)/bills@10.9.2.2:51902 pooler error: SASL authentication failed',
      'SQL30082N  Security processing failed with reason "24" ("USERNAME AND/OR PASSWORD INVALID").  SQLSTATE=08001',
      'gocql: unable to create session: unable to discover protocol version: authentication required (using "org.apache.cassandra.auth.PasswordAuthenticator")',
      'etcdserver: authentication failed, invalid user ID or password',
    ],
    alike: [],
  },
  'database-connections-exhausted': {
    real: [
      'FATAL: MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size',
      'com.alibaba.druid.pool.GetConnectionTimeoutException: wait millis 30000, active 8, maxActive 8, creating 0',
      'java.sql.SQLException: An attempt by a client to checkout a Connection has timed out.',
      'playhouse.pool.MaxConnectionsExceeded: Max connections exceeded, timed out attempting to connect.',
      '{"s":"I","c":"NETWORK","id":22942,"ctx":"listener","msg":"Connection refused because there are too many open connections","attr":{"remote":"10.8.2.4:41000","connectionCount":204}}',
    ],
    alike: [
      'java.sql.SQLException: An attempt by a client to checkout a Connection has timed out.\njava.net.ConnectException: Connection refused: bills-db/10.0.0.4:5432',
      'GetConnectionTimeoutException: wait millis 30000, active 0, maxActive 8, creating 1',
    ],
  },
  'database-deadlock': {
    real: [
      'org.hibernate.exception.LockAcquisitionException: could not execute statement; Deadlock found',
      '1213 (40001): WSREP detected deadlock/conflict and aborted the transaction. Try restarting the transaction',
    ],
    alike: [],
  },
  'database-locked': {
    real: [
      'ERROR 3572 (HY000): Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.',
      '{"s":"E","c":"CONTROL","id":20557,"ctx":"initandlisten","msg":"DBException in initAndListen, terminating","attr":{"error":"DBPathInUse: Unable to lock the lock file: /data/db/mongod.lock (Resource temporarily unavailable). Another mongod instance is already running on the /data/db directory"}}',
      'org.h2.mvstore.MVStoreException: The file is locked: /var/lib/bills.mv.db [2.2.224/7]',
      'ERROR XSDB6: Another instance of Derby may have already booted the database /var/lib/bills.',
    ],
    alike: [],
  },
  'database-slow-query': {
    real: [
      '[2026-11-22T10:10:10,101][WARN ][i.s.s.query] [es-1] [bills][0] took[9.1s], took_millis[9104], total_hits[12 hits]',
      'com.microsoft.sqlserver.jdbc.SQLServerException: The query has timed out.',
      'WARN ReadCommand.java:569 - Read 200 live rows and 81022 tombstone cells for query SELECT * FROM bills.lines',
      'io.trino.spi.TrinoException: Query exceeded the maximum run time limit of 5.00m',
    ],
    alike: [
      '[2026-11-22T10:10:10,101][INFO ][i.s.s.query] [es-1] [bills][0] took[12ms], took_millis[12], total_hits[12 hits]',
    ],
  },
  'database-unavailable': {
    real: [
      'org.postgresql.util.PSQLException: Could not find a server with specified targetServerType: primary',
      'WARNING C-0x561a: bills/bills@10.1.7.9:40112 pooler error: pgbouncer cannot connect to server',
      'ERROR: Error communicating with DCS; demoted self because DCS is not accessible and I was a leader',
      'MySQL_HostGroups_Manager.cpp:1133:commit(): [ERROR] Shunning server bills-db-1:3306 with 5 errors/sec. Shunning for 10 seconds',
      'ERROR 9002 (HY000): TiKV server timeout',
      'ORA-01034: ORACLE not available',
      'UnavailableException: Not enough replicas available for query at consistency QUORUM (2 required but only 1 alive)',
      '[2026-11-22T10:11:12,003][WARN ][o.e.c.c.ClusterFormationFailureHelper] [es-1] master not discovered or elected yet, an election requires at least 2 nodes',
      'MongooseError: Operation `bills.findOne()` buffering timed out after 10000ms',
      'neo4j.exceptions.ServiceUnavailable: Unable to retrieve routing information',
    ],
    alike: [
      '[2026-11-22T10:11:12,003][WARN ][o.e.c.c.ClusterFormationFailureHelper] [es-1] master not discovered yet\n[2026-11-22T10:11:19,003][INFO ][o.e.c.s.MasterService] [es-1] elected-as-master ([2] nodes joined in term 4)\n[2026-11-22T10:11:20,003][INFO ][o.e.n.Node] [es-1] started',
    ],
  },
  'dns-failure': {
    real: [
      '2026/11/22 10:00:00 [error] 7#7: recv() failed (111: Connection refused) while resolving, resolver: 10.96.0.10:53',
      'Error: queryA ESERVFAIL prices.internal',
      'Error: 14 UNAVAILABLE: Name resolution failed for target dns:prices:50051',
      'AH00898: DNS lookup failure for: prices returned by /api',
      "E: Failed to fetch http://mirror.example/InRelease  Temporary failure resolving 'mirror.example'",
      'dnsmasq[12]: Maximum number of concurrent DNS queries reached (max: 150)',
      "io.vertx.core.impl.NoStackTraceThrowable: failed to resolve 'prices.shop'. Exceeded max queries per resolve 4",
    ],
    alike: [],
  },
  forbidden: {
    real: [
      'RBAC: access denied',
      "rpc error making call: Permission denied: token with AccessorID '0f21' lacks permission 'service:write' on \"bills\"",
      'security_exception: action [indices:data/write/bulk[s]] is unauthorized for user [shipper] with effective roles [ro] on indices [bills]',
      'HttpError: Resource not accessible by integration',
    ],
    alike: [],
  },
  'ingress-misconfigured': {
    real: [
      'nginx: [emerg] "proxy_pass" directive is duplicate in /tmp/nginx/nginx-cfg7:412',
      'Error [IST0101] (VirtualService bills/web) Referenced gateway not found: "bills-gw"',
      'HTTPProxy bills/web status invalid: Spec.VirtualHost.TLS Secret "bills/tls" is invalid: Secret not found',
    ],
    alike: [],
  },
  'migration-failed': {
    real: [
      "** (Ecto.MigrationError) migrations can't be executed, migration version 20261120 is duplicated",
      'Found non-empty schema(s) "bills" but no schema history table. Use baseline() or set baselineOnMigrate to true to initialize the schema history table.',
      'Error: while executing migration 20261120: error returned from database: syntax error at or near "ALTR"',
      'error: no migration found for version 20261120: read down for version 20261120 .: file does not exist',
    ],
    alike: [],
  },
  'network-policy-blocked': {
    real: [
      'AntreaPolicyEgressRule AntreaNetworkPolicy:bills/deny-egress drop-all Drop 44900 10.10.1.6 41212 10.10.1.9 5432 TCP 60',
      '{"connection":{"dest_port":5432,"direction":"egress"},"disposition":"deny","src":{"pod_name":"bills-1"}}',
      'dial tcp 10.0.7.7:5432: connect: operation not permitted',
    ],
    alike: [
      '{"connection":{"dest_port":5432,"direction":"egress"},"disposition":"allow","src":{"pod_name":"bills-1"}}',
      '"name": "BlackHoleCluster",',
    ],
  },
  'no-endpoints': {
    real: [
      'com.netflix.client.ClientException: Load balancer does not have available server for client: prices',
      'org.apache.dubbo.rpc.RpcException: No provider available from registry zk-0:2181 for service com.acme.Prices on consumer 10.0.1.2 use dubbo version 3.2.0',
      '{"level":"error","logger":"http.log.error","msg":"no upstreams available","status":503}',
      'level=warning msg="Endpoints not available for bills/web" ingress=web namespace=bills',
    ],
    alike: [],
  },
  'port-exhausted': {
    real: [
      '{"allocation_status":"DROPPED","connection":{"dest_port":443},"gateway_identifiers":{}}',
    ],
    alike: ['{"allocation_status":"OK","connection":{"dest_port":443},"gateway_identifiers":{}}'],
  },
  'rate-limited': {
    real: [
      'google.api_core.exceptions.ResourceExhausted: 429 Resource has been exhausted (e.g. check quota).',
      'Request rate is large. More Request Units may be needed, so no changes were made. Please retry this request later.',
      "io.github.resilience4j.ratelimiter.RequestNotPermitted: RateLimiter 'prices' does not permit further calls",
    ],
    alike: [],
  },
  'regression-after-deploy': {
    real: [
      'RolloutAborted: Rollout aborted update to revision 7: Metric "errors" assessed Failed due to failed (2) > failureLimit (1)',
      'Halt bills.shop advancement success rate 71.20% < 99%',
      'The deployment was stopped because one or more CloudWatch alarms were activated: bills-5xx. Rolling back.',
    ],
    alike: [
      'Halt bills.shop advancement success rate 97.20% < 99%\nAdvance bills.shop canary weight 20\nPromotion completed! Scaling down bills.shop',
    ],
  },
  'tls-expired': {
    real: [
      'TLS error: 268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify cert failed: cert has expired',
    ],
    alike: [],
  },
  'tls-name-mismatch': {
    real: [
      'CERTIFICATE_VERIFY_FAILED:verify cert failed: verify SAN list',
      'TLS client: In state certify generated CLIENT ALERT: Fatal - Handshake Failure - {bad_cert,hostname_check_failed}',
      'Peer name prices.shop is not in peer certificate',
    ],
    alike: [],
  },
  'tls-untrusted': {
    real: [
      'java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.',
      'curl: (77) error setting certificate verify locations: CAfile: /etc/ssl/bills.crt CApath: none',
    ],
    alike: [
      '[2026-11-22 10:00:00,000] INFO [SocketServer listenerType=BROKER, nodeId=1] Failed authentication with /10.0.0.9 (channelId=10.0.0.1:9093-10.0.0.9:53412-3) (SSL handshake failed) (org.apache.kafka.common.network.Selector)',
    ],
  },
  'traffic-overload': {
    real: [
      '[NOTICE] Reached max children process limit: 10, extra: 3, current: 10, busy: 10, please increase LSAPI_CHILDREN.',
      'org.apache.http.conn.ConnectionPoolTimeoutException: Timeout waiting for connection from pool',
    ],
    alike: [],
  },
  unauthorized: {
    real: [
      'remote: Support for password authentication was removed on August 13, 2021.',
      'Error making API request. Code: 403. Errors: * permission denied; * invalid token',
    ],
    alike: [],
  },
  'upstream-5xx': {
    real: [
      "openai.InternalServerError: Error code: 503 - {'error': {'message': 'The server is overloaded or not ready yet.'}}",
      'software.amazon.awssdk.services.s3.model.S3Exception: We encountered an internal error. Please try again. (Service: S3, Status Code: 500, Request ID: 4Z)',
      'googleapi: Error 503: Backend Error, backendError',
      'botocore.exceptions.ClientError: An error occurred (InternalFailure) when calling the SendMessage operation (reached max retries: 4)',
    ],
    alike: [],
  },
};

testSamples(samples);
