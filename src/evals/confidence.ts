/** A stated confidence, and whether what it was said of was right. */
export interface Stated {
  /** 0 to 1. */
  confidence: number;
  right: boolean;
}

/** One row of a reliability table: what was said, and what came true. */
export interface Reliability {
  /** Lower end of the confidences in this row; the upper end is the next row's. */
  from: number;
  cases: number;
  /** Mean of what was said, and share of what was right; 0 without cases. */
  said: number;
  right: number;
}

/** Mean squared distance between what was said and what came true: 0 is perfect, 0.25 a coin. */
export function brier(stated: readonly Stated[]): number {
  return mean(stated.map(({ confidence, right }) => (confidence - (right ? 1 : 0)) ** 2));
}

/** What was said beside what came true, in rows that begin at `edges`. */
export function reliability(
  stated: readonly Stated[],
  edges: readonly number[] = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
): Reliability[] {
  return edges.map((from, index) => {
    const to = edges[index + 1] ?? Infinity;
    const own = stated.filter((it) => it.confidence >= from && it.confidence < to);
    return {
      from,
      cases: own.length,
      said: mean(own.map((it) => it.confidence)),
      right: mean(own.map((it) => (it.right ? 1 : 0))),
    };
  });
}

/** What a threshold costs: how much is answered, and how much of that is wrong. */
export interface Coverage {
  threshold: number;
  answered: number;
  wrong: number;
}

/** Coverage against error at each threshold. */
export function coverage(stated: readonly Stated[], thresholds: readonly number[]): Coverage[] {
  return thresholds.map((threshold) => {
    const answered = stated.filter((it) => it.confidence >= threshold);
    return {
      threshold,
      answered: answered.length,
      wrong: answered.filter((it) => !it.right).length,
    };
  });
}

/** What is said with this confidence or more is acted on without a second look. */
export const sure = 0.8;

/** Of what is said surely, how much is wrong; of what is right, how much is said surely. */
export function surety(stated: readonly Stated[]): {
  sure: number;
  wrong: number;
  right: number;
  rightSure: number;
} {
  const surely = stated.filter((it) => it.confidence >= sure);
  const right = stated.filter((it) => it.right);
  return {
    sure: surely.length,
    wrong: surely.filter((it) => !it.right).length,
    right: right.length,
    rightSure: right.filter((it) => it.confidence >= sure).length,
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
