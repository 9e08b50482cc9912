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

/**
 * Sets the entries of several paths in one step; undefined takes a path out of the index. What the
 * person told git not to look at (`--assume-unchanged`, `--skip-worktree`) stays so.
 */
export async function setIndexEntries(
  git: Git,
  entries: ReadonlyMap<string, Entry | undefined>,
  index?: string,
): Promise<void> {
  if (entries.size === 0) return;
  const env = indexEnvironment(index);
  const kept = await flagsOf(git, [...entries.keys()], env);
  // For mode 0 the name says nothing, it only has to be as long as the repository's names are.
  const removes = [...entries.values()].includes(undefined);
  const none = removes ? await git.text(['hash-object', '--stdin']) : '';
  const lines = [...entries].map(
    ([path, entry]) => `${entry?.mode ?? '0'} ${entry?.sha ?? none}\t${path}\0`,
  );
  const input = Buffer.from(lines.join(''));
  await git.run(['update-index', '-z', '--add', '--index-info'], { input, env });
  for (const [flag, paths] of kept) {
    const there = paths.filter((path) => entries.get(path));
    if (there.length > 0) await git.run(['update-index', flag, '--', ...there], { env });
  }
}

/** Which of the paths carry a flag that `--index-info` would take off, by the option that sets it. */
async function flagsOf(
  git: Git,
  paths: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<string, string[]>> {
  const flags = new Map<string, string[]>();
  // A letter and the path: small for "assume unchanged", S for "skip the working tree".
  for (const field of await git.fields(['ls-files', '-v', '-z', '--', ...paths], { env })) {
    const [letter = '', path] = [field.slice(0, 1), field.slice(2)];
    const carried = [
      ...(/[a-z]/.test(letter) ? ['--assume-unchanged'] : []),
      ...(/s/i.test(letter) ? ['--skip-worktree'] : []),
    ];
    for (const flag of carried) flags.set(flag, [...(flags.get(flag) ?? []), path]);
  }
  return flags;
}

/** True for a path of the index that `git add --intent-to-add` put there: git has none of it yet. */
export async function isIntentToAdd(git: Git, path: string): Promise<boolean> {
  const args = ['diff', '--name-only', '--diff-filter=A', '-z', '--', path];
  return (await git.fields(args)).length > 0;
}

/** The environment in which git works on an index file of its own. */
export function indexEnvironment(index: string | undefined): NodeJS.ProcessEnv {
  return index === undefined ? {} : { GIT_INDEX_FILE: index };
}
