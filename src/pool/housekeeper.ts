import type { Clock } from '../base/clock';
import type { MemorySample } from './pressure';

/** What the pool lets its housekeeper see and do. */
export interface Household {
  clock: Clock;
  /** True when somebody wants to see the memory as it is now. */
  isWatched(): boolean;
  /** False: there is nothing to look after. */
  hasServers(): boolean;
  /** In how many ms the next idle server is due; null for none. */
  nextIdleStopIn(): number | null;
  stopIdle(): void;
  measure(): Promise<MemorySample>;
  /** There is a new sample, or the old one is no longer true. */
  sampled(sample: MemorySample | null): void;
  /** The machine slept for so long that monotonic time moved on; it was no idle time. */
  slept(ms: number): void;
}

const watchedMs = 5_000;
const unwatchedMs = 60_000;
/** After an event, memory takes a moment to be what it will be. */
const afterEventMs = 1_000;
/** A timer that is later than this was not late but asleep. */
const sleepMs = 30_000;

/** Wakes up for what is due next: an idle server's stop, or a sample of the memory. */
export class Housekeeper {
  private timer: Disposable | null = null;
  /** When the timer was set and is due: monotonic, and the wall's time at its setting. */
  private set = { at: 0, due: 0, wall: 0 };
  private lastSampleAt: number | null = null;
  private eventAt: number | null = null;
  private isMeasuring = false;
  private isClosed = false;

  constructor(private readonly house: Household) {}

  /** Something happened that memory may have changed with, so it is looked at soon. */
  event(): void {
    this.eventAt ??= this.house.clock.monotonic();
    this.look();
  }

  /** Sets the timer to what is due next. */
  look(): void {
    this.timer?.[Symbol.dispose]();
    this.timer = null;
    if (this.isClosed || !this.house.hasServers()) return;
    const { clock } = this.house;
    const at = clock.monotonic();
    const idle = this.house.nextIdleStopIn() ?? unwatchedMs;
    const wait = Math.max(0, Math.min(idle, this.nextSampleAt() - at, unwatchedMs));
    this.set = { at, due: at + wait, wall: clock.now() };
    this.timer = clock.schedule(wait, () => this.beat());
  }

  dispose(): void {
    this.isClosed = true;
    this.timer?.[Symbol.dispose]();
  }

  private beat(): void {
    this.noticeSleep();
    this.house.stopIdle();
    if (this.nextSampleAt() <= this.house.clock.monotonic()) void this.sample();
    this.look();
  }

  private nextSampleAt(): number {
    if (this.isMeasuring) return Infinity;
    const last = this.lastSampleAt ?? -Infinity;
    const pause = this.house.isWatched() ? watchedMs : unwatchedMs;
    const regular = this.lastSampleAt === null ? Infinity : last + pause;
    if (this.eventAt === null) return regular;
    return Math.min(regular, Math.max(this.eventAt + afterEventMs, last + watchedMs));
  }

  private async sample(): Promise<void> {
    this.isMeasuring = true;
    this.eventAt = null;
    try {
      const sample = await this.house.measure();
      this.lastSampleAt = this.house.clock.monotonic();
      if (!this.isClosed) this.house.sampled(sample);
    } finally {
      this.isMeasuring = false;
      this.look();
    }
  }

  /** On some systems monotonic time goes on in sleep, on others only the wall's does. */
  private noticeSleep(): void {
    const { clock } = this.house;
    const late = clock.monotonic() - this.set.due;
    const unseen = clock.now() - this.set.wall - (clock.monotonic() - this.set.at);
    if (late > sleepMs) this.house.slept(late);
    if (late <= sleepMs && unseen <= sleepMs) return;
    this.lastSampleAt = null;
    this.eventAt = clock.monotonic();
    this.house.sampled(null);
  }
}
