import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../../../src/base/clock';
import { silentLog } from '../../../src/base/log';
import { bundledEntries } from '../../../src/catalog/bundled';
import { Catalogue, type CatalogueOptions, type Machine } from '../../../src/catalog/catalogue';
import { searchPackages } from '../../../src/npm/searchPackages';
import { temporaryFolder, type TemporaryFolder } from '../../harness/temporary';
import { LoopbackRegistry, json, listed, searched } from './registries';

const machine: Machine = { hasValue: () => true, unavailable: {} };
const minute = 60_000;
const hour = 60 * minute;
const signal = AbortSignal.timeout(110_000);

let folder: TemporaryFolder;
let now: number;
let registry: LoopbackRegistry;
let npm: LoopbackRegistry;

beforeEach(async () => {
  folder = await temporaryFolder('catalogue');
  now = Date.parse('2026-11-21T00:00:00Z');
  registry = await LoopbackRegistry.start((_, response) =>
    json(response, { servers: [listed('zebra-a')] }),
  );
  npm = await LoopbackRegistry.start((_, response) =>
    json(response, { objects: [searched('zebra-b-mcp'), searched('@example/zebra-a')] }),
  );
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await npm[Symbol.asyncDispose]();
  await folder.remove();
});

function catalogue(more: Partial<CatalogueOptions> = {}): Catalogue {
  return new Catalogue({
    dataFolder: folder.path,
    clock: { ...systemClock, now: () => now },
    log: silentLog,
    ownFiles: () => [join(folder.path, 'mcp.json')],
    registryUrl: () => registry.url,
    npmSearch: (text, within) =>
      searchPackages(text, { registry: `${npm.url}/`, cache: join(folder.path, 'npm') }, within),
    ...more,
  });
}

async function find(words = 'zebra', more: Partial<CatalogueOptions> = {}) {
  const { ranked, notes } = await catalogue(more).find(words, machine, signal);
  return { names: ranked.map(({ entry }) => entry.name).sort(), notes };
}

describe('the catalogue', () => {
  it('ranks for an incident without asking anybody', async () => {
    const query = { keywords: ['redis'], category: 'cache-unavailable', app: null } as const;
    const { ranked, notes } = await catalogue().rank(query, machine, signal);
    expect(ranked[0]?.entry.name).toBe('redis');
    expect(notes).toEqual([]);
    expect([...registry.requests, ...npm.requests]).toEqual([]);
  });

  it('finds more where a person looks, in all sources, each program once', async () => {
    const own = { servers: { 'my-zebra': { command: 'uvx', args: ['zebra-c'] } } };
    await writeFile(join(folder.path, 'mcp.json'), JSON.stringify(own));
    expect(await find()).toEqual({ names: ['my-zebra', 'zebra-a', 'zebra-b-mcp'], notes: [] });
  });

  it('has the person’s own servers in its list', async () => {
    const env = { DSN: 'postgres://secret@shop/db' };
    const own = { servers: { shop: { command: 'npx', args: ['-y', '@bytebase/dbhub'], env } } };
    await writeFile(join(folder.path, 'mcp.json'), JSON.stringify(own));
    const mine = catalogue();
    const entry = await mine.get('shop', signal);
    expect(entry).toMatchObject({ origin: 'own', publisher: 'Bytebase' });
    expect(mine.ownValues('shop')).toEqual(env);
    expect(JSON.stringify(entry)).not.toContain('secret@');
    expect((await mine.list(signal)).entries).toHaveLength(bundledEntries.length);
  });

  it('says in one sentence that a source is slow, and answers with the others', async () => {
    registry.answers(() => undefined);
    expect(await find('zebra', { deadlineMs: 1_000 })).toEqual({
      names: ['zebra-a', 'zebra-b-mcp']
        .filter((name) => name !== 'zebra-a')
        .concat('example-zebra-a')
        .sort(),
      notes: [expect.stringMatching(/^The MCP registry did not answer: .*longer than 1 s.*\.$/)],
    });
  });

  it('says of every source that fails why, and still has what is known', async () => {
    registry.answers((_, response) => json(response, {}, 500));
    npm.answers((_, response) => json(response, {}, 404));
    await writeFile(join(folder.path, 'mcp.json'), '{');
    const { names, notes } = await find('redis');
    expect(names).toEqual(expect.arrayContaining(['redis', 'redis-keys']));
    expect(notes).toEqual([
      expect.stringMatching(/mcp\.json was not read.*line 1 is not JSON/),
      expect.stringMatching(/^The MCP registry did not answer: 127\.0\.0\.1:\d+ answered 500\.$/),
      'The npm registry did not answer: the registry that your .npmrc names has no search.',
    ]);
  });

  it('does not ask again within an hour, and then does', async () => {
    await find();
    await find();
    expect(registry.requests).toHaveLength(1);
    now += 2 * hour;
    await find();
    expect(registry.requests).toHaveLength(2);
    expect(npm.requests).toHaveLength(2);
  });

  it('serves what it kept, with its age, where nothing answers', async () => {
    await find();
    now += 3 * hour;
    registry.answers((_, response) => void response.destroy());
    const { names, notes } = await find();
    expect(names).toContain('zebra-a');
    expect(notes).toEqual([
      expect.stringMatching(
        /^The MCP registry did not answer: .*\. What it answered 3 hours ago is shown\.$/,
      ),
    ]);
  });

  it('asks nobody who is switched off', async () => {
    const off = { registryUrl: () => '', npmSearch: null };
    expect(await find('redis', off)).toMatchObject({ notes: [] });
    expect([...registry.requests, ...npm.requests]).toEqual([]);
  });

  it('sends no more than 200 characters of what was typed', async () => {
    await find('zebra '.repeat(200));
    const sent = registry.requests[0]?.url.searchParams.get('search') ?? '';
    expect(sent.length).toBeLessThanOrEqual(200);
  });

  it('ends when it is cancelled', async () => {
    registry.answers(() => undefined);
    const cancel = new AbortController();
    const answer = catalogue().find('zebra', machine, cancel.signal);
    setTimeout(() => cancel.abort(), 100);
    await expect(answer).rejects.toThrow();
  });
});
