import fc from 'fast-check';
import { expect } from 'vitest';

import { silentLog } from '../../../src/base/log';
import type { PoolLease } from '../../../src/pool/pool';
import { mostPasses } from '../../../src/pool/queue';
import type { Runtime, ServerProgram } from '../../../src/pool/runtime';
import { ServerPool } from '../../../src/pool/serverPool';
import type { ServerRequest } from '../../../src/pool/serverSpec';
import { FakeClock } from './fakeClock';
import { limits } from './pools';
import { WatchedRuntime } from './watchedRuntime';

const minute = 60_000;
const limit = 3;
const incidents = ['i1', 'i2', 'i3'];

/** A runtime to try the pool on; its servers are told apart by name alone. */
export interface Bench {
  runtime: Runtime;
  /** Of any name; with state or not. */
  request(name: string, state: 'none' | 'session'): ServerRequest;
  /** Ends a program as a crash would. */
  kill: (program: ServerProgram) => void;
  /** Something that a program does waits for the test; absent where programs are real. */
  control?: Record<ControlAct, (pick: number) => void>;
  /** Lets everything go on by itself from now on. */
  letGo?: () => void;
  /** Waits until what just happened has had its effects, or a moment where that cannot be told. */
  settle: () => Promise<void>;
  /** What is there of this bench's programs, whoever should have ended it. */
  left: () => Promise<readonly string[]>;
}

type ControlAct = 'start' | 'startFails' | 'stopEnds';

/** What a step of a random run does; `pick` chooses among what there is at that moment. */
type Act =
  | {
      kind: 'lease';
      servers: readonly string[];
      state: 'none' | 'session';
      incident: string | null;
      deadlineMs: number;
    }
  | { kind: ControlAct; pick: number }
  | { kind: 'cancel' | 'release' | 'kill' | 'stop' | 'restart' | 'pin' | 'call'; pick: number }
  | { kind: 'endIncident'; incident: string }
  | { kind: 'pressure'; isOver: boolean }
  | { kind: 'prewarm'; servers: readonly string[] }
  | { kind: 'wait'; ms: number }
  | { kind: 'sleep'; monotonic: 'goes on' | 'stands still' };

const serverNames = ['a', 'b', 'c', 'd', 'e'] as const;
const servers = (most: number) =>
  fc.uniqueArray(fc.constantFrom(...serverNames), { minLength: 1, maxLength: most });

function picks<K extends string>(weight: number, ...kinds: readonly K[]) {
  const kind = fc.constantFrom(...kinds);
  return { weight, arbitrary: fc.record({ kind, pick: fc.nat(20) }) };
}

function acts(isControlled: boolean): fc.Arbitrary<Act> {
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('lease' as const),
        servers: servers(3),
        state: fc.constantFrom('none' as const, 'none' as const, 'session' as const),
        incident: fc.constantFrom(...incidents, null),
        deadlineMs: fc.constantFrom(minute, 20 * minute),
      }),
    },
    picks(6, 'release'),
    picks(isControlled ? 14 : 0, 'start', 'stopEnds', 'start', 'start', 'stopEnds', 'startFails'),
    picks(4, 'cancel', 'kill', 'stop', 'restart', 'pin', 'call'),
    {
      weight: 4,
      arbitrary: fc.oneof(
        fc.record({
          kind: fc.constant('endIncident' as const),
          incident: fc.constantFrom(...incidents),
        }),
        fc.record({ kind: fc.constant('pressure' as const), isOver: fc.boolean() }),
        fc.record({ kind: fc.constant('prewarm' as const), servers: servers(2) }),
        fc.record({
          kind: fc.constant('sleep' as const),
          monotonic: fc.constantFrom('goes on' as const, 'stands still' as const),
        }),
        fc.record({
          kind: fc.constant('wait' as const),
          ms: fc.constantFrom(1_000, minute, 31 * minute),
        }),
      ),
    },
  );
}

/** Random runs over a bench; after every step, everything that must hold is looked at. */
export async function checkInvariants(
  makeBench: () => Bench,
  { runs, steps, isControlled }: { runs: number; steps: number; isControlled: boolean },
): Promise<void> {
  // Unless told so, arrays stay far below their greatest length.
  const length = { minLength: steps / 4, maxLength: steps, size: 'max' } as const;
  await fc.assert(
    fc.asyncProperty(fc.array(acts(isControlled), length), async (todo) => {
      const run = new Run(makeBench());
      try {
        for (const act of todo) await run.take(act);
      } finally {
        await run.finish();
      }
    }),
    { numRuns: runs, endOnFailure: !isControlled },
  );
}

/** One lease from its request to its end. */
interface Wish {
  holder: string;
  servers: readonly string[];
  cancel: AbortController;
  state: 'waits' | 'leased' | 'over';
  /** It has servers, which may still be starting. */
  isServed: boolean;
  /** How often a younger one was served while it waited. */
  passed: number;
  lease: PoolLease | null;
}

class Run {
  private readonly clock = new FakeClock();
  private readonly settings = { ...limits(), limit };
  private readonly watch: WatchedRuntime;
  private readonly pool: ServerPool;
  private readonly wishes: Wish[] = [];
  /** Id of the place by the name of its program. */
  private readonly placeOf = new Map<string, string>();
  private ahead: readonly ServerRequest[] = [];
  private unseen: Error | null = null;

  constructor(private readonly bench: Bench) {
    this.watch = new WatchedRuntime(bench.runtime, (name) => this.holdersOf(name));
    const runtime = () => Promise.resolve(this.watch);
    this.pool = new ServerPool({
      clock: this.clock,
      log: silentLog,
      runtimes: { [bench.runtime.name]: runtime },
      settings: () => this.settings,
      prewarm: () => this.ahead,
    });
    // A listener's error is nobody's business but the listener's, so it is kept for the next step.
    this.pool.onDidChange(() => {
      try {
        this.checkAtAllTimes();
      } catch (error) {
        this.unseen ??= error as Error;
      }
    });
  }

  async take(act: Act): Promise<void> {
    await this.perform(act);
    await this.bench.settle();
    this.check();
    if (this.unseen) throw this.unseen;
  }

  /** Everything that was under way comes to its end, and nothing is left. */
  async finish(): Promise<void> {
    this.bench.letGo?.();
    this.ahead = [];
    for (let round = 0; round === 0 || this.in('waits', 'leased').length > 0; round++) {
      expect(round, 'someone waits for ever').toBeLessThan(2_000);
      for (const wish of this.in('leased')) this.release(wish);
      await this.bench.settle();
      this.check();
    }
    await this.pool.dispose();
    expect(this.pool.status().servers).toEqual([]);
    expect(this.watch.live).toBe(0);
    expect(this.watch.isDisposed).toBe(this.watch.mostLive > 0);
    expect(await this.bench.left()).toEqual([]);
  }

  private async perform(act: Act): Promise<void> {
    const servers = this.pool.status().servers;
    switch (act.kind) {
      case 'lease':
        return this.ask(act);
      case 'start':
      case 'startFails':
      case 'stopEnds':
        return this.bench.control?.[act.kind](act.pick);
      case 'cancel':
        return chosen(this.in('waits'), act.pick)?.cancel.abort();
      case 'release':
        return this.release(chosen(this.in('leased'), act.pick));
      case 'call':
        return this.call(chosen(this.in('leased'), act.pick));
      case 'kill':
        return this.watch.kill(act.pick, this.bench.kill);
      case 'stop':
        return this.pool.stop(chosen(servers, act.pick)?.id ?? '');
      case 'restart':
        return this.pool.restart(chosen(servers, act.pick)?.id ?? '');
      case 'pin':
        return this.pool.pin(chosen(servers, act.pick)?.id ?? '', act.pick % 3 > 0);
      case 'endIncident':
        return this.pool.endIncident(act.incident);
      case 'pressure':
        this.settings.memoryBudgetMiB = act.isOver ? 1 : 100_000;
        return await this.clock.advance(minute);
      case 'prewarm':
        this.ahead = act.servers.map((name) => this.bench.request(name, 'session'));
        return this.pool.refresh();
      case 'sleep':
        return await this.clock.sleep(8 * 60 * minute, act.monotonic);
      case 'wait':
        return await this.clock.advance(act.ms);
    }
  }

  private ask({ servers, state, incident, deadlineMs }: Extract<Act, { kind: 'lease' }>): void {
    const cancel = new AbortController();
    const holder = `holder-${this.wishes.length}`;
    const wish: Wish = {
      holder,
      servers,
      cancel,
      state: 'waits',
      isServed: false,
      passed: 0,
      lease: null,
    };
    this.wishes.push(wish);
    const requests = servers.map((name) => this.bench.request(name, state));
    this.pool
      .lease({ holder, incident, servers: requests }, { deadlineMs, signal: cancel.signal })
      .then((lease) => Object.assign(wish, { lease, state: 'leased' }))
      .catch(() => Object.assign(wish, { state: 'over' }));
  }

  private release(wish: Wish | undefined): void {
    if (!wish) return;
    wish.state = 'over';
    wish.lease?.release();
  }

  /** What comes of it is the server's matter; a pool that gets out of step shows in its status. */
  private call(wish: Wish | undefined): void {
    const name = wish?.servers[0] ?? '';
    const options = { deadlineMs: 10_000, signal: new AbortController().signal };
    wish?.lease?.call(name, 'get_it', {}, options).catch(() => undefined);
  }

  private check(): void {
    this.checkAtAllTimes();
    const { servers } = this.pool.status();
    for (const wish of this.wishes) {
      const held = servers.filter(({ holders }) => holders.includes(wish.holder));
      const heldNames = held.map(({ server }) => server).sort();
      if (wish.state === 'over') expect(heldNames).toEqual([]);
      if (wish.state === 'leased') expect(heldNames).toEqual([...wish.servers].sort());
      if (heldNames.length > 0) expect(heldNames, 'all or none').toEqual([...wish.servers].sort());
    }
  }

  private checkAtAllTimes(): void {
    const { servers, history } = this.pool.status();
    for (const { name, id } of servers) this.placeOf.set(name, id);
    const stopped = history.filter(({ kind, name }) => kind === 'stopped' && name !== '');
    expect(new Set(stopped.map(({ name }) => name)).size, 'stops').toBe(stopped.length);
    expect(servers.length, 'places in use').toBeLessThanOrEqual(limit);
    expect(this.watch.mostLive, 'programs at once').toBeLessThanOrEqual(limit);
    expect(this.watch.wrongs).toEqual([]);
    const stopping = servers.filter(({ state }) => state === 'stopping');
    expect(stopping.flatMap(({ holders }) => holders)).toEqual([]);
    for (const wish of this.wishes) {
      if (servers.some(({ holders }) => holders.includes(wish.holder))) this.noteServed(wish);
      expect(wish.passed, 'times passed').toBeLessThanOrEqual(mostPasses);
    }
  }

  private noteServed(wish: Wish): void {
    if (wish.isServed) return;
    wish.isServed = true;
    for (const older of this.wishes.slice(0, this.wishes.indexOf(wish))) {
      if (!older.isServed && older.state === 'waits') older.passed++;
    }
  }

  /** Who holds the server with this program, or the place that it was in. */
  private holdersOf(name: string): readonly string[] {
    const id = this.placeOf.get(name);
    return this.pool.status().servers.find((each) => each.id === id)?.holders ?? [];
  }

  private in(...states: readonly Wish['state'][]): Wish[] {
    return this.wishes.filter(({ state }) => states.includes(state));
  }
}

function chosen<T>(things: readonly T[], pick: number): T | undefined {
  return things.length > 0 ? things[pick % things.length] : undefined;
}
