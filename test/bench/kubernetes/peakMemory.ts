import { readFile } from 'node:fs/promises';

const everyMs = 10;

/**
 * Follows how much memory a process has held at most, as Linux keeps it. Needs `/proc`.
 * @returns ends the watch and says it, in MB
 */
export function watchPeak(pid: number): () => number {
  let peakKb = 0;
  const look = async () => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    peakKb = Math.max(peakKb, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0));
  };
  const timer = setInterval(() => void look(), everyMs);
  return () => {
    clearInterval(timer);
    return peakKb / 1024;
  };
}
