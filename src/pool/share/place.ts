import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, chmod, readdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { WarRoomError } from '../../base/errors';
import { isMissing, makePrivateFolder } from '../../base/privateFiles';
import { pidNamespace, thisMachine } from '../ownership/machine';
import { protocolMark } from './protocol';

/** What decides who shares a pool; the person and the machine are added. */
export interface PoolPlace {
  /** Folder of this person's pools, absolute. */
  folder: string;
  /** Tells the container engine apart from others, for example its address. */
  engineKey: string;
}

/** Where a pool is found. */
export interface PoolAddress {
  /** Path of the unix socket, or name of the pipe on Windows. */
  socket: string;
  /** Folder that holds the socket; null on Windows, where pipes are in none. */
  folder: string | null;
  /** Lock of those who want to be the pool. */
  lock: string;
}

/** Longest path of a unix socket on every system, and what {@link bindSocket} adds to it. */
const longestPath = 103 - '.01234567'.length;
const suffix = '.sock';
const pipes = '//./pipe/';
/** Windows and commands that speak another protocol have a pool of their own. */
const prefix = () => `pool-${protocolMark()}-`;

/**
 * The address of the pool of a place. Its folder is made; only this person can enter it.
 * @throws code `internal` when the folder belongs to someone else
 */
export async function poolAddress({ folder, engineKey }: PoolPlace): Promise<PoolAddress> {
  const machine = await thisMachine();
  // A folder may be seen from several machines and containers, a socket is of one.
  const name = prefix() + digest([machine, await pidNamespace(), engineKey]);
  await makeOwnFolder(folder);
  const lock = join(folder, `${name}.lock`);
  if (process.platform === 'win32') {
    return { socket: `${pipes}${pipePrefix(machine, folder)}${name}`, folder: null, lock };
  }
  const sockets = socketFolder(folder);
  await makeOwnFolder(sockets);
  return { socket: join(sockets, name + suffix), folder: sockets, lock };
}

/** The sockets of all pools of a folder, also of those that are gone. */
export async function knownSockets(folder: string): Promise<string[]> {
  if (process.platform === 'win32') {
    const start = pipePrefix(await thisMachine(), folder) + prefix();
    return (await namesIn(pipes)).filter((name) => name.startsWith(start)).map((n) => pipes + n);
  }
  const sockets = socketFolder(folder);
  const names = await namesIn(sockets);
  const start = prefix();
  return names
    .filter((name) => name.startsWith(start) && name.endsWith(suffix))
    .map((name) => join(sockets, name));
}

/** The folder itself, or a short one where a socket's path would be too long for the system. */
function socketFolder(folder: string): string {
  const longest = join(folder, `${prefix()}${digest([])}${suffix}`);
  if (Buffer.byteLength(longest) <= longestPath) return folder;
  const { uid } = userInfo();
  const runtime = `/run/user/${uid}`;
  // Not what XDG_RUNTIME_DIR says, which some of this person's processes have and others have not.
  const parent = existsSync(runtime) ? runtime : tmpdir();
  return join(parent, `war-room-${uid}-${digest([folder])}`);
}

function pipePrefix(machine: string, folder: string): string {
  return `war-room-${digest([machine, folder])}-`;
}

/** Makes a folder that only this person can enter, wherever it lies. */
async function makeOwnFolder(path: string): Promise<void> {
  await makePrivateFolder(path);
  if (process.platform === 'win32') return;
  const { mode, uid } = await lstat(path);
  if (uid !== userInfo().uid) {
    throw new WarRoomError('internal', `The folder ${path} belongs to another user: remove it.`);
  }
  if ((mode & 0o077) !== 0) await chmod(path, 0o700);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function digest(facts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}
