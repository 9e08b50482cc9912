import type { Incident } from '../incident/incident';
import type { Workbench } from './acceptance';
import { indexEntry, readBlob } from './blobs';
import { placeInside } from './files';
import { findCommit } from './find';
import { currentBranch } from './repository';
import { decidedEdits, holdsValues, valuesNow } from './scalars';
import type { FileEdits } from './scalars';
import { namedKey } from '../remediation/typed';

/** What became of a proposal in the repository, by whatever tool. */
export type Whereabouts =
  /** A commit on HEAD's line brought the values: that is the approval. */
  | { kind: 'committed'; sha: string; branch: string | null }
  /** The values lie in the working tree or the index. */
  | { kind: 'in-tree' }
  /** Neither file nor index hold them: the old values are back. */
  | { kind: 'absent' }
  /** The person typed other values over them, by `typedKey`. */
  | { kind: 'retyped'; values: Readonly<Record<string, string>> };

/**
 * Looks where the values of a proposal are. For an accepted incident `absent` means that the
 * person discarded the change, which takes the approval back.
 */
export async function whereabouts(
  { root, git, files: access }: Workbench,
  incident: Incident,
): Promise<Whereabouts> {
  const values = incident.accepted?.values ?? incident.typed;
  const files = decidedEdits(incident.proposal, values);
  if (git) {
    const sha = await findCommit(git, incident, files);
    if (sha !== null) return { kind: 'committed', sha, branch: await currentBranch(git) };
  }
  const typed: Record<string, string> = {};
  let present = false;
  for (const file of files) {
    const texts: Uint8Array[] = [];
    const entry = git && (await indexEntry(git, file.path));
    if (git && entry) texts.push(await readBlob(git, entry.sha));
    const place = await placeInside(root, file.path).catch(() => undefined);
    if (place !== undefined) {
      const bytes = await access.readFile(place);
      Object.assign(typed, typedOver(bytes, file));
      texts.push(bytes);
    }
    present ||= texts.some((bytes) => holdsValues(bytes, file.edits));
  }
  if (Object.keys(typed).length > 0) return { kind: 'retyped', values: typed };
  return { kind: present ? 'in-tree' : 'absent' };
}

function typedOver(bytes: Uint8Array, { path, edits }: FileEdits): Record<string, string> {
  const others = valuesNow(bytes, edits).filter(({ holds }) => holds === 'other');
  return Object.fromEntries(others.map(({ name, source }) => [namedKey(path, name), source ?? '']));
}
