import type { Clock } from '../../src/base/clock';

interface Timer {
  at: number;
  handle: NodeJS.Timeout;
  run: () => void;
}

/** The machine's time, which a test can move on. */
export class JumpingClock implements Clock {
  private ahead = 0;
  private readonly timers = new Set<Timer>();

  now(): number {
    return Date.now() + this.ahead;
  }

  monotonic(): number {
    return performance.now() + this.ahead;
  }

  schedule(ms: number, run: () => void): Disposable {
    const timer: Timer = {
      at: this.monotonic() + ms,
      handle: setTimeout(() => this.fire(timer), ms),
      run,
    };
    this.timers.add(timer);
    return { [Symbol.dispose]: () => this.drop(timer) };
  }

  /** Moves on by `ms`, and calls what has become due, in the order of time. */
  jump(ms: number): void {
    this.ahead += ms;
    const due = [...this.timers].filter(({ at }) => at <= this.monotonic());
    for (const timer of due.sort((a, b) => a.at - b.at)) this.fire(timer);
  }

  private fire(timer: Timer): void {
    if (this.drop(timer)) timer.run();
  }

  private drop(timer: Timer): boolean {
    clearTimeout(timer.handle);
    return this.timers.delete(timer);
  }
}
