import { askHealth, askServiceLogs, peerAt, place, podName, servedBy, who } from '../commands';
import { blamePeer } from '../peers';
import { namesAddress } from '../read/place';
import { proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';

/** Timeouts that belong to others: names, probes, images, webhooks, and waits for a free place. */
const elsewhere =
  /probe (?:failed|errored)|\bBackend_health\b|start operation timed out|docker\.sock|docker daemon|failed to pull|pulling image|ErrImagePull|\blookup \S{1,253} on |\bdial \w{3,4}: lookup |\blookup [\w-]{1,63}\.[\w.-]{1,189}: |\blookup \S{1,253}: (?:i\/o|read|dial|no such|server)|getaddrinfo|calling webhook|Layer[47] |(?:from|client:) [^,]{0,80}, .{0,200}client timed out|reading client request|timeouts?["']?[=:] ?0\b|QueuePool|acquir\w+ (?:a )?connection|connection from (?:the )?(?:connection )?pool|Layer4/i;
/** The other side took the connection and does not answer: it may be slow, stuck or cut off. */
const connected =
  /while reading (?:response header from )?upstream|Read timed out|Read_?Timeout|\bHEADERS_TIMEOUT|\bBODY_TIMEOUT|with \d+ bytes received|reading from server/i;
const blamed = {
  refine: blamePeer('connection-timeout'),
  unless: new RegExp(`${elsewhere.source}|${connected.source}`, 'i'),
};
/** Any work may take too long: without a place on the network it is no connection. */
function ofSomePlace(match: Match): Refinement | null {
  const refined = blamePeer('connection-timeout')(match);
  const place = match.block.some(({ message }) => namesAddress(message));
  return place ? refined : { ...refined, role: 'symptom', weight: 0.45 };
}

const named = { ...blamed, weight: 0.85 };
const slow = { unless: elsewhere, weight: 0.45 };

export const connectionTimeout: Playbook = {
  category: 'connection-timeout',
  layer: 'network',
  severity: 'high',
  signals: [
    // The last word of a client that names whom it asked
    proof(
      /\bRead timed out executing [A-Z]{3,7} https?:\/\/(?<host>[\w.-]+)(?::(?<port>\d+))?|cURL error 28: [^\n]{0,80} with 0 bytes received/i,
      { weight: 0.7 },
    ),
    proof(
      /\btime(?:d )?out after [\d.]+ ?\w{0,7} (?:while )?(?:waiting to connect|connecting) to (?:\w+ )?(?<host>[\w.-]+)/i,
      { weight: 0.85 },
    ),
    proof(/connect ETIMEDOUT (?<host>[\w.:-]*\w):(?<port>\d+)/i, named),
    proof(/\b(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)\b/i, blamed),
    proof(
      /Connect Timeout Error(?: \(attempted address(?:es)?: (?<host>[\w.-]+):(?<port>\d+))?/i,
      named,
    ),
    proof(
      /dial tcp \[?(?<host>[\w.:-]*\w)\]?:(?<port>\d+): (?:i\/o timeout|connect: (?:connection|operation) timed out)/i,
      named,
    ),
    symptom(/dial tcp: i\/o timeout|read tcp \S+: i\/o timeout/i, slow),
    symptom(
      /https?:\/\/(?<host>[\w.-]{1,253})(?::(?<port>\d{1,5}))?[^\s"]*"?: (?:context deadline exceeded|net\/http: (?:request canceled|timeout awaiting))/i,
      slow,
    ),
    symptom(
      /Client\.Timeout (?:or context cancellation )?exceeded while|net\/http: (?:TLS handshake timeout|timeout awaiting response headers)/i,
      slow,
    ),
    proof(/Connection to (?<host>[\w.-]+) timed out\. \(connect timeout=/i, named),
    proof(
      /HTTPS?ConnectionPool\(host=["'](?<host>[\w.-]+)["'], port=(?<port>\d+)\)[^\n]*(?:ConnectTimeoutError|connect timeout|timed out)/i,
      named,
    ),
    proof(/\b(?:ConnectTimeoutError|ConnectTimeout\b|ConnectionTimeoutError)/i, blamed),
    proof(/Connection timeout to host (?:https?:\/\/)?(?<host>[\w.-]+)(?::(?<port>\d+))?/i, named),
    proof(/\[Errno (?:110|60)\]|\(os error (?:110|60)\)/i, blamed),
    proof(
      /Connect to (?:https?:\/\/)?(?<host>[\w.-]+):(?<port>\d+) [^\n]*(?:connect(?:ion)? )?timed out/i,
      named,
    ),
    proof(
      /ConnectTimeoutException: (?:connection timed out(?: after \d+ ms)?: )?(?<host>[\w.-]+)\/\S*:(?<port>\d+)/i,
      named,
    ),
    proof(
      /(?:ConnectTimeoutException|HttpConnectTimeoutException|ConnectException: (?:Connection|Operation) timed out|SocketTimeoutException: connect|NoRouteToHostException)/i,
      blamed,
    ),
    proof(/(?:connected (?:party|host) (?:did not properly|has failed to) respond)/i, named),
    symptom(/canceled due to the configured HttpClient\.Timeout of [\d.]+ seconds elapsing/i, slow),
    proof(
      /Errno::ETIMEDOUT|Net::OpenTimeout|Faraday::ConnectionFailed[^\n]*execution expired|HTTP::ConnectTimeoutError/i,
      blamed,
    ),
    proof(
      /Failed to open TCP connection to (?<host>[\w.-]+):(?<port>\d+) \((?:execution expired|Connection timed out)/i,
      named,
    ),
    proof(/cURL error 28|curl: \(28\)/i, blamed),
    proof(
      /Failed to connect to (?<host>[\w.-]+) port (?<port>\d{1,5})\b[^:]*: (?:Timeout was reached|Connection timed out|Operation timed out)/i,
      named,
    ),
    proof(
      /upstream timed out \(110: [^)]*\) while (?:connecting to|SSL handshaking to) upstream(?:.*upstream: ["']\w+:\/\/(?<host>[\w.-]+):(?<port>\d+))?/i,
      named,
    ),
    proof(/reset reason: connection timeout|delayed connect error: 110/i, named),
    proof(
      /\bconnect(?:ion|ing)?\b[^\n]{0,60}(?<host>[\w.-]*\w):(?<port>\d{2,5})\b[^\n]{0,40}(?:timed out|time-?out)\b/i,
      blamed,
    ),
    proof(/\bConnection timed out\b/i, blamed),
    proof(/\bOperation timed out\b/i, { ...blamed, refine: ofSomePlace }),
    proof(/\bconnect(?:ion)? timed? ?out\b/i, { ...blamed, weight: 0.65 }),
    proof(
      /\b(?:EHOSTUNREACH|ENETUNREACH)\b(?: (?<host>[\d.]+):(?<port>\d+))?|No route to host|Network is unreachable/i,
      { ...blamed, weight: 0.65, facts: { reason: 'no route' } },
    ),
    symptom(
      /upstream timed out \(110: [^)]*\) while reading|upstream request timeout|upstream_response_timeout|Read timed out|Read(?:Timeout|TimeoutError|TimeoutException)\b|ESOCKETTIMEDOUT|ServerTimeoutError|Faraday::TimeoutError|HttpTimeoutException|socket\.timeout\b|TimeoutError: timed out/i,
      slow,
    ),
    symptom(/\bdeadline has elapsed|DEADLINE_EXCEEDED|code = DeadlineExceeded/i, {
      unless: elsewhere,
      weight: 0.45,
    }),
    // HAProxy, and the scripts that wait for a peer before a program starts
    proof(/is DOWN, reason: Layer4 timeout\b/i, { refine: blamePeer('connection-timeout') }),
    proof(/\btimeout occurred after waiting \d+ seconds for (?<host>[\w.-]+):(?<port>\d+)/i, {
      refine: blamePeer('connection-timeout'),
      weight: 0.8,
    }),
    // Elixir, WCF
    proof(/\breason: :connect_timeout\b/i, { ...blamed, weight: 0.8 }),
    proof(/The open operation did not complete within the allotted timeout of/i, {
      ...blamed,
      weight: 0.75,
    }),
  ],
  recovery: [
    /\bis UP, reason: Layer/i,
    /(?:re)?connected to|connection (?:to \S+ )?(?:re-?)?established|connection restored|successfully connected/i,
    /(?:upstream|backend|service|peer) (?:\S+ )?(?:is )?(?:back|healthy|available|reachable|recovered)/i,
  ],
  keywords: ['network'],
  summary: (situation) =>
    `${who(situation)} gets no answer from ${peerAt(situation, 'a service that it calls')} in time: packets are dropped on the way, or the other side hangs.`,
  questions: (situation) => [
    ...askHealth(
      situation,
      'shows whether the called service answers others',
      situation.facts.host,
    ),
    ...askServiceLogs(
      situation,
      'shows whether the called service saw the request',
      situation.facts.host,
    ),
  ],
  collect: (situation) => [
    servedBy(situation),
    `kubectl get networkpolicies${place(situation)}`,
    tryIt(situation.facts.host, situation.facts.port, podName(situation), place(situation)),
  ],
  advice: (situation) => ({
    summary:
      'See whether the other side answers anybody. If it does, something between drops the packets: a network policy, a firewall or security group, a wrong address; if it does not, it is stopped, overloaded or hangs. A longer timeout cures neither.',
    commands: [
      { title: 'See what runs and who serves its name', command: servedBy(situation) },
      {
        title: 'Try the way from the pod',
        command: tryIt(
          situation.facts.host,
          situation.facts.port,
          podName(situation),
          place(situation),
        ),
      },
      {
        title: 'See what is let through',
        command: `kubectl get networkpolicies${place(situation)}`,
      },
    ],
  }),
};

function tryIt(
  host = '<host>',
  port: number | string = '<port>',
  pod: string,
  where: string,
): string {
  return `kubectl exec ${pod}${where} -- nc -vz -w 5 ${host} ${port}`;
}
