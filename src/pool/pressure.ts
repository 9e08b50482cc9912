import type { MachineMemory } from './runtime';
import type { RuntimeName } from './serverSpec';
import type { MemoryShare, Pressure } from './status';

/** What all servers and their machines used at one moment. */
export interface MemorySample {
  /** By the id of the server. */
  servers: ReadonlyMap<string, ServerMemory>;
  /** Those machines that tell. Two runtimes may be on one machine. */
  machines: ReadonlyMap<RuntimeName, MachineMemory>;
}

export interface ServerMemory {
  runtime: RuntimeName;
  /** Null where the system does not tell. */
  bytes: number | null;
  isPinned: boolean;
}

export interface PressureSettings {
  /** What all servers together should use at most. */
  budgetBytes: number;
  /** From this share on there is pressure, in percent. */
  thresholdPercent: number;
}

/**
 * The two measures: what our servers use of their budget, and what a machine uses in all. The
 * machine's counts only if stopping ours would bring it to the threshold: a machine that is full of
 * other things is no reason to empty the pool.
 */
export function pressureOf(
  sample: MemorySample | null,
  { budgetBytes, thresholdPercent }: PressureSettings,
): Omit<Pressure, 'ageMs'> {
  const ours = share(
    sumOf(sample, () => true),
    budgetBytes,
  );
  const machines = sample ? machinesOf(sample, thresholdPercent) : [];
  const worst = machines.sort(
    (a, b) => Number(b.counts) - Number(a.counts) || b.share.percent - a.share.percent,
  )[0];
  return {
    ours,
    machine: worst?.share ?? null,
    thresholdPercent,
    isOver: ours.percent > thresholdPercent || worst?.counts === true,
  };
}

/**
 * Which idle servers to stop, as few as it takes by the sample's numbers.
 * @param oldestFirst ids of those that may be stopped
 * @param leaving ids of those that are being stopped already: what they hold is as good as won
 */
export function pressureVictims(
  sample: MemorySample,
  settings: PressureSettings,
  oldestFirst: readonly string[],
  leaving: readonly string[],
): string[] {
  let left = leaving.reduce(without, sample);
  const victims: string[] = [];
  for (const id of oldestFirst) {
    const server = left.servers.get(id);
    if (!server?.bytes || !wouldHelp(left, settings, server.runtime)) continue;
    victims.push(id);
    left = without(left, id);
  }
  return victims;
}

/** The sample as it should be once a server is gone. */
export function without(sample: MemorySample, id: string): MemorySample {
  const gone = sample.servers.get(id);
  if (!gone) return sample;
  const home = sample.machines.get(gone.runtime)?.totalBytes;
  return {
    servers: new Map([...sample.servers].filter(([other]) => other !== id)),
    machines: new Map(
      [...sample.machines].map(([runtime, { usedBytes, totalBytes }]) => {
        const won = totalBytes === home ? (gone.bytes ?? 0) : 0;
        return [runtime, { usedBytes: Math.max(0, usedBytes - won), totalBytes }];
      }),
    ),
  };
}

function wouldHelp(sample: MemorySample, settings: PressureSettings, runtime: RuntimeName) {
  const { ours, thresholdPercent } = pressureOf(sample, settings);
  if (ours.percent > thresholdPercent) return true;
  const home = sample.machines.get(runtime)?.totalBytes;
  return machinesOf(sample, thresholdPercent).some(
    ({ counts, share: { totalBytes } }) => counts && totalBytes === home,
  );
}

interface Machine {
  share: MemoryShare;
  counts: boolean;
}

function machinesOf(sample: MemorySample, thresholdPercent: number): Machine[] {
  // Two runtimes of the same total to the byte, such as processes beside a local engine, are on
  // one machine.
  const byTotal = new Map([...sample.machines.values()].map((each) => [each.totalBytes, each]));
  return [...byTotal.values()].map(({ usedBytes, totalBytes }) => {
    const stoppable = sumOf(
      sample,
      ({ runtime, isPinned }) =>
        !isPinned && sample.machines.get(runtime)?.totalBytes === totalBytes,
    );
    const all = share(usedBytes, totalBytes);
    const withoutOurs = share(usedBytes - stoppable, totalBytes);
    const counts = all.percent > thresholdPercent && withoutOurs.percent <= thresholdPercent;
    return { share: all, counts };
  });
}

function sumOf(sample: MemorySample | null, counts: (server: ServerMemory) => boolean): number {
  const servers = [...(sample?.servers.values() ?? [])].filter(counts);
  return servers.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
}

function share(usedBytes: number, totalBytes: number): MemoryShare {
  return { usedBytes, totalBytes, percent: (100 * usedBytes) / totalBytes };
}
