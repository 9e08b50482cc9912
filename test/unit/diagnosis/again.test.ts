import { describe, expect, it } from 'vitest';

import { World, approved, input, never } from './world';

const objection = {
  at: '2026-11-22T03:00:00.000Z',
  by: 'Sam',
  note: 'not this: the node was replaced, password=hunter2hunter2',
  not: 'oom-killed',
} as const;

describe('An incident that is diagnosed again with its person’s word', () => {
  it('does not come to the cause that they rule out, keeps the word masked, and is the same incident', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    const again = await world.diagnoser().again(id, objection, input, never);
    expect(again.id).toBe(id);
    expect(again.category).toBe('crash-loop');
    expect(again.rootCause?.summary).toContain('does not show why');
    expect(again.hypotheses.map(({ category }) => category)).not.toContain('oom-killed');
    const [kept] = again.objections ?? [];
    expect(kept).toMatchObject({ not: 'oom-killed', by: 'Sam' });
    expect(kept?.note).toContain('the node was replaced');
    expect(kept?.note).not.toContain('hunter2');
  });

  it('comes to the same cause where only the change was not right', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    const use = { model: 'm', turns: 8, tokens: 9, dollars: 1, seconds: 2, ended: false };
    await world.store.update(id, (each) => ({ ...each, modelUse: [use] }));
    const again = await world.diagnoser().again(id, { ...objection, not: null }, input, never);
    // A model that was asked and cancelled before has its whole budget again.
    expect(again.modelUse).toEqual([{ ...use, ended: true }]);
    expect(again).toMatchObject({ state: 'awaiting-approval', category: 'oom-killed' });
    expect(world.asked.filter((each) => each === 'plan')).toHaveLength(2);
  });

  it('is left as it is once it is committed', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    await world.engine().answer(id, approved, never);
    const attempt = world.diagnoser().again(id, objection, input, never);
    await expect(attempt).rejects.toMatchObject({ code: 'wrong-state' });
    expect((await world.load(id)).objections).toBeUndefined();
  });
});
