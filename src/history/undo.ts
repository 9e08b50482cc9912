import { mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { digestOf } from '../base/digest';
import { WarRoomError } from '../base/errors';
import type { ScalarEdit } from '../incident/proposal';
import type { Workbench } from './acceptance';
import { indexEntry, readBlob, setIndexEntries, treeEntry, writeBlob } from './blobs';
import type { Entry } from './blobs';
import { placeInside, requireWritable } from './files';
import type { Git } from './git';
import { blobNames, readJournal } from './journal';
import type { Journal, JournalFile } from './journal';
import { headCommit } from './repository';
import { valuesNow, withValues } from './scalars';

/** What one undo did. */
export interface Undone {
  /** Files that hold what they held before Accept, apart from what was edited since. */
  restored: readonly string[];
  /** What the person should be told, for example that a value was changed since and was kept. */
  notes: readonly string[];
}

/**
 * Takes an acceptance back: file, index and the incident's folder. Where something else was edited
 * or staged since, that stays and only the values go back. Does nothing where nothing was accepted,
 * and finishes what a crash cut short.
 * @throws code `wrong-state` when it is committed, `file-dirty`, `file-read-only`
 */
export async function undoAcceptance(bench: Workbench, id: string): Promise<Undone> {
  const journal = await readJournal(bench.shelf, id);
  if (!journal) return { restored: [], notes: [] };
  if (bench.git) await requireUncommitted(bench.git, journal);
  const notes: string[] = [];
  for (const [index, file] of journal.files.entries()) {
    notes.push(...(await restoreFile(bench, id, file, index)));
  }
  if (bench.git) await unstage(bench, bench.git, id, journal);
  for (const { path, digest } of journal.record) await removeRecordFile(bench.root, path, digest);
  await bench.shelf.removeUndo(id);
  return { restored: journal.files.map(({ path }) => path), notes };
}

async function requireUncommitted(git: Git, { record }: Journal): Promise<void> {
  const [first] = record;
  const head = await headCommit(git);
  if (!first || head === null || !(await treeEntry(git, head, first.path))) return;
  throw new WarRoomError(
    'wrong-state',
    'The change is committed already, so it was left as it is; revert the commit instead.',
  );
}

async function restoreFile(
  bench: Workbench,
  id: string,
  file: JournalFile,
  index: number,
): Promise<string[]> {
  const place = await placeInside(bench.root, file.path);
  const now = await bench.files.readFile(place);
  if (digestOf(now) === file.beforeDigest) return [];
  const [before, after] = await Promise.all([
    shelved(bench, id, blobNames.before(index), file.path),
    shelved(bench, id, blobNames.after(index), file.path),
  ]);
  const torn = Buffer.from(after).subarray(0, now.length).equals(now);
  const back = torn ? before : await takenBack(bench.git, now, after, before, file.edits);
  if (!back) return [`The change of ${file.path} is too close to your own edits to take it back.`];
  if (Buffer.from(back).equals(now)) return [`${file.path} holds another value now; it was kept.`];
  await requireWritable(bench.files, place, file.path);
  await bench.files.writeFile(place, back);
  return [];
}

async function unstage(bench: Workbench, git: Git, id: string, journal: Journal): Promise<void> {
  const entries = new Map<string, Entry | undefined>();
  for (const [position, { path, index, edits }] of journal.files.entries()) {
    const now = await indexEntry(git, path);
    if (!index || !now || now.sha === index.before?.sha) continue;
    if (!index.before) {
      if (now.sha === index.after.sha) entries.set(path, undefined);
      continue;
    }
    const before = await shelved(bench, id, blobNames.indexBefore(position), path);
    const bytes =
      now.sha === index.after.sha
        ? before
        : await takenBack(
            git,
            await readBlob(git, now.sha),
            await readBlob(git, index.after.sha),
            before,
            edits,
          );
    if (bytes) entries.set(path, { mode: now.mode, sha: await writeBlob(git, bytes) });
  }
  for (const { path, after } of journal.record) {
    if ((await indexEntry(git, path))?.sha === after.sha) entries.set(path, undefined);
  }
  await setIndexEntries(git, entries);
}

/**
 * Text that was edited since, without War Room's change. A value that was typed over stays.
 * @returns undefined where a key that was added cannot be told from the edits around it
 */
export async function takenBack(
  git: Git | null,
  now: Uint8Array,
  after: Uint8Array,
  before: Uint8Array,
  edits: readonly ScalarEdit[],
): Promise<Uint8Array | undefined> {
  const standing = valuesNow(now, edits).filter(({ holds }) => holds === 'after');
  const reversed = standing.flatMap(({ edit }): ScalarEdit[] =>
    edit.before === null ? [] : [{ ...edit, before: edit.after, after: edit.before }],
  );
  const result = withValues(now, reversed);
  const added = standing.some(({ edit }) => edit.before === null);
  if (!added) return result;
  return git ? merged(git, result, withValues(after, reversed), before) : undefined;
}

/** What `ours` becomes when it takes the step from `base` to `theirs`; undefined in a conflict. */
async function merged(
  git: Git,
  ours: Uint8Array,
  base: Uint8Array,
  theirs: Uint8Array,
): Promise<Uint8Array | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'war-room-undo-'));
  try {
    const paths = ['ours', 'base', 'theirs'].map((name) => join(folder, name));
    for (const [index, bytes] of [ours, base, theirs].entries()) {
      await writeFile(paths[index] ?? '', bytes, { mode: 0o600 });
    }
    const { code, stdout } = await git.run(['merge-file', '--quiet', '-p', ...paths], {
      accept: [0, 1, 2, 3, 255],
    });
    return code === 0 ? stdout : undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeRecordFile(root: string, path: string, digest: string): Promise<void> {
  const place = join(root, path);
  const bytes = await readFile(place).catch(() => undefined);
  if (bytes && digestOf(bytes) === digest) await rm(place);
  // Only where nothing else lies in them: first the incident's folder, then the one above.
  for (const folder of [dirname(place), dirname(dirname(place))]) {
    if (folder !== root) await rmdir(folder).catch(() => undefined);
  }
}

async function shelved(
  { shelf }: Workbench,
  id: string,
  name: string,
  path: string,
): Promise<Uint8Array> {
  const bytes = await shelf.readUndo(id, name);
  if (bytes) return bytes;
  throw new WarRoomError(
    'not-found',
    `What ${path} held before is not stored any more, so nothing was taken back; use git to restore it.`,
  );
}
