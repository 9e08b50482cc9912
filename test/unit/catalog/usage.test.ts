import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  UsageFile,
  isUnused,
  noUsage,
  prewarmCandidates,
  tierOf,
  withStart,
  type Usage,
} from '../../../src/catalog/usage';
import { systemClock } from '../../../src/base/clock';
import { temporaryFolder } from '../../harness/temporary';

const day = 24 * 60 * 60 * 1000;
const clock = { ...systemClock, now: () => Date.parse('2026-11-21T10:00:00Z') };

function incidents(...servers: string[][]): Usage {
  return {
    servers: {},
    incidents: servers.map((each, index) => ({ id: `i${index}`, servers: each })),
  };
}

describe('usage', () => {
  it('is remembered over processes, however many starts are told at once', async () => {
    await using folder = await temporaryFolder('usage');
    const usage = new UsageFile(folder.path, clock);
    await Promise.all([
      usage.started('redis', true, 'i1'),
      usage.started('redis', true, 'i1'),
      usage.started('redis', false, 'i2'),
      usage.started('postgres', true, null),
    ]);
    expect(await new UsageFile(folder.path, clock).read()).toMatchObject({
      servers: {
        redis: { ok: 2, failed: 1, lastUsed: '2026-11-21T10:00:00.000Z' },
        postgres: { ok: 1, failed: 0 },
      },
      incidents: [{ id: 'i1', servers: ['redis'] }],
    });
  });

  it('starts anew where its file cannot be read', async () => {
    await using folder = await temporaryFolder('usage');
    await writeFile(join(folder.path, 'usage.json'), '{"schema":7');
    const usage = new UsageFile(folder.path, clock);
    expect(await usage.read()).toEqual(noUsage);
    await usage.started('redis', true, null);
    expect((await usage.read()).servers['redis']?.ok).toBe(1);
  });

  it('remembers the last 20 incidents', () => {
    let usage = noUsage;
    for (let index = 0; index < 30; index++) usage = withStart(usage, 'x', true, `i${index}`, 't');
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

describe('tierOf', () => {
  const started = { ok: 1, failed: 0, lastUsed: null };
  it.each([
    [started, true, true, 1],
    [started, false, true, 2],
    [undefined, true, true, 2],
    [undefined, false, true, 2],
    [started, false, false, 2],
    [undefined, true, false, 3],
    [{ ok: 0, failed: 2, lastUsed: null }, false, false, 3],
  ] as const)('%j, image here: %s, known: %s -> %i', (usage, imageIsHere, known, tier) => {
    expect(tierOf(usage, { imageIsHere, known })).toBe(tier);
  });
});

describe('isUnused', () => {
  it.each([
    [undefined, true],
    [{ ok: 1, failed: 0, lastUsed: new Date(clock.now() - 29 * day).toISOString() }, false],
    [{ ok: 1, failed: 0, lastUsed: new Date(clock.now() - 31 * day).toISOString() }, true],
  ])('%j -> %s', (usage, unused) => {
    expect(isUnused(usage, clock.now())).toBe(unused);
  });
});
