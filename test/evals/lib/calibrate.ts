import { sourceOf, type EvalCase } from '../../../src/evals/evalCase';
import { interpolated } from '../../../src/playbooks/engine/calibration';
import { bestThreshold, fit, isChooser, leaveOneOut, type Row } from './fit';
import type { Trial } from './trial';
import { variants, type Variant } from './variants';

/** The best cause of one trial. */
export interface TrialRow extends Row {
  split: EvalCase['split'];
  variant: Variant;
}

type Judged = TrialRow & { confidence: number };

/** What calibration comes to on these trials. */
export interface Calibration {
  /** Held-out trials, each judged by a map that was fitted without its program. */
  judged: readonly Judged[];
  /** Trials of the programs that choose the threshold. */
  choosing: readonly Judged[];
  knots: ReturnType<typeof fit>;
  enough: number;
}

/**
 * Fits the map to held-out cases alone, since a weight is worth more on cases that the playbooks were
 * tuned on. The threshold is chosen on some programs of the tune split, to which no map is fitted.
 */
export function calibrate(trials: readonly Trial[]): Calibration {
  const rows = trials.flatMap(rowOf);
  const heldOut = rows.filter((row) => row.split === 'held-out');
  const knots = fit(heldOut);
  const choosing = rows
    .filter((row) => row.split === 'tune' && isChooser(row.source))
    .map((row) => ({
      ...row,
      confidence: Math.min(row.most ?? 1, interpolated(knots, row.weight)),
    }));
  return { judged: leaveOneOut(heldOut), choosing, knots, enough: bestThreshold(choosing) };
}

function rowOf({ score, variant }: Trial): TrialRow[] {
  const { best, case: own } = score;
  if (!best) return [];
  const { weight, most, right } = best;
  const counts = 1 / variants.length;
  return [{ source: sourceOf(own), split: own.split, variant, weight, most, right, counts }];
}
