import { describe, expect, it } from 'vitest';
import { interpolated } from '../../../src/playbooks/engine/calibration';
import { bestThreshold, fit, leaveOneOut } from '../../evals/lib/fit';

const rows = (source: string, weight: number, right: number, wrong: number) => [
  ...Array.from({ length: right }, () => ({ source, weight, right: true, counts: 1 })),
  ...Array.from({ length: wrong }, () => ({ source, weight, right: false, counts: 1 })),
];

describe('the fitted map', () => {
  it('rises, and says what came true where there is much to see', () => {
    const map = fit([...rows('a', 0.9, 160, 40), ...rows('a', 0.6, 20, 80)]);
    const heights = map.map(([, height]) => height);
    expect(heights).toEqual([...heights].sort((one, other) => one - other));
    expect(interpolated(map, 0.9)).toBeCloseTo(0.8, 1);
    expect(interpolated(map, 0.6)).toBeLessThan(0.3);
  });

  it('is never certain, however often it was right', () => {
    expect(interpolated(fit(rows('a', 0.98, 50, 0)), 1)).toBeLessThan(1);
  });

  it('judges a program by what the others showed', () => {
    const judged = leaveOneOut([...rows('a', 0.9, 0, 30), ...rows('b', 0.9, 30, 0)]);
    const of = (source: string): number =>
      judged.find((row) => row.source === source)?.confidence ?? Number.NaN;
    expect(of('a')).toBeGreaterThan(0.8);
    expect(of('b')).toBeLessThan(0.3);
  });

  it('chooses the threshold that keeps the right answers and few wrong ones', () => {
    const chosen = bestThreshold([
      { confidence: 0.45, right: false, counts: 1 },
      { confidence: 0.7, right: true, counts: 1 },
    ]);
    expect(chosen).toBeGreaterThan(0.45);
    expect(chosen).toBeLessThanOrEqual(0.7);
  });
});
