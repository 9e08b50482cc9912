import { readBlob } from './blobs';
import { Git } from './git';
import { trailers } from './message';
import { headCommit } from './repository';
import { parseSummary } from './summary';
import type { SummaryFacts } from './summary';

/** An incident as git alone tells of it. */
export interface RecordedIncident {
  id: string;
  category: string | null;
  severity: string | null;
  /**
   * The newest commit on HEAD's line that somebody approved for it, else the newest that carries its
   * trailer; null when there is only the folder.
   */
  commit: { sha: string; subject: string; at: string; approvedBy: string | null } | null;
  /** From `summary.md`; null when it is not there. */
  summary: SummaryFacts | null;
}

const fieldSeparator = '\x1f';

/**
 * The incidents that a repository's HEAD knows of, newest id first, whoever met them.
 * @param folder of the incidents, relative to the root
 */
export async function recordedIncidents(
  repository: string,
  folder: string,
): Promise<RecordedIncident[]> {
  const git = new Git(repository);
  if ((await headCommit(git)) === null) return [];
  const found = new Map<string, RecordedIncident>();
  for (const summary of await summaries(git, folder)) {
    const { id, category, severity } = summary;
    found.set(id, { id, category, severity, commit: null, summary });
  }
  for (const { id, category, severity, commit } of await commits(git)) {
    const known = found.get(id);
    const fits = commit?.approvedBy !== null && known?.commit?.approvedBy === null;
    if (known?.commit && !fits) continue;
    found.set(id, { id, category, severity, summary: null, ...known, commit });
  }
  return [...found.values()].sort((a, b) => b.id.localeCompare(a.id, 'en', { numeric: true }));
}

async function summaries(git: Git, folder: string): Promise<SummaryFacts[]> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', 'HEAD', '--', `${folder}/`];
  const found: SummaryFacts[] = [];
  for (const line of await git.fields(args)) {
    const [entry = '', path = ''] = line.split('\t');
    if (!path.endsWith('/summary.md')) continue;
    const bytes = await readBlob(git, entry.split(' ')[2] ?? '');
    const facts = parseSummary(Buffer.from(bytes).toString('utf8'));
    if (facts) found.push(facts);
  }
  return found;
}

async function commits(git: Git): Promise<Omit<RecordedIncident, 'summary'>[]> {
  const trailer = (name: string) => `%(trailers:key=${name},valueonly,separator=%x20)`;
  const fields = ['%H', '%s', '%cI', ...Object.values(trailers).map(trailer)];
  const args = ['log', '-z', `--format=${fields.join('%x1f')}`, `--grep=^${trailers.id}: `, 'HEAD'];
  const text = await git.text(args);
  return text
    .split('\0')
    .map((record) => record.trim().split(fieldSeparator))
    .flatMap(([sha = '', subject = '', at = '', id, category, severity, approvedBy]) => {
      if (!id) return [];
      const commit = { sha, subject, at, approvedBy: approvedBy || null };
      return [{ id, category: category || null, severity: severity || null, commit }];
    });
}
