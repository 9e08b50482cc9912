/** Time as the engine sees it; a test hands in its own. */
export interface Clock {
  /** Wall time in ms since 1970, for what is shown and written. */
  now(): number;
  /** Monotonic time in ms, for every duration: it does not jump when the wall clock is set. */
  monotonic(): number;
  /** Calls `run` once after `ms` of monotonic time. */
  schedule(ms: number, run: () => void): Disposable;
}

/** The machine's own time. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
