import { proof, type Signal } from '../playbook';

/**
 * How databases that are known by their wording, their clients and what stands before them say that
 * there is no database to talk to: it is away, without a leader, too few, or its files are broken.
 * @param answered what shows that the server answered, so that another fault is meant
 */
export function databasesByName(answered: RegExp): readonly Signal[] {
  const direct = { unless: answered, weight: 0.85 };
  const broken = { unless: answered, weight: 0.75 };
  return [
    // PostgreSQL and its clients
    proof(
      /\bcould not locate a valid checkpoint record\b|terminating connection because of crash of another server process/i,
      direct,
    ),
    proof(
      /\bPSQLException: The connection attempt failed\b|\bCould not find a server with specified targetServerType\b/i,
      direct,
    ),
    proof(
      /\bPSQLException: This connection has been closed\b|: SSL SYSCALL error: EOF detected\b|\bInterfaceError: connection (?:already|is) closed\b/i,
      broken,
    ),
    proof(
      /\bNpgsqlException\b[^\n]{0,120}Exception while reading from stream ---> System\.IO\.EndOfStreamException/i,
      broken,
    ),
    // Its poolers and keepers: pgBouncer, Patroni, Cloud SQL's proxy
    proof(
      /\bpgbouncer cannot connect to server\b|\(server_login_retry\)?$|closing because: server conn crashed\?/i,
      { ...direct, calm: true },
    ),
    proof(
      /\bError communicating with DCS\b|\bdemoted self because DCS is not accessible\b/i,
      direct,
    ),
    proof(/\bfailed to connect to instance: [^\n]{0,200}\bInstance is not running\b/i, direct),
    // MySQL, MariaDB, Galera and their proxies
    proof(
      /\bDatabase page corruption on disk or a failed\b|\bCannot create redo log files because data files are corrupt\b/i,
      direct,
    ),
    proof(/\bWSREP: [^\n]{0,200}\bReversing history: \d+ -> \d+/i, direct),
    proof(
      /\bMax connect timeout reached while reaching hostgroup\b|\bShunning server \S{1,253} with \d+ errors\/sec\b|\bCouldn't find suitable (?:Master|Slave) from\b/i,
      direct,
    ),
    proof(/\bno healthy tablet available for\b/i, direct), // Vitess
    proof(
      /\bTiKV server (?:timeout|is busy)|\bPD server timeout|\bERROR 9005 \(HY000\): Region is unavailable|\bErrClientGetLeader\b/i,
      direct,
    ), // TiDB
    proof(/\bfailed node liveness heartbeat\b/i, { ...direct, weight: 0.7 }), // CockroachDB
    // SQL Server, Oracle, Db2
    proof(/\bDatabase '[^']{1,128}' on server '[^']{1,253}' is not currently available\b/i, direct),
    proof(
      /\bConnectionError: Failed to connect to (?<host>[\w.-]{1,253}):(?<port>\d+) in \d+ms/i,
      direct,
    ),
    proof(/\bORA-(?:01033|01034|03113|03114|03135|12528)\b/i, direct),
    proof(/\bError opening socket to server (?<host>[\w.-]{1,253})|\bERRORCODE=-4499\b/i, direct),
    // Cassandra, ScyllaDB
    proof(
      /\bNot enough replicas available for query at consistency\b|\bCannot achieve consistency level for cl\b|\bgocql: no hosts available in the pool\b/i,
      direct,
    ),
    // ClickHouse
    proof(
      /\bALL_CONNECTION_TRIES_FAILED\b|\bTable is in readonly mode\b|\bCoordination::Exception\b[^\n]{0,80}(?:Session expired|Connection loss)/i,
      direct,
    ),
    // Elasticsearch, OpenSearch, their dashboards and clients
    proof(/\bmaster not discovered (?:or elected )?yet\b/i, direct),
    proof(
      /\bUnable to retrieve version information from (?:Elastic|Open)search nodes\b|\bno_living_connections\b|\bno Elasticsearch node available\b/i,
      direct,
    ),
    proof(/\bTransportError\(503, /i, broken),
    // MongoDB
    proof(
      /\bFailedToSatisfyReadPreference\b|\bCould not find host matching read preference\b|\bbuffering timed out after \d+ms/i,
      direct,
    ),
    // Neo4j
    proof(
      /\bneo4j\.exceptions\.ServiceUnavailable\b|\bUnable to retrieve routing information\b|\bNeo\.ClientError\.Cluster\.NotALeader\b|\bSessionExpiredException: Server at \S{1,253} is no longer available/i,
      direct,
    ),
    // Libraries that serve several databases
    proof(
      /\bRetryLimitExceededException\b[^\n]{0,80}executing database operations|\bFailed to obtain JDBC connection\b/i,
      broken,
    ),
    proof(
      /\bP1017\b[^\n]{0,20}Server has closed the connection|\berror communicating with database: /i,
      broken,
    ),
  ];
}
