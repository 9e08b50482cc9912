import { isFailure } from '../read/level';
import type { LogLine } from '../read/logLine';
import { isWell } from './health';
import { voicesIn } from './voice';

/** A failure that is mentioned at a level that means "all is well" counts this much. */
const aside = 0.35;
/** One that is told as a failure, by a program whose level means little, counts this much. */
const told = 0.8;

/** Sentences in which something fails, not settings that are named after a failure. */
const failing =
  /\b(?:errors?|fail(?:ed|ures?|s|ing)?(?! ?-?over)|timed out|unavailable|refused|unreachable|rejected|denied|exceeded|unhealthy|cannot|can not|can't|could(?: not|n't)|unable to|no (?:fit|such)|not (?:healthy|ready|found|possible))\b(?!-\w)/i;

/** What servers and crawlers say of others; their own work goes on. */
const ofOthers =
  /\b(?:clients?|logins?|peers?|visitors?|customers?|guests?|deliver(?:y|ies)|as expected|skipped|scan\w*|scrape|bounced|drained|LOGIN_ERROR|limit exceeded"? client|requests? rejected)\b/i;

/** Where so few lines follow, a failure is the last that was heard. */
const lastLines = 5;

/** Where a failure is told: its first line, its last, and how often. */
export interface Telling {
  first: LogLine;
  last: LogLine;
  times: number;
}

/**
 * What a failure counts that is told at level info or debug, as a share of its weight, from 0 to 1.
 * Some programs tell everything at one level (a retried request, a pod that fits nowhere): there a
 * sentence of failure counts nearly in full if it is repeated or among the last words, and nothing
 * went well since. A program that has errors of its own means it when it says info.
 */
export function calmWeights(lines: readonly LogLine[]): (telling: Telling) => number {
  const voices = voicesIn(lines);
  const ends = new Map<readonly LogLine[], number>();
  const lastWell = (voice: readonly LogLine[]): number => {
    const end = ends.get(voice) ?? voice.findLast(wentWell)?.order ?? -1;
    ends.set(voice, end);
    return end;
  };
  const distinguishing = new Set(voices.all.filter((voice) => voice.some(isError)));
  return ({ first, last, times }) => {
    const voice = voices.of(first);
    const isTold =
      failing.test(last.message) &&
      !ofOthers.test(last.message) &&
      (times > 1 || (last.level === 'info' && isLastWord(last, lines))) &&
      !distinguishing.has(voice) &&
      lastWell(voice) <= first.order &&
      prevails(voice, first);
    return isTold ? told : aside;
  };
}

function isLastWord(line: LogLine, lines: readonly LogLine[]): boolean {
  return !lines.slice(line.order + 1 + lastLines).some(({ source }) => source === line.source);
}

/** At least half of what the program says from then on is of failures. */
function prevails(voice: readonly LogLine[], first: LogLine): boolean {
  const later = voice.filter(({ order, continues }) => order >= first.order && !continues);
  return later.filter(({ message }) => failing.test(message)).length * 2 >= later.length;
}

function isError({ level }: LogLine): boolean {
  return isFailure(level);
}

function wentWell(line: LogLine): boolean {
  return isWell(line) && !failing.test(line.message);
}
