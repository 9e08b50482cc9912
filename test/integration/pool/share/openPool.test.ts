import { once } from 'node:events';
import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Clock } from '../../../../src/base/clock';
import { silentLog } from '../../../../src/base/log';
import type { Pool } from '../../../../src/pool/pool';
import { openPool } from '../../../../src/pool/share/openPool';
import { poolAddress } from '../../../../src/pool/share/place';
import type { PoolPlace } from '../../../../src/pool/share/place';
import { readStatuses } from '../../../../src/pool/share/readStatus';
import { FakeClock } from '../../../unit/pool/fakeClock';
import { temporaryFolder } from '../../../harness/temporary';
import type { TemporaryFolder } from '../../../harness/temporary';
import { waitFor } from '../../../harness/wait';
import { EchoPool, leaseOf, limits } from './echoPool';

let folder: TemporaryFolder;
let place: PoolPlace;
const made: EchoPool[] = [];
const opened: Pool[] = [];

beforeEach(async () => {
  folder = await temporaryFolder('share');
  place = { folder: join(folder.path, 'pools'), engineKey: 'engine' };
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((pool) => pool.dispose()));
  made.length = 0;
  await folder.remove();
});

function open(follow = false, at = place, clock?: Clock): Pool {
  const makePool = () => {
    const pool = new EchoPool();
    made.push(pool);
    return Promise.resolve({ pool, dispose: () => pool.dispose() });
  };
  const others = { limits: () => limits, log: silentLog, ...(clock && { clock }) };
  const pool = openPool({ place: at, makePool, follow, ...others });
  opened.push(pool);
  return pool;
}

/** The pool, and another window that leases from it. */
async function two(): Promise<{ host: EchoPool; remote: Pool; ended: () => Promise<void> }> {
  const first = open();
  (await first.lease(leaseOf('echo', 'first'), options())).release();
  const [host] = made;
  if (!host) throw new Error('No pool was made.');
  return { host, remote: open(), ended: () => first.dispose() };
}

function options(signal = new AbortController().signal, deadlineMs = 20_000) {
  return { deadlineMs, signal };
}

describe('one pool for all', () => {
  it('is made once, and served to the others', async () => {
    const pools = Array.from({ length: 5 }, () => open());
    const leases = await Promise.all(
      pools.map((pool, n) => pool.lease(leaseOf('echo', `${n}`), options())),
    );
    expect(made).toHaveLength(1);
    expect([...(made[0]?.holders ?? [])].sort()).toEqual(['0', '1', '2', '3', '4']);
    for (const lease of leases) lease.release();
    await waitFor('the leases to be given back', () => made[0]?.holders.size === 0);
  });

  it('is not connected, made or bound before it is needed', async () => {
    const pool = open();
    expect(pool.status()).toMatchObject({ pid: 0, running: 0, limit: 10 });
    expect(await pool.lastLines('0')).toEqual([]);
    await expect(pool.inspect('0')).rejects.toMatchObject({ code: 'not-found' });
    await pool.dispose();
    expect(made).toEqual([]);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('can be entered by this person alone', async () => {
    const pool = open();
    await pool.lease(leaseOf('echo'), options());
    const { socket } = await poolAddress(place);
    expect((await lstat(socket)).mode & 0o777).toBe(0o600);
    expect((await lstat(place.folder)).mode & 0o777).toBe(0o700);
  });

  it('belongs to one engine', async () => {
    const leases = ['one', 'other'].map((engineKey) =>
      open(false, { ...place, engineKey }).lease(leaseOf('echo'), options()),
    );
    await Promise.all(leases);
    expect(made).toHaveLength(2);
  });

  it('is found in a short folder where the path is too long for a socket', async () => {
    const long = { ...place, folder: join(folder.path, 'x'.repeat(120)) };
    const pools = [open(false, long), open(false, long)];
    for (const pool of pools) await pool.lease(leaseOf('echo'), options());
    expect(made).toHaveLength(1);
    const { socket } = await poolAddress(long);
    expect(Buffer.byteLength(socket)).toBeLessThan(104);
    expect(await readStatuses(long.folder)).toMatchObject([{ pid: process.pid }]);
  });

  it('leaves nothing in its folder when it goes', async () => {
    const pool = open();
    await pool.lease(leaseOf('echo'), options());
    await pool.dispose();
    expect(made[0]?.heard).toEqual(['dispose']);
    expect(await readdir(place.folder)).toEqual([]);
  });

  it('takes the place of a socket that nobody listens at, and of what was left half made', async () => {
    const { socket } = await poolAddress(place);
    const server = createServer().listen(`${socket}.dead`);
    await once(server, 'listening');
    await writeFile(socket, '');
    await writeFile(`${socket}.left`, '');
    await open().lease(leaseOf('echo'), options());
    expect((await lstat(socket)).isSocket()).toBe(true);
    expect(await readdir(place.folder)).toHaveLength(1);
    server.close();
  });

  it('does not take away the socket of its successor', async () => {
    const first = open();
    await first.lease(leaseOf('echo'), options());
    const { socket } = await poolAddress(place);
    // As a cleaner of old files does.
    await rm(socket);
    const second = open();
    await second.lease(leaseOf('echo'), options());
    expect(made).toHaveLength(2);
    await first.dispose();
    await open().lease(leaseOf('echo'), options());
    expect(made).toHaveLength(2);
  });

  it('serves this window alone where no socket can be made', async () => {
    const { socket } = await poolAddress(place);
    await mkdir(join(socket, 'in the way'), { recursive: true });
    const lease = await open().lease(leaseOf('echo'), options());
    expect(await lease.call('echo', 'echo', { text: 'hi' }, options())).toMatchObject({
      text: 'hi',
    });
  });
});

describe('a lease over the socket', () => {
  it('has the tools, calls and answers as at home', async () => {
    const { remote } = await two();
    const lease = await remote.lease(leaseOf('echo'), options());
    expect(lease.tools('echo')).toEqual([
      { name: 'echo', description: 'echo', inputSchema: { type: 'object' }, readOnly: true },
    ]);
    expect(() => lease.tools('other')).toThrow(/not part of this lease/);
    const text = `${'line\n'.repeat(400_000)}\u2028 ü 漢`;
    expect(await lease.call('echo', 'echo', { text }, options(undefined, 777))).toEqual({
      text,
      structured: { server: 'echo', deadlineMs: 777 },
      others: [],
      isError: false,
    });
  });

  it('tells how the start goes on, and errors with their code', async () => {
    const { remote } = await two();
    const said: string[] = [];
    const onProgress = (sentence: string) => said.push(sentence);
    const lease = remote.lease(leaseOf('broken'), { ...options(), onProgress });
    await expect(lease).rejects.toMatchObject({
      name: 'WarRoomError',
      code: 'engine-unavailable',
      message: 'Start Docker.',
    });
    expect(said).toEqual(['Fetching broken']);
  });

  it('ends with its signal, in the queue and in a call', async () => {
    const { host, remote } = await two();
    const abort = new AbortController();
    const lease = await remote.lease(leaseOf('echo'), options());
    host.isFull = true;
    const waiting = remote.lease(leaseOf('echo'), options(abort.signal));
    const call = lease.call('echo', 'wait', {}, options(abort.signal));
    setTimeout(() => abort.abort(), 50);
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await waitFor('the pool to hear it', () => host.heard.length === 2);
    expect(host.heard.sort()).toEqual(['aborted incident-1', 'aborted wait']);
  });

  it('that is cancelled while it is granted is given back', async () => {
    const { host, remote } = await two();
    await remote.lease(leaseOf('echo', 'kept'), options());
    for (let round = 0; round < 20; round++) {
      const abort = new AbortController();
      const lease = remote.lease(leaseOf('echo', `cancelled ${round}`), options(abort.signal));
      setTimeout(() => abort.abort(), round % 4);
      await lease.then((granted) => granted.release()).catch(() => undefined);
    }
    await waitFor('only the kept one to be left', () => host.holders.size === 1);
  });

  it('is given back, and its calls end, when its window goes', async () => {
    const { host, remote } = await two();
    const lease = await remote.lease(leaseOf('echo', 'gone'), options());
    const call = lease.call('echo', 'wait', {}, options());
    await waitFor('the call', () => host.holders.has('gone'));
    void remote.dispose();
    await expect(call).rejects.toMatchObject({ code: 'server-failed' });
    await waitFor('the lease to end', () => host.holders.size === 0);
    expect(host.heard).toEqual(['aborted wait']);
  });

  it('ends as a server that died when the pool goes, and the next one makes a pool', async () => {
    const { remote, ended } = await two();
    const lease = await remote.lease(leaseOf('echo'), options());
    const call = lease.call('echo', 'wait', {}, options());
    const refused = expect(call).rejects.toMatchObject({ code: 'server-failed' });
    await ended();
    await refused;
    await expect(lease.call('echo', 'echo', {}, options())).rejects.toMatchObject({
      code: 'server-failed',
    });
    lease.release();
    await remote.lease(leaseOf('echo'), options());
    expect(made).toHaveLength(2);
  });

  it('that still waits when the pool goes is served by the next pool', async () => {
    const { host, remote, ended } = await two();
    host.isFull = true;
    const said: string[] = [];
    const waiting = remote.lease(leaseOf('echo', 'patient'), {
      ...options(),
      onProgress: (sentence) => said.push(sentence),
    });
    await waitFor('it to wait', () => said.length === 1);
    await ended();
    await waiting;
    expect(made[1]?.holders).toEqual(new Set(['patient']));
  });

  it('passes on what a person does with a server', async () => {
    const { host, remote } = await two();
    const lease = await remote.lease(leaseOf('echo'), options());
    remote.stop('1');
    remote.restart('2');
    remote.pin('3', true);
    remote.endIncident('incident-1');
    const watching = [remote.watch(), remote.watch()];
    for (const each of watching) each.dispose();
    expect(await remote.lastLines('0')).toEqual(['lines of 0']);
    expect(await remote.inspect('0')).toEqual({ id: '0' });
    await expect(remote.inspect('7')).rejects.toMatchObject({ code: 'not-found' });
    expect(host.heard).toEqual([
      'stop 1',
      'restart 2',
      'pin 3 true',
      'endIncident incident-1',
      'watch',
      'watch no more',
    ]);
    lease.release();
  });
});

describe('the status', () => {
  it('is shown in other windows also before they lease, and when the pool has gone', async () => {
    const watcher = open(true);
    const { ended } = await two();
    await waitFor('the pool to be seen', () => watcher.status().pid === process.pid);
    watcher.watch();
    await waitFor('it to be watched', () => made[0]?.heard[0] === 'watch');
    const lease = await opened[1]?.lease(leaseOf('echo', 'seen'), options());
    await waitFor('the lease to be seen', () => watcher.status().servers[0]?.holders[0] === 'seen');
    lease?.release();
    await ended();
    await waitFor('the pool to be gone', () => watcher.status().pid === 0);
    expect(made).toHaveLength(1);
    await open().lease(leaseOf('echo', 'next'), options());
    await waitFor('the next pool', () => watcher.status().servers[0]?.holders[0] === 'next');
    await waitFor('that to be watched too', () => made[1]?.heard[0] === 'watch');
  });

  it('goes on counting between two messages', async () => {
    const { remote } = await two();
    await remote.lease(leaseOf('echo'), options());
    const first = await waitFor('a server', () => remote.status().servers[0]?.uptimeMs);
    await waitFor('time to pass', () => (remote.status().servers[0]?.uptimeMs ?? 0) > first + 50);
  });

  it('is read by a command that never becomes the pool', async () => {
    expect(await readStatuses(place.folder)).toEqual([]);
    await two();
    expect(await readStatuses(place.folder)).toMatchObject([{ pid: process.pid, running: 0 }]);
    await opened[0]?.dispose();
    expect(await readStatuses(place.folder)).toEqual([]);
    expect(made).toHaveLength(1);
  });
});

describe('what is no message of ours', () => {
  it.each(['hello\n', '{"kind":"lease","id":1}\n', '{"kind":"run","id":1}\n', '[]\n'])(
    'ends the connection: %j',
    async (text) => {
      const { host } = await two();
      const { socket } = await poolAddress(place);
      const peer = createConnection(socket);
      peer.write(text);
      peer.resume();
      await once(peer, 'close');
      expect(host.heard).toEqual([]);
    },
  );
});

describe('a pool of another version', () => {
  let connections: number;
  let server: Server;

  beforeEach(async () => {
    connections = 0;
    server = createServer((socket) => {
      connections++;
      socket.on('error', () => undefined);
      socket.end('{"kind":"status","status":{"limit":"other"}}\n');
    });
    const { socket } = await poolAddress(place);
    await once(server.listen(socket), 'listening');
  });
  afterEach(() => server.close());

  it('is asked ever less often whether it is one of ours', async () => {
    const clock = new FakeClock();
    const seen = async (count: number) => {
      await waitFor(`connection ${count}`, () => connections === count);
      await sleep(100);
      expect(connections).toBe(count);
    };
    open(true, place, clock);
    await seen(1);
    await clock.advance(250);
    await seen(2);
    await clock.advance(250);
    await seen(2);
    await clock.advance(250);
    await seen(3);
  });

  it('is told as what it is to who wants to lease', async () => {
    await expect(open().lease(leaseOf('echo'), options())).rejects.toMatchObject({
      ...{
        code: 'server-failed',
        message: expect.stringMatching(/another version of War Room.*reload or close/) as string,
      },
    });
    expect(connections).toBeLessThanOrEqual(5);
  });
});
