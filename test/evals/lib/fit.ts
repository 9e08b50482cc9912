import { interpolated } from '../../../src/playbooks/engine/calibration';
import { numberOf } from './random';

/** One best cause: where it comes from, what its findings add up to, and whether it was right. */
export interface Row {
  /** The program; all its rows are left out together. */
  source: string;
  weight: number;
  /** What no cause of its layer exceeds; 1 where it is not said. */
  most?: number;
  right: boolean;
  /** How much the row counts: variants of one case share one. */
  counts: number;
}

type Knots = readonly (readonly [number, number])[];

/**
 * Before anything is seen a weight means what it says, but no more than {@link humble}: so much as
 * this many cases at every twentieth. It says what to do where nothing was recorded.
 */
const prior = 0.5;
const humble = 0.95;
/** Nor is the surest ever certain: one more case at full weight is taken to have been wrong. */
const unseen = { weight: 1, right: 0, counts: 1 };

/** The rising line (isotonic regression, by pooling neighbours) that fits the rows best. */
export function fit(rows: readonly Row[]): Knots {
  const points = [
    ...Array.from({ length: 21 }, (_, index) => ({
      weight: index / 20,
      right: Math.min(humble, index / 20) * prior,
      counts: prior,
    })),
    unseen,
    ...rows
      .filter(isFree)
      .map(({ weight, right, counts }) => ({ weight, right: right ? counts : 0, counts })),
  ].sort((a, b) => a.weight - b.weight);
  const pools: { sum: number; right: number; counts: number }[] = [];
  for (const { weight, right, counts } of points) {
    pools.push({ sum: weight * counts, right, counts });
    for (;;) {
      const [one, other] = pools.slice(-2);
      if (!one || !other || one.right / one.counts < other.right / other.counts) break;
      pools.splice(-2, 2, {
        sum: one.sum + other.sum,
        right: one.right + other.right,
        counts: one.counts + other.counts,
      });
    }
  }
  return pools.map(({ sum, right, counts }) => [rounded(sum / counts), rounded(right / counts)]);
}

/** Rows whose height another rule holds down say nothing of the line. */
function isFree({ most = 1 }: Row): boolean {
  return most === 1;
}

/** Each row's probability by a map that was fitted without its source. */
export function leaveOneOut<R extends Row>(rows: readonly R[]): (R & { confidence: number })[] {
  const maps = new Map(
    [...new Set(rows.map((row) => row.source))].map((source) => [
      source,
      fit(rows.filter((row) => row.source !== source)),
    ]),
  );
  return rows.map((row) => ({
    ...row,
    confidence: Math.min(row.most ?? 1, interpolated(maps.get(row.source) ?? [], row.weight)),
  }));
}

/** A wrong cause told costs as much as so many right ones are worth. */
const costOfWrong = 2;

/**
 * The threshold that is worth most: right answers less what wrong ones cost. Of thresholds that are
 * worth the same the middle one.
 */
export function bestThreshold(
  stated: readonly { confidence: number; right: boolean; counts: number }[],
): number {
  const worth = Array.from({ length: 61 }, (_, index) => {
    const threshold = (30 + index) / 100;
    const sum = stated
      .filter((it) => it.confidence >= threshold)
      .reduce((total, it) => total + it.counts * (it.right ? 1 : -costOfWrong), 0);
    return { threshold, sum };
  });
  const most = Math.max(...worth.map((it) => it.sum));
  const best = worth.filter((it) => it.sum > most - 1e-9);
  return best[Math.floor((best.length - 1) / 2)]?.threshold ?? 0.5;
}

/**
 * True for the programs among those of the tune split whose cases choose the threshold: one in
 * three, by their name.
 */
export function isChooser(source: string): boolean {
  return numberOf(source) % 3 === 0;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
