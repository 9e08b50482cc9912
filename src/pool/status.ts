import type { RuntimeName } from './serverSpec';

/** A server of the pool is in one of these; `failed` is only a record of one that is gone. */
export type ServerState = 'starting' | 'idle' | 'leased' | 'stopping';

/** The pool at one moment. Durations in ms of monotonic time. */
export interface PoolStatus {
  limit: number;
  /** Process that is the pool. */
  pid: number;
  /** Servers that are up, idle ones included. */
  running: number;
  idle: number;
  /** Lease requests in the queue. */
  waiting: number;
  /** Of all servers whose memory is known; null when none is. */
  memoryBytes: number | null;
  pressure: Pressure;
  /** What was found of the engine for containers; `unknown` until it was first needed. */
  engine: { state: 'unknown' | 'ready' | 'unavailable'; message: string };
  /** Longest in the pool first. */
  servers: readonly ServerStatus[];
  /** The last ones that did not start or died, newest last. */
  failed: readonly FailedServer[];
  /** Starts and stops, newest last, at most 100. */
  history: readonly PoolEvent[];
  /** Disk that the images of servers use; null until it was looked at. */
  imagesBytes: number | null;
}

/** Memory against the two measures; see docs/pool.md. */
export interface Pressure {
  /** What our servers use of their budget. */
  ours: MemoryShare;
  /** What the engine's machine uses in all, cache not counted; null where it is not told. */
  machine: MemoryShare | null;
  /** From this on the oldest idle servers are stopped, in percent. */
  thresholdPercent: number;
  /** True when a measure that counts is over the threshold. */
  isOver: boolean;
  /** Age of the sample; null before the first. */
  ageMs: number | null;
}

export interface MemoryShare {
  usedBytes: number;
  totalBytes: number;
  /** 0 to 100 and more. */
  percent: number;
}

export interface ServerStatus {
  /** Unique in the pool's life. */
  id: string;
  /** Name in the catalogue. */
  server: string;
  /** The container's name, or the process'; empty before it was made. */
  name: string;
  runtime: RuntimeName;
  state: ServerState;
  pinned: boolean;
  memoryBytes: number | null;
  memoryLimitBytes: number | null;
  uptimeMs: number;
  /** 0 unless idle. */
  idleMs: number;
  /** Null unless idle and not pinned. */
  stopsInMs: number | null;
  /** Who leases it; several, since servers without state are shared. */
  holders: readonly string[];
  /** Limits that its engine does not apply, in words. */
  notApplied: readonly string[];
}

export interface FailedServer {
  server: string;
  /** ISO 8601. */
  at: string;
  message: string;
}

export interface PoolEvent {
  /** ISO 8601. */
  at: string;
  server: string;
  name: string;
  kind: 'started' | 'idle' | 'reused' | 'stopped' | 'failed' | 'pressure';
  /** Why, in one short sentence in the person's language. */
  why: string;
}
