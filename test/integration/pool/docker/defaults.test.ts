import { hostname } from 'node:os';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ServerImages } from '../../../../src/pool/images/serverImage';
import { waitFor } from '../../../harness/wait';
import { missingEngine } from '../../mcp/engine';
import { need } from '../../mcp/prerequisite';
import { DockerWorld, mebibyte } from './world';
import type { StartOptions } from './world';

let missing: string | null;
let world: DockerWorld;

beforeAll(async () => {
  missing = await missingEngine();
  if (missing === null) world = await DockerWorld.open(process.env['DOCKER_HOST'] ?? '');
});

beforeEach((context) => need(context, missing));

afterAll(() => world?.[Symbol.asyncDispose]());

const idle = 'process.stdin.on("end", () => process.exit()).resume()';
const soon = () => AbortSignal.timeout(20_000);

async function started(options: StartOptions = {}) {
  const { program } = await world.start(idle, options);
  const facts = await world.engine.client.getContainer(program.id).inspect();
  return { program, facts };
}

describe('the defaults of a container', () => {
  it('limits, shields and removes it', async () => {
    const { program, facts } = await started();
    await program.greeted(soon());
    const { HostConfig: host, Config: config } = await world.engine.client
      .getContainer(program.id)
      .inspect();
    expect(host).toMatchObject({
      Memory: 200 * mebibyte,
      MemorySwap: 200 * mebibyte,
      NanoCpus: 500_000_000,
      CpuQuota: 0,
      PidsLimit: 128,
      Init: true,
      AutoRemove: true,
      CapDrop: ['ALL'],
      CapAdd: null,
      Privileged: false,
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': `size=${64 * mebibyte},mode=1777,uid=65532,gid=65532` },
      Binds: null,
      LogConfig: { Type: 'none' },
    });
    expect(facts.Mounts).toEqual([]);
    expect(config).toMatchObject({
      User: '65532:65532',
      OpenStdin: true,
      StdinOnce: true,
      Tty: false,
      Healthcheck: { Test: ['NONE'] },
    });
    expect(program.limits).toEqual({
      memoryBytes: 200 * mebibyte,
      cpus: 0.5,
      notApplied: world.engine.facts.notApplied,
    });
  });

  it('is named and labelled', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { program, facts } = await started();
    expect(facts.Name).toBe(`/${program.name}`);
    const [, seconds = ''] = /^tried-mcp-(\d+)-[0-9a-f]{4}$/.exec(program.name) ?? [];
    expect(Number(seconds)).toBeGreaterThanOrEqual(before);
    expect(facts.Config.Labels).toEqual({
      'war-room.owner': world.owner,
      'war-room.host': hostname(),
      'war-room.server': 'tried',
      'war-room.started': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      'war-room.config': expect.stringMatching(/^[0-9a-f]{12}$/) as string,
    });
  });

  it('shows a person what is special about its image', async () => {
    const notice = "On this machine's own Node.";
    const imageOf = async (...asked: Parameters<ServerImages['imageOf']>) => ({
      ...(await world.images(['node', '-e', idle]).imageOf(...asked)),
      notice,
    });
    const runtime = world.runtime({ images: { imageOf, started: () => undefined } });
    const { program } = await started({ runtime });
    expect(await program.inspect(soon())).toMatchObject({
      Config: { Labels: { 'war-room.notice': notice } },
    });
  });

  it('sees what the server declares and nothing else', async () => {
    process.env['WAR_ROOM_TEST_SECRET'] = 'ours';
    const { facts } = await started({
      environment: ['DECLARED'],
      values: { DECLARED: 'a value', OTHER: 'not declared' },
    });
    const path = 'PATH=/usr/local/bin:/usr/bin:/bin';
    expect(facts.Config.Env).toEqual([path, 'DECLARED=a value', 'HOME=/tmp']);
  });

  it('shows its environment to a person with the values masked', async () => {
    const { program } = await started({ values: { TOKEN: 'very\nsecret=1' } });
    const shown = await program.inspect(soon());
    expect(shown).toMatchObject({ Config: { Env: ['PATH=***', 'TOKEN=***', 'HOME=***'] } });
    expect(JSON.stringify(shown)).not.toContain('secret');
  });

  it('gets values in its arguments, which nobody else is shown', async () => {
    const { program, facts } = await started({
      args: ['--url=${TOKEN}'],
      values: { TOKEN: 'secret' },
    });
    expect(facts.Args).toContain('--url=secret');
    const shown = await program.inspect(soon());
    expect(shown).toMatchObject({
      Config: { Cmd: expect.arrayContaining(['--url=${TOKEN}']) as [] },
    });
    expect(JSON.stringify(shown)).not.toContain('secret');
  });

  it('runs as nobody on a root that cannot be written, with a /tmp that can', async () => {
    const tried = await world.start(`
      const { writeFileSync, readFileSync } = require('node:fs');
      const attempt = (path, bytes) => {
        try { writeFileSync(path, Buffer.alloc(bytes)); return 'written'; }
        catch (error) { return error.code; }
      };
      const status = readFileSync('/proc/self/status', 'utf8');
      console.log(JSON.stringify({
        uid: process.getuid(), gid: process.getgid(), pid: process.pid === 1,
        root: attempt('/there', 1), tmp: attempt('/tmp/there', 1), full: attempt('/tmp/big', 70e6),
        capabilities: /CapEff:\\s+(\\w+)/.exec(status)[1], privileges: /NoNewPrivs:\\s+(\\d)/.exec(status)[1],
      }));`);
    await waitFor('the answer', () => tried.text().includes('\n'));
    expect(JSON.parse(tried.text())).toEqual({
      uid: 65532,
      gid: 65532,
      pid: false,
      root: 'EROFS',
      tmp: 'written',
      full: 'ENOSPC',
      capabilities: '0000000000000000',
      privileges: '1',
    });
  });
});

describe('the processors of a container', () => {
  it('are all of the machine until it was greeted', async () => {
    const { program, facts } = await started();
    expect(facts.HostConfig.NanoCpus).toBe(world.engine.facts.cpus * 1e9);
    await program.greeted(soon());
    const later = await world.engine.client.getContainer(program.id).inspect();
    expect(later.HostConfig.NanoCpus).toBe(500_000_000);
  });

  it('are limited without a greeting too, after a time', async () => {
    const { program } = await started();
    await waitFor('the limit', async () => {
      const { HostConfig } = await world.engine.client.getContainer(program.id).inspect();
      return HostConfig.NanoCpus === 500_000_000;
    });
  });
});
