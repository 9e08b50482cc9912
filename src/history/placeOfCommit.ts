import type { Incident } from '../incident/incident';
import { commitHolds, findOwnCommit } from './find';
import { Git } from './git';
import { remoteOf } from './push';
import { currentBranch } from './repository';
import { decidedEdits } from './scalars';

/** How far a commit is on its way, as far as this repository has heard. */
export interface PlaceOfCommit {
  /** `merged`: the remote's default branch holds the change. */
  stage: 'committed' | 'pushed' | 'merged';
  /** The remote branch that holds it, for example `origin/main`; null for none. */
  where: string | null;
}

/** Remote branches that are looked through for a change that was rebased. */
const mostBranches = 20;

/**
 * Looks how far an incident's commit is. Nothing is fetched: what a remote holds is what was last
 * heard of it. A merge may squash, so the default branch is asked for the content and the
 * incident's trailer, never for the commit itself alone.
 */
export async function placeOfCommit(
  root: string,
  incident: Incident,
  signal?: AbortSignal,
): Promise<PlaceOfCommit> {
  const git = new Git(root, { signal });
  const { commit, decision, proposal, branch } = incident;
  const nowhere: PlaceOfCommit = { stage: 'committed', where: null };
  const local = branch ?? (await currentBranch(git));
  const remote = local === null ? null : await remoteOf(git, local);
  if (commit === null || remote === null) return nowhere;
  const values = decision?.kind === 'approved' ? decision.values : {};
  const holds = async (tip: string) =>
    (await isIn(git, commit, tip)) ||
    (await findOwnCommit(
      git,
      incident.id,
      decidedEdits(proposal, values),
      incident.createdAt,
      tip,
    )) !== null;
  const main = await defaultBranch(git, remote);
  // What was merged and then taken back is not there any more.
  if (
    main !== null &&
    (await holds(main)) &&
    (await commitHolds(git, main, decidedEdits(proposal, values)))
  ) {
    return { stage: 'merged', where: main };
  }
  const branches = await remoteBranches(git, remote);
  for (const each of branches.filter((one) => one !== main)) {
    if (await holds(each)) return { stage: 'pushed', where: each };
  }
  return nowhere;
}

/** `origin/main`: what the remote said its HEAD is, else the usual names. */
async function defaultBranch(git: Git, remote: string): Promise<string | null> {
  const args = ['symbolic-ref', '--quiet', '--short', `refs/remotes/${remote}/HEAD`];
  const told = await git.text(args, { accept: [0, 1, 128] });
  for (const name of [told, `${remote}/main`, `${remote}/master`]) {
    if (name !== '' && (await exists(git, name))) return name;
  }
  return null;
}

/** The remote's branches as last heard of, newest first. */
async function remoteBranches(git: Git, remote: string): Promise<string[]> {
  const args = ['--sort=-committerdate', `--count=${mostBranches}`, '--format=%(refname:short)'];
  const text = await git.text(['for-each-ref', ...args, `refs/remotes/${remote}`]);
  return text
    .split('\n')
    .filter((name) => name.startsWith(`${remote}/`) && !name.endsWith('/HEAD'));
}

async function exists(git: Git, name: string): Promise<boolean> {
  const args = ['rev-parse', '--verify', '--quiet', `refs/remotes/${name}`];
  return (await git.text(args, { accept: [0, 1, 128] })) !== '';
}

async function isIn(git: Git, commit: string, tip: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', commit, `refs/remotes/${tip}`];
  return (await git.run(args, { accept: [0, 1, 128] })).code === 0;
}
