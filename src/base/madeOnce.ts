import { withDeadline } from './deadline';

/** How something is made. */
export interface Making<T> {
  /** Names the work in the error's sentence, for example "Connecting the container engine". */
  what: string;
  deadlineMs: number;
  /** Of whoever keeps it; none of those who ask can cancel the others' wait. */
  life: AbortSignal;
  make: (signal: AbortSignal) => Promise<T>;
}

/** What is made when it is first asked for and kept for all. A failure is not kept. */
export class MadeOnce<T> {
  private made: Promise<T> | null = null;

  constructor(private readonly making: Making<T>) {}

  /**
   * Who asks while it is made waits for it, under its own signal.
   * @throws what making it throws, `deadline`, `cancelled`
   */
  async get(signal: AbortSignal): Promise<T> {
    this.made ??= this.begin();
    const { made } = this;
    const { what, deadlineMs } = this.making;
    return await withDeadline(what, deadlineMs, signal, () => made);
  }

  /** What is there or being made; null where it was not asked for or cannot be made. */
  async known(): Promise<T | null> {
    return (await this.made?.catch(() => null)) ?? null;
  }

  /** Who asks next has it made anew. */
  forget(): void {
    this.made = null;
  }

  private begin(): Promise<T> {
    const { what, deadlineMs, life, make } = this.making;
    const made = withDeadline(what, deadlineMs, life, make);
    made.catch(() => {
      if (this.made === made) this.made = null;
    });
    return made;
  }
}
