import { samplesOf } from './sample';
import type { SourcePattern } from './sourcePatterns';

/** How long a pattern took for the worst text that was found for it. */
export interface Slow {
  where: string;
  source: string;
  /** Milliseconds, the best of three. */
  ms: number;
  /** Characters of the text: the first size that was too slow, or the largest. */
  size: number;
  /** Longest text that it is ever given: too slow for that is a fault. */
  reach: number;
  /** Start of the text. */
  text: string;
}

const largest = 1024 * 1024;
/** More than this is too slow. */
export const tooSlowMs = 50;
/** Alternatives and repeats of one pattern that are tried. */
const mostTexts = 24;

/** The pattern against texts made of its own beginning, from small to 1 MiB, until one is too slow. */
export function slowest({ where, regex, reach }: SourcePattern): Slow {
  let worst: Slow = { where, source: regex.source, reach, ms: 0, size: 0, text: '' };
  for (const make of hostileTexts(regex)) {
    // Behind the first slow text only shorter ones tell more.
    const most = worst.ms > tooSlowMs ? worst.size / 2 : largest;
    for (let size = 256; size <= most; size *= 2) {
      const text = make(size);
      const ms = bestOfThree(regex, text);
      if (ms > worst.ms || ms > tooSlowMs) worst = { ...worst, ms, size, text: text.slice(0, 60) };
      if (ms > tooSlowMs) break;
    }
  }
  return worst;
}

/** Texts of a wanted length: all but the end of a match, and what may repeat in one, again and again. */
export function hostileTexts(regex: RegExp): ((size: number) => string)[] {
  const texts = new Set<string>();
  const made: ((size: number) => string)[] = [];
  const add = (before: string, body: string): void => {
    const key = `${before}\u0000${body}`;
    if (body === '' || texts.has(key) || made.length >= mostTexts) return;
    texts.add(key);
    made.push((size) => before + body.repeat(Math.ceil(size / body.length)).slice(0, size));
  };
  for (const { text, pumps } of samplesOf(regex)) {
    add('', text.slice(0, -1));
    for (const { before, body } of pumps) {
      add(before, body);
      add('', before + body);
      add('', before);
    }
  }
  for (const body of [' ', 'a', '1', 'a ', '1.']) add('', body);
  return made;
}

function bestOfThree(regex: RegExp, text: string): number {
  let best = Infinity;
  // A second look only for what seems slow: other work of the machine disturbs.
  for (let turn = 0; turn < 3 && best > tooSlowMs; turn++) {
    const start = performance.now();
    run(regex, text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** As the product does: global patterns go on behind each match. */
function run(regex: RegExp, text: string): void {
  if (regex.global) text.replace(regex, '');
  else regex.test(text);
}
