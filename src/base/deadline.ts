import { WarRoomError } from './errors';

/**
 * Runs `work` with a signal that fires when `ms` have passed or `parent` is cancelled, and rejects
 * then with code `deadline` or `cancelled`, whether `work` listens to the signal or not.
 * @param what names the work in the error's sentence, for example "Reading the log"
 */
export async function withDeadline<T>(
  what: string,
  ms: number,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  throwIfCancelled(parent);
  const controller = new AbortController();
  return await new Promise<T>((resolve, reject) => {
    const stop = (error: WarRoomError) => {
      controller.abort(error);
      reject(error);
    };
    const timer = setTimeout(
      () =>
        stop(
          new WarRoomError('deadline', `${what} took longer than ${ms / 1000} s and was stopped.`),
        ),
      ms,
    );
    const onCancel = () => stop(new WarRoomError('cancelled', `${what} was cancelled.`));
    parent?.addEventListener('abort', onCancel, { once: true });
    work(controller.signal)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        parent?.removeEventListener('abort', onCancel);
      });
  });
}

/** Throws code `cancelled` if the signal has fired. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new WarRoomError('cancelled', 'The diagnosis was cancelled.');
}

/** Waits until `work` has ended in whatever way, for `ms` at most; true if it has. */
export async function settled(work: Promise<unknown> | undefined, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, ms, false)));
  const ended = Promise.resolve(work).then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([ended, late]);
  clearTimeout(timer);
  return inTime;
}
