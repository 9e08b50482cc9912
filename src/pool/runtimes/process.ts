import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { settled } from '../../base/deadline';
import { WarRoomError, messageOf } from '../../base/errors';
import { errorLines } from '../errorLines';
import { filledArgs } from '../filledArgs';
import type { ReaperLine } from '../reaper/reaperLine';
import type { ProgramLimits, Runtime, ServerProgram, StartRequest } from '../runtime';
import type { ServerSpec } from '../serverSpec';
import { endChild, killLeftovers, startChild, startNode } from './nodeChild';
import { machineMemory, memoryOfTree } from './procMemory';

const defaultGraceMs = 2_000;
/** How long what a dead program wrote may take to arrive. */
const drainMs = 300;
/** How long the removal of a folder is waited for. */
const removeMs = 2_000;

const noLimits: ProgramLimits = { memoryBytes: null, cpus: null, notApplied: [] };

/** What `npx` and `uvx` need of ours to fetch a package. */
const toFetch = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'NPM_CONFIG_REGISTRY',
  'UV_DEFAULT_INDEX',
  'UV_INDEX_URL',
].flatMap((name) => [name, name.toLowerCase()]);

export interface ProcessRuntimeOptions {
  /** Between the end of its input and being asked to end, and between that and being killed. */
  graceMs?: number;
  /** Ends those programs of others that would outlive us. */
  reaper?: Pick<ReaperLine, 'guardChild'>;
}

/** Servers as child processes that speak over standard input and output, as the person itself. */
export function processRuntime(options: ProcessRuntimeOptions = {}): Runtime {
  return {
    name: 'process',
    start: (request) => startProgram(request, options),
    machineMemory,
    dispose: () => Promise.resolve(),
  };
}

async function startProgram(
  request: StartRequest,
  { graceMs = defaultGraceMs, reaper }: ProcessRuntimeOptions,
): Promise<ServerProgram> {
  const { spec } = request;
  const ownFolder = 'package' in spec.program ? await emptyFolder() : null;
  const child = childOf({ ...request, spec: { ...spec, args: filledArgs(request) } }, ownFolder);
  try {
    await once(child, 'spawn');
  } catch (error) {
    await removeFolder(ownFolder);
    throw new WarRoomError(
      'server-failed',
      `The ${spec.name} server could not be started as a process (${messageOf(error)}).`,
      { cause: error },
    );
  }
  const program = new ChildProgram(request, child, graceMs, ownFolder);
  // Ours end with their input, as was tested.
  if (reaper && child.pid !== undefined && spec.program.kind !== 'bundled') {
    const guarded = reaper.guardChild(child.pid);
    void program.gone.then(() => guarded.dispose());
  }
  return program;
}

function childOf(
  { spec, environment }: StartRequest,
  ownFolder: string | null,
): ChildProcessWithoutNullStreams {
  const { program } = spec;
  if (program.kind === 'bundled') return startNode(program.script, spec.args, environment);
  const [command, ...args] = commandLine(spec);
  if (program.kind === 'command') return startChild(command, args, environment, program.folder);
  const variables = { ...ownVariables(toFetch), ...environment };
  return startChild(command, args, variables, ownFolder ?? undefined);
}

/**
 * Where a package is fetched and started: in a repository, `npx` would run what its `node_modules`
 * hold under that name, by the settings of its `.npmrc`.
 */
async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'war-room-server-'));
  // Without one, npm would look for a project in the folders above.
  await writeFile(path.join(folder, 'package.json'), '{}');
  return folder;
}

/** Never rejects: what a server left behind is in the system's folder for such things. */
async function removeFolder(folder: string | null): Promise<void> {
  if (folder === null) return;
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

/** How a person would start the program in a terminal. */
function commandLine({ name, program, args }: ServerSpec): [string, ...string[]] {
  switch (program.kind) {
    case 'npm': {
      const what = `${program.package}@${program.version}`;
      return program.bin === null
        ? [...npx, '--yes', what, ...args]
        : [...npx, '--yes', `--package=${what}`, '--', program.bin, ...args];
    }
    case 'pypi': {
      const what = `${program.package}==${program.version}`;
      return ['uvx', '--from', what, program.command ?? program.package, ...args];
    }
    case 'command':
      return [program.command, ...args];
    default:
      throw new WarRoomError(
        'server-failed',
        `The ${name} server is an image, which runs in a container only.`,
      );
  }
}

/** On Windows it is a script of the shell. */
const npx: [string, ...string[]] =
  process.platform === 'win32' ? ['cmd.exe', '/d', '/c', 'npx'] : ['npx'];

function ownVariables(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

class ChildProgram implements ServerProgram {
  readonly id: string;
  readonly name: string;
  readonly limits = noLimits;
  readonly gone: Promise<string>;
  private stopping: Promise<void> | null = null;

  constructor(
    private readonly request: StartRequest,
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly graceMs: number,
    private readonly ownFolder: string | null,
  ) {
    this.id = String(child.pid);
    this.name = `${request.spec.name}-mcp-${child.pid}`;
    const take = errorLines(request.onErrorLine);
    child.stderr.on('data', (chunk: Buffer) => take(chunk));
    child.stderr.once('end', () => take());
    // A pipe whose other end is gone is no news: the exit tells it.
    child.stdin.on('error', () => undefined);
    child.on('error', () => undefined);
    this.gone = this.untilGone();
  }

  get input() {
    return this.child.stdin;
  }

  get output() {
    return this.child.stdout;
  }

  greeted(): Promise<void> {
    return Promise.resolve();
  }

  async memoryBytes(): Promise<number | null> {
    return await memoryOfTree(Number(this.id));
  }

  async inspect(): Promise<unknown> {
    const { spec, environment } = this.request;
    return {
      pid: Number(this.id),
      program: spec.program,
      arguments: spec.args,
      environment: Object.fromEntries(Object.keys(environment).map((name) => [name, '***'])),
      memoryBytes: await this.memoryBytes(),
    };
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    await endChild(this.child, this.graceMs);
    await this.gone;
  }

  /** Never rejects. */
  private async untilGone(): Promise<string> {
    const closed = new Promise((resolve) => this.child.once('close', resolve));
    await new Promise((resolve) => this.child.once('exit', resolve));
    // A grandchild may keep the pipes open; the program itself is gone all the same.
    await settled(closed, drainMs);
    // Behind a wrapper such as `npx` it is the server; nobody else knows of it once this is told.
    killLeftovers(this.child);
    await settled(removeFolder(this.ownFolder), removeMs);
    return this.obituary();
  }

  private obituary(): string {
    const { exitCode, signalCode } = this.child;
    return signalCode ? `was ended by ${signalCode}` : `ended with status ${exitCode ?? 'unknown'}`;
  }
}
