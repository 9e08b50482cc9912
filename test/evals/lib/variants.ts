import { loadCases, type EvalCase } from '../../../src/evals/evalCase';
import { readCase } from '../../../src/evals/readCase';
import type { EvidenceText } from '../../../src/incident/evidence';
import { cut } from './cut';
import { routineOf, withNoise } from './noise';

/** How the evidence is given: as it was recorded, in noise, or with an end of the logs cut off. */
export const variants = ['base', 'noise', 'head', 'tail'] as const;
export type Variant = (typeof variants)[number];

/** Titles for people. */
export const titles: Readonly<Record<Variant, string>> = {
  base: 'as recorded',
  noise: 'in 10,000 lines of noise',
  head: 'logs cut at the head',
  tail: 'logs cut at the tail',
};

/** The routine of the healthy cases that rules may be written by: what noise is made of. */
export async function recordedRoutines(root: string): Promise<string[][]> {
  const healthy = (await loadCases(root)).filter(
    (it) => it.category === 'no-incident' && it.split === 'tune',
  );
  const texts = await Promise.all(healthy.map(readCase));
  return texts.flat().map(routineOf);
}

/** The evidence of one case in one variant; null where its label may not hold there. */
export function given(
  variant: Variant,
  evalCase: EvalCase,
  texts: readonly EvidenceText[],
  routines: readonly (readonly string[])[],
): readonly EvidenceText[] | null {
  if (variant === 'base') return texts;
  if (variant === 'noise') return withNoise(texts, routines, evalCase.id);
  return cut(evalCase, texts, variant);
}
