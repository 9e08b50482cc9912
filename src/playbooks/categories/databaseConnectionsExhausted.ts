import { askPods, askServiceLogs, place, who } from '../commands';
import { proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';
import { showSessions } from './databaseSessions';

const sure = { weight: 0.9 };
const other = /zookeeper|redis|jedis|lettuce|http ?client|upstream|memcache/i;

/** A pool of none in use has no database behind it; one that is all in use is exhausted. */
function allInUse({ groups }: Match): Refinement | null {
  return Number(groups.limit ?? 0) > 0 ? {} : null;
}

const unreached =
  /refused|unreachable|Communications link failure|UnknownHost|no route to host|connect timed out/i;

/** A pool is empty as well where no connection can be made. */
function unlessUnreached({ before, after, block }: Match): Refinement {
  const near = [...before, ...block, ...after];
  return near.some(({ message }) => unreached.test(message))
    ? { category: 'database-unavailable' }
    : {};
}

export const databaseConnectionsExhausted: Playbook = {
  category: 'database-connections-exhausted',
  layer: 'service',
  severity: 'critical',
  signals: [
    proof(/\bPoolAcquireTimeoutException\b|\bConnection acquisition timed out after\b/, {
      weight: 0.85,
    }), // R2DBC
    proof(/sorry, too many clients already/i, sure),
    proof(/remaining connection slots are reserved/i, sure),
    proof(/too many connections for (?:role|database) ["'\\]*(?<database>[^\s"'\\]+)/i, sure),
    proof(/\bToo many connections\b|ER_CON_COUNT_ERROR|SQLSTATE\[(?:HY000|08004)\] \[1040\]/i, {
      ...sure,
      unless: /upstream|worker_connections|http/i,
    }),
    proof(
      /has (?:exceeded the ["'`]max_user_connections["'`] resource(?: \(current value: (?<limit>\d+)\))?|already more than ["'`]max_user_connections)|ER_(?:TOO_MANY_USER_CONNECTIONS|USER_LIMIT_REACHED)/i,
      sure,
    ),
    proof(
      /no more connections allowed(?: \(max_client_conn\))?|closing because: query_wait_timeout|\bquery_wait_timeout$|\(max_db_connections\)/i,
      { weight: 0.85 },
    ),
    proof(/prior to obtaining a connection from the pool|max pool size was reached/i, sure),
    proof(
      /connection pool has been exhausted(?:, either raise ["']?Max ?Pool ?Size["']? \(currently (?<limit>\d+)\))?/i,
      sure,
    ),
    proof(/QueuePool limit of size (?<limit>\d+) overflow \d+ reached/i, sure),
    proof(
      /Connection is not available, request timed out after \d+ms \(total=(?<limit>\d+), active=\d+, idle=0/i,
      { ...sure, refine: allInUse },
    ),
    // Older pools do not count; where the database is not reached, that is told beside it.
    proof(/Hikari\S* - Connection is not available, request timed out after \d+ms\.?$/i, {
      weight: 0.75,
      refine: unlessUnreached,
    }),
    proof(
      /(?:Timeout failure|Pool) stats \(total=(?<limit>\d+), active=\d+, idle=0, waiting=[1-9]/i,
      { weight: 0.8, calm: true, refine: allInUse },
    ),
    proof(
      /Pool empty\. Unable to fetch a connection in \d+ seconds, none available\[size:(?<limit>\d+)/i,
      sure,
    ),
    proof(/Timeout acquiring a connection\. The pool is probably full|KnexTimeoutError/i, {
      weight: 0.85,
    }),
    proof(/SequelizeConnectionAcquireTimeoutError|ConnectionAcquireTimeoutError/i, {
      weight: 0.85,
    }),
    proof(
      /Timed out fetching a new connection from the connection pool[^\n]*connection limit: (?<limit>\d+)/i,
      sure,
    ),
    proof(/Timed out fetching a new connection from the connection pool|\bP2024\b/i, sure),
    proof(
      /could not obtain a (?:database )?connection (?:from the pool )?within [\d.]+ seconds|all pooled connections were in use|ActiveRecord::ConnectionTimeoutError/i,
      sure,
    ),
    proof(/timeout exceeded when trying to connect/i, { weight: 0.6 }),
    proof(
      /Cannot get a connection, pool (?:error )?(?:Timeout waiting for idle object|exhausted)|Timeout waiting for idle object/i,
      { unless: other, weight: 0.85 },
    ),
    proof(
      /pool timed out while waiting for an open connection|\bPoolTimedOut\b|connection pool exhausted|PoolError: [^\n]{0,40}exhausted|\bAcquisitionTimeout\w*/i,
      { unless: other, weight: 0.85 },
    ),
    proof(/timed out waiting for (?:a )?(?:free )?connection(?: from (?:the )?pool)?/i, {
      unless: other,
      weight: 0.7,
    }),
    proof(/connection not available and request was dropped from queue after \d+ms/i, {
      weight: 0.85,
    }),
    proof(
      /Timed out while checking out a connection from (?:the )?connection pool|WaitQueueTimeout|MongoWaitQueueFull|connection pool (?:paused|cleared)/i,
      { weight: 0.8 },
    ),
    proof(
      /connection refused because (?:there are )?too many open connections|maximum number of (?:sessions|processes) \(\d+\) exceeded|ORA-(?:00018|00020|02391|12516|12518|12519|12520)/i,
      { weight: 0.85, calm: true },
    ),
    proof(/couldn't get a connection after [\d.]+ sec|PoolTimeout: /i, {
      unless: other,
      weight: 0.75,
    }),
    proof(
      /(?:all|every) (?:\d+ )?(?:database |db |pool(?:ed)? )?connections (?:are |were )?(?:in use|busy|taken|checked out)/i,
      { unless: other, weight: 0.75 },
    ),
    symptom(/Apparent connection leak detected|connection leak/i, { weight: 0.4 }),
    proof(/already has more than ["'`]?max_user_connections/i, sure),
    proof(/\bIJ000655: No managed connections available/i, sure),
    // Servers and what stands before them: Supabase, Azure SQL, ClickHouse, RDS, Vitess
    proof(/\bMaxClientsInSessionMode\b|\bFATAL: {1,2}Max client connections reached\b/i, {
      weight: 0.85,
    }),
    proof(
      /The (?:session|request) limit for the database is (?<limit>\d+) and has been reached/i,
      sure,
    ),
    proof(
      /\bToo many simultaneous queries\. Maximum: (?<limit>\d+)|TOO_MANY_SIMULTANEOUS_QUERIES/i,
      {
        weight: 0.85,
      },
    ),
    proof(/\bTimed-out waiting to acquire database connection\b|\bresource pool timed out\b/i, {
      weight: 0.85,
    }),
    // Pools of Java
    proof(/\bSorry, acquisition timeout!/i, { weight: 0.8, refine: unlessUnreached }),
    proof(/\bwait millis \d+, active [1-9]\d{0,5}, maxActive (?<limit>\d+)/i, {
      weight: 0.85,
      refine: unlessUnreached,
    }),
    proof(
      /A client timed out while waiting to acquire a resource from com\.mchange|An attempt by a client to checkout a Connection has timed out/i,
      { weight: 0.75, refine: unlessUnreached },
    ),
    proof(/\bUCP-29: |\bIJ000453: Unable to get managed connection\b/i, {
      weight: 0.65,
      refine: unlessUnreached,
    }),
    proof(
      /\bPoolLimitSQLException\b|No resources currently available in pool \S{1,120} to allocate|\bJ2CA0045E: Connection not available\b/i,
      { weight: 0.85 },
    ),
    proof(/\bBusyPoolException\b|BusyConnectionException: Connection has exceeded its maximum/i, {
      weight: 0.8,
    }),
    // Pools of other languages
    proof(
      /\bdeadpool\w{0,20}: Timeout occurred while waiting for a slot|\bNJS-0(?:40|76)\b|\bDPY-4005\b|\bMaxConnectionsExceeded: |\bTooManyConnectionsError\b|\bTimed out in bb8\b/i,
      sure,
    ),
    proof(/\bQueue limit reached\.[^\n]{0,200}\bmysql/i, { weight: 0.8 }),
  ],
  extract: [/\bmax_connections["' ]*[=|:] *["']?(?<maxConnections>\d+)/i],
  keywords: ['database', 'connections'],
  summary: (situation) => {
    const { limit } = situation.facts;
    return `${who(situation)} gets no connection to its database: all that are allowed${limit ? ` (${limit})` : ''} are in use, so requests wait and fail although the database runs.`;
  },
  questions: (situation) => [
    ...askPods(situation, 'shows how many replicas share the connections'),
    ...askServiceLogs(situation, 'shows whether connections are leaked or held by slow queries'),
  ],
  collect: (situation) => [showSessions(situation), `kubectl get deployments${place(situation)}`],
  advice: (situation) => ({
    summary:
      'See who holds the connections before raising a limit: idle ones in a transaction are leaked, long ones wait for a slow query or a lock. Replicas times pool size has to stay below what the server allows; a pooler such as PgBouncer lets many share few.',
    commands: [
      { title: 'See who holds the connections', command: showSessions(situation) },
      {
        title: 'See how many replicas share them',
        command: `kubectl get deployments${place(situation)}`,
      },
    ],
  }),
};
