import { withDeadline } from '../base/deadline';
import { WarRoomError } from '../base/errors';
import type { CallOptions, PoolLease, ServerTool, ToolAnswer } from './pool';
import type { Slot } from './slot';

/** A call of a tool. */
interface Call {
  tool: string;
  arguments: Readonly<Record<string, unknown>>;
  approved: boolean;
}

/** A lease of servers of this process' pool. */
export class Lease implements PoolLease {
  private released = false;

  /** @param slots by the names that their specs have in this lease */
  constructor(
    private readonly slots: ReadonlyMap<string, Slot>,
    private readonly giveBack: () => void,
  ) {}

  tools(server: string): readonly ServerTool[] {
    return this.slot(server).tools;
  }

  async call(
    server: string,
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<ToolAnswer> {
    const slot = this.slot(server);
    const what = `${tool} of the ${server} server`;
    const answer = withDeadline(what, options.deadlineMs, options.signal, async (signal) => {
      const call = { tool, arguments: arguments_, approved: options.approved === true };
      const first = await this.attempt(slot, call, signal);
      if ('answer' in first) return first.answer;
      if (!first.mayRepeat) throw first.error;
      const second = await this.attempt(slot, call, signal);
      if ('answer' in second) return second.answer;
      throw second.error;
    });
    return await answer.catch((error: unknown) => {
      if (WarRoomError.is(error, 'deadline')) slot.doubt();
      throw error;
    });
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    this.giveBack();
  }

  private slot(server: string): Slot {
    const slot = this.slots.get(server);
    if (slot) return slot;
    throw new WarRoomError('server-unknown', `The ${server} server is not part of this lease.`);
  }

  private async attempt(
    slot: Slot,
    { tool, arguments: given, approved }: Call,
    signal: AbortSignal,
  ): Promise<{ answer: ToolAnswer } | { error: unknown; mayRepeat: boolean }> {
    if (this.released) {
      throw new WarRoomError('internal', `${tool} was called after its lease had ended.`);
    }
    const server = await slot.ready();
    try {
      return { answer: await server.call(tool, given, signal, approved) };
    } catch (error) {
      return { error, mayRepeat: server.ended && server.isSafeToRepeat(tool) };
    }
  }
}
