import { systemClock } from '../../../src/base/clock';
import { silentLog } from '../../../src/base/log';
import type { Engine } from '../../../src/pool/engine/connect';
import type { ServerImage } from '../../../src/pool/images/serverImage';
import type { Runtime } from '../../../src/pool/runtime';
import { dockerRuntime } from '../../../src/pool/runtimes/docker/dockerRuntime';
import { ServerPool } from '../../../src/pool/serverPool';
import type { ServerRequest } from '../../../src/pool/serverSpec';
import { usualLimits } from '../../integration/pool/requests';

/** A small server that others wrote, as the catalogue has it; any call of its tool reads only. */
export const memoryServer: ServerRequest = {
  spec: {
    name: 'memory',
    program: {
      kind: 'npm',
      package: '@modelcontextprotocol/server-memory',
      version: '2026.8.31',
      integrity: null,
      bin: null,
    },
    args: [],
    environment: ['MEMORY_FILE_PATH'],
    state: 'none',
    hosts: [],
  },
  environment: { MEMORY_FILE_PATH: '/tmp/memory.json' },
  place: null,
  runtime: 'docker',
};

export const tool = 'read_graph';
export const options = { deadlineMs: 120_000, signal: new AbortController().signal };
export const leaseRequest = { holder: 'bench', incident: null, servers: [memoryServer] };

/** Our runtime with the limits that it has unless told. */
export function ourRuntime(engine: Engine, image: ServerImage, owner: string): Runtime {
  return dockerRuntime({
    connect: () => Promise.resolve(engine),
    images: { imageOf: () => Promise.resolve(image), started: () => undefined },
    owner,
    limits: { memoryBytes: 200 * 1024 * 1024, cpus: 0.5 },
    network: 'war-room-network',
    log: silentLog,
  });
}

export function poolOver(runtime: Runtime, prewarm: readonly ServerRequest[] = []): ServerPool {
  return new ServerPool({
    clock: systemClock,
    log: silentLog,
    runtimes: { docker: () => Promise.resolve(runtime) },
    settings: () => usualLimits,
    prewarm: () => prewarm,
  });
}
