import type { Clock } from '../base/clock';
import { pressureOf, pressureVictims, without } from './pressure';
import type { MemorySample, PressureSettings } from './pressure';
import { byWorth } from './queue';
import type { PoolRecord } from './record';
import type { Slot } from './slot';
import type { Pressure } from './status';

/** Keeps the last sample, and stops idle servers when it shows that there is no memory for them. */
export class PressureRelief {
  private sample: MemorySample | null = null;
  /** By both times, since one of them may stand still while the machine sleeps. */
  private sampledAt = { monotonic: 0, wall: 0 };
  /** The measure that was over the threshold when it was last looked at. */
  private over: 'ours' | 'machine' | null = null;

  constructor(
    private readonly record: PoolRecord,
    private readonly clock: Clock,
    private readonly settings: () => PressureSettings,
  ) {}

  pressure(): Pressure {
    return { ...pressureOf(this.sample, this.settings()), ageMs: this.ageMs };
  }

  /** A new sample of all of `slots`, or none where the last one is not true any more. */
  take(sample: MemorySample | null, slots: readonly Slot[]): void {
    const present = new Set(slots.map(({ id }) => id));
    this.sample = sample;
    this.sampledAt = { monotonic: this.clock.monotonic(), wall: this.clock.now() };
    for (const id of sample?.servers.keys() ?? []) if (!present.has(id)) this.remove(id);
    if (!this.sample) return;
    this.tell();
    if (!this.over) return;
    const free = slots.filter(({ state, isPinned }) => state === 'idle' && !isPinned).sort(byWorth);
    const leaving = slots.filter(({ isLeaving }) => isLeaving);
    const victims = pressureVictims(this.sample, this.settings(), idsOf(free), idsOf(leaving));
    for (const slot of free) if (victims.includes(slot.id)) void slot.stop('pressure');
  }

  /** What a server used is free again. */
  gone({ id }: Slot): void {
    this.remove(id);
    if (this.over) this.tell();
  }

  private get ageMs(): number | null {
    if (!this.sample) return null;
    const { monotonic, wall } = this.sampledAt;
    return Math.max(this.clock.monotonic() - monotonic, this.clock.now() - wall);
  }

  private remove(id: string): void {
    if (this.sample) this.sample = without(this.sample, id);
  }

  /** Says when pressure begins and when it is over, once each. */
  private tell(): void {
    const { ours, machine, thresholdPercent, isOver } = this.pressure();
    const before = this.over;
    if (isOver) {
      this.over = ours.percent > thresholdPercent ? 'ours' : 'machine';
      const percent = this.over === 'ours' ? ours.percent : (machine?.percent ?? 0);
      if (!before) this.record.pressureFound(percent);
    } else if (before) {
      this.over = null;
      this.record.pressureOver(before === 'ours' ? ours.percent : (machine?.percent ?? 0));
    }
  }
}

function idsOf(slots: readonly Slot[]): string[] {
  return slots.map(({ id }) => id);
}
