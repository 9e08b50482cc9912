import type { EvidenceText } from '../incident/evidence';
import type { Incident } from '../incident/incident';
import { unifiedDiff } from '../remediation/unifiedDiff';
import type { Workbench } from './acceptance';
import { indexEntry, readBlob, treeEntry } from './blobs';
import { placeInside } from './files';
import type { Git } from './git';
import { incidentRecord } from './record';
import type { Approved, RecordOptions } from './record';
import { headCommit } from './repository';
import { decidedEdits, withValues } from './scalars';

/**
 * The files of an incident's folder for an approval. Their diff is against what git holds of each
 * file, so that it applies to the commit before; the person's other edits are not in it.
 */
export async function recordFor(
  { root, git, files }: Workbench,
  incident: Incident,
  evidence: readonly EvidenceText[],
  approval: Approved,
  options: RecordOptions,
): Promise<ReturnType<typeof incidentRecord>> {
  const diffs: string[] = [];
  for (const { path, edits } of decidedEdits(incident.proposal, approval.values)) {
    const committed = git && (await committedFile(git, path));
    const base = committed ?? (await files.readFile(await placeInside(root, path)));
    diffs.push(unifiedDiff(path, base, withValues(base, edits)));
  }
  return incidentRecord(incident, evidence, approval, diffs.join(''), options);
}

async function committedFile(git: Git, path: string): Promise<Uint8Array | undefined> {
  const head = await headCommit(git);
  const entry = (head && (await treeEntry(git, head, path))) || (await indexEntry(git, path));
  return entry && readBlob(git, entry.sha);
}
