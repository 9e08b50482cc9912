import path from 'node:path';
import { Command } from '@langchain/langgraph';
import { WarRoomError, describeError } from '../base/errors';
import type { Incident } from '../incident/incident';
import { endedUses } from '../incident/modelUse';
import type { Plan } from '../incident/proposal';
import { mayFollow, runningStates, waitingStates, type IncidentState } from '../incident/state';
import { diagnosisGraph, type DiagnosisGraph } from './graph/graph';
import { FileSaver } from './graph/fileSaver';
import type { DiagnosisPorts } from './ports';
import type { Answer, Run } from './run';

/** What a run needs besides the incident. */
export type RunInput = Pick<Run, 'roots' | 'useServers' | 'allowStart'>;

/** States in which an answer of each kind is taken. */
const answerable: Record<Answer['kind'], readonly IncidentState[]> = {
  approved: ['awaiting-approval', 'accepted', 'executing'],
  rejected: ['awaiting-approval'],
  choose: ['awaiting-approval'],
  replan: ['awaiting-approval'],
  leave: ['awaiting-leave'],
};

/** A run of another process ends within this, since each of its steps has a deadline. */
const longestRunMs = 900_000;
/** A person who answers hears soon that somebody else is at it. */
const answerWaitMs = 5_000;

/** Runs the graph for one incident at a time each; all that it knows between calls lies on disk. */
export class Engine {
  constructor(private readonly ports: DiagnosisPorts) {}

  /**
   * Diagnoses the evidence that the incident holds, from the start, until it ends or waits. Where
   * another process has begun with it, that one's result is waited for.
   * @throws code `cancelled` while it waits, `locked` when the other process does not end
   */
  async run(id: string, input: RunInput, signal: AbortSignal): Promise<Incident> {
    return await this.exclusively(id, longestRunMs, signal, () => this.start(id, input, signal));
  }

  /**
   * Goes on with an open incident that was diagnosed again: finishes what a crash interrupted, and
   * runs it from the start when there is other evidence or its run was given up.
   * @param add adds the evidence, and says whether the incident did not hold it yet
   * @throws like {@link run}
   */
  async goOn(
    id: string,
    input: RunInput,
    add: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<Incident> {
    return await this.exclusively(id, longestRunMs, signal, async () => {
      const found = await this.ports.records.load(id);
      if (runningStates.includes(found.state)) await this.invoke(id, null, signal);
      const added = await add();
      const givenUp = found.state === 'cancelled' || found.state === 'failed';
      if (added || givenUp) await this.queueAgain(id);
      await this.start(id, input, signal);
    });
  }

  /**
   * Goes on after a crash or a restart; an incident that waits or has ended stays as it is.
   * @throws code `locked` when another process runs it
   */
  async resume(id: string, signal: AbortSignal): Promise<Incident> {
    return await this.exclusively(id, 0, signal, async () => {
      const { state } = await this.ports.records.load(id);
      if (runningStates.includes(state)) await this.invoke(id, null, signal);
    });
  }

  /**
   * Gives a person's answer to the incident that waits for it. An approval that a crash interrupted
   * while it was carried out is finished.
   * @throws code `wrong-state` when it does not wait, and what kept the change from being committed
   */
  async answer(id: string, answer: Answer, signal: AbortSignal): Promise<Incident> {
    const incident = await this.exclusively(id, answerWaitMs, signal, async () => {
      const { state } = await this.ports.records.load(id);
      if (!answerable[answer.kind].includes(state)) throw notWaiting(id, state);
      if (state === 'executing') {
        await this.invoke(id, null, signal);
        return;
      }
      // An error of an earlier answer would else be taken for one of this.
      const waiting = await this.ports.records.update(id, (each) => ({ ...each, error: null }));
      await (answer.kind === 'leave' ? this.toLeave(waiting) : this.toTheQuestion(waiting));
      await this.invoke(id, new Command({ resume: answer }), signal);
    });
    if (incident.error) throw new WarRoomError(incident.error.code, incident.error.message);
    return incident;
  }

  private async exclusively(
    id: string,
    waitMs: number,
    signal: AbortSignal,
    work: () => Promise<void>,
  ): Promise<Incident> {
    const lock = await this.ports.records.runLock(id, waitMs, signal);
    try {
      await work();
      return await this.ports.records.load(id);
    } finally {
      await lock.release();
    }
  }

  /** Nothing when the incident is not queued: somebody else may have run it meanwhile. */
  private async start(id: string, input: RunInput, signal: AbortSignal) {
    const { roots, useServers, allowStart } = input;
    if ((await this.ports.records.load(id)).state !== 'queued') return;
    await this.saver(id).deleteThread(id);
    await this.invoke(id, { id, roots, useServers, allowStart }, signal);
  }

  /** An incident whose change is accepted, or that a person closed, stays as it is. */
  private async queueAgain(id: string): Promise<void> {
    await this.ports.records.update(id, (incident) =>
      incident.state !== 'queued' && mayFollow(incident.state, 'queued')
        ? {
            ...incident,
            ...nothingFound,
            ...(incident.modelUse ? { modelUse: endedUses(incident.modelUse) } : {}),
            state: 'queued',
          }
        : incident,
    );
  }

  private async invoke(
    id: string,
    input: Parameters<DiagnosisGraph['invoke']>[0],
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.graph(id, signal).invoke(input, { ...thread(id), durability: 'sync' });
    } catch (error) {
      await this.fail(id, error, signal);
    }
  }

  /** What was found until then is kept. A change that waits or lies staged goes on waiting. */
  private async fail(id: string, error: unknown, signal: AbortSignal): Promise<void> {
    // Whoever comes next goes on where this process stopped.
    if (WarRoomError.is(signal.reason, 'closing')) return;
    const cancelled = signal.aborted || WarRoomError.is(error, 'cancelled');
    const described = cancelled
      ? {
          code: 'cancelled' as const,
          message: 'The diagnosis was cancelled. What was found is kept.',
        }
      : describeError(error);
    if (!cancelled)
      this.ports.log.error(`${id}: ${String(error instanceof Error ? error.stack : error)}`);
    await this.ports.records.update(id, (incident) => ({
      ...incident,
      ...afterFailure(incident, described),
    }));
  }

  /**
   * Brings a run that a crash stopped between two writes back to the question that the incident
   * asks. What was answered then and not carried out is not carried out now: this answer counts.
   */
  private async toTheQuestion({ id, root, proposal, candidates }: Incident): Promise<void> {
    const graph = this.graph(id, new AbortController().signal);
    const saved = await graph.getState(thread(id));
    if (saved.next.includes('approve')) return;
    const planned: Plan = proposal
      ? { kind: 'proposal', proposal }
      : { kind: 'choose', candidates };
    const lost = (saved.values as Partial<Run>).id === undefined;
    const run = lost ? { id, roots: [root], useServers: true, allowStart: false } : {};
    await graph.updateState(thread(id), { ...run, planned, answer: null }, 'plan');
    await graph.invoke(null, { ...thread(id), durability: 'sync' });
  }

  /** A crash between two writes left the run before its question: it comes there by itself. */
  private async toLeave({ id }: Incident): Promise<void> {
    const graph = this.graph(id, new AbortController().signal);
    const saved = await graph.getState(thread(id));
    if (!saved.next.includes('leave'))
      await graph.invoke(null, { ...thread(id), durability: 'sync' });
  }

  private graph(id: string, signal: AbortSignal): DiagnosisGraph {
    return diagnosisGraph(this.ports, this.saver(id), signal);
  }

  private saver(id: string): FileSaver {
    return new FileSaver(path.join(this.ports.records.folder(id), 'checkpoints'));
  }
}

/** What a run starts without. */
const nothingFound = {
  leave: [],
  proposal: null,
  typed: {},
  candidates: [],
  decision: null,
  unchecked: [],
  outcome: null,
  error: null,
} satisfies Partial<Incident>;

function afterFailure(incident: Incident, error: Incident['error']): Partial<Incident> {
  const { state, accepted } = incident;
  if (state === 'executing') {
    return { state: accepted ? 'accepted' : 'awaiting-approval', decision: null, error };
  }
  if (waitingStates.includes(state)) return { error };
  const unfinished = state === 'queued' || runningStates.includes(state);
  // What has ended before the failure stands.
  if (!unfinished) return {};
  return { state: error?.code === 'cancelled' ? 'cancelled' : 'failed', outcome: 'failed', error };
}

function notWaiting(id: string, state: IncidentState): WarRoomError {
  const hint =
    state === 'executing'
      ? 'it was approved and its commit is not finished; finish it with "war-room accept --commit"'
      : `it is ${state}`;
  return new WarRoomError(
    'wrong-state',
    `${id} waits for no such answer: ${hint}. Nothing was changed.`,
  );
}

function thread(id: string) {
  return { configurable: { thread_id: id } };
}
