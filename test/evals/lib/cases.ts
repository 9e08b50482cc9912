import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** One recorded case, as `record/README.md` describes it. */
export interface EvalCase {
  id: string;
  category: string;
  app: string | null;
  log: string | null;
  proof: readonly string[];
  program: string;
  form: string;
  hides: string | null;
  split: 'tune' | 'held-out';
  /** Absolute paths: the log that a person would select first, then the rest by name. */
  files: readonly string[];
}

/** Reads the cases whose id holds `filter`. */
export async function loadCases(root: string, filter: string): Promise<EvalCase[]> {
  const ids = (await readdir(root)).filter((id) => id.includes(filter)).sort();
  const cases: EvalCase[] = [];
  for (const id of ids) {
    const folder = path.join(root, id);
    const text = await readFile(path.join(folder, 'case.json'), 'utf8').catch(() => null);
    if (text === null) continue;
    const described = JSON.parse(text) as Omit<EvalCase, 'id' | 'files'>;
    const names = (await readdir(path.join(folder, 'evidence'))).sort();
    const first = names.filter((name) => name === described.log);
    const rest = names.filter((name) => name !== described.log);
    cases.push({
      ...described,
      id,
      files: [...first, ...rest].map((name) => path.join(folder, 'evidence', name)),
    });
  }
  return cases;
}
