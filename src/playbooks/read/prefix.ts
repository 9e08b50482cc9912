/**
 * Takes off what a collector puts before a program's line: `kubectl logs --prefix`, stern, compose,
 * the container runtime's file format, timestamps of `kubectl logs` and `docker logs`, journald and
 * syslog. Says who wrote the line where the prefix tells it.
 */
export function stripPrefix(text: string): { rest: string; writer: string | null } {
  let rest = text;
  let writer: string | null = null;
  // At most a few prefixes stand one behind the other: compose, then a time.
  for (let depth = 0; depth < 3; depth++) {
    const taken = takeOne(rest);
    if (!taken) break;
    rest = taken.rest;
    writer ??= taken.writer;
  }
  return { rest, writer };
}

const kubectl = /^\[(?:pod\/)?([^/\]\s]+)\/([^\]\s]+)\] /;
const compose = /^([a-zA-Z0-9][\w.-]*?)\s* \| ?/;
const runtimeFile = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) std(?:out|err) [FP] /;
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,]\d{6,9}(?:Z|[+-]\d\d:\d\d) /;
const syslog =
  /^(?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)) (\S+) ([\w@./-]+(?:\([\w-]+\))?)(?:\[\d+\])?: /;

function takeOne(text: string): { rest: string; writer: string | null } | null {
  const first = text.charCodeAt(0);
  const digit = first >= 48 && first <= 57;
  if (first === 91) {
    const match = kubectl.exec(text);
    if (match) return { rest: text.slice(match[0].length), writer: match[1] ?? null };
  }
  if (digit) {
    const match = runtimeFile.exec(text);
    if (match) return { rest: text.slice(match[0].length), writer: null };
  }
  const journal = digit || first === 60 || (first >= 65 && first <= 90) ? syslog.exec(text) : null;
  if (journal) return { rest: text.slice(journal[0].length), writer: journal[2] ?? null };
  if (digit) {
    const match = isoTime.exec(text);
    if (match) return { rest: text.slice(match[0].length), writer: null };
  }
  const match = text.includes(' | ') || text.endsWith(' |') ? compose.exec(text) : null;
  // Logback's and others' columns also use bars: a date or a level there names nobody.
  if (match?.[1] && !/^\d|^(?:trace|debug|info|warn|warning|error|fatal)$/i.test(match[1])) {
    return { rest: text.slice(match[0].length), writer: match[1].replace(/[-_]\d+$/, '') };
  }
  return null;
}
