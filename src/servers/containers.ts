import path from 'node:path';
import { tagged } from '../base/log';
import { MadeOnce } from '../base/madeOnce';
import type { Host } from '../host';
import type { Engine } from '../pool/engine/connect';
import type { PoolImages } from '../pool/images/images';
import { ReaperLine } from '../pool/reaper/reaperLine';
import type { Runtime } from '../pool/runtime';
import { dataFolder, surroundings } from '../store/dataFolder';

const mebibyte = 1024 * 1024;
const connectMs = 30_000;

/** Folder of this person's images. */
export function imagesFolder(): string {
  return path.join(dataFolder(surroundings()), 'images');
}

/** The container engine, the images and the runtime on it; each is loaded when first needed. */
export class Containers {
  private readonly life = new AbortController();
  private readonly connected = new MadeOnce({
    what: 'Connecting the container engine',
    deadlineMs: connectMs,
    life: this.life.signal,
    make: (signal) => this.connect(signal),
  });
  private made: Promise<PoolImages> | undefined;
  private line: Promise<ReaperLine> | undefined;

  constructor(private readonly host: Host) {}

  /**
   * Found once for all who ask; after a failure it is looked for anew.
   * @throws code `engine-unavailable` with what to do, `deadline`, `cancelled`
   */
  engine(signal: AbortSignal): Promise<Engine> {
    return this.connected.get(signal);
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
    this.life.abort();
    await (await this.made?.catch(() => undefined))?.dispose();
    (await this.line?.catch(() => undefined))?.dispose();
  }

  private async connect(signal: AbortSignal): Promise<Engine> {
    const { connectEngine } = await import('../pool/engine/connect');
    const engine = await connectEngine({}, signal);
    (await this.reaper()).guardEngine(engine.place.connection);
    return engine;
  }
}
