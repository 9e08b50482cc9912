import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import type { ToolLease } from '../../../src/diagnosis/ports';
import type { Answer } from '../../../src/diagnosis/run';
import { unheardWords } from '../../../src/base/unheard';
import { actionDocument } from '../../../src/incident/clusterAction';
import type { ActionTool } from '../../../src/incident/clusterAction';
import { pageOf } from '../../../src/incident/page';
import { World, approved, input, killedLog, never } from './world';

const place = { context: 'prod', namespace: 'shop' };
const call = 'restart_deployment {"context":"prod","deployment":"payments","namespace":"shop"}';

/** What the kubectl server answers; a test replaces what it is about. */
class Cluster {
  readonly calls: string[] = [];
  refusal: string | null = null;
  replicas = 3;
  /** What the changing tool does. */
  change: () => Promise<{ text: string; isError: boolean }> = () =>
    Promise.resolve({ text: 'deployment "payments" restarted', isError: false });

  lease = (): ToolLease => ({
    tools: () => [],
    call: async (_, tool, given, { approved: yes }) => {
      this.calls.push(`${tool}${yes ? ' approved' : ''}`);
      switch (tool) {
        case 'preview_change':
          return { text: '', structured: { place, ...this.preview(given) }, isError: false };
        case 'list_pods': {
          const pods = [{ name: 'payments-1', restarts: 2 }];
          return { text: '', structured: { pods }, isError: false };
        }
        case 'get_pod_logs': {
          const text = given['previous'] ? 'the run before' : 'the run of now';
          return { text, structured: null, isError: false };
        }
        case 'restart_deployment':
        case 'scale_deployment':
          return { ...(await this.change()), structured: null };
        default:
          return { text: 'nothing new', structured: null, isError: false };
      }
    },
    release: () => undefined,
  });

  private preview(given: Readonly<Record<string, unknown>>) {
    const after = `${Number(given['replicas'] ?? this.replicas)} pods`;
    const { replicas, refusal } = this;
    return { now: `${replicas} pods`, after, replicas, warnings: ['Mind the gap.'], refusal };
  }
}

async function waiting(world: World, cluster: Cluster, tool: ActionTool = 'restart_deployment') {
  world.lease = () => Promise.resolve(cluster.lease());
  world.plan = () =>
    Promise.resolve({
      kind: 'advice',
      advice: { summary: 'Take a dump of its threads.', commands: [] },
      action: { tool, reason: 'It hangs.', warnings: [] },
    });
  const id = await world.queued(killedLog);
  await world.store.update(id, (each) => ({
    ...each,
    place: { ...each.place, ...place, application: 'payments' },
  }));
  await world.engine().run(id, input, never);
  return id;
}

describe('An action in the cluster', () => {
  it('waits with its exact call, its place, now and after', async () => {
    await using world = await World.make();
    const cluster = new Cluster();
    const incident = await world.load(await waiting(world, cluster));
    expect(incident).toMatchObject({
      state: 'awaiting-approval',
      outcome: 'proposed',
      proposal: { kind: 'cluster-action', files: [], warnings: ['Mind the gap.'] },
    });
    const document = actionDocument(incident);
    for (const part of [call, '**Now:** 3 pods', '**Namespace:** shop', '- Mind the gap.']) {
      expect(document).toContain(part);
    }
    expect(pageOf(incident)).toMatchObject({
      diff: null,
      doNow: { commands: [{ command: call }] },
    });
    expect(cluster.calls).not.toContain('restart_deployment');
  });

  it('is made once after the approval, with the logs kept before, and recorded', async () => {
    await using world = await World.make();
    const cluster = new Cluster();
    const id = await waiting(world, cluster);
    const done = await world.engine().answer(id, approved, never);
    expect(done).toMatchObject({
      state: 'awaiting-rollout',
      outcome: 'committed',
      commit: null,
      acted: { call, result: 'done', answer: 'deployment "payments" restarted' },
      // The watch is at this deployment: the pod that failed is gone.
      place: { context: 'prod' },
      rollout: { workload: { kind: 'Deployment', name: 'payments', namespace: 'shop' } },
    });
    expect(done.timeline.at(-1)?.note).toContain(call);
    const made = cluster.calls.filter((each) => each === 'restart_deployment approved');
    expect(made).toHaveLength(1);
    expect(cluster.calls.lastIndexOf('get_pod_logs')).toBeLessThan(
      cluster.calls.indexOf('restart_deployment approved'),
    );
    const texts = (await world.store.readEvidence(id)).flatMap(({ lines }) => lines);
    const kept = texts.map(({ text }) => text);
    expect(kept).toEqual(expect.arrayContaining(['the run before', 'the run of now']));
  });

  it('stays advice where the cluster would undo it, and where the namespace is not known', async () => {
    await using world = await World.make();
    const cluster = new Cluster();
    cluster.refusal = 'Argo CD would undo it.';
    const refused = await world.load(await waiting(world, cluster));
    expect(refused).toMatchObject({ state: 'reported', proposal: null });
    expect(refused.advice?.summary).toBe(
      'Take a dump of its threads. No change of the cluster is proposed: Argo CD would undo it.',
    );
    const nowhere = await world.queued(killedLog);
    await world.engine().run(nowhere, input, never);
    expect(await world.load(nowhere)).toMatchObject({ state: 'reported', proposal: null });
  });

  it('is not made where the deployment has changed since, and is shown anew', async () => {
    await using world = await World.make();
    const cluster = new Cluster();
    const id = await waiting(world, cluster);
    cluster.replicas = 7;
    await expect(world.engine().answer(id, approved, never)).rejects.toMatchObject({
      code: 'proposal-stale',
    });
    expect(await world.load(id)).toMatchObject({
      state: 'awaiting-approval',
      proposal: { action: { now: '7 pods', replicas: 7 } },
    });
    await world
      .engine()
      .answer(id, { ...approved, at: '2026-11-21T12:00:00.000Z' } as Answer, never);
    expect((await world.load(id)).acted?.result).toBe('done');
  });

  it('waits on when the server refuses it, with the server’s own sentence', async () => {
    await using world = await World.make();
    const cluster = new Cluster();
    cluster.change = () =>
      Promise.resolve({ text: 'It was not approved: password=Xk92mPq7Lw', isError: true });
    const id = await waiting(world, cluster);
    await expect(world.engine().answer(id, approved, never)).rejects.toThrow(
      'It was not approved: ',
    );
    const refused = await world.load(id);
    expect(refused).toMatchObject({ state: 'awaiting-approval', acted: { result: 'failed' } });
    expect(JSON.stringify(refused)).not.toContain('Xk92mPq7Lw');
  });

  it('whose answer was not heard is told and not repeated', async () => {
    await using world = await World.make();
    const cluster = new Cluster();
    cluster.change = () => Promise.reject(new WarRoomError('server-failed', 'The server died.'));
    const id = await waiting(world, cluster);
    await expect(world.engine().answer(id, approved, never)).rejects.toMatchObject({
      code: 'action-unknown',
    });
    expect(await world.load(id)).toMatchObject({ state: 'failed', acted: { result: 'unknown' } });
    expect(cluster.calls.filter((each) => each.endsWith(' approved'))).toHaveLength(1);
  });

  it('whose result the cluster did not tell is told and not repeated', async () => {
    await using world = await World.make();
    const cluster = new Cluster();
    const text = `The cluster gave no answer (status 504), so ${unheardWords}.`;
    cluster.change = () => Promise.resolve({ text, isError: true });
    const id = await waiting(world, cluster);
    await expect(world.engine().answer(id, approved, never)).rejects.toMatchObject({
      code: 'action-unknown',
    });
    expect(await world.load(id)).toMatchObject({ state: 'failed', acted: { result: 'unknown' } });
  });

  it('that would take pods away by now is not made', async () => {
    await using world = await World.make();
    const cluster = new Cluster();
    const id = await waiting(world, cluster, 'scale_deployment');
    expect((await world.load(id)).proposal?.action?.arguments.replicas).toBe(5);
    cluster.replicas = 8;
    await expect(world.engine().answer(id, approved, never)).rejects.toMatchObject({
      code: 'action-failed',
      message: expect.stringContaining('has 8 pods by now') as string,
    });
    expect(cluster.calls.filter((each) => each.endsWith(' approved'))).toEqual([]);
  });

  it('is not proposed where there are many pods already', async () => {
    await using world = await World.make();
    const cluster = new Cluster();
    cluster.replicas = 20;
    const incident = await world.load(await waiting(world, cluster, 'scale_deployment'));
    expect(incident).toMatchObject({ state: 'reported', proposal: null });
    expect(incident.advice?.summary).toContain('It has 20 pods already');
  });

  it('is never begun by a window that comes after a crash', async () => {
    await using world = await World.make();
    const cluster = new Cluster();
    const id = await waiting(world, cluster);
    // The process dies before the call: nothing is written any more.
    let dead = false;
    world.lease = () => {
      dead = true;
      return Promise.reject(new Error('dead'));
    };
    const dying = world.engine({
      update: (...asked) =>
        dead ? Promise.reject(new Error('dead')) : world.store.update(...asked),
    });
    await expect(dying.answer(id, approved, never)).rejects.toThrow('dead');
    const { state, acted } = await world.load(id);
    expect({ state, acted }).toEqual({ state: 'executing', acted: undefined });
    world.lease = () => Promise.resolve(cluster.lease());
    const resumed = await world.engine().resume(id, never);
    expect(resumed).toMatchObject({ state: 'awaiting-approval', error: { code: 'action-failed' } });
    expect(cluster.calls.filter((each) => each.endsWith(' approved'))).toEqual([]);
    // A person's new yes counts.
    await world
      .engine()
      .answer(id, { ...approved, at: '2026-11-21T12:00:00.000Z' } as Answer, never);
    expect((await world.load(id)).acted?.result).toBe('done');
  });

  it('that a crash interrupted is never made twice', async () => {
    await using world = await World.make();
    const cluster = new Cluster();
    const id = await waiting(world, cluster);
    // The process dies while the cluster is at it: nothing is written any more.
    let dead = false;
    cluster.change = () => {
      dead = true;
      return Promise.resolve({ text: 'nobody hears this', isError: false });
    };
    const dying = world.engine({
      update: (...asked) =>
        dead ? Promise.reject(new Error('dead')) : world.store.update(...asked),
    });
    await expect(dying.answer(id, approved, never)).rejects.toThrow('dead');
    expect(await world.load(id)).toMatchObject({
      state: 'executing',
      acted: { call, result: 'unknown' },
    });
    const resumed = await world.engine().resume(id, never);
    expect(resumed).toMatchObject({ state: 'failed', error: { code: 'action-unknown' } });
    expect(resumed.error?.message).toContain('not known whether it was done');
    expect(cluster.calls.filter((each) => each.endsWith(' approved'))).toHaveLength(1);
  });
});
