import { WarRoomError, messageOf } from '../base/errors';
import { Emitter } from '../base/emitter';
import type { McpServer } from './mcpServer';
import type { ServerTool } from './pool';
import type { Place } from './queue';
import { keyOfIncident } from './reuse';
import type { Wish } from './reuse';
import type { RuntimeName } from './serverSpec';
import type { SlotOwner, StopReason } from './slotOwner';
import type { ServerState, ServerStatus } from './status';

/** After this time without use a server is asked whether it is still there. */
const trustedIdleMs = 30_000;

/**
 * One of the pool's places: a server that is shared by those who hold it, and that is replaced in
 * the same place when it dies, so that replacing never needs room.
 */
export class Slot implements Place<Wish> {
  /** What the program used when it was last sampled. */
  memoryBytes: number | null = null;
  isPinned = false;
  private readonly progress = new Emitter<string>();
  private running: McpServer | null = null;
  private starting: Promise<McpServer> | null = null;
  private stopping: Promise<void> | null = null;
  private checking: Promise<McpServer> | null = null;
  private readonly holders = new Map<symbol, string>();
  private abort = new AbortController();
  /** What happens when nobody holds it any more. */
  private mark: StopReason | 'restart' | null = null;
  private isClosed = false;
  /** It was silent for so long, or was late, that it may hang; it is asked before it is used. */
  private isDoubted = false;
  private wasUsed = false;
  private startedAt: number;
  private idleFrom: number;

  /** Hears what is done at a start in short sentences. */
  readonly onProgress = this.progress.event;

  /** @param key those who may share it; null: it was started ahead, for whoever comes first */
  constructor(
    readonly id: string,
    readonly runtime: RuntimeName,
    private readonly wish: Wish,
    private key: string | null,
    private readonly owner: SlotOwner,
  ) {
    this.startedAt = this.idleFrom = owner.clock.monotonic();
  }

  get server(): string {
    return this.wish.request.spec.name;
  }

  /** What the system calls the program; empty before it was made. */
  get name(): string {
    return this.running?.programName ?? '';
  }

  get state(): ServerState {
    if (this.stopping) return 'stopping';
    if (this.starting) return 'starting';
    return this.holders.size > 0 ? 'leased' : 'idle';
  }

  get isLeaving(): boolean {
    return this.stopping !== null;
  }

  get isFree(): boolean {
    return !this.stopping && this.holders.size === 0;
  }

  /** What was started ahead and not used goes first, what is pinned last. */
  get worth(): number {
    if (this.isPinned) return 2;
    return this.wasUsed ? 1 : 0;
  }

  /** Since when it is idle, in monotonic ms. */
  get idleSince(): number {
    return this.idleFrom;
  }

  get freshKey(): string {
    return this.wish.reuse.freshKey;
  }

  /** True if whoever comes first, of whatever incident, may have it. */
  isFor(freshKey: string): boolean {
    return this.isOpen && this.freshKey === freshKey && (this.key ?? freshKey) === freshKey;
  }

  /** True if only this incident may use it. */
  belongsTo(incident: string): boolean {
    return this.key === keyOfIncident(this.freshKey, incident);
  }

  suits({ reuse }: Wish): boolean {
    if (!this.isOpen) return false;
    return this.key === null ? this.freshKey === reuse.freshKey : this.key === reuse.key;
  }

  get tools(): readonly ServerTool[] {
    return this.running?.tools ?? [];
  }

  get lastLines(): readonly string[] {
    return this.running?.lastLines ?? [];
  }

  get current(): McpServer | null {
    return this.running;
  }

  /** Keeps the server from being stopped until {@link release} is called with the same token. */
  hold(token: symbol, holder: string, { reuse }: Wish): void {
    if (this.holders.size === 0 && !this.starting && this.running?.ended === false) {
      this.isDoubted ||= this.idleMs > trustedIdleMs;
      this.owner.happened(this, { kind: 'reused', holder });
    }
    this.key = reuse.key;
    this.wasUsed = true;
    this.holders.set(token, holder);
    if (reuse.isSingleUse) this.mark = 'single-use';
  }

  release(token: symbol): void {
    if (this.holders.delete(token)) this.settle();
  }

  /**
   * The server that runs here, started first if none does; however many ask, it is started once.
   * @throws code `server-failed` and what a runtime throws
   */
  ready(): Promise<McpServer> {
    if (this.starting) return this.starting;
    if (this.running && !this.running.ended) {
      return this.isDoubted ? this.checked(this.running) : Promise.resolve(this.running);
    }
    if (this.stopping || this.isClosed) {
      return Promise.reject(
        new WarRoomError('server-failed', `The ${this.server} server was stopped.`),
      );
    }
    return this.begin();
  }

  /** A call of it was not answered in time. */
  doubt(): void {
    this.isDoubted = true;
  }

  /** Stops the server now if nobody holds it, else when the last one has given it back. */
  stopWhenFree(reason: StopReason): void {
    if (this.holders.size === 0) void this.stop(reason);
    else {
      this.mark = reason;
      this.owner.changed();
    }
  }

  /** Starts it anew in its place: now if nobody holds it, else when the last one has given it back. */
  restartWhenFree(): void {
    if (this.stopping || this.isClosed || this.starting) return;
    if (this.holders.size === 0) void this.begin().catch(() => undefined);
    else {
      this.mark = 'restart';
      this.owner.changed();
    }
  }

  /** Stops the server whoever holds it; two stops are one. Never rejects. */
  stop(reason: StopReason): Promise<void> {
    if (!this.stopping && !this.isClosed) {
      this.owner.happened(this, { kind: 'stopping', reason, idleMs: this.idleMs });
      this.stopping = this.end(reason);
      this.owner.changed();
    }
    return this.stopping ?? Promise.resolve();
  }

  /** Time in which the machine slept is not time in which the server was idle. */
  forgive(ms: number): void {
    this.idleFrom = Math.min(this.idleFrom + ms, this.owner.clock.monotonic());
  }

  status(): ServerStatus {
    const { state, idleMs } = this;
    const leftMs = Math.max(this.owner.idleTimeoutMs() - idleMs, this.owner.keptMs(this), 0);
    const staysOn = state !== 'idle' || this.isPinned || leftMs === Infinity;
    return {
      id: this.id,
      server: this.server,
      name: this.name,
      runtime: this.runtime,
      state,
      pinned: this.isPinned,
      memoryBytes: this.memoryBytes,
      memoryLimitBytes: this.running?.limits.memoryBytes ?? null,
      uptimeMs: this.owner.clock.monotonic() - this.startedAt,
      idleMs,
      stopsInMs: staysOn ? null : leftMs,
      holders: [...this.holders.values()],
      notApplied: this.running?.limits.notApplied ?? [],
    };
  }

  private get isOpen(): boolean {
    return !this.stopping && !this.isClosed && this.mark === null;
  }

  private get idleMs(): number {
    return this.state === 'idle' ? this.owner.clock.monotonic() - this.idleFrom : 0;
  }

  /** The server if it still answers, or the one that takes its place. */
  private checked(server: McpServer): Promise<McpServer> {
    this.checking ??= server.answersPing(this.owner.pingMs).then((answers) => {
      this.checking = null;
      this.isDoubted = false;
      if (!answers && this.running === server && !this.stopping) {
        this.fail(`The ${this.server} server did not answer any more and is replaced.`);
        return this.starting ?? this.begin();
      }
      return this.ready();
    });
    return this.checking;
  }

  private begin(): Promise<McpServer> {
    this.abort = new AbortController();
    this.isDoubted = false;
    this.starting = this.start();
    this.owner.changed();
    return this.starting;
  }

  private async start(): Promise<McpServer> {
    const minutes = this.owner.startTimeoutMs / 60_000;
    const late = this.owner.clock.schedule(this.owner.startTimeoutMs, () =>
      this.abort.abort(
        new WarRoomError(
          'server-failed',
          `The ${this.server} server did not start within ${minutes} minutes.`,
        ),
      ),
    );
    try {
      // The place has room for one: what was here before is gone first.
      const previous = this.running;
      this.running = null;
      await previous?.stop();
      this.memoryBytes = null;
      const running = await this.owner.start(
        this.wish.request,
        (sentence) => this.progress.fire(sentence),
        this.abort.signal,
      );
      this.running = running;
      this.startedAt = this.owner.clock.monotonic();
      void running.gone.then((why) => this.onGone(running, why));
      this.starting = null;
      this.owner.happened(this, { kind: 'started' });
      this.settle();
      return running;
    } catch (error) {
      this.starting = null;
      if (!this.stopping) this.fail(messageOf(error));
      this.settle();
      throw error;
    } finally {
      late[Symbol.dispose]();
    }
  }

  /** A server that died in someone's lease is replaced at the next call; an unused one just goes. */
  private onGone(server: McpServer, why: string): void {
    if (this.stopping || server !== this.running) return;
    this.running = null;
    this.memoryBytes = null;
    this.fail(why);
    this.settle();
  }

  private fail(message: string): void {
    this.owner.happened(this, { kind: 'failed', message });
  }

  /**
   * After a start, a release or a death. Who still holds a server that is gone gets another one at
   * the next call; where nobody does, the place is given up, or the server is idle, or it goes the
   * way that it was marked for.
   */
  private settle(): void {
    if (this.isClosed || this.stopping || this.starting) return;
    if (this.holders.size > 0) return this.owner.changed();
    if (!this.running) return this.close();
    if (this.mark === 'restart') {
      this.mark = null;
      return void this.begin().catch(() => undefined);
    }
    if (this.mark !== null) return void this.stop(this.mark);
    this.idleFrom = this.owner.clock.monotonic();
    if (this.wasUsed) this.owner.happened(this, { kind: 'idle' });
    this.owner.changed();
  }

  private async end(reason: StopReason): Promise<void> {
    if (this.starting) {
      this.abort.abort(new WarRoomError('cancelled', `The ${this.server} server was stopped.`));
      await this.starting.catch(() => undefined);
    }
    await this.running?.stop();
    const { memoryBytes } = this;
    this.owner.happened(this, { kind: 'stopped', reason, memoryBytes });
    this.close();
  }

  private close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.owner.closed(this);
  }
}
