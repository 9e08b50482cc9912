import type { Score } from '../../../src/evals/score';
import { shareOf } from '../../../src/evals/share';
import {
  calibrationLines,
  categoryLines,
  coverageLines,
  faultsOf,
  measureLines,
  measures,
  counted,
  timeLine,
} from '../../../src/evals/summary';
import { enough } from '../../../src/playbooks/engine/calibration';
import { baselines } from './baselines';
import type { Calibration } from './calibrate';
import type { Trial } from './trial';
import { titles, variants, type Variant } from './variants';

/** The splits, in the order of reports. */
const splits = ['tune', 'held-out'] as const;

const scoresOf = (trials: readonly Trial[], variant: Variant): Score[] =>
  trials.filter((it) => it.variant === variant).map((it) => it.score);

/** Cases whose label is no category of this version. */
export function unknown(ids: readonly string[]): void {
  for (const id of ids) console.log(`not counted, its category is not known: ${id}`);
}

/** Which cases are counted with which. */
export function twins(same: ReadonlyMap<string, string>): void {
  for (const [id, twin] of same) console.log(`counted once: ${id} says the same as ${twin}`);
}

/** Held-out cases are not named: who tunes the playbooks must not see what they print. */
export function failures(trials: readonly Trial[], details: boolean): void {
  for (const it of scoresOf(trials, 'base')) {
    const faults = faultsOf(it);
    if (faults.length === 0) continue;
    if (it.case.split === 'held-out') {
      if (!it.passed) console.log(`failed (held out): ${it.case.category}`);
      continue;
    }
    console.log(`${it.passed ? 'application' : 'failed'}: ${it.case.id}: ${faults.join(', ')}`);
    if (!details) continue;
    for (const other of it.analysis.hypotheses) {
      console.log(`    ${other.confidence} ${other.category}: ${other.why}`);
    }
  }
}

/** Accuracy by category. */
export function categories(trials: readonly Trial[]): void {
  section('by category');
  print(categoryLines(scoresOf(trials, 'base')));
}

/** Every measure by split, with the baselines. */
export function bySplit(trials: readonly Trial[]): void {
  for (const split of splits) {
    const own = trials.filter((it) => it.score.case.split === split);
    const base = own.filter((it) => it.variant === 'base');
    if (base.length === 0) continue;
    section(split);
    print(measureLines(scoresOf(own, 'base')));
    for (const name of Object.keys(baselines)) {
      const right = base.filter((it) => it.baselines[name]).length;
      console.log(`${`baseline: ${name}`.padEnd(30)} ${shareOf(right, base.length)}`);
    }
  }
}

/** What noise and cuts cost each measure, in points, over the cases that were tried so. */
export function losses(trials: readonly Trial[]): void {
  for (const variant of variants.slice(1)) {
    for (const split of splits) {
      const own = trials.filter((it) => it.score.case.split === split);
      const tried = own.filter((it) => it.variant === variant);
      if (tried.length === 0) continue;
      section(`${titles[variant]}, ${split}`);
      for (const [name, value] of Object.entries(measures)) {
        const { part, whole } = counted(scoresOf(own, variant), value);
        if (whole === 0) continue;
        const points = lossOf(own, variant, value).toFixed(1);
        console.log(`${name.padEnd(30)} ${shareOf(part, whole)}, loss ${points} points`);
      }
      for (const name of Object.keys(baselines)) {
        const right = tried.filter((it) => it.baselines[name]).length;
        console.log(`${`baseline: ${name}`.padEnd(30)} ${shareOf(right, tried.length)}`);
      }
      if (split === 'held-out') continue;
      for (const it of lost(own, variant)) {
        console.log(`  lost: ${it.case.id}: answered ${it.answer}`);
      }
    }
  }
}

/** Points of a measure that a variant costs, over the cases that were tried in it. */
export function lossOf(
  trials: readonly Trial[],
  variant: Variant,
  value: (it: Score) => boolean | null,
): number {
  const after = scoresOf(trials, variant);
  const ids = new Set(after.map((it) => it.case.id));
  const before = scoresOf(trials, 'base').filter((it) => ids.has(it.case.id));
  const share = (scores: readonly Score[]): number => {
    const { part, whole } = counted(scores, value);
    return whole === 0 ? 0 : part / whole;
  };
  return 100 * (share(before) - share(after));
}

function lost(trials: readonly Trial[], variant: Variant): Score[] {
  const right = new Set(
    scoresOf(trials, 'base')
      .filter((it) => it.category)
      .map((it) => it.case.id),
  );
  return scoresOf(trials, variant).filter((it) => !it.category && right.has(it.case.id));
}

/** Calibration: held-out under maps fitted without the program, and what the threshold costs. */
export function confidence(trials: readonly Trial[], { judged, choosing }: Calibration): void {
  section('calibration: held-out, fitted leaving one program out at a time');
  const answered = judged.filter((it) => it.confidence >= enough && it.variant === 'base');
  print(calibrationLines(answered));
  section('coverage against error: held-out');
  const count = (split: string): number =>
    trials.filter((it) => it.variant === 'base' && it.score.case.split === split).length;
  print(
    coverageLines(
      judged.filter((it) => it.variant === 'base'),
      count('held-out'),
    ),
  );
  section('coverage against error: the programs that choose the threshold');
  print(
    coverageLines(
      choosing.filter((it) => it.variant === 'base'),
      count('tune'),
    ),
  );
}

/** The table for src/playbooks/engine/calibration.ts. */
export function fitted({ knots, enough: threshold }: Calibration): void {
  section('for src/playbooks/engine/calibration.ts');
  for (const [weight, probability] of knots) console.log(`  [${weight}, ${probability}],`);
  console.log(`enough = ${threshold}`);
}

/** How long it all took. */
export function times(trials: readonly Trial[], ms: number): void {
  section('time');
  console.log(timeLine(scoresOf(trials, 'base')));
  console.log(`the whole run: ${Math.round(ms / 1000)} s`);
}

function section(title: string): void {
  console.log(`\n== ${title}`);
}

function print(lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}
