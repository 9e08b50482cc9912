import type { LogLine } from '../read/logLine';
import { isAnswered, isServerError, isWell } from './health';

/** Ordinary work that has to follow a failure before it counts as over. */
const enoughWork = 5;

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
  return work.length >= Math.max(enoughWork, bad.length) && later.some(showsWork);
}

function isBlank(line: LogLine): boolean {
  return line.message.trim() === '';
}

function isWork(line: LogLine): boolean {
  if (line.level === 'warn' || line.level === 'error' || line.level === 'fatal') return false;
  return !watching.test(line.text.slice(0, 1000));
}

function showsWork(line: LogLine): boolean {
  return isWork(line) && isWell(line);
}

/** So many answers show how a proxy did. */
const enoughAnswers = 10;

/** A proxy that could not reach one server asked another, where every request was answered well. */
export function answeredElsewhere(bad: readonly LogLine[], all: readonly LogLine[]): boolean {
  if (!bad.every((line) => /\bupstream\b/i.test(line.text))) return false;
  return !all.some(isServerError) && all.filter(isAnswered).length >= enoughAnswers;
}
