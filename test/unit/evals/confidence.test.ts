import { describe, expect, it } from 'vitest';
import { brier, coverage, reliability, surety } from '../../../src/evals/confidence';

const stated = [
  { confidence: 0.9, right: true },
  { confidence: 0.9, right: false },
  { confidence: 0.6, right: true },
  { confidence: 0.2, right: false },
];

describe('what is said of confidence', () => {
  it('is scored by its squared distance from what came true', () => {
    expect(brier(stated)).toBeCloseTo((0.01 + 0.81 + 0.16 + 0.04) / 4);
    expect(brier([])).toBe(0);
  });

  it('stands beside what came true, in rows', () => {
    const [low, middle, high] = reliability(stated, [0, 0.5, 0.8]);
    expect(low).toMatchObject({ cases: 1, said: 0.2, right: 0 });
    expect(middle).toMatchObject({ cases: 1, said: 0.6, right: 1 });
    expect(high).toMatchObject({ cases: 2, said: 0.9, right: 0.5 });
  });

  it('counts answers and wrong ones at a threshold', () => {
    expect(coverage(stated, [0.5, 0.95])).toEqual([
      { threshold: 0.5, answered: 3, wrong: 1 },
      { threshold: 0.95, answered: 0, wrong: 0 },
    ]);
  });

  it('tells how much of what is said surely is wrong, and how much of what is right is sure', () => {
    expect(surety(stated)).toEqual({ sure: 2, wrong: 1, right: 2, rightSure: 1 });
  });
});
