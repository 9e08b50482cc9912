import { testSamples, type Samples } from './samples';

/** What databases, caches and brokers say themselves, and what their clients say of them. */
const samples: Samples = {
  'disk-full': {
    real: [
      'rpc error: code = ResourceExhausted desc = etcdserver: mvcc: database space exceeded',
      'etcd[8812]: failed to apply request "put:<key:\\"/cfg\\" value_size:9 >" with response "" took (3.2µs) to execute, err is etcdserver: no space',
      'memberID:7701 alarm:NOSPACE\nRefusing writes: etcdserver: no space',
      'WARN es[][o.e.c.r.a.DiskThresholdMonitor] flood-stage watermark [95%] exceeded on [q1][search][/srv/es] free: 2gb[3.9%], all indices on this node will be marked read-only',
      'retrying failed action with response code: 403 ({"type"=>"cluster_block_exception", "reason"=>"index [visits-7] blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];"})',
    ],
    alike: ['etcdserver: leader changed', 'INFO disarmed alarm NOSPACE, 40% of the quota in use'],
  },
  'control-plane-unavailable': {
    real: [
      'E1121 10:00:01.000001 1 leaderelection.go:332] error retrieving resource lock ops/pruner: Get "https://10.43.0.1:443/apis/coordination.k8s.io/v1/namespaces/ops/leases/pruner": context deadline exceeded',
      'Error from server (InternalError): an error on the server ("") has prevented the request from succeeding',
    ],
    alike: [
      'unable to fetch metrics from resource metrics API: the server is currently unable to handle the request (get pods.metrics.k8s.io)',
    ],
  },
  'database-unavailable': {
    real: [
      'MongoServerError: not primary\n    codeName: NotWritablePrimary',
      'Error: not master and slaveOk=false :\n_getErrorWithCode@src/mongo/shell/utils.js:25:13',
      'ERROR:  cannot execute UPDATE in a read-only transaction',
      'ERROR 1290 (HY000): The MySQL server is running with the --super-read-only option so it cannot execute this statement',
      '{"error":{"type":"master_not_discovered_exception","reason":null},"status":503}',
      'blocked by: [SERVICE_UNAVAILABLE/1/state not recovered / initialized];',
      'psycopg2.OperationalError: SSL connection has been closed unexpectedly',
      'level=error msg="save failed" error="driver: bad connection"',
      'wait-for-it.sh: timeout occurred after waiting 20 seconds for ledger-db:5432',
    ],
    alike: ['INFO session switched to a read-only transaction for the report'],
  },
  'database-auth': {
    real: [
      'I ACCESS   [conn9] SCRAM-SHA-1 authentication failed for reporter on admin from client 10.3.0.8:5120 ; UserNotFound: Could not find user reporter@admin',
      "ERROR 1130 (HY000): Host '10.3.0.8' is not allowed to connect to this MariaDB server",
      'mysqli_real_connect(): The server requested authentication method unknown to the client [caching_sha2_password]',
    ],
    alike: ['SASL authentication failed for the mail relay'],
  },
  'database-connections-exhausted': {
    real: [
      "User till already has more than 'max_user_connections' active connections",
      'IJ000655: No managed connections available within configured blocking timeout (30000 [ms])',
    ],
    alike: [
      'kafka.zookeeper.ZooKeeperClientTimeoutException: Timed out waiting for connection while in state: CONNECTING',
    ],
  },
  'database-locked': {
    real: [
      'FATAL:  lock file "postmaster.pid" already exists\nHINT:  Is another postmaster (PID 1) running in data directory "/srv/pg"?',
      '[ERROR] [MY-012574] [InnoDB] Unable to lock ./ibdata1 error: 11',
      'java.lang.IllegalStateException: failed to obtain node locks, tried [/srv/es]; maybe these locations are not writable',
      'org.apache.lucene.store.LockObtainFailedException: Lock held by another program: /srv/solr/index/write.lock',
    ],
    alike: ['INFO obtained node locks on [/srv/es]'],
  },
  'database-slow-query': {
    real: [
      'ReadTimeoutException: Cassandra timeout during read query at consistency QUORUM (2 responses were required but only 1 replica responded)',
      'Code: 159. DB::Exception: Timeout exceeded: elapsed 60.04 seconds, maximum: 60. (TIMEOUT_EXCEEDED)',
    ],
    alike: ['INFO query at consistency QUORUM took 4 ms'],
  },
  'migration-failed': {
    real: [
      'Error: while executing migrations: migration 7 was previously applied but has been modified',
      'ERROR:  relation "bookings" does not exist at character 15\nSTATEMENT:  SELECT id FROM bookings',
      "SQLSTATE[42S02]: Base table or view not found: 1146 Table 'desk.bookings' doesn't exist",
      'sqlite3.OperationalError: no such table: bookings',
    ],
    alike: ['INFO table "bookings" does not exist yet, creating it'],
  },
  'cache-unavailable': {
    real: [
      'NOREPLICAS Not enough good replicas to write.',
      'redis.exceptions: All sentinels are unreachable',
    ],
    alike: [],
  },
  'broker-unavailable': {
    real: [
      'kafka.zookeeper.ZooKeeperClientTimeoutException: Timed out waiting for connection while in state: CONNECTING\n\tat kafka.server.KafkaServer.startup(KafkaServer.scala:207)',
      'org.apache.zookeeper.KeeperException$ConnectionLossException: KeeperErrorCode = ConnectionLoss for /brokers/ids',
      "ERROR [KafkaApi-3] Number of alive brokers '1' does not meet the required replication factor '3' for the offsets topic",
      'ERROR Expected 3 brokers but found only 1. Brokers found [q-1:9092 (id: 1 rack: null)].',
      '[warning] <0.221.0> Error while waiting for Mnesia tables: {timeout_waiting_for_tables,[rabbit_user]}',
    ],
    alike: ['[info] <0.221.0> Waiting for Mnesia tables for 30000 ms, 9 retries left'],
  },
  'consumer-lag': {
    real: [
      'operation none caused a channel exception precondition_failed: PRECONDITION_FAILED - delivery acknowledgement on channel 4 timed out. Timeout value used: 1800000 ms',
    ],
    alike: ["PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'mails'"],
  },
  'invalid-config': {
    real: [
      "java.lang.RuntimeException: The Cluster ID kLx doesn't match stored clusterId Some(pQ9) in meta.properties.",
      'initdb: error: directory "/srv/pg" exists but is not empty\nIt contains a lost+found directory, perhaps due to it being a mount point.\nUsing a mount point directly as the data directory is not recommended.\nCreate a subdirectory under the mount point.',
      '[ERROR] [MY-010457] [Server] --initialize specified but the data directory has files in it. Aborting.',
      'FATAL:  database "ledgr" does not exist',
      "ERROR 1049 (42000): Unknown database 'ledgr'",
      'MongoParseError: Invalid scheme, expected connection string to start with "mongodb://" or "mongodb+srv://"',
      'invalid DSN: missing the slash separating the database name',
      "sqlalchemy.exc.ArgumentError: Could not parse SQLAlchemy URL from string 'ledger-db'",
      'System.ArgumentException: Format of the initialization string does not conform to specification starting at index 31.',
    ],
    alike: ['INFO created database "ledger", it does not exist elsewhere'],
  },
};

testSamples(samples);
