import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { connectEngine } from '../../src/pool/engine/connect';
import type { Engine } from '../../src/pool/engine/connect';
import { runCommand, runOrThrow, spawnGroup } from './process';
import { temporaryFolder } from './temporary';
import type { TemporaryFolder } from './temporary';
import { waitFor } from './wait';

/** Why no private engine can be started here, or null. */
export function missingDockerd(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return 'a private Docker engine needs root on Linux';
  }
  return dockerd() === null ? 'dockerd is not installed' : null;
}

/** Connects an engine whose address is told, for example that of a test of its own. */
export async function engineAt(host: string): Promise<Engine> {
  return await connectEngine({ environment: { DOCKER_HOST: host } }, AbortSignal.timeout(20_000));
}

/**
 * A Docker engine of its own, that a test may stop, kill and start again: its containers, images
 * and networks are nobody else's. It has a network namespace of its own too, so its containers reach
 * nothing outside.
 */
export class PrivateEngine implements AsyncDisposable {
  /** For `DOCKER_HOST`. */
  readonly host: string;
  private daemon: ChildProcess | null = null;

  private constructor(private readonly folder: TemporaryFolder) {
    this.host = `unix://${join(folder.path, 'docker.sock')}`;
  }

  /** @param diskMiB size of the disk that its images and containers are on, in memory */
  static async start({ diskMiB }: { diskMiB?: number } = {}): Promise<PrivateEngine> {
    const engine = new PrivateEngine(await temporaryFolder('engine'));
    await mkdir(engine.data);
    if (diskMiB !== undefined) {
      const options = `size=${diskMiB}m,mode=0710`;
      await runOrThrow('mount', ['-t', 'tmpfs', '-o', options, 'war-room-engine', engine.data], {
        deadlineMs: 5_000,
      });
    }
    await engine.start();
    return engine;
  }

  /** Folder of its images and containers. */
  get data(): string {
    return join(this.folder.path, 'data');
  }

  /** Starts it, or starts it again; fulfilled when it answers. */
  async start(): Promise<void> {
    const { path } = this.folder;
    const log = await open(join(path, 'log'), 'a');
    const args = [
      ...['--data-root', this.data, '--exec-root', join(path, 'exec')],
      ...['-H', this.host, '-p', join(path, 'pid')],
    ];
    const script = 'ip link set lo up && exec "$@"';
    // Two engines in one network namespace take each other's bridges and firewall rules away.
    const command = ['--net', 'sh', '-c', script, 'sh', dockerd() ?? 'dockerd', ...args];
    const daemon = spawnGroup('unshare', command, {
      stdio: ['ignore', log.fd, log.fd],
      env: withSystemPrograms(),
    });
    await log.close();
    this.daemon = daemon;
    await waitFor(
      'the private engine to answer',
      async () => {
        if (daemon.exitCode !== null) throw new Error(await lastLines(join(path, 'log')));
        return await engineAt(this.host);
      },
      // It first ends what it finds running, and waits 10 s for those that do not listen.
      { deadlineMs: 60_000 },
    );
  }

  /** Asks it to end, as a machine that shuts down does; its containers end before. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends it at once; its containers run on until it is started again. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
    // Its containerd ends with it, and is taken for alive while nobody has waited for it.
    await rm(join(this.folder.path, 'exec', 'containerd', 'containerd.pid'), { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Only an engine that runs can take its containers away.
    if (this.daemon === null) await this.start();
    const { client } = await engineAt(this.host);
    for (const { Id } of await client.listContainers({ all: true })) {
      await client
        .getContainer(Id)
        .remove({ force: true })
        .catch(() => undefined);
    }
    await this.stop();
    await unmountAll(this.folder.path);
    await this.folder.remove();
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { daemon } = this;
    if (daemon?.pid === undefined) return;
    process.kill(daemon.pid, signal);
    await waitFor(
      'the private engine to end',
      () => daemon.exitCode !== null || daemon.signalCode !== null,
    );
    this.daemon = null;
  }
}

function withSystemPrograms(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
}

function dockerd(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'dockerd')).find((path) => existsSync(path)) ?? null;
}

/** What an engine that was killed has left mounted, the deepest first. */
async function unmountAll(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/mounts', 'utf8'))
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
    .filter((path) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length);
  for (const path of mounts) await runCommand('umount', ['-l', path], { deadlineMs: 5_000 });
  if (mounts.length > 0) await sleep(100);
}

async function lastLines(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).split('\n').slice(-10).join('\n');
}
