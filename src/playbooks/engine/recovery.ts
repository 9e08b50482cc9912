import { isAnswered, isServerError } from '../read/answers';
import { isLoud } from '../read/level';
import type { LogLine } from '../read/logLine';
import { isWell } from './health';

/** Ordinary work that has to follow a failure before it counts as over. */
const enoughWork = 5;
/** So many lines that say of the same thing that it went well are enough. */
const enoughSuccess = 2;
/** Words of a line that may name what it is about. */
const subjects = /[A-Za-z][\w.-]{3,60}/g;
const general =
  /^(?:error|errors|failed|failure|info|warn|warning|with|from|because|connection|refused|timeout|timed|after|could|cannot|level|time|http|https|dial|status|code|such|file|host|not|found|get|post|main|server|retrying|will)$/i;

/** Requests that watch the program and are no work of it. */
const watching =
  /\/(?:-\/)?(?:health\w*|ready\w*|live\w*|ping|status|metrics)\b|kube-probe|ELB-HealthChecker/i;

/**
 * Whether a program got over its complaints and nobody noticed: no request failed of them, behind
 * the last it did its ordinary work again, at least as much of it as it had complained. Answers to
 * health checks are no work, and a stack trace is part of the complaint.
 * @param all the lines of one program in their order
 */
export function isBehind(bad: readonly LogLine[], all: readonly LogLine[]): boolean {
  const last = bad.at(-1);
  if (!last) return true;
  if (bad.some(isServerError)) return false;
  const later = all.filter((line) => line.order > last.order && !line.continues && !isBlank(line));
  const work = later.filter(isWork);
  if (work.length >= Math.max(enoughWork, bad.length) && later.some(showsWork)) return true;
  return !bad.some(({ level }) => level === 'fatal') && wentWellAgain(bad, later, all);
}

/** What a program says as it ends, or beside its work, whatever became of that. */
const aside =
  /\b(?:clean-?up|shut ?down|flush(?:ed)?|heartbeat|metrics|telemetry|notification|notified|released|artifacts?|exiting)\b/i;

/** It said of what failed, by a name that not every line has, that it went well. */
function wentWellAgain(
  bad: readonly LogLine[],
  later: readonly LogLine[],
  all: readonly LogLine[],
): boolean {
  const well = later.filter((line) => showsWork(line) && !aside.test(line.message));
  const enough = Math.max(enoughSuccess, bad.length);
  if (well.length < enough) return false;
  const counts = new Map<string, number>();
  for (const word of all.flatMap((line) => [...new Set(subjectsOf(line))])) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const about = new Set(
    bad.flatMap(subjectsOf).filter((word) => (counts.get(word) ?? 0) * 2 < all.length),
  );
  return well.filter((line) => subjectsOf(line).some((word) => about.has(word))).length >= enough;
}

/** What the words of a message name, beside what any message may say. */
function subjectsOf({ message }: LogLine): string[] {
  const said = message.slice(0, 400).match(subjects) ?? [];
  return said.map((word) => word.toLowerCase()).filter((word) => !general.test(word));
}

function isBlank(line: LogLine): boolean {
  return line.message.trim() === '';
}

/** `    Status:   False`: what somebody printed of an object, and nothing that a program did. */
const field = /^\s{0,40}[A-Z][A-Za-z ]{1,40}:(?: {2,}\S|$)/;

function isWork(line: LogLine): boolean {
  if (isLoud(line.level)) return false;
  return !isWatching(line) && !field.test(line.text);
}

/** An answer to a health check, or to who collects metrics. */
export function isWatching(line: LogLine): boolean {
  return watching.test(line.text.slice(0, 1000));
}

function showsWork(line: LogLine): boolean {
  return isWork(line) && isWell(line);
}

/** So many failures of one request are no accident. */
const enoughFailures = 3;
const method = /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/[^ ?"]*/;

/**
 * A server failed one request again and again, and never answered it well afterwards: what it
 * answered to others meanwhile does not help those who asked.
 * @param all the lines of one program in their order
 */
export function isUnresolved(bad: readonly LogLine[], all: readonly LogLine[]): boolean {
  const open = new Map<string, number>();
  const failed = new Set(bad.filter(isServerError));
  if (failed.size < enoughFailures) return false;
  for (const line of all) {
    const request = method.exec(line.text.slice(0, 1000))?.[0];
    if (request === undefined) continue;
    if (failed.has(line)) open.set(request, (open.get(request) ?? 0) + 1);
    else if (isAnswered(line)) open.delete(request);
  }
  return [...open.values()].some((times) => times >= enoughFailures);
}

/** So many answers show how a proxy did. */
const enoughAnswers = 10;

/** The request that a proxy's complaint is about. */
const asked = /\brequest: "((?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [^ "]+)/;

/** A proxy that could not reach one server asked another: each request it names was answered well. */
export function answeredElsewhere(bad: readonly LogLine[], all: readonly LogLine[]): boolean {
  if (!bad.every((line) => /\bupstream\b/i.test(line.text))) return false;
  const answers = all.filter(isAnswered);
  if (answers.length < enoughAnswers || all.some(isServerError)) return false;
  const requests = bad.flatMap((line) => asked.exec(line.text)?.[1] ?? []);
  return (
    requests.length > 0 &&
    [...new Set(requests)].every((request) =>
      answers.some((line) => line.text.includes(`${request} `)),
    )
  );
}
