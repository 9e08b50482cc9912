import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import { settled } from './fakeClock';
import { ask, patient, server, testPool } from './pools';

const minute = 60_000;

/** The code and the message that a promise rejects with. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return WarRoomError.is(error) ? `${error.code}: ${error.message}` : 'no refusal';
}

describe('leasing', () => {
  it('starts a server once, however many ask for it, and shares it', async () => {
    const { pool, runtime } = testPool();
    const leases = await Promise.all(
      ['i1', 'i2', 'i3'].map((who) => pool.lease(ask(who, ['a']), patient)),
    );
    expect(runtime.started).toHaveLength(1);
    expect(pool.status().servers).toMatchObject([{ state: 'leased', holders: ['i1', 'i2', 'i3'] }]);
    leases.forEach((lease) => lease.release());
    expect(pool.status()).toMatchObject({ running: 1, idle: 1 });
  });

  it('does not share a server with another environment', async () => {
    const { pool, runtime } = testPool();
    const withSetting = (SETTING: string) =>
      server('a', {}, { environment: { SETTING, SECRET: 'not declared' } });
    (await pool.lease(ask('i1', [withSetting('one')]), patient)).release();
    (await pool.lease(ask('i2', [withSetting('two')]), patient)).release();
    expect(runtime.started.map(({ request }) => request.environment)).toEqual([
      { SETTING: 'one' },
      { SETTING: 'two' },
    ]);
  });

  it('makes room by stopping the server that is idle longest', async () => {
    const { pool, runtime, clock } = testPool({ limit: 2 });
    (await pool.lease(ask('i', ['a']), patient)).release();
    await clock.advance(minute);
    (await pool.lease(ask('i', ['b']), patient)).release();
    await pool.lease(ask('i', ['c']), patient);
    expect([...runtime.live].map((program) => program.server)).toEqual(['b', 'c']);
  });

  it('waits in the queue, and says pool-full when the deadline passes there', async () => {
    const { pool, clock } = testPool({ limit: 1 });
    const lease = await pool.lease(ask('i1', ['a']), patient);
    const late = refusal(pool.lease(ask('i2', ['b']), { ...patient, deadlineMs: minute }));
    const next = pool.lease(ask('i3', ['b']), patient);
    await clock.advance(minute);
    expect(await late).toBe(
      'pool-full: All places of the pool were in use for 60 s, so b could not be leased.',
    );
    lease.release();
    await expect(next).resolves.toBeDefined();
  });

  it('can be cancelled in the queue', async () => {
    const { pool } = testPool({ limit: 1 });
    await pool.lease(ask('i1', ['a']), patient);
    const { signal, abort } = cancellable();
    const waiting = refusal(pool.lease(ask('i2', ['b']), { ...patient, signal }));
    abort();
    expect(await waiting).toBe('cancelled: Waiting for servers was cancelled.');
    expect(pool.status().waiting).toBe(0);
  });

  it('gives back what it had when one of several does not start', async () => {
    const { pool, runtime } = testPool();
    runtime.startsByItself = false;
    const both = refusal(pool.lease(ask('i', ['a', 'b']), patient));
    await settled();
    runtime.pending.find(({ program }) => program.server === 'a')?.succeed();
    runtime.pending.find(({ program }) => program.server === 'b')?.fail();
    expect(await both).toBe('server-failed: The b server did not start.');
    await settled();
    expect(pool.status()).toMatchObject({
      servers: [{ server: 'a', state: 'idle', holders: [] }],
      failed: [{ server: 'b', message: 'The b server did not start.' }],
    });
  });

  it('gives up a start that takes too long', async () => {
    const { pool, runtime, clock } = testPool({}, { startTimeoutMs: 2 * minute });
    runtime.startsByItself = false;
    const lease = refusal(pool.lease(ask('i', ['a']), patient));
    await clock.advance(2 * minute);
    expect(await lease).toBe('server-failed: The a server did not start within 2 minutes.');
    expect(runtime.live.size).toBe(0);
  });

  it('refuses what cannot be', async () => {
    const { pool } = testPool();
    expect(await refusal(pool.lease(ask('i', ['a', 'a']), patient))).toMatch(/^wrong-usage: /);
    expect(await refusal(pool.lease(ask('i', ['a', 'b', 'c', 'd']), patient))).toMatch(
      /^pool-full: /,
    );
  });
});

describe('stopping', () => {
  it('stops a server that is idle for half an hour, by monotonic time', async () => {
    const { pool, clock } = testPool();
    (await pool.lease(ask('i', ['a']), patient)).release();
    await clock.advance(15 * minute);
    expect(pool.status().servers).toMatchObject([{ idleMs: 15 * minute, stopsInMs: 15 * minute }]);
    (await pool.lease(ask('i', ['a']), patient)).release();
    await clock.advance(29 * minute);
    expect(pool.status().running).toBe(1);
    await clock.advance(minute);
    expect(pool.status().running).toBe(0);
  });

  it('never stops a leased server for being idle', async () => {
    const { pool, clock } = testPool();
    await pool.lease(ask('i', ['a']), patient);
    await clock.advance(120 * minute);
    expect(pool.status().servers).toMatchObject([{ state: 'leased' }]);
  });

  it('marks a leased server that must go, and stops it when its lease ends', async () => {
    const { pool, runtime } = testPool();
    const lease = await pool.lease(ask('i1', ['a']), patient);
    pool.stop(pool.status().servers[0]?.id ?? '');
    await expect(lease.call('a', 'get_it', {}, patient)).resolves.toMatchObject({ text: 'a 1' });
    const other = await pool.lease(ask('i2', ['a']), patient);
    await expect(other.call('a', 'get_it', {}, patient)).resolves.toMatchObject({ text: 'a 2' });
    lease.release();
    await settled();
    expect([...runtime.live].map(({ number }) => number)).toEqual([2]);
  });

  it('leaves nothing when it is disposed, and leases nothing any more', async () => {
    const { pool, runtime } = testPool({ limit: 1 });
    await pool.lease(ask('i1', ['a']), patient);
    const waiting = refusal(pool.lease(ask('i2', ['b']), patient));
    await pool.dispose();
    expect(runtime.live.size).toBe(0);
    expect(await waiting).toMatch(/^cancelled: /);
    expect(await refusal(pool.lease(ask('i3', ['a']), patient))).toMatch(/^cancelled: /);
  });

  it('stops a server that was still starting when it is disposed', async () => {
    const { pool, runtime } = testPool();
    runtime.startsByItself = false;
    const lease = refusal(pool.lease(ask('i', ['a']), patient));
    await settled();
    await pool.dispose();
    expect(runtime.live.size).toBe(0);
    expect(await lease).not.toBe('no refusal');
  });
});

describe('a server that dies', () => {
  it('is replaced in the lease at the next call', async () => {
    const { pool, runtime } = testPool({ limit: 1 });
    const lease = await pool.lease(ask('i', ['a']), patient);
    runtime.started[0]?.die();
    await settled();
    await expect(lease.call('a', 'restart', {}, patient)).resolves.toMatchObject({ text: 'a 2' });
    expect(pool.status().failed).toMatchObject([{ server: 'a', message: 'The a server died.' }]);
  });

  it('leaves the pool at once when nobody leases it', async () => {
    const { pool, runtime } = testPool();
    (await pool.lease(ask('i', ['a']), patient)).release();
    runtime.started[0]?.die();
    await settled();
    expect(pool.status().servers).toEqual([]);
  });

  it('has a call that only reads repeated once', async () => {
    const { pool, runtime } = testPool();
    const lease = await pool.lease(ask('i', ['a']), patient);
    const call = dieDuring(runtime.started[0], () => lease.call('a', 'get_it', {}, patient));
    await expect(call).resolves.toMatchObject({ text: 'a 2' });
  });

  it('fails a call that was lost twice', async () => {
    const { pool, runtime } = testPool();
    const lease = await pool.lease(ask('i', ['a']), patient);
    const call = refusal(
      dieDuring(runtime.started[0], () => {
        const answer = lease.call('a', 'get_it', {}, patient);
        runtime.hangNext = true;
        return answer;
      }),
    );
    await settled();
    runtime.started[1]?.die();
    expect(await call).toBe('server-failed: The a server died.');
    expect(runtime.started).toHaveLength(2);
  });

  it('does not have a call repeated that changes something', async () => {
    const { pool, runtime } = testPool();
    const lease = await pool.lease(ask('i', ['a']), patient);
    const call = dieDuring(runtime.started[0], () => lease.call('a', 'restart', {}, patient));
    expect(await refusal(call)).toBe('server-failed: The a server died.');
    expect(runtime.started).toHaveLength(1);
  });
});

describe('a server that hangs', () => {
  it('is replaced at the next lease when it was idle for a while', async () => {
    const { pool, runtime, clock } = testPool({}, { pingTimeoutMs: 50 });
    (await pool.lease(ask('i', ['a']), patient)).release();
    await clock.advance(minute);
    freeze(runtime.started[0]);
    const lease = await pool.lease(ask('i', ['a']), patient);
    await expect(lease.call('a', 'get_it', {}, patient)).resolves.toMatchObject({ text: 'a 2' });
    expect(pool.status().failed).toMatchObject([
      { message: 'The a server did not answer any more and is replaced.' },
    ]);
  });

  it('is replaced at the next call when one was not answered in time', async () => {
    const { pool, runtime } = testPool({}, { pingTimeoutMs: 50 });
    const lease = await pool.lease(ask('i', ['a']), patient);
    freeze(runtime.started[0]);
    const hurried = { ...patient, deadlineMs: 50 };
    expect(await refusal(lease.call('a', 'get_it', {}, hurried))).toMatch(/^deadline: /);
    await expect(lease.call('a', 'get_it', {}, patient)).resolves.toMatchObject({ text: 'a 2' });
  });

  it('is kept when it was only late', async () => {
    const { pool, runtime } = testPool();
    const lease = await pool.lease(ask('i', ['a']), patient);
    const [program] = runtime.started;
    if (program) program.hangs = true;
    const hurried = { ...patient, deadlineMs: 50 };
    expect(await refusal(lease.call('a', 'get_it', {}, hurried))).toMatch(/^deadline: /);
    if (program) program.hangs = false;
    await expect(lease.call('a', 'get_it', {}, patient)).resolves.toMatchObject({ text: 'a 1' });
  });
});

describe('a lease', () => {
  it('calls only what it leased, and nothing after its end', async () => {
    const { pool } = testPool();
    const lease = await pool.lease(ask('i', ['a']), patient);
    expect(await refusal(lease.call('b', 'get_it', {}, patient))).toMatch(/^server-unknown: /);
    lease.release();
    lease.release();
    expect(await refusal(lease.call('a', 'get_it', {}, patient))).toMatch(/^internal: /);
  });

  it('hears what is done at the start of its servers', async () => {
    const { pool } = testPool();
    const heard: string[] = [];
    const onProgress = (sentence: string) => heard.push(sentence);
    await pool.lease(ask('i', ['a', 'b']), { ...patient, onProgress });
    expect(heard).toEqual(['Starting a-mcp-1', 'Starting b-mcp-2']);
  });

  it('tells of each change', async () => {
    const { pool } = testPool();
    const seen: string[] = [];
    pool.onDidChange(({ servers }) => seen.push(servers.map(({ state }) => state).join()));
    const lease = await pool.lease(ask('i', ['a']), patient);
    lease.release();
    pool.stop(pool.status().servers[0]?.id ?? '');
    await settled();
    const distinct = seen.filter((state, position) => state !== seen[position - 1]);
    expect(distinct).toEqual(['starting', 'leased', 'idle', 'stopping', '']);
  });
});

function freeze(program: { isFrozen: boolean } | undefined): void {
  if (program) program.isFrozen = true;
}

async function dieDuring<T>(
  server: { hangs: boolean; die(): void } | undefined,
  call: () => Promise<T>,
): Promise<T> {
  if (!server) throw new Error('nothing was started');
  server.hangs = true;
  const answer = call();
  await settled();
  server.die();
  return await answer;
}

function cancellable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
