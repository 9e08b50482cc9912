import { setTimeout as sleep } from 'node:timers/promises';

import { withDeadline } from '../../base/deadline';
import { WarRoomError, messageOf } from '../../base/errors';
import type { Engine } from '../engine/connect';
import { openStream } from '../engine/stream';
import type { ServerTool } from '../pool';
import type { RunningContainer } from '../runtimes/docker/startContainer';
import { startSealed } from './runOnce';
import type { Sealed } from './runOnce';

const proofMs = 60_000;
const flushMs = 5_000;
const stopMs = 10_000;
const lastWordsMs = 1_000;
/** More than any server compiles; what is larger is not kept. */
const mostCompiledBytes = 64 * 1024 * 1024;
const linesKept = 50;

/** What a server said when it was run without a network and without any values. */
export interface Proof {
  tools: readonly ServerTool[];
  /** From making the container to the answered greeting. */
  startMs: number;
  /** Tar of the folder with what was compiled; null where nothing was. */
  compiled: Buffer | null;
}

/** Where a server finds what was compiled of it, and what makes its language keep it there. */
export const compiledFolder = '/war-room/compiled';
export const compiledEnvironment = {
  node: { NODE_COMPILE_CACHE: compiledFolder },
  python: { PYTHONPYCACHEPREFIX: compiledFolder },
} as const;

/** Node writes what it has compiled when it ends; most servers are killed before. */
const flushed = 'war-room: compiled';
const flushOnSignal = `--import=data:text/javascript,${encodeURIComponent(
  `import{flushCompileCache as f}from'node:module';process.on('SIGUSR2',()=>{f();process.stderr.write('${flushed}\\n')})`,
)}`;

/**
 * Runs a server as at run time, but without a network and without any values, greets it and asks
 * for its tools.
 * @param flushes true where Node has to be told to write down what it has compiled
 * @returns why it did not start, which for a server that needs values is no fault of it
 */
export async function prove(
  engine: Engine,
  sealed: Sealed,
  flushes: boolean,
  signal: AbortSignal,
): Promise<Proof | { failed: string }> {
  const lines: string[] = [];
  const flush = new Deferred();
  const onErrorLine = (line: string) => {
    if (line === flushed) flush.resolve();
    else if (lines.push(line) > linesKept) lines.shift();
  };
  const { environment } = sealed.image;
  const options: Record<string, string> = flushes ? { NODE_OPTIONS: flushOnSignal } : {};
  const image = { ...sealed.image, environment: { ...environment, ...options } };
  const begin = performance.now();
  let container: RunningContainer | undefined;
  try {
    container = await startSealed(
      engine,
      { ...sealed, image, writable: compiledFolder },
      onErrorLine,
      signal,
    );
    const tools = await greet(container, signal);
    const startMs = Math.round(performance.now() - begin);
    const compiled = await takeCompiled(
      engine,
      container.id,
      flushes ? flush.promise : null,
      signal,
    );
    return { tools, startMs, compiled };
  } catch (error) {
    signal.throwIfAborted();
    if (WarRoomError.is(error, 'engine-unavailable')) throw error;
    return { failed: [messageOf(error), ...lines].join('\n') };
  } finally {
    if (container) await end(engine, container);
  }
}

async function greet(
  { attachment, exit }: RunningContainer,
  signal: AbortSignal,
): Promise<readonly ServerTool[]> {
  const { McpClient: Client } = await import('../client');
  return await withDeadline('Greeting the server', proofMs, signal, async (within) => {
    const client = new Client();
    const ended = exit.then((status) => {
      throw new Error(`It ended with status ${status ?? 'unknown'}.`);
    });
    const greeted = client
      .connect(attachment.input, attachment.output, () => undefined, within)
      .then(() => client.listTools(within));
    ended.catch(() => undefined);
    try {
      await Promise.race([greeted, ended]);
    } catch (error) {
      // Its output closes a moment before its end is told, which says more.
      await Promise.race([ended, sleep(lastWordsMs)]);
      throw error;
    }
    return client.tools;
  });
}

/** Without it the server only starts more slowly, so a failure is none. */
async function takeCompiled(
  engine: Engine,
  container: string,
  flush: Promise<void> | null,
  signal: AbortSignal,
): Promise<Buffer | null> {
  try {
    return await withDeadline('Keeping what was compiled', flushMs, signal, async (within) => {
      if (flush) {
        await engine.client
          .getContainer(container)
          .kill({ signal: 'SIGUSR2', abortSignal: within });
        await flush;
      }
      const path = `/containers/${container}/archive?path=${encodeURIComponent(compiledFolder)}`;
      const archive = await openStream(engine.place.connection, { method: 'GET', path }, within);
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of archive) {
        chunks.push(chunk as Buffer);
        bytes += (chunk as Buffer).length;
        if (bytes > mostCompiledBytes) return null;
      }
      return Buffer.concat(chunks);
    });
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

/** The container removes itself when it has ended. */
async function end(engine: Engine, container: RunningContainer): Promise<void> {
  try {
    await withDeadline('Stopping a container', stopMs, undefined, async (abortSignal) => {
      await engine.client.getContainer(container.id).kill({ abortSignal });
      await container.exit;
    });
  } catch {
    // It ended by itself, or its guard ends it.
  } finally {
    container.disconnect();
  }
}

/** A promise that is fulfilled from outside. */
class Deferred {
  resolve: () => void = () => undefined;
  readonly promise = new Promise<void>((resolve) => (this.resolve = resolve));
}
