const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** How programs write a time, and how one is written so again. */
interface Notation {
  pattern: RegExp;
  /** Milliseconds since 1970, in UTC. */
  read: (match: RegExpExecArray) => number;
  write: (time: Date, match: RegExpExecArray) => string;
}

const monthOf = (name: string | undefined): number => months.indexOf(name ?? '');
const two = (value: number): string => String(value).padStart(2, '0');
const clock = (time: Date): string => time.toISOString().slice(11, 19);
const day = (time: Date): string => time.toISOString().slice(0, 10);
const fraction = (time: Date, like: string | undefined): string =>
  like === undefined
    ? ''
    : `${like[0]}${time
        .toISOString()
        .slice(20, 23)
        .padEnd(like.length - 1, '0')
        .slice(0, like.length - 1)}`;

const notations: readonly Notation[] = [
  {
    pattern: /(\d{4})([-/])(\d\d)[-/](\d\d)([T ])(\d\d:\d\d:\d\d)([.,]\d+)?(Z|[+-]\d\d:?\d\d)?/,
    read: (m) => Date.parse(`${m[1]}-${m[3]}-${m[4]}T${m[6]}${m[7]?.replace(',', '.') ?? ''}Z`),
    write: (time, m) =>
      `${day(time).replaceAll('-', m[2] ?? '-')}${m[5]}${clock(time)}${fraction(time, m[7])}${m[8] ?? ''}`,
  },
  {
    pattern: /(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d)/,
    read: (m) => Date.parse(`${m[3]}-${two(monthOf(m[2]) + 1)}-${m[1]}T${m[4]}Z`),
    write: (time) =>
      `${two(time.getUTCDate())}/${months[time.getUTCMonth()]}/${time.getUTCFullYear()}:${clock(time)}`,
  },
  {
    pattern: /(\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d)(\.\d+)?/,
    read: (m) => Date.parse(`${m[3]}-${two(monthOf(m[2]) + 1)}-${m[1]}T${m[4]}${m[5] ?? ''}Z`),
    write: (time, m) =>
      `${two(time.getUTCDate())} ${months[time.getUTCMonth()]} ${time.getUTCFullYear()} ${clock(time)}${fraction(time, m[5])}`,
  },
  {
    pattern: /\b([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d)/,
    // Syslog leaves the year out; all that was recorded is of one.
    read: (m) => Date.parse(`2026-${two(monthOf(m[1]) + 1)}-${two(Number(m[2]))}T${m[3]}Z`),
    write: (time) =>
      `${months[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)} ${clock(time)}`,
  },
  {
    pattern: /\b1[6-9]\d{11}\b/,
    read: (m) => Number(m[0]),
    write: (time) => String(time.getTime()),
  },
];

/** The first time that a line states, milliseconds since 1970; null without one. */
export function timeIn(line: string): number | null {
  for (const { pattern, read } of notations) {
    const match = pattern.exec(line);
    const time = match ? read(match) : Number.NaN;
    if (!Number.isNaN(time)) return time;
  }
  return null;
}

/** The line as it would have been printed at another time, in its own notation. */
export function movedTo(line: string, time: number): string {
  for (const { pattern, write } of notations) {
    const match = pattern.exec(line);
    if (match) return line.replace(pattern, () => write(new Date(time), match));
  }
  return line;
}
