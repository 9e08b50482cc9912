import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { hasCode, isMissing } from './privateFiles';

/** A process id is used again after its process has ended; with the start it is unique. */
export interface ProcessIdentity {
  pid: number;
  /** When the process started, in the platform's own words without `.` and `/`. */
  start: string;
}

const run = promisify(execFile);

/** Who this process is. */
export async function thisProcess(): Promise<ProcessIdentity> {
  // Off Linux, asking the system costs a process, so the start is what Node itself measured.
  const seconds = Math.round(performance.timeOrigin / 1000);
  return { pid: process.pid, start: (await linuxStart(process.pid)) ?? `s${seconds}` };
}

/** Who has this number now; undefined when nobody has. */
export async function processWith(pid: number): Promise<ProcessIdentity | undefined> {
  if (process.platform === 'linux') {
    const start = await linuxStart(pid);
    return start === undefined ? undefined : { pid, start };
  }
  const seconds = await askedStart(pid);
  return seconds === undefined ? undefined : { pid, start: `s${Math.round(seconds)}` };
}

/** False once the process has ended, also when another one has its number now. */
export async function isRunning({ pid, start }: ProcessIdentity): Promise<boolean> {
  if (!isPidTaken(pid)) return false;
  if (!start.startsWith('s')) return (await linuxStart(pid)) === start;
  const now = await askedStart(pid);
  // The clock of Node starts a moment after the process does.
  return now === undefined || Math.abs(now - Number(start.slice(1))) <= 5;
}

function isPidTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** Boot and clock ticks since it; undefined off Linux and for a process that has ended. */
async function linuxStart(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // The second field is the program's name in brackets, and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    return state === 'Z' || ticks === undefined ? undefined : `${boot.slice(0, 8)}-${ticks}`;
  } catch (error) {
    // Whoever asks takes away what the dead left, so only what is surely gone may pass for dead.
    if (isMissing(error) || hasCode(error, 'ESRCH')) return undefined;
    throw error;
  }
}

/** Seconds since 1970; undefined when the system does not say. */
async function askedStart(pid: number): Promise<number | undefined> {
  const question =
    process.platform === 'win32'
      ? [
          'powershell.exe',
          '-NoProfile',
          '-Command',
          `(Get-Process -Id ${pid}).StartTime.ToString('o')`,
        ]
      : ['ps', '-o', 'lstart=', '-p', String(pid)];
  const [program = '', ...args] = question;
  try {
    const env = { ...process.env, LC_ALL: 'C' };
    const { stdout } = await run(program, args, { timeout: 5_000, env, windowsHide: true });
    const time = Date.parse(stdout.trim());
    return Number.isNaN(time) ? undefined : time / 1000;
  } catch {
    return undefined;
  }
}
