import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import { World, held, input, killedLog, never, request, timeouts, until } from './world';

describe('Diagnoses at once', () => {
  /** A world whose plans wait until they are let go, in the order in which they came. */
  async function crowded() {
    const world = await World.make();
    const plans: ReturnType<typeof held<never>>[] = [];
    world.plan = () => {
      const plan = held<never>();
      plans.push(plan);
      return plan.done;
    };
    return { world, plans, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
  }
  const different = (n: number) => killedLog.replaceAll('grafana', `service${'abcdefghijkl'[n]}`);
  const endOf = (plan: ReturnType<typeof held<never>> | undefined) =>
    plan?.fail(new Error('It was let go.'));

  it('are three; the others are queued, and come in order, what a person asked for first', async () => {
    await using crowd = await crowded();
    const { world, plans } = crowd;
    const diagnoser = world.diagnoser();
    const running = [0, 1, 2, 3].map((n) => diagnoser.diagnose(request(different(n)), never));
    await until(() => plans.length === 3);
    const states = async () => (await world.store.list()).map(({ state }) => state).sort();
    await until(async () => (await states()).length === 4);
    expect(await states()).toEqual(['planning', 'planning', 'planning', 'queued']);
    expect(plans).toHaveLength(3);
    plans.forEach(endOf);
    await until(() => plans.length === 4);
    endOf(plans[3]);
    await Promise.all(running);
  });

  it('are open ten at most: what is beyond is not even read', async () => {
    await using crowd = await crowded();
    const { world, plans } = crowd;
    world.limits = { running: 1, open: 2 };
    const diagnoser = world.diagnoser();
    const order: string[] = [];
    const ask = (n: number, byPerson: boolean) =>
      diagnoser.diagnose(
        request(different(n), {
          byPerson,
          trigger: String(n),
          onProgress: ({ step }) => step === 'opened' && order.push(String(n)),
        }),
        never,
      );
    const running = [ask(0, true), ask(1, true), ask(2, false), ask(3, true)];
    await until(() => plans.length === 1 && order.length === 2);
    expect(await world.store.list()).toHaveLength(2);
    for (let n = 0; n < 4; n++) {
      await until(() => plans.length === n + 1);
      endOf(plans[n]);
    }
    await Promise.all(running);
    // The first two are read side by side, so either may be first to have its incident.
    expect([order.slice(0, 2).sort(), order.slice(2)]).toEqual([
      ['0', '1'],
      ['3', '2'],
    ]);
  });

  it('of the same log are one incident, and each gets its answer', async () => {
    await using world = await World.make();
    const incidents = await Promise.all(
      [1, 2, 3].map(() => world.diagnoser().diagnose(request(killedLog), never)),
    );
    expect(new Set(incidents.map(({ id }) => id)).size).toBe(1);
    expect(incidents.map(({ outcome }) => outcome)).toEqual(['proposed', 'proposed', 'proposed']);
    expect(world.asked.filter((each) => each === 'plan')).toHaveLength(1);
  });

  it('that are cancelled while they are queued end as cancelled, and the others go on', async () => {
    await using crowd = await crowded();
    const { world, plans } = crowd;
    world.limits = { running: 1, open: 10 };
    const diagnoser = world.diagnoser();
    const stop = new AbortController();
    const first = diagnoser.diagnose(request(different(0)), never);
    await until(() => plans.length === 1);
    const second = diagnoser.diagnose(request(different(1)), stop.signal);
    await until(async () => (await world.store.list()).length === 2);
    stop.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    const states = (await world.store.list()).map(({ state }) => state).sort();
    expect(states).toEqual(['cancelled', 'planning']);
    endOf(plans[0]);
    await first;
  });

  it('that are queued when the window closes stay queued, for whoever comes next', async () => {
    await using crowd = await crowded();
    const { world, plans } = crowd;
    world.limits = { running: 1, open: 10 };
    const diagnoser = world.diagnoser();
    const stop = new AbortController();
    const first = diagnoser.diagnose(request(different(0)), stop.signal);
    await until(() => plans.length === 1);
    const second = diagnoser.diagnose(request(different(1)), stop.signal);
    await until(async () => (await world.store.list()).length === 2);
    stop.abort(new WarRoomError('closing', 'War Room is closing.'));
    endOf(plans[0]);
    await Promise.allSettled([first, second]);
    const states = (await world.store.list()).map(({ state }) => state).sort();
    expect(states).toEqual(['planning', 'queued']);
  });
});

describe('The same failure again', () => {
  it('goes on in its open incident and runs again only with other evidence', async () => {
    await using world = await World.make();
    const diagnoser = world.diagnoser();
    const first = await diagnoser.diagnose(request(killedLog), never);
    const again = await diagnoser.diagnose(request(killedLog), never);
    expect(again).toEqual({ ...first, updatedAt: again.updatedAt });
    const forced = await diagnoser.diagnose(request(killedLog, { forceNew: true }), never);
    expect(forced.id).not.toBe(first.id);
    expect(world.asked.filter((each) => each === 'plan')).toHaveLength(2);
  });

  it('is run again after the process that had it queued died', async () => {
    await using world = await World.make();
    const id = await died(world);
    const again = await world.diagnoser().diagnose(request(killedLog), never);
    expect(again).toMatchObject({ id, outcome: 'proposed' });
  });

  it('is gone on with after the process that ran it died', async () => {
    await using world = await World.make();
    const id = await died(world);
    let gone = false;
    const engine = world.engine({
      update: async (which, change) => {
        if (gone) throw new Error('The process is gone.');
        const written = await world.store.update(which, change);
        gone = written.state === 'collecting';
        return written;
      },
    });
    await engine.run(id, input, never).catch(() => undefined);
    expect((await world.load(id)).state).toBe('collecting');
    const again = await world.diagnoser().diagnose(request(killedLog), never);
    expect(again).toMatchObject({ id, outcome: 'proposed' });
  });

  it('chooses the values file that is named now', async () => {
    await using world = await World.make();
    const candidates = [
      { path: 'a/values.yaml', why: '' },
      { path: 'b/values.yaml', why: '' },
    ];
    world.plan = () => Promise.resolve({ kind: 'choose', candidates });
    const diagnoser = world.diagnoser();
    const { id, outcome } = await diagnoser.diagnose(request(killedLog), never);
    expect(outcome).toBe('advised');
    world.plan = () => Promise.resolve({ kind: 'advice', advice: { summary: 'x', commands: [] } });
    const place = { valuesFile: 'b/values.yaml' };
    const chosen = await diagnoser.diagnose(request(killedLog, { place }), never);
    expect(chosen).toMatchObject({ id, state: 'reported', place });
  });

  it('is another incident when the first is at an end', async () => {
    await using world = await World.make();
    world.plan = () => Promise.resolve({ kind: 'advice', advice: { summary: '', commands: [] } });
    const first = await world.diagnoser().diagnose(request(timeouts('orders')), never);
    const second = await world.diagnoser().diagnose(request(timeouts('orders')), never);
    expect(first.state).toBe('insufficient-evidence');
    expect(second.id).not.toBe(first.id);
  });

  /** Queued by a process that died before it ran it. */
  async function died(world: World): Promise<string> {
    const ended = new AbortController();
    const closing = new WarRoomError('closing', 'War Room is closing.');
    const onProgress = ({ step }: { step: string }) => step === 'opened' && ended.abort(closing);
    const dying = world.diagnoser().diagnose(request(killedLog, { onProgress }), ended.signal);
    await dying.catch(() => undefined);
    const [incident] = await world.store.list();
    expect(incident?.state).toBe('queued');
    return incident?.id ?? '';
  }
});

describe('Bad input', () => {
  it('leaves no incident behind', async () => {
    await using world = await World.make();
    for (const text of ['', '  \n\n', 'a\u0000b'.repeat(400)]) {
      await expect(world.diagnoser().diagnose(request(text), never)).rejects.toMatchObject({
        name: 'WarRoomError',
      });
    }
    expect(await world.store.list()).toEqual([]);
  });

  it('keeps raw text out of everything on disk', async () => {
    await using world = await World.make();
    const secret = 'AKIAIOSFODNN7QRSTUVW';
    const text = `${killedLog}\nAWS_ACCESS_KEY_ID=${secret}\n`;
    const { id } = await world.diagnoser().diagnose(request(text), never);
    const evidence = JSON.stringify(await world.store.readEvidence(id));
    expect(evidence).toContain('AWS_ACCESS_KEY_ID');
    expect(evidence).not.toContain(secret);
  });
});
