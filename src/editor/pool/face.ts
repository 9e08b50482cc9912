import type { DisposableLike } from '../../base/disposables';
import type { Event } from '../../base/emitter';
import type { PoolStatus } from '../../pool/status';

/** What the pool's views need of War Room. A server is meant by the `id` of its status. */
export interface PoolFace {
  /** Null while this window has had no pool. */
  poolStatus(): PoolStatus | null;
  readonly onDidChangePool: Event<void>;
  /** While it is held, memory is sampled every few seconds. */
  watchPool(): DisposableLike;
  /** At once if it is idle, else when its last lease ends. */
  stopServer(id: string): void;
  restartServer(id: string): void;
  pinServer(id: string, pinned: boolean): void;
  /** The last lines of its standard error. */
  serverLines(id: string): Promise<readonly string[]>;
  /** What its runtime knows of it. @throws code `not-found` */
  inspectServer(id: string): Promise<unknown>;
}
