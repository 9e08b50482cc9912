import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import Docker from 'dockerode';

import { messageOf } from '../../../src/base/errors';

const run = promisify(execFile);

/** Why no engine can be used, or null. */
export async function missingEngine(): Promise<string | null> {
  if (!process.env['DOCKER_HOST']) return 'no Docker engine: DOCKER_HOST is not set';
  try {
    await new Docker().ping();
    return null;
  } catch (error) {
    return `no Docker engine: ${messageOf(error)}`;
  }
}

/** Containers of an image that holds Node and the libraries that it needs, nothing else. */
export class TestEngine implements AsyncDisposable {
  private readonly docker = new Docker();
  private readonly containers: Docker.Container[] = [];
  private readonly image = `war-room-test/node:${process.pid}`;

  /** Imports the image; no registry is needed. */
  async prepare(folder: string): Promise<void> {
    const { stdout } = await run('ldd', [process.execPath]).catch(() => ({ stdout: '' }));
    const libraries = [...stdout.matchAll(/(\/\S+)/g)].map(([path]) => path);
    const archive = join(folder, 'node.tar');
    const files = [process.execPath, ...libraries].map((path) => path.slice(1));
    await run('tar', ['-chf', archive, '-C', '/', ...files]);
    const [repository = '', tag = ''] = this.image.split(':');
    const progress = await this.docker.importImage(createReadStream(archive), {
      repo: repository,
      tag,
    });
    await new Promise((resolve, reject) => {
      progress.on('end', resolve).on('error', reject).resume();
    });
  }

  /** Starts a container that runs a Node script. */
  async start(name: string, script: string, labels: Record<string, string>): Promise<void> {
    const container = await this.docker.createContainer({
      name,
      Image: this.image,
      Cmd: [process.execPath, '-e', script],
      Labels: labels,
      HostConfig: { NetworkMode: 'none' },
    });
    this.containers.push(container);
    await container.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const container of this.containers) await container.remove({ force: true });
    await this.docker.getImage(this.image).remove({ force: true });
  }
}
