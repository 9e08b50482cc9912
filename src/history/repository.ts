import { stat, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { WarRoomError } from '../base/errors';
import { Git } from './git';
import type { GitOptions } from './git';

/** What git is in the middle of. */
export type Operation = 'merge' | 'rebase' | 'cherry-pick' | 'revert';

/** How a repository stands. */
export interface RepositoryFacts {
  /** Root of the working tree, real path. */
  root: string;
  /** Where git keeps the index and HEAD of this working tree. */
  gitFolder: string;
  /** The current branch; null when HEAD is detached. */
  branch: string | null;
  /** The commit that HEAD names; null before the first one. */
  head: string | null;
  operation: Operation | null;
  /** Paths with unresolved conflicts. */
  unmerged: readonly string[];
  /** `Name <email>` of who would commit; null when git was not told. */
  identity: string | null;
}

/**
 * The root (real path) of the repository that holds a file or folder, which need not exist itself.
 * @returns null when there is none
 * @throws code `git-failed` when git refuses to say, for example for a folder of another person
 */
export async function findRepository(path: string, options?: GitOptions): Promise<string | null> {
  const folder = await nearestFolder(path);
  const git = new Git(folder, options);
  const { code, stdout, stderr } = await git.run(['rev-parse', '--show-toplevel'], {
    accept: [0, 128],
  });
  if (code === 0) {
    const root = stdout.toString('utf8').replace(/\n$/, '');
    return root === '' ? null : await realpath(root);
  }
  if (/not a git repository|must be run in a work tree/.test(stderr)) return null;
  throw new WarRoomError('git-failed', `git refuses the folder ${folder}: ${stderr.trim()}`);
}

/** @throws code `no-repository` when `root` is not in one */
export async function repositoryFacts(git: Git): Promise<RepositoryFacts> {
  const gitFolder = await gitFolderOf(git);
  const [branch, head, operation, unmerged, identity] = await Promise.all([
    currentBranch(git),
    headCommit(git),
    operationIn(gitFolder),
    unmergedPaths(git),
    identityOf(git),
  ]);
  return { root: git.folder, gitFolder, branch, head, operation, unmerged, identity };
}

/** @throws code `merge-in-progress` */
export function requireNoOperation({ operation, unmerged }: RepositoryFacts): void {
  if (operation === null && unmerged.length === 0) return;
  const what = operation ?? 'merge';
  throw new WarRoomError(
    'merge-in-progress',
    `A ${what} is in progress in this repository, so nothing was changed; finish or abort it and accept again.`,
  );
}

/**
 * Says why nothing can be committed here.
 * @throws code `merge-in-progress`, `detached-head`, `identity-missing`
 */
export function requireCommittable(facts: RepositoryFacts): void {
  requireNoOperation(facts);
  if (facts.branch === null) {
    throw new WarRoomError(
      'detached-head',
      'HEAD is detached, so a commit would belong to no branch; switch to a branch and commit again. The proposal is kept.',
    );
  }
  if (facts.identity === null) {
    throw new WarRoomError(
      'identity-missing',
      'git does not know who commits; set user.name and user.email and commit again. The proposal is kept.',
    );
  }
}

/** The commit that HEAD names; null before the first one. */
export async function headCommit(git: Git): Promise<string | null> {
  const call = { accept: [0, 1] };
  const sha = await git.text(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], call);
  return sha === '' ? null : sha;
}

/** Null when HEAD is detached. */
export async function currentBranch(git: Git): Promise<string | null> {
  const call = { accept: [0, 1] };
  const name = await git.text(['symbolic-ref', '--quiet', '--short', 'HEAD'], call);
  return name === '' ? null : name;
}

async function gitFolderOf(git: Git): Promise<string> {
  const call = { accept: [0, 128] };
  const { code, stdout } = await git.run(['rev-parse', '--absolute-git-dir'], call);
  if (code !== 0) {
    throw new WarRoomError(
      'no-repository',
      'The values file is in no git repository, so the change cannot be committed.',
    );
  }
  return stdout.toString('utf8').replace(/\n$/, '');
}

async function unmergedPaths(git: Git): Promise<string[]> {
  const entries = await git.fields(['ls-files', '--unmerged', '-z']);
  return [...new Set(entries.map((entry) => entry.slice(entry.indexOf('\t') + 1)))];
}

/** What git makes up from the names of the machine and the account is no identity. */
async function identityOf(git: Git): Promise<string | null> {
  for (const name of ['GIT_COMMITTER_IDENT', 'GIT_AUTHOR_IDENT']) {
    const args = ['-c', 'user.useConfigOnly=true', 'var', name];
    const { code, stdout } = await git.run(args, { accept: [0, 1, 128] });
    const identity = /^(.*<.*>)/.exec(stdout.toString('utf8'))?.[1];
    if (code !== 0 || identity === undefined) return null;
    if (name === 'GIT_AUTHOR_IDENT') return identity;
  }
  return null;
}

const traces: readonly (readonly [string, Operation])[] = [
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
];

async function operationIn(gitFolder: string): Promise<Operation | null> {
  for (const [name, operation] of traces) {
    if (await exists(join(gitFolder, name))) return operation;
  }
  return null;
}

async function nearestFolder(path: string): Promise<string> {
  let folder = resolve(path);
  while (basename(folder) !== '') {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return folder;
    folder = dirname(folder);
  }
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
