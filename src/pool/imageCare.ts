import type { Clock } from '../base/clock';
import { withDeadline } from '../base/deadline';
import type { DisposableLike } from '../base/disposables';
import { WarRoomError, messageOf } from '../base/errors';
import type { Log } from '../base/log';

/** What begins is not held up by it. */
const firstLookMs = 5_000;
const lookMs = 2 * 60_000;
const cleaningPauseMs = 24 * 60 * 60_000;
const cleaningMs = 5 * 60_000;

export interface ImageCareOptions {
  /** Bytes on the engine's disk, without asking the engine. */
  diskUse: () => Promise<number>;
  /** Removes the images that are of no use any more. */
  cleanUp: (signal: AbortSignal) => Promise<void>;
  /** False: no container was wanted yet, so the engine is left alone. */
  hasEngine: () => boolean;
  clock: Clock;
  log: Log;
}

/**
 * Looks after the images while this process is the pool: knows what disk they use, and has them
 * cleaned up once there is an engine and then once a day.
 */
export class ImageCare implements DisposableLike {
  private readonly end = new AbortController();
  private timer: Disposable | null = null;
  private cleanedAt: number | null = null;
  private known: number | null = null;

  constructor(private readonly options: ImageCareOptions) {}

  /** As it was when it was last looked at; null before. */
  get bytes(): number | null {
    return this.known;
  }

  /** From now on, until it is disposed. */
  start(): void {
    this.lookIn(firstLookMs);
  }

  dispose(): void {
    this.end.abort();
    this.timer?.[Symbol.dispose]();
  }

  private lookIn(ms: number): void {
    if (this.end.signal.aborted) return;
    this.timer = this.options.clock.schedule(ms, () => {
      void this.look().finally(() => this.lookIn(lookMs));
    });
  }

  /** Never rejects. */
  private async look(): Promise<void> {
    const { hasEngine, diskUse, log } = this.options;
    if (this.isCleaningDue() && hasEngine()) await this.clean();
    try {
      this.known = await diskUse();
    } catch (error) {
      log.debug(`The disk use of images could not be read: ${messageOf(error)}`);
    }
  }

  private isCleaningDue(): boolean {
    if (this.cleanedAt === null) return true;
    return this.options.clock.monotonic() - this.cleanedAt >= cleaningPauseMs;
  }

  private async clean(): Promise<void> {
    const { cleanUp, clock, log } = this.options;
    // Also where it fails: what hinders it now is likely to do so for a while.
    this.cleanedAt = clock.monotonic();
    try {
      await withDeadline('Cleaning up images', cleaningMs, this.end.signal, cleanUp);
    } catch (error) {
      if (WarRoomError.is(error, 'cancelled')) return;
      log.warn(`Images that are of no use were not removed, until tomorrow: ${messageOf(error)}`);
    }
  }
}
