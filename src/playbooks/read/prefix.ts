/**
 * Takes off what a collector puts before a program's line: `kubectl logs --prefix`, stern, compose,
 * the container runtime's file format, timestamps of `kubectl logs` and `docker logs`, journald and
 * syslog. Says who wrote the line where the prefix tells it.
 */
export function stripPrefix(text: string): Stripped {
  let rest = text;
  let writer: string | null = null;
  let process: string | null = null;
  // At most a few prefixes stand one behind the other: compose, then a time.
  for (let depth = 0; depth < 3; depth++) {
    const taken = takeOne(rest);
    if (!taken) break;
    rest = taken.rest;
    writer ??= taken.writer;
    process ??= taken.process;
  }
  return { rest, writer, process };
}

interface Stripped {
  rest: string;
  /** The pod, compose service or the like. */
  writer: string | null;
  /** The program that syslog and journald name, which is not always the application. */
  process: string | null;
}

const kubectl = /^\[(?:pod\/)?([^/\]\s]+)\/([^\]\s]+)\] /;
/** Compose, and foreman with its time before. */
const compose = /^(?:\d\d:\d\d:\d\d )?([a-zA-Z][\w.-]*)\s* \| ?/;
/** What a program's own columns hold where a collector names a host or a service. */
const levelWord =
  /^(?:trace|debug|dbg|info|inf|notice|warn|wrn|warning|error|err|severe|critical|fatal|ftl)$/i;
const runtimeFile = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) std(?:out|err) [FP] /;
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,]\d{6,9}(?:Z|[+-]\d\d:\d\d) /;
const syslog =
  /^(?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)) (\S*[^\s:]) ([\w@./-]+(?:\([\w-]+\))?(?:\[\d+\])?): /;

function takeOne(text: string): Stripped | null {
  const first = text.charCodeAt(0);
  const digit = first >= 48 && first <= 57;
  if (first === 91) {
    const match = kubectl.exec(text);
    if (match) {
      const [taken, pod = null, container = null] = match;
      return { rest: text.slice(taken.length), writer: pod, process: container };
    }
  }
  if (digit) {
    const match = runtimeFile.exec(text);
    if (match) return { rest: text.slice(match[0].length), writer: null, process: null };
  }
  const journal = digit || first === 60 || (first >= 65 && first <= 90) ? syslog.exec(text) : null;
  // `<time> ERROR render: …` looks alike, and no host is called so.
  if (journal && !levelWord.test(journal[1] ?? ''))
    return { rest: text.slice(journal[0].length), writer: null, process: journal[2] ?? null };
  if (digit) {
    const match = isoTime.exec(text);
    if (match) return { rest: text.slice(match[0].length), writer: null, process: null };
  }
  const match = text.includes(' | ') || text.endsWith(' |') ? compose.exec(text) : null;
  // Logback's and others' columns also use bars: a date or a level there names nobody.
  if (match?.[1] && !levelWord.test(match[1])) {
    return {
      rest: text.slice(match[0].length),
      writer: match[1].replace(/[-_.]\d+$/, ''),
      process: null,
    };
  }
  return null;
}
