import { askHealth, askServiceLogs, peerAt, place, servedBy, who } from '../commands';
import { answeredWith } from '../httpStatus';
import { proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';
import { workload } from './databaseUnavailable';

/** Image registries, probes and webhooks answer with statuses too. */
const elsewhere =
  /probe (?:failed|errored)|\bBackend_health\b|failed to pull|ErrImagePull|manifest|calling webhook|Layer7/i;
/** What a program answers itself, as frameworks write it. */
const own = /^Internal Server Error\b/i;

const names = String.raw`(?:Internal ?Server ?Error|Bad ?Gateway|Service ?(?:Temporarily ?)?Unavailable|Gateway ?Time-?out)`;

/** A status beside an address is also how a program logs the requests that it answers itself. */
function ofACall({ line }: Match): Refinement | null {
  if (/\bmethod["']?[=:]/i.test(line.message)) return null;
  const called = /\b(?:call|fetch|client|upstream|downstream|remote|dependency)/i.test(
    line.message,
  );
  return called ? {} : { role: 'symptom', weight: 0.45 };
}

export const upstream5xx: Playbook = {
  category: 'upstream-5xx',
  layer: 'network',
  severity: 'high',
  signals: [
    ...answeredWith(String.raw`5\d\d`, {
      unless: new RegExp(`${elsewhere.source}|${own.source}`, 'i'),
      weight: 0.8,
    }),
    proof(
      /HttpServerErrorException|FeignException\$(?:InternalServerError|BadGateway|ServiceUnavailable|GatewayTimeout)/i,
      { unless: elsewhere },
    ),
    proof(
      /Faraday::ServerError|Net::HTTPFatalError|RestClient::(?:InternalServerError|BadGateway|ServiceUnavailable)|HTTPServerError/i,
      { unless: elsewhere },
    ),
    proof(
      new RegExp(
        String.raw`\b(?:upstream|backend|downstream|dependency|remote|gateway|service|api|server|provider)\b[^\n]{0,80}\b(?:returned|responded|answered|replied|failed|gave)(?: with)?(?: (?:an?|HTTP|status|code|error))* (?<statusCode>5\d\d)\b`,
        'i',
      ),
      { unless: elsewhere, weight: 0.7 },
    ),
    proof(
      new RegExp(
        String.raw`\b(?:returned|responded|answered|replied|failed)(?: with)?(?: (?:an?|HTTP|status|code|error))*:? (?<statusCode>5\d\d)[ (:]+${names}`,
        'i',
      ),
      { unless: elsewhere, weight: 0.65 },
    ),
    proof(
      /(?:GET|POST|PUT|PATCH|DELETE|HEAD) https?:\/\/(?<host>[\w.-]+)(?::(?<port>\d+))?(?<path>\/[^\s"']*)?["']?:? [^\n]{0,30}\b(?<statusCode>5\d\d)\b/i,
      { unless: elsewhere, weight: 0.65 },
    ),
    proof(
      new RegExp(
        String.raw`https?:\/\/(?<host>[\w.-]+)(?::(?<port>\d+))?(?<path>\/[^\s"']*)?["']?[:,)]?[^\n\d]{0,30} (?<statusCode>5\d\d)[ (:]+${names}`,
        'i',
      ),
      { unless: elsewhere, weight: 0.7 },
    ),
    proof(/\bupstream_?status["']?[=:] ?["']?(?<statusCode>5\d\d)\b/i, { weight: 0.6 }),
    proof(
      /\b(?:status|status_?code)[=:] ?"?(?<statusCode>5\d\d)"? [^\n]{0,60}\burl[=:] ?"?https?:\/\/(?<host>[\w.-]+)/i,
      { unless: elsewhere, weight: 0.7, refine: ofACall },
    ),
    proof(/" (?<statusCode>5\d\d) U[A-Z,]+ upstream_reset_before_response_started/i, {
      weight: 0.65,
    }),
    proof(/\bVault is sealed\b/i, { weight: 0.7 }),
    symptom(/rpc error: code = (?:Internal|Unavailable|Unknown) desc = /i, {
      unless: /failed to pull|containerd|connection (?:refused|error|reset)|dial tcp/i,
      weight: 0.4,
    }),
    symptom(
      /circuit ?breaker [^\n]{0,60}\bopen(?:ed)?\b|CallNotPermittedException|BrokenCircuitException|Opossum.* open/i,
      { weight: 0.4 },
    ),
    // Clients of APIs: OpenAI's kin, Azure's, AWS', Google's; requests that were tried again, gRPC
    proof(/\b(?:InternalServerError|APIStatusError): Error code: (?<statusCode>5\d\d) - /i, {
      weight: 0.85,
    }),
    proof(/\bHttpResponseError: \((?:InternalServerError|ServiceUnavailable|ServerTimeout)\)/i, {
      weight: 0.8,
    }),
    proof(/\(Service: [\w .-]{1,60}[,;] Status Code: (?<statusCode>5\d\d)\b/i, { weight: 0.85 }),
    proof(
      /\bgoogleapi: Error (?<statusCode>5\d\d)\b|\bapi_core\.exceptions\.\w{1,40}: (?<statusCode2>5\d\d) /i,
      { weight: 0.85 },
    ),
    proof(
      /\bAn error occurred \((?:5\d\d|Internal(?:Error|Failure|ServerError)|ServiceUnavailable(?:Exception)?)\) when calling the \w+ operation/i,
      { weight: 0.85 },
    ),
    proof(/\btoo many (?<statusCode>5\d\d) error responses/i, { weight: 0.85 }),
    proof(/\bunexpected HTTP status code received from server: (?<statusCode>5\d\d)\b/i, {
      weight: 0.85,
    }),
  ],
  recovery: [
    /(?:upstream|backend|service|peer|dependency) (?:\S+ )?(?:is )?(?:back|healthy|available|reachable|recovered)|circuit ?breaker [^\n]{0,60}\bclosed\b/i,
  ],
  keywords: ['http', 'upstream'],
  summary: (situation) => {
    const { statusCode, path } = situation.facts;
    return `${who(situation)} works, but ${peerAt(situation, 'a service that it calls')} answers${path ? ` ${path}` : ''} with ${statusCode ? `status ${statusCode}` : 'errors of its own'}; the fault lies there.`;
  },
  questions: (situation) => [
    ...askServiceLogs(situation, 'shows why the called service fails', situation.facts.host),
    ...askHealth(situation, 'shows whether the called service is well', situation.facts.host),
  ],
  collect: (situation) => [
    `kubectl logs ${workload(situation.facts.host, '<called service>')}${place(situation)} --tail=200`,
    servedBy(situation),
  ],
  advice: (situation) => ({
    summary:
      'Look into the called service: its own log says what failed in it. Nothing is wrong with the caller’s configuration.',
    commands: [
      {
        title: 'See what the called service says',
        command: `kubectl logs ${workload(situation.facts.host, '<called service>')}${place(situation)} --tail=200`,
      },
      { title: 'See whether it runs', command: servedBy(situation) },
    ],
  }),
};
