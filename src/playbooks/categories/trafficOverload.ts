import { appName, askServiceLogs, place, who } from '../commands';
import { proof, symptom, type Playbook } from '../playbook';

const sure = { weight: 0.8 };

export const trafficOverload: Playbook = {
  category: 'traffic-overload',
  layer: 'network',
  severity: 'critical',
  signals: [
    proof(/\bBulkheadFullException\b|\bBulkhead '[^']{1,80}' is full\b/, { weight: 0.8 }),
    proof(/\b(?<limit>\d+) worker_connections are not enough/i, { weight: 0.9 }),
    proof(/server reached (?:pm\.)?max_children setting \((?<limit>\d+)\)/i, { weight: 0.85 }),
    proof(
      /server reached MaxRequestWorkers setting|MaxClients (?:setting )?reached|scoreboard is full/i,
      { weight: 0.85 },
    ),
    proof(
      /listen queue of socket \S[^\n]*full|\*\*\* uWSGI listen queue of socket|listen(?: queue)? overflow|possible SYN flooding on port (?<port>\d+)/i,
      { weight: 0.85 },
    ),
    // HAProxy's state sQ: the request waited for a free server until its time was up.
    proof(/\/<NOSRV> \S+ 503 \d+ \S+ \S+ sQ/i, { weight: 0.8 }),
    proof(/limiting (?:requests|connections)(?:, excess: [\d.]+)? by zone/i, { weight: 0.75 }),
    proof(
      /upstream_reset_before_response_started\{overflow\}|reset reason: overflow|no healthy upstream[^\n]*overloaded|envoy overloaded/i,
      { weight: 0.85 },
    ),
    proof(
      /(?:request|work|accept|task|job|event) queue (?:is )?(?:full|overflow\w*)|queue[^\n]{0,20} is full, (?:reject|dropp)\w+|Task queue depth is \d+/i,
      { weight: 0.7, unless: /kafka|rabbit|log/i },
    ),
    proof(
      /(?:server|service|system) (?:is )?(?:overloaded|too busy|at capacity)|load shed(?:ding)?|shedding (?:load|requests?|traffic)|overload (?:manager|protection)|concurrency limit (?:reached|exceeded)|too many concurrent requests/i,
      { ...sure, weight: 0.7, unless: /disabled|initiali[sz]ed|enabled|canary|primary|planned/i },
    ),
    proof(
      /\bmax(?:imum)?(?: number of)? (?:client |concurrent |open )?(?:connections|clients|sessions)(?: limit)? (?:was |were |has been |have been |is )?(?:reached|exceeded)/i,
      { weight: 0.75, unless: /database|postgres|mysql|\bpool\b|\buser\b/i },
    ),
    proof(
      /maxconn(?: limit)? (?:reached|exceeded)|proxy \S+ reached (?:process )?(?:FD|memory|connection|maxconn) limit|has reached its maxconn/i,
      sure,
    ),
    symptom(
      /Queue is full|requests? (?:are |were )?(?:queued|rejected|dropped|shed)|rps=\d{4,}|backlog/i,
      { weight: 0.25 },
    ),
    // ClickHouse
    proof(/Too many parts \(\d+[^)]{0,80}\)\. Merges are processing/i, { weight: 0.75 }),
    proof(/upstream_rq_pending_overflow/i, { weight: 0.8 }),
    proof(/es_rejected_execution_exception|\brejected execution of \S/i, { weight: 0.75 }),
    proof(/\bworker_connections exceeded\b/i, { weight: 0.85 }),
    // Heroku's router, Cloud Run
    proof(/\bcode=H11\b|request was aborted because there was no available instance/i, sure),
    // Calls wait for one of the client's own connections
    proof(
      /\bFinch was unable to provide a connection within the timeout due to excess queuing/i,
      sure,
    ),
    proof(
      /ConnectionPoolTimeoutException: Timeout waiting for connection from pool|Acquire operation took longer than the configured maximum time|\bhttpx\.PoolTimeout\b/i,
      { weight: 0.65 },
    ),
    // LiteSpeed
    proof(/Reached max children process limit: \d+, extra: /i, { weight: 0.85, calm: true }),
  ],
  extract: [
    /^[ \t]*(?<autoscaler>[\w.-]+)\s+(?:Deployment|StatefulSet)\/[\w.-]+\s+\S*\d%.*\s(?<replicas>\d+)\s+\d+[a-z]\w*\s*$/,
    /(?:horizontalpodautoscaler|scaledobject)(?:\.[\w.]+)?\/(?<autoscaler>[\w.-]+)/i,
  ],
  keywords: ['traffic', 'load'],
  summary: (situation) => {
    const { limit } = situation.facts;
    return `${who(situation)} gets more requests at once than it can serve${limit ? ` (its limit is ${limit})` : ''}, so others wait or are turned away.`;
  },
  questions: (situation) => [
    {
      server: 'stats',
      tool: 'get_traffic_metrics',
      arguments: {},
      why: 'shows how much came, and since when',
    },
    ...askServiceLogs(situation, 'shows who asks so much'),
  ],
  collect: (situation) => [
    `kubectl get hpa,deployments${place(situation)}`,
    `kubectl top pods${place(situation)}`,
  ],
  advice: (situation) => ({
    summary:
      'Scale out first, then see where the traffic comes from: one client, retries of callers that gave up, or real growth. If one slow peer holds the requests, more replicas only press it harder.',
    commands: [
      {
        title: 'See replicas and autoscaler',
        command: `kubectl get hpa,deployments${place(situation)}`,
      },
      {
        title: 'Add replicas',
        command: `kubectl scale deployment/${appName(situation)}${place(situation)} --replicas=<n>`,
      },
    ],
  }),
};
