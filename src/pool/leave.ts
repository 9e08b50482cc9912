import { createHash } from 'node:crypto';
import path from 'node:path';

import { WarRoomError } from '../base/errors';
import { lockFolder } from '../base/folderLock';
import { makePrivateFolder, readIfThere, writeAtomically } from '../base/privateFiles';
import type { LeaveAnswer, LeaveRequest } from '../incident/leave';
import type { Program } from '../incident/program';
import type { RuntimeName, ServerSpec } from './serverSpec';

/** Which servers start without a question: the setting `warRoom.pool.autoApprove`. */
export type AutoApprove = 'trusted' | 'always' | 'never';

/** How long another window or command may take to write down an answer. */
const lockMs = 10_000;

/** Leave that a person gave for good. */
export interface Grant {
  server: string;
  program: string;
  command: string | null;
  folder: string | null;
  image: string | null;
  environment: readonly string[];
  network: readonly string[];
  /** ISO 8601. */
  at: string;
}

interface GrantFile {
  schema: 1;
  /** By {@link leaveKey}. */
  grants: Record<string, Grant>;
}

/**
 * Says which programs may start here, and remembers what a person answered: for good in a file, for
 * one incident in memory. It starts nothing and asks nobody.
 */
export class Leaves {
  private readonly once = new Set<string>();

  /** @param file JSON in the data folder; a missing one means that nothing was allowed yet */
  constructor(
    private readonly file: string,
    private readonly policy: () => AutoApprove,
  ) {}

  /** True if the server may start for `holder` without a question. */
  async allows(request: LeaveRequest, holder: string): Promise<boolean> {
    if (this.once.has(onceKey(request.key, holder))) return true;
    const policy = this.policy();
    if (policy === 'never') return false;
    // What runs unsandboxed is only ever started by its own leave.
    if (policy === 'always' && request.runtime !== 'process') return true;
    return request.key in (await this.read()).grants;
  }

  /** Keeps what the person answered; a no is not kept, so that it is asked again another time. */
  async keep(request: LeaveRequest, answer: LeaveAnswer, holder: string, at: Date): Promise<void> {
    if (answer === 'no') return;
    this.once.add(onceKey(request.key, holder));
    if (answer === 'once') return;
    const { server, program, command, folder, image, environment, network } = request;
    const given = { server, program, command, folder, image, environment, network };
    const grant = { ...given, at: at.toISOString() };
    await this.change((grants) => ({ ...grants, [request.key]: grant }));
  }

  /** What was allowed for good. */
  async granted(): Promise<readonly Grant[]> {
    return Object.values((await this.read()).grants);
  }

  /** Forgets everything that was allowed; fulfilled with how many grants there were. */
  async clear(): Promise<number> {
    this.once.clear();
    return await this.change(() => ({}));
  }

  /**
   * Windows and commands share the file: what one writes must not undo what another wrote meanwhile.
   * @returns how many grants there were
   */
  private async change(to: (grants: GrantFile['grants']) => GrantFile['grants']): Promise<number> {
    await makePrivateFolder(path.dirname(this.file));
    const lock = await lockFolder(`${this.file}.lock`, 'The list of allowed servers', lockMs);
    try {
      const { grants } = await this.read();
      const content = { schema: 1, grants: to(grants) } satisfies GrantFile;
      await writeAtomically(this.file, `${JSON.stringify(content, null, 2)}\n`);
      return Object.keys(grants).length;
    } finally {
      await lock.release();
    }
  }

  private async read(): Promise<GrantFile> {
    const content = await readIfThere(this.file);
    if (!content) return { schema: 1, grants: {} };
    try {
      const parsed = JSON.parse(content.toString('utf8')) as Partial<GrantFile>;
      if (parsed.schema === 1 && typeof parsed.grants === 'object') return parsed as GrantFile;
    } catch {
      // Said below; a file that cannot be read must never count as leave.
    }
    throw new WarRoomError(
      'leave-needed',
      `${this.file} cannot be read, so no server was started by it; it is kept. Repair it, or remove it to be asked again.`,
    );
  }
}

/** What a request for leave says besides what the pool is asked for. */
export interface AboutServer extends Pick<
  LeaveRequest,
  'publisher' | 'environment' | 'minted' | 'why'
> {
  /** The image that packages of its kind are put on; null for others. */
  base: string | null;
  /** What an `mcp.json` says of its variables, secrets included: part of the key, never shown. */
  written: Readonly<Record<string, string>>;
}

/** What a person can be expected to read before agreeing to it, in characters. */
const mostCharacters = 4_000;

/**
 * What a person is asked before a server starts, or null for what comes with War Room.
 * @throws code `leave-needed` for what is too long to be shown whole
 */
export function leaveRequest(
  spec: ServerSpec,
  runtime: RuntimeName,
  about: AboutServer,
): LeaveRequest | null {
  if (spec.program.kind === 'bundled') return null;
  const asked = {
    runtime,
    program: programText(spec.program),
    command: commandOf(spec.program),
    folder: spec.program.kind === 'command' ? spec.program.folder : null,
    image: runtime === 'process' ? null : imageOf(spec.program, about.base),
    integrity: checkedIntegrity(spec.program, runtime),
    args: spec.args,
    environment: [...about.environment].sort(),
    network: [...spec.hosts].sort(),
    minted: about.minted,
  };
  requireReadable(spec.name, JSON.stringify(asked).length);
  const written = Object.entries(about.written).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = createHash('sha256')
    .update(JSON.stringify([asked, written]))
    .digest('hex');
  return { server: spec.name, key, publisher: about.publisher, why: about.why, ...asked };
}

function requireReadable(server: string, characters: number): void {
  if (characters <= mostCharacters) return;
  throw new WarRoomError(
    'leave-needed',
    `${server} was not started: its arguments, variables and the rest that you would agree to have ${characters} characters, and more than ${mostCharacters} are not asked about; shorten its entry in mcp.json, or what you gave it.`,
  );
}

/** `npx` and `uvx` fetch a package for a process, and compare it with nothing. */
function checkedIntegrity(program: Program, runtime: RuntimeName): string | null {
  return runtime !== 'process' && 'integrity' in program ? program.integrity : null;
}

/** `npm:name@1.2.3`, `pypi:name@1.2.3`, the image with its digest, or the command. */
export function programText(program: Program): string {
  switch (program.kind) {
    case 'npm':
    case 'pypi':
      return `${program.kind}:${program.package}@${program.version}`;
    case 'oci':
      return program.image;
    case 'command':
      return program.command;
    case 'bundled':
      return path.basename(program.script);
  }
}

/** Another command of a package does something else. */
function commandOf(program: Program): string | null {
  if (program.kind === 'npm') return program.bin;
  return program.kind === 'pypi' ? program.command : null;
}

function imageOf(program: Program, base: string | null): string | null {
  return program.kind === 'oci' ? program.image : base;
}

function onceKey(key: string, holder: string): string {
  return `${holder} ${key}`;
}
