import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { DisposableLike } from './base/disposables';
import { WarRoomError } from './base/errors';
import type { Historian } from './diagnosis/ports';
import type { RecordedIncident } from './history/incidents';
import type { PlaceOfCommit } from './history/placeOfCommit';
import { chosenOf, wholeProposal } from './incident/chosenFiles';
import type { Incident } from './incident/incident';
import type { FileHistory } from './remediation/surroundings';
import type { RepositoryWork } from './repositoryWork';
import { storeFolder } from './store/dataFolder';
import { IncidentStore } from './store/incidentStore';
import type { Host } from './host';

/**
 * Where the incidents of one window or command live: the store, and the repository that they
 * belong to. What works on the repository is loaded when it is first needed.
 */
export class Home implements DisposableLike {
  private work: Promise<RepositoryWork> | undefined;

  private constructor(
    private readonly host: Host,
    /** Root of the repository, or null. */
    readonly repository: string | null,
    /** What the paths of files are relative to. */
    readonly root: string,
    readonly store: IncidentStore,
  ) {}

  /** Opens the home of the host's roots. Whoever opens it disposes it. */
  static async open(host: Host, onChange: () => void): Promise<Home> {
    const [first] = host.roots();
    const found = await Promise.all(host.roots().map(repositoryOf));
    const repository = found.find((root) => root !== null) ?? null;
    const folder = await storeFolder(repository ?? first ?? null);
    const store = await IncidentStore.open(folder, { clock: host.clock, log: host.log });
    store.onDidChange(onChange);
    return new Home(host, repository, repository ?? first ?? '', store);
  }

  /** The repository's history as the diagnosis sees it. */
  readonly historian: Historian = {
    changesBefore: async (...asked) => (await this.loadWork()).history.changesBefore(...asked),
    commit: async (...asked) => (await this.loadWork()).history.commit(...asked),
  };

  /** The earlier texts of files, for the planner. */
  readonly fileHistory: FileHistory = {
    versions: async (...asked) => (await this.loadWork()).history.versions(...asked),
  };

  /**
   * Puts the change, with what the person typed, into the files and stages it.
   * @param paths the files that are accepted, of several; null is all
   */
  async accept(id: string, paths: readonly string[] | null): Promise<Incident> {
    await this.waiting(id, ['awaiting-approval']);
    const { history } = await this.loadWork();
    const evidence = await this.store.readEvidence(id);
    // What is left out is on disk before the first byte changes, so that a crash does not lose it.
    const incident = await this.store.update(id, (each) => ({
      ...each,
      proposal: each.proposal && chosenOf(each.proposal, paths),
    }));
    const { accepted, notes } = await history
      .accept(incident, incident.typed, evidence)
      .catch(async (error: unknown) => {
        await this.store.update(id, whole);
        throw error;
      });
    return await this.store.update(id, (each) => ({
      ...each,
      state: 'accepted',
      accepted,
      notes: [...each.notes, ...notes],
      error: null,
    }));
  }

  /** Puts files, index and the incident's folder back. */
  async undoAccept(id: string): Promise<Incident> {
    const incident = await this.waiting(id, ['accepted']);
    const { history } = await this.loadWork();
    const { notes } = await history.undo(incident);
    return await this.store.update(id, (each) => ({
      ...whole(each),
      state: 'awaiting-approval',
      accepted: null,
      error: null,
      notes: [...each.notes, ...notes],
    }));
  }

  /** `Name <email>` of who commits here. */
  async author(): Promise<string> {
    if (this.repository === null) return 'unknown';
    const { history } = await this.loadWork();
    return (await history.facts(this.repository)).identity ?? 'unknown';
  }

  /** True if nobody commits to the current branch directly. */
  async isProtected(patterns: readonly string[]): Promise<boolean> {
    if (this.repository === null || patterns.length === 0) return false;
    const { history, isProtectedBranch } = await this.loadWork();
    const { branch } = await history.facts(this.repository);
    return branch !== null && isProtectedBranch(branch, patterns);
  }

  /**
   * Compares what waits with git. A change that was discarded after Accept goes back to waiting.
   * @returns the commit that holds the change, when somebody made one
   */
  async committedElsewhere(incident: Incident): Promise<string | null> {
    const { history } = await this.loadWork();
    const found = await history.whereabouts(incident);
    if (found.kind === 'committed') return found.sha;
    if (found.kind === 'absent' && incident.state === 'accepted')
      await this.undoAccept(incident.id);
    return null;
  }

  /** The file of today with the proposed values, or those that the person typed. */
  async proposedBytes(id: string, file: string): Promise<Uint8Array> {
    return (await this.loadWork()).proposedBytes(await this.store.load(id), file);
  }

  /**
   * Keeps the values that the person typed on the right side of the diff.
   * @returns whether the text held other changes, which are left out
   */
  async typeValues(id: string, file: string, text: Uint8Array): Promise<{ leftOut: boolean }> {
    const incident = await this.waiting(id, ['awaiting-approval']);
    const work = await this.loadWork();
    const { values, leftOut } = await work.typedValues(incident, file, text);
    await this.store.update(id, (each) => ({ ...each, typed: { ...each.typed, ...values } }));
    return { leftOut };
  }

  /**
   * Keeps the values that the person gave by name, as in `givenValues`.
   * @throws code `wrong-usage`; none is kept then
   */
  async giveValues(id: string, given: Readonly<Record<string, string>>): Promise<void> {
    const { proposal } = await this.waiting(id, ['awaiting-approval']);
    const values = (await this.loadWork()).givenValues(proposal?.files ?? [], given);
    await this.store.update(id, (each) => ({ ...each, typed: { ...each.typed, ...values } }));
  }

  /** Makes the edit again on the files' new text. */
  async remake(id: string): Promise<Incident> {
    const incident = await this.waiting(id, ['awaiting-approval']);
    // An action was made anew when it was found to be stale.
    if (incident.proposal?.action) return incident;
    const proposal = await (await this.loadWork()).remade(incident);
    return await this.store.update(id, (each) => ({ ...each, proposal }));
  }

  /** The message that the incident's commit gets. */
  async commitMessage(id: string): Promise<string> {
    const incident = await this.store.load(id);
    return (await this.loadWork()).commitMessage(incident, await this.author());
  }

  /** The commit with its diff, as text. */
  async commitText(id: string): Promise<string> {
    const { commit, root } = await this.store.load(id);
    if (commit === null) throw new WarRoomError('wrong-state', `${id} is not committed yet.`);
    return await (await this.loadWork()).commitText(root, commit);
  }

  /** How far the commit is on its way to the remote's default branch, as far as is known here. */
  async placeOfCommit(incident: Incident, signal: AbortSignal): Promise<PlaceOfCommit> {
    return await (await this.loadWork()).placeOfCommit(incident.root, incident, signal);
  }

  /** Tells git who commits, for this repository alone. */
  async setIdentity(name: string, email: string): Promise<void> {
    await (await this.loadWork()).setIdentity(this.root, name, email);
  }

  /** Makes a folder a repository with one commit of all that it holds. */
  async beginRepository(folder: string): Promise<void> {
    await (await this.loadWork()).beginRepository(folder);
  }

  /** The incidents that the repository's own history tells of; none without a repository. */
  async recorded(): Promise<RecordedIncident[]> {
    if (this.repository === null) return [];
    const { recordedIncidents } = await this.loadWork();
    return await recordedIncidents(this.repository, this.host.settings().examplesFolder);
  }

  dispose(): void {
    this.store.dispose();
  }

  /** @throws code `wrong-state` when the incident is in none of the states */
  private async waiting(id: string, states: readonly Incident['state'][]): Promise<Incident> {
    const incident = await this.store.load(id);
    if (states.includes(incident.state)) return incident;
    throw new WarRoomError(
      'wrong-state',
      `${id} is ${incident.state}, so there is nothing to do for it here; nothing was changed.`,
    );
  }

  /**
   * What works on the repository.
   * @throws code `untrusted-workspace`: git runs what a repository's settings name
   */
  async loadWork(): Promise<RepositoryWork> {
    if (!this.host.isTrusted()) {
      throw new WarRoomError(
        'untrusted-workspace',
        'This workspace is not trusted, so its repository was not touched; trust it and try again.',
      );
    }
    this.work ??= import('./repositoryWork').then(
      ({ RepositoryWork: Work }) => new Work(this.host, this.store),
    );
    return await this.work;
  }
}

/** The incident as it was before its person chose of the files. */
function whole(incident: Incident): Incident {
  return { ...incident, proposal: incident.proposal && wholeProposal(incident.proposal) };
}

/** The nearest folder upwards that holds `.git`; null when there is none. */
export async function repositoryOf(folder: string): Promise<string | null> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = await stat(path.join(at, '.git')).catch(() => undefined);
    if (found) return at;
    if (at === path.dirname(at)) return null;
  }
}
