import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import type { ToolLease } from '../../../src/diagnosis/ports';
import { questionKey } from '../../../src/diagnosis/run';
import { asksAgain } from '../../../src/diagnosis/steps/analyse';
import type { Analysis } from '../../../src/incident/analysis';
import {
  World,
  approved,
  healthyLog,
  held,
  input,
  killedLog,
  never,
  rejected,
  unclearLog,
  until,
} from './world';

afterEach(() => {
  vi.useRealTimers();
});

const nothing: Omit<Analysis, 'verdict'> = {
  category: null,
  severity: null,
  rootCause: null,
  hypotheses: [],
  missing: [],
  questions: [],
  facts: {},
  keywords: [],
  advice: null,
};

describe('A run', () => {
  it('ends at the question, then in the commit', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    expect(await world.load(id)).toMatchObject({
      state: 'awaiting-approval',
      outcome: 'proposed',
      category: 'oom-killed',
      error: null,
    });
    const done = await world.engine().answer(id, approved, never);
    expect(done).toMatchObject({
      state: 'awaiting-rollout',
      outcome: 'committed',
      commit: 'c0ffee',
    });
    expect(world.asked.filter((each) => each === 'commit')).toHaveLength(1);
  });

  it('closes what was rejected', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    const done = await world.engine().answer(id, rejected, never);
    expect(done).toMatchObject({ state: 'rejected', outcome: 'rejected', decision: rejected });
    expect(world.asked).not.toContain('commit');
  });

  it('of a healthy log asks no server and plans nothing', async () => {
    await using world = await World.make();
    const done = await world.engine().run(await world.queued(healthyLog), input, never);
    expect(done).toMatchObject({ state: 'no-incident', outcome: 'no-incident' });
    expect(world.asked).not.toContain('plan');
  });

  it('goes on when a server cannot be leased, when one fails and when one answers an error', async () => {
    await using world = await World.make();
    world.lease = () => Promise.reject(new WarRoomError('pool-full', 'No server was free.'));
    const without = await world.engine().run(await world.queued(killedLog), input, never);
    expect(without.state).toBe('awaiting-approval');
    expect(without.unchecked.join()).toContain('No server was free.');

    world.lease = () =>
      Promise.resolve(
        world.answering(() => {
          throw new WarRoomError('server-failed', 'The server died twice.');
        }),
      );
    const died = await world.engine().run(await world.queued(killedLog), input, never);
    expect(died.state).toBe('awaiting-approval');
    expect(died.unchecked.join()).toContain('The server died twice.');
    expect(world.asked.at(-2)).toBe('release');
  });

  it('goes back to collect at most twice, and only with a question that is new', () => {
    const question = { server: 'logs', tool: 'get_service_logs', arguments: {}, why: '' } as const;
    const unsure: Analysis = {
      ...nothing,
      verdict: 'insufficient-evidence',
      questions: [question],
    };
    const asked = [questionKey(question)];
    const again = [1, 2, 3].map((rounds) => asksAgain({ analysis: unsure, rounds, asked: [] }));
    expect(again).toEqual([true, true, false]);
    expect(asksAgain({ analysis: unsure, rounds: 1, asked })).toBe(false);
    const healthy: Analysis = { ...unsure, verdict: 'no-incident' };
    expect(asksAgain({ analysis: healthy, rounds: 1, asked: [] })).toBe(false);
  });

  it('does not ask the same question twice', async () => {
    await using world = await World.make();
    await world.engine().run(await world.queued(unclearLog), input, never);
    const calls = world.asked.filter((each) => each.includes('/'));
    expect(calls.length).toBeGreaterThan(0);
    expect(new Set(calls).size).toBe(calls.length);
  });

  it('masks what servers answer before it is stored', async () => {
    await using world = await World.make();
    const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    world.lease = () => Promise.resolve(world.answering(() => `token ${secret} seen`));
    const id = await world.queued(killedLog);
    await world.engine().run(id, input, never);
    const stored = await everythingIn(world.store.folder(id));
    expect(stored).toContain('seen');
    expect(stored).not.toContain(secret);
  });

  it('masks what servers say when they fail, and keeps one short line of it', async () => {
    await using world = await World.make();
    const said = `postgres://app:S3cretPw!@db/prod\n${'x\n'.repeat(5_000)}`;
    const answers: ToolLease = {
      tools: () => [],
      call: () => Promise.resolve({ text: said, structured: null, isError: true }),
      release: () => undefined,
    };
    const fails: ToolLease = {
      ...answers,
      call: () => Promise.reject(new WarRoomError('server-failed', `It last wrote:\n${said}`)),
    };
    const leases: (() => Promise<ToolLease>)[] = [
      () => Promise.resolve(answers),
      () => Promise.resolve(fails),
      () => Promise.reject(new WarRoomError('server-failed', `It last wrote:\n${said}`)),
    ];
    for (const lease of leases) {
      world.lease = lease;
      const id = await world.queued(killedLog);
      const { unchecked } = await world.engine().run(id, input, never);
      expect(unchecked.join()).toContain('postgres://');
      expect(unchecked.filter((line) => line.length > 600 || line.includes('\n'))).toEqual([]);
      expect(await everythingIn(world.store.folder(id))).not.toContain('S3cretPw');
    }
  });
});

describe('A step', () => {
  const steps = {
    lease: (world: World, wait: Promise<never>) => (world.lease = () => wait),
    plan: (world: World, wait: Promise<never>) => (world.plan = () => wait),
  };

  for (const [name, hang] of Object.entries(steps)) {
    it(`that hangs (${name}) is cancelled: what was found is kept`, async () => {
      await using world = await World.make();
      const wait = held<never>();
      hang(world, wait.done);
      const stop = new AbortController();
      const id = await world.queued(killedLog);
      const running = world.engine().run(id, input, stop.signal);
      await until(() => world.asked.includes(name));
      stop.abort();
      wait.fail(new Error('stopped'));
      const done = await running;
      expect(done).toMatchObject({
        state: 'cancelled',
        outcome: 'failed',
        error: { code: 'cancelled' },
        category: 'oom-killed',
      });
      expect(await world.store.isRunning(id)).toBe(false);
    });
  }

  it('that passes its deadline fails the run with a sentence', async () => {
    await using world = await World.make();
    world.plan = () => new Promise(() => undefined);
    const id = await world.queued(killedLog);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const running = world.engine().run(id, input, never);
    await until(() => world.asked.includes('plan'));
    await vi.advanceTimersByTimeAsync(60_000);
    await vi.advanceTimersByTimeAsync(10_000);
    const { state, error } = await running;
    expect(state).toBe('failed');
    expect(error).toEqual({
      code: 'deadline',
      message: 'The step "plan" took longer than 60 s and was stopped.',
    });
  });

  it('that was cancelled has ended before anybody else may run the incident', async () => {
    await using world = await World.make();
    const id = await world.waiting();
    const puttingBack = held();
    let ended = false;
    world.commit = async (_incident, _decision, _evidence, signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await puttingBack.done;
      ended = true;
      throw new WarRoomError('cancelled', 'git was stopped.');
    };
    const stop = new AbortController();
    const answering = world.engine().answer(id, approved, stop.signal);
    await until(() => world.asked.includes('commit'));
    stop.abort();
    await until(async () => (await world.load(id)).state === 'executing');
    expect(await world.store.isRunning(id)).toBe(true);
    puttingBack.finish();
    await expect(answering).rejects.toMatchObject({ code: 'cancelled' });
    expect(ended).toBe(true);
    expect(await world.load(id)).toMatchObject({ state: 'awaiting-approval', commit: null });
  });

  it('that runs when the window closes is left for whoever comes next', async () => {
    await using world = await World.make();
    const wait = held<never>();
    world.plan = () => wait.done;
    const stop = new AbortController();
    const id = await world.queued(killedLog);
    const running = world.engine().run(id, input, stop.signal);
    await until(() => world.asked.includes('plan'));
    stop.abort(new WarRoomError('closing', 'War Room is closing.'));
    wait.fail(new Error('stopped'));
    expect(await running).toMatchObject({ state: 'planning', error: null });
    world.plan = async () =>
      Promise.resolve({ kind: 'advice', advice: { summary: '', commands: [] } });
    expect(await world.engine().resume(id, never)).toMatchObject({ state: 'reported' });
  });
});

async function everythingIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}
