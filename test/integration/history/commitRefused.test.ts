import { chmod, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { evidence } from './evidence';
import { World, values } from './fixture';

describe('No commit, and a clear error', () => {
  async function refused(world: World, code: string): Promise<void> {
    const [bytes, status] = [await world.read(), await world.status()];
    const attempt = world.history().commit(world.incident, world.decision(), evidence);
    await expect(attempt).rejects.toMatchObject({ code });
    expect([await world.read(), await world.status()]).toEqual([bytes, status]);
  }

  it('on a detached HEAD', async () => {
    await using world = await World.make();
    await world.git('checkout', '--quiet', '--detach');
    await refused(world, 'detached-head');
  });

  it('without an identity', async () => {
    await using world = await World.make();
    await world.git('config', '--unset', 'user.name');
    await world.git('config', '--unset', 'user.email');
    await refused(world, 'identity-missing');
  });

  it.each(['merge', 'cherry-pick', 'rebase'])('during a %s', async (what) => {
    await using world = await World.make();
    await world.git('checkout', '--quiet', '-b', 'side');
    await world.write('side\n', 'other.txt');
    await world.git('commit', '--quiet', '-am', 'Side');
    await world.git('checkout', '--quiet', 'main');
    await world.write('main\n', 'other.txt');
    await world.git('commit', '--quiet', '-am', 'Main');
    await world.git(what, 'side').catch(() => undefined);
    await refused(world, 'merge-in-progress');
  });

  it('with a read-only file', async () => {
    await using world = await World.make();
    await chmod(join(world.root, world.path), 0o444);
    await refused(world, 'file-read-only');
  });

  it('without a repository', async () => {
    await using world = await World.make();
    await rename(join(world.root, '.git'), join(world.root, '..', 'moved'));
    const incident = { ...world.incident, repository: null };
    const attempt = world.history().commit(incident, world.decision(), evidence);
    await expect(attempt).rejects.toMatchObject({ code: 'no-repository' });
  });

  it('after the accepted change was typed over', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.write(values);
    await refused(world, 'proposal-stale');
  });
});
