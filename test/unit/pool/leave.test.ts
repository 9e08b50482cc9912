import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { LeaveRequest } from '../../../src/incident/leave';
import { Leaves, leaveRequest } from '../../../src/pool/leave';
import type { AutoApprove } from '../../../src/pool/leave';
import type { ServerSpec } from '../../../src/pool/serverSpec';
import { temporaryFolder } from '../../harness/temporary';

const spec: ServerSpec = {
  name: 'redis',
  program: {
    kind: 'npm',
    package: '@example/redis',
    version: '1.2.3',
    integrity: 'sha512-abc',
    bin: null,
  },
  args: [],
  environment: ['REDIS_URL'],
  state: 'none',
  hosts: ['${REDIS_URL}'],
};
const about = {
  publisher: 'example',
  environment: ['REDIS_URL'],
  minted: [],
  why: 'It fits.',
  base: 'node:24-slim',
  written: {},
};
const at = new Date('2026-11-21T10:00:00Z');

function asked(
  more: Partial<ServerSpec> = {},
  runtime: 'docker' | 'process' = 'docker',
  base: string | null = about.base,
) {
  const request = leaveRequest({ ...spec, ...more }, runtime, { ...about, base });
  if (!request) throw new Error('A server that does not come with War Room asks.');
  return request;
}

async function leaves(policy: AutoApprove = 'trusted') {
  const folder = await temporaryFolder('leave');
  const file = join(folder.path, 'deep', 'leave.json');
  return {
    file,
    given: new Leaves(file, () => policy),
    /** As another process, or this one after a restart, reads them. */
    reopened: () => new Leaves(file, () => policy),
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}

describe('Leave to start', () => {
  it('is not asked for what comes with War Room', () => {
    const bundled: ServerSpec = { ...spec, program: { kind: 'bundled', script: 'stats.js' } };
    expect(leaveRequest(bundled, 'process', about)).toBeNull();
  });

  it('is remembered for good when it was given so, also by other processes', async () => {
    await using kept = await leaves();
    expect(await kept.given.allows(asked(), 'incident-1')).toBe(false);
    await kept.given.keep(asked(), 'always', 'incident-1', at);
    expect(await kept.given.allows(asked(), 'incident-2')).toBe(true);
    expect(await kept.reopened().allows(asked(), 'incident-3')).toBe(true);
  });

  it('that was given once is good for that incident alone', async () => {
    await using kept = await leaves();
    await kept.given.keep(asked(), 'once', 'incident-1', at);
    expect(await kept.given.allows(asked(), 'incident-1')).toBe(true);
    expect(await kept.given.allows(asked(), 'incident-2')).toBe(false);
    expect(await kept.reopened().allows(asked(), 'incident-1')).toBe(false);
  });

  it('is asked again after a no', async () => {
    await using kept = await leaves();
    await kept.given.keep(asked(), 'no', 'incident-1', at);
    expect(await kept.given.allows(asked(), 'incident-1')).toBe(false);
  });

  const changes: Record<string, LeaveRequest> = {
    version: asked({ program: { ...npm(), version: '1.2.4' } }),
    package: asked({ program: { ...npm(), package: '@example/other' } }),
    integrity: asked({ program: { ...npm(), integrity: 'sha512-abd' } }),
    arguments: asked({ args: ['--write'] }),
    network: asked({ hosts: ['${REDIS_URL}', 'example.com:443'] }),
    runtime: asked({}, 'process'),
    command: asked({ program: { ...npm(), bin: 'redis-write' } }),
    base: asked({}, 'docker', 'node:24'),
  };
  it.each(Object.entries(changes))('is asked again when the %s changes', async (_, changed) => {
    await using kept = await leaves();
    await kept.given.keep(asked(), 'always', 'incident-1', at);
    expect(await kept.given.allows(changed, 'incident-2')).toBe(false);
  });

  it('is asked again when a variable is added, and not when they come in another order', () => {
    const key = (environment: readonly string[]) =>
      leaveRequest(spec, 'docker', { ...about, environment })?.key;
    expect(key(['A', 'B'])).toBe(key(['B', 'A']));
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z_]{1,20}$/), (name) => {
        expect(key(['A', 'B', name + '_X'])).not.toBe(key(['A', 'B']));
      }),
    );
  });

  it('is asked again for a command of another folder, and for other texts of an mcp.json', () => {
    const key = (folder: string, written: Record<string, string>) => {
      const program = { kind: 'command', command: 'node', folder } as const;
      return leaveRequest({ ...spec, program }, 'process', { ...about, written })?.key;
    };
    expect(key('/a', { X: '1', Y: '2' })).toBe(key('/a', { Y: '2', X: '1' }));
    expect(key('/a', {})).not.toBe(key('/b', {}));
    expect(key('/a', { X: '1' })).not.toBe(key('/a', { X: '2' }));
  });

  it('is not asked for what is too long to be shown whole', () => {
    expect(() => asked({ args: ['x'.repeat(4_000)] })).toThrow(
      /more than 4000 are not asked about/,
    );
  });

  it('promises no checksum of a process, where nothing compares it', () => {
    expect(asked().integrity).toBe('sha512-abc');
    expect(asked({}, 'process').integrity).toBeNull();
  });

  it('always: no container asks, a program that runs unsandboxed does', async () => {
    await using kept = await leaves('always');
    expect(await kept.given.allows(asked(), 'incident-1')).toBe(true);
    expect(await kept.given.allows(asked({}, 'process'), 'incident-1')).toBe(false);
  });

  it('never: what was allowed for good asks all the same, once an incident', async () => {
    await using kept = await leaves('never');
    await kept.given.keep(asked(), 'always', 'incident-1', at);
    expect(await kept.given.allows(asked(), 'incident-1')).toBe(true);
    expect(await kept.given.allows(asked(), 'incident-2')).toBe(false);
  });

  it('is never read out of a damaged file, which is kept', async () => {
    await using kept = await leaves();
    await kept.given.keep(asked(), 'always', 'incident-1', at);
    await writeFile(kept.file, '{"schema":1,');
    await expect(kept.reopened().allows(asked(), 'incident-2')).rejects.toThrow(/cannot be read/);
    await expect(kept.given.keep(asked(), 'always', 'incident-2', at)).rejects.toThrow(/is kept/);
  });

  it('names the command of the package, and the image that it runs in', () => {
    const image = `example/redis@sha256:${'0a'.repeat(32)}`;
    const pypi = { kind: 'pypi', package: 'x', version: '1', integrity: null } as const;
    expect(asked()).toMatchObject({ command: null, image: 'node:24-slim' });
    expect(asked({ program: { ...npm(), bin: 'redis-write' } }).command).toBe('redis-write');
    expect(asked({ program: { ...pypi, command: 'x-stdio' } }).command).toBe('x-stdio');
    expect(asked({ program: { kind: 'oci', image } }, 'docker', null).image).toBe(image);
    expect(asked({}, 'process').image).toBeNull();
  });

  it('of several windows at once is all kept', async () => {
    await using kept = await leaves();
    const versions = Array.from({ length: 8 }, (_, patch) => `1.0.${patch}`);
    await Promise.all(
      versions.map(async (version) => {
        const request = asked({ program: { ...npm(), version } });
        await kept.reopened().keep(request, 'always', 'incident-1', at);
      }),
    );
    const programs = (await kept.given.granted()).map(({ program }) => program).sort();
    expect(programs).toEqual(versions.map((version) => `npm:@example/redis@${version}`));
  });

  it('that was cleared is gone for this incident too, and in other windows', async () => {
    await using kept = await leaves();
    await kept.given.keep(asked(), 'always', 'incident-1', at);
    const other = kept.reopened();
    expect(await other.allows(asked(), 'incident-2')).toBe(true);
    await kept.given.clear();
    expect(await kept.given.granted()).toEqual([]);
    expect(await other.allows(asked(), 'incident-2')).toBe(false);
  });

  it('is gone after it was cleared', async () => {
    await using kept = await leaves();
    await kept.given.keep(asked(), 'always', 'incident-1', at);
    expect(await kept.given.clear()).toBe(1);
    expect(await kept.given.allows(asked(), 'incident-1')).toBe(false);
  });
});

function npm(): Extract<ServerSpec['program'], { kind: 'npm' }> {
  if (spec.program.kind !== 'npm') throw new Error('The example is an npm package.');
  return spec.program;
}
