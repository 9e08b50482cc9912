import { describe, expect, it } from 'vitest';

import { systemClock } from '../../../src/base/clock';
import { silentLog } from '../../../src/base/log';
import { ServerPool } from '../../../src/pool/serverPool';
import { waitFor } from '../../harness/wait';
import { need } from '../mcp/prerequisite';
import { dockerGround, processGround } from './grounds';
import type { Ground } from './grounds';
import { usualLimits } from './requests';

const engine = process.env['DOCKER_HOST'];
const mib = 1024 * 1024;
const options = { deadlineMs: 60_000, signal: new AbortController().signal };

describe('memory pressure of programs that really allocate', { timeout: 300_000 }, () => {
  it('stops the oldest idle process and wins its memory back', async (context) => {
    need(context, process.platform === 'linux' ? null : 'the memory of processes is told on Linux');
    await using ground = processGround();
    await tryOn(ground);
  });

  it('stops the oldest idle container and wins its memory back', async (context) => {
    need(context, engine ? null : 'DOCKER_HOST is not set');
    await using ground = await dockerGround(engine ?? '');
    await tryOn(ground);
  });
});

/** Two servers of about 130 MiB each fit into a budget that three do not fit into. */
async function tryOn(ground: Ground): Promise<void> {
  const lines: string[] = [];
  const keep = (line: string) => lines.push(line);
  const runtime = ground.runtime();
  await using pool = disposable(
    new ServerPool({
      clock: systemClock,
      log: { ...silentLog, info: keep, warn: keep },
      runtimes: { [runtime.name]: () => Promise.resolve(runtime) },
      settings: () => ({ ...usualLimits, memoryBudgetMiB: 420 }),
    }),
  );
  const watch = pool.watch();
  await use(pool, ground, 'first', 120);
  await use(pool, ground, 'second', 120);
  await waitFor('a sample of both', () => memoryOf(pool) > 240 * mib);
  expect(memoryOf(pool)).toBeLessThan(336 * mib);
  expect(pool.status().pressure.isOver).toBe(false);

  await use(pool, ground, 'third', 120);
  await waitFor(
    'the pressure to be over',
    () => lines.some((line) => /^Memory in use/.test(line)),
    {
      deadlineMs: 60_000,
    },
  );
  expect(pool.status().servers.map(({ server }) => server)).toEqual(['second', 'third']);
  expect(pool.status().pressure.ours.percent).toBeLessThanOrEqual(80);
  const told = lines.map((line) => line.replace(/first-mcp-\S+/, 'NAME').replace(/\d+/, 'N'));
  expect(told.slice(told.indexOf('Memory pressure found: N%'))).toEqual([
    'Memory pressure found: N%',
    'Chosen to be stopped: NAME (idle N min)',
    'Stopped to win memory back: NAME',
    'Memory won back: N MB',
    'Memory in use: N%',
  ]);
  expect(won(lines)).toBeGreaterThan(115);
  watch.dispose();
}

async function use(pool: ServerPool, ground: Ground, name: string, size: number): Promise<void> {
  const servers = [ground.request(name, 'none')];
  const lease = await pool.lease({ holder: 'i', incident: 'i', servers }, options);
  await lease.call(name, 'allocate', { mib: size }, options);
  lease.release();
}

function memoryOf(pool: ServerPool): number {
  return pool.status().memoryBytes ?? 0;
}

/** In MB, as the log has it. */
function won(lines: readonly string[]): number {
  return Number(/Memory won back: (\d+)/.exec(lines.join('\n'))?.[1]);
}

function disposable(pool: ServerPool): ServerPool & AsyncDisposable {
  return Object.assign(pool, { [Symbol.asyncDispose]: () => pool.dispose() });
}
