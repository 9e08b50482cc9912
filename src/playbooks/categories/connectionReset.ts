import { askHealth, askServiceLogs, peerAt, place, servedBy, who } from '../commands';
import { blamePeer } from '../peers';
import { proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';
import { isAnswered } from '../read/answers';

/** A client that goes away is everyday life; a probe or an image has its own playbook. */
const elsewhere =
  /\b(?:from|to|by|with) (?:the )?client\b|client:? (?:prematurely )?(?:closed|disconnected)|while (?:reading client|sending (?:response )?to client|waiting for request|keepalive)|probe (?:failed|errored)|\bBackend_health\b|docker\.sock|docker daemon|failed to pull|ErrImagePull|resets?["']?[=:] ?0\b|Accepted|http: TLS handshake error|Connection reset by \S+ port \d+ \[preauth\]|\bsshd\b|^error: kex_exchange_identification|\bCONNECT tunnel failed\b/i;
const blamed = { refine: blamePeer('connection-reset'), unless: elsewhere };
const named = { ...blamed, weight: 0.8 };
/** Said as often of a client that went away as of a peer. */
const weak = { ...blamed, weight: 0.55 };

/** One request that was lost among those that are answered is no incident. */
function unlessAnswered(match: Match): Refinement | null {
  const near = [...match.before, ...match.after];
  const again = near.some(({ message }) => message.includes('code=H13'));
  return !again && near.some(isAnswered) ? { weight: 0.4 } : blamePeer('connection-reset')(match);
}

export const connectionReset: Playbook = {
  category: 'connection-reset',
  layer: 'network',
  severity: 'high',
  signals: [
    proof(/\b(?:read|write|connect) ECONNRESET\b(?: (?<host>[\d.]+):(?<port>\d+))?/i, named),
    proof(/\bECONNRESET\b|socket hang up|other side closed|UND_ERR_SOCKET/i, blamed),
    proof(
      /(?:read|write) tcp \S+->\[?(?<host>[\w.:-]*\w)\]?:(?<port>\d+): (?:read|write): connection reset by peer/i,
      named,
    ),
    proof(
      /(?:Get|Post|Put|Patch|Delete|Head) \\?"https?:\/\/(?<host>[\w.-]{1,253})(?::(?<port>\d{1,5}))?[^"\\]*\\?": (?:unexpected )?EOF\b/i,
      named,
    ),
    proof(
      /HTTPS?ConnectionPool\(host=["'](?<host>[\w.-]+)["'], port=(?<port>\d+)\)[^\n]*(?:Connection aborted|Connection reset|RemoteDisconnected)/i,
      named,
    ),
    proof(
      /Remote end closed connection without response|RemoteDisconnected\(|ServerDisconnectedError|RemoteProtocolError: Server disconnected|Server disconnected without sending/i,
      named,
    ),
    proof(/ConnectionResetError|Errno::ECONNRESET|\[Errno 104\]|\(os error 104\)/i, blamed),
    proof(/NoHttpResponseException: (?<host>[\w.-]+):(?<port>\d+) failed to respond/i, named),
    proof(
      /PrematureCloseException|Unexpected end of file from server|EOF reached while reading|HTTP\/1\.1 header parser received no bytes/i,
      named,
    ),
    proof(
      /SocketException: (?:Connection reset|Broken pipe)|IOException: Connection reset by peer/i,
      blamed,
    ),
    proof(
      /(?:existing connection was )?forcibly closed by the remote host|The response ended prematurely|transport connection: Connection reset/i,
      named,
    ),
    proof(
      /(?:cURL error|curl:) \(?(?:52|56)\)?|Empty reply from server|Recv failure: Connection reset/i,
      named,
    ),
    proof(/connection closed before message completed|IncompleteMessage/i, named),
    proof(
      /recv\(\) failed \(104: [^)]*\) while reading (?:response header from )?upstream(?:.*upstream: ["']\w+:\/\/(?<host>[\w.-]+):(?<port>\d+))?/i,
      named,
    ),
    proof(
      /upstream prematurely closed connection(?: while reading (?:response header from|upstream))?(?:.*upstream: ["']\w+:\/\/(?<host>[\w.-]+):(?<port>\d+))?/i,
      named,
    ),
    proof(
      /reset reason: (?:connection termination|remote reset)|upstream_reset_before_response_started\{connection_termination/i,
      named,
    ),
    proof(
      /connection reset by peer|connection was reset|connection (?:was )?closed by (?:the )?(?:remote|peer|server)/i,
      weak,
    ),
    proof(/\bEOFError\b[^\n]*end of file reached|end of file reached \(EOFError\)/i, weak),
    symptom(/\bEPIPE\b|broken pipe/i, { unless: elsewhere, weight: 0.3 }),
    proof(/error reading from server: (?:EOF|read tcp)|server sent GOAWAY and closed/i, {
      ...blamed,
      weight: 0.65,
    }),
    // Heroku's router
    proof(/\bcode=H13\b/, { ...blamed, refine: unlessAnswered }),
    // OkHttp, botocore, curl, urllib3, gRPC, Node
    proof(
      /IOException: unexpected end of stream on |StreamResetException: stream was reset: (?:REFUSED_STREAM|INTERNAL_ERROR|PROTOCOL_ERROR)/i,
      { ...blamed, weight: 0.75 },
    ),
    proof(
      /Connection was closed before we received a valid response from endpoint URL: "https?:\/\/(?<host>[\w.-]+)/i,
      named,
    ),
    proof(
      /\bHTTP\/2 stream \d+ was not closed cleanly: (?:INTERNAL|PROTOCOL|REFUSED|ENHANCE|FLOW)/i,
      named,
    ),
    proof(/\bConnection broken: (?:IncompleteRead|InvalidChunkLength|ConnectionReset)/i, {
      ...blamed,
      weight: 0.75,
    }),
    proof(/code = Unavailable desc = transport is closing(?:["'\s]|$)/i, {
      ...blamed,
      weight: 0.7,
    }),
    proof(/socket disconnected before secure TLS connection was established/i, named),
  ],
  recovery: [
    /(?:re)?connected to|connection (?:to \S+ )?(?:re-?)?established|connection restored|successfully connected/i,
    /(?:upstream|backend|service|peer) (?:\S+ )?(?:is )?(?:back|healthy|available|reachable|recovered)/i,
  ],
  keywords: ['network'],
  summary: (situation) =>
    `${who(situation)} reaches ${peerAt(situation, 'a service that it calls')}, but the other side breaks the connection off before it has answered.`,
  questions: (situation) => [
    ...askServiceLogs(
      situation,
      'shows whether the called service crashed or refused',
      situation.facts.host,
    ),
    ...askHealth(situation, 'shows whether the called service is up', situation.facts.host),
  ],
  collect: (situation) => [
    servedBy(situation),
    `kubectl logs deployment/${called(situation.facts.host)}${place(situation)} --tail=100`,
    `kubectl logs deployment/${called(situation.facts.host)}${place(situation)} --previous --tail=100`,
  ],
  advice: (situation) => ({
    summary:
      'Look at what the other side did at that moment: it restarted, crashed on the request, or closes idle connections earlier than its callers do (then let the caller’s keep-alive be the shorter one). A proxy or firewall between may also end them.',
    commands: [
      { title: 'See whether it restarted', command: servedBy(situation) },
      {
        title: 'See its last words',
        command: `kubectl logs deployment/${called(situation.facts.host)}${place(situation)} --previous --tail=100`,
      },
    ],
  }),
};

function called(host: string | undefined): string {
  return host && /^[a-z]/i.test(host) ? host.replace(/\..*/, '') : '<called service>';
}
