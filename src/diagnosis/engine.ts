import path from 'node:path';
import { Command } from '@langchain/langgraph';
import { WarRoomError, describeError } from '../base/errors';
import type { Incident } from '../incident/incident';
import { runningStates, type IncidentState } from '../incident/state';
import { diagnosisGraph, type DiagnosisGraph } from './graph/graph';
import { FileSaver } from './graph/fileSaver';
import type { DiagnosisPorts } from './ports';
import type { Answer, Run } from './run';

/** States in which an answer is taken. */
const answerable: readonly IncidentState[] = ['awaiting-approval', 'accepted', 'executing'];

/** Runs the graph for one incident at a time each; all that it knows between calls lies on disk. */
export class Engine {
  constructor(private readonly ports: DiagnosisPorts) {}

  /**
   * Diagnoses the evidence that the incident holds, from the start, until it ends or waits.
   * @throws code `locked` when another process runs this incident
   */
  async run(
    id: string,
    input: Pick<Run, 'roots' | 'useServers'>,
    signal: AbortSignal,
  ): Promise<Incident> {
    return await this.exclusively(id, async () => {
      // Another window may have run it while it stood in this one's queue.
      if ((await this.ports.records.load(id)).state !== 'queued') return;
      await this.saver(id).deleteThread(id);
      await this.invoke(id, { id, ...input }, signal);
    });
  }

  /** Goes on after a crash or a restart; an incident that waits or has ended stays as it is. */
  async resume(id: string, signal: AbortSignal): Promise<Incident> {
    return await this.exclusively(id, async () => {
      const { state } = await this.ports.records.load(id);
      if (runningStates.includes(state)) await this.invoke(id, null, signal);
    });
  }

  /**
   * Gives a person's answer to the incident that waits for it.
   * @throws code `wrong-state` when it does not wait, and what kept the change from being committed
   */
  async answer(id: string, answer: Answer, signal: AbortSignal): Promise<Incident> {
    const incident = await this.exclusively(id, async () => {
      const { state } = await this.ports.records.load(id);
      if (!answerable.includes(state)) {
        throw new WarRoomError(
          'wrong-state',
          `${id} waits for no answer: it is ${state}. Nothing was changed.`,
        );
      }
      const graph = this.graph(id);
      await toTheQuestion(graph, id, state, signal);
      if (await waits(graph, id)) await this.invoke(id, new Command({ resume: answer }), signal);
    });
    if (incident.error) throw new WarRoomError(incident.error.code, incident.error.message);
    return incident;
  }

  private async exclusively(id: string, work: () => Promise<void>): Promise<Incident> {
    const lock = await this.ports.records.runLock(id);
    try {
      await work();
    } finally {
      await lock.release();
    }
    return await this.ports.records.load(id);
  }

  private async invoke(
    id: string,
    input: Parameters<DiagnosisGraph['invoke']>[0],
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.graph(id).invoke(input, config(id, signal));
    } catch (error) {
      await this.fail(id, error, signal);
    }
  }

  /** What was found until then is kept. A change that waits or lies staged goes on waiting. */
  private async fail(id: string, error: unknown, signal: AbortSignal): Promise<void> {
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
      ...afterFailure(incident, cancelled),
      error: described,
    }));
  }

  private graph(id: string): DiagnosisGraph {
    return diagnosisGraph(this.ports, this.saver(id));
  }

  private saver(id: string): FileSaver {
    return new FileSaver(path.join(this.ports.records.folder(id), 'checkpoints'));
  }
}

function afterFailure(incident: Incident, cancelled: boolean): Partial<Incident> {
  if (incident.state === 'executing') {
    return { state: incident.accepted ? 'accepted' : 'awaiting-approval', decision: null };
  }
  return { state: cancelled ? 'cancelled' : 'failed', outcome: 'failed' };
}

function config(id: string, signal: AbortSignal) {
  return { configurable: { thread_id: id }, durability: 'sync' as const, signal };
}

/**
 * Brings a run that a crash or a deadline stopped short of the question back to it. An approval
 * that was not carried out then is not carried out now: this answer counts.
 */
async function toTheQuestion(
  graph: DiagnosisGraph,
  id: string,
  state: IncidentState,
  signal: AbortSignal,
): Promise<void> {
  const { next } = await graph.getState({ configurable: { thread_id: id } });
  if (next.includes('approve')) return;
  if (next.includes('execute') && state !== 'executing') {
    await graph.updateState({ configurable: { thread_id: id } }, { answer: null }, 'execute');
  }
  await graph.invoke(null, config(id, signal));
}

async function waits(graph: DiagnosisGraph, id: string): Promise<boolean> {
  const { next } = await graph.getState({ configurable: { thread_id: id } });
  return next.includes('approve');
}
