import { systemClock } from '../base/clock';
import type { Clock } from '../base/clock';
import { WarRoomError, messageOf } from '../base/errors';
import { silentLog } from '../base/log';
import type { Log } from '../base/log';
import type { EvidenceText } from '../incident/evidence';
import type { AcceptedChange, Incident } from '../incident/incident';
import type { Decision } from '../incident/proposal';
import { accept, acceptedChange, committedBytes, recordOf } from './acceptance';
import type { Workbench } from './acceptance';
import { switchToNewBranch } from './branch';
import type { BranchSwitch } from './branch';
import { changesBefore } from './changes';
import type { FileVersion } from '../remediation/surroundings';
import { versionsOf } from './versions';
import { commitContent, settleIndex } from './commit';
import { diskAccess, placeInside } from './files';
import type { FileAccess } from './files';
import { findCommit, findOwnCommit } from './find';
import { Git } from './git';
import { readJournal } from './journal';
import type { UndoShelf } from './journal';
import { commitMessage } from './message';
import { recordOutcome } from './outcome';
import type { Recorded } from './outcome';
import { whereabouts } from './reconcile';
import type { Whereabouts } from './reconcile';
import type { EvidencePolicy, RecordOptions } from './record';
import { recordFor } from './recordFor';
import { currentBranch, repositoryFacts, requireCommittable } from './repository';
import type { RepositoryFacts } from './repository';
import { decidedEdits, holdsValues } from './scalars';
import type { FileEdits } from './scalars';
import { undoAcceptance } from './undo';
import type { Undone } from './undo';

type Approved = Extract<Decision, { kind: 'approved' }>;

export interface HistoryOptions {
  /** Where undo lies and which incidents there are; the store of incidents is both. */
  store: UndoShelf & { list(): Promise<Incident[]> };
  settings: { examplesFolder: string; evidence?: EvidencePolicy };
  /** Kinds of secrets that a text holds. */
  scanSecrets: (text: string) => readonly string[];
  /** How files are written; the file system unless told. */
  files?: FileAccess;
  clock?: Clock;
  log?: Log;
  /** The environment that git inherits. */
  env?: NodeJS.ProcessEnv;
}

/** What was committed, or had been. */
export interface Committed {
  sha: string;
  branch: string | null;
  notes: readonly string[];
}

/** An incident's change in a repository: accepted, taken back, committed, found again. */
export class GitHistory {
  private readonly clock: Clock;
  private readonly log: Log;

  constructor(private readonly options: HistoryOptions) {
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? silentLog;
  }

  /**
   * Splices the values into the files and stages exactly that, with the incident's folder.
   * Without a repository the change is applied and nothing is staged.
   * @param options.by, options.at the approval; who git says that works here, now, unless told
   * @throws `file-dirty`, `file-read-only`, `outside-workspace`, `proposal-stale`,
   *   `proposal-waits`, `merge-in-progress`; nothing is changed then
   */
  async accept(
    incident: Incident,
    values: Readonly<Record<string, string>>,
    evidence: readonly EvidenceText[],
    options: { signal?: AbortSignal; by?: string; at?: string } = {},
  ): Promise<{ accepted: AcceptedChange; notes: readonly string[] }> {
    await this.requireTurn(incident);
    const bench = this.bench(incident, options.signal);
    const facts = bench.git && (await repositoryFacts(bench.git));
    const by = options.by ?? facts?.identity ?? 'unknown';
    const at = options.at ?? new Date(this.clock.now()).toISOString();
    const record = () => recordFor(bench, incident, evidence, { by, at, values }, this.kept());
    try {
      const journal = await accept(bench, { incident, values, by, at, record });
      return { accepted: acceptedChange(journal), notes: journal.notes };
    } catch (error) {
      const journal = await readJournal(this.options.store, incident.id);
      if (journal?.applied === false) await this.takeBackQuietly(bench, incident.id);
      throw error;
    }
  }

  /** Takes an acceptance back; see {@link undoAcceptance}. */
  async undo(incident: Incident, signal?: AbortSignal): Promise<Undone> {
    return undoAcceptance(this.bench(incident, signal), incident.id);
  }

  /**
   * Commits the approved change with the incident's folder and nothing else, exactly once, on
   * `decision.branch` where that is another branch than the current one. What was not accepted yet
   * is accepted on the way, and taken back when the commit fails.
   * @throws `no-repository`, `merge-in-progress`, `detached-head`, `identity-missing`,
   *   `hook-failed`, `git-failed`, and what {@link accept} throws; nothing is lost then
   */
  async commit(
    incident: Incident,
    decision: Approved,
    evidence: readonly EvidenceText[],
    signal?: AbortSignal,
  ): Promise<Committed> {
    const bench = this.bench(incident, signal);
    const { git } = bench;
    if (!git) throw noRepository();
    const files = decidedEdits(incident.proposal, decision.values);
    const earlier = decision.commit ?? (await findCommit(git, incident, files));
    if (earlier !== null) {
      await this.finish(git, incident, earlier, files);
      return { sha: earlier, branch: await currentBranch(git), notes: [] };
    }
    requireCommittable(await repositoryFacts(git));
    const already = await this.acceptOnTheWay(bench, incident, decision, evidence, signal);
    // What has to be put right after a cancellation must not be cancelled itself.
    const steady = this.git(bench.root);
    let switched: BranchSwitch | undefined;
    try {
      if (decision.branch !== null) switched = await switchToNewBranch(steady, decision.branch);
      return await this.commitAccepted(git, incident, decision, files);
    } catch (error) {
      // A commit whose last steps failed, for example a lock on the index, is still a commit.
      const { id, createdAt } = incident;
      const made = await findOwnCommit(steady, id, files, createdAt).catch(() => null);
      if (made !== null) return { sha: made, branch: await currentBranch(steady), notes: [] };
      await switched?.undo();
      if (!already) await this.takeBackQuietly(bench, incident.id);
      throw error;
    }
  }

  /** Commits how an incident ended into its folder; see {@link recordOutcome}. */
  async recordOutcome(
    incident: Incident,
    evidence: readonly EvidenceText[],
    signal?: AbortSignal,
  ): Promise<Recorded> {
    return recordOutcome(this.bench(incident, signal), incident, evidence, this.kept());
  }

  /** Where the values of a proposal are now, whoever put them there. */
  async whereabouts(incident: Incident, signal?: AbortSignal): Promise<Whereabouts> {
    return whereabouts(this.bench(incident, signal), incident);
  }

  /** Commits that touched the app's chart or values in the 24 h before, newest first. */
  async changesBefore(
    repository: string,
    app: string | null,
    before: Date,
    signal?: AbortSignal,
  ): Promise<string[]> {
    return changesBefore(this.git(repository, signal), app, before);
  }

  /** The texts that a file had in its last commits, newest first. */
  async versions(root: string, path: string, signal?: AbortSignal): Promise<FileVersion[]> {
    return versionsOf(this.git(root, signal), path);
  }

  /** How the repository stands: branch, operation in progress, identity. */
  async facts(repository: string, signal?: AbortSignal): Promise<RepositoryFacts> {
    return repositoryFacts(this.git(repository, signal));
  }

  /** @returns true when it was accepted before */
  private async acceptOnTheWay(
    bench: Workbench,
    incident: Incident,
    { values, by, at }: Approved,
    evidence: readonly EvidenceText[],
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const journal = await readJournal(this.options.store, incident.id);
    if (!journal?.applied) {
      await this.accept(incident, values, evidence, { signal, by, at });
      return false;
    }
    for (const { path, edits } of decidedEdits(incident.proposal, values)) {
      const bytes = await bench.files.readFile(await placeInside(bench.root, path));
      if (!holdsValues(bytes, edits)) {
        throw new WarRoomError(
          'proposal-stale',
          `${path} no longer holds the accepted value, so nothing was committed; undo the acceptance or accept again.`,
        );
      }
    }
    return true;
  }

  private async commitAccepted(
    git: Git,
    incident: Incident,
    decision: Approved,
    files: readonly FileEdits[],
  ): Promise<Committed> {
    const facts = await repositoryFacts(git);
    const journal = await readJournal(this.options.store, incident.id);
    if (!journal) throw new WarRoomError('wrong-state', 'The acceptance was taken back meanwhile.');
    const { sha, notes } = await commitContent(git, facts, {
      id: incident.id,
      message: commitMessage(incident, facts.identity ?? decision.by),
      files: files.map(({ path, edits }) => ({
        path,
        change: (bytes) => committedBytes(path, bytes, edits),
      })),
      record: await recordOf(git, journal),
    });
    await this.finish(git, incident, sha, files);
    return { sha, branch: facts.branch, notes: [...journal.notes, ...notes] };
  }

  private async finish(
    git: Git,
    incident: Incident,
    sha: string,
    files: readonly FileEdits[],
  ): Promise<void> {
    const names = ['summary.md', 'change.diff', 'incident.json'];
    const folder = `${this.options.settings.examplesFolder}/${incident.id}`;
    const record = names.map((name) => `${folder}/${name}`);
    await settleIndex(git, sha, files, record);
    await this.options.store.removeUndo(incident.id);
  }

  /** Of two incidents on one file the second waits until the first is committed or taken back. */
  private async requireTurn(incident: Incident): Promise<void> {
    const paths = (incident.proposal?.files ?? []).map(({ path }) => path);
    const first = (await this.options.store.list()).find(
      ({ id, state, accepted, repository }) =>
        id !== incident.id &&
        repository === incident.repository &&
        (state === 'accepted' || state === 'executing') &&
        accepted?.files.some(({ path }) => paths.includes(path)),
    );
    if (!first) return;
    throw new WarRoomError(
      'proposal-waits',
      `${first.id} has an accepted change of the same file that is not committed yet; commit it or take it back first.`,
    );
  }

  /** What of an incident is written into its folder. */
  private kept(): RecordOptions {
    const { settings, scanSecrets } = this.options;
    return {
      folder: settings.examplesFolder,
      evidence: settings.evidence ?? 'summary',
      scanSecrets,
    };
  }

  private async takeBackQuietly(bench: Workbench, id: string): Promise<void> {
    try {
      await undoAcceptance({ ...bench, git: bench.git && this.git(bench.root) }, id);
    } catch (error) {
      this.log.warn(`The change of ${id} could not be taken back: ${messageOf(error)}`);
    }
  }

  /** What an incident's repository is worked on with. */
  bench({ repository, root }: Incident, signal?: AbortSignal): Workbench {
    return {
      root: repository ?? root,
      git: repository === null ? null : this.git(repository, signal),
      files: this.options.files ?? diskAccess,
      shelf: this.options.store,
    };
  }

  private git(folder: string, signal?: AbortSignal): Git {
    return new Git(folder, { signal, log: this.log, env: this.options.env });
  }
}

function noRepository(): WarRoomError {
  return new WarRoomError(
    'no-repository',
    'The values file is in no git repository, so nothing was committed; what was accepted stays in the file.',
  );
}
