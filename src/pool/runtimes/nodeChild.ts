import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';

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
  environment: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const inherited = Object.fromEntries(always.map((name) => [name, process.env[name]]));
  return spawn(process.execPath, [script], {
    env: { ...inherited, ...environment, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

/** Ends a child: its input is closed, `graceMs` later it is asked, and then it is killed. */
export async function endChild(
  child: ChildProcessWithoutNullStreams,
  graceMs: number,
): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.stdin.end();
  const timers = [
    setTimeout(() => child.kill('SIGTERM'), graceMs),
    setTimeout(() => child.kill('SIGKILL'), 2 * graceMs),
  ];
  try {
    await exit;
  } finally {
    timers.forEach(clearTimeout);
  }
}
