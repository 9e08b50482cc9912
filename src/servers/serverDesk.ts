import path from 'node:path';
import { WarRoomError, messageOf } from '../base/errors';
import { tagged, type Log } from '../base/log';
import type { CatalogueEntry } from '../catalog/entry';
import { queryOf, questionsFor } from '../catalog/query';
import { Catalogue, type Machine, type RankedListing } from '../catalog/catalogue';
import type { Ranked } from '../catalog/rank';
import { reasonText } from '../catalog/reasons';
import { prewarmCandidates } from '../catalog/usage';
import type { Holder, Suggestion } from '../diagnosis/ports';
import type { Host } from '../host';
import type { Incident } from '../incident/incident';
import { argumentsText, oneLine, type LeaveAnswer, type LeaveRequest } from '../incident/leave';
import { hasImage } from '../pool/images/records';
import { Leaves, type Grant } from '../pool/leave';
import type { ServerRequest } from '../pool/serverSpec';
import { dataFolder, surroundings } from '../store/dataFolder';
import type { Containers } from './containers';
import { npmSearchIn } from './npmSearch';
import { addToOwnFile, ownFile } from './ownFile';
import { Preparation, type NamedOptions } from './preparation';
import { rankingLines, withImage } from './texts';
import { hasValue, type GivenValues } from './values';

/** A server of the catalogue is offered from this score on. */
const leastScore = 35;
const mostOffers = 2;
const linesLogged = 5;
const prewarmMs = 10_000;

/** A value that a server needs. */
export interface NeededValue {
  server: string;
  variable: string;
  /** What it is for, in one sentence. */
  description: string;
  isSecret: boolean;
}

/** Says which servers fit an incident and which may start, and what the pool is asked for. */
export class ServerDesk {
  private readonly leaves: Leaves;
  private readonly catalogue: Catalogue;
  private readonly preparation: Preparation;
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
      ownFiles: () => [...(host.isTrusted() ? host.mcpFiles() : []), ownFile()],
      registryUrl: () => host.settings().registryUrl,
      npmSearch: npmSearchIn(host.bundles),
    });
    this.preparation = new Preparation(host, containers, this.catalogue);
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
    const { request, leave } = await this.preparation.prepare(name, holder, {}, signal);
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
    const { request, leave } = await this.preparation.prepare(name, holder, how, signal);
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

  /** Counts a start of each server, for the ranking and for what is kept ready. */
  async remember(names: readonly string[], ok: boolean, incident: string): Promise<void> {
    for (const name of names) await this.catalogue.usage.started(name, ok, incident);
  }

  /**
   * Servers without state that most incidents use and that may start without a question. The images
   * of those with state are made ahead too.
   */
  async prewarmRequests(): Promise<readonly ServerRequest[]> {
    const signal = AbortSignal.timeout(prewarmMs);
    const requests: ServerRequest[] = [];
    for (const name of prewarmCandidates(await this.catalogue.usage.read())) {
      try {
        requests.push(await this.request(name, { id: 'prewarm', context: null }, signal));
      } catch (error) {
        this.log.debug(`${name} is not kept ready: ${messageOf(error)}`);
      }
    }
    const inContainers = requests.filter(({ runtime }) => runtime === 'docker');
    if (inContainers.length > 0) {
      (await this.containers.images()).keep(inContainers.map(({ spec }) => spec));
    }
    return requests.filter(({ spec }) => spec.state === 'none');
  }

  /** What a person allowed to start for good. */
  async allowed(): Promise<readonly Grant[]> {
    return await this.leaves.granted();
  }

  /** Takes back all that was allowed; fulfilled with how much was allowed for good. */
  async forgetAllowed(): Promise<number> {
    return await this.leaves.clear();
  }

  /**
   * Makes a found server one of the person's own. It still asks for leave before it starts.
   * @returns the file that it stands in now, absolute
   */
  async add(entry: CatalogueEntry): Promise<string> {
    await addToOwnFile(entry);
    return ownFile();
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
      const { request, leave } = await this.preparation.prepare(entry.name, holder, how, signal);
      if (leave !== null && allowStart) await this.keepLeave(leave, 'once', incident.id);
      const allowed = leave === null || (await this.leaves.allows(leave, incident.id));
      if (leave === null || allowed) return { ...offer, unavailable: null };
      return { ...offer, leave: await this.withImage(leave, request), unavailable: null };
    } catch (error) {
      signal.throwIfAborted();
      return { ...offer, unavailable: `${entry.name} was not asked: ${messageOf(error)}` };
    }
  }

  /** What a person is asked, with what the image adds to the start. */
  private async withImage(leave: LeaveRequest, { spec }: ServerRequest): Promise<LeaveRequest> {
    const { program } = spec;
    if (leave.runtime !== 'docker' || !hasImage(program)) return leave;
    const images = await this.containers.images();
    return withImage(leave, await images.tierOf(program));
  }

  /** What this machine has of what servers need. */
  private async machine(signal: AbortSignal): Promise<Machine> {
    const { entries } = await this.catalogue.list(signal);
    const given = new Map<string, GivenValues>();
    for (const entry of entries) given.set(entry.name, await this.preparation.given(entry));
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

function unavailableSentence(
  { name }: CatalogueEntry,
  missing: readonly string[],
  unavailable: string | null,
): string {
  return unavailable === null
    ? `${name} was not asked, since ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set: give the value with "War Room: Set Server Credentials…" or in the environment.`
    : `${name} was not asked: ${unavailable}`;
}

function leaveSentence(request: LeaveRequest): string {
  const { server, program, args, folder, runtime, network, environment } = request;
  const what = [program, argumentsText(args), folder === null ? '' : `in ${folder}`];
  const reach = network.length > 0 ? `may reach ${network.join(', ')}` : 'has no network';
  const gets = environment.length > 0 ? `gets ${environment.join(', ')}` : 'gets no variables';
  const where = runtime === 'process' ? 'as you, unsandboxed' : 'in a container';
  return oneLine(
    `${server} was never allowed to start here, so nothing was started: ${what.filter(Boolean).join(' ')} would run ${where}, ${reach} and ${gets}. Allow it with --allow-start, or when you are asked.`,
  );
}
