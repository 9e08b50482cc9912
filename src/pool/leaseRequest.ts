import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposables';
import { WarRoomError } from '../base/errors';
import type { LeaseRequest, WaitOptions } from './pool';
import type { Waiter } from './queue';
import { reuseOf } from './reuse';
import type { Wish } from './reuse';
import type { Slot } from './slot';

const mostServersInOneLease = 3;

/** The queue that somebody waits in. */
export interface Line {
  /** Does several things as one, so that nobody sees the half of it. */
  atOnce(work: () => void): void;
  /** It was refused, and stands in the queue no more. */
  left(request: PendingLease): void;
}

/**
 * Somebody who waits for servers: in the queue first, then for their start. It ends once, with the
 * servers, or with none held and an error.
 */
export class PendingLease implements Waiter<Wish> {
  passed = 0;
  /** Each server once. */
  readonly wishes: readonly Wish[];
  /** Fulfilled with slots by name that are held for {@link token} and whose servers run. */
  readonly slots: Promise<ReadonlyMap<string, Slot>>;
  readonly token: symbol;
  private readonly byName: ReadonlyMap<string, Wish>;
  private readonly timer: Disposable;
  private readonly listening = new DisposableStore();
  private held: ReadonlyMap<string, Slot> | null = null;
  private isOver = false;
  private resolve: (slots: ReadonlyMap<string, Slot>) => void = () => undefined;
  private reject: (error: Error) => void = () => undefined;

  constructor(
    private readonly request: LeaseRequest,
    private readonly options: WaitOptions,
    clock: Clock,
    id: string,
    private readonly line: Line,
  ) {
    this.token = Symbol(request.holder);
    this.byName = new Map(
      request.servers.map((server) => [
        server.spec.name,
        { request: server, reuse: reuseOf(server, request.incident, id) },
      ]),
    );
    this.wishes = [
      ...new Map([...this.byName.values()].map((wish) => [wish.reuse.key, wish])).values(),
    ];
    this.slots = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const { deadlineMs, signal } = options;
    this.timer = clock.schedule(deadlineMs, () => this.refuse(this.tooLate(deadlineMs)));
    signal.addEventListener('abort', this.cancel, { once: true });
    void this.slots
      .catch(() => undefined)
      .then(() => signal.removeEventListener('abort', this.cancel));
    if (signal.aborted) this.cancel();
  }

  /** True until it was served or refused. */
  get isWaiting(): boolean {
    return !this.isOver && this.held === null;
  }

  /** Takes the servers that `slotFor` finds for it, and waits until they run. */
  serve(slotFor: (wish: Wish) => Slot): void {
    const slots = new Map<string, Slot>();
    const byKey = new Map<string, Slot>();
    for (const [name, wish] of this.byName) {
      const slot = byKey.get(wish.reuse.key) ?? slotFor(wish);
      byKey.set(wish.reuse.key, slot);
      slots.set(name, slot);
      slot.hold(this.token, this.request.holder, wish);
      this.listening.add(slot.onProgress((sentence) => this.options.onProgress?.(sentence)));
    }
    this.held = slots;
    Promise.all([...slots.values()].map((slot) => slot.ready())).then(
      () => this.finish(() => this.resolve(slots)),
      (error: unknown) => this.refuse(error),
    );
  }

  refuse(error: unknown): void {
    this.finish(() => {
      this.line.atOnce(() => {
        this.line.left(this);
        this.giveBack();
      });
      this.reject(error instanceof Error ? error : new Error(String(error)));
    });
  }

  giveBack(): void {
    for (const slot of this.held?.values() ?? []) slot.release(this.token);
  }

  private readonly cancel = () =>
    this.refuse(new WarRoomError('cancelled', 'Waiting for servers was cancelled.'));

  private finish(end: () => void): void {
    if (this.isOver) return;
    this.isOver = true;
    this.timer[Symbol.dispose]();
    this.listening.dispose();
    end();
  }

  private tooLate(deadlineMs: number): WarRoomError {
    const names = [...this.byName.keys()].join(', ');
    const seconds = deadlineMs / 1000;
    return this.held
      ? new WarRoomError('server-failed', `${names} did not start within ${seconds} s.`)
      : new WarRoomError(
          'pool-full',
          `All places of the pool were in use for ${seconds} s, so ${names} could not be leased.`,
        );
  }
}

/** @throws code `pool-full` for more servers than a lease may have, `wrong-usage` for two of a name */
export function checkRequest({ servers }: LeaseRequest, limit: number): void {
  const most = Math.min(mostServersInOneLease, limit);
  if (servers.length > most) {
    throw new WarRoomError(
      'pool-full',
      `A step may lease ${most} servers at once, not ${servers.length}.`,
    );
  }
  const names = servers.map(({ spec }) => spec.name);
  if (new Set(names).size < names.length) {
    throw new WarRoomError(
      'wrong-usage',
      `A lease names each server once, not ${names.join(', ')}.`,
    );
  }
}

/** What a server did not declare it does not get, and it makes no difference between two. */
export function declaredOnly(request: LeaseRequest): LeaseRequest {
  const servers = request.servers.map((server) => {
    const declared = Object.entries(server.environment).filter(([name]) =>
      server.spec.environment.includes(name),
    );
    return { ...server, environment: Object.fromEntries(declared) };
  });
  return { ...request, servers };
}

/** For who leases from a pool that ends. */
export function poolClosed(): WarRoomError {
  return new WarRoomError('cancelled', 'War Room is closing, so no server is started.');
}
