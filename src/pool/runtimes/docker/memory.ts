import { withDeadline } from '../../../base/deadline';
import { StreamFrames } from '../../../base/streamFrames';
import type { Engine } from '../../engine/connect';
import { askEngine } from '../../engine/stream';
import type { MachineMemory } from '../../runtime';
import { memoryIn } from '../procMemory';

const requestMs = 5_000;

/** Fields of an answer to `stats`; empty for a container that ends. */
interface Stats {
  memory_stats?: {
    usage?: number;
    /** `inactive_file` on cgroup v2, `total_inactive_file` on v1. */
    stats?: { inactive_file?: number; total_inactive_file?: number };
  };
}

/** Bytes that a container uses, without the cache of files that the kernel may drop; or null. */
export async function containerMemory(
  { place }: Engine,
  containerId: string,
  signal: AbortSignal,
): Promise<number | null> {
  const path = `/containers/${containerId}/stats?stream=false&one-shot=true`;
  const stats = await withDeadline("Asking for a container's memory", requestMs, signal, (within) =>
    askEngine<Stats>(place.connection, { method: 'GET', path }, within),
  );
  return usedMemory(stats);
}

/** Usage less inactive file cache, as docker's own command counts. */
export function usedMemory({ memory_stats: memory }: Stats): number | null {
  if (memory?.usage === undefined) return null;
  const cache = memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0;
  return Math.max(0, memory.usage - cache);
}

/**
 * Memory of the machine that the engine runs on, as a container of ours sees it; null where its
 * image has no `cat`.
 */
export async function machineMemoryFrom(
  { client }: Engine,
  containerId: string,
  signal: AbortSignal,
): Promise<MachineMemory | null> {
  return await withDeadline("Asking for the machine's memory", requestMs, signal, async () => {
    const command = { Cmd: ['cat', '/proc/meminfo'], AttachStdout: true, User: '65532:65532' };
    const execution = await client.getContainer(containerId).exec(command);
    const output = await execution.start({ hijack: false, stdin: false });
    const frames = new StreamFrames();
    const bytes: Buffer[] = [];
    for await (const chunk of output) {
      for (const { payload } of frames.push(chunk as Buffer)) bytes.push(payload);
    }
    const memory = memoryIn(Buffer.concat(bytes).toString('utf8'));
    return memory.totalBytes > 0 ? memory : null;
  });
}
