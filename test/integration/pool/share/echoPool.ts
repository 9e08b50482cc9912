import { setTimeout as sleep } from 'node:timers/promises';

import type { DisposableLike } from '../../../../src/base/disposables';
import { Emitter } from '../../../../src/base/emitter';
import { WarRoomError } from '../../../../src/base/errors';
import type { LeaseRequest, Pool, PoolLease, WaitOptions } from '../../../../src/pool/pool';
import type { ServerRequest } from '../../../../src/pool/serverSpec';
import { emptyStatus } from '../../../../src/pool/share/knownStatus';
import type { PoolStatus } from '../../../../src/pool/status';

export const limits = { limit: 10, maxMemoryPercent: 80, memoryBudgetMiB: 1024 };

/** A request for one server of this name. */
export function leaseOf(name: string, holder = 'incident-1'): LeaseRequest {
  const spec: ServerRequest['spec'] = {
    name,
    program: { kind: 'bundled', script: `/${name}.js` },
    args: [],
    environment: ['TOKEN'],
    state: 'none',
    hosts: [],
  };
  const server = { spec, environment: { TOKEN: 'x' }, place: null, runtime: 'auto' } as const;
  return { holder, incident: holder, servers: [server] };
}

/**
 * A pool without servers, which tells what reaches it: `lease` of `broken` fails, while it is full
 * others wait for their signal; a call answers what it was given, `wait` waits for its signal.
 */
export class EchoPool implements Pool {
  private readonly changes = new Emitter<PoolStatus>();
  readonly holders = new Set<string>();
  /** What it was told, in order. */
  readonly heard: string[] = [];
  isFull = false;
  readonly onDidChange = this.changes.event;

  async lease(request: LeaseRequest, options: WaitOptions): Promise<PoolLease> {
    const [first] = request.servers;
    options.onProgress?.(`Fetching ${first?.spec.name}`);
    if (first?.spec.name === 'broken') {
      throw new WarRoomError('engine-unavailable', 'Start Docker.');
    }
    if (this.isFull) await this.untilAborted(request.holder, options.signal);
    this.holders.add(request.holder);
    this.changes.fire(this.status());
    return {
      tools: (server) => [
        { name: 'echo', description: server, inputSchema: { type: 'object' }, readOnly: true },
      ],
      call: async (server, tool, given, { signal, deadlineMs }) => {
        if (tool === 'wait') await this.untilAborted(tool, signal);
        if (tool === 'die') process.kill(process.pid, 'SIGKILL');
        return {
          text: typeof given['text'] === 'string' ? given['text'] : '',
          structured: { server, deadlineMs },
          others: [],
          isError: false,
        };
      },
      release: () => {
        this.holders.delete(request.holder);
        this.changes.fire(this.status());
      },
    };
  }

  status(): PoolStatus {
    const servers = [...this.holders].map((holder, index) => ({
      id: String(index),
      server: 'echo',
      name: 'echo-mcp-1',
      runtime: 'process' as const,
      state: 'leased' as const,
      pinned: false,
      memoryBytes: null,
      memoryLimitBytes: null,
      uptimeMs: 0,
      idleMs: 0,
      stopsInMs: null,
      holders: [holder],
      notApplied: [],
    }));
    return { ...emptyStatus(limits), pid: process.pid, running: servers.length, servers };
  }

  watch(): DisposableLike {
    this.heard.push('watch');
    return { dispose: () => this.heard.push('watch no more') };
  }

  stop(id: string): void {
    this.heard.push(`stop ${id}`);
  }

  restart(id: string): void {
    this.heard.push(`restart ${id}`);
  }

  pin(id: string, pinned: boolean): void {
    this.heard.push(`pin ${id} ${pinned}`);
  }

  lastLines(id: string): Promise<readonly string[]> {
    return Promise.resolve([`lines of ${id}`]);
  }

  inspect(id: string): Promise<unknown> {
    return id === '0'
      ? Promise.resolve({ id })
      : Promise.reject(new WarRoomError('not-found', 'That server is gone.'));
  }

  endIncident(incident: string): void {
    this.heard.push(`endIncident ${incident}`);
  }

  async dispose(): Promise<void> {
    await sleep(10);
    this.heard.push('dispose');
  }

  private untilAborted(what: string, signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        this.heard.push(`aborted ${what}`);
        reject(new WarRoomError('cancelled', 'It was cancelled.'));
      });
    });
  }
}
