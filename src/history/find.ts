import type { Incident } from '../incident/incident';
import { readBlob, treeEntry } from './blobs';
import type { Git } from './git';
import { namesIncident, trailers } from './message';
import { headCommit } from './repository';
import { holdsValues } from './scalars';
import type { FileEdits } from './scalars';

/** Clocks of machines differ by less than this. */
const clockSkewMs = 60 * 60_000;

/** Commits that are looked at when a change made elsewhere is searched. */
const mostCommits = 200;

/** True if all files of a commit hold the decided values. */
export async function commitHolds(
  git: Git,
  commit: string,
  files: readonly Pick<FileEdits, 'path' | 'edits'>[],
): Promise<boolean> {
  for (const { path, edits } of files) {
    const entry = await treeEntry(git, commit, path);
    if (!entry || !holdsValues(await readBlob(git, entry.sha), edits)) return false;
  }
  return files.length > 0;
}

/**
 * The newest commit on HEAD's line, or on that of another `tip`, since `since` (ISO 8601) that
 * carries the incident's trailer and holds the values; null when there is none. It is what makes a
 * commit happen once.
 */
export async function findOwnCommit(
  git: Git,
  id: string,
  files: readonly Pick<FileEdits, 'path' | 'edits'>[],
  since: string,
  tip = 'HEAD',
): Promise<string | null> {
  if (tip === 'HEAD' && (await headCommit(git)) === null) return null;
  const grep = ['--fixed-strings', `--grep=${trailers.id}: ${id}`];
  // What only records the outcome carries the trailer too, and touches no values.
  const paths = files.map(({ path }) => path);
  const shas = await log(git, [...grep, `--since=${sinceText(since)}`, tip, '--', ...paths]);
  for (const sha of shas) {
    const message = await git.text(['log', '-1', '--format=%B', sha]);
    if (namesIncident(message, id) && (await commitHolds(git, sha, files))) return sha;
  }
  return null;
}

/**
 * The commit that brought the values to HEAD since `since`, made by anyone in any way; null when
 * HEAD does not hold them, or has held them all along.
 */
export async function findCommitHolding(
  git: Git,
  files: readonly Pick<FileEdits, 'path' | 'edits'>[],
  since: string,
): Promise<string | null> {
  const head = await headCommit(git);
  if (head === null || !(await commitHolds(git, head, files))) return null;
  const paths = files.map(({ path }) => path);
  const range = [
    `--since=${sinceText(since)}`,
    `--max-count=${mostCommits}`,
    'HEAD',
    '--',
    ...paths,
  ];
  for (const sha of await log(git, ['--first-parent', '-m', ...range])) {
    const holds = await commitHolds(git, sha, files);
    const parent = await firstParent(git, sha);
    if (holds && !(parent !== null && (await commitHolds(git, parent, files)))) return sha;
  }
  return null;
}

/** The commit that holds an incident's values, by its trailer or made by anyone; null for none. */
export async function findCommit(
  git: Git,
  { id, createdAt }: Pick<Incident, 'id' | 'createdAt'>,
  files: readonly Pick<FileEdits, 'path' | 'edits'>[],
): Promise<string | null> {
  return (
    (await findOwnCommit(git, id, files, createdAt)) ??
    (await findCommitHolding(git, files, createdAt))
  );
}

async function firstParent(git: Git, commit: string): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', `${commit}^1`];
  const sha = await git.text(args, { accept: [0, 1, 128] });
  return /^[0-9a-f]{40,64}$/.test(sha) ? sha : null;
}

async function log(git: Git, args: readonly string[]): Promise<string[]> {
  const text = await git.text(['log', '--format=%H', ...args]);
  return text.split('\n').filter((line) => line !== '');
}

function sinceText(since: string): string {
  return new Date(Date.parse(since) - clockSkewMs).toISOString();
}
