import { chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { evidence } from './evidence';
import { World, dirtyEditor, limitEdit, newIncident, values } from './fixture';
import { withUnstaged } from './texts';

describe('Accept refuses, and changes nothing', () => {
  async function refused(world: World, code: string, more = {}): Promise<void> {
    const [bytes, status] = [await world.read().catch(() => null), await world.status()];
    const attempt = world.history(more).accept(world.incident, {}, evidence);
    await expect(attempt).rejects.toMatchObject({ code });
    expect(await world.read().catch(() => null)).toEqual(bytes);
    expect(await world.status()).toEqual(status);
  }

  it('a file with unsaved edits', async () => {
    await using world = await World.make();
    await refused(world, 'file-dirty', { files: dirtyEditor });
  });

  it('a read-only file', async () => {
    await using world = await World.make();
    await chmod(join(world.root, world.path), 0o444);
    await refused(world, 'file-read-only');
  });

  it('a link that leads out of the repository', async () => {
    await using world = await World.make();
    const outside = join(world.root, '..', 'outside.yaml');
    await rename(join(world.root, world.path), outside);
    await symlink(outside, join(world.root, world.path));
    await refused(world, 'outside-workspace');
    expect((await readFile(outside)).equals(world.original)).toBe(true);
  });

  it('an incident folder that leads out of the repository', async () => {
    await using world = await World.make();
    const outside = join(world.root, '..', 'elsewhere');
    await mkdir(outside);
    await symlink(outside, join(world.root, 'examples'));
    await refused(world, 'outside-workspace');
    await expect(stat(join(outside, world.incident.id))).rejects.toThrow();
  });

  it('a file of a submodule', async () => {
    await using world = await World.make();
    await world.git('init', '--quiet', dirname(join(world.root, world.path)));
    await refused(world, 'outside-workspace');
  });

  it('a file where the incident folder should be', async () => {
    await using world = await World.make();
    await world.write('a file', 'examples');
    await refused(world, 'outside-workspace');
  });

  it('a file that was changed since', async () => {
    await using world = await World.make();
    await world.write(withUnstaged(values));
    await refused(world, 'proposal-stale');
  });

  it('a key that stands only in edits which git does not know', async () => {
    const before = values.slice(0, values.indexOf('resources:'));
    await using world = await World.make({ content: values });
    await world.write(before);
    await world.git('add', world.path);
    await world.write(values);
    await refused(world, 'file-dirty');
  });

  it('a file that was only announced to git, and says what to do', async () => {
    await using world = await World.make({ committed: false });
    await world.git('add', '--intent-to-add', world.path);
    await refused(world, 'file-dirty');
    const attempt = world.history().accept(world.incident, {}, evidence);
    await expect(attempt).rejects.toThrow(/only announced to git.*add the file with git add/);
    await world.git('add', world.path);
    await world.history().accept(world.incident, {}, evidence);
    expect(await world.blob('')).toEqual(world.expected());
  });

  it('while another git holds the index, in one sentence', async () => {
    await using world = await World.make();
    const lock = join(world.root, '.git', 'index.lock');
    await writeFile(lock, '');
    await refused(world, 'git-failed');
    const attempt = world.history().commit(world.incident, world.decision(), evidence);
    await expect(attempt).rejects.toThrow(
      /^Another git holds \S+index\.lock, so nothing was staged or committed; [^\n]*$/,
    );
    expect(await world.read()).toEqual(world.original);
    expect(await world.commitCount()).toBe(1);
    await rm(lock);
    await world.history().commit(world.incident, world.decision(), evidence);
    expect(await world.commitCount()).toBe(2);
  });

  it('a file on which another incident has an accepted change', async () => {
    await using world = await World.make();
    const { accepted: change } = await world.history().accept(world.incident, {}, evidence);
    await world.store.update(world.incident.id, (one) => ({
      ...one,
      state: 'accepted',
      accepted: change,
    }));
    const bytes = await world.read();
    const edit = { ...limitEdit, keyPath: ['resources', 'requests', 'memory'], before: '256Mi' };
    const second = await newIncident(world.store, world.root, world.path, bytes, [edit]);
    const attempt = world.history().accept(second, {}, evidence);
    await expect(attempt).rejects.toMatchObject({ code: 'proposal-waits' });
    await expect(attempt).rejects.toThrow(world.incident.id);
    expect(await world.read()).toEqual(bytes);
  });

  it('during a merge', async () => {
    await using world = await World.make();
    await world.git('checkout', '--quiet', '-b', 'side');
    await world.write('side\n', 'other.txt');
    await world.git('commit', '--quiet', '-am', 'Side');
    await world.git('checkout', '--quiet', 'main');
    await world.write('main\n', 'other.txt');
    await world.git('commit', '--quiet', '-am', 'Main');
    await world.git('merge', 'side').catch(() => undefined);
    await refused(world, 'merge-in-progress');
  });
});
