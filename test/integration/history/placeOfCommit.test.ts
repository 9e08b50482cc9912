import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { placeOfCommit } from '../../../src/history/placeOfCommit';
import type { Incident } from '../../../src/incident/incident';
import { World } from './fixture';

/** A repository with a bare remote, and an incident whose change is committed on a branch. */
async function committed(world: World): Promise<Incident> {
  const remote = join(world.storeFolder, '..', 'remote.git');
  await world.git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  await world.git('remote', 'add', 'origin', remote);
  await world.git('push', '--quiet', '--set-upstream', 'origin', 'main');
  const decision = {
    kind: 'approved',
    by: 'Sam',
    at: world.incident.createdAt,
    values: {},
    commit: null,
    branch: 'fix',
  } as const;
  const { sha, branch } = await world.history().commit(world.incident, decision, []);
  return { ...world.incident, decision, commit: sha, branch };
}

describe('Where a commit is', () => {
  it('is said from what git last heard: here, on a branch, squashed into main, taken back', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    const where = () => placeOfCommit(world.root, incident);
    expect(await where()).toEqual({ stage: 'committed', where: null });

    await world.git('push', '--quiet', '--set-upstream', 'origin', 'fix');
    expect(await where()).toEqual({ stage: 'pushed', where: 'origin/fix' });

    await world.git('checkout', '--quiet', 'main');
    await world.git('merge', '--quiet', '--squash', 'fix');
    const message = `Squashed\n\nIncident-Id: ${incident.id}\n`;
    await world.git('commit', '--quiet', '--message', message);
    expect(await where()).toEqual({ stage: 'pushed', where: 'origin/fix' });
    await world.git('push', '--quiet', 'origin', 'main');
    expect(await where()).toEqual({ stage: 'merged', where: 'origin/main' });

    await world.git('revert', '--no-edit', 'HEAD');
    await world.git('push', '--quiet', 'origin', 'main');
    expect(await where()).toEqual({ stage: 'pushed', where: 'origin/fix' });
  });
});
