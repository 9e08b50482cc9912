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

  /**
   * Moves on by `ms`, and calls each timer when it is due, as on a machine that is awake; what a
   * timer has begun goes on after the jump.
   */
  jump(ms: number): void {
    const end = this.monotonic() + ms;
    for (;;) {
      const [next] = [...this.timers].sort((a, b) => a.at - b.at);
      this.ahead += Math.max(0, Math.min(next?.at ?? end, end) - this.monotonic());
      if (!next || next.at > end) return;
      this.fire(next);
    }
  }

  private fire(timer: Timer): void {
    if (this.drop(timer)) timer.run();
  }

  private drop(timer: Timer): boolean {
    clearTimeout(timer.handle);
    return this.timers.delete(timer);
  }
}
