import { isFailure } from './level';
import type { Citation } from '../../incident/evidence';
import { isAnswered, isServerError } from './answers';
import type { LogLine } from './logLine';
import { appOfObject } from './picture';
import type { Reading } from './reading';

/** A release since which fails what went well before it. */
export interface Regression {
  app: string | null;
  /** The line that tells of the release, or the first one of the new version. */
  change: Citation;
  /** The first lines that show the failure. */
  failures: readonly Citation[];
}

/** How one piece of work went. */
interface Outcome {
  line: LogLine;
  bad: boolean;
  time: number | null;
  /** The version that did it, where the log states one. */
  version: string | null;
}

/** A moment at which something new was put live. */
interface Release {
  app: string | null;
  citation: Citation;
  order: number;
  time: number | null;
}

const number = String.raw`v?(\d+\.\d+(?:\.\d+)?(?:[-+][\w.]+)?)(?![\w.:/])`;
/** A field that names the version, and a name with its version at the head of a line. */
const stated: readonly RegExp[] = [
  new RegExp(
    String.raw`\b(?:release|(?:app_|image_|service[._])?version|build|revision|image_?tag)["']?[=:] ?["']?${number}`,
    'i',
  ),
  new RegExp(String.raw`(?:^|[\s\]:])[a-z][a-z0-9]*(?:[-_][a-z0-9]+)* ${number}(?= |$)`),
];
const named = /(?<![\w-])([a-z][a-z0-9]*(?:[-_][a-z0-9]+)*)[ :@/]v?\d+\.\d+/;

/** What deployers, shells and programs print when they put something new live. */
const told =
  /\b(?:deploy(?:ed|ing|ment)?|roll(?:ed|ing)?[ -]?out|released?|upgrad(?:e|ed|ing)|switch(?:ed|ing)|promot(?:ed|ing)|helm upgrade|kubectl (?:set image|rollout|apply)|new (?:release|revision|version|replica ?set|task definition))\b/i;
/** … and what it was: a version, a revision, a step from one to the other. */
const what =
  /\bv?\d+\.\d+|\b(?:release|revision|version|image|tag|build|sha|commit|task definition)\b[ :=#]{0,4}\S{0,80}\d|\S (?:->|→|=>) \S/i;
const toApp =
  /\b(?:deploy(?:ed|ing|ment)?|roll(?:ed|ing)?[ -]?out|upgraded?|switched|promoted) (?:of |for |release )?(?:deployment[./ ])?["']?([a-z][a-z0-9]*(?:[-_][a-z0-9]+)*)\b/i;
const done =
  /\b(?:processed|completed|succeeded|successful(?:ly)?|delivered|saved|stored|handled|accepted)\b/i;

/** So much has gone well before, and goes wrong after; fewer may be an accident. */
const enough = 3;
/** What may have gone wrong before, and what has to after, as shares. */
const calm = 0.05;
const failing = 0.1;
/** So many of the last releases are looked at. */
const mostReleases = 20;
/** What begins later has another cause. */
const soon = 30 * 60_000;

/** The releases since which fails what went well before, last first. */
export function regressionsIn(reading: Reading): Regression[] {
  const logs = reading.lines.filter((line) => line.kind === 'log' && !line.continues);
  // Most logs are done here.
  if (logs.filter(isBad).length < enough) return [];
  const versions = versionsOf(logs);
  const releases = releasesIn(reading, logs);
  if (releases.length === 0 && new Set(versions.values()).size < 2) return [];
  const outcomes = logs.flatMap((line): Outcome[] => {
    const bad = isBad(line);
    if (!bad && !isAnswered(line) && !(line.level === 'info' && done.test(line.message))) return [];
    const time = reading.timeline.timeOf(citationOf(line), line.order);
    return [{ line, bad, time, version: versions.get(line) ?? null }];
  });
  return [...byRelease(outcomes, releases), ...byVersion(outcomes)];
}

function isBad(line: LogLine): boolean {
  return isFailure(line.level) || isServerError(line);
}

/** The version that each line's source stated last. */
function versionsOf(lines: readonly LogLine[]): Map<LogLine, string> {
  const last = new Map<string, string>();
  const versions = new Map<LogLine, string>();
  for (const line of lines) {
    const version = versionOf(line) ?? last.get(line.source);
    if (version === undefined) continue;
    last.set(line.source, version);
    versions.set(line, version);
  }
  return versions;
}

function versionOf({ text }: LogLine): string | null {
  const head = text.slice(0, 400);
  for (const form of stated) {
    const version = form.exec(head)?.[1];
    if (version) return version;
  }
  return null;
}

/** Two versions of one log: all went well with the first, much goes wrong with the second. */
function byVersion(outcomes: readonly Outcome[]): Regression[] {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    if (outcome.version === null) continue;
    const group = groups.get(outcome.version);
    if (group) group.push(outcome);
    else groups.set(outcome.version, [outcome]);
  }
  const versions = [...groups.values()].sort(([left], [right]) => began(left) - began(right));
  return versions.flatMap((after, at) => {
    const before = versions[at - 1];
    const [first] = after;
    if (!before || !first) return [];
    const app = named.exec(first.line.message)?.[1] ?? null;
    return judged(before, after, { app, citation: citationOf(first.line) });
  });
}

function began(outcome: Outcome | undefined): number {
  return outcome?.time ?? outcome?.line.order ?? 0;
}

function byRelease(outcomes: readonly Outcome[], releases: readonly Release[]): Regression[] {
  return releases
    .slice(-mostReleases)
    .toReversed()
    .flatMap((release) => {
      const side = (outcome: Outcome): number => {
        if (outcome.line.source === release.citation.source)
          return outcome.line.order - release.order;
        return outcome.time === null || release.time === null ? 0 : outcome.time - release.time;
      };
      const before = outcomes.filter((outcome) => side(outcome) < 0);
      const after = outcomes.filter((outcome) => side(outcome) > 0);
      const late = after.find(({ bad }) => bad)?.time ?? null;
      if (late !== null && release.time !== null && late - release.time > soon) return [];
      return judged(before, after, release);
    });
}

function judged(
  before: readonly Outcome[],
  after: readonly Outcome[],
  { app, citation }: Pick<Release, 'app' | 'citation'>,
): Regression[] {
  const wrong = after.filter(({ bad }) => bad);
  const wasWell =
    before.filter(({ bad }) => !bad).length >= enough &&
    before.filter(({ bad }) => bad).length <= before.length * calm;
  if (!wasWell || wrong.length < enough || wrong.length < after.length * failing) return [];
  return [
    { app, change: citation, failures: wrong.slice(0, enough).map(({ line }) => citationOf(line)) },
  ];
}

function releasesIn({ picture, timeline }: Reading, logs: readonly LogLine[]): Release[] {
  const fromLogs = logs.flatMap((line): Release[] => {
    if (isFailure(line.level)) return [];
    const { message, order } = line;
    if (message.length > 400 || !told.test(message) || !what.test(message)) return [];
    if (isAnswered(line) || isServerError(line)) return [];
    const citation = citationOf(line);
    const app = toApp.exec(message)?.[1] ?? named.exec(message)?.[1] ?? null;
    return [{ app, citation, order, time: timeline.timeOf(citation, order) }];
  });
  const fromEvents = picture.events.flatMap(({ reason, message, object, citation }): Release[] => {
    if (reason !== 'ScalingReplicaSet' || !/^Scaled up /.test(message)) return [];
    const app = object === null ? null : appOfObject(object);
    return [{ app, citation, order: 0, time: timeline.timeOf(citation) }];
  });
  return [...fromEvents, ...fromLogs];
}

function citationOf({ source, number: line, text }: LogLine): Citation {
  return { source, line, text };
}
