import { loadCases } from '../../../src/evals/evalCase';
import { templatesOf } from '../../../src/evals/duplicates';
import { readCase } from '../../../src/evals/readCase';
import { scoreCase, type Score } from '../../../src/evals/score';
import { baselines } from './baselines';
import { given, recordedRoutines, type Variant } from './variants';

/** What is to be tried. */
export interface Order {
  /** Folder of the cases. */
  root: string;
  ids: readonly string[];
  variants: readonly Variant[];
}

/** One case in one variant. */
export interface Trial {
  variant: Variant;
  score: Score;
  /** Baseline by name: whether it was right. */
  baselines: Readonly<Record<string, boolean>>;
  /** Templates of the case's lines as recorded. */
  templates: ReadonlySet<number>;
}

/** Runs the cases of an order in each of its variants. */
export async function runTrials({ root, ids, variants }: Order): Promise<Trial[]> {
  const wanted = new Set(ids);
  const cases = (await loadCases(root)).filter(({ id }) => wanted.has(id));
  const routines = variants.includes('noise') ? await recordedRoutines(root) : [];
  const trials: Trial[] = [];
  for (const evalCase of cases) {
    const recorded = await readCase(evalCase);
    const templates = templatesOf(recorded);
    for (const variant of variants) {
      const texts = given(variant, evalCase, recorded, routines);
      if (!texts) continue;
      const right = Object.entries(baselines).map(([name, baseline]) => [
        name,
        (baseline(texts) ?? 'no-incident') === evalCase.category,
      ]);
      trials.push({
        variant,
        score: scoreCase(evalCase, texts),
        baselines: Object.fromEntries(right) as Record<string, boolean>,
        templates,
      });
    }
  }
  return trials;
}
