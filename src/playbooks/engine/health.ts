import { isAnswered } from '../read/answers';
import { isFailure, isLoud } from '../read/level';
import type { LogLine } from '../read/logLine';
import { isFine } from '../read/picture';
import type { Reading } from '../read/reading';
import type { Hit } from './search';

/** Sentences and numbers by which a program shows that it works. */
const works =
  /\b(?:ready|healthy|listening|started|running|serving|completed?|succe(?:ss|eded|ssful|ssfully)|finished|done|connected|accepted|acknowledged|processed|delivered|saved|stored|sent|wrote|passed|ok|up|synced|in sync|deactivated|loaded|initiali[sz]ed|checkpoint)\b|\b(?:errors?|fail(?:ed|ures?)|timeouts?|restarts?)["']?\s*[=:]\s*["']?0\b|\b0 (?:errors?|failed|failures)\b/i;
/** The same words, denied. */
const denied = /\b(?:not|never|no longer|isn't|wasn't|cannot|can't|un(?:able|success|healthy))\b/i;
/** Signs of recovery and of serving count whatever their words. */
const good: ReadonlySet<string> = new Set(['recovery', 'got-over', 'serves', 'provoked']);

/** True of a match that shows that all is well; a line that tells of a failure shows none. */
export function isGood({ pattern, index }: Hit, lines: readonly LogLine[]): boolean {
  const { kind } = pattern.use;
  return kind === 'provoked' || (good.has(kind) && !isFailure(lines[index]?.level ?? null));
}

/** So many calm lines, one after the other, are a program at work. */
const calmLines = 3;

/** Of lines without a level it takes more. */
const plainLines = 6;

/**
 * Whether something shows that all is well: silence about failures is no health. True for healthy
 * workloads of the platform, for a program that says so, and for one that goes on calmly.
 */
export function showsHealth(reading: Reading, hits: readonly Hit[]): boolean {
  const { pods, claims, events, backlogs } = reading.picture;
  if (pods.length > 0 && pods.every((pod) => isFine(pod, pods))) return true;
  if (backlogs.some(({ consumed }) => consumed !== false)) return true;
  if (claims.length > 0 && claims.every((claim) => claim.status.value === 'Bound')) return true;
  if (events.length > 0 && events.every((event) => event.type !== 'Warning' || event.over)) {
    return true;
  }
  if (hits.some((hit) => isGood(hit, reading.lines))) return true;
  const log = reading.lines.filter((line) => line.kind === 'log' && line.message.trim() !== '');
  if (log.some(isWell)) return true;
  const calm = log.filter((line) => line.level === 'info' || line.level === 'debug');
  const plain = log.filter((line) => line.level === null && !line.continues);
  return (
    calm.length >= calmLines || calm.length + plain.length >= plainLines || showsNumbers(reading)
  );
}

/** True of a sentence that denies what it names. */
export function isDenied(text: string): boolean {
  return denied.test(text);
}

/** A program says that it works, or answers well. */
export function isWell(line: LogLine): boolean {
  if (isLoud(line.level)) return false;
  const text = line.text.length > 1000 ? line.text.slice(0, 1000) : line.text;
  return isAnswered(line) || (works.test(text) && !denied.test(text));
}

/** Tables and counters of the platform in which nothing is wrong. */
function showsNumbers({ picture, lines }: Reading): boolean {
  const counted =
    picture.memoryUse.length + picture.throttling.length + picture.groupKills.length > 0;
  return counted || lines.some((line) => line.kind === 'other');
}
