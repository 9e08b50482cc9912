import type { Clock } from '../../base/clock';
import type { DisposableLike } from '../../base/disposables';
import { WarRoomError, messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { ServerSpec } from '../serverSpec';
import { hasImage, keyOf } from './records';
import type { ImageProgram, Tier } from './records';
import type { ServerImages } from './serverImage';

/** How long no diagnosis has leased anything before images are made ahead. */
const quietMs = 60_000;

export interface ImagesAheadOptions {
  imageOf: ServerImages['imageOf'];
  tierOf: (program: ImageProgram) => Promise<Tier>;
  clock: Clock;
  log: Log;
}

/**
 * Makes the images of servers that are used often before they are asked for again, one at a time
 * and when nothing else is to be done, and has those that are there count as used.
 */
export class ImagesAhead implements DisposableLike {
  private readonly end = new AbortController();
  /** Each is tried once: what does not work, or has no room, is not made again and again. */
  private readonly tried = new Set<string>();
  private wanted: readonly ServerSpec[] = [];
  private timer: Disposable | null = null;
  private working: Promise<void> = Promise.resolve();

  constructor(private readonly options: ImagesAheadOptions) {}

  /** @param servers most used first; only what may run without a question */
  keep(servers: readonly ServerSpec[]): void {
    this.wanted = servers;
    this.timer?.[Symbol.dispose]();
    if (this.end.signal.aborted || servers.length === 0) return;
    this.timer = this.options.clock.schedule(quietMs, () => {
      this.working = this.working.then(() => this.work());
    });
  }

  /** Cancels what is being made. */
  dispose(): void {
    this.end.abort();
    this.timer?.[Symbol.dispose]();
  }

  /** Never rejects. */
  private async work(): Promise<void> {
    for (const server of this.wanted) {
      if (this.end.signal.aborted) return;
      try {
        await this.one(server);
      } catch (error) {
        const why = messageOf(error);
        this.options.log.debug(`The image of ${server.name} was not made ahead: ${why}`);
      }
    }
  }

  private async one(server: ServerSpec): Promise<void> {
    const { imageOf, tierOf, log } = this.options;
    const { program, name } = server;
    if (!hasImage(program)) return;
    const key = keyOf(program);
    if ((await tierOf(program)) > 1) {
      if (this.tried.has(key)) return;
      log.info(`Making the image of ${name} ahead, since most incidents use it.`);
    }
    this.tried.add(key);
    try {
      await imageOf(server, this.end.signal);
    } catch (error) {
      // It was not for want of trying.
      if (WarRoomError.is(error, 'engine-unavailable')) this.tried.delete(key);
      throw error;
    }
  }
}
