import type { Clock } from '../../base/clock';
import { WarRoomError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Engine } from '../engine/connect';
import type { ServerSpec } from '../serverSpec';
import { Bases } from './bases';
import { cleanUp } from './cleanUp';
import type { PackageFacts, PackageProgram } from './fetchedPackage';
import { ImageBuilder } from './imageBuilder';
import { ImageFolder } from './imageFolder';
import { npmFacts } from './npm/askNpm';
import { checkNamed } from './pinned';
import { pypiFacts } from './pypi';
import { ImageRecords, bytesOf, hasImage, keyOf } from './records';
import type { ServerImage, ServerImages } from './serverImage';
import { SharedWork } from './sharedWork';
import type { Tell } from './sharedWork';

export interface ImagesOptions {
  /** Folder of this person's images: records, a lock, and what is being built. */
  folder: string;
  /** The bundle of `npm/main.ts`. */
  npmScript: string;
  engine: (signal: AbortSignal) => Promise<Engine>;
  /** Read at every use. */
  settings: () => ImageSettings;
  clock: Clock;
  log: Log;
}

export interface ImageSettings {
  /** Images that packages of npm and PyPI are put on. */
  nodeImage: string;
  pythonImage: string;
  /** What all images together should take on the engine's disk at most. */
  imagesMiB: number;
  /** Limits of one container. */
  containerMemoryMiB: number;
  containerCpus: number;
}

/** The images of this person's servers. */
export interface PoolImages extends ServerImages {
  /**
   * What the registry says of a package; nothing is fetched or run, and no engine is asked. Of a tag
   * such as `latest`, or of a range, it tells the exact version.
   * @throws code `image-failed` with what to do; `cancelled`
   */
  describe(program: PackageProgram, signal: AbortSignal): Promise<PackageFacts>;
  diskUse(): Promise<{ bytes: number; limitBytes: number }>;
  /**
   * Removes what was not used for 30 days, what is beyond the limit, what was made on a base that
   * is out of date, and what a killed process left half-made.
   */
  cleanUp(signal: AbortSignal): Promise<void>;
  /** Cancels what is being built; fulfilled when nothing of it is left. */
  dispose(): Promise<void>;
}

const mebibyte = 1024 * 1024;

/** Builds, keeps and removes the images of servers. Whoever creates it disposes it. */
export function createImages(options: ImagesOptions): PoolImages {
  return new Images(options);
}

class Images implements PoolImages {
  private readonly folder: ImageFolder;
  private readonly records: ImageRecords;
  private readonly bases: Bases;
  private readonly builder: ImageBuilder;
  private readonly making = new SharedWork<ServerImage>();
  /** Records are written one after the other. */
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: ImagesOptions) {
    const { settings, npmScript, clock, log } = options;
    this.folder = new ImageFolder(options.folder);
    this.records = new ImageRecords(this.folder.records);
    this.bases = new Bases(settings, clock);
    this.builder = new ImageBuilder({
      ...{ folder: this.folder, records: this.records, bases: this.bases },
      ...{ npmScript, clock, log },
      limits: () => {
        const { containerMemoryMiB, containerCpus } = settings();
        return { memoryBytes: containerMemoryMiB * mebibyte, cpus: containerCpus };
      },
    });
  }

  async imageOf(
    spec: ServerSpec,
    signal: AbortSignal,
    tell: Tell = () => undefined,
  ): Promise<ServerImage> {
    const { program } = spec;
    if (!hasImage(program)) {
      throw new WarRoomError(
        'image-failed',
        `The ${spec.name} server is a program of this machine and not of an image; run it as a process.`,
      );
    }
    const engine = await this.options.engine(signal);
    const found =
      program.kind === 'oci' ? null : await this.builder.usable(engine, program, signal);
    if (found) return found;
    // The arguments decide how an image of others is started.
    const key = `${engine.place.address} ${keyOf(program)} ${JSON.stringify(spec.args)}`;
    return await this.making.run(key, signal, tell, async (within, tellAll) => {
      const image = await this.builder.make(engine, spec, program, within, tellAll);
      await this.clean(engine, keyOf(program), within);
      return image;
    });
  }

  started({ program }: ServerSpec, startMs: number): void {
    if (!hasImage(program)) return;
    const update = async () => {
      const record = await this.records.of(program);
      if (!record) return;
      await this.records.write({
        ...record,
        lastUsedAt: new Date(this.options.clock.now()).toISOString(),
        timesUsed: record.timesUsed + 1,
        provenStartMs: Math.round(startMs),
        notProven: null,
      });
    };
    this.writing = this.writing.then(update).catch((error: unknown) => {
      this.options.log.debug(`The use of an image could not be written down: ${String(error)}`);
    });
  }

  async describe(program: PackageProgram, signal: AbortSignal): Promise<PackageFacts> {
    checkNamed(program);
    const target = this.bases.likelyTarget(program);
    return await this.folder.withWorkFolder(async (folder) =>
      program.kind === 'npm'
        ? await npmFacts(this.options.npmScript, { program, target, folder }, signal)
        : await pypiFacts({ program, target, folder }, signal),
    );
  }

  async diskUse(): Promise<{ bytes: number; limitBytes: number }> {
    return { bytes: bytesOf(await this.records.all()), limitBytes: this.limitBytes() };
  }

  async cleanUp(signal: AbortSignal): Promise<void> {
    await this.folder.removeLeftovers();
    // Who never had an image needs no engine for this.
    if ((await this.records.all()).length === 0) return;
    await this.clean(await this.options.engine(signal), null, signal);
  }

  async dispose(): Promise<void> {
    await this.making.dispose();
    await this.writing;
  }

  private async clean(engine: Engine, keep: string | null, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.options;
    await this.folder.alone(signal, async () => {
      const stock = { engine, records: this.records, store: await this.folder.label(), log };
      const rules = { now: clock.now(), limitBytes: this.limitBytes(), keep };
      await cleanUp(stock, rules, signal);
    });
  }

  private limitBytes(): number {
    return this.options.settings().imagesMiB * mebibyte;
  }
}
