import type { PoolStatus, ServerStatus } from '../../../../src/pool/status';

const mebibyte = 1024 * 1024;
const minute = 60_000;

/** A server of a pool; what a test cares for is given. */
export function server(given: Partial<ServerStatus> & { server: string }): ServerStatus {
  return {
    id: given.server,
    name: `${given.server}-mcp-1795276800-1a2b`,
    runtime: 'docker',
    state: 'idle',
    pinned: false,
    memoryBytes: 100 * mebibyte,
    memoryLimitBytes: 200 * mebibyte,
    uptimeMs: 45 * minute,
    idleMs: 0,
    stopsInMs: null,
    holders: [],
    notApplied: [],
    ...given,
  };
}

/** A pool; `ours` is what its servers use of 1 GiB, in MiB. */
export function pool(given: Partial<PoolStatus> & { ours?: number }): PoolStatus {
  const { ours = 0, servers = [], ...rest } = given;
  return {
    limit: 10,
    pid: 4711,
    running: servers.length,
    idle: servers.filter(({ state }) => state === 'idle').length,
    waiting: 0,
    memoryBytes: ours * mebibyte,
    pressure: {
      ours: { usedBytes: ours * mebibyte, totalBytes: 1024 * mebibyte, percent: ours / 10.24 },
      machine: { usedBytes: 5.1 * 1024 * mebibyte, totalBytes: 8192 * mebibyte, percent: 63.75 },
      thresholdPercent: 80,
      isOver: ours / 10.24 > 80,
      ageMs: 2_000,
    },
    engine: { state: 'ready', message: 'Docker 28.3 at /var/run/docker.sock' },
    servers,
    failed: [],
    history: [],
    imagesBytes: null,
    ...rest,
  };
}

const at = (time: string) => `2026-11-21T${time}.000Z`;

/** The guide's own example: one server in use, one idle and to be stopped in 15 minutes. */
export const guideStatus: PoolStatus = pool({
  ours: 300,
  servers: [
    server({
      server: 'postgres',
      id: '1',
      idleMs: 15 * minute,
      stopsInMs: 15 * minute,
    }),
    server({
      server: 'docker',
      id: '2',
      state: 'leased',
      uptimeMs: 5 * minute,
      memoryBytes: 200 * mebibyte,
      memoryLimitBytes: 256 * mebibyte,
      holders: ['incident-20261121100000'],
    }),
  ],
  history: [
    event('10:00:00', 'postgres', 'started', 'incident-20261121100000'),
    event('10:05:00', 'postgres', 'idle', ''),
    event('10:20:00', 'docker', 'started', 'incident-20261121102000'),
  ],
});

/** One of everything that a view may have to show. */
export const fullStatus: PoolStatus = pool({
  ours: 560,
  waiting: 1,
  imagesBytes: 1536 * mebibyte,
  servers: [
    ...guideStatus.servers,
    server({ server: 'redis', id: '3', state: 'starting', memoryBytes: null, uptimeMs: 1_000 }),
    server({
      server: 'kubectl',
      id: '4',
      runtime: 'process',
      pinned: true,
      memoryBytes: 61 * mebibyte,
      memoryLimitBytes: null,
      uptimeMs: 200 * minute,
      idleMs: 40_000,
      notApplied: [],
    }),
    server({
      server: 'everything',
      id: '5',
      state: 'stopping',
      memoryBytes: 40 * mebibyte,
      uptimeMs: 31 * minute,
      notApplied: ['The engine does not limit the number of processes.'],
    }),
  ],
  failed: [
    {
      server: 'sentry',
      at: at('10:31:12'),
      message:
        'The server sentry did not start: it ended with status 1.\nError: SENTRY_AUTH_TOKEN is not set\n    at main (/app/dist/index.js:14:11)',
    },
  ],
  history: [
    ...guideStatus.history,
    event('10:21:05', 'kubectl', 'started', 'incident-20261121102000'),
    event('10:22:41', 'kubectl', 'reused', 'incident-20261121102200'),
    event('10:28:00', 'memory', 'pressure', 'The servers use 85% of their memory.'),
    event('10:28:01', 'memory', 'stopped', 'Memory was short; 96 MB are won back.'),
    event('10:31:12', 'sentry', 'failed', 'It ended with status 1.'),
    event('10:35:00', 'everything', 'stopped', 'Idle for 30 min; 40 MB are won back.'),
  ],
});

/** Over the threshold. */
export const pressureStatus: PoolStatus = pool({
  ours: 870,
  servers: guideStatus.servers,
  history: [event('10:28:00', 'postgres', 'pressure', 'The servers use 85% of their memory.')],
});

/** No engine for containers, and the server that comes with War Room goes on. */
export const noEngineStatus: PoolStatus = pool({
  ours: 61,
  engine: {
    state: 'unavailable',
    message:
      'No container engine answers: start Docker, or name another engine in DOCKER_HOST; servers that come with War Room go on as processes.',
  },
  pressure: {
    ours: { usedBytes: 61 * mebibyte, totalBytes: 1024 * mebibyte, percent: 6 },
    machine: null,
    thresholdPercent: 80,
    isOver: false,
    ageMs: null,
  },
  servers: [
    server({
      server: 'kubectl',
      runtime: 'process',
      memoryBytes: 61 * mebibyte,
      memoryLimitBytes: null,
      idleMs: 40_000,
      stopsInMs: 29 * minute,
    }),
  ],
});

function event(
  time: string,
  name: string,
  kind: PoolStatus['history'][number]['kind'],
  why: string,
): PoolStatus['history'][number] {
  return { at: at(time), server: name, name: `${name}-mcp-1795276800-1a2b`, kind, why };
}
