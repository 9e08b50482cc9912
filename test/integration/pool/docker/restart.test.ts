import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { PrivateEngine, engineAt, missingDockerd } from '../../../harness/engine';
import { waitFor } from '../../../harness/wait';
import { need } from '../../mcp/prerequisite';
import { DockerWorld } from './world';

const missing = missingDockerd();
let engine: PrivateEngine | undefined;
let world: DockerWorld;

beforeAll(async () => {
  if (missing !== null) return;
  engine = await PrivateEngine.start();
  world = await DockerWorld.open(engine.host);
});

beforeEach((context) => need(context, missing));

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

/** Ends for nobody's sake but a kill's. */
const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
const lost = 'was lost with the connection to its container';

function runtimeOn({ host }: PrivateEngine) {
  return world.runtime({
    connect: () => engineAt(host),
    images: world.images(['node', '-e', stubborn]),
  });
}

describe('an engine that goes and comes back', { timeout: 180_000 }, () => {
  it('takes its containers along when it is restarted, and serves again', async () => {
    if (!engine) return;
    const runtime = runtimeOn(engine);
    const { program } = await world.start('', { runtime });
    await engine.stop();
    await engine.start();
    await expect(program.gone).resolves.toMatch(/^was (lost|ended)/);
    expect(await world.containers()).toEqual([]);
    const { program: next } = await world.start('', { runtime });
    expect(await world.containers()).toEqual([next.id]);
    await next.stop();
  });

  it('leaves nothing when it was killed, whatever the server does', async () => {
    if (!engine) return;
    const runtime = runtimeOn(engine);
    const { program } = await world.start('', { runtime });
    await engine.kill();
    const refused = await world.start('', { runtime }).then(String, (error: unknown) => error);
    expect(refused).toMatchObject({ code: 'engine-unavailable' });
    await engine.start();
    await expect(program.gone).resolves.toBe(lost);
    await waitFor('nothing to be left', async () => (await world.containers()).length === 0);
    const { program: next } = await world.start('', { runtime });
    await next.stop();
  });

  it('does not hold up who stops a server of an engine that is down', async () => {
    if (!engine) return;
    const runtime = runtimeOn(engine);
    const { program } = await world.start('', { runtime });
    await engine.kill();
    await program.stop();
    // Whichever is heard of first.
    expect(['was stopped', lost]).toContain(await program.gone);
    await engine.start();
    await waitFor('nothing to be left', async () => (await world.containers()).length === 0);
  });
});
