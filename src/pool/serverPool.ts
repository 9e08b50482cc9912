import { Emitter } from '../base/emitter';
import { WarRoomError } from '../base/errors';
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { Catalogue } from './catalogue';
import { Lease } from './lease';
import { nextStep } from './queue';
import type { Waiter } from './queue';
import type { Runtime } from './runtime';
import { processRuntime } from './runtimes/process';
import { Slot } from './slot';
import type { SlotOwner } from './slot';
import type { FailedServer, PoolStatus } from './status';

const mostServersInOneLease = 3;
const failuresKept = 10;

export interface ServerPoolOptions {
  clock: Clock;
  log: Log;
  servers: Catalogue;
  /** Where the servers find the variables that they declare; asked at each lease. */
  environment: () => Readonly<Record<string, string | undefined>>;
  /** How many servers there may be at once: starting, idle, leased and stopping. */
  limit?: number;
  idleTimeoutMs?: number;
  startTimeoutMs?: number;
  runtime?: Runtime;
}

interface Request extends Waiter {
  readonly wanted: ReadonlyMap<string, Wanted>;
  serve(slots: ReadonlyMap<string, Slot>): void;
  refuse(error: unknown): void;
}

interface Wanted {
  key: string;
  environment: Readonly<Record<string, string>>;
}

/**
 * Starts MCP servers when they are first needed, shares them, replaces those that die, and stops
 * those that nobody used for a while. Owns every process that it starts.
 */
export class ServerPool {
  private readonly slots = new Set<Slot>();
  private readonly requests: Request[] = [];
  private readonly failures: FailedServer[] = [];
  private readonly changes = new Emitter<PoolStatus>();
  private readonly limit: number;
  private readonly owner: SlotOwner;
  private pumping = false;
  private disposed = false;

  /** Fires with the status after each change of it. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly options: ServerPoolOptions) {
    this.limit = options.limit ?? 10;
    this.owner = {
      clock: options.clock,
      runtime: options.runtime ?? processRuntime(options.log),
      idleTimeoutMs: options.idleTimeoutMs ?? 30 * 60_000,
      startTimeoutMs: options.startTimeoutMs ?? 20_000,
      changed: () => this.changed(),
      failed: (server, message) => this.recordFailure(server, message),
      closed: (slot) => {
        this.slots.delete(slot);
        this.changed();
      },
    };
  }

  /**
   * Leases all of `servers` or none, waiting in the queue until `deadlineMs` have passed.
   * @param holder who leases, for the status: an incident's id
   * @throws code `server-unknown`, `server-failed` when one does not start, `pool-full` when the
   * deadline passed in the queue, `cancelled`
   */
  async lease(
    holder: string,
    servers: readonly string[],
    options: { deadlineMs: number; signal: AbortSignal },
  ): Promise<Lease> {
    const wanted = this.want(servers);
    const token = Symbol(holder);
    const held = await this.waitForSlots(holder, token, wanted, options);
    const lease = new Lease(held, () => {
      for (const slot of held.values()) slot.release(token);
    });
    return lease;
  }

  status(): PoolStatus {
    const now = this.options.clock.monotonic();
    const servers = [...this.slots].map((slot) => slot.status(now));
    const known = servers.flatMap((server) => server.memoryBytes ?? []);
    return {
      limit: this.limit,
      running: servers.length,
      idle: servers.filter((server) => server.state === 'idle').length,
      waiting: this.requests.length,
      memoryBytes: known.length > 0 ? known.reduce((sum, bytes) => sum + bytes, 0) : null,
      servers,
      failed: [...this.failures],
    };
  }

  /** Stops a server: at once if it is idle, else when its last lease ends. */
  stopServer(name: string): void {
    for (const slot of [...this.slots]) if (slot.server === name) slot.stopWhenFree();
  }

  /** Refuses who waits and stops every server, leased or not; nothing is left when it is fulfilled. */
  async dispose(): Promise<void> {
    this.disposed = true;
    for (const request of [...this.requests]) request.refuse(poolClosed());
    await Promise.all([...this.slots].map((slot) => slot.stop()));
    this.changes.dispose();
  }

  private want(servers: readonly string[]): Map<string, Wanted> {
    if (this.disposed) throw poolClosed();
    const names = [...new Set(servers)];
    const most = Math.min(mostServersInOneLease, this.limit);
    if (names.length > most) {
      throw new WarRoomError(
        'pool-full',
        `A step may lease ${most} servers at once, not ${names.length}.`,
      );
    }
    const source = this.options.environment();
    return new Map(names.map((name) => [name, this.wantOne(name, source)]));
  }

  private wantOne(name: string, source: Readonly<Record<string, string | undefined>>): Wanted {
    const definition = this.definition(name);
    const environment: Record<string, string> = {};
    for (const variable of definition.environment) {
      const value = source[variable];
      if (value !== undefined && value !== '') environment[variable] = value;
    }
    // A server takes its environment at its start, so it is shared only by those with the same one.
    return { key: JSON.stringify([name, environment]), environment };
  }

  private definition(name: string) {
    const definition = Object.hasOwn(this.options.servers, name)
      ? this.options.servers[name]
      : undefined;
    if (!definition) {
      const known = Object.keys(this.options.servers).join(', ');
      throw new WarRoomError('server-unknown', `There is no server ${name}; there are ${known}.`);
    }
    return definition;
  }

  /** Fulfilled with slots that are held for `token` and whose servers run. */
  private waitForSlots(
    holder: string,
    token: symbol,
    wanted: ReadonlyMap<string, Wanted>,
    { deadlineMs, signal }: { deadlineMs: number; signal: AbortSignal },
  ): Promise<ReadonlyMap<string, Slot>> {
    return new Promise((resolve, reject) => {
      let held: ReadonlyMap<string, Slot> | null = null;
      let over = false;
      const finish = (end: () => void) => {
        if (over) return;
        over = true;
        timer[Symbol.dispose]();
        signal.removeEventListener('abort', cancel);
        end();
      };
      const refuse = (error: unknown) =>
        finish(() => {
          this.forget(request);
          for (const slot of held?.values() ?? []) slot.release(token);
          reject(error instanceof Error ? error : new Error(String(error)));
        });
      const request: Request = {
        wanted,
        keys: [...wanted.values()].map(({ key }) => key),
        passed: 0,
        serve: (slots) => {
          held = slots;
          for (const slot of slots.values()) slot.hold(token, holder);
          Promise.all([...slots.values()].map((slot) => slot.ready())).then(
            () => finish(() => resolve(slots)),
            refuse,
          );
        },
        refuse,
      };
      const cancel = () =>
        refuse(new WarRoomError('cancelled', 'Waiting for servers was cancelled.'));
      const timer = this.options.clock.schedule(deadlineMs, () =>
        refuse(tooLate([...wanted.keys()], held !== null, deadlineMs)),
      );
      signal.addEventListener('abort', cancel, { once: true });
      this.requests.push(request);
      if (signal.aborted) cancel();
      this.changed();
    });
  }

  /** Takes steps until there is none to take. What a step changes is seen by the same loop. */
  private pump(): void {
    if (this.pumping || this.disposed) return;
    this.pumping = true;
    try {
      for (let step = this.nextStep(); step; step = this.nextStep()) {
        if (step.kind === 'evict') void step.place.stop();
        else this.serve(step.waiter);
      }
    } finally {
      this.pumping = false;
    }
  }

  private nextStep() {
    return nextStep(this.requests, [...this.slots], this.limit);
  }

  private serve(request: Request): void {
    for (const older of this.requests.slice(0, this.requests.indexOf(request))) older.passed++;
    this.forget(request);
    const slots = new Map<string, Slot>();
    for (const [name, wanted] of request.wanted) slots.set(name, this.slotFor(name, wanted));
    request.serve(slots);
  }

  private slotFor(name: string, { key, environment }: Wanted): Slot {
    const shared = [...this.slots].find((slot) => slot.isOpen && slot.key === key);
    if (shared) return shared;
    const slot = new Slot(
      key,
      { name, definition: this.definition(name), environment },
      this.owner,
    );
    this.slots.add(slot);
    return slot;
  }

  private forget(request: Request): void {
    const position = this.requests.indexOf(request);
    if (position >= 0) this.requests.splice(position, 1);
  }

  private changed(): void {
    this.pump();
    this.changes.fire(this.status());
  }

  private recordFailure(server: string, message: string): void {
    this.options.log.warn(message);
    this.failures.push({ server, at: new Date(this.options.clock.now()).toISOString(), message });
    if (this.failures.length > failuresKept) this.failures.shift();
  }
}

function poolClosed(): WarRoomError {
  return new WarRoomError('cancelled', 'War Room is closing, so no server is started.');
}

function tooLate(servers: readonly string[], served: boolean, deadlineMs: number): WarRoomError {
  const names = servers.join(', ');
  const seconds = deadlineMs / 1000;
  return served
    ? new WarRoomError('server-failed', `${names} did not start within ${seconds} s.`)
    : new WarRoomError(
        'pool-full',
        `All places of the pool were in use for ${seconds} s, so ${names} could not be leased.`,
      );
}
