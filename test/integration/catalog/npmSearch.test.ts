import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { NpmSearch } from '../../../src/catalog/sources/npmSearch';
import { npmSearchIn } from '../../../src/servers/npmSearch';
import { temporaryFolder } from '../../harness/temporary';
import { dist } from '../cli/command';
import { LoopbackRegistry, json, searched } from './registries';

afterEach(() => vi.unstubAllEnvs());

/** Searches as War Room does, with a person's `.npmrc` that names this registry. */
async function search(registry: LoopbackRegistry, signal = AbortSignal.timeout(20_000)) {
  await using folder = await temporaryFolder('npmrc');
  const userconfig = join(folder.path, '.npmrc');
  const host = registry.url.replace('http:', '');
  await writeFile(userconfig, `registry=${registry.url}/\n${host}/:_authToken=company-token\n`);
  // What npm itself has set for this test is above a file.
  for (const name of Object.keys(process.env).filter((each) => /^npm_config_/i.test(each))) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv('npm_config_userconfig', userconfig);
  vi.stubEnv('npm_config_cache', folder.path);
  return await new NpmSearch(npmSearchIn(dist)).search('zebra', signal);
}

describe('the search of the npm registry', () => {
  it('asks the registry of the person’s .npmrc, with its credentials', async () => {
    await using registry = await LoopbackRegistry.start((_, response) =>
      json(response, { objects: [searched('zebra-mcp')], total: 1, time: 'now' }),
    );
    const { entries, notes } = await search(registry);
    expect(entries).toEqual([
      expect.objectContaining({
        name: 'zebra-mcp',
        program: {
          kind: 'npm',
          package: 'zebra-mcp',
          version: '2.0.0',
          integrity: null,
          bin: null,
        },
        publisher: 'someone',
        releasedOn: '2026-03-04',
        origin: 'npm',
      }),
    ]);
    expect(notes).toEqual([]);
    const [request] = registry.requests;
    expect(request?.url.pathname).toBe('/-/v1/search');
    expect(request?.url.searchParams.get('text')).toBe('zebra mcp server');
    expect(request?.headers.authorization).toBe('Bearer company-token');
  });

  it('leaves out libraries and clients, and what is no server of the protocol', async () => {
    const objects = [
      searched('@scope/zebra-mcp'),
      searched('mcp-sdk'),
      searched('zebra-mcp-client'),
      searched('zebra', { description: 'A black and white animal', keywords: [] }),
    ];
    await using registry = await LoopbackRegistry.start((_, response) =>
      json(response, { objects }),
    );
    expect((await search(registry)).entries.map(({ title }) => title)).toEqual([
      '@scope/zebra-mcp',
    ]);
  });

  it('skips what cannot be read, and says how much', async () => {
    const objects = [
      searched('good-mcp'),
      searched('bad mcp'),
      searched('x-mcp', { version: 'latest' }),
    ];
    await using registry = await LoopbackRegistry.start((_, response) =>
      json(response, { objects }),
    );
    const { entries, notes } = await search(registry);
    expect(entries.map(({ name }) => name)).toEqual(['good-mcp']);
    expect(notes).toEqual([
      'The npm registry found 2 packages that could not be read; they are left out.',
    ]);
  });

  it('takes no more than 50 results', async () => {
    const objects = Array.from({ length: 250 }, (_, index) => searched(`zebra-${index}-mcp`));
    await using registry = await LoopbackRegistry.start((_, response) =>
      json(response, { objects }),
    );
    expect((await search(registry)).entries).toHaveLength(50);
  });

  it('stops reading an answer without an end', async () => {
    let isHungUp: Promise<unknown> | undefined;
    await using registry = await LoopbackRegistry.start((_, response) => {
      isHungUp = new Promise((resolve) => response.once('close', resolve));
      const chunk = Buffer.alloc(64 * 1024, ' ');
      const more = () => {
        if (response.destroyed) return;
        if (response.write(chunk)) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    await expect(search(registry)).rejects.toThrow(/larger than 8 MiB/);
    await isHungUp;
  });

  it.each<[string, Parameters<typeof LoopbackRegistry.start>[0], RegExp]>([
    [
      'has no search',
      (_, response) => json(response, { error: 'not found' }, 404),
      /has no search/,
    ],
    ['refuses', (_, response) => json(response, { error: 'no' }, 401), /refused the credentials/],
    ['is broken', (_, response) => json(response, { error: 'no' }, 500), /500/],
    ['answers no JSON', (_, response) => void response.end('<html>'), /not JSON/],
    ['answers something else', (_, response) => json(response, []), /no list of packages/],
    ['hangs up', (_, response) => void response.destroy(), /./],
  ])('that %s fails with the reason, and is asked once', async (_, answer, reason) => {
    await using registry = await LoopbackRegistry.start(answer);
    await expect(search(registry)).rejects.toThrow(reason);
    expect(registry.requests).toHaveLength(1);
  });

  it('that does not answer is left when the search ends', async () => {
    await using registry = await LoopbackRegistry.start(() => undefined);
    await expect(search(registry, AbortSignal.timeout(100))).rejects.toThrow();
  });
});
