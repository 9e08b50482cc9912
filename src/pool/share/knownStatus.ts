import type { PoolLimits } from '../serverPoolOptions';
import type { PoolStatus } from '../status';

/** What of the settings a status shows also where no pool is. */
export type ShownLimits = Omit<PoolLimits, 'idleTimeoutMinutes'>;

/** The status where nobody is the pool. */
export function emptyStatus(limits: ShownLimits): PoolStatus {
  return {
    limit: limits.limit,
    pid: 0,
    running: 0,
    idle: 0,
    waiting: 0,
    memoryBytes: null,
    pressure: {
      ours: { usedBytes: 0, totalBytes: limits.memoryBudgetMiB * 1024 * 1024, percent: 0 },
      machine: null,
      thresholdPercent: limits.maxMemoryPercent,
      isOver: false,
      ageMs: null,
    },
    engine: { state: 'unknown', message: '' },
    servers: [],
    failed: [],
    history: [],
    imagesBytes: null,
  };
}

/** A status that was told `ms` ago, with its durations as they are now. */
export function agedStatus(status: PoolStatus, ms: number): PoolStatus {
  const { ageMs } = status.pressure;
  return {
    ...status,
    pressure: { ...status.pressure, ageMs: ageMs === null ? null : ageMs + ms },
    servers: status.servers.map((server) => ({
      ...server,
      uptimeMs: server.uptimeMs + ms,
      idleMs: server.state === 'idle' ? server.idleMs + ms : 0,
      stopsInMs: server.stopsInMs === null ? null : Math.max(0, server.stopsInMs - ms),
    })),
  };
}
