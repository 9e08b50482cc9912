import { describe, expect, it } from 'vitest';

import { settled } from './fakeClock';
import type { FakeRuntime } from './fakeRuntime';
import { ask, askSession, patient, server, testPool } from './pools';

const minute = 60_000;
const mib = 1024 * 1024;

/** Leases and gives back each in turn, a minute apart, each using so many MiB. */
async function useEach(
  { pool, clock, runtime }: Pick<ReturnType<typeof testPool>, 'pool' | 'clock' | 'runtime'>,
  used: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [name, bytes] of Object.entries(used)) {
    const lease = await pool.lease(ask('i', [name]), patient);
    const program = runtime.started.at(-1);
    if (program) program.bytes = bytes * mib;
    lease.release();
    await clock.advance(minute);
  }
}

function liveNames(runtime: FakeRuntime): string[] {
  return [...runtime.live].map((program) => program.server);
}

describe('memory pressure', () => {
  it('stops the oldest idle ones, no more than it takes, once it is over the threshold', async () => {
    const parts = testPool();
    await useEach(parts, { a: 20, b: 50 });
    expect(liveNames(parts.runtime)).toEqual(['a', 'b']);
    await useEach(parts, { c: 25 });
    expect(liveNames(parts.runtime)).toEqual(['b', 'c']);
    expect(parts.pool.status().pressure).toMatchObject({ ours: { percent: 75 }, isOver: false });
  });

  it('never stops what is leased or pinned', async () => {
    const parts = testPool();
    await useEach(parts, { a: 40 });
    parts.pool.pin(parts.pool.status().servers[0]?.id ?? '', true);
    const lease = await parts.pool.lease(ask('i', ['b']), patient);
    for (const program of parts.runtime.started) program.bytes = 60 * mib;
    await parts.clock.advance(2 * minute);
    expect(liveNames(parts.runtime)).toEqual(['a', 'b']);
    expect(parts.pool.status().pressure.isOver).toBe(true);
    lease.release();
    await parts.clock.advance(minute);
    expect(liveNames(parts.runtime)).toEqual(['a']);
  });

  it('counts the machine where stopping ours would help, and where not leaves them', async () => {
    const parts = testPool({ memoryBudgetMiB: 1_000 });
    parts.runtime.machine = { usedBytes: 900 * mib, totalBytes: 1_000 * mib };
    await useEach(parts, { a: 50 });
    expect(parts.pool.status().pressure).toMatchObject({ machine: { percent: 90 }, isOver: false });
    await useEach(parts, { b: 60 });
    expect(liveNames(parts.runtime)).toEqual([]);
  });

  it('samples every minute, and every few seconds while somebody watches', async () => {
    const parts = testPool();
    await useEach(parts, { a: 10 });
    const [program] = parts.runtime.started;
    if (!program) throw new Error('nothing was started');
    await parts.clock.advance(minute + 5_000);
    program.bytes = 30 * mib;
    await parts.clock.advance(10_000);
    expect(parts.pool.status().memoryBytes).toBe(10 * mib);
    const watch = parts.pool.watch();
    await parts.clock.advance(5_000);
    expect(parts.pool.status().memoryBytes).toBe(30 * mib);
    expect(parts.pool.status().pressure.ageMs).toBeLessThanOrEqual(5_000);
    watch.dispose();
  });

  it('goes on with those that can be measured when one cannot', async () => {
    const parts = testPool();
    await useEach(parts, { a: 10 });
    const lease = await parts.pool.lease(ask('i', ['b']), patient);
    const program = parts.runtime.started.at(-1);
    if (program) program.memoryBytes = () => Promise.reject(new Error('gone'));
    await parts.clock.advance(minute);
    expect(parts.pool.status()).toMatchObject({
      memoryBytes: 10 * mib,
      servers: [{ memoryBytes: 10 * mib }, { memoryBytes: null }],
    });
    lease.release();
  });
});

describe('settings that change while servers run', () => {
  it('stops what is idle too long by the new time', async () => {
    const parts = testPool();
    await useEach(parts, { a: 1 });
    parts.settings.idleTimeoutMinutes = 2;
    await parts.clock.advance(2 * minute);
    expect(liveNames(parts.runtime)).toEqual([]);
  });

  it('keeps a lower limit as soon as that takes no leased server', async () => {
    const parts = testPool();
    const leases = await Promise.all(
      ['a', 'b', 'c'].map((name) => parts.pool.lease(ask('i', [name]), patient)),
    );
    parts.settings.limit = 1;
    parts.pool.refresh();
    expect(liveNames(parts.runtime)).toEqual(['a', 'b', 'c']);
    leases.forEach((lease) => lease.release());
    await settled();
    expect(parts.runtime.live.size).toBe(1);
  });
});

describe('a machine that slept', () => {
  for (const monotonic of ['goes on', 'stands still'] as const) {
    it(`stops nothing by surprise where monotonic time ${monotonic}`, async () => {
      const parts = testPool();
      await useEach(parts, { a: 10 });
      await parts.clock.sleep(8 * 60 * minute, monotonic);
      expect(liveNames(parts.runtime)).toEqual(['a']);
      const [left = 0] = parts.pool.status().servers.map(({ stopsInMs }) => stopsInMs);
      expect(left).toBeGreaterThan(27 * minute);
      await parts.clock.advance(30 * minute);
      expect(liveNames(parts.runtime)).toEqual([]);
    });

    it(`takes no old sample for a true one where monotonic time ${monotonic}`, async () => {
      const parts = testPool();
      await useEach(parts, { a: 10 });
      await parts.clock.sleep(8 * 60 * minute, monotonic);
      const age = parts.pool.status().pressure.ageMs ?? Infinity;
      expect(age).toBeGreaterThanOrEqual(8 * 60 * minute);
      await parts.clock.advance(minute + 2_000);
      expect(parts.pool.status().pressure.ageMs).toBeLessThanOrEqual(minute);
    });
  }
});

describe('starting ahead', () => {
  const wanted = [server('a', { state: 'session' }), server('b')];

  it('keeps the wanted ones ready, gives them to whoever comes first, and puts one back', async () => {
    const { pool, runtime, clock } = testPool({}, { prewarm: () => wanted });
    pool.refresh();
    await settled();
    expect(pool.status().servers).toMatchObject([
      { server: 'a', state: 'idle', stopsInMs: 30 * minute },
      { server: 'b', state: 'idle', stopsInMs: 30 * minute },
    ]);
    const lease = await pool.lease(askSession('i1', 'i1', ['a']), patient);
    await expect(lease.call('a', 'get_it', {}, patient)).resolves.toMatchObject({ text: 'a 1' });
    await settled();
    expect(liveNames(runtime)).toEqual(['a', 'b', 'a']);
    const other = await pool.lease(askSession('i2', 'i2', ['a']), patient);
    await expect(other.call('a', 'get_it', {}, patient)).resolves.toMatchObject({ text: 'a 3' });
    await clock.advance(60 * minute);
    expect(liveNames(runtime)).toEqual(['a', 'b', 'a']);
  });

  it('ends when nobody has leased for as long as a server may be idle', async () => {
    const { pool, runtime, clock } = testPool({}, { prewarm: () => [server('a')] });
    const lease = await pool.lease(ask('i', ['b']), patient);
    await settled();
    await clock.advance(40 * minute);
    expect(pool.status().servers).toMatchObject([
      { server: 'b', state: 'leased' },
      { server: 'a', state: 'idle', stopsInMs: null },
    ]);
    lease.release();
    await clock.advance(29 * minute);
    expect(liveNames(runtime)).toEqual(['b', 'a']);
    await clock.advance(2 * minute);
    expect(liveNames(runtime)).toEqual([]);
    (await pool.lease(ask('i', ['b']), patient)).release();
    await settled();
    expect(liveNames(runtime)).toEqual(['b', 'a']);
  });

  it('takes no room that somebody waits for, and is the first to go', async () => {
    const { pool, runtime } = testPool({}, { prewarm: () => [server('e')] });
    (await pool.lease(ask('i', ['a']), patient)).release();
    (await pool.lease(ask('i', ['b']), patient)).release();
    await settled();
    expect(liveNames(runtime)).toEqual(['a', 'e', 'b']);
    await pool.lease(ask('i', ['c']), patient);
    expect(liveNames(runtime)).toEqual(['a', 'b', 'c']);
  });

  it('does not try one again at once that does not start or that was stopped', async () => {
    const { pool, runtime, clock } = testPool({}, { prewarm: () => [server('a')] });
    runtime.startsByItself = false;
    pool.refresh();
    await settled();
    runtime.pending[0]?.fail();
    await settled();
    await clock.advance(minute);
    pool.refresh();
    expect(runtime.started).toHaveLength(1);
    runtime.startsByItself = true;
    await pool.lease(ask('i', ['b']), patient);
    await clock.advance(30 * minute);
    pool.refresh();
    await settled();
    expect(liveNames(runtime)).toEqual(['b', 'a']);
    pool.stop(pool.status().servers.find((each) => each.server === 'a')?.id ?? '');
    await settled();
    expect(liveNames(runtime)).toEqual(['b']);
  });

  it('starts nothing that a person must be asked for', async () => {
    const command = server('a', {
      program: { kind: 'command', command: '/bin/thing', folder: '/' },
    });
    const { pool, runtime } = testPool({}, { prewarm: () => [command, server('b')] });
    pool.refresh();
    await settled();
    expect(liveNames(runtime)).toEqual(['b']);
  });
});
