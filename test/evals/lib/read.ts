import path from 'node:path';
import type { EvidenceText } from '../../../src/incident/evidence';
import { readLogs } from '../../../src/intake/readLog';
import { prefilterPatterns } from '../../../src/playbooks/signals';
import type { EvalCase } from './cases';

/** The case's files as the analyst gets them: decoded, cleaned and masked; empty ones are left out. */
export async function readCase(evalCase: EvalCase): Promise<EvidenceText[]> {
  const sources = evalCase.files.map((file) => ({
    kind: 'file' as const,
    path: file,
    source: path.relative(process.cwd(), file),
  }));
  const { results } = await readLogs(sources, { patterns: prefilterPatterns() });
  return results.map((result) => result.text);
}
