import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '../../../../src/base/log';
import { McpClient } from '../../../../src/pool/client';
import { startSealed } from '../../../../src/pool/images/runOnce';
import type { ServerProgram } from '../../../../src/pool/runtime';
import { dockerRuntime } from '../../../../src/pool/runtimes/docker/dockerRuntime';
import { missingEngine } from '../../mcp/engine';
import { need } from '../../mcp/prerequisite';
import { ImageWorld, late, npm, soon, specOf } from './imageWorld';
import { NpmRegistry } from './npmRegistry';
import { tinyServer } from './tinyServer';

const limits = { memoryBytes: 200 * 1024 * 1024, cpus: 0.5 };

let missing: string | null;
let world: ImageWorld;
let registry: NpmRegistry;

beforeAll(async () => {
  missing = await missingEngine();
  if (missing !== null) return;
  registry = await NpmRegistry.start();
  world = await ImageWorld.open();
  await world.npmrc(`registry=${registry.address}`);
  await registry.offer(tinyServer('guarded'));
});

beforeEach((context) => need(context, missing));

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
});

async function start(
  args: readonly string[],
  values: Readonly<Record<string, string>> = {},
): Promise<ServerProgram> {
  const runtime = dockerRuntime({
    connect: () => Promise.resolve(world.engine),
    images: world.images(),
    owner: 'a-test',
    limits,
    network: 'war-room-test-guard',
    log: silentLog,
  });
  const spec = { ...specOf(npm('guarded'), args), environment: Object.keys(values) };
  return await runtime.start({ spec, environment: values, onErrorLine: () => undefined }, late());
}

async function greeted(program: ServerProgram): Promise<McpClient> {
  const client = new McpClient();
  await client.connect(program.input, program.output, () => undefined, soon());
  return client;
}

describe('the guard', () => {
  it('hands on what is said, however much at once', async () => {
    const program = await start(['ends', '0']);
    const client = await greeted(program);
    const text = 'x'.repeat(300_000);
    const answers = await Promise.all(
      [1, 2, 3].map((number) => client.call('echo', { number, text }, soon())),
    );
    expect(answers.map((answer) => JSON.parse(answer.text) as unknown)).toEqual(
      [1, 2, 3].map((number) => ({ number, text })),
    );
    await program.stop();
  });

  it('ends a server that ignores the end of its input, after 5 s', async () => {
    const program = await start(['stays']);
    await greeted(program);
    const begin = performance.now();
    program.input.end();
    expect(await program.gone).toBe('was ended by SIGKILL');
    expect(performance.now() - begin).toBeGreaterThan(4_500);
  });

  it('ends it also when who used it is gone without a word', async () => {
    const image = await world.images().imageOf(specOf(npm('guarded')), late());
    const container = await startSealed(
      world.engine,
      { spec: specOf(npm('guarded'), ['stays']), image, limits, owner: 'a-test' },
      () => undefined,
      soon(),
    );
    const client = new McpClient();
    await client.connect(
      container.attachment.input,
      container.attachment.output,
      () => undefined,
      soon(),
    );
    const ended = world.engine.client.getContainer(container.id).wait();
    container.disconnect();
    expect(await ended).toMatchObject({ StatusCode: 137 });
  });

  it('lets the server end by itself at once, with its own status', async () => {
    const program = await start(['ends', '7']);
    await greeted(program);
    program.input.end();
    expect(await program.gone).toBe('ended with status 7');
  });

  it('leaves nothing of itself for the server to see', async () => {
    const program = await start([]);
    const client = await greeted(program);
    const { text } = await client.call('look', {}, soon());
    // The init process, the server, the feeder and its `cat`.
    expect(JSON.parse(text)).toEqual({ folder: [], processes: 4, variables: [], umask: 0o22 });
    await program.stop();
  });

  it('writes the files that a server declares, for it alone', async () => {
    const content = 'kind: "Config"\n# $HOME `id` \\n %s\n\n';
    const program = await start([], {
      WAR_ROOM_FILES: 'KUBECONFIG',
      WAR_ROOM_FILE_KUBECONFIG: content,
    });
    const client = await greeted(program);
    const { text } = await client.call('look', {}, soon());
    expect(JSON.parse(text)).toMatchObject({
      variables: [],
      file: { path: '/tmp/KUBECONFIG', mode: '600', content },
    });
    await program.stop();
  });
});
