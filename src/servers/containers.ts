import path from 'node:path';
import { tagged } from '../base/log';
import type { Host } from '../host';
import type { Engine } from '../pool/engine/connect';
import type { PoolImages } from '../pool/images/images';
import { ReaperLine } from '../pool/reaper/reaperLine';
import type { Runtime } from '../pool/runtime';
import { dataFolder, surroundings } from '../store/dataFolder';

const mebibyte = 1024 * 1024;

/** Folder of this person's images. */
export function imagesFolder(): string {
  return path.join(dataFolder(surroundings()), 'images');
}

/** The container engine, the images and the runtime on it; each is loaded when first needed. */
export class Containers {
  private connected: Promise<Engine> | undefined;
  private made: Promise<PoolImages> | undefined;
  private line: Promise<ReaperLine> | undefined;

  constructor(private readonly host: Host) {}

  /** @throws code `engine-unavailable` with what to do; it is looked for anew the next time */
  engine(signal: AbortSignal): Promise<Engine> {
    this.connected ??= import('../pool/engine/connect').then(async ({ connectEngine }) => {
      const engine = await connectEngine({}, signal);
      (await this.reaper()).guardEngine(engine.place.connection);
      return engine;
    });
    const connected = this.connected;
    connected.catch(() => {
      if (this.connected === connected) this.connected = undefined;
    });
    return connected;
  }

  /** Ends what this process has started and could not end itself. */
  reaper(): Promise<ReaperLine> {
    const script = path.join(this.host.bundles, 'reaper.js');
    this.line ??= ReaperLine.open({ script, log: tagged(this.host.log, 'reaper') });
    return this.line;
  }

  /** The images of servers, in the data folder that all windows share. */
  images(): Promise<PoolImages> {
    this.made ??= import('../pool/images/images').then(({ createImages }) =>
      createImages({
        folder: imagesFolder(),
        npmScript: path.join(this.host.bundles, 'npm.js'),
        engine: (signal) => this.engine(signal),
        settings: () => this.host.settings().pool,
        clock: this.host.clock,
        log: tagged(this.host.log, 'images'),
      }),
    );
    return this.made;
  }

  async runtime(): Promise<Runtime> {
    const [{ dockerRuntime }, images, { owner }] = await Promise.all([
      import('../pool/runtimes/docker/dockerRuntime'),
      this.images(),
      this.reaper(),
    ]);
    const { containerMemoryMiB, containerCpus, network } = this.host.settings().pool;
    return dockerRuntime({
      connect: (signal) => this.engine(signal),
      images,
      owner,
      limits: { memoryBytes: containerMemoryMiB * mebibyte, cpus: containerCpus },
      network,
      log: tagged(this.host.log, 'docker'),
    });
  }

  async close(): Promise<void> {
    await (await this.made?.catch(() => undefined))?.dispose();
    (await this.line?.catch(() => undefined))?.dispose();
  }
}
