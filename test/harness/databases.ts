import { chown, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { endGroup, runOrThrow, spawnGroup } from './process';
import { temporaryFolder } from './temporary';
import { waitFor } from './wait';

/** A server that a test started; containers reach it by the engine's gateway. */
export interface TestDatabase extends AsyncDisposable {
  port: number;
}

const password = 'war-room-test';

/** Folder of PostgreSQL's programs where Debian puts them; undefined when there are none. */
export async function postgresPrograms(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const newest = versions.sort((a, b) => Number(a) - Number(b)).at(-1);
  return newest && join('/usr/lib/postgresql', newest, 'bin');
}

/** A new PostgreSQL that takes connections from everywhere with {@link postgresUrl}. */
export async function startPostgres(): Promise<TestDatabase> {
  const programs = await postgresPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is not installed.');
  const folder = await temporaryFolder('postgres');
  const data = join(folder.path, 'data');
  // PostgreSQL does not run as root, and initdb wants to own its folder.
  const owner = await idOf('postgres');
  await mkdir(data);
  for (const path of [folder.path, data]) await chown(path, owner, owner);
  const secret = join(folder.path, 'password');
  await writeFile(secret, password);
  await chown(secret, owner, owner);
  const asOwner = (program: string, args: readonly string[]) =>
    ['-u', 'postgres', '--', join(programs, program), ...args] as const;
  const port = await freePort();
  await runOrThrow(
    'runuser',
    asOwner('initdb', ['-D', data, '-A', 'scram-sha-256', `--pwfile=${secret}`, '-N']),
    { deadlineMs: 120_000, cwd: '/' },
  );
  await writeFile(join(data, 'pg_hba.conf'), 'host all all all scram-sha-256\n');
  const options = ['-D', data, '-p', String(port), '-c', 'listen_addresses=*', '-k', data, '-F'];
  const server = spawnGroup('runuser', asOwner('postgres', options), {
    stdio: 'ignore',
    cwd: '/',
  });
  const dispose = async () => {
    await endGroup(server);
    await folder.remove();
  };
  await waitFor('PostgreSQL to answer', async () => {
    const env = { ...process.env, PGPASSWORD: password };
    const args = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-c', 'select 1'];
    await runOrThrow(join(programs, 'psql'), args, { deadlineMs: 5_000, env });
    return true;
  });
  return { port, [Symbol.asyncDispose]: dispose };
}

/** Address of a database of {@link startPostgres}, as a program on this machine reaches it. */
export function postgresUrl({ port }: TestDatabase): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
}

/** A new Redis without persistence that takes connections from everywhere. */
export async function startRedis(): Promise<TestDatabase> {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '0.0.0.0', '--protected-mode', 'no'];
  const server = spawnGroup('redis-server', [...options, '--save', ''], { stdio: 'ignore' });
  await waitFor('Redis to answer', async () => {
    const answer = await runOrThrow('redis-cli', ['-p', String(port), 'ping'], {
      deadlineMs: 5_000,
    });
    return answer.includes('PONG');
  });
  return { port, [Symbol.asyncDispose]: () => endGroup(server) };
}

async function idOf(user: string): Promise<number> {
  return Number(await runOrThrow('id', ['-u', user], { deadlineMs: 5_000 }));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
