import { shown } from '../../shared/http';
import type { Loki } from './place';

const longestWords = 300;

const login =
  'set WAR_ROOM_LOKI_TOKEN, or WAR_ROOM_LOKI_USER and WAR_ROOM_LOKI_PASSWORD (in the editor with "War Room: Set Server Credentials…").';

/** What is to do where Loki's own words tell it. */
const advice: readonly (readonly [RegExp, string])[] = [
  [/no org id/i, 'name the tenant with WAR_ROOM_LOKI_TENANT (setting warRoom.loki.tenant).'],
  [/time range exceeds|data is no longer available/i, 'ask with a later "since".'],
  [/max entries limit/i, 'ask with a smaller "tail".'],
];

/** What is to do by the status. */
const adviceOf: Readonly<Record<number, string>> = {
  401: login,
  403: `this login may not read the tenant; ask for the right to, or ${login}`,
  404: "WAR_ROOM_LOKI_URL (setting warRoom.loki.url) must be Loki's base address, without /loki/api/v1.",
  429: 'it is asked too much at the moment; ask again in a minute.',
  502: 'what stands before it does not reach it; check that Loki runs.',
  503: 'it is starting or overloaded; ask again in a minute.',
  504: 'the question took too long; ask with a later "since".',
};

/** What a status other than 200 becomes: one sentence that says what to do. */
export function refusal({ base, tenant }: Loki, status: number, body: string): string {
  const words = wordsOf(body);
  const said = words === '' ? '' : `: ${words}`;
  const where = `Loki at ${shown(base)}${tenant === null ? '' : ` (tenant ${tenant})`}`;
  const known = advice.find(([pattern]) => pattern.test(words))?.[1] ?? adviceOf[status];
  const isRedirect = status >= 300 && status < 400;
  const next = isRedirect
    ? `another address was named, which a login is not sent to; ${login}`
    : known;
  return `${where} answered with status ${status}${said}${next === undefined ? '.' : `; ${next}`}`;
}

/** The first words of what was answered; a page of a proxy says nothing. */
function wordsOf(body: string): string {
  const text = body.trim().replace(/\s+/g, ' ');
  return text.startsWith('<') ? '' : text.slice(0, longestWords).replace(/\.$/, '');
}
