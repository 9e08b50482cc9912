import path from 'node:path';
import type { EvidenceText } from '../../../src/incident/evidence';
import { readLog } from '../../../src/intake/readLog';
import { prefilterPatterns } from '../../../src/playbooks/signals';
import type { EvalCase } from './cases';

/** The case's files as the analyst gets them: decoded, cleaned and masked by the intake. */
export async function readCase(evalCase: EvalCase): Promise<EvidenceText[]> {
  const patterns = prefilterPatterns();
  const texts: EvidenceText[] = [];
  for (const file of evalCase.files) {
    const source = path.relative(process.cwd(), file);
    texts.push((await readLog({ kind: 'file', path: file, source }, { patterns })).text);
  }
  return texts;
}
