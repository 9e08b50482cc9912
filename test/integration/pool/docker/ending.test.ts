import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { engineAt } from '../../../harness/engine';
import { EngineProxy } from '../../../harness/engineProxy';
import { waitFor } from '../../../harness/wait';
import { missingEngine } from '../../mcp/engine';
import { need } from '../../mcp/prerequisite';
import { DockerWorld } from './world';

const host = process.env['DOCKER_HOST'] ?? '';
let missing: string | null;
let world: DockerWorld;

beforeAll(async () => {
  missing = await missingEngine();
  if (missing === null) world = await DockerWorld.open(host);
});

beforeEach((context) => need(context, missing));

afterAll(() => world?.[Symbol.asyncDispose]());

const forever = 'setInterval(() => {}, 1000);';
/** Neither the end of its input nor a polite signal ends it. */
const stubborn = `
  process.on('SIGTERM', () => console.error('will not')); process.stdin.resume();
  ${forever} console.log('ready');`;

const soon = () => AbortSignal.timeout(20_000);

describe('a program that ends', () => {
  it('tells its status and its last words, however soon it ends', async () => {
    const { program, errorLines } = await world.start(
      "for (let i = 1; i <= 60; i++) console.error('word ' + i); process.exitCode = 3;",
    );
    await expect(program.gone).resolves.toBe('ended with status 3');
    expect(errorLines.slice(-2)).toEqual(['word 59', 'word 60']);
    expect(await world.containers()).toEqual([]);
  });

  it('tells the signal that ended it', async () => {
    const { program } = await world.start(`process.kill(process.pid, 'SIGTERM'); ${forever}`);
    await expect(program.gone).resolves.toBe('was ended by SIGTERM');
  });

  it('tells that it was killed for want of memory', async () => {
    const { program } = await world.start(`
      const kept = [];
      setInterval(() => kept.push(Buffer.alloc(10e6, 1)), 10);`);
    await expect(program.gone).resolves.toBe('was killed for want of memory (200 MiB)');
  });

  it('tells that a part of it was', async () => {
    const greedy = 'const kept = []; for (;;) kept.push(Buffer.alloc(10e6, 1));';
    const { program } = await world.start(`
      require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(greedy)}])
        .on('exit', () => process.exit(4));`);
    await expect(program.gone).resolves.toBe(
      'ended with status 4 after a part of it was killed for want of memory (200 MiB)',
    );
  });

  it('tells that somebody else killed it', async () => {
    const { program } = await world.start(forever);
    await world.engine.client.getContainer(program.id).kill();
    await expect(program.gone).resolves.toBe('was ended by SIGKILL');
    await expect(program.memoryBytes(soon())).resolves.toBeNull();
  });

  it('is gone when somebody else removed it', async () => {
    const { program } = await world.start(forever);
    await world.engine.client.getContainer(program.id).remove({ force: true });
    await expect(program.gone).resolves.toMatch(/^was ended by SIGKILL|^was lost/);
  });
});

describe('stopping a program', () => {
  it('ends its input, and that is enough for most', async () => {
    const { program, text } = await world.start(`
      process.on('SIGTERM', () => console.log('asked'));
      process.stdin.on('end', () => { console.log('read to the end'); process.exit(0); }).resume();`);
    await Promise.all([program.stop(), program.stop()]);
    expect(text()).toBe('read to the end\n');
    expect(await world.containers()).toEqual([]);
  });

  it('kills one that ignores the end of its input and the signal', async () => {
    const { program, text, errorLines } = await world.start(stubborn);
    await waitFor('it to be ready', () => text().includes('ready'));
    await program.stop();
    expect(errorLines).toEqual(['will not']);
    expect(await world.containers()).toEqual([]);
  });

  it('takes away one that is paused', async () => {
    const { program } = await world.start(stubborn);
    await world.engine.client.getContainer(program.id).pause();
    await program.stop();
    expect(await world.containers()).toEqual([]);
  });

  it('stops one that cannot be limited again', async () => {
    await using proxy = await EngineProxy.before(host);
    proxy.fate = (request) =>
      request.includes('/update') ? { status: 500, message: 'not here' } : 'pass';
    const runtime = world.runtime({ connect: () => engineAt(proxy.host) });
    const { program } = await world.start('', { runtime });
    await expect(program.greeted(soon())).rejects.toThrow('not here');
    const { program: other } = await world.start('', { runtime });
    await expect(other.gone).resolves.toBe('was stopped');
    expect(world.warnings.join()).toContain(`${other.name} is stopped, since`);
    await program.stop();
  });
});

describe('a start that fails', () => {
  it('says why, and leaves nothing', async () => {
    const runtime = world.runtime({ images: world.images([], `sha256:${'0'.repeat(64)}`) });
    const starting = world.start('', { runtime }).then(String);
    await expect(starting).rejects.toMatchObject({
      code: 'server-failed',
      message: expect.stringMatching(
        /^The tried server could not be started in a container: No such image: sha256:0+\.$/,
      ) as string,
    });
    expect(await world.containers()).toEqual([]);
  });

  it('is an ending where only the program is missing', async () => {
    const runtime = world.runtime({ images: world.images(['no-such-program']) });
    const { program, errorLines } = await world.start('', { runtime });
    await expect(program.gone).resolves.toBe('ended with status 127');
    expect(errorLines.join()).toContain('no-such-program');
  });

  it('leaves nothing when it is cancelled, at whatever moment', async () => {
    const begin = performance.now();
    const { program } = await world.start(forever);
    const usual = performance.now() - begin;
    await program.stop();
    for (const part of [0, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95]) {
      const cancel = new AbortController();
      setTimeout(() => cancel.abort(new Error('no longer wanted')), part * usual);
      const starting = world.start(forever, { signal: cancel.signal });
      const outcome = await starting.then(() => 'started', String);
      expect(['started', 'Error: no longer wanted']).toContain(outcome);
    }
    for (const each of world.programs) await each.stop();
    expect(await world.containers()).toEqual([]);
  });

  it('ends when the engine never answers, and says so', { timeout: 180_000 }, async () => {
    await using proxy = await EngineProxy.before(host);
    proxy.fate = (request) => (request.includes('/start') ? 'hang' : 'pass');
    const runtime = world.runtime({ connect: () => engineAt(proxy.host) });
    await expect(world.start('', { runtime })).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining('did not start the tried server in time') as string,
    });
    expect(await world.containers()).toEqual([]);
  });
});

describe('a connection that is lost', () => {
  it('ends the program, whose container goes', async () => {
    await using proxy = await EngineProxy.before(host);
    const runtime = world.runtime({ connect: () => engineAt(proxy.host) });
    const { program } = await world.start('', { runtime });
    proxy.dropAll();
    await expect(program.gone).resolves.toBe('was lost with the connection to its container');
    expect(await world.containers()).toEqual([]);
  });

  it('leaves no container when it is lost during a start', async () => {
    await using proxy = await EngineProxy.before(host);
    for (const part of ['/containers/create', '/attach', '/wait', '/start']) {
      let times = 0;
      proxy.fate = (request) => (request.includes(part) && times++ < 1 ? 'drop' : 'pass');
      const runtime = world.runtime({ connect: () => engineAt(proxy.host) });
      const { program } = await world.start('', { runtime });
      expect(await world.containers()).toEqual([program.id]);
      await program.stop();
    }
  });
});
