import type { Clock } from '../../base/clock';
import { WarRoomError, messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Engine } from '../engine/connect';
import type { ServerSpec } from '../serverSpec';
import { Bases } from './bases';
import { cleanUp } from './cleanUp';
import type { PackageFacts, PackageProgram } from './fetchedPackage';
import { ImageBuilder } from './imageBuilder';
import { ImageFolder } from './imageFolder';
import { ImagesAhead } from './imagesAhead';
import { npmFacts } from './npm/askNpm';
import { checkNamed } from './pinned';
import { pypiFacts } from './pypi';
import { ImageRecords, hasImage, keyOf } from './records';
import type { ImageProgram, ImageRecord, Tier } from './records';
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
  /** How far a program has come on this machine, whether its engine is up or not. */
  tierOf(program: ImageProgram): Promise<Tier>;
  /**
   * The images of these count as used, and are made ahead when nothing else is to be done.
   * @param servers most used first; only what may run without a question
   */
  keep(servers: readonly ServerSpec[]): void;
  /**
   * Removes what was not used for 30 days, what is beyond the limit, what was made on a base that
   * is out of date, and what a killed process left half-made.
   */
  cleanUp(signal: AbortSignal): Promise<void>;
  /** Cancels what is being built; fulfilled when nothing of it is left. */
  dispose(): Promise<void>;
}

const mebibyte = 1024 * 1024;
/** What is asked for again within it need not be written down again. */
const sameUseMs = 24 * 60 * 60_000;

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
  private readonly ahead: ImagesAhead;
  /** Ids of the images whose notice was logged. */
  private readonly noticed = new Set<string>();
  /** Records are written one after the other. */
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: ImagesOptions) {
    const { settings, npmScript, clock, log } = options;
    this.folder = new ImageFolder(options.folder);
    this.records = new ImageRecords(this.folder.records);
    this.bases = new Bases(settings, clock);
    this.ahead = new ImagesAhead({
      ...{ clock, log },
      imageOf: (...asked) => this.imageOf(...asked),
      tierOf: (program) => this.tierOf(program),
    });
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
    const image = found ?? (await this.made(engine, spec, program, signal, tell));
    // Another process that cleans up must not take what is about to be started.
    await this.wanted(program);
    this.notice(spec, image);
    return image;
  }

  private async made(
    engine: Engine,
    spec: ServerSpec,
    program: ImageProgram,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<ServerImage> {
    // The arguments decide how an image of others is started; one checksum is not another's result.
    const checksum = 'integrity' in program ? program.integrity : null;
    const wanted = JSON.stringify([checksum, spec.args]);
    const key = `${engine.place.address} ${keyOf(program)} ${wanted}`;
    return await this.making.run(key, signal, tell, async (within, tellAll) => {
      const logOnce = once(() =>
        this.options.log.info(`There is no image of ${spec.name} here, so it is made first.`),
      );
      const image = await this.builder.make(engine, spec, program, within, (sentence) => {
        logOnce();
        tellAll(sentence);
      });
      await this.clean(engine, keyOf(program), within).catch((error: unknown) => {
        // What was asked for is there.
        this.options.log.warn(`Images of no use were not removed: ${messageOf(error)}`);
      });
      return image;
    });
  }

  started({ program }: ServerSpec, startMs: number): void {
    if (!hasImage(program)) return;
    void this.change(program, (record, now) => ({
      ...record,
      lastUsedAt: now.toISOString(),
      timesUsed: record.timesUsed + 1,
      provenStartMs: Math.round(startMs),
      notProven: null,
    }));
  }

  async tierOf(program: ImageProgram): Promise<Tier> {
    return await this.records.tierOf(program);
  }

  keep(servers: readonly ServerSpec[]): void {
    this.ahead.keep(servers);
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

  async cleanUp(signal: AbortSignal): Promise<void> {
    await this.folder.removeLeftovers();
    // Who never had an image needs no engine for this.
    if ((await this.records.all()).length === 0) return;
    await this.clean(await this.options.engine(signal), null, signal);
  }

  async dispose(): Promise<void> {
    this.ahead.dispose();
    await this.making.dispose();
    await this.writing;
  }

  private async wanted(program: ImageProgram): Promise<void> {
    await this.change(program, (record, now) =>
      now.getTime() - Date.parse(record.lastUsedAt) < sameUseMs
        ? record
        : { ...record, lastUsedAt: now.toISOString() },
    );
  }

  /** Fulfilled when it was written, or logged why not. */
  private change(
    program: ImageProgram,
    change: (record: ImageRecord, now: Date) => ImageRecord,
  ): Promise<void> {
    const update = async () => {
      const record = await this.records.of(program);
      const changed = record && change(record, new Date(this.options.clock.now()));
      if (changed && changed !== record) await this.records.write(changed);
    };
    this.writing = this.writing.then(update).catch((error: unknown) => {
      this.options.log.debug(`The use of an image could not be written down: ${String(error)}`);
    });
    return this.writing;
  }

  /** Says once what a person should know of an image. */
  private notice({ name }: ServerSpec, { id, notice }: ServerImage): void {
    if (notice === null || this.noticed.has(id)) return;
    this.noticed.add(id);
    this.options.log.info(`The image of ${name}: ${notice}`);
  }

  private async clean(engine: Engine, keep: string | null, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.options;
    await this.folder.alone(signal, async () => {
      const stock = { engine, records: this.records, store: await this.folder.label(), log };
      const limitBytes = this.options.settings().imagesMiB * mebibyte;
      const rules = { now: clock.now(), limitBytes, keep };
      await cleanUp(stock, rules, signal);
    });
  }
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
