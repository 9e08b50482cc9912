import { join } from 'node:path';

import { build } from 'esbuild';

import { silentLog } from '../../../src/base/log';
import { McpServer } from '../../../src/pool/mcpServer';
import type { Pool } from '../../../src/pool/pool';
import type { ServerImage } from '../../../src/pool/images/serverImage';
import { labels } from '../../../src/pool/ownership/labels';
import type { Runtime } from '../../../src/pool/runtime';
import { projectRoot } from '../../harness/paths';
import { runOrThrow } from '../../harness/process';
import { waitFor } from '../../harness/wait';
import { ImageWorld } from '../../integration/pool/images/imageWorld';
import type { Figure } from '../figure';
import type { Bench } from '../run';
import { bareRuntime } from './bareRuntime';
import { leaseRequest, memoryServer, options, ourRuntime, poolOver, tool } from './benchWorld';
import type { WarmTimes } from './warmCalls';

const coldRounds = 10;
const prewarmedRounds = 5;
const ourLimits = ['--memory', '200m', '--memory-swap', '200m', '--cpus', '0.5'];

const soon = () => AbortSignal.timeout(60_000);

/**
 * A server in a container through the pool, beside docker's own command with the same client and
 * the same image. Needs `DOCKER_HOST`, and the npm registry for the server.
 */
export const poolBench: Bench = {
  name: 'pool',
  run: async (log) => {
    await using world = await ImageWorld.open();
    const owner = `bench-${process.pid}`;
    const images = world.images({ nodeImage: 'node:24-slim' });
    const image = await images.imageOf(memoryServer.spec, AbortSignal.timeout(300_000), log);
    if (image.notice) log(image.notice);
    // A pool disposes of its runtime.
    const ours = () => ourRuntime(world.engine, image, owner);
    const bare = bareRuntime(image, []);
    const cold = await coldStarts(ours(), bare, bareRuntime(image, ourLimits), log);
    const prewarmedMs = await prewarmed(ours);
    log(`prewarmed, median ${prewarmedMs.toFixed(1)} ms`);
    const warm = await warmCalls(owner, image);
    const filters = { label: [`${labels.owner}=${owner}`] };
    const left = await world.engine.client.listContainers({ all: true, filters });
    return [
      ...cold.figures,
      figure('prewarmed start / bare', prewarmedMs / cold.bareMs, 0.05),
      ...warm,
      figure('containers left', left.length, 0),
    ];
  },
};

/** From starting it to the first answer of a tool, in turn. */
async function coldStarts(
  ours: Runtime,
  bare: Runtime,
  limited: Runtime,
  log: (line: string) => void,
): Promise<{ figures: Figure[]; bareMs: number }> {
  const pool = poolOver(ours);
  // The engine is known and its caches are warm for all alike.
  await Promise.all([coldThroughPool(pool), coldBare(bare)]);
  const times: { bare: number; limited: number; ours: number }[] = [];
  for (let round = 1; round <= coldRounds; round++) {
    const time = {
      bare: await coldBare(bare),
      limited: await coldBare(limited),
      ours: await coldThroughPool(pool),
    };
    const ms = (value: number) => `${Math.round(value)} ms`;
    log(
      `cold ${round}: bare ${ms(time.bare)}, with limits ${ms(time.limited)}, pool ${ms(time.ours)}`,
    );
    times.push(time);
  }
  await pool.dispose();
  const bareMs = median(times.map((time) => time.bare));
  const limitedMs = median(times.map((time) => time.limited));
  const oursMs = median(times.map((time) => time.ours));
  return {
    bareMs,
    figures: [
      shown('bare cold start, median ms', bareMs),
      shown('bare with our limits / bare', limitedMs / bareMs),
      figure('cold start / bare without limits', oursMs / bareMs, 1),
    ],
  };
}

async function coldBare(runtime: Runtime): Promise<number> {
  const begin = performance.now();
  const started = { log: silentLog, greetMs: 60_000, signal: soon() };
  const server = await McpServer.start(runtime, memoryServer, started);
  await server.call(tool, {}, soon());
  const ms = performance.now() - begin;
  await server.stop();
  return ms;
}

async function coldThroughPool(pool: Pool): Promise<number> {
  const ms = await leaseAndCall(pool);
  for (const { id } of pool.status().servers) pool.stop(id);
  await waitFor('the server to stop', () => pool.status().servers.length === 0);
  return ms;
}

async function leaseAndCall(pool: Pool): Promise<number> {
  const begin = performance.now();
  const lease = await pool.lease(leaseRequest, options);
  await lease.call('memory', tool, {}, options);
  const ms = performance.now() - begin;
  lease.release();
  return ms;
}

/** The first use of a server that was started before anybody asked for it; median. */
async function prewarmed(ours: () => Runtime): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < prewarmedRounds; round++) {
    const pool = poolOver(ours(), [memoryServer]);
    pool.refresh();
    await waitFor('the server to be ready', () => pool.status().idle === 1);
    times.push(await leaseAndCall(pool));
    await pool.dispose();
  }
  return median(times);
}

/** Leases and calls of a server that is there: through nothing, our pool, another window's. */
async function warmCalls(owner: string, image: ServerImage): Promise<Figure[]> {
  const built = join(projectRoot, 'out', 'bench');
  await build({
    entryPoints: ['warmCalls', 'otherWindow'].map((name) => join(__dirname, `${name}.ts`)),
    outdir: built,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const args = [join(built, 'warmCalls.js'), owner, JSON.stringify(image)];
  const printed = await runOrThrow(process.execPath, args, { deadlineMs: 120_000 });
  const { direct, own, far, reuse } = JSON.parse(printed) as WarmTimes;
  const directMs = median(direct);
  return [
    shown('reuse of a server, median ms', median(reuse)),
    figure('reuse of a server, p99 ms', percentile(reuse, 0.99), 5),
    shown('call over a direct connection, median ms', directMs),
    figure('call over the pool, more, median ms', median(own) - directMs, 0.5),
    figure("call over another window's pool, more, median ms", median(far) - directMs, 1),
  ];
}

function figure(name: string, value: number, most: number): Figure {
  return { name, value, target: `at most ${most}`, ok: value <= most };
}

function shown(name: string, value: number): Figure {
  return { name, value, target: 'for information', ok: true };
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
