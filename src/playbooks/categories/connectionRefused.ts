import { askHealth, askServiceLogs, place, who } from '../commands';
import { blamePeer } from '../peers';
import { proof, type Match, type Playbook, type Refinement } from '../playbook';

const blame = blamePeer('connection-refused');
/** What a probe or the engine's socket says belongs to their own playbooks. */
const elsewhere =
  /probe (?:failed|errored)|\bBackend_health\b|is DOWN, reason: Layer|docker\.sock|docker daemon|failed to pull|ErrImagePull|connection-refused=0|while resolving, resolver|because there are too many/i;
const refused = { refine: blame, unless: elsewhere };

/** OkHttp says the same of every cause, and names it below. */
function unlessLate(match: Match): Refinement | null {
  const late = match.block.some(({ message }) =>
    /timed out|no route to host|network is unreachable/i.test(message),
  );
  return late ? { category: 'connection-timeout' } : blame(match);
}

export const connectionRefused: Playbook = {
  category: 'connection-refused',
  layer: 'network',
  severity: 'high',
  signals: [
    proof(/connect ECONNREFUSED (?<host>[\w.:-]*[\w]):(?<port>\d+)/i, { ...refused, weight: 0.85 }),
    proof(/\bECONNREFUSED\b/i, refused),
    proof(/dial tcp \[?(?<host>[\w.:-]*\w)\]?:(?<port>\d+): connect: connection refused/i, {
      ...refused,
      weight: 0.85,
    }),
    proof(
      /connect\(\) failed \(111: [^)]*\) while connecting to upstream.*upstream: ["']\w+:\/\/(?<host>[\w.-]+):(?<port>\d+)/i,
      {
        ...refused,
        weight: 0.85,
      },
    ),
    proof(/host=["'](?<host>[\w.-]+)["'], port=(?<port>\d+)\).*refused/i, {
      ...refused,
      weight: 0.85,
    }),
    proof(
      /Failed to connect to (?<host>[\w.-]+) port (?<port>\d{1,5})\b[^:]*: (?:Connection refused|Couldn't connect|Could not connect)/i,
      {
        ...refused,
        weight: 0.85,
      },
    ),
    proof(
      /Connect(?:ion)? to (?:http:\/\/)?(?<host>[\w.-]+):(?<port>\d+) .*(?:refused|failed: Connection refused)/i,
      {
        ...refused,
        weight: 0.85,
      },
    ),
    proof(/Connection refused[^:]*: (?<host>[\w.-]+)\/[\d.]*:(?<port>\d+)/i, {
      ...refused,
      weight: 0.85,
    }),
    proof(/Connection refused[^(]*\((?<host>[\w.-]+):(?<port>\d+)\)/i, {
      ...refused,
      weight: 0.85,
    }),
    proof(/\bConnection refused\b/i, refused),
    proof(/ConnectionRefusedError|Errno::ECONNREFUSED|ConnectionRefused\b/i, refused),
    proof(/actively refused/i, refused),
    proof(/delayed connect error: 111\b|immediate connect error: 111\b/i, refused),
    proof(/\(os error 111\)|\[Errno 111\]/i, refused),
    // Envoy's own words, and HAProxy's: nobody took the connection
    proof(/reset reason: (?:remote |local )?connection failure\b/i, { ...refused, weight: 0.7 }),
    proof(/is DOWN, reason: Layer4 connection problem, info: "Connection refused"/i, {
      refine: blame,
      weight: 0.8,
    }),
    proof(/\bAH01114: HTTP: failed to make connection to backend: (?<host>[\w.-]+)/i, {
      ...refused,
      weight: 0.65,
    }),
    // Clients that name the address and leave out the word
    proof(
      /ConnectException: Failed to connect to \/?(?<host>[\w.-]{1,253})(?:\/[\d.]{1,40})?:(?<port>\d+)/i,
      { ...refused, weight: 0.8, refine: unlessLate },
    ),
    proof(
      /Cannot connect to host (?<host>[\w.-]{1,253}):(?<port>\d+) ssl:\S{1,40} \[(?:Errno 111\] )?Connect call failed/i,
      { ...refused, weight: 0.8 },
    ),
    proof(/\bConnectError: All connection attempts failed/i, { ...refused, weight: 0.7 }),
    proof(/\bAH00957: \w{2,6}: attempt to connect to (?<host>[\w.-]{1,253}):(?<port>\d+)/i, {
      ...refused,
      weight: 0.7,
      unless: new RegExp(`${elsewhere.source}|timed out|No route`, 'i'),
    }),
    proof(
      /connect\(\) to unix:(?<path>[^\s:]{1,200}) failed \((?:2|111): [^)]{1,60}\) while connecting to upstream/i,
      { ...refused, weight: 0.85 },
    ),
  ],
  recovery: [
    /\ball dependencies initialized\b/i, // Envoy
    /\bServer \S+ is UP\b|Health check for (?:backup )?server \S+ succeeded/, // HAProxy
    /(?:re)?connected to|connection (?:to \S+ )?(?:re-?)?established|connection restored|successfully connected/i,
    /(?:upstream|backend|service|peer) (?:\S+ )?(?:is )?(?:back|healthy|available|reachable|recovered)/i,
  ],
  keywords: ['network'],
  summary: (situation) => {
    const { host, port } = situation.facts;
    const peer = host
      ? `${host}${port ? `:${port}` : ''}`
      : port
        ? `port ${port}`
        : 'a service that it calls';
    return `${who(situation)} cannot reach ${peer}: the connection is refused, so nothing listens there.`;
  },
  questions: (situation) => [
    ...askHealth(situation, 'shows whether the called service is up', situation.facts.host),
    ...askServiceLogs(
      situation,
      'shows why the called service does not listen',
      situation.facts.host,
    ),
  ],
  collect: (situation) => [
    `kubectl get pods,services,endpoints${place(situation)}`,
    `kubectl logs deployment/${(situation.facts.host ?? '<called service>').replace(/\..*/, '')}${place(situation)} --tail=100`,
  ],
  advice: (situation) => ({
    summary:
      'Find out why nothing listens there: the called service is down or still starting, its port is another one, or the address is wrong.',
    commands: [
      {
        title: 'See what runs and where it listens',
        command: `kubectl get pods,services,endpoints${place(situation)}`,
      },
    ],
  }),
};
