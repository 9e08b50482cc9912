import { settled, withDeadline } from '../../../base/deadline';
import { hasCode } from '../../../base/privateFiles';
import type { Engine } from '../../engine/connect';
import { createContainer } from '../../engine/create';
import type { ContainerCreateOptions } from '../../engine/types';
import { attach } from './attachment';
import type { Attachment } from './attachment';
import { untilRemoved, waitForExit } from './ending';

const startMs = 30_000;
/** How long an engine may still take to make what is no longer wanted. */
const lateMs = 5_000;
/** How long an engine may take to take back what did not start; it is tried on meanwhile. */
const cleanUpMs = 10_000;

/** A container that runs, and what is open for it. */
export interface RunningContainer {
  id: string;
  name: string;
  warnings: readonly string[];
  attachment: Attachment;
  /** Its exit status; null when the engine was lost. */
  exit: Promise<number | null>;
  disconnect: () => void;
}

export interface StartOptions {
  onErrorLine: (line: string) => void;
  signal: AbortSignal;
  /** Fires when nothing is to be taken back any more. */
  runtimeSignal: AbortSignal;
}

/**
 * Makes a container, attaches to it, waits for its exit and only then starts it. What was made is
 * removed again when it rejects.
 */
export async function startContainer(
  engine: Engine,
  { name, ...options }: ContainerCreateOptions & { name: string },
  { onErrorLine, signal, runtimeSignal }: StartOptions,
): Promise<RunningContainer> {
  const life = new AbortController();
  const disconnect = () => life.abort();
  // Never cut short by the caller's signal: nobody would know whether it was made.
  const creating = createContainer(engine, name, options, life.signal);
  try {
    return await withDeadline('Starting a container', startMs, signal, async (within) => {
      const { id, warnings } = await creating;
      const [attachment, exit] = await Promise.all([
        attach(engine, id, onErrorLine, life.signal),
        waitForExit(engine, id, life.signal),
      ]);
      await engine.client.getContainer(id).start({ abortSignal: within });
      return { id, name, warnings, attachment, exit: exit.status, disconnect };
    });
  } catch (error) {
    await settled(creating, lateMs);
    disconnect();
    // Meant by its id where that is known: one that is half removed has no name any more.
    const left = await creating.then(
      ({ id }) => id,
      (failure: unknown) => (hasCode(failure, 'ECONNREFUSED', 'ENOENT') ? null : name),
    );
    if (left !== null) await settled(untilRemoved(engine, left, true, runtimeSignal), cleanUpMs);
    throw error;
  }
}
