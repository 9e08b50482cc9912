import type { Git } from './git';
import { currentBranch, headCommit } from './repository';

/** A switch to a branch that War Room made, with the way back. */
export interface BranchSwitch {
  branch: string;
  /** Goes back to where the person was and removes the branch, which holds nothing of its own. */
  undo(): Promise<void>;
}

/**
 * Makes a branch at HEAD and switches to it; files and index stay as they are. Where the name is
 * taken by a branch that stands elsewhere, the next free one with `-2`, `-3` … is made.
 */
export async function switchToNewBranch(git: Git, wanted: string): Promise<BranchSwitch> {
  const from = await currentBranch(git);
  if (from === wanted) return { branch: wanted, undo: () => Promise.resolve() };
  const head = await headCommit(git);
  for (let suffix = 1; ; suffix++) {
    const branch = suffix === 1 ? wanted : `${wanted}-${suffix}`;
    const tip = await tipOf(git, branch);
    if (tip !== null && tip !== head) continue;
    // Without an upstream, whatever the settings say: pushing it must never mean pushing `from`.
    const make = ['checkout', '--quiet', '--no-track', '-b', branch];
    if (tip === null) await git.run(make, { spoken: true });
    else await git.run(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
    return { branch, undo: () => switchBack(git, branch, from, head) };
  }
}

/**
 * A branch at a commit, made where there is none; nothing is switched to. Where the name is taken
 * by a branch that does not hold the commit, the next free one with `-2`, `-3` … is made.
 */
export async function branchAt(git: Git, wanted: string, commit: string): Promise<string> {
  for (let suffix = 1; ; suffix++) {
    const branch = suffix === 1 ? wanted : `${wanted}-${suffix}`;
    if ((await tipOf(git, branch)) === null) {
      await git.run(['branch', '--no-track', branch, commit]);
      return branch;
    }
    const holds = ['merge-base', '--is-ancestor', commit, `refs/heads/${branch}`];
    if ((await git.run(holds, { accept: [0, 1] })).code === 0) return branch;
  }
}

async function switchBack(
  git: Git,
  branch: string,
  from: string | null,
  head: string | null,
): Promise<void> {
  if (from === null) return;
  await git.run(['symbolic-ref', 'HEAD', `refs/heads/${from}`]);
  if (head !== null) await git.run(['update-ref', '-d', `refs/heads/${branch}`, head]);
}

async function tipOf(git: Git, branch: string): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`];
  const sha = await git.text(args, { accept: [0, 1] });
  return sha === '' ? null : sha;
}
