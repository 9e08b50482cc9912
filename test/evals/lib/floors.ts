import { categories } from '../../../src/incident/category';
import { quiet, type Score } from './score';
import { shareOf } from './share';

/** A promise on all cases together, and whether it was kept. */
export interface Floor {
  name: string;
  held: boolean;
  /** What was measured. */
  seen: string;
}

/** Programs (or platforms) that each category must have failed in. */
const programsEach = 2;

const of = (split: string) => (it: Score) => it.case.split === split;
const is = (category: string) => (it: Score) => it.case.category === category;

/** Every floor over the scores of all cases. The shares stand just below what is measured. */
export function floorsOf(
  scores: readonly Score[],
  baselines: Readonly<Record<string, number>>,
): Floor[] {
  const tune = scores.filter(of('tune'));
  const heldOut = scores.filter(of('held-out'));
  const right = scores.filter((it) => it.category).length;
  return [
    share('tune: category', tune, (it) => it.category, 0.97),
    share('tune: grounded', tune, (it) => it.grounded, 0.97),
    share('tune: application', tune, (it) => it.app, 0.94),
    share('tune: quiet on healthy', tune.filter(is('no-incident')), (it) => it.category, 1),
    share('tune: abstains', tune.filter(is('insufficient-evidence')), (it) => it.category, 1),
    share('held-out: category', heldOut, (it) => it.category, 0.86),
    share('held-out: grounded', heldOut, (it) => it.grounded, 0.88),
    share('held-out: application', heldOut, (it) => it.app, 0.8),
    share(
      'held-out: quiet on healthy',
      heldOut.filter(is('no-incident')),
      (it) => it.category,
      0.7,
    ),
    share(
      'held-out: abstains',
      heldOut.filter(is('insufficient-evidence')),
      (it) => it.category,
      0.7,
    ),
    share('every citation stands in the evidence', scores, (it) => it.verbatim, 1),
    ...Object.entries(baselines).map(([name, count]) => ({
      name: `better than the baseline: ${name}`,
      held: right > count,
      seen: `${right} against ${count}`,
    })),
    ...Object.keys(categories).flatMap((category) => coverage(category, scores)),
  ];
}

function share(
  name: string,
  scores: readonly Score[],
  value: (it: Score) => boolean | null,
  least: number,
): Floor {
  const counted = scores.map(value).filter((it) => it !== null);
  const part = counted.filter(Boolean).length;
  return {
    name: `${name} at least ${least}`,
    held: counted.length > 0 && part / counted.length >= least,
    seen: shareOf(part, counted.length),
  };
}

/** Each category failed in several programs, and once behind a louder symptom. */
function coverage(category: string, scores: readonly Score[]): Floor[] {
  const own = scores.filter((it) => !quiet.includes(it.case.category)).filter(is(category));
  const programs = new Set(own.map((it) => it.case.program.replace(/[ /]v?\d.*$/, '')));
  const hidden = own.filter((it) => it.case.hides !== null).length;
  return [
    {
      name: `${category}: from at least ${programsEach} programs`,
      held: programs.size >= programsEach,
      seen: [...programs].sort().join(', '),
    },
    {
      name: `${category}: hidden by a louder symptom at least once`,
      held: hidden >= 1,
      seen: `${hidden} cases`,
    },
  ];
}
