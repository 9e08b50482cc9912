import type { DisposableLike } from '../base/disposables';
import { settled, throwIfCancelled } from '../base/deadline';
import { WarRoomError, messageOf } from '../base/errors';
import type { Event } from '../base/emitter';
import type { Holder, Suggestion, ToolLease, ToolServers } from '../diagnosis/ports';
import type { RankedListing } from '../catalog/catalogue';
import type { CatalogueEntry } from '../catalog/entry';
import type { Host } from '../host';
import type { LeaveAnswer, LeaveRequest } from '../incident/leave';
import type { Grant } from '../pool/leave';
import type { PoolLease, WaitOptions } from '../pool/pool';
import type { ServerRequest } from '../pool/serverSpec';
import type { PoolStatus } from '../pool/status';
import { Containers } from './containers';
import { PoolOwner } from './poolOwner';
import type { NamedOptions } from './preparation';
import type { NeededValue, ServerDesk } from './serverDesk';

/** A server that was never started here has its image made first. */
const namedDeadlineMs = 10 * 60_000;
/** Longest wait at the end for what is still counted. */
const rememberMs = 2_000;
/** Who calls a tool by hand. */
const caller: Holder = { id: 'call', context: null };

/** How a person wants a server that it names. */
export interface NamedLease extends NamedOptions {
  /** Asked where the server was never allowed to start here. */
  askLeave: (request: LeaveRequest) => Promise<LeaveAnswer>;
  /** Hears short sentences while it starts. */
  onProgress?: (sentence: string) => void;
}

/**
 * The MCP servers as the rest of this window or command sees them: which fit, which may start, and
 * the pool that they run in. What it takes is loaded when a server is first needed.
 */
export class Servers implements ToolServers {
  private readonly containers: Containers;
  private readonly owner: PoolOwner;
  private loading: Promise<ServerDesk> | undefined;
  private prewarmed: readonly ServerRequest[] = [];
  private remembering: Promise<void> = Promise.resolve();

  /** Fires when the pool's status has changed. */
  readonly onDidChangePool: Event<void>;

  constructor(private readonly host: Host) {
    this.containers = new Containers(host);
    this.owner = new PoolOwner(host, this.containers, () => this.prewarmed);
    this.onDidChangePool = this.owner.onDidChange;
  }

  async suggest(...asked: Parameters<ToolServers['suggest']>): Promise<readonly Suggestion[]> {
    return await (await this.desk()).suggest(...asked);
  }

  async prepare(holder: Holder, server: string, signal: AbortSignal): Promise<void> {
    const desk = await this.desk();
    const { spec, runtime } = await desk.request(server, holder, signal);
    if (runtime === 'docker') await (await this.containers.images()).imageOf(spec, signal);
  }

  async lease(holder: Holder, names: readonly string[], options: WaitOptions): Promise<ToolLease> {
    const desk = await this.desk();
    const servers = await Promise.all(
      names.map((name) => desk.request(name, holder, options.signal)),
    );
    const pool = await this.owner.pool();
    const request = { holder: holder.id, incident: holder.id, servers };
    try {
      const lease = await pool.lease(request, options);
      this.rememberLater(desk, names, true, holder.id);
      // Granted at the very moment of the cancel: nobody may be there to give it back.
      if (options.signal.aborted) lease.release();
      throwIfCancelled(options.signal);
      return lease;
    } catch (error) {
      const failed = WarRoomError.is(error, 'server-failed');
      if (failed && names.length === 1) this.rememberLater(desk, names, false, holder.id);
      throw error;
    }
  }

  /** Leases a server that a person names, for one command. Who asks for it gives it back. */
  async leaseNamed(
    name: string,
    { askLeave, ...how }: NamedLease,
    signal: AbortSignal,
  ): Promise<{ server: string; lease: PoolLease }> {
    const desk = await this.desk();
    const request = await desk.requestNamed(name, caller, how, askLeave, signal);
    const pool = await this.owner.pool();
    const lease = await pool.lease(
      { holder: caller.id, incident: null, servers: [request] },
      { deadlineMs: namedDeadlineMs, signal, onProgress: how.onProgress },
    );
    return { server: request.spec.name, lease };
  }

  /** Keeps what a person said of a server that asked for leave. */
  async keepLeave(request: LeaveRequest, answer: LeaveAnswer, holder: string): Promise<void> {
    await (await this.desk()).keepLeave(request, answer, holder);
  }

  /** What a person allowed to start for good, in whichever window or command. */
  async allowedServers(): Promise<readonly Grant[]> {
    return await (await this.desk()).allowed();
  }

  /** Takes back all that was allowed; fulfilled with how much was allowed for good. */
  async forgetAllowed(): Promise<number> {
    const count = await (await this.desk()).forgetAllowed();
    this.prewarmed = [];
    return count;
  }

  /** "Find More Servers…": what a person looks for by words, in all sources. */
  async find(words: string, signal: AbortSignal): Promise<RankedListing> {
    return await (await this.desk()).find(words, signal);
  }

  /**
   * Makes a found server one of the person's own, for incidents and commands.
   * @returns the file that it stands in now, absolute
   */
  async add(entry: CatalogueEntry): Promise<string> {
    return await (await this.desk()).add(entry);
  }

  /** What the servers of the catalogue need that only a person can give. */
  async neededValues(): Promise<readonly NeededValue[]> {
    return await (await this.desk()).neededValues();
  }

  /** The incident is over: what only it could use is stopped. */
  async endIncident(incident: string): Promise<void> {
    if (this.owner.status() !== null) (await this.owner.pool()).endIncident(incident);
  }

  /** Null while this process has had no pool and looked at none. */
  poolStatus(): PoolStatus | null {
    return this.owner.status();
  }

  /** While it is held, memory is sampled every few seconds. */
  watchPool(): DisposableLike {
    return this.owner.watch();
  }

  /** Stops a server: at once if it is idle, else when its last lease ends. */
  stopServer(id: string): void {
    void this.owner.pool().then((pool) => pool.stop(id));
  }

  restartServer(id: string): void {
    void this.owner.pool().then((pool) => pool.restart(id));
  }

  /** A pinned server is not stopped for being idle or for pressure. */
  pinServer(id: string, pinned: boolean): void {
    void this.owner.pool().then((pool) => pool.pin(id, pinned));
  }

  /** The last lines of its standard error. */
  async serverLines(id: string): Promise<readonly string[]> {
    return await (await this.owner.pool()).lastLines(id);
  }

  /** What its runtime knows of it. @throws code `not-found` */
  async inspectServer(id: string): Promise<unknown> {
    return await (await this.owner.pool()).inspect(id);
  }

  /** Stops every server of this process; fulfilled when nothing of it is left. */
  async close(): Promise<void> {
    await Promise.all([settled(this.remembering, rememberMs), this.owner.close()]);
    await this.containers.close();
  }

  /** Whoever has a lease does not wait for this, and loses nothing when it fails. */
  private rememberLater(
    desk: ServerDesk,
    names: readonly string[],
    ok: boolean,
    incident: string,
  ): void {
    this.remembering = this.remembering
      .then(() => this.remember(desk, names, ok, incident))
      .catch((error: unknown) =>
        this.host.log.warn(`A start was not counted for the ranking: ${messageOf(error)}`),
      );
  }

  /** Counts starts for the ranking, and looks what should be ready before the next incident asks. */
  private async remember(
    desk: ServerDesk,
    names: readonly string[],
    ok: boolean,
    incident: string,
  ): Promise<void> {
    await desk.remember(names, ok, incident);
    // A command has ended before the next incident.
    if (this.host.follows) this.prewarmed = await desk.prewarmRequests();
  }

  private desk(): Promise<ServerDesk> {
    this.loading ??= import('./serverDesk').then(
      ({ ServerDesk: Desk }) => new Desk(this.host, this.containers),
    );
    return this.loading;
  }
}
