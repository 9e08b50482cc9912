import type { Git } from './git';
import { currentBranch } from './repository';

/** The network and the remote's hooks get this long; a person at a terminal types meanwhile. */
const pushDeadlineMs = 3 * 60_000;

/** Settings of the person would else send tags and submodules along. */
const nothingElse = ['--no-follow-tags', '--recurse-submodules=no'];

/** What is pushed, and where to. */
export interface PushRequest {
  /** A local branch; null is the current one. */
  branch: string | null;
  /** Null: where git itself would push the branch, else `origin`, else the only remote. */
  remote: string | null;
  /** A person sits at our terminal and may be asked for a password there. */
  atTerminal?: boolean;
}

/** Why a remote did not take a push; the first word that a surface decides by. */
export type PushRefusal =
  /** The remote's hook or the protection of the branch said no: push another branch. */
  | 'protected'
  /** The remote's branch holds commits that this one does not: pull first. */
  | 'behind'
  /** Nobody could be asked for a password, or the one that is stored is wrong. */
  | 'credentials'
  /** A hook of this repository (`pre-push`) said no. */
  | 'hook'
  /** The remote is not there, or cannot be reached. */
  | 'unreachable'
  | 'other';

/** What came of a push. */
export type PushResult =
  | {
      kind: 'pushed';
      remote: string;
      branch: string;
      /** The remote held it all before. */
      already: boolean;
      /** Where the remote says that a pull request is opened; null when it printed no address. */
      link: string | null;
    }
  | {
      kind: 'refused';
      remote: string;
      branch: string;
      why: PushRefusal;
      /** One sentence: what happened, what was kept, what to do next. */
      sentence: string;
      /** What git and the remote said, at most its last lines. */
      said: string;
    }
  /** There is no remote, several without a choice, or HEAD is on no branch. */
  | { kind: 'no-upstream'; sentence: string };

/**
 * Pushes one branch under its own name and nothing else, never with force. The remote's branch
 * becomes its upstream where it has none; one that the person chose stays. Local branches and commits stay as they are, whatever the remote says.
 * Nothing calls this but on a person's word.
 * @throws code `cancelled`, `deadline`
 */
export async function push(git: Git, request: PushRequest): Promise<PushResult> {
  const branch = request.branch ?? (await currentBranch(git));
  if (branch === null) {
    return noUpstream('HEAD is on no branch, so nothing was pushed; switch to a branch first.');
  }
  const remote = request.remote ?? (await remoteOf(git, branch));
  if (remote === null) {
    return noUpstream(
      `There is no remote to push ${branch} to, so the commit is here alone; add one with "git remote add origin ADDRESS".`,
    );
  }
  const ref = `refs/heads/${branch}`;
  const chosen = await git.text(['for-each-ref', '--format=%(upstream)', ref]);
  const upstream = chosen === '' ? ['--set-upstream'] : [];
  const { code, stdout, stderr } = await git.run(
    ['push', '--porcelain', ...nothingElse, ...upstream, remote, `${ref}:${ref}`],
    {
      accept: Array.from({ length: 256 }, (_, status) => status),
      deadlineMs: pushDeadlineMs,
      atTerminal: request.atTerminal ?? false,
    },
  );
  const answer = stdout.toString('utf8');
  if (code === 0) {
    const already = /^=\t/m.test(answer);
    return { kind: 'pushed', remote, branch, already, link: requestLink(stderr) };
  }
  const why = refusalOf(answer, stderr);
  const said = stderr.trim().split('\n').slice(-20).join('\n');
  const sentence = sentences[why](remote, branch, remoteWords(stderr));
  return { kind: 'refused', remote, branch, why, sentence, said };
}

/** The remote that git pushes a branch to, or the one that can be meant; null when none can. */
export async function remoteOf(git: Git, branch: string): Promise<string | null> {
  const remotes = (await git.text(['remote'])).split('\n').filter((name) => name !== '');
  const args = ['for-each-ref', '--format=%(push:remotename)', `refs/heads/${branch}`];
  const own = await git.text(args);
  const named = [own, 'origin', ...(remotes.length === 1 ? remotes : [])];
  return named.find((name) => remotes.includes(name)) ?? null;
}

/** In the order in which they are looked for: a sentence about rights may also name a hook. */
const refusals: readonly (readonly [PushRefusal, RegExp])[] = [
  ['behind', /^!.*\[rejected\] \((?:fetch first|non-fast-forward|needs force|stale info)\)/m],
  ['protected', /^!.*\[remote rejected\]/m],
  [
    'credentials',
    /terminal prompts disabled|could not read (?:Username|Password)|Authentication failed|Permission denied|Host key verification failed|HTTP (?:401|403)|error: 40[13]|access denied/i,
  ],
  [
    'unreachable',
    /does not appear to be a git repository|[Rr]epository .*not found|not found$|Could not (?:resolve|read from)|unable to access|Connection (?:refused|timed out|reset)|No route to host/m,
  ],
];

/** A `pre-push` hook of this repository ends git before it has said anything of a remote. */
function refusalOf(answer: string, stderr: string): PushRefusal {
  const found = refusals.find(([, pattern]) => pattern.test(`${answer}\n${stderr}`))?.[0];
  if (found) return found;
  return /error: failed to push some refs/.test(stderr) ? 'hook' : 'other';
}

type Sentence = (remote: string, branch: string, words: string) => string;

const kept = 'Your commit is kept on';

const sentences: Record<PushRefusal, Sentence> = {
  protected: (remote, branch, words) =>
    `${remote} refuses pushes to ${branch}${words && ` (“${words}”)`}. ${kept} ${branch}; push it as a branch of its own and open a pull request.`,
  behind: (remote, branch) =>
    `${branch} on ${remote} holds commits that yours does not, so nothing was pushed. ${kept} ${branch}; pull, then push again.`,
  credentials: (remote, branch) =>
    `${remote} did not let you in, so nothing was pushed. ${kept} ${branch}; sign in (for example with "git push" in a terminal), then push again.`,
  hook: (remote, branch) =>
    `The pre-push hook of this repository refused, so nothing was pushed to ${remote}. ${kept} ${branch}; do what the hook asks for, then push again.`,
  unreachable: (remote, branch) =>
    `${remote} cannot be reached, so nothing was pushed. ${kept} ${branch}; look at its address with "git remote -v" and at your network, then push again.`,
  other: (remote, branch) =>
    `git could not push ${branch} to ${remote}. ${kept} ${branch}; the log has what git said.`,
};

/** What the remote said first in its own words, without the frame that some hosts draw. */
function remoteWords(stderr: string): string {
  const lines = remoteLines(stderr).filter((line) => /[\p{L}\p{N}]/u.test(line));
  const first = lines.find((line) => !/^(?:Resolving|Counting|Compressing) /.test(line)) ?? '';
  return first.length > 160 ? `${first.slice(0, 159)}…` : first.replace(/[.!]+$/, '');
}

/** GitHub, GitLab and Bitbucket print where a pull request for a new branch is opened. */
function requestLink(stderr: string): string | null {
  const lines = remoteLines(stderr);
  const announced = lines.findIndex((line) => /(?:pull|merge) request/i.test(line));
  if (announced < 0) return null;
  const found = /https?:\/\/\S+/.exec(lines.slice(announced, announced + 4).join('\n'))?.[0];
  return found ?? null;
}

function remoteLines(stderr: string): string[] {
  return stderr.split(/\r?\n|\r/).flatMap((line) => {
    const said = /^remote: ?(.*)$/.exec(line)?.[1];
    return said === undefined ? [] : [said.trim()];
  });
}

function noUpstream(sentence: string): PushResult {
  return { kind: 'no-upstream', sentence };
}
