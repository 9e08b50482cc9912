import { withDeadline } from '../base/deadline';
import { WarRoomError } from '../base/errors';
import type { ToolAnswer } from './runtime';
import type { Slot } from './slot';

/** Servers that are one step's until it gives them back. */
export class Lease {
  private released = false;

  constructor(
    private readonly slots: ReadonlyMap<string, Slot>,
    private readonly giveBack: () => void,
  ) {}

  /**
   * Calls a tool of a leased server. What the tool answers as an error comes back with `isError`.
   * A server that died is replaced; a call that was lost with it is repeated once if it only reads.
   * @throws code `server-failed`, `deadline`, `cancelled`; `server-unknown` when it is not leased
   */
  async call(
    server: string,
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    options: { deadlineMs: number; signal: AbortSignal },
  ): Promise<ToolAnswer> {
    const slot = this.slots.get(server);
    if (!slot) {
      throw new WarRoomError('server-unknown', `The ${server} server is not part of this lease.`);
    }
    const what = `${tool} of the ${server} server`;
    return await withDeadline(what, options.deadlineMs, options.signal, async (signal) => {
      const first = await this.attempt(slot, tool, arguments_, signal);
      if ('answer' in first) return first.answer;
      if (!first.mayRepeat) throw first.error;
      const second = await this.attempt(slot, tool, arguments_, signal);
      if ('answer' in second) return second.answer;
      throw second.error;
    });
  }

  /** Gives every server back; a second call does nothing. */
  release(): void {
    if (this.released) return;
    this.released = true;
    this.giveBack();
  }

  private async attempt(
    slot: Slot,
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<{ answer: ToolAnswer } | { error: unknown; mayRepeat: boolean }> {
    if (this.released) {
      throw new WarRoomError('internal', `${tool} was called after its lease had ended.`);
    }
    const running = await slot.ready();
    try {
      return { answer: await running.call(tool, arguments_, signal) };
    } catch (error) {
      return { error, mayRepeat: running.ended && running.isSafeToRepeat(tool) };
    }
  }
}
