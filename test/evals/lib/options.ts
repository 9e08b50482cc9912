import type { EvalCase } from '../../../src/evals/evalCase';

/** What `npm run evals` was asked for. */
export interface Options {
  /** Only cases whose id holds it. */
  filter: string;
  split: EvalCase['split'] | null;
  /** As recorded only. */
  quick: boolean;
  /** Every hypothesis of what failed. */
  details: boolean;
  /** Prints the calibration that these cases give. */
  refit: boolean;
}

/** Reads the words after `npm run evals --`. */
export function optionsOf(words: readonly string[]): Options {
  const at = words.indexOf('--split');
  const split = at < 0 ? null : words[at + 1];
  if (split !== null && split !== 'tune' && split !== 'held-out') {
    throw new Error('--split is tune or held-out.');
  }
  const value = at < 0 ? -1 : at + 1;
  return {
    filter: words.find((word, index) => !word.startsWith('--') && index !== value) ?? '',
    split,
    quick: words.includes('--quick'),
    details: words.includes('--details'),
    refit: words.includes('--fit'),
  };
}
