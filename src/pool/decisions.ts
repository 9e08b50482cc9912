/**
 * The loop in which the pool decides. What changes while a decision is made, also by the decision
 * itself, is seen by the same loop, so no decision is made inside another.
 */
export class Decisions {
  private isBusy = false;
  private isChanged = false;

  constructor(
    private readonly pool: {
      /** Decides on what is there now. */
      decide(): void;
      /** Nothing is left to decide. */
      decided(): void;
    },
  ) {}

  /** Does several things as one, so that nothing is decided between them. */
  atOnce(work: () => void): void {
    if (this.isBusy) {
      work();
      this.isChanged = true;
      return;
    }
    this.isBusy = true;
    try {
      work();
    } finally {
      this.isBusy = false;
    }
    this.changed();
  }

  /** Something changed that a decision depends on. */
  changed(): void {
    this.isChanged = true;
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      while (this.isChanged) {
        this.isChanged = false;
        this.pool.decide();
      }
    } finally {
      this.isBusy = false;
    }
    this.pool.decided();
  }
}
