import { readFile } from 'node:fs/promises';

import type { MachineMemory } from '../runtime';

/**
 * Bytes that a process and those that it started have for themselves: anonymous and shared memory,
 * not the pages of files, which the kernel may drop. Null off Linux and once it has ended.
 */
export async function memoryOfTree(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const own = kilobytes(status, 'RssAnon') + kilobytes(status, 'RssShmem');
    const below = await Promise.all((await childrenOf(pid)).map(memoryOfTree));
    return below.reduce((sum: number, bytes) => sum + (bytes ?? 0), own * 1024);
  } catch {
    return null;
  }
}

/** Memory of this machine; null off Linux, where the system does not tell what is cache. */
export async function machineMemory(): Promise<MachineMemory | null> {
  if (process.platform !== 'linux') return null;
  try {
    return memoryIn(await readFile('/proc/meminfo', 'utf8'));
  } catch {
    return null;
  }
}

/** What the text of a `/proc/meminfo` says. */
export function memoryIn(meminfo: string): MachineMemory {
  const totalBytes = kilobytes(meminfo, 'MemTotal') * 1024;
  return { usedBytes: totalBytes - kilobytes(meminfo, 'MemAvailable') * 1024, totalBytes };
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
}
