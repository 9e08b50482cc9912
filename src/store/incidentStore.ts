import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { systemClock } from '../base/clock';
import type { Clock } from '../base/clock';
import type { Event } from '../base/emitter';
import { WarRoomError } from '../base/errors';
import { lockFolder } from '../base/folderLock';
import type { HeldLock } from '../base/folderLock';
import { silentLog } from '../base/log';
import type { Log } from '../base/log';
import { makePrivateFolder } from '../base/privateFiles';
import type { EvidenceReference, EvidenceText } from '../incident/evidence';
import { incidentId, isIncidentId } from '../incident/id';
import type { Incident } from '../incident/incident';
import { isOpen } from '../incident/state';
import { ChangeFeed } from './changeFeed';
import { newIncident } from './draft';
import type { IncidentDraft } from './draft';
import { readStoredEvidence, withEvidence } from './evidenceFiles';
import { changed, readIncident, versionOf, writeIncident } from './incidentFile';
import { IncidentFolders } from './incidentFolders';
import { finishRemovals, olderThan, removeWhole } from './removal';

const updateWaitMs = 10_000;
/** As long as a look at a rollout takes. */
const clearWaitMs = 5_000;

/**
 * The incidents of one repository on disk, shared by every editor window and command of the
 * person. Nothing is kept in memory, so there is nothing to get out of step.
 *
 * `incidents/<id>/` holds `incident.json`, `evidence/<sha256>`, `checkpoints/` (the graph's own),
 * `undo/` (what Accept needs to be taken back) and, while they are held, `update.lock` and
 * `run.lock`.
 */
export class IncidentStore {
  private readonly folders: IncidentFolders;
  private readonly feed: ChangeFeed;
  private readonly clock: Clock;
  private readonly log: Log;

  private constructor(
    private readonly root: string,
    options: { clock?: Clock; log?: Log },
  ) {
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? silentLog;
    this.folders = new IncidentFolders(root);
    this.feed = new ChangeFeed(join(root, 'changed'), {
      ids: () => this.folders.ids(),
      versionOf: (id) => versionOf(this.folder(id)),
    });
  }

  /**
   * Opens the store in `folder` (see `storeFolder`) and makes it where there is none.
   * Whoever opens it disposes it.
   */
  static async open(
    folder: string,
    options: { clock?: Clock; log?: Log } = {},
  ): Promise<IncidentStore> {
    const store = new IncidentStore(folder, options);
    await makePrivateFolder(store.folders.all);
    await finishRemovals(store.folders.all);
    await store.feed.open();
    return store;
  }

  /** The id of every incident that was written or removed, by this process or another. */
  get onDidChange(): Event<string> {
    return this.feed.onDidChange;
  }

  /**
   * Begins an incident in state `queued`, under an id that no other process can get. Whoever sees
   * it sees it with its evidence.
   */
  async create(
    draft: IncidentDraft,
    evidence: readonly { text: EvidenceText; totalBytes: number }[] = [],
  ): Promise<Incident> {
    const now = this.clock.now();
    const id = incidentId(now, (wanted) => !this.folders.claim(wanted));
    const at = new Date(now).toISOString();
    const folder = this.folders.evidence(id);
    let incident = newIncident(draft, id, at);
    for (const each of evidence) {
      ({ incident } = await withEvidence(folder, incident, each, at));
    }
    await this.write(incident);
    return incident;
  }

  /**
   * The newest open incident with the draft's fingerprint, or a new one. One process at a time
   * looks, so that one failure that is diagnosed twice at once has one incident.
   */
  async begin(
    draft: IncidentDraft,
    evidence: readonly { text: EvidenceText; totalBytes: number }[],
    { forceNew }: { forceNew: boolean },
  ): Promise<{ id: string; isNew: boolean }> {
    const place = join(this.root, 'begin.lock');
    const lock = await lockFolder(place, 'The list of incidents', updateWaitMs);
    try {
      const known = forceNew ? undefined : await this.findOpenByFingerprint(draft.fingerprint);
      if (known) return { id: known.id, isNew: false };
      const { id } = await this.create(draft, evidence);
      return { id, isNew: true };
    } finally {
      await lock.release();
    }
  }

  /** @throws code `not-found`, also for one whose file is damaged; the message says where it is kept. */
  async load(id: string): Promise<Incident> {
    const incident = isIncidentId(id) ? await this.read(id) : undefined;
    if (!incident) {
      throw new WarRoomError('not-found', `There is no incident ${id}; it may have been removed.`);
    }
    return incident;
  }

  /** Every incident, newest first. One that cannot be read is left out and reported in the log. */
  async list(): Promise<Incident[]> {
    const found: Incident[] = [];
    for (const id of await this.folders.ids()) {
      try {
        const incident = await this.read(id);
        if (incident) found.push(incident);
      } catch (error) {
        if (!WarRoomError.is(error)) throw error;
        this.log.warn(error.message);
      }
    }
    return found.sort((a, b) => b.createdAt.localeCompare(a.createdAt) || compareIds(b.id, a.id));
  }

  /** The newest incident with this fingerprint that is not at an end. */
  async findOpenByFingerprint(fingerprint: string): Promise<Incident | undefined> {
    const incidents = await this.list();
    return incidents.find((one) => one.fingerprint === fingerprint && isOpen(one.state));
  }

  /**
   * Writes what `change` returns, one writer at a time over all processes.
   * @throws code `not-found`, `wrong-state`, `locked` when another process does not let go
   */
  async update(id: string, change: (incident: Incident) => Incident): Promise<Incident> {
    return this.exclusively(id, async (before, at) => {
      const after = changed(before, change(before), at);
      await this.write(after);
      return after;
    });
  }

  /**
   * Stores masked text and adds it to the incident. What exceeds the incident's 8 MiB is cut to
   * head and tail and is then not complete.
   * @param totalBytes size of the original
   */
  async addEvidence(
    id: string,
    text: EvidenceText,
    totalBytes: number,
  ): Promise<EvidenceReference> {
    return this.exclusively(id, async (before, at) => {
      const folder = this.folders.evidence(id);
      const { incident, reference } = await withEvidence(folder, before, { text, totalBytes }, at);
      if (incident !== before) await this.write(changed(before, incident, at));
      return reference;
    });
  }

  /** All evidence of an incident, in the order in which it was added. */
  async readEvidence(id: string): Promise<EvidenceText[]> {
    const { evidence } = await this.load(id);
    return Promise.all(
      evidence.map((reference) => readStoredEvidence(this.folders.evidence(id), reference)),
    );
  }

  /** The incident's own folder. */
  folder(id: string): string {
    return this.folders.of(id);
  }

  /**
   * Takes the right to run the incident, for as long as it is held or this process lives.
   * @throws code `locked` when another run has it and keeps it for `waitMs`
   */
  async runLock(id: string, waitMs = 0, signal?: AbortSignal): Promise<HeldLock> {
    await this.load(id);
    return this.folders.lock(id, 'run.lock', waitMs, signal);
  }

  /** True while a living process runs the incident. */
  async isRunning(id: string): Promise<boolean> {
    return this.folders.isLocked(id, 'run.lock');
  }

  /** Keeps bytes that Accept needs to be taken back; `name` is a plain file name. */
  saveUndo(id: string, name: string, bytes: Uint8Array): Promise<void> {
    return this.folders.undo(id).save(name, bytes);
  }

  /** What {@link saveUndo} kept, or undefined. */
  readUndo(id: string, name: string): Promise<Uint8Array | undefined> {
    return this.folders.undo(id).read(name);
  }

  /** Forgets all that {@link saveUndo} kept of the incident. */
  removeUndo(id: string): Promise<void> {
    return this.folders.undo(id).remove();
  }

  /**
   * Removes incidents that nobody touched for so long. One that is running stays, and so does one
   * whose accepted change still lies in the working tree, for it can be taken back only from here.
   * @returns their ids
   */
  async removeOlderThan(days = 90): Promise<string[]> {
    return this.removeAll(olderThan(await this.list(), days, this.clock.now()));
  }

  /**
   * Removes every incident; one that is worked on for a moment is waited for.
   * @returns the ids of those that still run and stay
   */
  async clear(waitMs = clearWaitMs): Promise<string[]> {
    const all = await this.list();
    const removed = await this.removeAll(all, waitMs);
    return all.map(({ id }) => id).filter((id) => !removed.includes(id));
  }

  /**
   * Removes an incident with all that is stored of it.
   * @throws code `locked` while it runs, and does so for `waitMs`
   */
  async remove(id: string, waitMs = 0): Promise<void> {
    const run = await this.folders.lock(id, 'run.lock', waitMs);
    try {
      await removeWhole(this.folder(id), this.clock.now());
    } finally {
      await run.release();
    }
    await this.feed.tell(id);
  }

  dispose(): void {
    this.feed.dispose();
  }

  /** Runs `work` on the newest state of an incident while nobody else may write it. */
  private async exclusively<T>(
    id: string,
    work: (incident: Incident, at: string) => Promise<T>,
  ): Promise<T> {
    await this.load(id);
    const lock = await this.folders.lock(id, 'update.lock', updateWaitMs);
    try {
      return await work(await this.load(id), new Date(this.clock.now()).toISOString());
    } finally {
      await lock.release();
    }
  }

  private read(id: string): Promise<Incident | undefined> {
    return readIncident(this.folder(id), id, this.clock.now());
  }

  private async write(incident: Incident): Promise<void> {
    await writeIncident(this.folder(incident.id), incident);
    await this.feed.tell(incident.id);
  }

  private async removeAll(incidents: readonly Incident[], waitMs = 0): Promise<string[]> {
    const removed = await Promise.all(
      incidents.map(async ({ id }) => {
        try {
          await this.remove(id, waitMs);
        } catch (error) {
          if (WarRoomError.is(error, 'locked')) return [];
          // Another window was faster.
          if (existsSync(this.folder(id))) throw error;
        }
        return [id];
      }),
    );
    return removed.flat();
  }
}

function compareIds(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
