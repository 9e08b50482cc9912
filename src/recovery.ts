import { messageOf } from './base/errors';
import type { Diagnosis } from './diagnosis/entry';
import type { Home } from './home';
import type { Host } from './host';
import type { Incident } from './incident/incident';
import { runningStates, waitingStates } from './incident/state';
import type { Runs } from './runs';
import type { IncidentStore } from './store/incidentStore';

/** What is recovered, and by what. */
export interface Recovering {
  host: Pick<Host, 'clock' | 'isTrusted' | 'log'>;
  home: () => Promise<
    Pick<Home, 'author' | 'committedElsewhere' | 'repository'> & {
      store: Pick<IncidentStore, 'isRunning' | 'list' | 'removeOlderThan'>;
    }
  >;
  diagnosis: () => Promise<{
    engine: Pick<Diagnosis['engine'], 'answer' | 'run'>;
    diagnoser: Pick<Diagnosis['diagnoser'], 'resume'>;
  }>;
  runs: Pick<Runs, 'join' | 'leave'>;
  /** Where values files are looked for, with the repository. */
  roots: (repository: string | null) => readonly string[];
  /** War Room closes. */
  closing: AbortSignal;
}

/** Takes up what went on without this process, or stopped in the middle of it. */
export class Recovery {
  constructor(private readonly over: Recovering) {}

  /** Looks whether what waits was committed or discarded elsewhere: in a terminal, in the editor. */
  async reconcile(): Promise<void> {
    const { host } = this.over;
    if (!host.isTrusted()) return;
    const { store } = await this.over.home();
    for (const incident of await store.list()) {
      const { id, state, proposal } = incident;
      if (!waitingStates.includes(state) && state !== 'executing') continue;
      if (!proposal || proposal.action || (await store.isRunning(id))) continue;
      await this.compare(incident).catch((error: unknown) =>
        host.log.warn(`${id} was not compared with git: ${messageOf(error)}`),
      );
    }
  }

  /** Removes what is too old, and goes on with what a crash, a reload or a kill interrupted. */
  async resumeInterrupted(): Promise<void> {
    const { host } = this.over;
    if (!host.isTrusted()) return;
    const { store } = await this.over.home();
    await store.removeOlderThan();
    for (const { id, state } of await store.list()) {
      if (state !== 'queued' && !runningStates.includes(state)) continue;
      if (await store.isRunning(id)) continue;
      host.log.info(`Going on with ${id}, which was interrupted while ${state}.`);
      const cancel = new AbortController();
      this.over.runs.join(id, cancel);
      try {
        await this.goOn(id, state, AbortSignal.any([this.over.closing, cancel.signal]));
      } catch (error) {
        host.log.warn(`${id}: ${messageOf(error)}`);
      } finally {
        await this.over.runs.leave(id, cancel);
      }
    }
  }

  private async compare(incident: Incident): Promise<void> {
    const home = await this.over.home();
    const commit = await home.committedElsewhere(incident);
    if (commit === null) return;
    const { engine } = await this.over.diagnosis();
    const { id, accepted } = incident;
    const answer = {
      kind: 'approved',
      by: accepted?.by ?? (await home.author()),
      at: new Date(this.over.host.clock.now()).toISOString(),
      values: accepted?.values ?? {},
      commit,
      branch: null,
    } as const;
    await engine.answer(id, answer, this.over.closing);
  }

  private async goOn(id: string, state: Incident['state'], stop: AbortSignal): Promise<void> {
    const { home, diagnosis, roots } = this.over;
    const { engine, diagnoser } = await diagnosis();
    if (state === 'queued') {
      const { repository } = await home();
      const input = { roots: roots(repository), useServers: true, allowStart: false };
      await engine.run(id, input, stop);
    } else {
      await diagnoser.resume(id, stop);
    }
  }
}
