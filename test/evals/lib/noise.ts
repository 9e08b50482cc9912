import type { EvidenceText } from '../../../src/incident/evidence';
import { templateOf } from '../../../src/intake/scan/template';
import { entryStarts, isLog, renumbered } from './logTexts';
import { randomOf } from './random';
import { movedTo, timeIn } from './times';

/** Lines of healthy programs that are put between those of a case. */
export const noiseLines = 10_000;
/** What a healthy log says at least so often is routine; starts and stops are not. */
const routineTimes = 3;
/** Programs whose routine is mixed into one case. */
const programs = 3;

/** A healthy log may tell of a failure that was got over; without its end it would be one. */
const tellsOfFailure =
  /error|exception|fail|fatal|warn|refused|reset|unreachable|timed? ?out|retry|denied|\b[45]\d\d\b/i;

/**
 * A healthy program starts, reloads and stops now and then; thousands of starts between two
 * moments are a loop, and no health.
 */
const tellsOfStartOrEnd =
  /\b(?:re)?(?:start|boot|load|open)(?:s|ed|ing)?\b|\b(?:stop(?:s|ped|ping)?|exit(?:s|ed|ing)?|quit|bye|terminat\w+|shut\w*|SIG[A-Z]+|listening|ready|running|version|initiali[sz]\w+|configur\w+|routes|deployed|connecting)\b/i;

/**
 * The routine of one healthy log: its lines that come again and again, in their order, but for those
 * that tell of a failure, and of a start or an end. What a tool prints without a time is none: it
 * cannot be put at a time that fits.
 */
export function routineOf(text: EvidenceText): string[] {
  if (!isLog(text)) return [];
  const lines = entryStarts(text).map((index) => text.lines[index]?.text ?? '');
  const shapes = lines.map((line) => {
    const bytes = Buffer.from(line);
    return templateOf(bytes, 0, bytes.length);
  });
  const times = new Map<number, number>();
  for (const shape of shapes) times.set(shape, (times.get(shape) ?? 0) + 1);
  return lines.filter(
    (line, index) =>
      (times.get(shapes[index] ?? 0) ?? 0) >= routineTimes &&
      timeIn(line) !== null &&
      !tellsOfFailure.test(line) &&
      !tellsOfStartOrEnd.test(line),
  );
}

/**
 * The evidence with the routine of healthy programs between its lines, at times that fit: never
 * within an entry, before, among and after what is there. Evidence without a log gets one beside it.
 * @param routines one list of lines for each healthy program
 */
export function withNoise(
  texts: readonly EvidenceText[],
  routines: readonly (readonly string[])[],
  seed: string,
  count = noiseLines,
): EvidenceText[] {
  const random = randomOf(seed);
  const next = drawn(routines, random);
  const logs = texts.filter(isLog);
  if (logs.length === 0) {
    const lines = Array.from({ length: count }, (_, index) => movedTo(next(), start + index * 50));
    const noise = { source: 'noise.log', lines: [], complete: true, totalLines: 0 };
    return [...texts, renumbered(noise, lines)];
  }
  const each = Math.ceil(count / logs.length);
  return texts.map((text) => (logs.includes(text) ? mixed(text, each, next, random) : text));
}

/** Where neither log nor label tells a time. */
const start = Date.UTC(2026, 10, 21, 10);
/** What the noise before the first and after the last line of a log lasts, ms. */
const around = 60_000;

function drawn(routines: readonly (readonly string[])[], random: () => number): () => string {
  const chosen = routines
    .filter((lines) => lines.length > 0)
    .map((lines) => ({ lines, order: random(), at: Math.floor(random() * lines.length) }))
    .sort((a, b) => a.order - b.order)
    .slice(0, programs);
  return () => {
    const from = chosen[Math.floor(random() * chosen.length)];
    return from?.lines[from.at++ % from.lines.length] ?? '';
  };
}

function mixed(
  text: EvidenceText,
  count: number,
  next: () => string,
  random: () => number,
): EvidenceText {
  const starts = entryStarts(text);
  const slots = new Array<number>(starts.length + 1).fill(0);
  for (let index = 0; index < count; index++) {
    const slot = Math.floor(random() * slots.length);
    slots[slot] = (slots[slot] ?? 0) + 1;
  }
  const times = timesAt(text, starts);
  const lines: string[] = [];
  let copied = 0;
  slots.forEach((many, slot) => {
    const until = starts[slot] ?? text.lines.length;
    for (; copied < until; copied++) lines.push(text.lines[copied]?.text ?? '');
    const to = times[slot] ?? (times.at(-1) ?? start) + around;
    const from = slot === 0 ? to - around : (times[slot - 1] ?? to);
    for (let index = 1; index <= many; index++) {
      lines.push(movedTo(next(), Math.floor(from + ((to - from) * index) / (many + 1))));
    }
  });
  return renumbered(text, lines);
}

/** When each entry was printed; one without a time is as old as the one before it. */
function timesAt(text: EvidenceText, starts: readonly number[]): number[] {
  const stated = starts.map((index) => timeIn(text.lines[index]?.text ?? ''));
  let last = stated.find((time) => time !== null) ?? start;
  return stated.map((time) => (last = Math.max(last, time ?? last)));
}
