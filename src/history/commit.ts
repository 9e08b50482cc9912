import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { WarRoomError, messageOf } from '../base/errors';
import {
  indexEntry,
  indexEnvironment,
  plainMode,
  readBlob,
  setIndexEntries,
  treeEntry,
  writeBlob,
  writeFiltered,
} from './blobs';
import type { Entry } from './blobs';
import type { Git } from './git';
import { Snapshot, canRunHooks, runHook } from './hooks';
import { withTrailer } from './message';
import { headCommit } from './repository';
import type { RepositoryFacts } from './repository';
import { valuesNow, withValues } from './scalars';
import type { FileEdits } from './scalars';

/** Signing may ask the person for a passphrase. */
const commitDeadlineMs = 3 * 60_000;

/** A file of a commit: what becomes of the bytes that git holds of it. */
export interface ChangedFile {
  path: string;
  change: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

/** What one commit is to hold, and nothing else. */
export interface CommitContent {
  /** The incident that it belongs to. */
  id: string;
  message: string;
  files: readonly ChangedFile[];
  /** The files of the incident's folder, by path. */
  record: ReadonlyMap<string, Uint8Array>;
}

/**
 * Commits the values and the incident's folder through an index of its own: HEAD's tree, HEAD's
 * blobs with the values, the folder also where it is ignored. Hooks run on a copy of that index in
 * the real working tree; their word counts, but what they rewrite is left out and put back.
 *
 * @returns the commit, and what the person should be told
 * @throws code `hook-failed`, `file-dirty` when the key is only in uncommitted edits, `git-failed`
 */
export async function commitContent(
  git: Git,
  facts: RepositoryFacts,
  content: CommitContent,
): Promise<{ sha: string; notes: string[] }> {
  const folder = join(facts.gitFolder, 'war-room', content.id);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    return await commitIn(git, facts, content, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function commitIn(
  git: Git,
  facts: RepositoryFacts,
  content: CommitContent,
  folder: string,
): Promise<{ sha: string; notes: string[] }> {
  const index = join(folder, 'index');
  const messageFile = join(folder, 'COMMIT_EDITMSG');
  await buildIndex(git, facts.head, content, index);
  await writeFile(messageFile, content.message);
  const separate = await canRunHooks(git);
  const notes = separate ? await runHooks(git, content, folder, index, messageFile) : [];
  if ((await headCommit(git)) !== facts.head) {
    throw new WarRoomError(
      'git-failed',
      'Somebody else committed while the hooks ran, so nothing was committed; commit again.',
    );
  }
  // git would run those of the message once more, and in the wrong order.
  const withoutHooks = separate ? ['-c', `core.hooksPath=${join(folder, 'no-hooks')}`] : [];
  const commit = ['commit', '--quiet', '--cleanup=whitespace', '-F', messageFile];
  await git
    .run([...withoutHooks, ...commit], {
      env: indexEnvironment(index),
      deadlineMs: commitDeadlineMs,
      spoken: true,
    })
    .catch((error: unknown) => {
      throw notSigned(error) ?? error;
    });
  const sha = await git.text(['rev-parse', 'HEAD']);
  // The commit is made: what this hook says changes nothing.
  if (separate) await runHook(git, 'post-commit', index).catch(() => undefined);
  return { sha, notes };
}

/** What a signer that fails makes of a commit; undefined for another failure. */
function notSigned(error: unknown): WarRoomError | undefined {
  const said = messageOf(error);
  if (!/failed to write commit object/.test(said)) return undefined;
  const reason = said
    .replace(/^git \w+ ended with status \d+: /, '')
    .split('\n')
    .map((line) => line.replace(/^(?:error|fatal): /, '').trim())
    .find((line) => line !== '' && !line.startsWith('failed to write commit object'));
  return new WarRoomError(
    'signing-failed',
    `git could not sign the commit (${reason ?? 'it did not say why'}), so nothing was committed and the proposal is kept; look at user.signingkey and gpg.format, and commit again.`,
    { cause: error },
  );
}

/** HEAD's tree with the values and the incident's folder. */
async function buildIndex(
  git: Git,
  head: string | null,
  { files, record }: CommitContent,
  index: string,
): Promise<void> {
  const env = indexEnvironment(index);
  await git.run(head === null ? ['read-tree', '--empty'] : ['read-tree', head], { env });
  const entries = new Map<string, Entry>();
  for (const file of files) {
    entries.set(file.path, await changedEntry(git, head, file));
  }
  for (const [path, bytes] of record) {
    entries.set(path, { mode: plainMode, sha: await writeBlob(git, bytes) });
  }
  await setIndexEntries(git, entries, index);
}

/** A file that is not in HEAD yet can only be committed whole. */
async function changedEntry(
  git: Git,
  head: string | null,
  { path, change }: ChangedFile,
): Promise<Entry> {
  const committed = head === null ? undefined : await treeEntry(git, head, path);
  const base = committed ?? (await indexEntry(git, path));
  if (base) {
    const bytes = await change(await readBlob(git, base.sha));
    return { mode: base.mode, sha: await writeBlob(git, bytes) };
  }
  const bytes = await readFile(join(git.folder, path));
  return { mode: plainMode, sha: await writeFiltered(git, path, await change(bytes)) };
}

async function runHooks(
  git: Git,
  { id, files, record }: CommitContent,
  folder: string,
  index: string,
  messageFile: string,
): Promise<string[]> {
  const notes: string[] = [];
  const seen = join(folder, 'hook-index');
  await copyFile(index, seen);
  const paths = [...files.map(({ path }) => path), ...record.keys()];
  const snapshot = await Snapshot.take(paths.map((path) => join(git.folder, path)));
  try {
    await runHook(git, 'pre-commit', seen);
  } finally {
    const rewritten = (await snapshot.restore()).length > 0;
    if (rewritten || (await treeOf(git, seen)) !== (await treeOf(git, index))) {
      notes.push(
        'The pre-commit hook rewrote files; that was left out of the commit and put back.',
      );
    }
  }
  await runHook(git, 'prepare-commit-msg', seen, [messageFile, 'message']);
  await runHook(git, 'commit-msg', seen, [messageFile]);
  const message = await readFile(messageFile, 'utf8');
  await writeFile(messageFile, withTrailer(message, id));
  return notes;
}

async function treeOf(git: Git, index: string): Promise<string> {
  const call = { env: indexEnvironment(index), accept: [0, 128] };
  return git.text(['write-tree'], call);
}

/**
 * Makes the person's own index fit the new commit: their entries of the files get the values where
 * these still hold the old ones, and the incident's folder is there. All else stays as it is.
 */
export async function settleIndex(
  git: Git,
  commit: string,
  files: readonly Pick<FileEdits, 'path' | 'edits'>[],
  recordPaths: readonly string[],
): Promise<void> {
  const entries = new Map<string, Entry>();
  for (const { path, edits } of files) {
    const committed = await treeEntry(git, commit, path);
    const now = await indexEntry(git, path);
    if (!committed || now?.sha === committed.sha) continue;
    if (!now) {
      entries.set(path, committed);
      continue;
    }
    const bytes = await readBlob(git, now.sha);
    const old = valuesNow(bytes, edits).flatMap(({ edit, holds }) =>
      holds === 'before' ? [edit] : [],
    );
    if (old.length === 0) continue;
    entries.set(path, { mode: now.mode, sha: await writeBlob(git, withValues(bytes, old)) });
  }
  for (const path of recordPaths) {
    const committed = await treeEntry(git, commit, path);
    if (committed && (await indexEntry(git, path))?.sha !== committed.sha) {
      entries.set(path, committed);
    }
  }
  await setIndexEntries(git, entries);
}
