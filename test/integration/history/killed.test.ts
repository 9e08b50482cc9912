import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundleScript } from '../../harness/bundleScript';
import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { evidence } from './evidence';
import { World, limitEdit, newIncident, values } from './fixture';

const staged = values.replace('port: 3000', 'port: 4000');
const edited = staged.replace('replicas: 1', 'replicas: 7');
const accepted = (text: string) => text.replace("'512Mi'", "'1Gi'");

let folder: TemporaryFolder;
let script: string;

beforeAll(async () => {
  folder = await temporaryFolder('killed');
  script = await bundleScript(join(__dirname, 'killedCommit.ts'), folder.path);
});

afterAll(() => folder.remove());

/** Runs the other process; its steps when it came to its end, undefined when it died on the way. */
async function other(
  world: World,
  id: string,
  what: 'commit' | 'undo',
  step: number,
): Promise<number | undefined> {
  const args = [script, world.storeFolder, id, what, String(step)];
  const child = spawn(process.execPath, args, {
    env: world.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect([code, signal]).toEqual(signal === 'SIGKILL' ? [null, 'SIGKILL'] : [0, null]);
  return signal === null ? Number(output) : undefined;
}

/** A repository in use, with an incident whose proposal was made on the edited file. */
async function makeBusy(world: World): Promise<string> {
  await world.write(staged);
  await world.git('add', '--all');
  await world.write(edited);
  const bytes = await world.read();
  const { id } = await newIncident(world.store, world.root, world.path, bytes, [limitEdit]);
  return id;
}

/** git's own children outlive the killed process for a moment. */
async function untilGitIsQuiet(world: World): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const locks = (await readdir(join(world.root, '.git'))).filter((name) =>
      name.endsWith('.lock'),
    );
    if (locks.length === 0) return;
    await sleep(50);
  }
  throw new Error('A lock file was left in the repository.');
}

describe('A process that is killed in the middle', () => {
  it('of accept and commit: afterwards there is exactly one commit, and nothing is lost', async () => {
    const rehearsal = await World.make();
    const steps = await other(rehearsal, await makeBusy(rehearsal), 'commit', 0);
    await rehearsal[Symbol.asyncDispose]();
    expect(steps).toBeGreaterThan(15);
    for (let step = 1; step <= Number(steps); step++) {
      await using world = await World.make();
      const id = await makeBusy(world);
      expect(await other(world, id, 'commit', step), `step ${step}`).toBeUndefined();
      await untilGitIsQuiet(world);
      const incident = await world.store.load(id);
      const { sha } = await world.history().commit(incident, world.decision(), evidence);
      expect(await world.commitCount(), `step ${step}`).toBe(2);
      expect((await world.git('rev-parse', 'HEAD')).trim()).toBe(sha);
      expect(String(await world.blob(sha))).toBe(accepted(values));
      expect(String(await world.blob(''))).toBe(accepted(staged));
      expect(String(await world.read())).toBe(accepted(edited));
      expect(await world.status(), `step ${step}`).toEqual([`MM ${world.path}`]);
    }
  }, 600_000);

  it('of undo: another undo finishes it', async () => {
    for (let step = 1; ; step++) {
      await using world = await World.make();
      const id = await makeBusy(world);
      const incident = await world.store.load(id);
      await world.history().accept(incident, {}, evidence);
      const ended = await other(world, id, 'undo', step);
      await untilGitIsQuiet(world);
      await world.history().undo(incident);
      expect(String(await world.read()), `step ${step}`).toBe(edited);
      expect(String(await world.blob(''))).toBe(staged);
      expect(await world.status(), `step ${step}`).toEqual([`MM ${world.path}`]);
      if (ended !== undefined) break;
    }
  }, 600_000);
});
