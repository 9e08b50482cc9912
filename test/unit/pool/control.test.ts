import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import type { ServerRequest } from '../../../src/pool/serverSpec';
import { settled } from './fakeClock';
import { FakeRuntime } from './fakeRuntime';
import { ask, askSession, patient, server, testPool } from './pools';

const minute = 60_000;

describe('servers with state', () => {
  it('are reused within one incident only, and stopped after it', async () => {
    const { pool, runtime } = testPool();
    (await pool.lease(askSession('step', 'i1', ['a']), patient)).release();
    (await pool.lease(askSession('step', 'i1', ['a']), patient)).release();
    const other = await pool.lease(askSession('step', 'i2', ['a']), patient);
    expect(runtime.started).toHaveLength(2);
    pool.endIncident('i1');
    pool.endIncident('i2');
    await settled();
    expect(pool.status().servers).toMatchObject([{ state: 'leased' }]);
    other.release();
    await settled();
    expect(runtime.live.size).toBe(0);
  });

  it('are stopped at once when they belong to no incident', async () => {
    const { pool, runtime } = testPool();
    const leases = await Promise.all([
      pool.lease(askSession('call', null, ['a']), patient),
      pool.lease(askSession('call', null, ['a']), patient),
    ]);
    expect(runtime.started).toHaveLength(2);
    leases.forEach((lease) => lease.release());
    await settled();
    expect(runtime.live.size).toBe(0);
  });

  it('leave those without state alone when an incident ends', async () => {
    const { pool, runtime } = testPool();
    (await pool.lease(ask('i1', ['a']), patient)).release();
    pool.endIncident('i1');
    await settled();
    expect(runtime.live.size).toBe(1);
  });
});

describe('what is shared', () => {
  const base = server('a');
  const others: Readonly<Record<string, ServerRequest>> = {
    'another program': server('a', { program: { kind: 'bundled', script: '/other.js' } }),
    'other arguments': server('a', { args: ['--all'] }),
    'another environment': server('a', {}, { environment: { SETTING: 'x' } }),
    'other hosts': server('a', { hosts: ['db:5432'] }),
    'another place': server('a', {}, { place: 'staging' }),
    'another runtime': server('a', {}, { runtime: 'docker' }),
  };
  const runtimes = () => ({
    process: () => Promise.resolve(new FakeRuntime()),
    docker: () => Promise.resolve(new FakeRuntime('docker')),
  });

  for (const [what, other] of Object.entries(others)) {
    it(`is not a server with ${what}`, async () => {
      const { pool } = testPool({}, { runtimes: runtimes() });
      await pool.lease(ask('i', [base]), patient);
      await pool.lease(ask('i', [other]), patient);
      expect(pool.status().servers).toHaveLength(2);
    });
  }

  it('is one program under two names', async () => {
    const { pool } = testPool();
    const twin = server('b', { program: base.spec.program });
    const lease = await pool.lease(ask('i', [base, twin]), patient);
    expect(pool.status().servers).toHaveLength(1);
    await expect(lease.call('b', 'get_it', {}, patient)).resolves.toMatchObject({ text: 'a 1' });
  });
});

describe('where servers run', () => {
  const npm = { kind: 'npm', package: 'p', version: '1.0.0', integrity: null, bin: null } as const;
  const command = { kind: 'command', command: '/bin/thing', folder: '/' } as const;

  async function runtimeFor(request: ServerRequest): Promise<string> {
    const made: string[] = [];
    const maker = (name: 'process' | 'docker') => () => {
      made.push(name);
      return Promise.resolve(new FakeRuntime(name));
    };
    const runtimes = { process: maker('process'), docker: maker('docker') };
    const { pool } = testPool({}, { runtimes });
    await pool.lease(ask('i', [request]), patient);
    expect(pool.status().servers.map(({ runtime }) => runtime)).toEqual(made);
    return made.join();
  }

  it('is a process for what comes with War Room, and else a container', async () => {
    expect(await runtimeFor(server('a'))).toBe('process');
    expect(await runtimeFor(server('a', { program: npm }))).toBe('docker');
    expect(await runtimeFor(server('a', {}, { runtime: 'docker' }))).toBe('docker');
  });

  it('is a process for anything else only when that is said', async () => {
    const asProcess = { runtime: 'process' as const };
    expect(await runtimeFor(server('a', { program: npm }, asProcess))).toBe('process');
    expect(await runtimeFor(server('a', { program: command }, asProcess))).toBe('process');
    const { pool } = testPool();
    const refused = pool.lease(ask('i', [server('a', { program: command })]), patient);
    await expect(refused).rejects.toMatchObject({ code: 'leave-needed' });
  });

  it('is told when there is no engine, and tried again the next time', async () => {
    let isThere = false;
    const docker = () =>
      isThere
        ? Promise.resolve(new FakeRuntime('docker'))
        : Promise.reject(new WarRoomError('engine-unavailable', 'Start Docker.'));
    const { pool } = testPool({}, { runtimes: { docker } });
    const request = ask('i', [server('a', { program: npm })]);
    expect(pool.status().engine.state).toBe('unknown');
    await expect(pool.lease(request, patient)).rejects.toMatchObject({
      code: 'engine-unavailable',
    });
    expect(pool.status().engine).toEqual({ state: 'unavailable', message: 'Start Docker.' });
    isThere = true;
    await pool.lease(request, patient);
    expect(pool.status().engine).toEqual({ state: 'ready', message: '' });
  });
});

describe('what a person does to a server', () => {
  const idOf = (pool: ReturnType<typeof testPool>['pool']) => pool.status().servers[0]?.id ?? '';

  it('restarts an idle one in its place', async () => {
    const { pool, runtime } = testPool({ limit: 1 });
    (await pool.lease(ask('i', ['a']), patient)).release();
    pool.restart(idOf(pool));
    await settled();
    expect(pool.status().servers).toMatchObject([{ state: 'idle', name: 'a-mcp-2' }]);
    expect(runtime.mostLive).toBe(1);
  });

  it('restarts a leased one when its lease ends, and gives it to nobody before', async () => {
    const { pool, runtime } = testPool({ limit: 1 });
    const lease = await pool.lease(ask('i1', ['a']), patient);
    pool.restart(idOf(pool));
    const next = pool.lease(ask('i2', ['a']), patient);
    await expect(lease.call('a', 'get_it', {}, patient)).resolves.toMatchObject({ text: 'a 1' });
    expect(pool.status().waiting).toBe(1);
    lease.release();
    await expect((await next).call('a', 'get_it', {}, patient)).resolves.toMatchObject({
      text: 'a 2',
    });
    expect(runtime.mostLive).toBe(1);
  });

  it('pins one so that it stays idle, and it goes last when room is needed', async () => {
    const { pool, runtime, clock } = testPool({ limit: 2 });
    (await pool.lease(ask('i', ['a']), patient)).release();
    pool.pin(idOf(pool), true);
    expect(pool.status().servers).toMatchObject([{ pinned: true, stopsInMs: null }]);
    await clock.advance(60 * minute);
    (await pool.lease(ask('i', ['b']), patient)).release();
    await pool.lease(ask('i', ['c']), patient);
    expect([...runtime.live].map((program) => program.server)).toEqual(['a', 'c']);
    await pool.lease(ask('i', ['d']), patient);
    expect([...runtime.live].map((program) => program.server)).toEqual(['c', 'd']);
  });

  it('stops it by its idle time again when it is pinned no more', async () => {
    const { pool, runtime, clock } = testPool();
    (await pool.lease(ask('i', ['a']), patient)).release();
    pool.pin(idOf(pool), true);
    await clock.advance(60 * minute);
    pool.pin(idOf(pool), false);
    await clock.advance(0);
    expect(runtime.live.size).toBe(0);
  });

  it('reads its last lines and what its runtime knows of it', async () => {
    const { pool, runtime } = testPool();
    await pool.lease(ask('i', ['a']), patient);
    for (let i = 1; i <= 60; i++) runtime.started[0]?.request.onErrorLine(`line ${i}`);
    const lines = await pool.lastLines(idOf(pool));
    expect(lines).toHaveLength(50);
    expect(lines.at(-1)).toBe('line 60');
    expect(await pool.inspect(idOf(pool))).toEqual({ number: 1 });
    await expect(pool.inspect('none')).rejects.toMatchObject({ code: 'not-found' });
    expect(await pool.lastLines('none')).toEqual([]);
  });

  it('keeps the last hundred events', async () => {
    const { pool } = testPool();
    for (let i = 0; i < 60; i++) (await pool.lease(ask(`i${i}`, ['a']), patient)).release();
    const { history } = pool.status();
    expect(history).toHaveLength(100);
    expect(history.at(-2)).toMatchObject({ kind: 'reused', name: 'a-mcp-1' });
  });
});

describe('the greeting', () => {
  it('lists the tools, and ends what the program was allowed for its start', async () => {
    const { pool, runtime } = testPool();
    const lease = await pool.lease(ask('i', ['a']), patient);
    expect(lease.tools('a')).toEqual([
      { name: 'get_it', description: '', inputSchema: { type: 'object' }, readOnly: true },
      { name: 'restart', description: 'Changes', inputSchema: { type: 'object' }, readOnly: false },
    ]);
    expect(runtime.started[0]?.isGreeted).toBe(true);
  });

  it('stops a program whose limits cannot be set after it', async () => {
    const { pool, runtime } = testPool();
    runtime.lowers = false;
    await expect(pool.lease(ask('i', ['a']), patient)).rejects.toMatchObject({
      code: 'server-failed',
      message: 'The a server could not be greeted (the limit cannot be set).',
    });
    expect(runtime.live.size).toBe(0);
  });
});
