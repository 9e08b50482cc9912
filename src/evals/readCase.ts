import path from 'node:path';
import type { EvidenceText } from '../incident/evidence';
import { readLogs } from '../intake/readLog';
import { prefilterPatterns } from '../playbooks/signals';
import type { EvalCase } from './evalCase';

/** The case's files as the analyst gets them: decoded, cleaned and masked; empty ones are left out. */
export async function readCase({ files }: Pick<EvalCase, 'files'>): Promise<EvidenceText[]> {
  const sources = files.map((file) => ({
    kind: 'file' as const,
    path: file,
    source: path.relative(process.cwd(), file),
  }));
  const { results } = await readLogs(sources, { patterns: prefilterPatterns() });
  return results.map((result) => result.text);
}
