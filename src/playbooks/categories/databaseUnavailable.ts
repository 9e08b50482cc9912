import { askHealth, askPods, askServiceLogs, place, who } from '../commands';
import { peerName } from '../peers';
import { proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';
import { databasesByName } from './databasesByName';

/** The server answered: what it says is another fault than being away. */
const answered =
  /password authentication|incorrect username or password|logon denied|authentication failed|Access denied|too many (?:clients|connections)|remaining connection slots|(?:database|role|relation|table|user) ["'`][^"'`]{0,200}["'`] does not exist|no pg_hba|Unknown database|Login failed|deadlock|is locked|certificate|QueuePool limit|28P01|permission denied for|lock timeout|statement timeout|ECONNREFUSED .{0,200}docker/i;

const direct = { unless: answered, weight: 0.85 };
/** Says how, next to the client's own sentence. */
const refused = { ...direct, mechanism: 'connection-refused' };

/** An old connection of a pool is thrown away and the call made again. */
function unlessRetried({ line }: Match): Refinement {
  const isLast = /\((\d+)\/\1\)/.test(line.message);
  return line.level === 'warn' && !isLast && /\bretry/i.test(line.message) ? { weight: 0.4 } : {};
}

export const databaseUnavailable: Playbook = {
  category: 'database-unavailable',
  layer: 'peer',
  severity: 'critical',
  signals: [
    proof(
      /\bWSREP has not yet prepared node for application use|\bWSREP: no nodes coming from prim view/i,
      { weight: 0.85 },
    ), // Galera
    proof(/\breplica unavailable: .{0,300}\blost quorum\b|\bSQLSTATE XXC00\b/i, { weight: 0.85 }), // CockroachDB
    proof(
      /connection to server at ["'\\]*(?<host>[\w.:-]+)["'\\]*(?: \([^)]*\))?, port (?<port>\d+) failed: (?:Connection )?refused/i,
      refused,
    ),
    proof(
      /connection to server at ["'\\]*(?<host>[\w.:-]+)["'\\]*(?: \([^)]*\))?, port (?<port>\d+) failed/i,
      direct,
    ),
    proof(/connection to server on socket ["'\\]*(?<path>[^\s"'\\]+)["'\\]* failed/i, direct),
    // The host in it is the client that MySQL shut out
    proof(/Host '?[\w.-]+'? is blocked because of many connection errors/i, direct),
    proof(/could not connect to (?:the )?(?:database )?server\b/i, {
      ...direct,
      unless: new RegExp(`${answered.source}|\\bcurl\\b|after \\d+ ms: `, 'i'),
    }),
    proof(
      /Connection to (?<host>[\w.-]+):(?<port>\d+) refused\. Check that the hostname and port/i,
      refused,
    ),
    proof(
      /(?:postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|database|oracle|sql server|cockroach(?:db)?|cassandra)\b[^.]{0,60}\b(?:connection (?:failed|refused|error|lost|failure|timed out|could not)|connect(?:ion)? fail|unavailable|unreachable|not reachable|(?:is |went )(?:down|away|offline)|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)/i,
      {
        unless: answered,
        weight: 0.8,
      },
    ),
    proof(
      /(?:failed|unable|cannot|can't|could not|couldn't|error)(?: \w+){0,3} (?:to )?connect(?:ing|ion)?(?: \w+){0,3} (?:to|with) (?:the )?(?:\w+ )?(?:postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|database|db|oracle|sql server)\b/i,
      {
        unless: answered,
        weight: 0.8,
      },
    ),
    proof(
      /the database system is (?:starting up|shutting down|not yet accepting connections|in recovery mode)/i,
      {
        unless: answered,
        weight: 0.7,
      },
    ),
    proof(/terminating connection due to administrator command/i, { weight: 0.7 }),
    proof(/server closed the connection unexpectedly|Connection terminated unexpectedly/i, {
      weight: 0.65,
    }),
    proof(/SQLSTATE\[(?:HY000|08006|08001)\] \[?(?:2002|2003|2006|7|2005)\]?/i, direct),
    proof(
      /Can't connect to (?:local )?(?:MySQL|MariaDB|server)[^'"]*["'](?<host>[^'"]+)["'](?::(?<port>\d+))?/i,
      direct,
    ),
    proof(/Can't connect to (?:local )?(?:MySQL|MariaDB) server/i, direct),
    proof(/MySQL server has gone away|Lost connection to (?:MySQL|MariaDB|server)/i, direct),
    proof(/Communications link failure/i, direct),
    proof(
      /Mongo(?:ose)?(?:ServerSelection|Network|Timeout)(?:Error|Exception)|ServerSelectionTimeoutError|MongoSocketOpenException/i,
      {
        unless: answered,
        weight: 0.8,
      },
    ),
    proof(
      /server selection (?:error|timeout)|No (?:suitable )?servers (?:found|available)|no reachable servers/i,
      {
        unless: /redis|memcache|upstream/i,
        weight: 0.7,
      },
    ),
    proof(
      /Hikari\S* - Connection is not available, request timed out after \d+ms \(total=|HikariPool\S* - Exception during pool initialization|Unable to acquire JDBC Connection|CannotGetJdbcConnectionException/i,
      {
        unless: answered,
        weight: 0.7,
      },
    ),
    proof(
      /P1001: Can't reach database server at [`'"]?(?<host>[\w.-]+)[`'"]?:[`'"]?(?<port>\d+)/i,
      direct,
    ),
    proof(/Can't reach database server/i, direct),
    proof(/Sequelize(?:ConnectionRefused|HostNotFound|Connection|HostNotReachable)Error/i, direct),
    proof(
      /PG::ConnectionBad|Mysql2::Error::ConnectionError|ActiveRecord::ConnectionNotEstablished|ActiveRecord::DatabaseConnectionError/i,
      direct,
    ),
    proof(/failed to connect to [`'"](?:host|user)=[^`'"]*(?:host|database)=/i, direct),
    proof(
      /ORA-12(?:541|514|170|545|537)|IO Error: The Network Adapter could not establish/i,
      direct,
    ),
    proof(
      /network-related or instance-specific error occurred while establishing a connection to SQL Server/i,
      direct,
    ),
    proof(
      /NoHostAvailable(?:Exception)?|NoNodeAvailableException: No node was available|AllNodesFailedException|Could not reach any contact point/i,
      {
        weight: 0.6,
      },
    ),
    proof(
      /Npgsql\.NpgsqlException[^:]*: Failed to connect to (?<host>[\w.-]+):(?<port>\d+)/i,
      direct,
    ),
    proof(
      /psycopg2?\.OperationalError|pymysql\.err\.OperationalError: \(2003|django\.db\.utils\.OperationalError/i,
      {
        unless: answered,
        weight: 0.4,
      },
    ),
    symptom(
      /(?:waiting for|wait for) (?:the )?(?:database|postgres(?:ql)?|mysql|mariadb|db|mongo)\b/i,
      {
        weight: 0.25,
      },
    ),
    symptom(/received (?:fast|smart|immediate) shutdown request|database system is shut down/i, {
      weight: 0.3,
    }),
    // MongoDB: no member takes writes; a copy that only reads, after a failover
    proof(/\bNotWritablePrimary\b|\bNot(?:Primary|Master)Error\b|\bnot master and slaveOk=false/i, {
      unless: answered,
      weight: 0.75,
    }),
    proof(
      /cannot execute \w+ in a read-only transaction|running with the --(?:super-)?read-only option/i,
      { unless: answered, weight: 0.75 },
    ),
    // Elasticsearch without a master
    proof(/master_not_discovered_exception|SERVICE_UNAVAILABLE\/1\/state not recovered/i, {
      unless: answered,
      weight: 0.8,
    }),
    proof(/SSL connection has been closed unexpectedly|\bdriver: bad connection\b/i, {
      unless: answered,
      weight: 0.65,
      refine: unlessRetried,
    }),
    ...databasesByName(answered),
  ],
  recovery: [
    /\bnode liveness heartbeat succeeded\b/i,
    /\bServer \S{1,253} is back online\b|\bUnshunning server\b/i,
    /(?:database|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|\bdb|pool)\b.{0,40}\b(?:re-?connected|connected|connection (?:re-?)?(?:established|restored|acquired|ok|successful|is back)|(?:is )?(?:ready|up|healthy|available|reachable)|recovered)/i,
    /(?:re-?connected|connected|connection (?:re-?)?established|connection restored)(?: successfully)?(?: \w+){0,3} to (?:the )?\S*(?:database|postgres|mysql|mariadb|mongo|db)/i,
    /HikariPool\S* - (?:Start completed|Added connection)/i,
    /(?:succeeded|connected|success) (?:after|on) (?:\d+ )?(?:attempt|retr)/i,
    /database system is ready to accept connections/i,
    /\belected-as-master\b|master node changed \{previous|Successfully connected to Elasticsearch/i,
  ],
  keywords: ['database'],
  summary: (situation) => {
    const { host, port } = situation.facts;
    const name = peerName(situation.proof, 'database');
    const where = host ? ` at ${host}${port ? `:${port}` : ''}` : '';
    return `${who(situation)} cannot reach its ${name === 'database' ? 'database' : `${name} database`}${where}${how(situation.mechanism)}.`;
  },
  questions: (situation) => [
    ...askPods(situation, 'shows whether the database runs'),
    ...askServiceLogs(situation, 'shows why the database does not answer', situation.facts.host),
    ...askHealth(situation, 'shows whether the application has recovered'),
  ],
  collect: (situation) => [
    `kubectl get pods,services,endpoints${place(situation)}`,
    `kubectl logs ${workload(situation.facts.host, '<database>')}${place(situation)} --tail=100`,
  ],
  advice: (situation) => ({
    summary:
      'Bring the database back: see whether it runs, why it stopped, and whether host, port and network policy still let the application reach it.',
    commands: [
      {
        title: 'See whether it runs and who serves its name',
        command: `kubectl get pods,services,endpoints${place(situation)}`,
      },
      {
        title: 'See its last words',
        command: `kubectl logs ${workload(situation.facts.host, '<database>')}${place(situation)} --tail=100`,
      },
    ],
  }),
};

/** `: the connection is refused`, for the end of a sentence. */
export function how(mechanism: string | null): string {
  return mechanism === null ? '' : (ways[mechanism] ?? '');
}

const ways: Readonly<Record<string, string>> = {
  'connection-refused': ': the connection is refused',
  'connection-timeout': ': the connection times out',
  'connection-reset': ': the connection breaks off',
  'dns-failure': ': its name cannot be resolved',
  'connections-exhausted': ': it takes no more connections',
};

/** The workload behind a host name, as `kubectl logs` wants it. */
export function workload(host: string | undefined, placeholder: string): string {
  return host && /^[a-z]/.test(host) && host !== 'localhost'
    ? `service/${host.replace(/\..*/, '')}`
    : placeholder;
}
