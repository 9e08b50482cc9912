import { loadCases } from './evalCase';
import { readCase } from './readCase';
import { scoreCase, type Score } from './score';
import {
  calibrationLines,
  categoryLines,
  faultsOf,
  measureLines,
  statedBy,
  timeLine,
} from './summary';

export { addCase } from './addCase';

/**
 * Runs every case of a folder offline.
 * @throws code `unreadable-log`
 */
export async function runCases(root: string): Promise<Score[]> {
  const scores: Score[] = [];
  for (const each of await loadCases(root)) scores.push(scoreCase(each, await readCase(each)));
  return scores;
}

/** What came of the cases, in lines for a terminal. */
export function linesOf(scores: readonly Score[]): string[] {
  const failed = scores.filter((it) => faultsOf(it).length > 0);
  return [
    ...failed.map((it) => `${it.case.id} (${it.case.category}): ${faultsOf(it).join(', ')}`),
    ...categoryLines(scores),
    ...measureLines(scores),
    ...calibrationLines(statedBy(scores)),
    timeLine(scores),
    `evals: ${scores.filter((it) => it.passed).length} passed, ${scores.filter((it) => !it.passed).length} failed`,
  ];
}
