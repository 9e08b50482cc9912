import { WarRoomError, messageOf } from '../base/errors';
import type { Clock } from '../base/clock';
import type { RunningServer, Runtime, StartRequest } from './runtime';
import type { ServerState, ServerStatus } from './status';

/** What a slot asks and tells its pool. */
export interface SlotOwner {
  clock: Clock;
  runtime: Runtime;
  idleTimeoutMs: number;
  startTimeoutMs: number;
  /** The slot is in another state than before. */
  changed(): void;
  /** A server did not start or ended by itself. */
  failed(server: string, message: string): void;
  /** Nothing runs in the slot any more, and nothing will. */
  closed(slot: Slot): void;
}

/**
 * One of the pool's places: a server that is shared by those who hold it, and that is replaced in
 * the same place when it dies, so that replacing never needs room.
 */
export class Slot {
  private running: RunningServer | null = null;
  private starting: Promise<RunningServer> | null = null;
  private stopping: Promise<void> | null = null;
  private readonly holders = new Map<symbol, string>();
  private readonly abort = new AbortController();
  private marked = false;
  private isClosed = false;
  private startedAt = 0;
  private idleFrom = 0;
  private idleTimer: Disposable | null = null;

  constructor(
    readonly key: string,
    private readonly request: StartRequest,
    private readonly owner: SlotOwner,
  ) {
    this.startedAt = owner.clock.monotonic();
  }

  get server(): string {
    return this.request.name;
  }

  get state(): ServerState {
    if (this.stopping) return 'stopping';
    if (this.starting) return 'starting';
    return this.holders.size > 0 ? 'leased' : 'idle';
  }

  /** Since when it is idle, in monotonic ms. */
  get idleSince(): number {
    return this.idleFrom;
  }

  /** True if another lease may share it. */
  get isOpen(): boolean {
    return !this.stopping && !this.marked && !this.isClosed;
  }

  /** Keeps the server from being stopped until {@link release} is called with the same token. */
  hold(token: symbol, holder: string): void {
    this.idleTimer?.[Symbol.dispose]();
    this.idleTimer = null;
    this.holders.set(token, holder);
  }

  release(token: symbol): void {
    if (this.holders.delete(token)) this.settle();
  }

  /**
   * The server that runs here, started first if none does; however many ask, it is started once.
   * @throws code `server-failed`
   */
  ready(): Promise<RunningServer> {
    if (this.starting) return this.starting;
    if (this.running && !this.running.ended) return Promise.resolve(this.running);
    if (this.stopping || this.isClosed) {
      return Promise.reject(
        new WarRoomError('server-failed', `The ${this.server} server was stopped.`),
      );
    }
    this.starting = this.start();
    this.owner.changed();
    return this.starting;
  }

  /** Stops the server now if nobody holds it, else when the last one has given it back. */
  stopWhenFree(): void {
    this.marked = true;
    if (this.holders.size === 0 && !this.starting) void this.stop();
  }

  /** Stops the server whoever holds it; two stops are one. Never rejects. */
  stop(): Promise<void> {
    if (!this.stopping) {
      this.stopping = this.end();
      this.owner.changed();
    }
    return this.stopping;
  }

  status(now: number): ServerStatus {
    const idleMs = this.state === 'idle' ? now - this.idleFrom : 0;
    return {
      server: this.server,
      state: this.state,
      pid: this.running?.pid ?? null,
      memoryBytes: this.running?.memoryBytes() ?? null,
      uptimeMs: now - this.startedAt,
      idleMs,
      stopsInMs: this.state === 'idle' ? Math.max(0, this.owner.idleTimeoutMs - idleMs) : null,
      holders: [...this.holders.values()],
    };
  }

  private async start(): Promise<RunningServer> {
    const seconds = this.owner.startTimeoutMs / 1000;
    const late = this.owner.clock.schedule(this.owner.startTimeoutMs, () =>
      this.abort.abort(
        new WarRoomError(
          'server-failed',
          `The ${this.server} server did not start within ${seconds} s.`,
        ),
      ),
    );
    try {
      await this.running?.gone;
      const running = await this.owner.runtime.start(this.request, this.abort.signal);
      this.running = running;
      this.startedAt = this.owner.clock.monotonic();
      void running.gone.then((why) => this.onGone(running, why));
      this.starting = null;
      this.settle();
      return running;
    } catch (error) {
      this.starting = null;
      if (!this.stopping) this.owner.failed(this.server, messageOf(error));
      this.close();
      throw error;
    } finally {
      late[Symbol.dispose]();
    }
  }

  /** A server that died in someone's lease is replaced at the next call; an unused one just goes. */
  private onGone(server: RunningServer, why: string): void {
    if (this.stopping || server !== this.running) return;
    this.running = null;
    this.owner.failed(this.server, why);
    if (this.starting) return;
    if (this.holders.size === 0) this.close();
    else this.owner.changed();
  }

  /** After a start or a release: idle and waiting for its end, or gone if it was marked. */
  private settle(): void {
    if (this.isClosed || this.stopping || this.starting) return;
    if (this.holders.size === 0) {
      if (!this.running) return this.close();
      if (this.marked) return void this.stop();
      this.idleFrom = this.owner.clock.monotonic();
      this.idleTimer = this.owner.clock.schedule(this.owner.idleTimeoutMs, () => void this.stop());
    }
    this.owner.changed();
  }

  private async end(): Promise<void> {
    this.idleTimer?.[Symbol.dispose]();
    if (this.starting) {
      this.abort.abort(new WarRoomError('cancelled', `The ${this.server} server was stopped.`));
      await this.starting.catch(() => undefined);
    }
    await this.running?.stop();
    this.running = null;
    this.close();
  }

  private close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.idleTimer?.[Symbol.dispose]();
    this.owner.closed(this);
  }
}
