import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  UsageFile,
  noUsage,
  prewarmCandidates,
  withStart,
  type Usage,
} from '../../../src/catalog/usage';
import { temporaryFolder } from '../../harness/temporary';

function incidents(...servers: string[][]): Usage {
  return {
    servers: {},
    incidents: servers.map((each, index) => ({ id: `i${index}`, servers: each })),
  };
}

describe('usage', () => {
  it('is remembered over processes, however many starts are told at once', async () => {
    await using folder = await temporaryFolder('usage');
    const usage = new UsageFile(folder.path);
    await Promise.all([
      usage.started('redis', true, 'i1'),
      usage.started('redis', true, 'i1'),
      usage.started('redis', false, 'i2'),
      usage.started('postgres', true, null),
    ]);
    expect(await new UsageFile(folder.path).read()).toMatchObject({
      servers: {
        redis: { ok: 2, failed: 1 },
        postgres: { ok: 1, failed: 0 },
      },
      incidents: [{ id: 'i1', servers: ['redis'] }],
    });
  });

  it('starts anew where its file cannot be read', async () => {
    await using folder = await temporaryFolder('usage');
    await writeFile(join(folder.path, 'usage.json'), '{"schema":7');
    const usage = new UsageFile(folder.path);
    expect(await usage.read()).toEqual(noUsage);
    await usage.started('redis', true, null);
    expect((await usage.read()).servers['redis']?.ok).toBe(1);
  });

  it('remembers the last 20 incidents', () => {
    let usage = noUsage;
    for (let index = 0; index < 30; index++) usage = withStart(usage, 'x', true, `i${index}`);
    expect(usage.incidents.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, index) => `i${index + 10}`),
    );
  });
});

describe('prewarmCandidates', () => {
  it.each([
    [incidents(['a'], ['a']), []],
    [incidents(['a'], ['a'], ['b']), ['a']],
    [incidents(['a', 'b'], ['b'], ['b', 'a']), ['b', 'a']],
    [incidents(['a'], ['b'], ['a'], ['b']), []],
  ])('%j -> %j', (usage, candidates) => {
    expect(prewarmCandidates(usage)).toEqual(candidates);
  });
});
