import { Approval } from './approval';
import type { DisposableLike } from './base/disposables';
import { Emitter } from './base/emitter';
import { WarRoomError } from './base/errors';
import { tagged } from './base/log';
import type { DiagnoseRequest } from './diagnosis/diagnose';
import type { Diagnosis } from './diagnosis/entry';
import type { Answer } from './diagnosis/run';
import type { EvidenceText } from './incident/evidence';
import type { RecordedIncident } from './history/incidents';
import { Home } from './home';
import type { Host } from './host';
import type { Incident } from './incident/incident';
import type { LeaveAnswer } from './incident/leave';
import { ModelDesk } from './models';
import { lazyPlanner } from './lazyPlanner';
import { Recovery } from './recovery';
import { Rollouts } from './rollouts';
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

  /** What a person decides of a proposed change. */
  readonly approval: Approval;

  /** What becomes of committed changes. */
  readonly rollouts: Rollouts;

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
    this.approval = new Approval({
      host,
      home: () => this.home(),
      answer: (id, answer) => this.answer(id, answer),
    });
    this.rollouts = new Rollouts({
      host,
      home: () => this.home(),
      servers: this.servers,
      onDidChange: this.onDidChange,
      closing: this.ended.signal,
    });
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

  /** The incidents that git alone tells of, newest first, also those of other people and machines. */
  async recorded(): Promise<RecordedIncident[]> {
    return await (await this.home()).recorded();
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

  /**
   * Diagnoses an incident again with what its person says against the last answer.
   * @param said.wrongCause the category is ruled out; else only the change was not right
   * @throws code `wrong-state` when it cannot be diagnosed again as it stands, `cancelled`
   */
  async diagnoseAgain(
    id: string,
    said: { note: string; wrongCause: boolean; useServers?: boolean },
    signal?: AbortSignal,
  ): Promise<Incident> {
    const { diagnoser } = await this.loadDiagnosis();
    const home = await this.home();
    const { category } = await home.store.load(id);
    const objection = {
      at: new Date(this.host.clock.now()).toISOString(),
      by: await home.author(),
      note: said.note,
      not: said.wrongCause ? category : null,
    };
    const useServers = said.useServers !== false;
    const input = { roots: this.rootsWith(home.repository), useServers, allowStart: false };
    const cancel = new AbortController();
    this.runs.join(id, cancel);
    try {
      const stop = AbortSignal.any([this.ended.signal, cancel.signal, ...(signal ? [signal] : [])]);
      return await diagnoser.again(id, objection, input, stop);
    } finally {
      await this.runs.leave(id, cancel);
    }
  }

  /** Stops the diagnosis of an incident that runs or is queued in this process. */
  cancel(id: string): void {
    this.runs.cancel(id);
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

  /**
   * Removes every stored incident; the repository keeps what was committed.
   * @returns how many are worked on and stay
   */
  async clearStored(): Promise<number> {
    return (await (await this.home()).store.clear()).length;
  }

  /** Stops what runs and every server; fulfilled when nothing of ours is left. */
  async close(): Promise<void> {
    this.ended.abort(new WarRoomError('closing', 'War Room is closing.'));
    this.rollouts.dispose();
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
            planner: lazyPlanner(this.host, home.fileHistory),
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
