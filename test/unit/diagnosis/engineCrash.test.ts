import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Incident } from '../../../src/incident/incident';
import { World, approved, input, killedLog, never, rejected } from './world';

/** Where a crash hits: the process is gone before, or just after, its n-th write of the incident. */
class Crash extends Error {}

describe('After a crash', () => {
  /** Runs until the n-th write; everything after it fails, as if the process were gone. */
  async function runAndCrash(
    world: World,
    at: { write: number; after: boolean },
    work: (engine: ReturnType<World['engine']>) => Promise<Incident>,
  ): Promise<boolean> {
    let writes = 0;
    let gone = false;
    const engine = world.engine({
      update: async (which, change) => {
        writes++;
        if (gone || (writes === at.write && !at.after)) {
          gone = true;
          throw new Crash();
        }
        const written = await world.store.update(which, change);
        if (writes === at.write) {
          gone = true;
          throw new Crash();
        }
        return written;
      },
    });
    try {
      await work(engine);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    return gone;
  }

  it('at any write of a run, going on ends at the question', async () => {
    for (const after of [false, true]) {
      for (let write = 1; ; write++) {
        await using world = await World.make();
        const id = await world.queued(killedLog);
        const crashed = await runAndCrash(world, { write, after }, (engine) =>
          engine.run(id, input, never),
        );
        if (!crashed) break;
        const { state } = await world.load(id);
        if (state === 'queued') await world.engine().run(id, input, never);
        else await world.engine().resume(id, never);
        expect((await world.load(id)).state, `write ${write}`).toBe('awaiting-approval');
        const done = await world.engine().answer(id, approved, never);
        expect(done.state, `write ${write}, after: ${after}`).toBe('awaiting-rollout');
      }
    }
  }, 120_000);

  it('at any write of an approval, the next one ends in one commit', async () => {
    for (const after of [false, true]) {
      for (let write = 1; ; write++) {
        await using world = await World.make();
        const commits = new Set<string>();
        world.commit = ({ id }) => {
          commits.add(id);
          return Promise.resolve({ sha: 'c0ffee', branch: 'main', notes: [] });
        };
        const id = await world.waiting();
        const crashed = await runAndCrash(world, { write, after }, (engine) =>
          engine.answer(id, approved, never),
        );
        if (!crashed) break;
        const { state } = await world.load(id);
        if (state !== 'awaiting-rollout') await world.engine().answer(id, approved, never);
        expect((await world.load(id)).state, `write ${write}, after: ${after}`).toBe(
          'awaiting-rollout',
        );
        expect([...commits]).toEqual([id]);
      }
    }
  }, 120_000);

  it('an interrupted rejection does not swallow the approval that follows', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    // The answer is on disk, the step that carries it out has not begun.
    await runAndCrash(world, { write: 2, after: false }, (engine) =>
      engine.answer(id, rejected, never),
    );
    expect((await world.load(id)).state).toBe('awaiting-approval');
    const done = await world.engine().answer(id, approved, never);
    expect(done).toMatchObject({ state: 'awaiting-rollout', commit: 'c0ffee' });
  });

  it('an interrupted approval is not carried out when the person rejects now', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    await runAndCrash(world, { write: 2, after: false }, (engine) =>
      engine.answer(id, approved, never),
    );
    expect((await world.load(id)).state).toBe('awaiting-approval');
    const done = await world.engine().answer(id, rejected, never);
    expect(done.state).toBe('rejected');
    expect(world.asked).not.toContain('commit');
  });

  it('a rejection while a commit is unfinished changes nothing and says how to finish', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    await runAndCrash(world, { write: 2, after: true }, (engine) =>
      engine.answer(id, approved, never),
    );
    expect((await world.load(id)).state).toBe('executing');
    await expect(world.engine().answer(id, rejected, never)).rejects.toMatchObject({
      code: 'wrong-state',
    });
    expect(world.asked).not.toContain('commit');
  });

  it('between the proposal and its checkpoint, typed values and the acceptance stand', async () => {
    await using world = await World.make();
    const id = await world.queued(killedLog);
    let gone = false;
    const engine = world.engine({
      update: async (which, change) => {
        if (gone) throw new Crash();
        const written = await world.store.update(which, change);
        gone = written.state === 'awaiting-approval';
        return written;
      },
    });
    await expect(engine.run(id, input, never)).rejects.toThrow(Crash);
    const typed = { 'resources.limits.memory': '3Gi' };
    await world.store.update(id, (each) => ({ ...each, typed, state: 'accepted' }));
    const done = await world.engine().answer(id, approved, never);
    expect(done).toMatchObject({ state: 'awaiting-rollout', typed });
    expect(world.asked.filter((each) => each === 'plan')).toHaveLength(1);
  });

  it('goes on although the checkpoints are gone', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    const journal = join(world.store.folder(id), 'checkpoints', `${id}.jsonl`);
    await writeFile(journal, '');
    const done = await world.engine().answer(id, approved, never);
    expect(done).toMatchObject({ state: 'awaiting-rollout', commit: 'c0ffee' });
  });

  it('drops a checkpoint that was torn', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    await appendFile(join(world.store.folder(id), 'checkpoints', `${id}.jsonl`), '{"put":{"ns"');
    expect((await world.engine().answer(id, approved, never)).state).toBe('awaiting-rollout');
  });
});
