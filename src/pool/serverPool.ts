import { settled, withDeadline } from '../base/deadline';
import type { DisposableLike } from '../base/disposables';
import { Emitter } from '../base/emitter';
import { WarRoomError } from '../base/errors';
import { Decisions } from './decisions';
import { Housekeeper } from './housekeeper';
import { Lease } from './lease';
import { PendingLease, checkRequest, declaredOnly, poolClosed } from './leaseRequest';
import { Measurer } from './measure';
import type { LeaseRequest, Pool, PoolLease, WaitOptions } from './pool';
import { Prewarmer } from './prewarm';
import { PressureRelief } from './pressureRelief';
import { nextStep } from './queue';
import { PoolRecord } from './record';
import { runtimeOf } from './reuse';
import type { Wish } from './reuse';
import { RuntimeSet } from './runtimeSet';
import type { ServerPoolOptions } from './serverPoolOptions';
import { Slot } from './slot';
import type { Happening, SlotOwner } from './slotOwner';
import { ServerStarter } from './starter';
import type { PoolStatus } from './status';

const lookDeadlineMs = 5_000;
const closeDeadlineMs = 15_000;

/**
 * Starts MCP servers when they are first needed, shares them, replaces those that die, and stops
 * those that nobody used for a while or that there is no memory for. Owns every program that it
 * starts. docs/pool.md says what always holds.
 */
export class ServerPool implements Pool {
  private readonly slots = new Set<Slot>();
  private readonly queue: PendingLease[] = [];
  private readonly changes = new Emitter<PoolStatus>();
  private readonly watchers = new Set<symbol>();
  private readonly runtimes: RuntimeSet;
  private readonly record: PoolRecord;
  private readonly housekeeper: Housekeeper;
  private readonly relief: PressureRelief;
  private readonly prewarmer: Prewarmer;
  private readonly starter: ServerStarter;
  private readonly owner: SlotOwner;
  private made = 0;
  /** When a lease last ended, in monotonic ms. */
  private usedAt: number;
  private isDisposed = false;
  private readonly decisions = new Decisions({
    decide: () => {
      if (!this.isDisposed) this.pump();
    },
    decided: () => {
      this.housekeeper.look();
      this.changes.fire(this.status());
    },
  });

  /** Fires with the status after each change of it, and after each new sample of the memory. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly options: ServerPoolOptions) {
    const { clock, log } = options;
    this.usedAt = clock.monotonic();
    this.runtimes = new RuntimeSet(options.runtimes);
    this.record = new PoolRecord(clock, log, options.language ?? (() => 'en'));
    this.relief = new PressureRelief(this.record, clock, () => this.pressureSettings());
    this.prewarmer = new Prewarmer(clock, () => this.idleTimeoutMs(), options.prewarm);
    this.starter = new ServerStarter(this.runtimes, log, options.greetTimeoutMs ?? 30_000);
    const measurer = new Measurer(this.runtimes);
    this.housekeeper = new Housekeeper({
      clock,
      isWatched: () => this.watchers.size > 0,
      hasServers: () => this.slots.size > 0,
      nextIdleStopIn: () => this.nextIdleStopIn(),
      stopIdle: () => this.stopIdle(),
      measure: () => measurer.measure([...this.slots]),
      sampled: (sample) => {
        this.relief.take(sample, [...this.slots]);
        this.decisions.changed();
      },
      slept: (ms) => {
        this.usedAt += ms;
        this.slots.forEach((slot) => slot.forgive(ms));
      },
    });
    this.owner = {
      clock,
      startTimeoutMs: options.startTimeoutMs ?? 10 * 60_000,
      pingMs: options.pingTimeoutMs ?? 3_000,
      idleTimeoutMs: () => this.idleTimeoutMs(),
      keptMs: (slot) => (this.prewarmer.keeps(slot) ? this.restsInMs() : 0),
      start: (...asked) => this.starter.start(...asked),
      changed: () => this.decisions.changed(),
      happened: (slot, what) => this.happened(slot, what),
      closed: (slot) => {
        this.slots.delete(slot);
        this.relief.gone(slot);
        this.decisions.changed();
      },
    };
  }

  async lease(request: LeaseRequest, options: WaitOptions): Promise<PoolLease> {
    if (this.isDisposed) throw poolClosed();
    checkRequest(request, this.options.settings().limit);
    const pending = new PendingLease(
      declaredOnly(request),
      options,
      this.options.clock,
      this.nextId('lease'),
      { atOnce: (work) => this.decisions.atOnce(work), left: (refused) => this.forget(refused) },
    );
    if (pending.isWaiting) this.queue.push(pending);
    this.decisions.changed();
    const slots = await pending.slots;
    return new Lease(slots, () =>
      this.decisions.atOnce(() => {
        this.usedAt = this.options.clock.monotonic();
        pending.giveBack();
      }),
    );
  }

  status(): PoolStatus {
    const servers = [...this.slots].map((slot) => slot.status());
    const known = servers.flatMap((server) => server.memoryBytes ?? []);
    return {
      limit: this.options.settings().limit,
      pid: process.pid,
      running: servers.filter(({ state }) => state === 'idle' || state === 'leased').length,
      idle: servers.filter(({ state }) => state === 'idle').length,
      waiting: this.queue.length,
      memoryBytes: known.length > 0 ? known.reduce((sum, bytes) => sum + bytes, 0) : null,
      pressure: this.relief.pressure(),
      engine: this.starter.engine,
      servers,
      failed: this.record.failed,
      history: this.record.history,
      imagesBytes: this.options.imagesBytes?.() ?? null,
    };
  }

  watch(): DisposableLike {
    const watcher = Symbol('watcher');
    this.watchers.add(watcher);
    this.housekeeper.look();
    return { dispose: () => this.watchers.delete(watcher) };
  }

  stop(id: string): void {
    this.find(id)?.stopWhenFree('asked');
  }

  restart(id: string): void {
    this.find(id)?.restartWhenFree();
  }

  pin(id: string, pinned: boolean): void {
    const slot = this.find(id);
    if (!slot) return;
    slot.isPinned = pinned;
    this.decisions.changed();
  }

  lastLines(id: string): Promise<readonly string[]> {
    return Promise.resolve(this.find(id)?.lastLines ?? []);
  }

  async inspect(id: string): Promise<unknown> {
    const server = this.find(id)?.current;
    if (!server) throw new WarRoomError('not-found', `No server ${id} runs in the pool.`);
    return await withDeadline('Inspecting the server', lookDeadlineMs, undefined, (signal) =>
      server.inspect(signal),
    );
  }

  endIncident(incident: string): void {
    for (const slot of [...this.slots]) {
      if (slot.belongsTo(incident)) slot.stopWhenFree('incident-over');
    }
  }

  /** Something that it reads may have changed: the settings, or what should be ready. */
  refresh(): void {
    this.decisions.changed();
  }

  /** Refuses who waits and stops every server, leased or not. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    this.housekeeper.dispose();
    let stops: Promise<void>[] = [];
    this.decisions.atOnce(() => {
      for (const pending of [...this.queue]) pending.refuse(poolClosed());
      stops = [...this.slots].map((slot) => slot.stop('closing'));
    });
    await settled(Promise.all(stops), closeDeadlineMs);
    await settled(this.runtimes.dispose(), closeDeadlineMs);
    this.changes.dispose();
  }

  /** Takes steps until there is none to take. */
  private pump(): void {
    for (let step = this.nextStep(); step; step = this.nextStep()) {
      if (step.kind === 'evict') void step.place.stop('room');
      else this.serve(step.waiter);
    }
    this.startAhead();
  }

  private nextStep() {
    return nextStep(this.queue, [...this.slots], this.options.settings().limit);
  }

  private serve(pending: PendingLease): void {
    for (const older of this.queue.slice(0, this.queue.indexOf(pending))) older.passed++;
    this.forget(pending);
    pending.serve((wish) => this.slotFor(wish));
  }

  private slotFor(wish: Wish): Slot {
    const suiting = [...this.slots].filter((slot) => slot.suits(wish));
    // One that is this incident's own already comes before one that was started for anybody.
    return suiting.sort((a, b) => b.worth - a.worth)[0] ?? this.addSlot(wish, wish.reuse.key);
  }

  private startAhead(): void {
    if (this.queue.length > 0 || this.relief.pressure().isOver || this.restsInMs() === 0) return;
    while (this.slots.size < this.options.settings().limit) {
      const wish = this.prewarmer.next([...this.slots]);
      if (!wish) return;
      const slot = this.addSlot(wish, null);
      slot.ready().catch(() => undefined);
    }
  }

  private addSlot(wish: Wish, key: string | null): Slot {
    const id = this.nextId(wish.request.spec.name);
    const slot = new Slot(id, runtimeOf(wish.request), wish, key, this.owner);
    this.slots.add(slot);
    return slot;
  }

  private nextIdleStopIn(): number | null {
    const waits = [...this.slots].flatMap((slot) => slot.status().stopsInMs ?? []);
    return waits.length > 0 ? Math.min(...waits) : null;
  }

  private stopIdle(): void {
    for (const slot of [...this.slots]) {
      if (slot.status().stopsInMs === 0) void slot.stop('idle');
    }
  }

  private happened(slot: Slot, what: Happening): void {
    this.record.of(slot, what);
    this.prewarmer.note(slot, what);
    if (what.kind === 'started' || what.kind === 'idle' || what.kind === 'stopped') {
      this.housekeeper.event();
    }
  }

  /** In how many ms nothing is kept ready any more, since nobody leases; Infinity while somebody does. */
  private restsInMs(): number {
    const isInUse = [...this.slots].some(({ isFree, isLeaving }) => !isFree && !isLeaving);
    if (isInUse) return Infinity;
    return Math.max(0, this.usedAt + this.idleTimeoutMs() - this.options.clock.monotonic());
  }

  private idleTimeoutMs(): number {
    return this.options.settings().idleTimeoutMinutes * 60_000;
  }

  private pressureSettings() {
    const { memoryBudgetMiB, maxMemoryPercent } = this.options.settings();
    return { budgetBytes: memoryBudgetMiB * 1024 * 1024, thresholdPercent: maxMemoryPercent };
  }

  private find(id: string): Slot | undefined {
    return [...this.slots].find((slot) => slot.id === id);
  }

  private forget(pending: PendingLease): void {
    const position = this.queue.indexOf(pending);
    if (position >= 0) this.queue.splice(position, 1);
  }

  private nextId(what: string): string {
    this.made++;
    return `${what}-${this.made}`;
  }
}
