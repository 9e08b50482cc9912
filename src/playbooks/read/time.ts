const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthName = months.join('|');
const clock = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?`;
const zone = String.raw`(?: ?(?<zone>Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b))?`;

/** How programs write a moment, the most usual first. */
const forms: readonly RegExp[] = [
  // ISO 8601, with a blank or in the form of Go's and nginx' logs
  new RegExp(
    String.raw`\b(?<year>\d{4})[-/](?<month>\d\d)[-/](?<day>\d\d)[T ]${clock}${zone}`,
    'i',
  ),
  // access logs, RFC 1123 as `kubectl describe` prints it, Redis
  new RegExp(
    String.raw`\b(?<day>\d{1,2})[ /-](?<name>${monthName})[a-z]*[ /-](?<year>\d{4})[: ]${clock}${zone}`,
    'i',
  ),
  // syslog, which names no year
  new RegExp(String.raw`\b(?<name>${monthName}) {1,2}(?<day>\d{1,2}) ${clock}`, 'i'),
  // klog
  new RegExp(String.raw`^[IWEF](?<month>\d\d)(?<day>\d\d) ${clock}`),
];

/** Fields of JSON lines that count seconds or milliseconds. */
const epoch = /"(?:time|ts|timestamp|@timestamp|t)" ?: ?"?(\d{10})(?:\.(\d{1,9})|(\d{3}))?\b/;

/** Behind this many characters a stamp belongs to the message. */
const head = 300;

const dayMs = 86_400_000;

/**
 * The moment that a line states, milliseconds since 1970; null when it states none. A stamp without
 * a zone counts as UTC, whatever this machine's zone is.
 * @param latest for stamps without a year: the moment that none of them is far behind
 */
export function timeIn(text: string, latest: number | null = null): number | null {
  const line = text.length > head ? text.slice(0, head) : text;
  for (const form of forms) {
    const groups = form.exec(line)?.groups;
    if (groups) return momentOf(groups, latest);
  }
  const [, seconds, fraction, millis] = epoch.exec(line) ?? [];
  if (!seconds) return null;
  return Number(seconds) * 1000 + (millis ? Number(millis) : millisecondsOf(fraction));
}

/** The furthest moment from 1970 that ISO 8601 can be written of, milliseconds. */
const lastMoment = 8_640_000_000_000_000;

/** ISO 8601 in UTC; null for no moment, or one so far that only a broken line can mean it. */
export function isoOf(time: number | null): string | null {
  return time !== null && Math.abs(time) <= lastMoment ? new Date(time).toISOString() : null;
}

type Groups = Readonly<Record<string, string | undefined>>;

function momentOf(groups: Groups, latest: number | null): number | null {
  if (groups.year) return inYear(Number(groups.year), groups);
  if (latest === null) return null;
  const year = new Date(latest).getUTCFullYear();
  const time = inYear(year, groups);
  return time !== null && time > latest + dayMs ? inYear(year - 1, groups) : time;
}

function inYear(year: number, groups: Groups): number | null {
  const month = groups.name ? months.indexOf(groups.name.toLowerCase()) : Number(groups.month) - 1;
  const [day, hour, minute, second] = [groups.day, groups.hour, groups.minute, groups.second].map(
    Number,
  );
  const time = Date.UTC(year, month, day, hour, minute, second, millisecondsOf(groups.fraction));
  return Number.isNaN(time) ? null : time - offsetOf(groups.zone);
}

function millisecondsOf(fraction: string | undefined): number {
  return fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0;
}

/** `+0200` in milliseconds. */
function offsetOf(text: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(text ?? '') ?? [];
  if (!sign) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
