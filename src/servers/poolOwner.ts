import path from 'node:path';
import type { DisposableLike } from '../base/disposables';
import { Emitter } from '../base/emitter';
import { tagged } from '../base/log';
import type { Host } from '../host';
import type { Pool } from '../pool/pool';
import type { ServerRequest } from '../pool/serverSpec';
import type { PoolStatus } from '../pool/status';
import { dataFolder, surroundings } from '../store/dataFolder';
import { imagesFolder } from './containers';
import type { Containers } from './containers';

/** Folder of this person's pools. */
export function poolsFolder(): string {
  return path.join(dataFolder(surroundings()), 'pools');
}

/** This process' way to the one pool of its person, machine and engine; loaded when first needed. */
export class PoolOwner {
  private readonly changes = new Emitter<void>();
  private opened: Promise<Pool> | undefined;
  private current: Pool | undefined;

  /** Fires when the pool's status has changed. */
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly host: Host,
    private readonly containers: Containers,
    /** What should be ready before anybody asks. */
    private readonly prewarm: () => readonly ServerRequest[],
  ) {}

  pool(): Promise<Pool> {
    this.opened ??= this.open();
    return this.opened;
  }

  /** Null until the pool was needed or looked at. */
  status(): PoolStatus | null {
    return this.current?.status() ?? null;
  }

  /** While it is held, memory is sampled every few seconds. */
  watch(): DisposableLike {
    let watching: DisposableLike | undefined;
    let ended = false;
    void this.pool().then((pool) => {
      if (!ended) watching = pool.watch();
    });
    return {
      dispose: () => {
        ended = true;
        watching?.dispose();
      },
    };
  }

  /** Stops every server of this process; fulfilled when none is left. */
  async close(): Promise<void> {
    await (await this.opened)?.dispose();
    this.changes.dispose();
  }

  private async open(): Promise<Pool> {
    const { openOwnPool } = await import('../pool/entry');
    const pool = await openOwnPool({
      folder: poolsFolder(),
      follow: this.host.follows,
      clock: this.host.clock,
      log: tagged(this.host.log, 'pool'),
      settings: () => this.host.settings().pool,
      language: () => this.host.language(),
      prewarm: this.prewarm,
      docker: () => this.containers.runtime(),
      images: {
        folder: imagesFolder(),
        cleanUp: async (signal) => (await this.containers.images()).cleanUp(signal),
      },
      reaper: await this.containers.reaper(),
    });
    this.current = pool;
    pool.onDidChange(() => this.changes.fire());
    return pool;
  }
}
