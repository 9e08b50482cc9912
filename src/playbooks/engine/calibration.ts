import type { Layer } from '../playbook';

/**
 * What the weights of findings add up to is no probability. This map makes it one: knots of
 * `[weight, share of right answers]`, both rising, straight between them.
 *
 * Fitted by `npm run evals -- --fit` (test/evals/lib/fit.ts), which prints the table to put here.
 */
export const knots: readonly (readonly [weight: number, probability: number])[] = [
  [0, 0],
  [0.3, 0.3],
  [0.425, 0.367],
  [0.55, 0.55],
  [0.6, 0.6],
  [0.683, 0.617],
  [0.75, 0.75],
  [0.783, 0.867],
  [0.837, 0.924],
];

/** From this probability on the answer is given; below, it is "not enough evidence". */
export const enough = 0.5;

/**
 * What these layers tell was seen from outside: it is true, and something deeper that was not
 * collected is as often the cause. However much speaks for them, they are no surer than this, the
 * share that was right of those of held-out programs that weigh most.
 */
const outside: ReadonlySet<Layer> = new Set<Layer>(['probe', 'loop', 'wrapper']);
const outsideAtMost = 0.7;

/** What no cause of this layer exceeds, 0 to 1. */
export function mostFor(layer: Layer): number {
  return outside.has(layer) ? outsideAtMost : 1;
}

/** The probability, 0 to 1, that a cause whose findings add up to `weight` is the root cause. */
export function calibrated(weight: number, layer: Layer): number {
  return Math.min(mostFor(layer), interpolated(knots, weight));
}

/** The height at `at` of the line through knots in rising order; beyond them it is level. */
export function interpolated(line: typeof knots, at: number): number {
  let [left] = line;
  if (!left) return at;
  for (const right of line) {
    if (at <= right[0]) {
      const span = right[0] - left[0];
      return span === 0 ? right[1] : left[1] + ((right[1] - left[1]) * (at - left[0])) / span;
    }
    left = right;
  }
  return left[1];
}
