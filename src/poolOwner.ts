import path from 'node:path';
import type { DisposableLike } from './base/disposables';
import { WarRoomError, messageOf } from './base/errors';
import { tagged } from './base/log';
import type { ToolAnswer, ToolLease, ToolServers } from './diagnosis/ports';
import type { Host } from './host';
import { bundledSpecs, declaredEnvironment } from './pool/catalogue';
import { processRuntime } from './pool/runtimes/process';
import type { ServerRequest } from './pool/serverSpec';
import type { ServerPool } from './pool/serverPool';
import { announceStatus } from './pool/statusSocket';
import { dataFolder, surroundings } from './store/dataFolder';

const leaseDeadlineMs = 30_000;
const callDeadlineMs = 60_000;

/** Owns the pool of this process. It is loaded and announced to other commands at its first lease. */
export class PoolOwner implements ToolServers {
  private pool: Promise<ServerPool> | undefined;
  private announcement: Promise<DisposableLike | undefined> | undefined;

  constructor(
    private readonly host: Host,
    private readonly onChange: () => void,
  ) {}

  async lease(...asked: Parameters<ToolServers['lease']>): Promise<ToolLease> {
    const [holder, names, options] = asked;
    const servers = names.map((name) => this.request(name));
    return await (await this.load()).lease({ holder, incident: holder, servers }, options);
  }

  /** Leases a server for one call of one tool and gives it back. */
  async call(
    server: string,
    tool: string,
    given: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ToolAnswer> {
    const lease = await this.lease('call', [server], { deadlineMs: leaseDeadlineMs, signal });
    try {
      return await lease.call(server, tool, given, { deadlineMs: callDeadlineMs, signal });
    } finally {
      lease.release();
    }
  }

  /** Stops every server; fulfilled when none is left. */
  async close(): Promise<void> {
    await (await this.pool)?.dispose();
    (await this.announcement)?.dispose();
  }

  /** @throws code `server-unknown` */
  private request(name: string): ServerRequest {
    const specs = bundledSpecs(path.join(this.host.bundles, 'servers'));
    const spec = specs.find((each) => each.name === name);
    if (!spec) {
      const known = specs.map((each) => each.name).join(', ');
      throw new WarRoomError('server-unknown', `There is no server ${name}; there are ${known}.`);
    }
    const environment = declaredEnvironment(spec, this.host.environment());
    return { spec, environment, place: null, runtime: 'auto' };
  }

  private load(): Promise<ServerPool> {
    this.pool ??= import('./pool/serverPool').then(({ ServerPool: Pool }) => {
      const pool = new Pool({
        clock: this.host.clock,
        log: tagged(this.host.log, 'pool'),
        runtimes: { process: () => Promise.resolve(processRuntime()) },
        settings: () => this.host.settings().pool,
      });
      pool.onDidChange(this.onChange);
      this.announcement = this.announce(pool);
      return pool;
    });
    return this.pool;
  }

  private async announce(pool: ServerPool): Promise<DisposableLike | undefined> {
    const folder = path.join(dataFolder(surroundings()), 'pools');
    try {
      return await announceStatus(folder, () => pool.status());
    } catch (error) {
      this.host.log.debug(`The pool is not announced to other commands: ${messageOf(error)}`);
      return undefined;
    }
  }
}
