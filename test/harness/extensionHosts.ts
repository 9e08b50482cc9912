import { readFile, readdir } from 'node:fs/promises';

/** Ids of the extension host processes below the process `root` (Linux: read from /proc). */
export async function extensionHosts(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    const parent = /^\d+$/.test(name) ? await parentOf(name) : undefined;
    if (parent !== undefined) {
      parents.set(Number(name), parent);
    }
  }
  const below = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || below(parents.get(pid)));
  const hosts: number[] = [];
  for (const pid of [...parents.keys()].filter(below)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.split('\0').includes('--type=extensionHost')) {
      hosts.push(pid);
    }
  }
  return hosts;
}

async function parentOf(pid: string): Promise<number | undefined> {
  // A process may end while it is looked at.
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1];
  return parent === undefined ? undefined : Number(parent);
}
