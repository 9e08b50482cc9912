/**
 * What the weights of findings add up to is no probability. This map makes it one: knots of
 * `[weight, share of right answers]`, both rising, straight between them.
 *
 * Fitted by `npm run evals -- --fit` (test/evals/lib/fit.ts), which prints the table to put here.
 */
export const knots: readonly (readonly [weight: number, probability: number])[] = [
  [0, 0],
  [1, 1],
];

/** From this probability on the answer is given; below, it is "not enough evidence". */
export const enough = 0.5;

/** The probability, 0 to 1, that a cause whose findings add up to `weight` is the root cause. */
export function calibrated(weight: number): number {
  return interpolated(knots, weight);
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
