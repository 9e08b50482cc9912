import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { runCommand, runOrThrow } from '../../harness/process';
import { temporaryFolder } from '../../harness/temporary';
import { need } from '../mcp/prerequisite';
import { Fleet, prepareFleets } from './fleet';
import { definitionOf, gitopsKinds, objectOf } from './gitopsObjects';
import type { GitopsKind } from './gitopsObjects';
import { probePort } from './kinds';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const missing = prepareFleets();
/** Definitions that were made here; one that was there belongs to somebody. */
const made: string[] = [];

beforeAll(async () => {
  if (missing() !== null) return;
  for (const kind of gitopsKinds) {
    const found = await runCommand('kubectl', ['get', 'crd', kind.crd], { deadlineMs: 30_000 });
    if (found.code === 0) continue;
    await create(definitionOf(kind));
    made.push(kind.crd);
    await runOrThrow('kubectl', ['wait', '--for=condition=Established', 'crd', kind.crd], {
      deadlineMs: 30_000,
    });
  }
});

afterAll(async () => {
  if (made.length === 0) return;
  await runOrThrow('kubectl', ['delete', 'crd', '--wait=false', ...made], { deadlineMs: 30_000 });
});

describe('where a committed change stands', () => {
  it.concurrent.for([...gitopsKinds])('is told by the $kind', async (kind, context) => {
    need(context, missing());
    await using fleet = await Fleet.make(kind.kind.toLowerCase(), probePort);
    const { namespace } = fleet;
    await create(objectOf(kind), namespace);
    const [verb = '', ...marks] = kind.mark(namespace);
    await fleet.kubectl(verb, 'deployment', 'shop', '--namespace', namespace, ...marks);
    const found = await fleet.diagnose(await fleet.evidence(probePort.broken));
    const { id } = await fleet.approve(found.id);
    const seen = async (status: keyof GitopsKind['status']) => {
      await write(kind, namespace, kind.status[status]);
      const { state, rollout } = await fleet.warRoom.rollouts.look(id);
      return { state, stage: rollout?.stage, where: rollout?.where };
    };

    const state = 'awaiting-rollout';
    expect(await seen('waiting')).toEqual({ state, stage: 'committed', where: kind.words.waiting });
    // It has applied all that it knows, and the commit is not among it.
    expect(await seen('synced')).toMatchObject({ state, stage: 'committed' });
    await publish(fleet);
    expect(await seen('waiting')).toEqual({
      state,
      stage: 'merged',
      where: `origin/main; ${kind.words.waiting}`,
    });
    expect(await seen('failed')).toMatchObject({
      stage: 'merged',
      where: `origin/main; ${kind.words.failed}`,
    });
    expect(await seen('synced')).toMatchObject({ state, stage: 'synced' });
    fleet.sync();
    const stop = AbortSignal.timeout(120_000);
    const end = await fleet.warRoom.rollouts.wait(id, () => undefined, stop);
    expect(end.state, JSON.stringify(end.rollout)).toBe('resolved');
  });
});

async function create(object: object, namespace = 'default'): Promise<void> {
  await using folder = await temporaryFolder('object');
  const file = join(folder.path, 'object.json');
  await writeFile(file, JSON.stringify(object));
  const args = ['create', '--namespace', namespace, '--filename', file];
  await runOrThrow('kubectl', args, { deadlineMs: 30_000 });
}

/** Writes the whole status, as the controller does. */
async function write(kind: GitopsKind, namespace: string, status: object): Promise<void> {
  const patch = JSON.stringify([{ op: 'add', path: '/status', value: status }]);
  const what = [kind.crd, 'shop', '--namespace', namespace, '--subresource=status'];
  await runOrThrow('kubectl', ['patch', ...what, '--type=json', '--patch', patch], {
    deadlineMs: 30_000,
  });
}

/** Pushes the fleet's main to a bare remote of its own. */
async function publish({ root }: Fleet): Promise<void> {
  const git = (...args: string[]) => runOrThrow('git', args, { cwd: root, deadlineMs: 30_000 });
  const remote = join(root, '..', 'origin.git');
  await git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  await git('remote', 'add', 'origin', remote);
  await git('push', '--quiet', '--set-upstream', 'origin', 'main');
  await git('remote', 'set-head', 'origin', 'main');
}
