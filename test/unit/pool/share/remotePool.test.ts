import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';

import { afterEach, expect, it, vi } from 'vitest';

import { RemotePool } from '../../../../src/pool/share/remotePool';
import { emptyStatus } from '../../../../src/pool/share/knownStatus';
import { temporaryFolder } from '../../../harness/temporary';

const limits = { limit: 10, maxMemoryPercent: 80, memoryBudgetMiB: 2048 };

afterEach(() => vi.useRealTimers());

it('gives up on a pool that hears and never answers, and says whose process to close', async () => {
  await using folder = await temporaryFolder('remote');
  const peers: Socket[] = [];
  const server = createServer((peer) => peers.push(peer));
  const path = join(folder.path, 'pool.sock');
  await once(server.listen(path), 'listening');
  const socket = connect(path);
  await once(socket, 'connect');
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const pool = new RemotePool(socket, { ...emptyStatus(limits), pid: 4711 });
  const answer = pool.lastLines('memory-1').catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(14_000);
  expect(await Promise.race([answer, Promise.resolve('waits')])).toBe('waits');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await answer).toMatchObject({
    code: 'deadline',
    message: expect.stringContaining('process 4711') as string,
  });
  expect(vi.getTimerCount()).toBe(0);
  await pool.dispose();
  peers.forEach((peer) => peer.destroy());
  server.close();
});
