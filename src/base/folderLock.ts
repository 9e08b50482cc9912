import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { WarRoomError } from './errors';
import { throwIfCancelled } from './deadline';
import { hasCode, isMissing } from './privateFiles';
import { isRunning, thisProcess } from './processIdentity';
import type { ProcessIdentity } from './processIdentity';

/** A lock that is held. Giving it back twice does nothing. */
export interface HeldLock extends AsyncDisposable {
  release(): Promise<void>;
}

const longestPauseMs = 50;

/**
 * Takes the lock at `path`, which holds between processes and outlives none: a lock whose owner
 * has ended is free.
 *
 * The lock is a folder with one empty file, whose name says who holds it. It comes into being in
 * one step (a folder is renamed over nothing or over an empty folder), and the file's name is used
 * once, so whoever removes the file of a dead owner can never remove that of the next one.
 *
 * @param what names the lock in the error's sentence, for example "Incident x"
 * @throws code `locked` when it is still held after `waitMs`, `cancelled`
 */
export async function lockFolder(
  path: string,
  what: string,
  waitMs: number,
  signal?: AbortSignal,
): Promise<HeldLock> {
  const token = tokenOf(await thisProcess());
  const end = performance.now() + waitMs;
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    throwIfCancelled(signal);
    if (await claim(path, token)) return heldLock(path, token);
    const owner = await livingOwner(path);
    if (!owner && (await claim(path, token))) return heldLock(path, token);
    if (performance.now() >= end) {
      throw new WarRoomError(
        'locked',
        `${what} is in use by War Room's process ${owner?.pid ?? ''}; wait until it is done, or close it.`,
      );
    }
    await sleep(pauseMs + Math.random() * pauseMs);
  }
}

/** True while a living process holds the lock at `path`. */
export async function isLocked(path: string): Promise<boolean> {
  return (await livingOwner(path)) !== undefined;
}

async function claim(path: string, token: string): Promise<boolean> {
  const offered = `${path}.${randomUUID()}`;
  await mkdir(offered, { mode: 0o700 });
  await writeFile(join(offered, token), '', { mode: 0o600 });
  try {
    await rename(offered, path);
    return true;
  } catch (error) {
    await rm(offered, { recursive: true, force: true });
    // Windows refuses to rename over a folder, also over an empty one, with EPERM.
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES')) return false;
    throw error;
  }
}

/** Who holds the lock; clears away what the dead left. */
async function livingOwner(path: string): Promise<ProcessIdentity | undefined> {
  for (const token of await tokensIn(path)) {
    const owner = ownerOf(token);
    if (owner && (await isRunning(owner))) return owner;
    await giveBack(path, token);
  }
  await removeIfEmpty(path);
  return undefined;
}

function heldLock(path: string, token: string): HeldLock {
  const release = () => giveBack(path, token);
  return { release, [Symbol.asyncDispose]: release };
}

async function giveBack(path: string, token: string): Promise<void> {
  try {
    await unlink(join(path, token));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await removeIfEmpty(path);
}

async function removeIfEmpty(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    if (!isMissing(error) && !hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM', 'EBUSY')) throw error;
  }
}

async function tokensIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function tokenOf({ pid, start }: ProcessIdentity): string {
  return `${pid}.${start}.${randomUUID()}`;
}

function ownerOf(token: string): ProcessIdentity | undefined {
  const [pid, start] = token.split('.');
  return pid && start ? { pid: Number(pid), start } : undefined;
}
