/**
 * Takes off what a collector puts before a program's line: `kubectl logs --prefix`, stern, kubetail,
 * compose, Swarm, pm2, Cloud Foundry, Heroku, CloudWatch, Loki, the container runtime's file format,
 * timestamps of `kubectl logs` and `docker logs`, journald and syslog. Says who wrote the line where
 * the prefix tells it.
 */
export function stripPrefix(text: string): Stripped {
  let rest = text;
  let writer: string | null = null;
  let process: string | null = null;
  let instance: string | null = null;
  // At most a few prefixes stand one behind the other: compose, then a time.
  for (let depth = 0; depth < 3; depth++) {
    const taken = takeOne(rest);
    if (!taken) break;
    rest = taken.rest;
    writer ??= taken.writer;
    process ??= taken.process;
    instance ??= taken.instance;
  }
  return { rest, writer, process, instance };
}

interface Stripped {
  rest: string;
  /** The pod, compose service or the like. */
  writer: string | null;
  /** The program that syslog and journald name, which is not always the application. */
  process: string | null;
  /** Which of the writer's replicas: they share its name. */
  instance: string | null;
}

/** How one collector writes. Groups: `writer`, `process`, `instance`. */
interface Notation {
  /** What the line must begin with, or hold, so that the pattern is tried at all. */
  may: (first: number, text: string) => boolean;
  pattern: RegExp;
  /** Groups that must not be the word of a level: it is a program's own column then. */
  unless?: readonly ('writer' | 'host' | 'process')[];
  /** Names the instance anywhere in what is taken off. */
  instance?: RegExp;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean =>
  (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const is =
  (character: string) =>
  (code: number): boolean =>
    code === character.charCodeAt(0);

/** What a program's own columns hold where a collector names a host or a service. */
const levelWord =
  /^(?:trace|debug|dbg|info|inf|notice|warn|wrn|warning|error|err|severe|critical|fatal|ftl)$/i;

const stamp = '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?';
/** A pod of a Deployment, told by what Kubernetes appends to the name. */
const pod = '[a-z\\d][a-z\\d.-]*-[bcdf-hj-np-tv-z\\d]{6,10}-[bcdf-hj-np-tv-z\\d]{5}';

const notations: readonly Notation[] = [
  {
    may: is('['),
    pattern: /^\[(?:pod\/)?(?<writer>[^/\]\s]+)\/(?<process>[^\]\s]+)\] /,
  },
  // kubetail: `[pod container] `
  { may: is('['), pattern: new RegExp(`^\\[(?<writer>${pod})(?: (?<process>[\\w.-]+))?\\]:? `) },
  {
    may: isDigit,
    pattern: /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) std(?:out|err) [FP] /,
  },
  // Cloud Foundry: `[APP/PROC/WEB/0] OUT `, from a drain with `organisation.space.app` before it.
  {
    may: (_, text) => text.includes('] OUT ') || text.includes('] ERR '),
    pattern: new RegExp(
      `^\\s*${stamp} (?:[\\w-]+\\.[\\w-]+\\.(?<writer>[\\w-]+) )?\\[(?:APP|CELL|RTR|API|STG|SSH|LGR|PROXY|HEALTH)(?:/[A-Z\\d_-]+)*\\] (?:OUT|ERR) `,
    ),
  },
  // Heroku: `app[web.1]: `
  {
    may: isDigit,
    pattern: new RegExp(`^${stamp} (?:app|heroku)\\[(?<process>[a-z][\\w-]*)(?:\\.\\d+)?\\]: `),
  },
  // CloudWatch: a group `/aws/lambda/name`, `/aws/rds/instance/name/log`, `/ecs/name`, one of another
  // service, which names a cluster or a stage, or a stream `ecs/name/task`
  {
    may: (first, text) => (isDigit(first) || isLetter(first) || first === 47) && text.includes('/'),
    pattern: new RegExp(
      `^(?:${stamp}\\s+)?(?:(?:/aws/lambda/|/aws/rds/(?:instance|cluster)/|/ecs/|[a-z][\\w-]*/(?=[\\w.-]+/[\\da-f]{20,36}\\s))(?<writer>[\\w.-]+)(?:/(?<instance>\\S*))?|/aws/[a-z-]+/\\S+)\\s+`,
    ),
  },
  // Loki's labels
  {
    may: isDigit,
    pattern: new RegExp(
      `^${stamp}\\s+\\{(?:[^{}]{0,500}[, ])?(?:app|service_name|app_kubernetes_io_name|job|container|unit)="(?<writer>[\\w./-]+)"[^{}]{0,1000}\\}\\s+`,
    ),
    instance: /[{, ](?:pod|pod_name|instance)="([^"]+)"/,
  },
  // RFC 5424
  {
    may: is('<'),
    pattern:
      /^<\d+>1 \S+ \S+ (?:-|(?<process>[\w@./-]+)) \S+ \S+ (?:-|\[[^\]]*\](?:\[[^\]]*\])*) ?/,
  },
  {
    may: (first) => isDigit(first) || first === 60 || (first >= 65 && first <= 90),
    // `<time> ERROR render: …` and `<time> [render] ERROR: …` look alike, and no host is called so.
    unless: ['host', 'process'],
    pattern:
      /^(?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)) (?!\[)(?<host>\S*[^\s:]) (?<process>[\w@./-]+(?:\([\w-]+\))?(?:\[\d+\])?): /,
  },
  {
    may: isDigit,
    pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,]\d{6,9}(?:Z|[+-]\d\d:\d\d) /,
  },
  // pm2: `2|name  | `
  {
    may: (first, text) => isDigit(first) && text.includes('|'),
    pattern: /^(?<instance>\d+)\|(?<writer>[a-zA-Z][\w.-]*)\s* \| ?/,
  },
  // A task of a Swarm service: `name.1.id@node    | `
  {
    may: (first, text) => isLetter(first) && text.includes('| '),
    pattern: /^(?<writer>[a-zA-Z][\w-]*\.\d+)\.[a-z\d]{10,25}(?:@[\w.-]+)?\s* \| ?/,
  },
  // Compose, and foreman with its time before. Logback's and others' columns also use bars: a date
  // or a level there names nobody.
  {
    may: (_, text) => text.includes(' | ') || text.endsWith(' |'),
    unless: ['writer'],
    pattern: /^(?:\d\d:\d\d:\d\d )?(?<writer>[a-zA-Z][\w.-]*?)(?:[-_.](?<instance>\d+))?\s* \| ?/,
  },
  // stern: `pod container `, with a namespace before it where there are several
  {
    may: isLetter,
    pattern: new RegExp(
      `^(?:[a-z\\d-]+ )?(?<writer>${pod}) (?:› )?(?<process>[a-z\\d][a-z\\d-]*)(?: [›|])? `,
    ),
  },
  // Turborepo and its like: `name:task: `
  {
    may: isLetter,
    unless: ['writer'],
    pattern: /^(?:@[\w-]+\/)?(?<writer>[a-z][\w-]*):(?:dev|start|serve|build|test|lint): /,
  },
];

function takeOne(text: string): Stripped | null {
  const first = text.charCodeAt(0);
  for (const { may, pattern, unless, instance } of notations) {
    const match = may(first, text) ? pattern.exec(text) : null;
    if (!match) continue;
    const groups = match.groups ?? {};
    if (unless?.some((group) => levelWord.test(groups[group] ?? ''))) continue;
    return {
      rest: text.slice(match[0].length),
      writer: groups.writer ?? null,
      process: groups.process ?? null,
      instance: groups.instance ?? instance?.exec(match[0])?.[1] ?? null,
    };
  }
  return null;
}
