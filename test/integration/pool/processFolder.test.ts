import { chmod, mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it, vi } from 'vitest';

import type { ServerProgram } from '../../../src/pool/runtime';
import { processRuntime } from '../../../src/pool/runtimes/process';
import type { Program } from '../../../src/incident/program';
import { temporaryFolder } from '../../harness/temporary';

const known = { package: 'example', version: '1.2.3', integrity: null };
const packages: Readonly<Record<'npx' | 'uvx', Program>> = {
  npx: { kind: 'npm', ...known, bin: null },
  uvx: { kind: 'pypi', ...known, command: null },
};

afterEach(() => void vi.unstubAllEnvs());

describe.skipIf(process.platform === 'win32')('the folder that a process starts in', () => {
  it.each(['npx', 'uvx'] as const)('%s: one of its own, with no repository', async (launcher) => {
    await using folder = await temporaryFolder('launcher');
    const script = '#!/bin/sh\npwd >&2; ls -A >&2; cat package.json >&2; echo >&2; read x\n';
    await writeFile(join(folder.path, launcher), script);
    await chmod(join(folder.path, launcher), 0o755);
    vi.stubEnv('PATH', `${folder.path}:${process.env['PATH'] ?? ''}`);
    const { program, lines } = await started(packages[launcher], [], 3);
    const [own = ''] = lines;
    expect(lines).toEqual([expect.stringContaining('war-room-server-'), 'package.json', '{}']);
    await program.stop();
    await expect(stat(own)).rejects.toThrow(/ENOENT/);
  });

  it('is the one of its mcp.json for a command, wherever we are', async () => {
    await using folder = await temporaryFolder('origin');
    const origin = join(await realpath(folder.path), 'repository');
    await mkdir(origin);
    const command = { kind: 'command', command: 'sh', folder: origin } as const;
    const { program, lines } = await started(command, ['-c', 'pwd >&2; read x'], 1);
    expect(lines).toEqual([origin]);
    await program.stop();
  });
});

/** A program, once it has written so many lines. */
async function started(
  program: Program,
  args: readonly string[],
  count: number,
): Promise<{ program: ServerProgram; lines: readonly string[] }> {
  const lines: string[] = [];
  const spec = {
    name: 'here',
    program,
    args,
    environment: [],
    state: 'session',
    hosts: [],
  } as const;
  const running = await processRuntime().start(
    { spec, environment: {}, onErrorLine: (line) => lines.push(line) },
    AbortSignal.timeout(10_000),
  );
  for (let waits = 0; lines.length < count && waits < 500; waits++) await sleep(10);
  return { program: running, lines };
}
