import { WarRoomError } from '../base/errors';
import type { Incident } from '../incident/incident';
import { writeRecordFile } from './acceptance';
import type { Workbench } from './acceptance';
import { indexEntry, readBlob, setIndexEntries, treeEntry, writeBlob } from './blobs';
import type { Entry } from './blobs';
import { commitContent } from './commit';
import { placeInside, requireWritable } from './files';
import type { Git } from './git';
import { revertMessage } from './message';
import { feedbackPath, negativeFeedback } from './negativeFeedback';
import { currentBranch, headCommit, repositoryFacts, requireCommittable } from './repository';
import { decidedEdits, valuesNow } from './scalars';
import type { FileEdits } from './scalars';
import { takenBack } from './undo';

/** Who takes a committed fix back, and why. */
export interface Reversal {
  by: string;
  /** ISO 8601. */
  at: string;
  reason: string;
  /** What would have been right, where the person says it; else empty. */
  expected: string;
  /** Folder of all incidents, relative to the root. */
  folder: string;
}

/** The commit that took a fix back. */
export interface Reverted {
  sha: string;
  branch: string | null;
  notes: readonly string[];
}

/** A file that holds the fix, as it was just before and just after the incident's commit. */
interface FixedFile extends Pick<FileEdits, 'path' | 'edits'> {
  before: Uint8Array;
  after: Uint8Array;
}

/**
 * Takes an incident's committed fix back with a new commit on the current branch: the values go
 * back in the files as HEAD has them, whatever else was committed since stays, and the incident's
 * folder gets `feedback_negative.json`. Index and working tree follow, the person's other edits
 * stay. Finishes what a crash cut short; a revert that somebody made already is found and returned,
 * unless the fix was made again since.
 * @throws code `revert-conflict` when a value was changed since, `wrong-state` when HEAD does not
 *   hold the fix, and what keeps git from committing; nothing is changed then
 */
export async function revertFix(
  bench: Workbench,
  incident: Incident,
  reversal: Reversal,
): Promise<Reverted> {
  const { git } = bench;
  const { commit } = incident;
  if (!git || commit === null) {
    throw new WarRoomError('wrong-state', `${incident.id} has no commit that could be taken back.`);
  }
  const files = await fixedFiles(git, incident, commit);
  const earlier = await reversalOf(git, commit);
  if (earlier !== null && !(await isInHead(git, files))) {
    await finish(bench, git, earlier, files, recordPaths(incident, reversal));
    return { sha: earlier, branch: await currentBranch(git), notes: [] };
  }
  const facts = await repositoryFacts(git);
  requireCommittable(facts);
  await requireInHead(git, files);
  const places = await prepareFiles(bench, files);
  const record = await recordOf(git, incident, reversal);
  let made;
  try {
    for (const { place, back } of places) await bench.files.writeFile(place, back);
    made = await commitContent(git, facts, {
      id: incident.id,
      message: revertMessage(incident, commit, facts.identity ?? reversal.by, reversal.reason),
      files: files.map((file) => ({
        path: file.path,
        change: (bytes) => inHead(git, bytes, file),
      })),
      record,
    });
  } catch (error) {
    for (const each of places) await restore(bench, each);
    throw error;
  }
  for (const [path, bytes] of record) await writeRecordFile(bench.root, path, bytes);
  await settle(git, made.sha, files, [...record.keys()]);
  return { sha: made.sha, branch: facts.branch, notes: made.notes };
}

/** The commit on HEAD's line that says that it reverts another, as git and the hosts write it. */
async function reversalOf(git: Git, commit: string): Promise<string | null> {
  if ((await headCommit(git)) === null) return null;
  const grep = ['--fixed-strings', `--grep=This reverts commit ${commit}`];
  const sha = await git.text(['log', '-1', '--format=%H', ...grep, 'HEAD']);
  return sha === '' ? null : sha;
}

/** Index and working tree follow a revert that a crash cut short after its commit. */
async function finish(
  bench: Workbench,
  git: Git,
  earlier: string,
  files: readonly FixedFile[],
  { feedback, summary }: RecordPaths,
): Promise<void> {
  const ours =
    (await treeEntry(git, earlier, feedback)) && (await treeEntry(git, 'HEAD', feedback));
  // The index gets it all in one step, so where it has the feedback it has the rest.
  if (!ours || (await indexEntry(git, feedback))?.sha === ours.sha) return;
  for (const { place, back } of await prepareFiles(bench, files)) {
    await bench.files.writeFile(place, back);
  }
  for (const path of [feedback, summary]) {
    const entry = await treeEntry(git, 'HEAD', path);
    if (entry) await writeRecordFile(bench.root, path, await readBlob(git, entry.sha));
  }
  await settle(git, 'HEAD', files, [feedback, summary]);
}

async function fixedFiles(git: Git, incident: Incident, commit: string): Promise<FixedFile[]> {
  const { decision, accepted } = incident;
  const values = decision?.kind === 'approved' ? decision.values : (accepted?.values ?? {});
  const files: FixedFile[] = [];
  for (const { path, edits } of decidedEdits(incident.proposal, values)) {
    const [before, after] = [
      await treeEntry(git, `${commit}^`, path),
      await treeEntry(git, commit, path),
    ];
    // What HEAD has no more needs no taking back.
    if (!before && !(await treeEntry(git, 'HEAD', path))) continue;
    if (!before || !after) {
      throw new WarRoomError(
        'revert-conflict',
        `${path} came into git with the fix, so it cannot be taken back by itself and nothing was changed; change it by hand.`,
      );
    }
    files.push({
      path,
      edits,
      before: await readBlob(git, before.sha),
      after: await readBlob(git, after.sha),
    });
  }
  return files;
}

/** HEAD holds the fix, or what is left of it. */
async function isInHead(git: Git, files: readonly FixedFile[]): Promise<boolean> {
  for (const { file, bytes } of await filesInHead(git, files)) {
    if (!Buffer.from(await inHead(git, bytes, file)).equals(bytes)) return true;
  }
  return false;
}

/** HEAD holds the fix, or what is left of it, and nobody has put another value in its place. */
async function requireInHead(git: Git, files: readonly FixedFile[]): Promise<void> {
  for (const { file, bytes } of await filesInHead(git, files)) requireSameValues(file, bytes);
  if (await isInHead(git, files)) return;
  throw new WarRoomError(
    'wrong-state',
    'The current branch does not hold the fix, so there is nothing to take back and nothing was changed; switch to the branch that holds it.',
  );
}

async function filesInHead(git: Git, files: readonly FixedFile[]) {
  const found: { file: FixedFile; bytes: Uint8Array }[] = [];
  for (const file of files) {
    const entry = await treeEntry(git, 'HEAD', file.path);
    if (entry) found.push({ file, bytes: await readBlob(git, entry.sha) });
  }
  return found;
}

function requireSameValues({ path, edits }: FixedFile, bytes: Uint8Array): void {
  const other = valuesNow(bytes, edits).find(({ holds }) => holds === 'other');
  if (!other) return;
  const { name, source, edit } = other;
  throw new WarRoomError(
    'revert-conflict',
    `${name} in ${path} is ${source ?? 'another value'} by now and no longer the fix's ${edit.after}, so nothing was changed; change it by hand if the old ${edit.before ?? 'file'} is right.`,
  );
}

/** The file without the fix. */
async function inHead(git: Git, bytes: Uint8Array, file: FixedFile): Promise<Uint8Array> {
  const back = await takenBack(git, bytes, file.after, file.before, file.edits);
  if (back) return back;
  throw new WarRoomError(
    'revert-conflict',
    `What the fix added to ${file.path} was edited since, so nothing was changed; change it by hand.`,
  );
}

/** A file of the working tree, with what it holds and what it is to hold. */
interface PreparedFile {
  place: string;
  now: Uint8Array;
  back: Uint8Array;
}

/** What will be written into the working tree. Throws before anything is changed. */
async function prepareFiles(bench: Workbench, files: readonly FixedFile[]) {
  const prepared: PreparedFile[] = [];
  for (const file of files) {
    const place = await placeInside(bench.root, file.path);
    const now = await bench.files.readFile(place);
    const back = bench.git ? await inHead(bench.git, now, file) : now;
    if (Buffer.from(back).equals(now)) continue;
    await requireWritable(bench.files, place, file.path);
    prepared.push({ place, now, back });
  }
  return prepared;
}

/** Puts back what a file held, unless the person has saved something else meanwhile. */
async function restore({ files }: Workbench, { place, now, back }: PreparedFile): Promise<void> {
  const holds = await files.readFile(place).catch(() => undefined);
  if (holds && Buffer.from(holds).equals(back)) await files.writeFile(place, now);
}

/** The files of the incident's folder that say that the fix was taken back. */
interface RecordPaths {
  feedback: string;
  summary: string;
}

function recordPaths({ id }: Incident, { folder }: Reversal): RecordPaths {
  return {
    feedback: feedbackPath(folder, id),
    summary: `${folder}/${id}/summary.md`,
  };
}

/** The incident's folder says from now on that the fix was taken back, and why. */
async function recordOf(
  git: Git,
  incident: Incident,
  reversal: Reversal,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { feedback, summary } = recordPaths(incident, reversal);
  const said = negativeFeedback(incident, reversal);
  const record = new Map<string, Uint8Array>([[feedback, Buffer.from(said)]]);
  const entry = await treeEntry(git, 'HEAD', summary);
  if (entry) {
    const text = Buffer.from(await readBlob(git, entry.sha)).toString('utf8');
    record.set(summary, Buffer.from(text.replace(/^status: .*$/m, 'status: reverted')));
  }
  return record;
}

/** The person's own index follows: without the fix where it holds it, with the record. */
async function settle(
  git: Git,
  commit: string,
  files: readonly FixedFile[],
  record: readonly string[],
): Promise<void> {
  const entries = new Map<string, Entry>();
  for (const file of files) {
    const now = await indexEntry(git, file.path);
    if (!now) continue;
    const bytes = await readBlob(git, now.sha);
    const back = await takenBack(git, bytes, file.after, file.before, file.edits);
    if (back) entries.set(file.path, { mode: now.mode, sha: await writeBlob(git, back) });
  }
  for (const path of record) {
    const committed = await treeEntry(git, commit, path);
    if (committed) entries.set(path, committed);
  }
  await setIndexEntries(git, entries);
}
