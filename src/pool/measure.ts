import { withDeadline } from '../base/deadline';
import type { MemorySample } from './pressure';
import type { RuntimeSet } from './runtimeSet';
import type { Slot } from './slot';

const deadlineMs = 3_000;

/** Looks at the memory of all servers and of their machines at once. */
export class Measurer {
  constructor(private readonly runtimes: RuntimeSet) {}

  /** Writes what each server uses into its slot, too. */
  async measure(slots: readonly Slot[]): Promise<MemorySample> {
    const names = [...new Set(slots.map(({ runtime }) => runtime))];
    const [servers, machines] = await Promise.all([
      Promise.all(
        slots.map(async (slot) => {
          const { runtime, isPinned, current } = slot;
          const bytes = await inTime((signal) => current?.memoryBytes(signal));
          if (slot.current === current) slot.memoryBytes = bytes;
          return [slot.id, { runtime, isPinned, bytes }] as const;
        }),
      ),
      Promise.all(
        names.map(async (name) => {
          const memory = await inTime((signal) => this.runtimes.peek(name)?.machineMemory(signal));
          return memory ? ([[name, memory]] as const) : [];
        }),
      ),
    ]);
    return { servers: new Map(servers), machines: new Map(machines.flat()) };
  }
}

/** What cannot be measured in time is not known. */
async function inTime<T>(
  look: (signal: AbortSignal) => Promise<T | null> | undefined,
): Promise<T | null> {
  const work = async (signal: AbortSignal) => (await look(signal)) ?? null;
  return await withDeadline('Measuring memory', deadlineMs, undefined, work).catch(() => null);
}
