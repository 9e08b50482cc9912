import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

/** What a finished command left behind. `code` is 1 when a signal ended it. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How `runCommand` runs a command. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The command and its children are killed after this many milliseconds. */
  readonly deadlineMs: number;
  /** Also prints the output while it comes, each line behind this name. */
  readonly echo?: string;
}

/**
 * Runs a command to its end and collects its output. It rejects when the program cannot be started
 * or the deadline passes; an exit status other than 0 is an answer, not an error.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const child = spawnGroup(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    const print = options.echo === undefined ? undefined : linesBehind(options.echo, process[name]);
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      print?.(text);
    });
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    signalGroup(child, 'SIGKILL');
  }, options.deadlineMs);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (late) {
      const seconds = Math.round(options.deadlineMs / 1000);
      throw new Error(`${command} ${args.join(' ')} did not end within ${seconds} s.`);
    }
    return { code: code ?? 1, ...output };
  } finally {
    clearTimeout(timer);
  }
}

/** Prints whole lines, so that those of two commands never share one; the last one ends in `\n`. */
function linesBehind(name: string, to: NodeJS.WriteStream): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) to.write(lines.map((line) => `${name} | ${line}\n`).join(''));
  };
}

/** As `runCommand`, but an exit status other than 0 rejects with the end of the output. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const result = await runCommand(command, args, options);
  if (result.code !== 0) {
    const tail = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-20).join('\n');
    throw new Error(`${command} ${args.join(' ')} ended with status ${result.code}:\n${tail}`);
  }
  return result.stdout;
}

/**
 * Starts a process as the leader of a group of its own, so that everything it starts ends with it.
 * The group is killed when this process exits.
 */
export function spawnGroup(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true });
  const kill = (): void => signalGroup(child, 'SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.removeListener('exit', kill));
  return child;
}

/** Makes the signals that end a program let it clean up: groups of `spawnGroup` end with it. */
export function exitOnSignals(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}

/** Ends a process of `spawnGroup` and its group: asked first, killed after three seconds. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    signalGroup(child, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), 3_000);
    await ended;
    clearTimeout(timer);
  }
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
