import type { Clock } from '../../base/clock';
import { WarRoomError } from '../../base/errors';
import type { Log } from '../../base/log';
import { hasCode } from '../../base/privateFiles';
import type { Engine } from '../engine/connect';
import { newOwner, ownerText } from '../ownership/owner';
import type { ContainerLimits } from '../runtimes/docker/containerOptions';
import type { ServerSpec } from '../serverSpec';
import type { Base } from './base';
import { languageOf } from './bases';
import type { Bases } from './bases';
import { buildServerImage } from './buildServerImage';
import type { BuiltImage } from './buildServerImage';
import { removeUnknown } from './cleanUp';
import { findImage, layersAbove } from './engineImages';
import type { FetchedPackage, PackageProgram, Target } from './fetchedPackage';
import type { ImageFolder } from './imageFolder';
import { fetchNpm } from './npm/askNpm';
import { ociImage } from './ociImage';
import { checkPinned, isIntegrity } from './pinned';
import { fetchPypi } from './pypi';
import { keyOf, newRecord } from './records';
import type { ImageProgram, ImageRecord, ImageRecords } from './records';
import type { ServerImage } from './serverImage';
import type { Tell } from './sharedWork';

export interface BuilderOptions {
  folder: ImageFolder;
  records: ImageRecords;
  bases: Bases;
  /** The bundle of `npm/main.ts`. */
  npmScript: string;
  limits: () => ContainerLimits;
  clock: Clock;
  log: Log;
}

/** Makes the images that are not there, and keeps record of them. */
export class ImageBuilder {
  constructor(private readonly options: BuilderOptions) {}

  /** The image of the record, if it is what is asked for and still there; null when it is not. */
  async usable(
    engine: Engine,
    program: PackageProgram,
    signal: AbortSignal,
  ): Promise<ServerImage | null> {
    const record = await this.options.records.of(program);
    if (!record?.image || !isIntegrity(program.integrity, record.integrity)) return null;
    const { image } = record;
    if (image.base?.setting !== this.options.bases.setting(languageOf(program))) return null;
    return (await findImage(engine, image.id, signal)) ? image : null;
  }

  /** @throws code `image-failed` with what to do; `engine-unavailable`, `cancelled` */
  async make(
    engine: Engine,
    spec: ServerSpec,
    program: ImageProgram,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<ServerImage> {
    try {
      return program.kind === 'oci'
        ? await this.pull(engine, spec, program, signal, tell)
        : await this.build(engine, spec, program, signal, tell);
    } catch (error) {
      throw onThisDisk(error);
    }
  }

  private async pull(
    engine: Engine,
    spec: ServerSpec,
    program: Extract<ImageProgram, { kind: 'oci' }>,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<ServerImage> {
    const { records, clock } = this.options;
    const image = await ociImage(engine, program.image, spec, signal, tell);
    const record = await records.of(program);
    if (record?.image?.id !== image.id) {
      const isOurs = image.isOurs || record?.image?.isOurs === true;
      await records.write({
        ...newRecord(program, new Date(clock.now())),
        image: { ...image, isOurs },
      });
    }
    return image;
  }

  private async build(
    engine: Engine,
    spec: ServerSpec,
    asked: PackageProgram,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<ServerImage> {
    checkPinned(asked);
    const { folder, records, bases } = this.options;
    const before = await records.of(asked);
    // What was run here once must be the same when it is fetched again.
    const program = { ...asked, integrity: asked.integrity ?? before?.integrity ?? null };
    const language = languageOf(program);
    const base = await folder.alone(signal, () => bases.base(engine, language, signal, tell));
    return await folder.withWorkFolder(async (workFolder) => {
      tell(`Fetching ${program.package} ${program.version}`);
      const fetched = await this.fetch(program, base.facts.target, workFolder, signal);
      return await folder.alone(signal, async () => {
        const found = await this.usable(engine, program, signal);
        if (found) return found;
        const put = { spec, program, base, fetched, workFolder };
        return await this.put(engine, put, before, signal, tell);
      });
    });
  }

  private async fetch(
    program: PackageProgram,
    target: Target,
    folder: string,
    signal: AbortSignal,
  ): Promise<FetchedPackage> {
    return program.kind === 'npm'
      ? await fetchNpm(this.options.npmScript, { program, target, folder }, signal)
      : await fetchPypi({ program, target, folder }, signal);
  }

  /** Puts what was fetched on the engine; nothing of it is left there when it fails. */
  private async put(
    engine: Engine,
    { spec, program, base, fetched, workFolder }: PutPlan,
    before: ImageRecord | undefined,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<ServerImage> {
    const { folder, records, limits, clock, log } = this.options;
    const store = await folder.label();
    const plan = { spec, base, fetched, store, folder: workFolder, limits: limits() };
    const tag = tagOf(program, store);
    const owner = ownerText(await newOwner());
    try {
      const built = await buildServerImage(engine, { ...plan, tag, owner }, signal, tell);
      const { image, proof } = built;
      const { id, setting, machine } = base;
      const layers = await layersAbove(engine, image.id, base.id, signal);
      await records.write({
        ...newRecord(program, new Date(clock.now())),
        ...factsOf(fetched),
        ...proven(proof),
        timesUsed: before?.timesUsed ?? 0,
        lastBase: before?.image?.base?.machine ?? before?.lastBase,
        image: { ...image, base: { id, setting, machine }, layers, isOurs: true },
      });
      log.info(`Built the image ${tag}. ${inWords(proof)}`);
      return image;
    } finally {
      // Also of an image that this one takes the place of.
      const untilDone = signal.aborted ? AbortSignal.timeout(cleaningMs) : signal;
      await removeUnknown({ engine, records, store }, untilDone).catch((error: unknown) =>
        log.debug(`What was left of an image could not be removed: ${String(error)}`),
      );
    }
  }
}

const cleaningMs = 30_000;

interface PutPlan {
  spec: ServerSpec;
  program: PackageProgram;
  base: Base;
  fetched: FetchedPackage;
  workFolder: string;
}

function factsOf({ integrity, treeHash, publisher, packages }: FetchedPackage) {
  return { integrity, treeHash, publisher, packages };
}

function proven(
  proof: BuiltImage['proof'],
): Pick<ImageRecord, 'tools' | 'provenStartMs' | 'notProven'> {
  return 'failed' in proof
    ? { tools: null, provenStartMs: null, notProven: proof.failed }
    : { tools: proof.tools, provenStartMs: proof.startMs, notProven: null };
}

function inWords(proof: BuiltImage['proof']): string {
  return 'failed' in proof
    ? `It does not start without values: ${proof.failed}`
    : `It starts in ${proof.startMs} ms and lists ${proof.tools.length} tools.`;
}

/** A name that `docker images` shows, and that is nobody else's. */
function tagOf(program: PackageProgram, store: string): string {
  const name = program.package
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const version = program.version.replace(/[^\w.-]/g, '_').slice(0, 80);
  return `war-room/${name}:${version}-${keyOf(program).slice(0, 6)}${store.slice(0, 6)}`;
}

/** A full disk of this machine; that of the engine is told by the engine. */
function onThisDisk(error: unknown): unknown {
  if (!hasCode(error, 'ENOSPC', 'EDQUOT')) return error;
  return new WarRoomError(
    'image-failed',
    "No space is left on this machine's disk, so no image was made, and nothing of it was left; make room and try again.",
    { cause: error },
  );
}
