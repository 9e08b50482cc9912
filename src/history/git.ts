import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { WarRoomError } from '../base/errors';
import { silentLog } from '../base/log';
import type { Log } from '../base/log';

/** What a git command left behind. */
export interface GitResult {
  code: number;
  stdout: Buffer;
  stderr: string;
}

export interface GitOptions {
  signal?: AbortSignal;
  log?: Log;
  /** The environment that git and its hooks inherit. */
  env?: NodeJS.ProcessEnv;
}

export interface GitCall {
  /** Bytes for standard input. */
  input?: Uint8Array;
  /** Added to the environment, for example `GIT_INDEX_FILE`. */
  env?: NodeJS.ProcessEnv;
  /** Exit statuses that are answers and not errors; 0 unless told. */
  accept?: readonly number[];
  deadlineMs?: number;
  /** Hooks and signing speak to a person, in the person's own language. */
  spoken?: boolean;
  /** A person sits at the terminal that this process has: git may ask them for a password there. */
  atTerminal?: boolean;
}

const readDeadlineMs = 30_000;
const lockWaitMs = 5_000;
/** Between asking a command to end and making it. */
const graceMs = 2_000;

/** Variables that would point git at another repository, as where War Room runs inside a hook. */
const misleading = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_NAMESPACE',
];

/**
 * Runs git in one folder. Paths are literal, nothing prompts, and each call ends with its deadline
 * or its signal, together with the hooks that it started.
 *
 * A library would sit between: it decides which variables of the person reach git and its hooks
 * (signing and configuration need them), knows text only, and leaves hooks behind when it stops.
 */
export class Git {
  private readonly log: Log;

  constructor(
    readonly folder: string,
    private readonly options: GitOptions = {},
  ) {
    this.log = options.log ?? silentLog;
  }

  /**
   * @throws code `git-failed` for any exit status that the call does not accept, with what git
   *   said, and where another git holds a lock for longer than {@link lockWaitMs}; `deadline`,
   *   `cancelled`
   */
  async run(args: readonly string[], call: GitCall = {}): Promise<GitResult> {
    const end = performance.now() + lockWaitMs;
    for (;;) {
      const result = await this.once(args, call);
      if ((call.accept ?? [0]).includes(result.code)) return result;
      // Another git holds the index for a moment, the editor's own for example.
      const lock = /Unable to create '(.*\.lock)': File exists/.exec(result.stderr)?.[1];
      if (lock === undefined) throw failure(args, result);
      if (performance.now() > end) throw lockedBy(lock);
      await sleep(100);
    }
  }

  /** Standard output as text, without the last line end. */
  async text(args: readonly string[], call?: GitCall): Promise<string> {
    return (await this.run(args, call)).stdout.toString('utf8').replace(/\n$/, '');
  }

  /** The fields of an output with `-z`. */
  async fields(args: readonly string[], call?: GitCall): Promise<string[]> {
    const fields = (await this.run(args, call)).stdout.toString('utf8').split('\0');
    return fields.slice(0, -1);
  }

  private async once(args: readonly string[], call: GitCall): Promise<GitResult> {
    this.log.debug(`git ${args.join(' ')}`);
    this.throwIfStopped();
    const child = spawn('git', [...args], {
      cwd: this.folder,
      env: this.environment(call),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // A group of its own, so that hooks end with it, and no terminal: what would ask there for
      // ever fails at once.
      detached: process.platform !== 'win32' && call.atTerminal !== true,
    });
    return collect(child, args, call, this.options.signal);
  }

  private throwIfStopped(): void {
    if (this.options.signal?.aborted) throw stopped(this.options.signal);
  }

  private environment({ env, spoken, atTerminal }: GitCall): NodeJS.ProcessEnv {
    const inherited = { ...(this.options.env ?? process.env) };
    for (const name of misleading) delete inherited[name];
    return {
      ...inherited,
      ...(atTerminal ? {} : { GIT_TERMINAL_PROMPT: '0' }),
      GIT_LITERAL_PATHSPECS: '1',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_EDITOR: ':',
      ...(spoken
        ? { GIT_LITERAL_PATHSPECS: undefined, GIT_OPTIONAL_LOCKS: undefined }
        : { LC_ALL: 'C' }),
      ...env,
    };
  }
}

async function collect(
  child: ChildProcess,
  args: readonly string[],
  call: GitCall,
  signal: AbortSignal | undefined,
): Promise<GitResult> {
  const deadlineMs = call.deadlineMs ?? readDeadlineMs;
  const output: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => output[name].push(chunk));
  }
  // A command that does not read to the end closes the pipe; its exit status says why.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(call.input ?? '');
  return new Promise<GitResult>((resolve, reject) => {
    let reason: WarRoomError | undefined;
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    // What it did is known only once it has ended; a group that cannot be ended is not waited for.
    const stop = (why: WarRoomError) => {
      reason ??= why;
      endGroup(child);
      setTimeout(() => settle(() => reject(why)), 2 * graceMs).unref();
    };
    const onAbort = () => stop(stopped(signal));
    const timer = setTimeout(() => {
      const what = `git ${args[0] ?? ''}`;
      stop(new WarRoomError('deadline', `${what} took longer than ${deadlineMs / 1000} s.`));
    }, deadlineMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    child.once('error', (cause) => {
      const message = 'git cannot be started; install it and try again.';
      settle(() => reject(new WarRoomError('git-failed', message, { cause })));
    });
    child.once('close', (code) => {
      const stderr = Buffer.concat(output.stderr).toString('utf8');
      const result = { code: code ?? 128, stdout: Buffer.concat(output.stdout), stderr };
      settle(() => (reason ? reject(reason) : resolve(result)));
    });
  });
}

/** Asks the command and its hooks to end, so that git removes its lock files, and then makes them. */
function endGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { windowsHide: true, stdio: 'ignore' });
    return;
  }
  signalGroup(child, pid, 'SIGTERM');
  setTimeout(() => signalGroup(child, pid, 'SIGKILL'), graceMs).unref();
}

function signalGroup(child: ChildProcess, pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself, or shares our own group since it asks at our terminal.
    child.kill(signal);
  }
}

function stopped(signal: AbortSignal | undefined): WarRoomError {
  const reason: unknown = signal?.reason;
  return WarRoomError.is(reason)
    ? reason
    : new WarRoomError('cancelled', 'The work with git was cancelled; nothing was committed.');
}

function lockedBy(lock: string): WarRoomError {
  return new WarRoomError(
    'git-failed',
    `Another git holds ${lock}, so nothing was staged or committed; try again when it has ended, or remove that file if no git is running here.`,
  );
}

function failure(args: readonly string[], { code, stderr, stdout }: GitResult): WarRoomError {
  const said = (stderr.trim() || stdout.toString('utf8').trim()).split('\n').slice(-5).join('\n');
  return new WarRoomError(
    'git-failed',
    `git ${args[0] ?? ''} ended with status ${code}: ${said || 'it said nothing'}`,
  );
}
