import { appendFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import type { ToolLease } from '../../../src/diagnosis/ports';
import { questionKey } from '../../../src/diagnosis/run';
import { asksAgain } from '../../../src/diagnosis/steps/analyse';
import type { Analysis } from '../../../src/incident/analysis';
import type { Incident } from '../../../src/incident/incident';
import {
  World,
  approved,
  evidence,
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

async function everythingIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}
