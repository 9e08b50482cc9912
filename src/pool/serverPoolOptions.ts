import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { Language } from './logTexts';
import type { RuntimeMakers } from './runtimeSet';
import type { ServerRequest } from './serverSpec';

/** What a pool works with. */
export interface ServerPoolOptions {
  clock: Clock;
  log: Log;
  runtimes: RuntimeMakers;
  /** Read at every decision, since a person may change them while servers run. */
  settings: () => PoolLimits;
  /** What should be ready before anybody asks, most wanted first; only what may be started. */
  prewarm?: () => readonly ServerRequest[];
  /** Of the log and the history. */
  language?: () => Language;
  /** How long a start may take, its image included; and the greeting after it. */
  startTimeoutMs?: number;
  greetTimeoutMs?: number;
  /** How long a server that may hang has to answer a ping. */
  pingTimeoutMs?: number;
  /** Disk that the images use, where it is known. */
  imagesBytes?: () => number | null;
}

/** The pool's part of the settings. */
export interface PoolLimits {
  /** How many servers there may be at once: starting, idle, leased and stopping. */
  limit: number;
  idleTimeoutMinutes: number;
  maxMemoryPercent: number;
  memoryBudgetMiB: number;
}
