import { settled } from '../../base/deadline';
import type { PoolStatus } from '../status';
import { emptyStatus } from './knownStatus';
import { knownSockets } from './place';
import { connectPool } from './poolSocket';
import { RemotePool } from './remotePool';

const answerMs = 2_000;

/**
 * The statuses of the pools that live, one for each container engine that is used; it neither
 * starts a pool nor becomes one.
 * @param folder folder of this person's pools
 */
export async function readStatuses(folder: string): Promise<PoolStatus[]> {
  const sockets = await knownSockets(folder);
  const statuses = await Promise.all(sockets.map((socket) => readStatus(socket)));
  return statuses.filter((status) => status !== null);
}

/** Null when nobody answers there. */
async function readStatus(socket: string): Promise<PoolStatus | null> {
  const connection = await connectPool({ socket }).catch(() => null);
  if (!connection) return null;
  // Until it has told its own, a pool has this one.
  const none = emptyStatus({ limit: 0, maxMemoryPercent: 0, memoryBudgetMiB: 0 });
  const pool = new RemotePool(connection, none);
  await settled(new Promise((resolve) => pool.onDidChange(resolve)), answerMs);
  const status = pool.status();
  await pool.dispose();
  return status.pid === none.pid ? null : status;
}
