import { describe, expect, it } from 'vitest';
import { calibrated, enough, interpolated, knots } from '../../../src/playbooks/engine/calibration';

describe('the map from weight to probability', () => {
  it('goes straight between knots and level beyond them', () => {
    const line = [
      [0.2, 0.1],
      [0.6, 0.5],
      [0.8, 0.9],
    ] as const;
    expect(interpolated(line, 0.4)).toBeCloseTo(0.3);
    expect(interpolated(line, 0.7)).toBeCloseTo(0.7);
    expect(interpolated(line, 0)).toBe(0.1);
    expect(interpolated(line, 1)).toBe(0.9);
  });

  it('never ranks the weaker above the stronger, and stays a probability', () => {
    for (const [index, [weight, probability]] of knots.entries()) {
      const [lastWeight, lastProbability] = knots[index - 1] ?? [-1, 0];
      expect(weight).toBeGreaterThan(lastWeight);
      expect(probability).toBeGreaterThanOrEqual(lastProbability);
      expect(probability).toBeLessThanOrEqual(1);
    }
  });

  it('asks for more than symptoms, and lets the platform’s own word be enough', () => {
    expect(calibrated(0.3, 'origin')).toBeLessThan(enough);
    expect(calibrated(0.9, 'origin')).toBeGreaterThanOrEqual(enough);
  });

  it('is never sure of what was only seen from outside', () => {
    expect(calibrated(0.98, 'loop')).toBeLessThan(0.8);
    expect(calibrated(0.98, 'loop')).toBeGreaterThanOrEqual(enough);
    expect(calibrated(0.98, 'origin')).toBeGreaterThan(0.8);
  });
});
