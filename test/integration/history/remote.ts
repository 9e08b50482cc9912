import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runOrThrow } from '../../harness/process';
import type { World } from './fixture';

/** A real bare repository that the world's repository knows as `name` and has pushed `main` to. */
export async function remote(world: World, name = 'origin'): Promise<string> {
  const folder = join(world.root, '..', `${name}.git`);
  const at = { cwd: world.root, env: world.env, deadlineMs: 30_000 };
  await runOrThrow('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder], at);
  await world.git('remote', 'add', name, folder);
  await world.git('push', '--quiet', name, 'main');
  return folder;
}

/** What the remote runs before it takes a push. */
export async function remoteHook(folder: string, script: string): Promise<void> {
  const file = join(folder, 'hooks', 'pre-receive');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

export const refusesMain =
  'while read old new ref; do case "$ref" in refs/heads/main) echo "main is protected: open a pull request." >&2; exit 1;; esac; done';

/** The commit of a branch of `origin`; empty where there is none. */
export async function remoteTip(world: World, branch: string): Promise<string> {
  return (await world.git('ls-remote', 'origin', `refs/heads/${branch}`)).split('\t')[0] ?? '';
}
