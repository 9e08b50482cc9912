import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { WarRoomError, messageOf } from '../../../../src/base/errors';
import { McpClient } from '../../../../src/pool/client';
import { startSealed } from '../../../../src/pool/images/runOnce';
import type { ImageProgram } from '../../../../src/pool/images/records';
import { missingEngine } from '../../mcp/engine';
import { need } from '../../mcp/prerequisite';
import { ImageWorld, late, npm, soon, specOf } from './imageWorld';

const run = promisify(execFile);
const limits = { memoryBytes: 200 * 1024 * 1024, cpus: 0.5 };
const minutes = 60_000;

/** Enough for a server to start on; it reaches nothing. */
const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: none, cluster: { server: 'https://127.0.0.1:6443' } }]
users: [{ name: none, user: { token: none } }]
contexts: [{ name: none, context: { cluster: none, user: none } }]
current-context: none
`;

let missing: string | null;
let world: ImageWorld;

beforeAll(async () => {
  missing = await missingEngine();
  if (missing === null) world = await ImageWorld.open();
});

beforeEach((context) => need(context, missing));

afterAll(() => world?.[Symbol.asyncDispose]());

async function missingUv(): Promise<string | null> {
  return await run('uv', ['--version']).then(
    () => null,
    (error: unknown) => `uv is not installed (${messageOf(error)})`,
  );
}

const pypi = (name: string, version: string, integrity: string | null = null) =>
  ({ kind: 'pypi', package: name, version, integrity, command: null }) as const;

/** Names of the tools that a server lists in a container of its image. */
async function toolsOf(
  program: ImageProgram,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const image = await world.images().imageOf(specOf(program, args), late());
  const lines: string[] = [];
  const container = await startSealed(
    world.engine,
    {
      spec: specOf(program, args),
      image: { ...image, environment: { ...image.environment, ...environment } },
      limits,
      owner: 'a-test',
    },
    (line) => lines.push(line),
    soon(),
  );
  try {
    const client = new McpClient();
    const { input, output } = container.attachment;
    await client.connect(input, output, () => undefined, soon());
    await client.listTools(soon());
    return client.tools.map(({ name }) => name);
  } catch (error) {
    const { notProven = null } = (await world.records.of(program)) ?? {};
    const told = [messageOf(error), ...lines, `Not proven: ${notProven}`];
    throw new Error(told.join('\n'), { cause: error });
  } finally {
    container.disconnect();
  }
}

describe('servers of the npm registry', () => {
  it(
    'one is proven as it is built',
    async () => {
      const program = npm('@modelcontextprotocol/server-memory', '2026.8.31');
      expect(await toolsOf(program, [])).toContain('read_graph');
      const record = await world.records.of(program);
      expect(record?.tools?.map((each) => each.name)).toContain('read_graph');
      expect(record?.integrity).toMatch(/^sha512-/);
      expect(await world.records.tierOf(program)).toBe(1);
    },
    10 * minutes,
  );

  it(
    'kubernetes-mcp-server is built without its cluster, and starts with a file that it declares',
    async () => {
      const program = npm('kubernetes-mcp-server', '0.0.67');
      const files = { WAR_ROOM_FILES: 'KUBECONFIG', WAR_ROOM_FILE_KUBECONFIG: kubeconfig };
      expect(await toolsOf(program, [], files)).toContain('pods_list');
      const record = await world.records.of(program);
      expect(record).toMatchObject({ tools: null, provenStartMs: null });
      expect(record?.notProven).toContain('ended with status 1');
      // Itself, and its program for the processor of the engine alone.
      expect(record?.packages).toBe(2);
    },
    10 * minutes,
  );

  it('one that is compiled when it is installed is not taken', async () => {
    const { needsBuild } = await world.images().describe(npm('better-sqlite3', '12.4.1'), late());
    expect(needsBuild).toEqual(['better-sqlite3']);
  });
});

describe('servers of PyPI', () => {
  beforeEach(async (context) => need(context, await missingUv()));

  it(
    'mcp-server-time is fetched by uv, and proven as it is built',
    async () => {
      const program = pypi('mcp-server-time', '2026.10.19');
      expect(await toolsOf(program, ['--local-timezone', 'UTC'])).toContain('get_current_time');
      const record = await world.records.of(program);
      expect(record?.integrity).toMatch(/^sha256-\S+( sha256-\S+)*$/);
      expect(record?.image?.environment).toMatchObject({ PYTHONPATH: '/app' });
      expect(record?.image?.isGuarded).toBe(true);
      // What Python compiled while the server was tried.
      expect(record?.image?.layers.length).toBeGreaterThan(1);
    },
    10 * minutes,
  );

  it('one without a version is told with its newest', async () => {
    const told = await world.images().describe(pypi('mcp-server-time', 'latest'), late());
    expect(told.version).toMatch(/^\d+\.\d+/);
    expect(told.integrity).toMatch(/^sha256-/);
  });

  it('one with another integrity than was pinned is not taken', async () => {
    const integrity = `sha256-${Buffer.alloc(32).toString('base64')}`;
    const program = pypi('mcp-server-time', '2026.10.19', integrity);
    await expect(world.images().imageOf(specOf(program), late())).rejects.toSatisfy(
      (error) =>
        WarRoomError.is(error, 'image-failed') && /not what was pinned/.test(error.message),
    );
  });

  it('one that is no wheel needs a build', async () => {
    const program = pypi('docopt', '0.6.2');
    await expect(world.images().describe(program, late())).rejects.toSatisfy(
      (error) => WarRoomError.is(error, 'image-failed') && /needs a build/.test(error.message),
    );
  });
});

describe('without uv', () => {
  it('a server of PyPI is unavailable, with what to do', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      const program = pypi('mcp-server-time', '1.0');
      await expect(world.images().describe(program, soon())).rejects.toSatisfy(
        (error) =>
          WarRoomError.is(error, 'image-failed') &&
          /`uv` is needed.*install it/.test(error.message),
      );
    } finally {
      process.env['PATH'] = path;
    }
  });
});
