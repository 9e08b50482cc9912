import { brier, coverage, reliability, sure, surety, type Stated } from './confidence';
import type { Score } from './score';
import { percentOf, shareOf } from './share';

const is = (category: string) => (it: Score) =>
  it.case.category === category ? it.category : null;

/** Every share that is told of scores, by its name; null does not count. */
export const measures: Readonly<Record<string, (it: Score) => boolean | null>> = {
  category: (it) => it.category,
  application: (it) => it.app,
  grounded: (it) => it.grounded,
  'quiet on healthy': is('no-incident'),
  abstains: is('insufficient-evidence'),
};

/** The scores of which something can be said, as how many hold and how many there are. */
export function counted(
  scores: readonly Score[],
  value: (it: Score) => boolean | null,
): { part: number; whole: number } {
  const known = scores.map(value).filter((it) => it !== null);
  return { part: known.filter(Boolean).length, whole: known.length };
}

/** Right of all, by category, each with its interval. */
export function categoryLines(scores: readonly Score[]): string[] {
  const names = [...new Set(scores.map((it) => it.case.category))].sort();
  return names.map((name) => {
    const own = scores.filter((it) => it.case.category === name);
    return `${name.padEnd(30)} ${shareOf(own.filter((it) => it.category).length, own.length)}`;
  });
}

/** Each measure of {@link measures} that says something of these scores. */
export function measureLines(scores: readonly Score[]): string[] {
  return Object.entries(measures).flatMap(([name, value]) => {
    const { part, whole } = counted(scores, value);
    return whole === 0 ? [] : [`${name.padEnd(30)} ${shareOf(part, whole)}`];
  });
}

/** What was answered with a cause: the probability stated, and whether it was right. */
export function statedBy(scores: readonly Score[]): Stated[] {
  return scores.flatMap((it) => {
    const confidence = it.analysis.rootCause?.confidence;
    return confidence === undefined ? [] : [{ confidence, right: it.category }];
  });
}

/**
 * Calibration: reliability table, Brier score, how much of what is said surely is wrong, how much
 * of what is right is said surely.
 */
export function calibrationLines(stated: readonly Stated[]): string[] {
  if (stated.length === 0) return ['no confidence was stated'];
  const rows = reliability(stated)
    .filter((row) => row.cases > 0)
    .map(
      (row) =>
        `from ${row.from.toFixed(2)}: ${String(row.cases).padStart(4)} cases, ` +
        `said ${percentOf(row.said)}, right ${percentOf(row.right)}`,
    );
  const { sure: surely, wrong, right, rightSure } = surety(stated);
  return [
    ...rows,
    `Brier score ${brier(stated).toFixed(4)}`,
    `wrong among those at ${sure} or more: ${shareOf(wrong, surely)}`,
    `of the right ones at ${sure} or more: ${shareOf(rightSure, right)}`,
  ];
}

const thresholds = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

/** How much is answered and how much of it is wrong, by threshold, over all cases. */
export function coverageLines(stated: readonly Stated[], cases: number): string[] {
  return coverage(stated, thresholds).map(
    ({ threshold, answered, wrong }) =>
      `from ${threshold.toFixed(2)}: answers ${answered} of ${cases}, wrong ${shareOf(wrong, answered)}`,
  );
}

/** How long an analysis took: the middle one, and the slowest in twenty, milliseconds. */
export function timeLine(scores: readonly Score[]): string {
  const sorted = scores.map((it) => it.ms).sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return `time for an analysis: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms`;
}

/** What is wrong with one score, in words; empty where nothing is. */
export function faultsOf(it: Score): string[] {
  return [
    ...(it.category ? [] : [`answered ${it.answer}`]),
    ...(it.grounded === false && it.category ? ['cites no proof'] : []),
    ...(it.verbatim ? [] : ['cites a line that is not there']),
    ...(it.app === false
      ? [`application ${it.analysis.facts.app?.value ?? 'unknown'} for ${it.case.app}`]
      : []),
  ];
}
