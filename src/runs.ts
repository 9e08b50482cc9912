/**
 * What runs in this process for each incident. One that is diagnosed twice at once has two runs: the
 * second waits for the first.
 */
export class Runs {
  private readonly running = new Map<string, Set<AbortController>>();

  /** @param onOver the last run of an incident has ended, in whatever way */
  constructor(private readonly onOver: (id: string) => Promise<void>) {}

  /** A run has begun that `cancel` stops; its {@link leave} must follow. */
  join(id: string, cancel: AbortController): void {
    this.running.set(id, (this.running.get(id) ?? new Set<AbortController>()).add(cancel));
  }

  /** The run has ended. */
  async leave(id: string, cancel: AbortController): Promise<void> {
    const others = this.running.get(id);
    others?.delete(cancel);
    if (others && others.size > 0) return;
    this.running.delete(id);
    await this.onOver(id);
  }

  /** Stops every run of the incident, also those that wait for their turn. */
  cancel(id: string): void {
    for (const cancel of this.running.get(id) ?? []) cancel.abort();
  }
}
