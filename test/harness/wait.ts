import { setTimeout as sleep } from 'node:timers/promises';

/** Where and how long `waitFor` looks. */
export interface WaitOptions {
  readonly deadlineMs?: number;
  readonly intervalMs?: number;
}

/**
 * Asks again and again until `look` answers something other than undefined, null or false.
 *
 * @param what completes the sentence "Waited … s in vain for …"
 * @throws Error after the deadline (20 s unless told), with the last error of `look` as its cause
 */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  { deadlineMs = 20_000, intervalMs = 100 }: WaitOptions = {},
): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs;
  let cause: unknown;
  do {
    try {
      const answer = await look();
      if (answer !== undefined && answer !== null && answer !== false) {
        return answer;
      }
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(intervalMs);
  } while (performance.now() < end);
  throw new Error(`Waited ${Math.round(deadlineMs / 1000)} s in vain for ${what}.`, { cause });
}
