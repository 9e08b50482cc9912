import { surety } from '../../../src/evals/confidence';
import { quiet, sourceOf } from '../../../src/evals/evalCase';
import type { Score } from '../../../src/evals/score';
import { shareOf } from '../../../src/evals/share';
import { counted, measures } from '../../../src/evals/summary';
import { enough } from '../../../src/playbooks/engine/calibration';
import { playbooks } from '../../../src/playbooks/registry';
import { baselines } from './baselines';
import type { Calibration } from './calibrate';
import { lossOf } from './report';
import type { Trial } from './trial';
import { titles, variants, type Variant } from './variants';

/** A promise on all cases together, and whether it was kept. */
export interface Floor {
  name: string;
  held: boolean;
  /** What was measured. */
  seen: string;
}

/**
 * The least share of each measure by split. What is promised for all cases is 0.9 of the categories,
 * 0.95 grounded, 0.9 abstained and every healthy case quiet; where less is reached, that is the floor
 * until it is better (docs/evals.md says so).
 */
const least: Readonly<Record<'tune' | 'held-out', Readonly<Record<string, number>>>> = {
  tune: {
    category: 0.98,
    grounded: 0.97,
    application: 0.92,
    'quiet on healthy': 0.97,
    abstains: 0.95,
  },
  // Two fifths of these cases are of programs that no rule was written from.
  'held-out': {
    category: 0.75,
    grounded: 0.75,
    application: 0.61,
    'quiet on healthy': 0.72,
    abstains: 0.7,
  },
};
/** Points that noise and each cut may cost; promised are 5. */
const mostLost: Readonly<Record<Variant, number>> = { base: 0, noise: 5, head: 5, tail: 5 };
/**
 * Of what is said at 0.8 or more, the share that may be wrong (promised is 0.02); of what is right,
 * the share said so.
 */
const mostWrongSure = 0.08;
const leastRightSure = 0.5;
/** Cases that count, and those of them without an incident to tell. */
const leastCases = { all: 200, 'no-incident': 25, 'insufficient-evidence': 25 };
/** Categories, at least so many, that were seen in two programs, and behind a louder symptom. */
const leastInPrograms = 81;
const leastHidden = 81;

/** Every floor over a whole run. */
export function floorsOf(trials: readonly Trial[], { judged }: Calibration): Floor[] {
  const base = trials.filter((it) => it.variant === 'base');
  const scores = base.map((it) => it.score);
  const right = scores.filter((it) => it.category).length;
  return [
    ...(['tune', 'held-out'] as const).flatMap((split) =>
      shares(
        split,
        scores.filter((it) => it.case.split === split),
      ),
    ),
    share('every citation stands in the evidence', scores, (it) => it.verbatim, 1),
    ...variants.slice(1).map((variant): Floor => {
      const points = lossOf(trials, variant, (it) => it.category);
      return {
        name: `${titles[variant]}: at most ${mostLost[variant]} points lost`,
        held: points <= mostLost[variant],
        seen: `${points.toFixed(1)} points`,
      };
    }),
    ...sureness(judged.filter((it) => it.variant === 'base' && it.confidence >= enough)),
    ...Object.keys(baselines).map((name): Floor => {
      const count = base.filter((it) => it.baselines[name]).length;
      return {
        name: `better than the baseline: ${name}`,
        held: right > count,
        seen: `${right} against ${count}`,
      };
    }),
    ...sizes(scores),
    ...breadth(scores),
  ];
}

function shares(split: 'tune' | 'held-out', scores: readonly Score[]): Floor[] {
  return Object.entries(measures).map(([name, value]) =>
    share(`${split}: ${name}`, scores, value, least[split][name] ?? 1),
  );
}

function share(
  name: string,
  scores: readonly Score[],
  value: (it: Score) => boolean | null,
  floor: number,
): Floor {
  const { part, whole } = counted(scores, value);
  return {
    name: `${name} at least ${floor}`,
    held: whole > 0 && part / whole >= floor,
    seen: shareOf(part, whole),
  };
}

function sureness(judged: Calibration['judged']): Floor[] {
  const { sure, wrong, right, rightSure } = surety(judged);
  return [
    {
      name: `held-out: wrong at 0.8 or more at most ${mostWrongSure}`,
      held: wrong <= sure * mostWrongSure,
      seen: shareOf(wrong, sure),
    },
    {
      name: `held-out: right ones at 0.8 or more at least ${leastRightSure}`,
      held: rightSure >= right * leastRightSure,
      seen: shareOf(rightSure, right),
    },
  ];
}

function sizes(scores: readonly Score[]): Floor[] {
  return Object.entries(leastCases).map(([name, floor]) => {
    const count = scores.filter((it) => name === 'all' || it.case.category === name).length;
    return {
      name: `distinct cases, ${name}: at least ${floor}`,
      held: count >= floor,
      seen: `${count}`,
    };
  });
}

/** Categories failed in several programs each, and behind a louder symptom. */
function breadth(scores: readonly Score[]): Floor[] {
  const known = playbooks.map((playbook) => playbook.category);
  const incidents = scores.filter((it) => !quiet.includes(it.case.category));
  const lacking = (enoughOf: (own: readonly Score[]) => boolean): string[] =>
    known.filter((category) => !enoughOf(incidents.filter((it) => it.case.category === category)));
  const few = lacking((own) => new Set(own.map((it) => sourceOf(it.case))).size >= 2);
  const plain = lacking((own) => own.some((it) => it.case.hides !== null));
  const floor = (name: string, missing: readonly string[], floorAt: number): Floor => ({
    name: `${name}: at least ${floorAt} categories`,
    held: known.length - missing.length >= floorAt,
    seen: `${known.length - missing.length} of ${known.length}; not ${missing.join(', ') || 'missed by any'}`,
  });
  return [
    floor('seen in at least two programs', few, leastInPrograms),
    floor('hidden by a louder symptom at least once', plain, leastHidden),
  ];
}
