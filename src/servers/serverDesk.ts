import path from 'node:path';
import { WarRoomError, messageOf } from '../base/errors';
import { tagged, type Log } from '../base/log';
import type { CatalogueEntry } from '../catalog/entry';
import { queryOf, questionsFor } from '../catalog/query';
import { Catalogue, type Machine, type RankedListing } from '../catalog/catalogue';
import type { Ranked } from '../catalog/rank';
import { reasonText } from '../catalog/reasons';
import { specOf, startRequest } from '../catalog/request';
import type { Holder, Suggestion } from '../diagnosis/ports';
import type { Host } from '../host';
import type { Incident } from '../incident/incident';
import type { LeaveAnswer, LeaveRequest } from '../incident/leave';
import { bundledSpecs, declaredEnvironment } from '../pool/catalogue';
import { Leaves, leaveRequest } from '../pool/leave';
import type { RuntimeName, ServerRequest, ServerSpec } from '../pool/serverSpec';
import { dataFolder, surroundings } from '../store/dataFolder';
import { adHocEntry, entryOfProgram, programNamed, type AdHocOptions } from './adHoc';
import type { Containers } from './containers';
import { rankingLines } from './texts';
import { hasValue, serverValues, type GivenValues, type ServerValues } from './values';

/** A server of the catalogue is offered from this score on. */
const leastScore = 35;
const mostOffers = 2;
const linesLogged = 5;
/** Our images write files from variables: the list of names, and each content (docs/pool.md). */
const fileList = 'WAR_ROOM_FILES';
const filePrefix = 'WAR_ROOM_FILE_';

/** A value that a server needs. */
export interface NeededValue {
  server: string;
  variable: string;
  /** What it is for, in one sentence. */
  description: string;
  isSecret: boolean;
}

/** What a person says of a server that it names. */
export interface NamedOptions {
  runtime: ServerRequest['runtime'];
  /** Of a server that the catalogue does not know. */
  adHoc: AdHocOptions;
}

/** A server as it would be started, and as a person is asked about it. */
interface Prepared {
  request: ServerRequest;
  /** Null for what comes with War Room. */
  leave: LeaveRequest | null;
}

/** Turns names of servers into what the pool starts, and says which fit and which may start. */
export class ServerDesk {
  private readonly leaves: Leaves;
  private readonly catalogue: Catalogue;
  private readonly log: Log;

  constructor(
    private readonly host: Host,
    private readonly containers: Containers,
  ) {
    const { clock, log } = host;
    this.catalogue = new Catalogue({
      dataFolder: dataFolder(surroundings()),
      clock,
      log: tagged(log, 'catalogue'),
      ownFiles: () => (host.isTrusted() ? host.mcpFiles() : []),
      registryUrl: () => host.settings().registryUrl,
      npmOptions: async () => await (await import('../npm/npmOptions')).npmOptions(),
    });
    const file = path.join(dataFolder(surroundings()), 'leave.json');
    this.leaves = new Leaves(file, () => host.settings().pool.autoApprove);
    this.log = tagged(host.log, 'catalogue');
  }

  /** Servers of the catalogue that may tell more of an incident, best first. */
  async suggest(
    incident: Incident,
    allowStart: boolean,
    signal: AbortSignal,
  ): Promise<readonly Suggestion[]> {
    const query = queryOf(incident);
    const { ranked, notes } = await this.catalogue.rank(query, await this.machine(signal), signal);
    for (const note of notes) this.log.warn(note);
    const fitting = ranked.filter(({ score }) => score >= leastScore);
    const lines = rankingLines(
      incident.keywords,
      fitting.slice(0, linesLogged),
      this.host.language(),
    );
    for (const line of lines) this.log.info(`${incident.id}: ${line}`);
    const askable = fitting.filter(
      ({ entry }) => entry.program.kind !== 'bundled' && questionsFor(entry, query).length > 0,
    );
    return await Promise.all(
      worthAsking(askable).map((each) => this.suggestion(each, incident, allowStart, signal)),
    );
  }

  /**
   * What the pool is asked for.
   * @throws code `server-unknown`, `leave-needed`, `not-found` for a value that cannot be had
   */
  async request(name: string, holder: Holder, signal: AbortSignal): Promise<ServerRequest> {
    const { request, leave } = await this.prepared(name, holder, {}, signal);
    if (leave === null || (await this.leaves.allows(leave, holder.id))) return request;
    throw new WarRoomError('leave-needed', leaveSentence(leave));
  }

  /**
   * What the pool is asked for when a person names a server, which may be one that the catalogue
   * does not know.
   * @param askLeave asks the person where leave is needed
   * @throws as {@link request}; `wrong-usage` for what names no server
   */
  async requestNamed(
    name: string,
    holder: Holder,
    how: NamedOptions,
    askLeave: (request: LeaveRequest) => Promise<LeaveAnswer>,
    signal: AbortSignal,
  ): Promise<ServerRequest> {
    const { request, leave } = await this.prepared(name, holder, how, signal);
    if (leave === null || (await this.leaves.allows(leave, holder.id))) return request;
    const answer = await askLeave(leave);
    if (answer === 'no') throw new WarRoomError('leave-needed', leaveSentence(leave));
    await this.keepLeave(leave, answer, holder.id);
    return request;
  }

  /** Keeps what a person said of a server that asked for leave. */
  async keepLeave(request: LeaveRequest, answer: LeaveAnswer, holder: string): Promise<void> {
    await this.leaves.keep(request, answer, holder, new Date(this.host.clock.now()));
  }

  /** What the servers of the catalogue need that only a person can give. */
  async neededValues(): Promise<readonly NeededValue[]> {
    const { entries } = await this.catalogue.list(new AbortController().signal);
    return entries.flatMap(({ name: server, environment }) =>
      environment
        .filter(({ required, secret, isEndpoint }) => required || secret || isEndpoint)
        .map(({ name, description, secret }) => ({
          server,
          variable: name,
          description,
          isSecret: secret,
        })),
    );
  }

  /** "Find More Servers…": what a person looks for by words, in all sources. */
  async find(words: string, signal: AbortSignal): Promise<RankedListing> {
    return await this.catalogue.find(words, await this.machine(signal), signal);
  }

  private async suggestion(
    { entry, score, reasons, missing, unavailable }: Ranked,
    incident: Incident,
    allowStart: boolean,
    signal: AbortSignal,
  ): Promise<Suggestion> {
    const holder = { id: incident.id, context: incident.place.context };
    const looks = questionsFor(entry, queryOf(incident));
    const why = reasons.map((reason) => reasonText(reason)).join('; ');
    const offer = { server: entry.name, score, looks, leave: null };
    if (unavailable !== null || missing.length > 0) {
      return { ...offer, unavailable: unavailableSentence(entry, missing, unavailable) };
    }
    try {
      const how = { why: `${score}/100: ${why}` };
      const { leave } = await this.prepared(entry.name, holder, how, signal);
      if (leave !== null && allowStart) await this.keepLeave(leave, 'once', incident.id);
      const allowed = leave === null || (await this.leaves.allows(leave, incident.id));
      return { ...offer, leave: allowed ? null : leave, unavailable: null };
    } catch (error) {
      signal.throwIfAborted();
      return { ...offer, unavailable: `${entry.name} was not asked: ${messageOf(error)}` };
    }
  }

  private async prepared(
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
    const entry =
      (await this.catalogue.get(name, signal)) ??
      (adHoc && (await this.entryNamed(name, adHoc, signal)));
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
    const images = await this.containers.images();
    const facts = await images.describe(program, signal);
    if (facts.unavailable !== null) {
      throw new WarRoomError('image-failed', `${name} cannot be started: ${facts.unavailable}`);
    }
    return adHocEntry(facts.program, facts.publisher, adHoc);
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
  private async given(entry: CatalogueEntry): Promise<GivenValues> {
    const names = entry.environment.map(({ name }) => name);
    return {
      ...this.host.environment(),
      ...this.catalogue.ownValues(entry.name),
      ...(await this.host.credentials(entry.name, names)),
    };
  }

  /** What this machine has of what servers need. */
  private async machine(signal: AbortSignal): Promise<Machine> {
    const { entries } = await this.catalogue.list(signal);
    const given = new Map<string, GivenValues>();
    for (const entry of entries) given.set(entry.name, await this.given(entry));
    return {
      hasValue: ({ name }, variable) => hasValue(given.get(name) ?? {}, variable),
      unavailable: await this.unavailableKinds(signal),
    };
  }

  private async unavailableKinds(signal: AbortSignal): Promise<Machine['unavailable']> {
    try {
      await this.containers.engine(signal);
      return {};
    } catch (error) {
      signal.throwIfAborted();
      const why = messageOf(error);
      return { npm: why, pypi: why, oci: why };
    }
  }
}

/** The best ones that can be asked; where there is none, the best one that cannot, to say why. */
function worthAsking(ranked: readonly Ranked[]): readonly Ranked[] {
  const ready = ranked.filter(
    ({ missing, unavailable }) => missing.length === 0 && unavailable === null,
  );
  return ready.length > 0 ? ready.slice(0, mostOffers) : ranked.slice(0, 1);
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

function unavailableSentence(
  { name }: CatalogueEntry,
  missing: readonly string[],
  unavailable: string | null,
): string {
  return unavailable === null
    ? `${name} was not asked, since ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set: give the value with "War Room: Set Server Credentials…" or in the environment.`
    : `${name} was not asked: ${unavailable}`;
}

function leaveSentence({ server, program, runtime, network, environment }: LeaveRequest): string {
  const reach = network.length > 0 ? `may reach ${network.join(', ')}` : 'has no network';
  const gets = environment.length > 0 ? `gets ${environment.join(', ')}` : 'gets no variables';
  const where = runtime === 'process' ? 'as you, unsandboxed' : 'in a container';
  return `${server} was never allowed to start here, so nothing was started: ${program} would run ${where}, ${reach} and ${gets}. Allow it with --allow-start, or when you are asked.`;
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
