import path from 'node:path';
import { WarRoomError } from '../base/errors';
import type { Catalogue } from '../catalog/catalogue';
import type { Program } from '../incident/program';
import type { CatalogueEntry } from '../catalog/entry';
import { specOf, startRequest } from '../catalog/request';
import type { Holder } from '../diagnosis/ports';
import type { Host } from '../host';
import type { LeaveRequest } from '../incident/leave';
import { bundledSpecs, declaredEnvironment } from '../pool/catalogue';
import { variablesOfFiles } from '../pool/handedFiles';
import type { PoolImages } from '../pool/images/images';
import { leaveRequest } from '../pool/leave';
import type { RuntimeName, ServerRequest, ServerSpec } from '../pool/serverSpec';
import {
  adHocEntry,
  entryOfProgram,
  programNamed,
  requireDeclared,
  type AdHocOptions,
} from './adHoc';
import {
  givenValues,
  onlyInContainers,
  serverValues,
  variableTexts,
  writtenTexts,
  type GivenValues,
  type ServerValues,
  type ValueSources,
} from './values';

/** A server as it would be started, and as a person is asked about it. */
export interface Prepared {
  request: ServerRequest;
  /** Null for what comes with War Room. */
  leave: LeaveRequest | null;
}

/** What a person says of a server that it names. */
export interface NamedOptions {
  runtime: ServerRequest['runtime'];
  /** Of a server that the catalogue does not know; one that it knows gets what it declares. */
  adHoc: AdHocOptions;
}

/** Turns the name of a server into what the pool starts: its program, values, files and runtime. */
export class Preparation {
  constructor(
    private readonly host: Host,
    /** Which packages there are; nothing of them is fetched or run here. */
    private readonly registries: { images(): Promise<Pick<PoolImages, 'describe'>> },
    private readonly catalogue: Pick<Catalogue, 'get' | 'list' | 'ownValues'>,
  ) {}

  /**
   * What the pool would be asked for, and what a person would be asked before. Nothing is started.
   * @throws code `server-unknown`, `image-failed`, `engine-unavailable`, `not-found` for a value that
   * cannot be had, `wrong-usage` for what names no server, and for what cannot be given to it there
   */
  async prepare(
    name: string,
    holder: Holder,
    { runtime: wanted = 'auto', why = '', adHoc }: Partial<NamedOptions> & { why?: string },
    signal: AbortSignal,
  ): Promise<Prepared> {
    const bundled = this.bundled().find((spec) => spec.name === name);
    if (bundled) {
      if (wanted !== 'auto' && wanted !== 'process') throw processOnly(name);
      requireDeclared(bundled, adHoc);
      const around = { ...this.host.environment(), ...(await this.personal(bundled)) };
      const environment = declaredEnvironment(bundled, around);
      const request = { spec: bundled, environment, place: null, runtime: wanted };
      return { request, leave: null };
    }
    const entry = await this.entryNamed(name, adHoc, signal);
    const sources = await this.sources(entry);
    const given = givenValues(sources);
    const runtime = this.runtimeFor(entry, wanted);
    requireHandOver(entry, runtime, given);
    const values = await serverValues(entry, given, holder.context, signal);
    const names = [...Object.keys(values.environment), ...Object.keys(values.files)];
    const written = writtenTexts(entry, sources);
    return {
      request: requestOf(entry, values, holder, runtime),
      leave: leaveRequest(specOf(entry), runtime, {
        publisher: entry.publisher,
        environment: variableTexts(entry, names, written),
        written,
        minted: values.minted,
        why,
        base: this.baseOf(entry.program),
      }),
    };
  }

  /** A server of the catalogue, or a package that is looked up; nothing of it is run. */
  private async entryNamed(
    name: string,
    adHoc: AdHocOptions | undefined,
    signal: AbortSignal,
  ): Promise<CatalogueEntry> {
    const named = await this.catalogue.get(name, signal);
    if (named) return await this.known(named, adHoc, signal);
    if (!adHoc) throw unknownServer(name);
    const program = programNamed(name);
    const { entries } = await this.catalogue.list(signal);
    const same = entryOfProgram(entries, program);
    if (same) return await this.known(same, adHoc, signal);
    const { publisher, ...found } = await this.pinned(program, signal);
    return adHocEntry(found.program, publisher, adHoc);
  }

  /** The person's own list may name a version such as `latest`: what is asked about is an exact one. */
  private async known(
    entry: CatalogueEntry,
    adHoc: AdHocOptions | undefined,
    signal: AbortSignal,
  ): Promise<CatalogueEntry> {
    const { program } = entry;
    requireDeclared(specOf(entry), adHoc);
    if (!('integrity' in program) || program.integrity !== null) return entry;
    const { publisher, ...found } = await this.pinned(program, signal);
    return { ...entry, program: found.program, publisher: entry.publisher || (publisher ?? '') };
  }

  /**
   * A program with the checksum that its registry tells; nothing of it is run.
   * @throws code `image-failed` where it cannot run in a container
   */
  private async pinned(
    program: Program,
    signal: AbortSignal,
  ): Promise<{ program: Program; publisher: string | null }> {
    if (!('package' in program)) return { program, publisher: null };
    const images = await this.registries.images();
    const { version, integrity, publisher, needsBuild } = await images.describe(program, signal);
    if (needsBuild.length > 0) {
      throw new WarRoomError(
        'image-failed',
        `${program.package} needs a build: ${needsBuild.join(', ')} would have to run scripts when installed, which War Room does not do.`,
      );
    }
    return { program: { ...program, version, integrity }, publisher };
  }

  /** @throws code `engine-unavailable` where the setting allows no containers */
  private runtimeFor(
    { name, program }: CatalogueEntry,
    wanted: ServerRequest['runtime'],
  ): RuntimeName {
    if (wanted !== 'auto') return wanted;
    if (program.kind === 'command') return 'process';
    if (this.host.settings().pool.runtime !== 'process') return 'docker';
    throw new WarRoomError(
      'engine-unavailable',
      `${name} runs in a container, and warRoom.pool.runtime allows processes only: set it to auto to have it asked.`,
    );
  }

  /** The image that packages are put on; null for what is none. */
  private baseOf({ kind }: Program): string | null {
    const { nodeImage, pythonImage } = this.host.settings().pool;
    if (kind === 'npm') return nodeImage;
    return kind === 'pypi' ? pythonImage : null;
  }

  /** What the person gave to one of our own servers counts for all: they are one, told apart by tools. */
  private async personal({ name, environment }: ServerSpec): Promise<GivenValues> {
    const names = this.bundled().map((spec) => spec.name);
    const given = await Promise.all(
      [...names.filter((each) => each !== name), name].map((each) =>
        this.host.credentials(each, environment),
      ),
    );
    return Object.assign({}, ...given) as GivenValues;
  }

  private bundled(): readonly ServerSpec[] {
    return bundledSpecs(path.join(this.host.bundles, 'servers'));
  }

  /** What the person gave for a server here, in `mcp.json`, or in the environment. */
  async given(entry: CatalogueEntry): Promise<GivenValues> {
    return givenValues(await this.sources(entry));
  }

  private async sources({ name, environment }: CatalogueEntry): Promise<ValueSources> {
    const names = environment.map((each) => each.name);
    return {
      around: this.host.environment(),
      written: this.catalogue.ownValues(name),
      personal: await this.host.credentials(name, names),
    };
  }
}

function requestOf(
  entry: CatalogueEntry,
  { environment, files, minted }: ServerValues,
  { context }: Holder,
  runtime: RuntimeName,
): ServerRequest {
  const { spec, environment: values } = startRequest(entry, environment);
  const handed = variablesOfFiles(files);
  return {
    spec: { ...spec, environment: [...spec.environment, ...Object.keys(handed)] },
    environment: { ...values, ...handed },
    place: minted.length > 0 ? context : null,
    runtime,
  };
}

/**
 * Where nobody hands a server what it is to get, it could take what is the person's own instead,
 * such as `~/.kube/config`.
 */
function requireHandOver(entry: CatalogueEntry, runtime: RuntimeName, given: GivenValues): void {
  const { files, minted } = onlyInContainers(entry, given);
  const names = [...new Set([...files, ...minted])].join(', ');
  if (runtime === 'process' && names !== '') {
    throw new WarRoomError(
      'wrong-usage',
      `${entry.name} was not started: what ${names} holds is made for its container, and as a process it could use what is yours instead; leave --runtime out.`,
    );
  }
  if (entry.program.kind === 'oci' && files.length > 0) {
    throw new WarRoomError(
      'image-failed',
      `${entry.name} was not started: it is an image of others, which cannot be handed the file of ${files.join(', ')}; take a server that is a package of npm or PyPI.`,
    );
  }
}

function processOnly(name: string): WarRoomError {
  return new WarRoomError(
    'wrong-usage',
    `${name} comes with War Room and runs as a process only: leave --runtime out.`,
  );
}

function unknownServer(name: string): WarRoomError {
  return new WarRoomError(
    'server-unknown',
    `There is no server ${name} in the catalogue; war-room call --help says how to name a package.`,
  );
}
