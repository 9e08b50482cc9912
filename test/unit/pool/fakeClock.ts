import type { Clock } from '../../../src/base/clock';
// Loaded now, since a test's time does not wait for the pool to load it.
import '../../../src/pool/client';

/** Time that moves only when the test says so. */
export class FakeClock implements Clock {
  private time = 0;
  private ahead = 0;
  private timers: { at: number; run: () => void }[] = [];

  now(): number {
    return Date.UTC(2026, 0, 1) + this.time + this.ahead;
  }

  monotonic(): number {
    return this.time;
  }

  schedule(ms: number, run: () => void): Disposable {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return {
      [Symbol.dispose]: () => {
        this.timers = this.timers.filter((other) => other !== timer);
      },
    };
  }

  /** The machine sleeps: no timer runs meanwhile, and monotonic time goes on or stands still. */
  async sleep(ms: number, monotonic: 'goes on' | 'stands still'): Promise<void> {
    if (monotonic === 'goes on') this.time += ms;
    else this.ahead += ms;
    await this.advance(0);
  }

  /** Moves on, and calls what is due on the way, in the order of time. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
      await settled();
    }
    this.time = end;
    await settled();
  }
}

/** Fulfilled when all that follows from what just happened has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
