import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createHash } from 'node:crypto';

import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { connectEngine } from '../../../../src/pool/engine/connect';
import { projectRoot } from '../../../harness/paths';
import { temporaryFolder } from '../../../harness/temporary';
import type { TemporaryFolder } from '../../../harness/temporary';
import { missingEngine } from '../../mcp/engine';
import { need } from '../../mcp/prerequisite';

const host = process.env['DOCKER_HOST'] ?? '';
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder('connect');
});

afterAll(() => folder.remove());

const soon = () => AbortSignal.timeout(20_000);

/** Connects as a person with this environment and nothing in their home folder but what is there. */
function connect(environment: Record<string, string>, home = folder.path) {
  return connectEngine({ environment, home }, soon());
}

async function sentenceOf(connecting: Promise<unknown>): Promise<string> {
  const error: unknown = await connecting.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'WarRoomError', code: 'engine-unavailable' });
  return (error as Error).message;
}

describe('an engine', () => {
  it('is found by DOCKER_HOST, and says what it is', async (context) => {
    need(context, await missingEngine());
    const { facts, client } = await connect({ DOCKER_HOST: host });
    const info = (await client.info()) as { NCPU: number; MemTotal: number; ServerVersion: string };
    expect(facts).toMatchObject({
      version: info.ServerVersion,
      os: 'linux',
      cpus: info.NCPU,
      memoryBytes: info.MemTotal,
      isPodman: false,
    });
    expect(facts.apiVersion).toMatch(/^1\.\d+$/);
  });

  it('is found by the chosen docker context', async (context) => {
    need(context, await missingEngine());
    const meta = join(folder.path, '.docker', 'contexts', 'meta', sha256('ours'));
    await mkdir(meta, { recursive: true });
    await writeFile(join(folder.path, '.docker', 'config.json'), '{"currentContext":"ours"}');
    const endpoint = { Name: 'ours', Endpoints: { docker: { Host: host } } };
    await writeFile(join(meta, 'meta.json'), JSON.stringify(endpoint));
    const { place } = await connect({});
    expect(place.address).toBe(host);
    await writeFile(join(folder.path, '.docker', 'config.json'), '{}');
    const { place: named } = await connect({ DOCKER_CONTEXT: 'ours' });
    expect(named.address).toBe(host);
  });
});

describe('an engine that cannot be used', () => {
  it('that DOCKER_HOST names and that is not there', async () => {
    expect(await sentenceOf(connect({ DOCKER_HOST: 'unix:///nowhere/docker.sock' }))).toBe(
      'The container engine at unix:///nowhere/docker.sock, named by DOCKER_HOST, does not listen (ENOENT): start it, or change DOCKER_HOST; what comes with War Room goes on without it.',
    );
  });

  it('that nobody listens for', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    server.close();
    await once(server, 'close');
    const sentence = await sentenceOf(connect({ DOCKER_HOST: `tcp://127.0.0.1:${port}` }));
    expect(sentence).toContain('does not listen (ECONNREFUSED): start it, or change DOCKER_HOST');
  });

  it('that refuses this user', async (context) => {
    need(context, process.getuid?.() === 0 ? null : 'acting as another user needs root');
    await using refusing = await temporaryFolder('refusing');
    const socket = join(refusing.path, 'docker.sock');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    await chmod(socket, 0o600);
    await chmod(refusing.path, 0o755);
    const sentence = await asNobody(`unix://${socket}`);
    expect(sentence).toBe(
      `The container engine at unix://${socket}, named by DOCKER_HOST, refuses this user (EACCES): join its group, for example with \`sudo usermod -aG docker $USER\`, and sign in again; what comes with War Room goes on without it.`,
    );
    server.close();
  });

  it('that listens and never answers', async () => {
    const socket = join(folder.path, 'silent.sock');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    const sentence = await sentenceOf(connect({ DOCKER_HOST: `unix://${socket}` }));
    expect(sentence).toContain('does not answer: restart it, or change DOCKER_HOST');
    server.close();
  });

  it('that is reached by ssh, which is not supported', async () => {
    expect(await sentenceOf(connect({ DOCKER_HOST: 'ssh://sam@far' }))).toBe(
      'DOCKER_HOST names the container engine ssh://sam@far, and only unix, npipe and tcp addresses are supported: choose one of these, for example a socket forwarded by `ssh -L`.',
    );
  });

  it('that a context names which is not there', async () => {
    expect(await sentenceOf(connect({ DOCKER_CONTEXT: 'gone' }))).toBe(
      'The docker context "gone" names no container engine: choose another one with `docker context use`.',
    );
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Root may open every socket, so that being refused takes another user. */
async function asNobody(dockerHost: string): Promise<string> {
  await using own = await temporaryFolder('nobody');
  await chmod(own.path, 0o755);
  const script = join(own.path, 'connect.cjs');
  await build({
    stdin: {
      contents: `
        import { connectEngine } from './src/pool/engine/connect';
        connectEngine({}, new AbortController().signal)
          .then(() => console.log('connected'), (error) => console.log(error.message));`,
      resolveDir: projectRoot,
      loader: 'ts',
    },
    outfile: script,
    bundle: true,
    platform: 'node',
    external: ['dockerode'],
    logLevel: 'error',
  });
  const child = spawn(process.execPath, [script], {
    uid: 65_534,
    gid: 65_534,
    env: { DOCKER_HOST: dockerHost, HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(child, 'close');
  return text.trim();
}
