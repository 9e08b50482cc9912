import path from 'node:path';
import { duplicates } from '../../src/evals/duplicates';
import { isLabel, loadCases } from '../../src/evals/evalCase';
import { calibrate } from './lib/calibrate';
import { floorsOf } from './lib/floors';
import { inProcesses } from './lib/inProcesses';
import { optionsOf } from './lib/options';
import * as report from './lib/report';
import { variants } from './lib/variants';
import type { Trial } from './lib/trial';

const root = path.join(import.meta.dirname, 'cases');

/**
 * `npm run evals [-- FILTER] [--split tune|held-out] [--quick] [--details] [--fit]`: every case
 * offline, as recorded, in noise and cut; what came of it, and the floors that it must keep.
 */
async function main(words: readonly string[]): Promise<void> {
  const { filter, split, quick, details, refit } = optionsOf(words);
  const start = performance.now();
  const all = (await loadCases(root, filter)).filter((it) => split === null || it.split === split);
  const unknown = all.filter((it) => !isLabel(it.category));
  report.unknown(unknown.map((it) => it.id));
  const ids = all.filter((it) => !unknown.includes(it)).map((it) => it.id);
  const trials = await inProcesses({ root, ids, variants: quick ? ['base'] : variants });
  const distinct = withoutTwins(trials);
  report.failures(distinct, details);
  report.categories(distinct);
  report.bySplit(distinct);
  report.losses(distinct);
  const calibration = calibrate(distinct);
  report.confidence(distinct, calibration);
  if (refit) report.fitted(calibration);
  report.times(distinct, performance.now() - start);
  const whole = filter === '' && split === null && !quick;
  const floors = whole ? floorsOf(distinct, calibration) : [];
  for (const { name, held, seen } of floors) {
    console.log(`${held ? 'ok' : 'FAILED'} ${name} (${seen})`);
  }
  const base = distinct.filter((it) => it.variant === 'base');
  console.log(`cases: ${base.filter((it) => it.score.passed).length} right of ${base.length}`);
  const missed = floors.filter((it) => !it.held).length;
  console.log(`evals: ${floors.length - missed} passed, ${missed} failed`);
  if (base.length === 0 || missed > 0) process.exitCode = 1;
}

/** Cases that say the same count once; the others are named. */
function withoutTwins(trials: readonly Trial[]): Trial[] {
  const base = trials.filter((it) => it.variant === 'base');
  const twins = duplicates(base.map(({ score, templates }) => ({ ...score.case, templates })));
  report.twins(twins);
  return trials.filter((it) => !twins.has(it.score.case.id));
}

void main(process.argv.slice(2));
