import { WarRoomError } from '../../base/errors';
import type { CallOptions, PoolLease, ServerTool, ToolAnswer, WaitOptions } from '../pool';
import type { Asked } from './protocol';

/** The pool that granted a lease, as far as the lease speaks with it. */
interface LeasedFrom {
  call(question: Asked<'call'>, options: WaitOptions): Promise<ToolAnswer>;
  /** What was asked with this id is wanted no longer. */
  cancel(id: number): void;
}

/** Servers that the pool of another process has leased. */
export class RemoteLease implements PoolLease {
  private released = false;

  constructor(
    private readonly id: number,
    private readonly known: Readonly<Record<string, readonly ServerTool[]>>,
    private readonly pool: LeasedFrom,
  ) {}

  tools(server: string): readonly ServerTool[] {
    const tools = Object.hasOwn(this.known, server) ? this.known[server] : undefined;
    if (tools) return tools;
    throw new WarRoomError('server-unknown', `The ${server} server is not part of this lease.`);
  }

  async call(
    server: string,
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<ToolAnswer> {
    if (this.released) {
      throw new WarRoomError('internal', `${tool} was called after its lease had ended.`);
    }
    const { deadlineMs, approved = false } = options;
    const call = { server, tool, arguments: arguments_, approved, deadlineMs };
    return await this.pool.call({ kind: 'call', lease: this.id, ...call }, options);
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    this.pool.cancel(this.id);
  }
}
