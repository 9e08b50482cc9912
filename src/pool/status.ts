/** A server of the pool is in one of these; `failed` is only a record of one that is gone. */
export type ServerState = 'starting' | 'idle' | 'leased' | 'stopping';

/** The pool at one moment. Durations in ms of monotonic time. */
export interface PoolStatus {
  limit: number;
  /** Servers that are up, idle ones included. */
  running: number;
  idle: number;
  /** Lease requests in the queue. */
  waiting: number;
  /** Of all servers whose memory is known; null when none is. */
  memoryBytes: number | null;
  /** Longest in the pool first. */
  servers: readonly ServerStatus[];
  /** The last ones that did not start or died, newest last. */
  failed: readonly FailedServer[];
}

export interface ServerStatus {
  server: string;
  state: ServerState;
  pid: number | null;
  memoryBytes: number | null;
  uptimeMs: number;
  /** 0 unless idle. */
  idleMs: number;
  /** Null unless idle. */
  stopsInMs: number | null;
  /** Who leases it; several, since servers without state are shared. */
  holders: readonly string[];
}

export interface FailedServer {
  server: string;
  /** ISO 8601. */
  at: string;
  message: string;
}
