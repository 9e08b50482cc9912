import { WarRoomError } from '../base/errors';
import type { Git } from './git';

/** A file as the index or a tree holds it. */
export interface Entry {
  /** For example `100644`. */
  mode: string;
  /** Name of the blob. */
  sha: string;
}

/** Mode of the files that War Room adds. */
export const plainMode = '100644';

/**
 * What the index holds of a path; undefined when it is not tracked.
 * @param index another index file than the repository's own
 * @throws code `merge-in-progress` when the path has conflicts
 */
export async function indexEntry(
  git: Git,
  path: string,
  index?: string,
): Promise<Entry | undefined> {
  const args = ['ls-files', '--stage', '-z', '--', path];
  const [line, ...more] = await git.fields(args, { env: indexEnvironment(index) });
  if (line === undefined) return undefined;
  const [mode = '', sha = '', stage] = (line.split('\t')[0] ?? '').split(' ');
  if (more.length > 0 || stage !== '0') {
    throw new WarRoomError(
      'merge-in-progress',
      `${path} has conflicts, so nothing was changed; resolve them and accept again.`,
    );
  }
  return { mode, sha };
}

/** What a commit holds of a path; undefined when it is not there. */
export async function treeEntry(
  git: Git,
  commit: string,
  path: string,
): Promise<Entry | undefined> {
  const [line] = await git.fields(['ls-tree', '-z', '--full-tree', commit, '--', path]);
  const [mode, type, sha] = line?.split('\t')[0]?.split(' ') ?? [];
  return mode !== undefined && sha !== undefined && type === 'blob' ? { mode, sha } : undefined;
}

export async function readBlob(git: Git, sha: string): Promise<Uint8Array> {
  return (await git.run(['cat-file', 'blob', sha])).stdout;
}

/** Stores bytes as they are: no filter and no conversion of line ends runs on them. */
export async function writeBlob(git: Git, bytes: Uint8Array): Promise<string> {
  return git.text(['hash-object', '-w', '--stdin'], { input: bytes });
}

/** Stores the bytes of a file as `git add` would. */
export async function writeFiltered(git: Git, path: string, bytes: Uint8Array): Promise<string> {
  return git.text(['hash-object', '-w', '--stdin', '--path', path], { input: bytes });
}

/** Sets the entries of several paths in one step; undefined takes a path out of the index. */
export async function setIndexEntries(
  git: Git,
  entries: ReadonlyMap<string, Entry | undefined>,
  index?: string,
): Promise<void> {
  if (entries.size === 0) return;
  const none = '0'.repeat(40);
  const lines = [...entries].map(([path, entry]) =>
    entry ? `${entry.mode} ${entry.sha}\t${path}\0` : `0 ${none}\t${path}\0`,
  );
  await git.run(['update-index', '-z', '--add', '--index-info'], {
    input: Buffer.from(lines.join('')),
    env: indexEnvironment(index),
  });
}

/** The environment in which git works on an index file of its own. */
export function indexEnvironment(index: string | undefined): NodeJS.ProcessEnv {
  return index === undefined ? {} : { GIT_INDEX_FILE: index };
}
