import { randomBytes } from 'node:crypto';
import { chmod, lstat, readdir, rename, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { basename, join } from 'node:path';

import { withDeadline } from '../../base/deadline';
import { WarRoomError } from '../../base/errors';
import { lockFolder } from '../../base/folderLock';
import type { HeldLock } from '../../base/folderLock';
import { hasCode, isMissing } from '../../base/privateFiles';
import type { PoolAddress } from './place';

const connectMs = 2_000;
const lockMs = 20_000;
const goodbyeMs = 1_000;

/** The socket of the pool of this process. */
export interface BoundSocket {
  /** Lets nobody connect any more, and takes its file away if it is still ours. */
  close(): Promise<void>;
}

/** The right to look for the pool and to become it, of one process at a time. */
export async function lockPool({ lock }: PoolAddress, waitMs = lockMs): Promise<HeldLock> {
  return await lockFolder(lock, 'The pool of MCP servers', waitMs);
}

/** A connection to the pool that lives; null when there is none. */
export async function connectPool({
  socket: path,
}: Pick<PoolAddress, 'socket'>): Promise<Socket | null> {
  const socket = createConnection(path);
  try {
    await withDeadline('Reaching the pool', connectMs, undefined, (signal) => {
      signal.addEventListener('abort', () => socket.destroy());
      return new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', reject);
      });
    });
    socket.removeAllListeners('error');
    return socket;
  } catch (error) {
    if (isMissing(error) || hasCode(error, 'ECONNREFUSED')) return null;
    throw error;
  }
}

/**
 * Listens at the address, which nobody else does: whoever calls it holds {@link lockPool} and was
 * refused by what is there.
 *
 * The socket is bound by a name of its own and renamed: that takes the place of a dead one in one
 * step, and Node, which removes what a socket was bound as, can never remove that of a successor.
 */
export async function bindSocket(
  address: PoolAddress,
  onConnection: (socket: Socket) => void,
): Promise<BoundSocket> {
  if (address.folder === null) {
    const server = await listen(address.socket, onConnection);
    return { close: () => Promise.resolve(void server.close()) };
  }
  await removeUnfinished(address.folder, basename(address.socket));
  const own = `${address.socket}.${randomBytes(4).toString('hex')}`;
  const server = await listen(own, onConnection);
  try {
    await chmod(own, 0o600);
    await rename(own, address.socket);
    const mark = await markOf(address.socket);
    return { close: () => close(server, mark, address) };
  } catch (error) {
    server.close();
    throw error;
  }
}

async function listen(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  // Peers are no reason for the process that is the pool to stay alive.
  const server = createServer(onConnection).unref();
  await new Promise<void>((resolve, reject) => {
    // It stays: a connection that cannot be accepted, for want of a handle say, is the peer's loss.
    server.on('error', reject);
    server.listen(path, resolve);
  });
  return server;
}

/** What is left of processes that were killed between binding and renaming. */
async function removeUnfinished(folder: string, name: string): Promise<void> {
  const left = (await readdir(folder)).filter((each) => each.startsWith(`${name}.`));
  await Promise.all(left.map((each) => rm(join(folder, each), { force: true })));
}

/** What tells a file from one that took its place; null when there is none. */
async function markOf(path: string): Promise<string | null> {
  try {
    const { ino, ctimeNs } = await lstat(path, { bigint: true });
    return `${ino}-${ctimeNs}`;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function close(server: Server, mark: string | null, address: PoolAddress): Promise<void> {
  server.close();
  try {
    const lock = await lockPool(address, goodbyeMs);
    if (mark !== null && (await markOf(address.socket)) === mark) await rm(address.socket);
    await lock.release();
  } catch (error) {
    // The file stays; whoever is the pool next takes its place.
    if (!WarRoomError.is(error, 'locked')) throw error;
  }
}
