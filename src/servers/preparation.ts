import path from 'node:path';
import { WarRoomError } from '../base/errors';
import type { Catalogue } from '../catalog/catalogue';
import type { CatalogueEntry, Program } from '../catalog/entry';
import { specOf, startRequest } from '../catalog/request';
import type { Holder } from '../diagnosis/ports';
import type { Host } from '../host';
import type { LeaveRequest } from '../incident/leave';
import { bundledSpecs, declaredEnvironment } from '../pool/catalogue';
import { leaveRequest } from '../pool/leave';
import type { RuntimeName, ServerRequest, ServerSpec } from '../pool/serverSpec';
import { adHocEntry, entryOfProgram, programNamed, type AdHocOptions } from './adHoc';
import type { Containers } from './containers';
import { serverValues, type GivenValues, type ServerValues } from './values';

/** Our images write files from variables: the list of names, and each content (docs/pool.md). */
const fileList = 'WAR_ROOM_FILES';
const filePrefix = 'WAR_ROOM_FILE_';

/** A server as it would be started, and as a person is asked about it. */
export interface Prepared {
  request: ServerRequest;
  /** Null for what comes with War Room. */
  leave: LeaveRequest | null;
}

/** What a person says of a server that it names. */
export interface NamedOptions {
  runtime: ServerRequest['runtime'];
  /** Of a server that the catalogue does not know. */
  adHoc: AdHocOptions;
}

/** Turns the name of a server into what the pool starts: its program, values, files and runtime. */
export class Preparation {
  constructor(
    private readonly host: Host,
    private readonly containers: Containers,
    private readonly catalogue: Catalogue,
  ) {}

  /**
   * What the pool would be asked for, and what a person would be asked before. Nothing is started.
   * @throws code `server-unknown`, `image-failed`, `engine-unavailable`, `not-found` for a value that
   * cannot be had, `wrong-usage` for what names no server
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
      const environment = declaredEnvironment(bundled, this.host.environment());
      const request = { spec: bundled, environment, place: null, runtime: wanted };
      return { request, leave: null };
    }
    const known = await this.catalogue.get(name, signal);
    const entry = known
      ? await this.exact(known, signal)
      : adHoc && (await this.entryNamed(name, adHoc, signal));
    if (!entry) throw unknownServer(name);
    const given = await this.given(entry);
    const values = await serverValues(entry, given, holder.context, signal);
    const runtime = this.runtimeFor(entry, wanted);
    return {
      request: requestOf(entry, values, holder, runtime),
      leave: leaveRequest(specOf(entry), runtime, {
        publisher: entry.publisher,
        environment: [...Object.keys(values.environment), ...Object.keys(values.files)],
        minted: values.minted,
        why,
      }),
    };
  }

  /** Looks a package up; nothing of it is run. */
  private async entryNamed(
    name: string,
    adHoc: AdHocOptions,
    signal: AbortSignal,
  ): Promise<CatalogueEntry> {
    const program = programNamed(name);
    const { entries } = await this.catalogue.list(signal);
    const known = entryOfProgram(entries, program);
    if (known) return known;
    const { publisher, ...found } = await this.pinned(program, signal);
    return adHocEntry(found.program, publisher, adHoc);
  }

  /** The person's own list may name a version such as `latest`: what is asked about is an exact one. */
  private async exact(entry: CatalogueEntry, signal: AbortSignal): Promise<CatalogueEntry> {
    const { program } = entry;
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
    const images = await this.containers.images();
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

  private bundled(): readonly ServerSpec[] {
    return bundledSpecs(path.join(this.host.bundles, 'servers'));
  }

  /** What the person gave for a server here, in `mcp.json`, or in the environment. */
  async given(entry: CatalogueEntry): Promise<GivenValues> {
    const names = entry.environment.map(({ name }) => name);
    return {
      ...this.host.environment(),
      ...this.catalogue.ownValues(entry.name),
      ...(await this.host.credentials(entry.name, names)),
    };
  }
}

function requestOf(
  entry: CatalogueEntry,
  { environment, files }: ServerValues,
  { context }: Holder,
  runtime: RuntimeName,
): ServerRequest {
  const { spec, environment: values } = startRequest(entry, environment);
  const names = Object.keys(files);
  const contents = Object.fromEntries(
    names.map((name) => [filePrefix + name, files[name] ?? ''] as const),
  );
  const handed = names.length > 0 ? { ...contents, [fileList]: names.join(' ') } : {};
  return {
    spec: { ...spec, environment: [...spec.environment, ...Object.keys(handed)] },
    environment: { ...values, ...handed },
    place: names.length > 0 ? context : null,
    runtime,
  };
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
