import { systemClock } from '../../base/clock';
import type { Clock } from '../../base/clock';
import { settled, withDeadline } from '../../base/deadline';
import type { DisposableLike } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { WarRoomError, messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { LeaseRequest, Pool, PoolLease, WaitOptions } from '../pool';
import type { PoolStatus } from '../status';
import { followSocket } from './followSocket';
import { emptyStatus } from './knownStatus';
import type { ShownLimits } from './knownStatus';
import { poolAddress } from './place';
import type { PoolAddress, PoolPlace } from './place';
import { PoolHost } from './poolHost';
import type { MadePool } from './poolHost';
import { connectPool, lockPool } from './poolSocket';
import { RemotePool } from './remotePool';

/** Pools may go one after the other while somebody waits to lease. */
const mostAttempts = 5;
const disposeMs = 10_000;
/** After the first, and after many connections to what is no pool of ours. */
const shortestPauseMs = 250;
const longestPauseMs = 60_000;

export interface OpenPoolOptions {
  place: PoolPlace;
  /** Makes the pool when this process becomes it. */
  makePool: () => Promise<MadePool>;
  /** True for a window, which shows the pool also before it leases; false for a short command. */
  follow: boolean;
  /** For the status where nobody is the pool. */
  limits: () => ShownLimits;
  log: Log;
  clock?: Clock;
}

/**
 * The one pool of this person, machine and engine. At the first lease this process uses the pool of
 * another one that lives, or becomes it; when that other one goes, the next lease decides anew.
 * Nothing is connected or made before it is needed.
 */
export function openPool(options: OpenPoolOptions): Pool {
  const pool = new SharedPool(options);
  if (options.follow) void pool.follow();
  return pool;
}

/** The pool that is used now, of this process or of another. */
interface Joined {
  readonly pool: Pool;
  /** True once nobody answers there any more. */
  isOver(): boolean;
  end(): Promise<void>;
}

/** Somebody who looks at whichever pool there is. */
interface Watcher {
  now: DisposableLike | null;
}

class SharedPool implements Pool {
  private readonly changes = new Emitter<PoolStatus>();
  private readonly watchers = new Set<Watcher>();
  private joined: Joined | null = null;
  private joining: Promise<Pool> | null = null;
  private looking: Promise<unknown> = Promise.resolve();
  private following: DisposableLike | null = null;
  private address: Promise<PoolAddress> | null = null;
  private isDisposed = false;
  /** How often in a row what was connected was no pool of ours. */
  private failures = 0;
  private pause: Disposable | null = null;

  readonly onDidChange = this.changes.event;

  constructor(private readonly options: OpenPoolOptions) {}

  async lease(request: LeaseRequest, options: WaitOptions): Promise<PoolLease> {
    const end = performance.now() + options.deadlineMs;
    for (let attempt = 1; ; attempt++) {
      const what = 'Looking for the pool of MCP servers';
      const joined = await withDeadline(what, end - performance.now(), options.signal, () =>
        this.join(),
      );
      const deadlineMs = Math.max(0, end - performance.now());
      try {
        return await joined.lease(request, { ...options, deadlineMs });
      } catch (error) {
        // Nothing was called yet, so the pool that comes after one that went serves it as well.
        const mayRepeat = !this.current && !options.signal.aborted && attempt < mostAttempts;
        if (!mayRepeat || this.isDisposed) throw error;
      }
    }
  }

  status(): PoolStatus {
    return this.current?.status() ?? emptyStatus(this.options.limits());
  }

  watch(): DisposableLike {
    const watcher: Watcher = { now: this.current?.watch() ?? null };
    this.watchers.add(watcher);
    return {
      dispose: () => {
        watcher.now?.dispose();
        this.watchers.delete(watcher);
      },
    };
  }

  stop(id: string): void {
    this.current?.stop(id);
  }

  restart(id: string): void {
    this.current?.restart(id);
  }

  pin(id: string, pinned: boolean): void {
    this.current?.pin(id, pinned);
  }

  async lastLines(id: string): Promise<readonly string[]> {
    return (await this.current?.lastLines(id)) ?? [];
  }

  async inspect(id: string): Promise<unknown> {
    if (!this.current) throw new WarRoomError('not-found', 'That server is gone.');
    return await this.current.inspect(id);
  }

  endIncident(incident: string): void {
    this.current?.endIncident(incident);
  }

  async dispose(): Promise<void> {
    this.isDisposed = true;
    this.following?.dispose();
    this.pause?.[Symbol.dispose]();
    await settled(this.joining ?? this.looking, disposeMs);
    await this.joined?.end();
    this.changes.dispose();
  }

  /** Shows the pool of whoever is it, without ever becoming it. */
  async follow(): Promise<void> {
    try {
      const address = await this.findAddress();
      if (this.isDisposed) return;
      this.following = followSocket(address, () => this.look());
      this.look();
    } catch (error) {
      this.options.log.debug(`The pool of other windows is not shown: ${messageOf(error)}`);
    }
  }

  private get current(): Pool | null {
    return this.joined && !this.joined.isOver() ? this.joined.pool : null;
  }

  private look(): void {
    if (this.isDisposed || this.current || this.joining) return;
    const connect = async () => await this.connect(await this.findAddress());
    this.looking = this.looking.then(connect).catch((error: unknown) => {
      this.options.log.debug(`The pool was not reached: ${messageOf(error)}`);
    });
  }

  private join(): Promise<Pool> {
    if (this.isDisposed) return Promise.reject(closed());
    if (this.current) return Promise.resolve(this.current);
    this.joining ??= this.connectOrBecome().finally(() => (this.joining = null));
    return this.joining;
  }

  private async connectOrBecome(): Promise<Pool> {
    await this.looking;
    const address = await this.findAddress();
    return (await this.connect(address)) ?? (await this.become(address));
  }

  private async connect(address: PoolAddress): Promise<Pool | null> {
    if (this.current) return this.current;
    const socket = await connectPool(address);
    if (!socket) return null;
    const pool = new RemotePool(socket, emptyStatus(this.options.limits()));
    void pool.whenLost.then(() => this.leave(pool));
    return await this.adopt({ pool, isOver: () => pool.isLost, end: () => pool.dispose() });
  }

  private async become(address: PoolAddress): Promise<Pool> {
    const lock = await lockPool(address);
    try {
      const other = await this.connect(address);
      if (other) return other;
      const made = await this.options.makePool();
      const host = new PoolHost(made, this.options.log);
      await host.listen(address).catch((error: unknown) => {
        this.options.log.warn(
          `The MCP servers of this window are not shared with others: ${messageOf(error)}`,
        );
      });
      return await this.adopt({
        pool: made.pool,
        isOver: () => false,
        end: () => host.dispose(),
      });
    } finally {
      await lock.release();
    }
  }

  private async adopt(joined: Joined): Promise<Pool> {
    if (this.isDisposed) {
      await joined.end();
      throw closed();
    }
    this.joined = joined;
    joined.pool.onDidChange((status) => this.changes.fire(status));
    for (const watcher of this.watchers) watcher.now = joined.pool.watch();
    this.changes.fire(joined.pool.status());
    return joined.pool;
  }

  private leave(pool: RemotePool): void {
    if (this.joined?.pool !== pool) return;
    this.joined = null;
    this.changes.fire(this.status());
    this.failures = pool.isUnderstood ? 0 : this.failures + 1;
    if (this.following && !this.isDisposed) this.lookAgain();
  }

  /** At once where a pool has gone; what speaks otherwise is asked ever less often. */
  private lookAgain(): void {
    if (this.failures === 0) return this.look();
    const { clock = systemClock } = this.options;
    const ms = Math.min(longestPauseMs, shortestPauseMs * 2 ** (this.failures - 1));
    this.pause?.[Symbol.dispose]();
    this.pause = clock.schedule(ms, () => this.look());
  }

  private findAddress(): Promise<PoolAddress> {
    this.address ??= poolAddress(this.options.place);
    return this.address;
  }
}

function closed(): WarRoomError {
  return new WarRoomError('cancelled', 'War Room is closing, so no server is started.');
}
