import { spawn } from 'node:child_process';
import type { ChildProcessByStdio, ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import type { Writable } from 'node:stream';

/** What a program on this system cannot do without. */
const always =
  process.platform === 'win32'
    ? ['PATH', 'HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'SystemRoot', 'TEMP']
    : ['PATH', 'HOME'];

/**
 * Starts a script with the Node that runs us; on the desktop that is the editor itself, told to be
 * Node. The child sees `environment` and nothing else of ours.
 */
export function startNode(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const asNode = { ...environment, ELECTRON_RUN_AS_NODE: '1' };
  return startChild(process.execPath, [script, ...args], asNode);
}

/**
 * Starts a program in a process group of its own, so that its own children can be ended with it.
 * @param cwd the folder that it starts in; ours unless told
 */
export function startChild(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd?: string,
): ChildProcessWithoutNullStreams {
  const inherited = Object.fromEntries(always.map((name) => [name, process.env[name]]));
  return spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...inherited, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

/**
 * Starts a script that outlives us, hears us over its standard input, and is no reason for us to
 * stay alive.
 */
export function startBeside(script: string): ChildProcessByStdio<Writable, null, null> {
  const inherited = Object.fromEntries(always.map((name) => [name, process.env[name]]));
  const child = spawn(process.execPath, [script], {
    env: { ...inherited, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'ignore', 'ignore'],
    // Also on Windows, where children that are not detached end with their parent.
    detached: true,
    windowsHide: true,
    // A folder that is some process' own cannot be removed on Windows.
    cwd: homedir(),
  });
  child.unref();
  return child;
}

/**
 * Ends a child and its children: its input is closed, `graceMs` later it is asked, and then it is
 * killed.
 */
export async function endChild(
  child: ChildProcessWithoutNullStreams,
  graceMs: number,
): Promise<void> {
  if (child.pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.stdin.end();
    const timers = [
      setTimeout(() => signalGroup(child, 'SIGTERM'), graceMs),
      setTimeout(() => signalGroup(child, 'SIGKILL'), 2 * graceMs),
    ];
    try {
      await exit;
    } finally {
      timers.forEach(clearTimeout);
    }
  }
  killLeftovers(child);
}

/** What a child that has exited started itself may have stayed behind. */
export function killLeftovers(child: ChildProcessWithoutNullStreams): void {
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined || process.platform === 'win32') {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}
