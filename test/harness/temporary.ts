import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runOrThrow } from './process';

/** A folder that is removed by `remove` (or by `await using`). */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes an empty folder under the temporary directory; its path has no symbolic links. */
export async function temporaryFolder(label: string): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), `war-room-${label}-`)));
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 5 });
  return { path, remove, [Symbol.asyncDispose]: remove };
}

/** Copies a folder into a fresh temporary one and commits all of it in a new git repository. */
export async function temporaryRepository(source: string): Promise<TemporaryFolder> {
  const folder = await temporaryFolder('workspace');
  await cp(source, folder.path, { recursive: true });
  await initialiseRepository(folder.path);
  return folder;
}

/** Makes `folder` a git repository with an identity and one commit that holds all its files. */
export async function initialiseRepository(folder: string): Promise<void> {
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  await git(folder, 'config', 'user.name', 'Sam Oncall');
  await git(folder, 'config', 'user.email', 'sam@example.com');
  await git(folder, 'config', 'commit.gpgsign', 'false');
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'Add the charts');
}

/** Runs git in `folder`, without the settings of the machine, and gives its standard output. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  return runOrThrow('git', args, {
    cwd: folder,
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    deadlineMs: 30_000,
  });
}
