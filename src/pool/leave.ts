import { createHash } from 'node:crypto';
import path from 'node:path';

import { WarRoomError } from '../base/errors';
import { makePrivateFolder, readIfThere, writeAtomically } from '../base/privateFiles';
import type { LeaveAnswer, LeaveRequest } from '../incident/leave';
import type { Program, RuntimeName, ServerSpec } from './serverSpec';

/** Which servers start without a question: the setting `warRoom.pool.autoApprove`. */
export type AutoApprove = 'trusted' | 'always' | 'never';

/** Leave that a person gave for good. */
interface Grant {
  server: string;
  program: string;
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
    const { server, program, environment, network } = request;
    const known = await this.read();
    const grant = { server, program, environment, network, at: at.toISOString() };
    await this.write({ schema: 1, grants: { ...known.grants, [request.key]: grant } });
  }

  /** Forgets everything that was allowed; fulfilled with how many grants there were. */
  async clear(): Promise<number> {
    this.once.clear();
    const { grants } = await this.read();
    await this.write({ schema: 1, grants: {} });
    return Object.keys(grants).length;
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

  private async write(grants: GrantFile): Promise<void> {
    await makePrivateFolder(path.dirname(this.file));
    await writeAtomically(this.file, `${JSON.stringify(grants, null, 2)}\n`);
  }
}

/** What a person is asked before a server starts, or null for what comes with War Room. */
export function leaveRequest(
  spec: ServerSpec,
  runtime: RuntimeName,
  about: Pick<LeaveRequest, 'publisher' | 'environment' | 'minted' | 'why'>,
): LeaveRequest | null {
  if (spec.program.kind === 'bundled') return null;
  const asked = {
    runtime,
    program: programText(spec.program),
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

function onceKey(key: string, holder: string): string {
  return `${holder} ${key}`;
}
