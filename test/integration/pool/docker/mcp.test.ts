import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '../../../../src/base/log';
import { McpServer } from '../../../../src/pool/mcpServer';
import type { Runtime } from '../../../../src/pool/runtime';
import { engineAt } from '../../../harness/engine';
import { EngineProxy } from '../../../harness/engineProxy';
import { installedPackage } from '../../../harness/npmPackage';
import { projectRoot } from '../../../harness/paths';
import { temporaryFolder } from '../../../harness/temporary';
import type { TemporaryFolder } from '../../../harness/temporary';
import { missingEngine } from '../../mcp/engine';
import { need } from '../../mcp/prerequisite';
import { DockerWorld } from './world';

const host = process.env['DOCKER_HOST'] ?? '';
const everything = ['@modelcontextprotocol/server-everything', '2026.8.31'] as const;
let missing: string | null;
let folder: TemporaryFolder | undefined;
let world: DockerWorld;

/** A server of the public SDK, in one file. */
const sdkServer = `
  import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
  import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
  import { z } from 'zod';
  const server = new McpServer({ name: 'long', version: '1' });
  server.registerTool('long', { inputSchema: { bytes: z.number() } }, ({ bytes }) => ({
    content: [{ type: 'text', text: '가나다'.repeat(bytes / 9) }],
  }));
  await server.connect(new StdioServerTransport());`;

beforeAll(async () => {
  missing = await missingEngine();
  if (missing !== null) return;
  folder = await temporaryFolder('mcp');
  const bundle = join(folder.path, 'server.mjs');
  await build({
    stdin: { contents: sdkServer, resolveDir: projectRoot },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  // The SDK's bundled CommonJS parts asks for require.
  const banner = "import { createRequire } from 'node:module'; const require = createRequire('/');";
  await writeFile(bundle, banner + (await readFile(bundle, 'utf8')));
  const packages = join(await installedPackage(...everything), 'node_modules');
  world = await DockerWorld.open(host, {
    [bundle]: '/server.mjs',
    [packages]: '/everything/node_modules',
  });
}, 240_000);

beforeEach((context) => need(context, missing));

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await folder?.remove();
});

const soon = () => AbortSignal.timeout(30_000);

async function serve(runtime: Runtime, name: string): Promise<McpServer> {
  return await McpServer.start(
    runtime,
    {
      spec: {
        ...{ name, program: { kind: 'oci', image: world.image }, args: [], environment: [] },
        ...{ state: 'none', hosts: [] },
      },
      ...{ environment: {}, place: null, runtime: 'docker' },
    },
    { log: silentLog, greetMs: 30_000, signal: soon() },
  );
}

describe('an MCP server in a container', () => {
  it('of a package that others wrote lists its tools and is called', async () => {
    const entry = `/everything/node_modules/${everything[0]}/dist/index.js`;
    const runtime = world.runtime({ images: world.images(['node', entry, 'stdio']) });
    const server = await serve(runtime, 'everything');
    const names = server.tools.map(({ name }) => name);
    expect(names).toContain('echo');
    const answer = await server.call('echo', { message: '전쟁 상황실' }, soon());
    expect(answer).toMatchObject({ text: 'Echo: 전쟁 상황실', isError: false });
    expect(server.limits).toMatchObject({ cpus: 0.5 });
    await server.stop();
    expect(await world.containers()).toEqual([]);
  });

  it.for([8, 1_000, Infinity])(
    'answers with 200 kB that come in pieces of %d bytes',
    async (pieceBytes) => {
      await using proxy = await EngineProxy.before(host);
      proxy.pieceBytes = pieceBytes;
      const runtime = world.runtime({
        connect: () => engineAt(proxy.host),
        images: world.images(['node', '/server.mjs']),
      });
      const server = await serve(runtime, 'long');
      const { text } = await server.call('long', { bytes: 200_007 }, soon());
      expect(text === '가나다'.repeat(200_007 / 9)).toBe(true);
      await server.stop();
    },
  );

  it('that dies tells how, with its last fifty lines', async () => {
    const script = `
      for (let i = 1; i <= 60; i++) console.error('step ' + i);
      process.exit(7);`;
    const runtime = world.runtime({ images: world.images(['node', '-e', script]) });
    const starting = serve(runtime, 'dying');
    const lines = Array.from({ length: 50 }, (_, i) => `step ${i + 11}`).join('\n');
    await expect(starting).rejects.toMatchObject({
      code: 'server-failed',
      message: `The dying server ended with status 7. It last wrote:\n${lines}`,
    });
    expect(await world.containers()).toEqual([]);
  });
});
