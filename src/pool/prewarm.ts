import type { Clock } from '../base/clock';
import { reuseOf } from './reuse';
import type { Wish } from './reuse';
import type { ServerRequest } from './serverSpec';
import type { Slot } from './slot';
import type { Happening, StopReason } from './slotOwner';

/** What was stopped for one of these is not wanted back at once. */
const givenUp: readonly StopReason[] = ['pressure', 'room', 'asked'];

/** Knows which servers should be ready before anybody asks for them. */
export class Prewarmer {
  /** When each was stopped or failed, by the key of a fresh one; it is left alone for a while then. */
  private readonly ends = new Map<string, number>();
  private known: { requests: readonly ServerRequest[]; wishes: readonly Wish[] } | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly pauseMs: () => number,
    private readonly wanted: () => readonly ServerRequest[] = () => [],
  ) {}

  /** The next one that is not there, or undefined. */
  next(slots: readonly Slot[]): Wish | undefined {
    return this.wishes().find(
      ({ reuse: { freshKey } }) =>
        !slots.some((slot) => slot.isFor(freshKey)) && !this.isPaused(freshKey),
    );
  }

  /** True for a server that stays while there are leases, although it has none. */
  keeps(slot: Slot): boolean {
    return this.wishes().some(({ reuse }) => slot.isFor(reuse.freshKey));
  }

  /** What was taken away, or does not start, is not put back at once. */
  note(slot: Slot, what: Happening): void {
    if (what.kind === 'started') this.ends.delete(slot.freshKey);
    if (what.kind === 'failed' || (what.kind === 'stopping' && givenUp.includes(what.reason))) {
      this.ends.set(slot.freshKey, this.clock.monotonic());
    }
  }

  private isPaused(freshKey: string): boolean {
    const end = this.ends.get(freshKey);
    return end !== undefined && this.clock.monotonic() - end < this.pauseMs();
  }

  private wishes(): readonly Wish[] {
    const requests = this.wanted();
    if (this.known?.requests !== requests) {
      this.known = { requests, wishes: requests.flatMap(wishOf) };
    }
    return this.known.wishes;
  }
}

/** Nothing is started ahead that a person must be asked for. */
function wishOf(request: ServerRequest): Wish[] {
  try {
    return [{ request, reuse: reuseOf(request, null, 'ahead') }];
  } catch {
    return [];
  }
}
