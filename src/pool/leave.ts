import { createHash } from 'node:crypto';
import path from 'node:path';

import { WarRoomError } from '../base/errors';
import { lockFolder } from '../base/folderLock';
import { makePrivateFolder, readIfThere, writeAtomically } from '../base/privateFiles';
import type { LeaveAnswer, LeaveRequest } from '../incident/leave';
import type { Program, RuntimeName, ServerSpec } from './serverSpec';

/** Which servers start without a question: the setting `warRoom.pool.autoApprove`. */
export type AutoApprove = 'trusted' | 'always' | 'never';

/** How long another window or command may take to write down an answer. */
const lockMs = 10_000;

/** Leave that a person gave for good. */
export interface Grant {
  server: string;
  program: string;
  command: string | null;
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
    const { server, program, command, image, environment, network } = request;
    const grant = { server, program, command, image, environment, network, at: at.toISOString() };
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
}

/** What a person is asked before a server starts, or null for what comes with War Room. */
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
    image: runtime === 'process' ? null : imageOf(spec.program, about.base),
    integrity: 'integrity' in spec.program ? spec.program.integrity : null,
    args: spec.args,
    environment: [...about.environment].sort(),
    network: [...spec.hosts].sort(),
    minted: about.minted,
  };
  const key = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  return { server: spec.name, key, publisher: about.publisher, why: about.why, ...asked };
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
