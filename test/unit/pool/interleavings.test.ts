import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Lease } from '../../../src/pool/lease';
import { settled } from './fakeClock';
import { names, testPool } from './pools';

const minute = 60_000;
const limit = 3;
const idleTimeoutMs = 30 * minute;

/** What a step of a random run does; `pick` chooses among what there is at that moment. */
type Act =
  | { kind: 'lease'; servers: readonly string[]; deadlineMs: number }
  | { kind: 'cancel' | 'release' | 'die' | 'start' | 'startFails' | 'stopEnds'; pick: number }
  | { kind: 'stopServer'; server: string }
  | { kind: 'wait'; ms: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('lease' as const),
      servers: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }),
      deadlineMs: fc.constantFrom(minute, 20 * minute),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constantFrom('release', 'start', 'stopEnds', 'release', 'start'),
      pick: fc.nat(20),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel', 'die', 'startFails'),
      pick: fc.nat(20),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('stopServer' as const),
      server: fc.constantFrom(...names),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(1_000, minute, 31 * minute),
    }),
  },
);

/** One lease from its request to its end. */
interface Wish {
  holder: string;
  servers: readonly string[];
  cancel: AbortController;
  state: 'waits' | 'leased' | 'over';
  lease: Lease | null;
}

/** A random run, with everything that must hold at every moment of it. */
class Run {
  private readonly parts = testPool({ limit, startTimeoutMs: 5 * minute, idleTimeoutMs });
  private readonly wishes: Wish[] = [];

  constructor() {
    this.parts.runtime.startsByItself = false;
    this.parts.runtime.stopsByItself = false;
  }

  async take(step: Act): Promise<void> {
    await this.perform(step);
    await settled();
    this.check();
  }

  /** Everything that was under way comes to its end, and nothing is left. */
  async finish(): Promise<void> {
    const { pool, runtime, clock } = this.parts;
    runtime.startsByItself = true;
    runtime.stopsByItself = true;
    for (let round = 0; round === 0 || this.open().length > 0; round++) {
      expect(round, 'someone waits for ever').toBeLessThan(200);
      for (const start of runtime.pending) start.succeed();
      for (const server of runtime.live) server.finishStop();
      for (const wish of this.in('leased')) this.release(wish);
      await settled();
      this.check();
    }
    await clock.advance(idleTimeoutMs + minute);
    expect(pool.status().servers).toEqual([]);
    expect(runtime.live.size).toBe(0);
    await pool.dispose();
  }

  private async perform(step: Act): Promise<void> {
    const { pool, runtime, clock } = this.parts;
    const live = [...runtime.live];
    const pick = 'pick' in step ? step.pick : 0;
    switch (step.kind) {
      case 'lease':
        return this.ask(step.servers, step.deadlineMs);
      case 'cancel':
        return chosen(this.in('waits'), pick)?.cancel.abort();
      case 'release':
        return this.release(chosen(this.in('leased'), pick));
      case 'die':
        return chosen(
          live.filter(({ isUp, ended }) => isUp && !ended),
          pick,
        )?.die();
      case 'start':
        return chosen(runtime.pending, pick)?.succeed();
      case 'startFails':
        return chosen(runtime.pending, pick)?.fail();
      case 'stopEnds':
        return chosen(
          live.filter(({ stops }) => stops > 0),
          pick,
        )?.finishStop();
      case 'stopServer':
        return pool.stopServer(step.server);
      case 'wait':
        return await clock.advance(step.ms);
    }
  }

  private ask(servers: readonly string[], deadlineMs: number): void {
    const wish: Wish = {
      holder: `holder-${this.wishes.length}`,
      servers,
      cancel: new AbortController(),
      state: 'waits',
      lease: null,
    };
    this.wishes.push(wish);
    this.parts.pool
      .lease(wish.holder, servers, { deadlineMs, signal: wish.cancel.signal })
      .then((lease) => Object.assign(wish, { lease, state: 'leased' }))
      .catch(() => Object.assign(wish, { state: 'over' }));
  }

  private release(wish: Wish | undefined): void {
    wish?.lease?.release();
    if (wish) wish.state = 'over';
  }

  private check(): void {
    const { pool, runtime } = this.parts;
    const status = pool.status();
    expect(status.servers.length).toBeLessThanOrEqual(limit);
    expect(runtime.mostLive).toBeLessThanOrEqual(limit);
    for (const { stops } of runtime.started) expect(stops).toBeLessThanOrEqual(1);
    for (const wish of this.wishes) {
      const held = status.servers.filter(({ holders }) => holders.includes(wish.holder));
      const heldNames = held.map(({ server }) => server).sort();
      if (wish.state === 'over') expect(heldNames).toEqual([]);
      if (wish.state === 'leased') expect(heldNames).toEqual([...wish.servers].sort());
      if (heldNames.length > 0) expect(heldNames).toEqual([...wish.servers].sort());
      expect(held.map(({ state }) => state)).not.toContain('stopping');
    }
  }

  private in(state: Wish['state']): Wish[] {
    return this.wishes.filter((wish) => wish.state === state);
  }

  private open(): Wish[] {
    return this.wishes.filter(({ state }) => state !== 'over');
  }
}

function chosen<T>(things: readonly T[], pick: number): T | undefined {
  return things.length > 0 ? things[pick % things.length] : undefined;
}

describe('the pool under any interleaving', () => {
  it('keeps its limit, never stops what is leased, leases all or none, and leaves nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
        const run = new Run();
        for (const step of acts) await run.take(step);
        await run.finish();
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});
