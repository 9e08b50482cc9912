import { WarRoomError } from '../base/errors';

/**
 * Lets at most `limit` pieces of work in at once; the rest wait in order, what a person started
 * before what was watched.
 */
export class Gate {
  private inside = 0;
  private readonly waiting: { first: boolean; enter: () => void }[] = [];

  constructor(private readonly limit: () => number) {}

  /**
   * Runs `work` when there is room.
   * @throws code `cancelled` when `signal` fires while it waits
   */
  async pass<T>(
    { first, signal }: { first: boolean; signal: AbortSignal },
    work: () => Promise<T>,
  ): Promise<T> {
    await this.enter(first, signal);
    try {
      return await work();
    } finally {
      this.inside--;
      this.admit();
    }
  }

  private enter(first: boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = {
        first,
        enter: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        const at = this.waiting.indexOf(entry);
        if (at < 0) return;
        this.waiting.splice(at, 1);
        reject(new WarRoomError('cancelled', 'The diagnosis was cancelled while it waited.'));
      };
      signal.addEventListener('abort', leave, { once: true });
      const behind = first ? this.waiting.findIndex((other) => !other.first) : -1;
      this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, entry);
      if (signal.aborted) leave();
      this.admit();
    });
  }

  private admit(): void {
    while (this.inside < this.limit()) {
      const next = this.waiting.shift();
      if (!next) return;
      this.inside++;
      next.enter();
    }
  }
}
