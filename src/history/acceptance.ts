import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { digestOf } from '../base/digest';
import { WarRoomError } from '../base/errors';
import type { AcceptedChange, Incident } from '../incident/incident';
import {
  plainMode,
  readBlob,
  indexEntry,
  isIntentToAdd,
  setIndexEntries,
  writeBlob,
  writeFiltered,
} from './blobs';
import type { Entry } from './blobs';
import { placeInside, requireInside, requireWritable } from './files';
import type { FileAccess } from './files';
import type { Git } from './git';
import { blobNames, readJournal, writeJournal } from './journal';
import type { Journal, JournalFile, JournalRecord, UndoShelf } from './journal';
import { repositoryFacts, requireNoOperation } from './repository';
import { decidedEdits, requireFilled, withValues } from './scalars';
import type { FileEdits } from './scalars';

/** What Accept works on and with. */
export interface Workbench {
  /** Root of the repository; where there is none, the folder that the paths are relative to. */
  root: string;
  /** Null where there is no repository: then nothing is staged. */
  git: Git | null;
  files: FileAccess;
  shelf: UndoShelf;
}

/** What is accepted. */
export interface Acceptance {
  incident: Incident;
  /** Values that the person typed, as in the decision. */
  values: Readonly<Record<string, string>>;
  by: string;
  at: string;
  /** Makes the files of the incident's folder, by path, and says what was left out of them. */
  record(): Promise<{ files: ReadonlyMap<string, Uint8Array>; notes: readonly string[] }>;
}

/**
 * Splices the decided values into the files as they are on disk, and stages exactly that change
 * with the incident's folder. Whatever else is edited or staged stays so. Called again, also after
 * a crash in the middle, it finishes what is not done yet.
 *
 * @throws before anything is changed: `file-dirty`, `file-read-only`, `outside-workspace`,
 *   `proposal-stale` (make the edit again on the new text and show it), `merge-in-progress`
 */
export async function accept(bench: Workbench, acceptance: Acceptance): Promise<Journal> {
  const { id } = acceptance.incident;
  let journal = await readJournal(bench.shelf, id);
  if (!journal || !isOf(journal, acceptance)) {
    journal = await prepare(bench, acceptance);
  }
  return applyJournal(bench, id, journal);
}

/** What the incident keeps of an acceptance. */
export function acceptedChange(journal: Journal): AcceptedChange {
  const { at, by, values, staged, branch, files } = journal;
  return {
    at,
    by,
    values,
    staged,
    branch,
    files: files.map(({ path, afterDigest }) => ({ path, appliedDigest: afterDigest })),
  };
}

/** Does what the journal says and is not done yet. */
async function applyJournal(bench: Workbench, id: string, journal: Journal): Promise<Journal> {
  const { root, git, shelf } = bench;
  for (const [index, file] of journal.files.entries()) await applyFile(bench, id, file, index);
  if (git) {
    for (const [path, bytes] of await recordOf(git, journal)) {
      await writeRecordFile(root, path, bytes);
    }
    await stage(git, journal);
  }
  const applied = { ...journal, applied: true };
  await writeJournal(shelf, id, applied);
  return applied;
}

/** The files of the incident's folder as they were accepted, by path. */
export async function recordOf(
  git: Git,
  { record }: Journal,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const { path, after } of record) files.set(path, await readBlob(git, after.sha));
  return files;
}

/** Looks at everything first and writes down what will be done; changes nothing of the person's. */
async function prepare(bench: Workbench, acceptance: Acceptance): Promise<Journal> {
  const { incident, values, by, at } = acceptance;
  requireFilled(incident.proposal, values);
  const facts = bench.git && (await repositoryFacts(bench.git));
  if (facts) requireNoOperation(facts);
  const files: JournalFile[] = [];
  for (const [index, edits] of decidedEdits(incident.proposal, values).entries()) {
    files.push(await prepareFile(bench, incident.id, edits, index));
  }
  const { record, notes } = bench.git
    ? await prepareRecord(bench.git, await acceptance.record())
    : { record: [], notes: ['There is no repository here, so nothing was staged.'] };
  const journal: Journal = {
    schema: 1,
    by,
    at,
    branch: facts?.branch ?? null,
    values,
    staged: bench.git !== null,
    applied: false,
    files,
    record,
    notes: [...notes, ...untrackedNotes(files)],
  };
  await writeJournal(bench.shelf, incident.id, journal);
  return journal;
}

async function prepareRecord(
  git: Git,
  { files, notes }: Awaited<ReturnType<Acceptance['record']>>,
): Promise<{ record: JournalRecord[]; notes: readonly string[] }> {
  const record: JournalRecord[] = [];
  for (const [path, bytes] of files) {
    const after = { mode: plainMode, sha: await writeBlob(git, bytes) };
    record.push({ path, digest: digestOf(bytes), after });
  }
  return { record, notes };
}

function untrackedNotes(files: readonly JournalFile[]): string[] {
  return files.flatMap(({ path, index }) =>
    index && !index.before ? [`${path} was not in git yet, so the whole file is staged.`] : [],
  );
}

async function prepareFile(
  { root, git, files, shelf }: Workbench,
  id: string,
  { path, edits, baseDigest }: FileEdits,
  index: number,
): Promise<JournalFile> {
  const place = await placeInside(root, path);
  await requireWritable(files, place, path);
  const before = await files.readFile(place);
  if (digestOf(before) !== baseDigest) throw stale(path);
  const after = withValues(before, edits);
  await shelf.saveUndo(id, blobNames.before(index), before);
  await shelf.saveUndo(id, blobNames.after(index), after);
  const staging = git && (await prepareStaging(git, path, edits, after));
  if (staging?.bytesBefore) {
    await shelf.saveUndo(id, blobNames.indexBefore(index), staging.bytesBefore);
  }
  return {
    path,
    edits,
    beforeDigest: baseDigest,
    afterDigest: digestOf(after),
    index: staging && { before: staging.before, after: staging.after },
  };
}

interface Staging {
  before: Entry | null;
  bytesBefore: Uint8Array | undefined;
  after: Entry;
}

/** The index's own bytes get the values, so that none of the person's other edits come along. */
async function prepareStaging(
  git: Git,
  path: string,
  edits: FileEdits['edits'],
  fileAfter: Uint8Array,
): Promise<Staging> {
  const before = await indexEntry(git, path);
  if (!before) {
    const after = { mode: plainMode, sha: await writeFiltered(git, path, fileAfter) };
    return { before: null, bytesBefore: undefined, after };
  }
  const bytesBefore = await readBlob(git, before.sha);
  if (bytesBefore.length === 0 && (await isIntentToAdd(git, path))) throw onlyIntended(path);
  const sha = await writeBlob(git, committedBytes(path, bytesBefore, edits));
  return { before, bytesBefore, after: { ...before, sha } };
}

/**
 * What git holds of a file, with the decided values.
 * @throws code `file-dirty` when git does not know the key yet
 */
export function committedBytes(
  path: string,
  bytes: Uint8Array,
  edits: FileEdits['edits'],
): Uint8Array {
  try {
    return withValues(bytes, edits);
  } catch (error) {
    if (!WarRoomError.is(error, 'values-key-missing')) throw error;
    throw new WarRoomError(
      'file-dirty',
      `The key to change is only in your own edits of ${path}, so it cannot be committed without them; commit those first. Nothing was changed.`,
      { cause: error },
    );
  }
}

async function applyFile(
  { root, files, shelf }: Workbench,
  id: string,
  file: JournalFile,
  index: number,
): Promise<void> {
  const place = await placeInside(root, file.path);
  const now = await files.readFile(place);
  if (digestOf(now) === file.afterDigest) return;
  const after = await shelf.readUndo(id, blobNames.after(index));
  if (!after) throw new WarRoomError('internal', `The change of ${file.path} is not stored.`);
  // A beginning of the new content is what a crash in the middle of writing leaves.
  const torn = Buffer.from(after).subarray(0, now.length).equals(now);
  if (digestOf(now) !== file.beforeDigest && !torn) throw stale(file.path);
  await requireWritable(files, place, file.path);
  await files.writeFile(place, after);
}

async function stage(git: Git, { files, record }: Journal): Promise<void> {
  const entries = new Map<string, Entry>();
  for (const { path, index, edits } of files) {
    const now = await indexEntry(git, path);
    if (!index || now?.sha === index.after.sha) continue;
    const asPrepared = now?.sha === index.before?.sha;
    const sha =
      asPrepared || !now
        ? index.after.sha
        : await writeBlob(git, committedBytes(path, await readBlob(git, now.sha), edits));
    entries.set(path, { mode: now?.mode ?? index.after.mode, sha });
  }
  for (const { path, after } of record) {
    if ((await indexEntry(git, path))?.sha !== after.sha) entries.set(path, after);
  }
  await setIndexEntries(git, entries);
}

/** Writes a file of the incident's folder into the working tree. */
export async function writeRecordFile(
  root: string,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  await requireInside(root, path);
  const place = join(root, path);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, bytes);
}

function onlyIntended(path: string): WarRoomError {
  return new WarRoomError(
    'file-dirty',
    `${path} was only announced to git (git add --intent-to-add), so its change cannot be staged alone; add the file with git add and accept again. Nothing was changed.`,
  );
}

function stale(path: string): WarRoomError {
  return new WarRoomError(
    'proposal-stale',
    `${path} was changed since the proposal was made, so nothing was changed; look at the new proposal and accept again.`,
  );
}

/** True for the journal of just this acceptance, whose files may have been chosen anew since. */
function isOf(journal: Journal, { incident, values }: Acceptance): boolean {
  const paths = (incident.proposal?.files ?? []).map(({ path }) => path).join('\n');
  const begun = journal.files.map(({ path }) => path).join('\n');
  return begun === paths && sameValues(journal.values, values);
}

function sameValues(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
