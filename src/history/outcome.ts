import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { WarRoomError, messageOf } from '../base/errors';
import type { EvidenceText } from '../incident/evidence';
import type { Incident } from '../incident/incident';
import { writeRecordFile } from './acceptance';
import type { Workbench } from './acceptance';
import { indexEntry, plainMode, readBlob, setIndexEntries, treeEntry, writeBlob } from './blobs';
import { commitContent } from './commit';
import type { Git } from './git';
import { outcomeMessage } from './message';
import { criticismOf, feedbackPath, negativeFeedback } from './negativeFeedback';
import { outcomeText, withOutcome } from './outcomeText';
import type { OutcomeText } from './outcomeText';
import { incidentRecord, withoutSecrets } from './record';
import type { RecordOptions } from './record';
import { repositoryFacts, requireCommittable } from './repository';

/** The commit that holds how an incident ended. */
export interface Recorded {
  sha: string;
  branch: string | null;
  notes: readonly string[];
}

/** A file of the incident's folder, and what becomes of what it holds; undefined where it is not there. */
interface RecordChange {
  path: string;
  /** False for what was committed with the fix and stays as it is. */
  isOutcome: boolean;
  change: (text: string | undefined) => string;
}

/** And what HEAD holds of it before and then. */
interface SettledChange extends RecordChange {
  before: string | undefined;
  committed: string;
}

/**
 * Commits how an incident ended into its folder, and nothing else: state and time, what the
 * verification measured, the timeline; for a fix that did not help also `feedback_negative.json`.
 * What a person wrote into these files stays. An incident without a commit gets its whole record.
 * Recorded twice it is one commit.
 * @throws code `wrong-state` before the incident has ended, or where HEAD does not hold its commit,
 *   `no-repository`, and what keeps git from committing; nothing is changed then
 */
export async function recordOutcome(
  bench: Workbench,
  incident: Incident,
  evidence: readonly EvidenceText[],
  options: RecordOptions,
): Promise<Recorded> {
  const { git, root } = bench;
  const outcome = outcomeText(incident);
  if (!outcome) {
    throw refused(`${incident.id} has not ended yet, so there is no outcome to record.`);
  }
  if (!git) {
    throw new WarRoomError(
      'no-repository',
      `${incident.id} belongs to no git repository, so its outcome was not recorded.`,
    );
  }
  const facts = await repositoryFacts(git);
  const isHere = await hasFolder(git, facts.head, incident, options.folder);
  const { changes: all, notes } = changesOf(incident, evidence, outcome, options);
  // What somebody took out of the committed folder stays out.
  const changes = isHere ? all.filter(({ isOutcome }) => isOutcome) : all;
  const settled = await Promise.all(
    changes.map(async (each): Promise<SettledChange> => {
      const before = await textIn(git, facts.head, each.path);
      return { ...each, before, committed: each.change(before) };
    }),
  );
  const record = settled.filter(({ before, committed }) => committed !== before);
  if (record.length === 0) {
    // Recorded before; a crash may have kept the index and the files from following.
    for (const each of settled) await follow(git, root, each);
    const paths = changes.map(({ path }) => path);
    const sha = await git.text(['log', '-1', '--format=%H', 'HEAD', '--', ...paths]);
    return { sha, branch: facts.branch, notes: [] };
  }
  requireCommittable(facts);
  const made = await commitContent(git, facts, {
    id: incident.id,
    message: outcomeMessage(incident, outcome.status),
    files: [],
    record: new Map(record.map(({ path, committed }) => [path, Buffer.from(committed)])),
  });
  const late = await settle(git, root, settled);
  return { sha: made.sha, branch: facts.branch, notes: [...notes, ...made.notes, ...late] };
}

/** The commit is made, so what keeps the index or a file from following it is only told. */
async function settle(
  git: Git,
  root: string,
  changes: readonly SettledChange[],
): Promise<string[]> {
  try {
    for (const each of changes) await follow(git, root, each);
    return [];
  } catch (error) {
    return [
      `The outcome is committed, but its files were not all brought up to it (${messageOf(error)}); record it once more.`,
    ];
  }
}

/** What becomes of the files: the approved diff and evidence stay as they were committed. */
function changesOf(
  incident: Incident,
  evidence: readonly EvidenceText[],
  outcome: OutcomeText,
  options: RecordOptions,
): { changes: readonly RecordChange[]; notes: readonly string[] } {
  const { folder, scanSecrets } = options;
  const safe = (text: string) => withoutSecrets(text, scanSecrets).text;
  const { Verification, Timeline } = outcome.sections;
  const told: OutcomeText = {
    ...outcome,
    sections: { Verification: safe(Verification), Timeline: safe(Timeline) },
  };
  const approval = incident.decision?.kind === 'approved' ? incident.decision : null;
  const diff = (incident.proposal?.files ?? []).map((file) => file.diff).join('');
  const whole = incidentRecord(incident, evidence, approval, diff, options);
  const changes = [...whole.files].map(([path, bytes]): RecordChange => {
    const fresh = Buffer.from(bytes).toString('utf8');
    const isSummary = path.endsWith('/summary.md');
    const change = (text = fresh) => (isSummary ? withOutcome(text, told) : text);
    return { path, isOutcome: isSummary, change };
  });
  const criticism = criticismOf(incident);
  if (criticism) {
    const fresh = safe(negativeFeedback(incident, criticism));
    const path = feedbackPath(folder, incident.id);
    changes.push({ path, isOutcome: true, change: (text = fresh) => text });
  }
  return { changes, notes: whole.notes };
}

/**
 * Whether HEAD holds the folder of a committed incident, also where its commit was squashed.
 * @throws code `wrong-state` where it holds neither folder nor commit, which then lie elsewhere
 */
async function hasFolder(
  git: Git,
  head: string | null,
  { id, commit }: Incident,
  folder: string,
): Promise<boolean> {
  if (commit === null) return false;
  if ((await textIn(git, head, `${folder}/${id}/summary.md`)) !== undefined) return true;
  // 128: the commit is nowhere in this repository.
  const args = ['merge-base', '--is-ancestor', commit, 'HEAD'];
  if ((await git.run(args, { accept: [0, 1, 128] })).code === 0) return false;
  throw refused(
    `The current branch does not hold the commit of ${id}, so its outcome was not recorded; switch to the branch that holds it, or pull.`,
  );
}

async function textIn(git: Git, head: string | null, path: string): Promise<string | undefined> {
  const entry = head === null ? undefined : await treeEntry(git, head, path);
  return entry && Buffer.from(await readBlob(git, entry.sha)).toString('utf8');
}

/** The person's index and file get the same change, on top of what they hold besides. */
async function follow(
  git: Git,
  root: string,
  { path, change, committed }: SettledChange,
): Promise<void> {
  const staged = await indexEntry(git, path);
  const text = staged && Buffer.from(await readBlob(git, staged.sha)).toString('utf8');
  const next = text === undefined ? committed : change(text);
  if (next !== text) {
    const sha = await writeBlob(git, Buffer.from(next));
    await setIndexEntries(git, new Map([[path, { mode: staged?.mode ?? plainMode, sha }]]));
  }
  const file = await readFile(join(root, path), 'utf8').catch(() => undefined);
  const saved = file === undefined ? committed : change(file);
  if (saved !== file) await writeRecordFile(root, path, Buffer.from(saved));
}

function refused(sentence: string): WarRoomError {
  return new WarRoomError('wrong-state', `${sentence} Nothing was changed.`);
}
