import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';

import { lockFolder } from '../../base/folderLock';
import { isMissing, makePrivateFolder } from '../../base/privateFiles';
import { isRunning, thisProcess } from '../../base/processIdentity';
import { thisMachine } from '../ownership/machine';

/** How long another process may build before its lock is given up on. */
const lockMs = 20 * 60_000;

/** Folder of one person's images, which all windows and commands share. */
export class ImageFolder {
  readonly records: string;
  private readonly work: string;

  /** @param folder need not exist */
  constructor(private readonly folder: string) {
    this.records = path.join(folder, 'records');
    this.work = path.join(folder, 'work');
  }

  /** Runs while no other process of this person builds or removes images. */
  async alone<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await makePrivateFolder(this.folder);
    const lock = path.join(this.folder, 'lock');
    const held = await lockFolder(lock, 'The folder of images', lockMs, signal);
    try {
      return await work();
    } finally {
      await held.release();
    }
  }

  /** Runs with an empty folder, which is removed afterwards. */
  async withWorkFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const { pid, start } = await thisProcess();
    await makePrivateFolder(this.work);
    // npm takes a folder over a link for a link to a package.
    const parent = await realpath(this.work);
    const folder = path.join(parent, `${pid}.${start}.${randomBytes(4).toString('hex')}`);
    await mkdir(folder, { mode: 0o700 });
    try {
      return await work(folder);
    } finally {
      await remove(folder);
    }
  }

  /** Removes what processes that have ended left behind. */
  async removeLeftovers(): Promise<void> {
    const names = await readdir(this.work).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const name of names) {
      const [pid, start] = name.split('.');
      const isUsed = pid && start && (await isRunning({ pid: Number(pid), start }));
      if (!isUsed) await remove(path.join(this.work, name));
    }
  }

  /** Tells images of this folder from those of others on the same engine. */
  async label(): Promise<string> {
    // Over a link or not, it is the same folder.
    await makePrivateFolder(this.folder);
    const text = `${await thisMachine()} ${await realpath(this.folder)}`;
    return createHash('sha256').update(text).digest('hex').slice(0, 16);
  }
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
