import { WarRoomError, describeError } from './base/errors';
import type { Answer } from './diagnosis/run';
import type { Home } from './home';
import type { Host } from './host';
import type { Published, Publishing } from './history/publish';
import type { Incident } from './incident/incident';
import { callOf } from './incident/clusterAction';
import { publishedSentence } from './incident/published';

/** What the approval works with. */
export interface Approving {
  host: Pick<Host, 'clock' | 'log' | 'rememberValuesFile' | 'settings'>;
  home: () => Promise<Home>;
  /** Gives a person's answer to the run that waits for it. */
  answer: (id: string, answer: Answer) => Promise<Incident>;
}

/** A look at the rollout may be at it. */
const lockWaitMs = 10_000;

/** What a person does with a proposed change: see it, type over it, accept, commit, take back. */
export class Approval {
  constructor(private readonly over: Approving) {}

  /**
   * Puts the change, with what the person typed, into the file and stages it with the incident's
   * folder; the commit is the person's. An action in the cluster is made, since there is nothing
   * to commit.
   * @param paths the files that are accepted, of several; null is all. What is left out is kept
   *   with the incident and said in its record
   * @param shown as in {@link acceptAndCommit}
   * @throws `file-dirty`, `file-read-only`, `outside-workspace`, `proposal-stale` (see
   *   {@link remake}), `proposal-waits`, `merge-in-progress`; nothing is changed then
   */
  async accept(
    id: string,
    paths: readonly string[] | null = null,
    shown?: string,
  ): Promise<Incident> {
    const home = await this.over.home();
    if ((await home.store.load(id)).proposal?.action) {
      return await this.acceptAndCommit(id, null, null, shown);
    }
    return await home.accept(id, paths);
  }

  /** Takes Accept back: bytes, index, folder. */
  async undoAccept(id: string): Promise<Incident> {
    return await (await this.over.home()).undoAccept(id);
  }

  /** True where a crash left a commit half-done; {@link acceptAndCommit} finishes it, once. */
  async isInterrupted({ id, state }: Incident): Promise<boolean> {
    return state === 'executing' && !(await (await this.over.home()).store.isRunning(id));
  }

  /**
   * Accepts, where that has not happened yet, and commits. A commit that was begun is finished. An
   * action in the cluster is made, once.
   * @param branch null commits to the current branch; otherwise the branch is made and switched to
   * @param paths as in {@link accept}
   * @param shown the exact call that the person has seen, of an action; another window may have
   *   stored another since
   * @throws what keeps git from committing; the change stays accepted then. `proposal-stale` when
   *   the action is another than `shown`
   */
  async acceptAndCommit(
    id: string,
    branch: string | null,
    paths: readonly string[] | null = null,
    shown?: string,
  ): Promise<Incident> {
    const home = await this.over.home();
    const before = await home.store.load(id);
    requireShown(before, shown);
    const toFiles = before.state === 'awaiting-approval' && !before.proposal?.action;
    const { accepted } = toFiles ? await home.accept(id, paths) : before;
    return await this.over.answer(id, {
      kind: 'approved',
      by: await home.author(),
      at: this.now(),
      values: accepted?.values ?? {},
      commit: null,
      branch,
    });
  }

  /** The branch that Accept and Commit would make, since the current one is protected; else null. */
  async branchFor(id: string): Promise<string | null> {
    const home = await this.over.home();
    return (await home.isProtected(this.over.host.settings().protectedBranches))
      ? `war-room/${id}`
      : null;
  }

  /** Closes what waits. An accepted change is taken back first. */
  async reject(id: string, reason: string): Promise<Incident> {
    const home = await this.over.home();
    if ((await home.store.load(id)).state === 'accepted') await home.undoAccept(id);
    const by = await home.author().catch(() => 'unknown');
    // A reason is pasted from anywhere, so it may hold a secret as a log may.
    const masked = (await home.loadWork()).maskText(reason);
    return await this.over.answer(id, { kind: 'rejected', by, at: this.now(), reason: masked });
  }

  /**
   * Pushes the branch that holds the incident's commit, and where that is asked for opens its pull
   * request. A refusal is an answer and no error: nothing has changed here then.
   * @throws code `wrong-state` when there is no commit yet, `no-repository`
   */
  async publish(id: string, asked: Publishing): Promise<Published> {
    const home = await this.over.home();
    const incident = await home.store.load(id);
    const published = await (await home.loadWork()).publish(incident, asked);
    if (published.kind !== 'pushed') return published;
    const said = publishedSentence(published);
    await home.store.update(id, (each) => ({
      ...each,
      branch: published.branch,
      notes: [...each.notes.filter((note) => note !== said), said],
    }));
    return published;
  }

  /**
   * Takes the committed fix back with a new commit, which says why; what was committed since stays.
   * @param expected what would have been right; empty where the person does not say
   * @throws code `revert-conflict`, `wrong-state`, and what keeps git from committing; nothing is
   *   changed then
   */
  async revert(id: string, reason: string, expected = ''): Promise<Incident> {
    return await this.alone(id, async (home, incident) => {
      const work = await home.loadWork();
      const { sha, notes, branch, ...said } = await work.revert(incident, { reason, expected });
      return await home.store.update(id, (each) => ({
        ...each,
        state: 'rejected',
        outcome: 'rejected',
        branch,
        reverted: { commit: sha, ...said },
        notes: [...each.notes, ...notes],
      }));
    });
  }

  /**
   * Commits how an incident ended into its folder on the current branch, on its person's word.
   * @throws code `wrong-state`, `no-repository`, and what keeps git from committing; nothing is
   *   changed then
   */
  async recordOutcome(id: string): Promise<Incident> {
    return await this.alone(id, async (home, incident) => {
      const { history } = await home.loadWork();
      const evidence = await home.store.readEvidence(id);
      const { sha, notes } = await history.recordOutcome(incident, evidence);
      return await home.store.update(id, (each) => ({
        ...each,
        recorded: { commit: sha, state: incident.state },
        notes: [...each.notes, ...notes],
      }));
    });
  }

  /** Works on an incident while nobody else does, here or in another window. */
  private async alone(
    id: string,
    work: (home: Home, incident: Incident) => Promise<Incident>,
  ): Promise<Incident> {
    const home = await this.over.home();
    const lock = await home.store.runLock(id, lockWaitMs);
    try {
      return await work(home, await home.store.load(id));
    } finally {
      await lock.release();
    }
  }

  /** Says which values file is meant, now and for the application's next incidents; the change is planned for it. */
  async chooseValuesFile(id: string, valuesFile: string): Promise<Incident> {
    const { host } = this.over;
    const incident = await this.over.answer(id, { kind: 'choose', valuesFile });
    if (incident.app !== null) {
      // The choice counts here also where the settings cannot be written.
      await host.rememberValuesFile(incident.app, valuesFile).catch((error: unknown) => {
        host.log.warn(`The choice of ${valuesFile} was not kept: ${describeError(error).message}`);
      });
    }
    return incident;
  }

  /** Makes the edit again on the text of a file that has changed since. */
  async remake(id: string): Promise<Incident> {
    return await (await this.over.home()).remake(id);
  }

  /** The right side of the diff: the file of today with the proposed or typed values. */
  async proposedBytes(id: string, file: string): Promise<Uint8Array> {
    return await (await this.over.home()).proposedBytes(id, file);
  }

  /** Keeps the values that a person typed on the right side of the diff. */
  async typeValues(id: string, file: string, text: Uint8Array): Promise<{ leftOut: boolean }> {
    return await (await this.over.home()).typeValues(id, file, text);
  }

  /** Keeps values that a person gave by key path or `FILE:KEY`. @throws code `wrong-usage` */
  async giveValues(id: string, given: Readonly<Record<string, string>>): Promise<void> {
    await (await this.over.home()).giveValues(id, given);
  }

  /** The message that the incident's commit gets. */
  async commitMessage(id: string): Promise<string> {
    return await (await this.over.home()).commitMessage(id);
  }

  /** The incident's commit with its diff, as text. */
  async commitText(id: string): Promise<string> {
    return await (await this.over.home()).commitText(id);
  }

  /** Tells git who commits, for this repository alone. */
  async setIdentity(name: string, email: string): Promise<void> {
    await (await this.over.home()).setIdentity(name, email);
  }

  private now(): string {
    return new Date(this.over.host.clock.now()).toISOString();
  }
}

/** What is approved is the call that the person saw, and no other. */
function requireShown({ proposal }: Incident, shown: string | undefined): void {
  if (shown === undefined || (proposal?.action && callOf(proposal.action) === shown)) return;
  throw new WarRoomError(
    'proposal-stale',
    'The action has changed since you saw it, so nothing was done; look at it again.',
  );
}
