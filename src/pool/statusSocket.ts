import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import path from 'node:path';
import type { DisposableLike } from '../base/disposables';
import type { PoolStatus } from './status';

const answerDeadlineMs = 1_000;
const suffix = '.sock';

/**
 * Tells other commands of the same person what this process' pool holds: whoever connects to
 * `<folder>/<pid>.sock` gets the status as one JSON object.
 */
export async function announceStatus(
  folder: string,
  status: () => PoolStatus,
): Promise<DisposableLike> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const address = path.join(folder, `${process.pid}${suffix}`);
  await rm(address, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(JSON.stringify(status()));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  await chmod(address, 0o600);
  // Being asked is no reason to stay alive.
  server.unref();
  return { dispose: () => server.close() };
}

/** The statuses of all pools that live, by process id. What a dead process left is removed. */
export async function announcedStatuses(folder: string): Promise<Map<number, PoolStatus>> {
  const names = await readdir(folder).catch(() => []);
  const statuses = new Map<number, PoolStatus>();
  for (const name of names.filter((each) => each.endsWith(suffix))) {
    const address = path.join(folder, name);
    const status = await ask(address);
    if (status) statuses.set(Number(name.slice(0, -suffix.length)), status);
    else await rm(address, { force: true });
  }
  return statuses;
}

function ask(address: string): Promise<PoolStatus | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = createConnection(address);
    const end = (status?: PoolStatus) => {
      socket.destroy();
      resolve(status);
    };
    socket.setTimeout(answerDeadlineMs, () => end());
    socket.on('error', () => end());
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => {
      try {
        end(JSON.parse(Buffer.concat(chunks).toString('utf8')) as PoolStatus);
      } catch {
        end();
      }
    });
  });
}
