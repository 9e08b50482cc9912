import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { systemClock } from '../../src/base/clock';
import { describeError } from '../../src/base/errors';
import { silentLog } from '../../src/base/log';
import { connectEngine } from '../../src/pool/engine/connect';
import { openOwnPool } from '../../src/pool/entry';
import type { Pool } from '../../src/pool/pool';
import { ReaperLine } from '../../src/pool/reaper/reaperLine';
import { dockerRuntime } from '../../src/pool/runtimes/docker/dockerRuntime';

/** Where a worker works; its engine is that of its environment. */
export interface WorkerPlan {
  folder: string;
  reaper: string;
  image: string;
}

/** What a worker is asked to do. */
export type Task =
  | { id: number; kind: 'status' }
  /** Lease a server, call a tool of it, and give it back `holdMs` later. */
  | {
      id: number;
      kind: 'call';
      /** What the chaos server is to do. */
      server: string;
      tool: string;
      arguments: Record<string, unknown>;
      leaseMs: number;
      callMs: number;
      holdMs: number;
    };

/** What came of it: an answer, or the code of the error. */
export interface Outcome {
  id: number;
  answer?: unknown;
  code?: string;
  message?: string;
}

const limits = { limit: 4, idleTimeoutMinutes: 0.1, maxMemoryPercent: 80, memoryBudgetMiB: 1024 };

/** A window, as far as the pool is concerned: it leases and calls what it is told to. */
async function main({ folder, reaper: script, image }: WorkerPlan): Promise<void> {
  const log = silentLog;
  const reaper = await ReaperLine.open({ script, log });
  const docker = () =>
    Promise.resolve(
      dockerRuntime({
        connect: async (signal) => {
          const engine = await connectEngine({}, signal);
          reaper.guardEngine(engine.place.connection);
          return engine;
        },
        images: {
          imageOf: () =>
            Promise.resolve({
              ...{ id: image, command: ['/usr/local/bin/node', '/chaos.js'], environment: {} },
              ...{ isGuarded: false, notice: null },
            }),
          started: () => undefined,
        },
        owner: reaper.owner,
        limits: { memoryBytes: 128 * 1024 * 1024, cpus: 0.5 },
        network: 'war-room-chaos',
        log,
      }),
    );
  const pool = await openOwnPool({
    ...{ folder, docker, reaper, log, clock: systemClock },
    images: { folder: join(folder, 'images'), cleanUp: () => Promise.resolve() },
    ...{ follow: true, settings: () => limits, language: () => 'en', prewarm: () => [] },
  });
  const end = async () => {
    await pool.dispose();
    reaper.dispose();
    process.exit(0);
  };
  process.once('SIGTERM', () => void end());
  const lines = createInterface({ input: process.stdin });
  lines.once('close', () => void end());
  lines.on('line', (line) => void perform(pool, image, JSON.parse(line) as Task).then(say));
  say({ id: 0 });
}

async function perform(pool: Pool, image: string, task: Task): Promise<Outcome> {
  const { id } = task;
  try {
    const answer = task.kind === 'status' ? pool.status() : await call(pool, image, task);
    return { id, answer };
  } catch (error) {
    return { id, ...describeError(error) };
  }
}

async function call(
  pool: Pool,
  image: string,
  { server, tool, arguments: given, leaseMs, callMs, holdMs }: Extract<Task, { kind: 'call' }>,
): Promise<string> {
  const signal = new AbortController().signal;
  const program = { kind: 'oci', image } as const;
  const kept = { environment: [], state: 'none', hosts: [] } as const;
  const [how = ''] = server.split('-');
  // With its name, since servers that are started alike are one.
  const spec = { name: server, program, args: [how, server], ...kept };
  const lease = await pool.lease(
    {
      holder: `worker ${process.pid}`,
      incident: null,
      servers: [{ spec, environment: {}, place: null, runtime: 'docker' }],
    },
    { deadlineMs: leaseMs, signal },
  );
  try {
    const { text } = await lease.call(server, tool, given, { deadlineMs: callMs, signal });
    return text;
  } finally {
    setTimeout(() => lease.release(), holdMs);
  }
}

function say(outcome: Outcome): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

void main(JSON.parse(process.argv[2] ?? '{}') as WorkerPlan);
