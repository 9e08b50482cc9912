import { describe, expect, it } from 'vitest';

import { McpRegistry } from '../../../src/catalog/sources/registry';
import { LoopbackRegistry, json, listed } from './registries';

async function search(
  registry: { url: string },
  words = 'zebra',
  signal = AbortSignal.timeout(20_000),
) {
  return await new McpRegistry(() => registry.url).search(words, signal);
}

describe('the MCP registry', () => {
  it('is asked page by page for the latest versions, and what is gone is left out', async () => {
    await using registry = await LoopbackRegistry.start((url, response) => {
      const first = url.searchParams.get('cursor') === null;
      json(response, {
        servers: first
          ? [listed('one'), listed('old', { status: 'deprecated' })]
          : [listed('two'), listed('gone', { status: 'deleted' })],
        metadata: { count: 2, ...(first ? { nextCursor: 'io.example/old:1.2.3' } : {}) },
      });
    });
    const { entries, notes } = await search(registry);
    expect(entries.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(entries[0]).toMatchObject({
      publisher: 'io.example',
      program: { kind: 'npm', package: '@example/one', version: '1.2.3', integrity: null },
      origin: 'registry',
      official: false,
      state: 'session',
      hosts: [],
      releasedOn: '2026-05-06',
    });
    expect(notes).toEqual([]);
    expect(registry.requests.map(({ url }) => url.pathname)).toEqual([
      '/v0.1/servers',
      '/v0.1/servers',
    ]);
    expect(Object.fromEntries(registry.requests[1]?.url.searchParams ?? [])).toEqual({
      search: 'zebra',
      version: 'latest',
      limit: '100',
      cursor: 'io.example/old:1.2.3',
    });
  });

  it('does not go on for ever', async () => {
    let page = 0;
    await using registry = await LoopbackRegistry.start((_, response) => {
      page++;
      json(response, { servers: [listed(`s${page}`)], metadata: { nextCursor: `c${page}` } });
    });
    expect((await search(registry)).entries).toHaveLength(3);
  });

  it.each([
    [
      'of PyPI',
      { registryType: 'pypi', identifier: 'zebra-mcp' },
      { kind: 'pypi', package: 'zebra-mcp', version: '1.2.3' },
    ],
    [
      'an image with its tag',
      { registryType: 'oci', identifier: 'ghcr.io/example/zebra:1', version: undefined },
      { kind: 'oci', image: 'ghcr.io/example/zebra:1' },
    ],
    [
      'an image without a tag',
      { registryType: 'oci', identifier: 'ghcr.io/example/zebra' },
      { kind: 'oci', image: 'ghcr.io/example/zebra:1.2.3' },
    ],
  ])('lists packages: %s', async (_, given, program) => {
    await using registry = await LoopbackRegistry.start((__, response) =>
      json(response, { servers: [listed('zebra', { package: given })] }),
    );
    expect((await search(registry)).entries[0]?.program).toMatchObject(program);
  });

  it.each([
    ['of other registries', { registryType: 'nuget' }],
    ['over the network', { transport: { type: 'sse' } }],
    ['with a version range', { version: '^1.0.0' }],
    ['with a version that moves', { version: 'latest' }],
    ['that are no package name', { identifier: 'git+https://example.com/x' }],
    [
      'that mount folders',
      { registryType: 'oci', runtimeArguments: [{ type: 'named', name: '-v' }] },
    ],
  ])('leaves out packages %s', async (_, given) => {
    await using registry = await LoopbackRegistry.start((__, response) =>
      json(response, { servers: [listed('zebra', { package: given }), listed('good')] }),
    );
    expect((await search(registry)).entries.map(({ name }) => name)).toEqual(['good']);
  });

  it('turns what a person must fill in into variables', async () => {
    const given = {
      packageArguments: [
        { type: 'positional', value: 'start' },
        { type: 'named', name: '--url', isRequired: true, description: 'Address', isSecret: true },
        { type: 'named', name: '--level', default: 'info' },
        { type: 'positional', valueHint: 'some dir', isRequired: true },
        { type: 'named', name: '--optional' },
      ],
      environmentVariables: [
        { name: 'TOKEN', isRequired: true, isSecret: true },
        { name: 'REGION', default: 'eu' },
        { name: 'bad name' },
      ].slice(0, 2),
    };
    await using registry = await LoopbackRegistry.start((_, response) =>
      json(response, { servers: [listed('zebra', { package: given })] }),
    );
    const [entry] = (await search(registry)).entries;
    expect(entry?.hosts).toEqual(['*:443']);
    expect(entry?.args).toEqual([
      'start',
      '--url',
      '${ARG__URL}',
      '--level',
      'info',
      '${ARG_SOME_DIR}',
    ]);
    expect(entry?.environment).toEqual([
      { name: 'TOKEN', description: '', required: true, secret: true },
      { name: 'REGION', description: '', required: false, secret: false, default: 'eu' },
      { name: 'ARG__URL', description: 'Address', required: true, secret: true },
      { name: 'ARG_SOME_DIR', description: '', required: true, secret: false },
    ]);
  });

  it('shows nothing of a description but plain words', async () => {
    const description = 'Great [server](command:evil) \u001b[31m<b>now</b> ' + 'x'.repeat(5000);
    await using registry = await LoopbackRegistry.start((_, response) =>
      json(response, { servers: [listed('zebra', { description })] }),
    );
    const [entry] = (await search(registry)).entries;
    expect(entry?.purpose).toMatch(/^Great server 31m now x+…$/);
    expect(entry?.purpose.length).toBeLessThanOrEqual(240);
  });

  it('skips what cannot be read, and says how much', async () => {
    await using registry = await LoopbackRegistry.start((_, response) =>
      json(response, {
        servers: [null, { server: 5 }, listed('zebra'), { server: { name: 'x' } }],
      }),
    );
    const { entries, notes } = await search(registry);
    expect(entries).toHaveLength(1);
    expect(notes).toEqual([
      'The MCP registry lists 3 servers that could not be read; they are left out.',
    ]);
  });

  it.each<[string, Parameters<typeof LoopbackRegistry.start>[0], RegExp]>([
    ['is broken', (_, response) => json(response, { error: 'no' }, 503), /answered 503$/],
    ['answers no JSON', (_, response) => void response.end('<html>'), /not JSON/],
    ['answers something else', (_, response) => json(response, { hello: 1 }), /no list of servers/],
    [
      'answers too much',
      (_, response) => void response.end('x'.repeat(9 * 1024 * 1024)),
      /larger than 8 MiB/,
    ],
    ['hangs up', (_, response) => void response.destroy(), /cannot be reached/],
  ])('that %s fails with the reason', async (_, answer, reason) => {
    await using registry = await LoopbackRegistry.start(answer);
    await expect(search(registry)).rejects.toThrow(reason);
  });

  it('that is not there fails with the reason', async () => {
    const registry = await LoopbackRegistry.start(() => undefined);
    const { url } = registry;
    await registry[Symbol.asyncDispose]();
    await expect(search({ url })).rejects.toThrow(
      /127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/,
    );
  });

  it('that does not answer is left when the search ends', async () => {
    await using registry = await LoopbackRegistry.start(() => undefined);
    const end = new AbortController();
    const answer = search(registry, 'zebra', end.signal);
    setTimeout(() => end.abort(new Error('enough')), 50);
    await expect(answer).rejects.toThrow('enough');
  });
});
