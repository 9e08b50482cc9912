import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import { World, approved, evidence, input, never, rejected } from './world';

describe('An answer', () => {
  it('that git refuses leaves the incident waiting; rejecting it then is no failure', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    world.commit = () => Promise.reject(new WarRoomError('hook-failed', 'The hook said no.'));
    await expect(world.engine().answer(id, approved, never)).rejects.toMatchObject({
      code: 'hook-failed',
    });
    expect(await world.load(id)).toMatchObject({
      state: 'awaiting-approval',
      decision: null,
      error: { code: 'hook-failed' },
    });
    const done = await world.engine().answer(id, rejected, never);
    expect(done).toMatchObject({ state: 'rejected', error: null });
  });

  it('is taken once, of however many that come at once', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    const answers = await Promise.allSettled(
      [1, 2, 3].map(() => world.engine().answer(id, approved, never)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(world.asked.filter((each) => each === 'commit')).toHaveLength(1);
  });

  it('cancelled before it is carried out leaves the change waiting', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    const stop = new AbortController();
    const engine = world.engine({
      update: async (which, change) => {
        const written = await world.store.update(which, change);
        stop.abort();
        return written;
      },
    });
    await expect(engine.answer(id, approved, stop.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect((await world.load(id)).state).toBe('awaiting-approval');
    expect(world.asked).not.toContain('commit');
  });

  it('of a kind that the incident does not wait for changes nothing', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    await world.store.update(id, (each) => ({ ...each, state: 'accepted' }));
    const choose = { kind: 'choose' as const, valuesFile: 'other.yaml' };
    await expect(world.engine().answer(id, choose, never)).rejects.toMatchObject({
      code: 'wrong-state',
    });
    expect((await world.load(id)).state).toBe('accepted');
    await world.engine().answer(id, approved, never);
    await expect(world.engine().answer(id, approved, never)).rejects.toMatchObject({
      code: 'wrong-state',
    });
  });

  it('that names the values file plans again for it', async () => {
    await using world = await World.make();
    const candidates = [{ path: 'a/values.yaml', why: '' }];
    world.plan = () => Promise.resolve({ kind: 'choose', candidates });
    const id = await world.waiting();
    expect(await world.load(id)).toMatchObject({ outcome: 'advised', candidates });
    world.plan = () => Promise.resolve({ kind: 'advice', advice: { summary: 'x', commands: [] } });
    const choose = { kind: 'choose' as const, valuesFile: 'a/values.yaml' };
    const done = await world.engine().answer(id, choose, never);
    expect(done).toMatchObject({ state: 'reported', place: { valuesFile: 'a/values.yaml' } });
  });
});

describe('Going on with an open incident', () => {
  it('leaves one that waits as it is when nothing is new', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    const before = await world.load(id);
    const after = await world.engine().goOn(id, input, () => Promise.resolve(false), never);
    expect(after).toEqual(before);
  });

  it('runs it again with other evidence, and forgets what an earlier answer failed with', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    world.commit = () => Promise.reject(new WarRoomError('hook-failed', 'The hook said no.'));
    await world
      .engine()
      .answer(id, approved, never)
      .catch(() => undefined);
    const add = async () => {
      await world.store.addEvidence(id, evidence('other.log', 'INFO fine'), 9);
      return true;
    };
    const after = await world.engine().goOn(id, input, add, never);
    expect(after).toMatchObject({ state: 'awaiting-approval', outcome: 'proposed', error: null });
    expect(world.asked.filter((each) => each === 'plan')).toHaveLength(2);
  });

  it('does not run one again whose change is accepted', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    await world.store.update(id, (each) => ({ ...each, state: 'accepted' }));
    const after = await world.engine().goOn(id, input, () => Promise.resolve(true), never);
    expect(after.state).toBe('accepted');
  });
});
