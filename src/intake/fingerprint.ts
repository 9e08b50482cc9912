import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '../base/deadline';
import type { EvidenceText } from '../incident/evidence';

/** Words of lines that tell of a failure. */
const FAILURE =
  /error|exception|fatal|panic|fail|crit(?:ical)?\b|emerg\b|alert\b|warn|oom|killed|denied|refused|forbidden|unauthori[sz]ed|time[d-]?\s?out|unable|cannot|could not|can't|not found|no such|back-?off|evicted|unhealthy|crash|exit code|unschedulable|insufficient|exceeded|aborted|unreachable|segfault|traceback|invalid|missing|\b5\d\d\b/i;

/**
 * Hex SHA-256 of what fails: the same for the same failure over other pods, times, ids, addresses,
 * durations and counts, and over the order and number of the lines.
 */
export function fingerprintOf(...texts: readonly EvidenceText[]): string {
  return digestOf(failingLines(texts).map(normaliseLine));
}

/** Lines that are normalised before other work gets its turn: a few milliseconds' worth. */
const SLICE_LINES = 200;

/** The same as {@link fingerprintOf}, in slices so that other work of this thread goes on. */
export async function fingerprintInSlices(
  texts: readonly EvidenceText[],
  signal?: AbortSignal,
): Promise<string> {
  const lines = failingLines(texts);
  const shapes: string[] = [];
  for (let at = 0; at < lines.length; at += SLICE_LINES) {
    throwIfCancelled(signal);
    shapes.push(...lines.slice(at, at + SLICE_LINES).map(normaliseLine));
    await setImmediate();
  }
  return digestOf(shapes);
}

/** All lines where none tells of a failure. Equal ones are given once. */
function failingLines(texts: readonly EvidenceText[]): string[] {
  const lines = [...new Set(texts.flatMap((text) => text.lines.map((line) => line.text)))];
  const failing = lines.filter((line) => FAILURE.test(line));
  return failing.length > 0 ? failing : lines;
}

function digestOf(shapes: readonly string[]): string {
  const distinct = new Set(shapes);
  distinct.delete('');
  return createHash('sha256')
    .update([...distinct].sort().join('\n'))
    .digest('hex');
}

/** Ports that the system gives out by itself on one platform or another. */
const FIRST_EPHEMERAL_PORT = 32_768;
/** Letters and digits that Kubernetes makes names of. */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';

/** What varies from one occurrence to the next, in the order in which it is taken out. */
export const varying: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\[(?=[^\]]{0,40}:[^\]]{0,40}:)[0-9a-f:.]{2,45}(?:%\w{1,16})?\](?=:\d)/gi, '<address>'],
  // Dates with times: ISO, Go, Python, access logs, RFC 1123, ctime, syslog, klog.
  [
    /\b\d{4}[-/.]\d{2}[-/.]\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?)?\s?(?:Z\b|UTC\b|GMT\b|[+-]\d{2}:?\d{2}\b)?/g,
    '<time>',
  ],
  [
    /\b\d{1,2}[/ -](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}[/ -]\d{4}[: ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?: ?(?:GMT|UTC|[+-]\d{4}))?/g,
    '<time>',
  ],
  [
    /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} {1,2}\d{1,2},? (?:\d{4} )?\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?: ?[AP]M)?(?: [A-Z]{3,4})?(?: \d{4})?/g,
    '<time>',
  ],
  [
    /\b\d{1,2}\/\d{1,2}\/\d{2,4},? \d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?(?: ?[AP]M)?/gi,
    '<time>',
  ],
  [/\b([IWEF])\d{4} \d{2}:\d{2}:\d{2}\.\d{3,6} {1,6}\d{1,7}\b/g, '$1 <time>'],
  [/\b\d{1,2}:\d{2}:\d{2}(?:[.,:]\d{1,9})?(?: ?[AP]M\b)?/gi, '<time>'],
  [/^\[\s{0,12}\d{1,12}\.\d{3,9}\]/g, '<time>'],
  [/(?<=<time>\s?)(?:[+-]\d{2}:?\d{2}|UTC|GMT|Z)\b/g, ''],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?=<time>)/g, ''],
  // Identities.
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b[0-9a-f]{8}_[0-9a-f]{4}_[0-9a-f]{4}_[0-9a-f]{4}_[0-9a-f]{12}\b/gi, '<id>'],
  [/\bsha(?:256|512|1):[0-9a-f]{7,128}\b/gi, '<id>'],
  [/\b0x[0-9a-f]{1,16}\b/gi, '<id>'],
  // Names that Kubernetes makes: job, deployment, daemon set, stateful set.
  [new RegExp(`-\\d{7,10}-${SAFE}{5}\\b`, 'g'), '-<pod>'],
  [new RegExp(`-${SAFE}{6,10}-${SAFE}{5}(?![a-z0-9])`, 'g'), '-<pod>'],
  [new RegExp(`-(?=[a-z0-9]*\\d)${SAFE}{5}(?![a-z0-9])`, 'g'), '-<pod>'],
  [new RegExp(`-(?=[a-z0-9]*\\d)${SAFE}{8,10}(?![a-z0-9])`, 'g'), '-<pod>'],
  [/-(?<=[a-z][a-z0-9]{0,62}-)\d{1,4}(?![\w])(?=$|[\s"',.:;)\]}_/])/g, '-<pod>'],
  // Addresses.
  [/(?<![\w:.])(?:[0-9a-f]{0,4}:){2,8}(?:[0-9a-f]{1,4}|(?<=::))(?![\w])/gi, '<address>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?\b/g, '<address>'],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,128}\b/gi, '<id>'],
  [/\b(?=\w*\d\w*\d)(?=\w*[a-zA-Z])[A-Za-z0-9_]{16,256}\b/g, '<id>'],
];

/** Numbers after these words tell failures apart. */
const TELLING =
  /(?:\b(?:code|status|exit|exitcode|signal|errno|port|http\/[\d.]+"?|error|response|returned)["']?\s?[:=(]?\s?["'(]?|"\s)$/i;

/** A line without what varies. */
export function normaliseLine(line: string): string {
  let text = line;
  for (const [pattern, replacement] of varying) text = text.replace(pattern, replacement);
  text = text.replace(/\d+(?:[.,]\d+)*/g, (number, offset: number) =>
    staysInPlace(number, text.slice(Math.max(0, offset - 24), offset)) ? number : '#',
  );
  // "1h2m3.5s", "12ms" and "3 MiB" are one number each, whatever their unit.
  return text
    .replace(
      /(?:#\s?(?:ns|us|µs|ms|s|m|h|d|sec|secs|seconds?|minutes?|hours?|days?|[KMGT]i?B?|bytes)(?![A-Za-z]))+/g,
      '#',
    )
    .replace(/#+/g, '#')
    .replace(/\s+/g, ' ')
    .trim();
}

function staysInPlace(number: string, before: string): boolean {
  if (/(?:[a-z>\]]|\blocalhost):$/i.test(before))
    return Number(number) < FIRST_EPHEMERAL_PORT && /^\d{2,5}$/.test(number) && isPort(before);
  return /^\d{1,5}$/.test(number) && Number(number) < FIRST_EPHEMERAL_PORT && TELLING.test(before);
}

/** `host:5432` and `<address>:5432`, but not `line:12` of a stack trace. */
const isPort = (before: string) =>
  /(?:<address>|\]|localhost|\/\/[\w.-]+|(?<![\w.-])(?:[\w-]+\.[\w.-]+|[a-z][\w-]+)):$/i.test(
    before,
  ) &&
  !/\.(?:js|ts|mjs|cjs|py|go|java|rb|php|rs|kt|scala|cs|c|cc|cpp|h|ex|erl|sh|sql|tsx|jsx|yaml|yml|json|conf|xml):$/i.test(
    before,
  );
