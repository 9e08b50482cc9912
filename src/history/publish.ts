import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { WarRoomError } from '../base/errors';
import type { Incident } from '../incident/incident';
import { branchAt } from './branch';
import { compareLink, isGitHub } from './compareLink';
import type { Git } from './git';
import { commitMessage } from './message';
import { push } from './push';
import type { PushResult } from './push';
import { currentBranch } from './repository';

const run = promisify(execFile);
const hubDeadlineMs = 60_000;
const cancelledRequest = 'The branch is pushed; opening its pull request was cancelled.';

/** How an incident's commit leaves this machine; each part is the person's word. */
export interface Publishing {
  /** Push it as `war-room/<id>`, also where it was made on another branch, which stays as it is. */
  ownBranch: boolean;
  /** Open a pull request with GitHub's command line, where that is there. */
  pullRequest: boolean;
  /** A person sits at our terminal and may be asked for a password there. */
  atTerminal?: boolean;
  signal?: AbortSignal;
  /** The environment of GitHub's command line. */
  env?: NodeJS.ProcessEnv;
}

/** What came of it. */
export type Published =
  | (Extract<PushResult, { kind: 'pushed' }> & {
      /** Where the pull request is, or is opened; null where the branch needs none. */
      pullRequest: { address: string; opened: boolean } | null;
      /** What the person should be told besides. */
      notes: readonly string[];
    })
  | Exclude<PushResult, { kind: 'pushed' }>;

/**
 * Pushes the branch that holds an incident's commit, and says where its pull request is opened.
 * @throws code `wrong-state` when there is no commit yet, or its branch does not hold it any more
 */
export async function publish(git: Git, incident: Incident, asked: Publishing): Promise<Published> {
  const { id } = incident;
  // A revert is on its way like the fix was.
  const commit = incident.reverted?.commit ?? incident.commit;
  if (commit === null) {
    throw new WarRoomError('wrong-state', `${id} is not committed yet, so nothing was pushed.`);
  }
  const branch = asked.ownBranch
    ? await branchAt(git, `war-room/${id}`, commit)
    : (incident.branch ?? (await currentBranch(git)));
  if (branch !== null) await requireCommitOn(git, branch, commit);
  const result = await push(git, { branch, remote: null, atTerminal: asked.atTerminal ?? false });
  if (result.kind !== 'pushed') return result;
  const addresses = await addressesOf(git, result.remote);
  const base = await baseOf(git, incident, result.remote);
  if (base === result.branch) return { ...result, pullRequest: null, notes: [] };
  const comparison = { head: result.branch, base };
  const known = addresses.map((address) => compareLink(address, comparison));
  const link = result.link ?? known.find((each) => each !== null) ?? null;
  if (!asked.pullRequest || !addresses.some(isGitHub))
    return { ...result, ...linked(link), notes: [] };
  const opened = await openWithHub(git, incident, result.branch, base, asked);
  return 'address' in opened
    ? { ...result, pullRequest: { address: opened.address, opened: true }, notes: [] }
    : { ...result, ...linked(link), notes: [opened.why] };
}

function linked(link: string | null) {
  return { pullRequest: link === null ? null : { address: link, opened: false } };
}

async function requireCommitOn(git: Git, branch: string, commit: string): Promise<void> {
  const args = ['merge-base', '--is-ancestor', commit, `refs/heads/${branch}`];
  const { code } = await git.run(args, { accept: [0, 1, 128] });
  if (code === 0) return;
  throw new WarRoomError(
    'wrong-state',
    `The branch ${branch} does not hold the incident's commit any more, so nothing was pushed; look where it is with "git branch --contains ${commit.slice(0, 10)}".`,
  );
}

/** Where a remote is, as git goes there and as its settings name it: `insteadOf` is between. */
async function addressesOf(git: Git, remote: string): Promise<string[]> {
  const named = ['config', '--get', `remote.${remote}.url`];
  return [
    await git.text(['remote', 'get-url', '--push', remote]),
    await git.text(named, { accept: [0, 1] }),
  ];
}

/** Where the change is to arrive: the remote's default branch, else where it was accepted. */
async function baseOf(git: Git, { accepted }: Incident, remote: string): Promise<string | null> {
  const args = ['symbolic-ref', '--quiet', '--short', `refs/remotes/${remote}/HEAD`];
  const head = await git.text(args, { accept: [0, 1, 128] });
  if (head.startsWith(`${remote}/`)) return head.slice(remote.length + 1);
  return accepted?.branch ?? null;
}

/** GitHub's own command line knows the person's login; it never asks here. */
async function openWithHub(
  git: Git,
  incident: Incident,
  head: string,
  base: string | null,
  { signal, env }: Publishing,
): Promise<{ address: string } | { why: string }> {
  const [subject = '', ...body] = commitMessage(incident, incident.decision?.by ?? '').split('\n');
  const into = base === null ? [] : ['--base', base];
  const text = ['--title', subject, '--body', body.join('\n').trim()];
  try {
    const { stdout } = await run('gh', ['pr', 'create', '--head', head, ...into, ...text], {
      cwd: git.folder,
      env: { ...(env ?? process.env), GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1' },
      timeout: hubDeadlineMs,
      windowsHide: true,
      ...(signal ? { signal } : {}),
    });
    const address = /https:\/\/\S+/.exec(stdout)?.[0];
    return address === undefined ? { why: 'gh named no pull request.' } : { address };
  } catch (error) {
    // The push went through whatever became of this, so it is no failure of the whole.
    if (signal?.aborted) return { why: cancelledRequest };
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = missing ? 'gh is not installed' : `gh said: ${said.split('\n')[0] ?? ''}`;
    return { why: `The pull request is yours to open (${why}).` };
  }
}
