import { isAnswered, isServerError } from '../read/answers';
import type { LogLine } from '../read/logLine';
import { namesAddress } from '../read/place';
import { isWell } from './health';

/** Ordinary work that has to follow a failure before it counts as over. */
const enoughWork = 5;
/** So many lines that say themselves that it went well are enough. */
const enoughSuccess = 2;

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
  const well = later.filter(showsWork).length;
  return (
    (well > 0 && work.length >= Math.max(enoughWork, bad.length)) ||
    well >= Math.max(enoughSuccess, bad.length)
  );
}

function isBlank(line: LogLine): boolean {
  return line.message.trim() === '';
}

function isWork(line: LogLine): boolean {
  if (line.level === 'warn' || line.level === 'error' || line.level === 'fatal') return false;
  return !isWatching(line);
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

/** Where a sentence turns to how it went. */
const outcome = /\.\.\.|\b(?:fail\w*|error|refused|timed out|not reachable|unreachable|again)\b/i;

/**
 * The program said the same words of the same place on the network later, and that it went well.
 * Without a place the same words may be about something else.
 */
export function triedAgain(line: LogLine, own: readonly LogLine[]): boolean {
  const end = outcome.exec(line.message)?.index ?? 0;
  const words = line.message.slice(0, end).trimEnd();
  return (
    namesAddress(words) &&
    own.some(
      (other) => other.order > line.order && other.message.startsWith(words) && isWell(other),
    )
  );
}
