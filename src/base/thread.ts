import { Worker } from 'node:worker_threads';
import type { ResourceLimits } from 'node:worker_threads';
import { WarRoomError } from './errors';

/** Work for a worker thread. */
export interface ThreadJob<Message, Result> {
  /** Path of the bundled entry. */
  script: string;
  /** What it finds as `workerData`. */
  data: unknown;
  limits?: ResourceLimits;
  signal: AbortSignal;
  /** Called with each message; what it returns, unless undefined, is the result. */
  said: (message: Message) => Result | undefined;
  /** Sentences for the person who cancelled it, and when it ends without a result. */
  cancelled: string;
  failed: string;
}

/**
 * Runs a job in a thread of its own, which is gone when this returns or throws.
 * @throws code `cancelled`, `internal`
 */
export function runInThread<Message, Result>(job: ThreadJob<Message, Result>): Promise<Result> {
  const { script, data, limits, signal, said } = job;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new WarRoomError('cancelled', job.cancelled));
      return;
    }
    const worker = new Worker(script, { workerData: data, resourceLimits: limits });
    let ended = false;
    const end = (settle: () => void) => {
      // Its exit is heard after its result, too.
      if (ended) return;
      ended = true;
      signal.removeEventListener('abort', onAbort);
      void worker.terminate().finally(settle);
    };
    const onAbort = () => end(() => reject(new WarRoomError('cancelled', job.cancelled)));
    const fail = (cause: unknown) =>
      end(() => reject(new WarRoomError('internal', job.failed, { cause })));
    signal.addEventListener('abort', onAbort, { once: true });
    worker.on('message', (message: Message) => {
      const result = said(message);
      if (result !== undefined) end(() => resolve(result));
    });
    worker.on('error', fail);
    worker.on('exit', () => fail('exited without a result'));
  });
}
