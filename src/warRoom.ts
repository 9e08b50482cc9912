import type { DisposableLike } from './base/disposables';
import { Emitter } from './base/emitter';
import { WarRoomError } from './base/errors';
import { tagged } from './base/log';
import type { DiagnoseRequest } from './diagnosis/diagnose';
import type { Diagnosis } from './diagnosis/entry';
import type { Answer } from './diagnosis/run';
import type { EvidenceText } from './incident/evidence';
import { Home } from './home';
import type { Host } from './host';
import type { Incident } from './incident/incident';
import type { LeaveAnswer } from './incident/leave';
import { ModelDesk } from './models';
import { lazyPlanner } from './lazyPlanner';
import { Recovery } from './recovery';
import { Runs } from './runs';
import { Servers } from './servers/servers';

/** A request for a diagnosis; the engine adds where it belongs. */
export type Request = Pick<DiagnoseRequest, 'sources' | 'trigger'> &
  Partial<Omit<DiagnoseRequest, 'sources' | 'trigger' | 'roots' | 'repository'>>;

/**
 * The composition root and public face: every surface works through it. Nothing heavy is loaded
 * before the first diagnosis. Whoever makes it disposes it.
 */
export class WarRoom implements DisposableLike {
  private readonly changes = new Emitter<void>();
  private readonly ended = new AbortController();
  private readonly runs = new Runs((id) => this.servers.endIncident(id));
  private opened: Promise<Home> | undefined;
  private diagnosis: Promise<Diagnosis> | undefined;
  private readonly recovery: Recovery;

  /** The MCP servers and their pool. */
  readonly servers: Servers;

  /** The language model that helps the playbooks. */
  readonly models: ModelDesk;

  /** Fires when an incident or the pool has changed, here or in another process. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly host: Host) {
    this.servers = new Servers(host);
    this.models = new ModelDesk(host);
    this.servers.onDidChangePool(() => this.changes.fire());
    this.recovery = new Recovery({
      host,
      home: () => this.home(),
      diagnosis: () => this.loadDiagnosis(),
      runs: this.runs,
      roots: (repository) => this.rootsWith(repository),
      closing: this.ended.signal,
    });
  }

  /** Every incident of the home repository, newest first. */
  async incidents(): Promise<Incident[]> {
    return await (await this.home()).store.list();
  }

  /** @throws code `not-found` */
  async incident(id: string): Promise<Incident> {
    return await (await this.home()).store.load(id);
  }

  /** The masked evidence of an incident. */
  async evidence(id: string): Promise<EvidenceText[]> {
    return await (await this.home()).store.readEvidence(id);
  }

  /** Root of the repository that incidents are recorded in, or null. */
  async repository(): Promise<string | null> {
    return (await this.home()).repository;
  }

  /**
   * Diagnoses a log until there is an answer or a person is asked.
   * @throws code `empty-log`, `binary-log`, `unreadable-log`, `cancelled`
   */
  async diagnose(request: Request, signal?: AbortSignal): Promise<Incident> {
    const { diagnoser } = await this.loadDiagnosis();
    const trusted = this.host.isTrusted();
    const repository = trusted ? (await this.home()).repository : null;
    const cancel = new AbortController();
    const stop = AbortSignal.any([this.ended.signal, cancel.signal, ...(signal ? [signal] : [])]);
    let opened: string | undefined;
    const spending = this.models.onDidSpend(({ id, spent }) => {
      if (id === opened) request.onProgress?.({ step: 'model', id, spent });
    });
    const full: DiagnoseRequest = {
      forceNew: false,
      allowStart: false,
      byPerson: true,
      ...request,
      place: { context: this.host.settings().clusterContext, ...request.place },
      useServers: trusted && request.useServers !== false,
      repository,
      roots: trusted ? this.rootsWith(repository) : [],
      onProgress: (progress) => {
        if (progress.step === 'opened') this.runs.join((opened = progress.id), cancel);
        request.onProgress?.(progress);
      },
    };
    try {
      return await diagnoser.diagnose(full, stop);
    } finally {
      spending.dispose();
      if (opened !== undefined) await this.runs.leave(opened, cancel);
    }
  }

  /** Stops the diagnosis of an incident that runs or is queued in this process. */
  cancel(id: string): void {
    this.runs.cancel(id);
  }

  /**
   * Puts the change, with what the person typed, into the file and stages it with the incident's
   * folder; the commit is the person's.
   * @throws `file-dirty`, `file-read-only`, `outside-workspace`, `proposal-stale` (see
   *   {@link remake}), `proposal-waits`, `merge-in-progress`; nothing is changed then
   */
  async accept(id: string): Promise<Incident> {
    return await (await this.home()).accept(id);
  }

  /** Takes Accept back: bytes, index, folder. */
  async undoAccept(id: string): Promise<Incident> {
    return await (await this.home()).undoAccept(id);
  }

  /** True where a crash left a commit half-done; {@link acceptAndCommit} finishes it, once. */
  async isInterrupted({ id, state }: Incident): Promise<boolean> {
    return state === 'executing' && !(await (await this.home()).store.isRunning(id));
  }

  /**
   * Accepts, where that has not happened yet, and commits. A commit that was begun is finished.
   * @param branch null commits to the current branch; otherwise the branch is made and switched to
   * @throws what keeps git from committing; the change stays accepted then
   */
  async acceptAndCommit(id: string, branch: string | null): Promise<Incident> {
    const home = await this.home();
    const before = await home.store.load(id);
    const { accepted } = before.state === 'awaiting-approval' ? await home.accept(id) : before;
    return await this.answer(id, {
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
    const home = await this.home();
    return (await home.isProtected(this.host.settings().protectedBranches))
      ? `war-room/${id}`
      : null;
  }

  /** Closes what waits. An accepted change is taken back first. */
  async reject(id: string, reason: string): Promise<Incident> {
    const home = await this.home();
    if ((await home.store.load(id)).state === 'accepted') await home.undoAccept(id);
    const by = await home.author().catch(() => 'unknown');
    return await this.answer(id, { kind: 'rejected', by, at: this.now(), reason });
  }

  /** Says which servers that wait for leave may start; the diagnosis goes on with those. */
  async answerLeave(id: string, answers: Readonly<Record<string, LeaveAnswer>>): Promise<Incident> {
    const { leave } = await this.incident(id);
    const allowed: string[] = [];
    for (const request of leave) {
      const answer = answers[request.server] ?? 'no';
      await this.servers.keepLeave(request, answer, id);
      if (answer !== 'no') allowed.push(request.server);
    }
    const cancel = new AbortController();
    this.runs.join(id, cancel);
    try {
      return await this.answer(id, { kind: 'leave', allowed }, cancel.signal);
    } finally {
      await this.runs.leave(id, cancel);
    }
  }

  /** Says which values file is meant; the change is planned for it. */
  async chooseValuesFile(id: string, valuesFile: string): Promise<Incident> {
    return await this.answer(id, { kind: 'choose', valuesFile });
  }

  /** Makes the edit again on the text of a file that has changed since. */
  async remake(id: string): Promise<Incident> {
    return await (await this.home()).remake(id);
  }

  /** The right side of the diff: the file of today with the proposed or typed values. */
  async proposedBytes(id: string, file: string): Promise<Uint8Array> {
    return await (await this.home()).proposedBytes(id, file);
  }

  /** Keeps the values that a person typed on the right side of the diff. */
  async typeValues(id: string, file: string, text: Uint8Array): Promise<{ leftOut: boolean }> {
    return await (await this.home()).typeValues(id, file, text);
  }

  /** The message that the incident's commit gets. */
  async commitMessage(id: string): Promise<string> {
    return await (await this.home()).commitMessage(id);
  }

  /** The incident's commit with its diff, as text. */
  async commitText(id: string): Promise<string> {
    return await (await this.home()).commitText(id);
  }

  /** Tells git who commits, for this repository alone. */
  async setIdentity(name: string, email: string): Promise<void> {
    await (await this.home()).setIdentity(name, email);
  }

  /** Looks whether what waits was committed or discarded elsewhere: in a terminal, in the editor. */
  async reconcile(): Promise<void> {
    await this.recovery.reconcile();
  }

  /** Removes what is too old, and goes on with what a crash, a reload or a kill interrupted. */
  async resumeInterrupted(): Promise<void> {
    await this.recovery.resumeInterrupted();
  }

  /** Makes a folder a repository with one commit of all that it holds: for the sample. */
  async beginRepository(folder: string): Promise<void> {
    await (await this.home()).beginRepository(folder);
  }

  /** Removes every stored incident; the repository keeps what was committed. */
  async clearStored(): Promise<number> {
    return (await (await this.home()).store.clear()).length;
  }

  /** Stops what runs and every server; fulfilled when nothing of ours is left. */
  async close(): Promise<void> {
    this.ended.abort(new WarRoomError('closing', 'War Room is closing.'));
    await Promise.allSettled([this.servers.close(), this.opened?.then((home) => home.dispose())]);
    this.changes.dispose();
  }

  dispose(): void {
    void this.close();
  }

  private async answer(id: string, answer: Answer, cancel?: AbortSignal): Promise<Incident> {
    const { engine } = await this.loadDiagnosis();
    const stop = AbortSignal.any([this.ended.signal, ...(cancel ? [cancel] : [])]);
    return await engine.answer(id, answer, stop);
  }

  private now(): string {
    return new Date(this.host.clock.now()).toISOString();
  }

  private rootsWith(repository: string | null): readonly string[] {
    return [...new Set([...(repository ? [repository] : []), ...this.host.roots()])];
  }

  private home(): Promise<Home> {
    this.opened ??= Home.open(this.host, () => this.changes.fire());
    return this.opened;
  }

  private loadDiagnosis(): Promise<Diagnosis> {
    this.diagnosis ??= Promise.all([this.home(), import('./diagnosis/entry')]).then(
      ([home, { createDiagnosis }]) =>
        createDiagnosis(
          {
            clock: this.host.clock,
            log: tagged(this.host.log, 'diagnosis'),
            records: home.store,
            servers: this.servers,
            planner: lazyPlanner(this.host.clock),
            history: home.historian,
            models: this.models,
          },
          {
            limits: () => {
              const { maxRunning, maxOpen } = this.host.settings();
              return { running: maxRunning, open: maxOpen };
            },
            bundles: this.host.bundles,
          },
        ),
    );
    return this.diagnosis;
  }
}
