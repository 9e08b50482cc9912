import { askHealth, askPods, askServiceLogs, place, who } from '../commands';
import { peerName } from '../peers';
import { proof, symptom, type Playbook } from '../playbook';
import { how, workload } from './databaseUnavailable';

/** The server answered: what it says is another fault than being away. */
const answered = /NOAUTH|WRONGPASS|invalid username-password|WRONGTYPE|MISCONF/i;
const direct = { unless: answered, weight: 0.85 };
const refused = { ...direct, mechanism: 'connection-refused' };

export const cacheUnavailable: Playbook = {
  category: 'cache-unavailable',
  layer: 'peer',
  severity: 'high',
  signals: [
    proof(
      /(?:redis|valkey|memcached?|cache)\b[^.]{0,60}\b(?:ECONNREFUSED|connection refused)/i,
      refused,
    ),
    proof(
      /(?:redis|valkey|memcached?|cache)\b[^.]{0,60}\b(?:connection (?:failed|error|lost|failure|timed out|closed unexpectedly)|connect(?:ion)? fail|unavailable|unreachable|not reachable|(?:is |went )(?:down|away|offline)|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)/i,
      {
        unless: /cache[- ]control|cached? (?:hit|miss)|NOAUTH|WRONGPASS/i,
        weight: 0.8,
      },
    ),
    proof(
      /(?:failed|unable|cannot|can't|could not|couldn't|error|not possible)(?: \w+){0,3} (?:to )?connect(?:ing|ion)?(?: \w+){0,3} (?:to|with) (?:the )?(?:redis|valkey|memcached?|cache)\b/i,
      direct,
    ),
    proof(/Error (?:111|61|10061) connecting to (?<host>[\w.-]+):(?<port>\d+)/i, refused),
    proof(/Error -[235] connecting to (?<host>[\w.-]+):(?<port>\d+)/i, {
      ...direct,
      mechanism: 'dns-failure',
    }),
    proof(/Unable to connect to (?:Redis|(?<host>[\w.-]+):(?<port>6379))/i, direct),
    proof(
      /Redis(?:Connection(?:Failure|Exception|Error)|ConnectionFailureException)|Jedis(?:Connection|Cluster\w*)?Exception|Redis(?:Command)?TimeoutException/i,
      direct,
    ),
    proof(/MaxRetriesPerRequestError|Reached the max retries per request limit/i, direct),
    proof(/Redis::CannotConnectError|RedisClient::CannotConnectError/i, direct),
    proof(/redis\.exceptions\.(?:ConnectionError|TimeoutError)/i, direct),
    proof(/Could not get a resource (?:from the pool|since the pool is exhausted)/i, {
      weight: 0.6,
    }),
    proof(/command not allowed when used memory > ?'?maxmemory/i, direct),
    proof(/redis: (?:connection pool timeout|client is closed)/i, { weight: 0.7 }),
    proof(/\[ioredis\] Unhandled error event/i, { weight: 0.7, unless: answered }),
    // Clients leave out the code that the server's answer begins with.
    proof(
      /\b(?:ReadOnlyError|BusyLoadingError|MasterDownError)\b|can't write against a read[- ]only replica|Redis is loading the dataset/i,
      { weight: 0.75 },
    ),
    proof(/\bMISCONF\b[^\n]*(?:RDB snapshots|persist)/i, { weight: 0.65 }),
    proof(
      /CLUSTERDOWN|Cluster state changed: fail|MASTERDOWN|LOADING Redis is loading the dataset|READONLY You can't write against|OOM command not allowed when used memory/i,
      { weight: 0.75 },
    ),
    proof(
      /SERVER HAS FAILED AND IS DISABLED|SERVER IS MARKED DEAD|No servers available|No live servers|no servers configured or available|All servers seem to be down|MemcacheUnexpectedCloseError|No server available/i,
      {
        unless: /database|mongo|(?:backend|proxy) \S+ has|upstream|available for service/i,
        weight: 0.7,
      },
    ),
    proof(
      /\b(?:memcached?|redis|valkey)\b[^\n]{0,80}\bcould not connect\b|Dalli::(?:RingError|NetworkError)|MemcacheServerError|memcached? .*(?:refused|is down|unavailable)/i,
      direct,
    ),
    proof(/ERR max number of clients reached/i, {
      weight: 0.85,
      mechanism: 'connections-exhausted',
    }),
    symptom(/(?:waiting for|wait for) (?:the )?(?:redis|valkey|memcached?|cache)\b/i, {
      weight: 0.25,
    }),
    proof(/\bNOREPLICAS\b|All sentinels (?:are )?(?:down|unreachable)/i, direct),
    // Redis and what stands beside it: a replica, Sentinel, a file that cannot be read
    proof(/Error condition on socket for SYNC: /i, { ...direct, weight: 0.8 }),
    proof(/ \+odown master \S|-failover-abort-no-good-slave\b/i, { weight: 0.8 }),
    proof(/Bad file format reading the append only file|Redis is running in protected mode/i, {
      weight: 0.85,
    }),
    proof(/\bBUSY Redis is busy running a script\b|\bReplyError: OOM /i, { weight: 0.8 }),
    // Clients of Redis
    proof(
      /\bredis: (?:cluster has no nodes|all sentinels specified in configuration are unreachable)\b|\bAll sentinels down, cannot determine where\b|Redis Cluster cannot be connected\b|\bMasterNotFoundError: No master found for\b|\bRedis::BaseConnectionError\b/i,
      direct,
    ),
    proof(
      /\bRedisClient::\w{0,20}(?:Timeout|Connection)Error\b|\bSocketClosedUnexpectedlyError\b/i,
      { ...direct, weight: 0.7 },
    ),
    proof(/Stream isn't writeable and enableOfflineQueue options is false/i, direct),
    proof(/HealthIndicator *: Redis health check failed/i, { ...direct, weight: 0.8 }),
    // Clients of memcached
    proof(/(?<host>[\w.-]{1,253}):(?<port>11211) failed \(count: \d+\)/i, {
      ...direct,
      weight: 0.7,
    }),
    proof(/\berror \d+ from memcached_\w{1,40}\(/i, {
      ...direct,
      unless: /NOT ?FOUND|NOT STORED|EXISTS/i,
      weight: 0.75,
    }),
    proof(/\bspy\.memcached\.OperationTimeoutException\b/i, { ...direct, weight: 0.75 }),
    // Data grids: Hazelcast, Infinispan, Ignite
    proof(
      /\bHazelcastClientOfflineException\b|IllegalStateException: Unable to connect to any cluster\b/i,
      direct,
    ),
    proof(/\bISPN000306\b|\bIgnite cluster is unavailable\b/i, direct),
    proof(/\bISPN004071: Connection to (?<host>[\w.-]+):(?<port>\d+) was closed/i, {
      ...direct,
      weight: 0.75,
    }),
  ],
  recovery: [
    /\bsync: Finished with success\b/i,
    /(?:redis|valkey|memcached?|cache)\b.{0,40}\b(?:re-?connected|connected|connection (?:re-?)?(?:established|restored|ok|is back)|is (?:ready|up|healthy|available|reachable)|ready$|recovered)/i,
    /(?:re-?connected|connected|connection (?:re-?)?established|connection restored)(?: successfully)?(?: \w+){0,3} to (?:the )?\S*(?:redis|valkey|memcache|cache)/i,
    /(?:succeeded|connected|success) (?:after|on) (?:\d+ )?(?:attempt|retr)/i,
    /Reconnected to/i,
    /\+switch-master\b|-odown master\b|\bis back \(downtime was\b/, // Sentinel, Dalli
  ],
  keywords: ['cache'],
  summary: (situation) => {
    const { host, port } = situation.facts;
    const name = peerName(situation.proof, 'cache');
    const where = host ? ` at ${host}${port ? `:${port}` : ''}` : '';
    return `${who(situation)} cannot reach its ${name === 'cache' ? 'cache' : `${name} cache`}${where}${how(situation.mechanism)}.`;
  },
  questions: (situation) => [
    ...askPods(situation, 'shows whether the cache runs'),
    ...askServiceLogs(situation, 'shows why the cache does not answer', situation.facts.host),
    ...askHealth(situation, 'shows whether the application has recovered'),
  ],
  collect: (situation) => [
    `kubectl get pods,services,endpoints${place(situation)}`,
    `kubectl logs ${workload(situation.facts.host, '<cache>')}${place(situation)} --tail=100`,
  ],
  advice: (situation) => ({
    summary:
      'Bring the cache back: see whether it runs, why it stopped, and whether host and port are still right.',
    commands: [
      {
        title: 'See whether it runs and who serves its name',
        command: `kubectl get pods,services,endpoints${place(situation)}`,
      },
      {
        title: 'See its last words',
        command: `kubectl logs ${workload(situation.facts.host, '<cache>')}${place(situation)} --tail=100`,
      },
    ],
  }),
};
