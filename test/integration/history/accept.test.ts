import { chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { evidence } from './evidence';
import { World, dirtyEditor, limitEdit, newIncident, values } from './fixture';

const withUnstaged = (text: string) => text.replace('replicas: 1', 'replicas: 7');
const withStaged = (text: string) => text.replace('port: 3000', 'port: 4000');
const accepted = (text: string) => text.replace("'512Mi'", "'1Gi'");

describe('Accept', () => {
  it('changes the scalar in file and index, and stages the incident folder', async () => {
    await using world = await World.make();
    const { accepted: change } = await world.history().accept(world.incident, {}, evidence);
    expect(await world.read()).toEqual(world.expected());
    expect(await world.blob('')).toEqual(world.expected());
    expect(await world.status()).toEqual([
      ...world.recordPaths.map((path) => `A  ${path}`),
      `M  ${world.path}`,
    ]);
    expect(change).toMatchObject({
      staged: true,
      branch: 'main',
      by: 'Sam Oncall <sam@example.com>',
    });
    expect(await world.git('diff', '--cached', '--numstat', '--', world.path)).toContain('1\t1\t');
  });

  it('keeps staged and unstaged edits of the same file where they are', async () => {
    await using world = await World.make();
    await world.write(withStaged(values));
    await world.git('add', world.path);
    await world.write(withUnstaged(withStaged(values)));
    const bytes = await world.read();
    const incident = await newIncident(world.store, world.root, world.path, bytes, [limitEdit]);
    await world.history().accept(incident, {}, evidence);
    expect(String(await world.read())).toBe(accepted(withUnstaged(withStaged(values))));
    expect(String(await world.blob(''))).toBe(accepted(withStaged(values)));
    expect(String(await world.blob('HEAD'))).toBe(values);
  });

  it('takes the value that the person typed, in the quotes of the file', async () => {
    await using world = await World.make();
    const typed = { 'resources.limits.memory': '1536Mi' };
    await world.history().accept(world.incident, typed, evidence);
    expect(String(await world.read())).toBe(values.replace("'512Mi'", "'1536Mi'"));
  });

  it.each([
    [
      'mixed line ends',
      values.replaceAll('\n', '\r\n').replace('type: ClusterIP\r\n', 'type: ClusterIP\n'),
    ],
    ['a byte order mark', `\ufeff${values}`],
    ['Latin-1 in a comment', Buffer.from(values.replace('team', 'té'), 'latin1')],
    ['blanks at line ends and no end of line at the end', `${values.trimEnd()}   `],
  ])('keeps every other byte of a file with %s', async (_, content) => {
    await using world = await World.make({ content });
    await world.history().accept(world.incident, {}, evidence);
    expect(await world.read()).toEqual(world.expected());
    expect(await world.blob('')).toEqual(world.expected());
    expect(await world.git('diff', '--name-only')).toBe('');
  });

  it('stages LF and writes CRLF under autocrlf', async () => {
    await using world = await World.make();
    await world.git('config', 'core.autocrlf', 'true');
    const crlf = Buffer.from(values.replaceAll('\n', '\r\n'));
    await world.write(crlf);
    await world.git('add', '--renormalize', '.');
    const incident = await newIncident(world.store, world.root, world.path, crlf, [limitEdit]);
    await world.history().accept(incident, {}, evidence);
    expect(await world.read()).toEqual(world.expected("'512Mi'", "'1Gi'", crlf));
    expect(await world.blob('')).toEqual(world.expected());
    expect(await world.git('diff', '--name-only')).toBe('');
  });

  it('stages the incident folder where it is ignored, in a path with blanks and Korean letters', async () => {
    const path = '헬름 값/grafana/values.yaml';
    await using world = await World.make({ folder: '내 저장소 one', path });
    await world.write('examples/\n', '.gitignore');
    await world.history().accept(world.incident, {}, evidence);
    expect(await world.read()).toEqual(world.expected());
    expect(await world.status()).toContain(`M  ${path}`);
    expect(await world.status()).toContain(`A  ${world.recordPaths[0]}`);
  });

  it('works in a linked worktree and below the root', async () => {
    await using world = await World.make();
    const linked = join(world.root, '..', 'linked');
    await world.git('worktree', 'add', '--quiet', '-b', 'work', linked);
    const incident = await newIncident(world.store, linked, world.path, world.original, [
      limitEdit,
    ]);
    await world.history().accept(incident, {}, evidence);
    expect(await readFile(join(linked, world.path))).toEqual(world.expected());
    expect(await world.read()).toEqual(world.original);
    const status = await world.git('-C', linked, 'status', '--porcelain', '--', 'helm-values');
    expect(status).toBe(`M  ${world.path}\n`);
  });

  it('stages a file that git does not know yet whole, and says so', async () => {
    await using world = await World.make({ committed: false });
    const { notes } = await world.history().accept(world.incident, {}, evidence);
    expect(await world.blob('')).toEqual(world.expected());
    expect(notes).toEqual([expect.stringContaining('was not in git yet')]);
  });

  it('applies without a commit where there is no repository, and says so', async () => {
    await using world = await World.make();
    await rename(join(world.root, '.git'), join(world.root, '..', 'moved.git'));
    const incident = { ...world.incident, repository: null };
    const { accepted: change, notes } = await world.history().accept(incident, {}, evidence);
    expect(await world.read()).toEqual(world.expected());
    expect(change.staged).toBe(false);
    expect(notes).toEqual([expect.stringContaining('no repository')]);
    await world.history().undo(incident);
    expect(await world.read()).toEqual(world.original);
  });

  it('keeps the flags by which the person told git not to look at the file', async () => {
    for (const flags of [
      ['--assume-unchanged'],
      ['--skip-worktree'],
      ['--assume-unchanged', '--skip-worktree'],
    ]) {
      await using world = await World.make();
      for (const flag of flags) await world.git('update-index', flag, world.path);
      const before = await world.git('ls-files', '-v', '--', world.path);
      await world.history().accept(world.incident, {}, evidence);
      expect(await world.blob('')).toEqual(world.expected());
      expect(await world.git('ls-files', '-v', '--', world.path)).toBe(before);
      await world.history().undo(world.incident);
      expect(await world.blob('')).toEqual(world.original);
      expect(await world.git('ls-files', '-v', '--', world.path)).toBe(before);
    }
  });

  it('works in a repository of SHA-256 names, and so does its undo', async () => {
    await using world = await World.make({ init: ['--object-format=sha256'] });
    await world.history().accept(world.incident, {}, evidence);
    expect(await world.blob('')).toEqual(world.expected());
    await world.history().undo(world.incident);
    expect(await world.read()).toEqual(world.original);
    expect(await world.status()).toEqual([]);
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    expect(sha).toMatch(/^[0-9a-f]{64}$/);
    expect(await world.status()).toEqual([]);
  });

  it('is done once, however often it is asked for', async () => {
    await using world = await World.make();
    const first = await world.history().accept(world.incident, {}, evidence);
    const status = await world.status();
    expect(await world.history().accept(world.incident, {}, evidence)).toEqual(first);
    expect(await world.status()).toEqual(status);
  });

  it('cleans what a filter would have changed from nothing of the person', async () => {
    await using world = await World.make();
    await world.git('config', 'filter.shout.clean', 'tr a-z A-Z');
    await world.write('*.yaml filter=shout\n', '.gitattributes');
    await world.history().accept(world.incident, {}, evidence);
    expect(await world.blob('')).toEqual(world.expected());
  });
});

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

describe('Undo of Accept', () => {
  it('puts file and index back, after a reload too', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.history().undo(world.incident);
    expect(await world.read()).toEqual(world.original);
    expect(await world.status()).toEqual([]);
    await expect(stat(join(world.root, 'examples'))).rejects.toThrow();
    expect(await world.history().undo(world.incident)).toEqual({ restored: [], notes: [] });
  });

  it('keeps other staged hunks staged and other edits in the file', async () => {
    await using world = await World.make();
    await world.write(withStaged(values));
    await world.git('add', world.path);
    const bytes = await world.read();
    const incident = await newIncident(world.store, world.root, world.path, bytes, [limitEdit]);
    await world.history().accept(incident, {}, evidence);
    await world.write(withUnstaged(String(await world.read())));
    await world.history().undo(incident);
    expect(String(await world.read())).toBe(withUnstaged(withStaged(values)));
    expect(String(await world.blob(''))).toBe(withStaged(values));
  });

  it('keeps what was staged in the file after Accept', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.write(withUnstaged(accepted(values)));
    await world.git('add', world.path);
    await world.history().undo(world.incident);
    expect(String(await world.read())).toBe(withUnstaged(values));
    expect(String(await world.blob(''))).toBe(withUnstaged(values));
  });

  it('keeps a value that the person typed over, and says so', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.write(values.replace("'512Mi'", '3Gi'));
    const { notes } = await world.history().undo(world.incident);
    expect(String(await world.read())).toBe(values.replace("'512Mi'", '3Gi'));
    expect(notes).toEqual([expect.stringContaining('another value')]);
    expect(await world.status()).toEqual([` M ${world.path}`]);
  });

  it('takes out a key that was added, beside later edits', async () => {
    const edit = { keyPath: ['resources', 'limits', 'cpu'], before: null, after: '500m' };
    await using world = await World.make({ edits: [edit] });
    await world.history().accept(world.incident, {}, evidence);
    expect(String(await world.read())).toContain("cpu: '500m'");
    await world.write(withUnstaged(String(await world.read())));
    await world.history().undo(world.incident);
    expect(String(await world.read())).toBe(withUnstaged(values));
    expect(await world.blob('')).toEqual(world.original);
  });

  it('restores after git has forgotten the old blob', async () => {
    await using world = await World.make();
    await world.write(withStaged(values));
    await world.git('add', world.path);
    const bytes = await world.read();
    const incident = await newIncident(world.store, world.root, world.path, bytes, [limitEdit]);
    await world.history().accept(incident, {}, evidence);
    await world.git('gc', '--quiet', '--prune=now');
    await world.history().undo(incident);
    expect(String(await world.blob(''))).toBe(withStaged(values));
  });

  it('leaves files alone that lie beside the record', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    const mine = `examples/${world.incident.id}/notes.md`;
    await writeFile(join(world.root, mine), 'mine');
    await world.history().undo(world.incident);
    expect(await world.status()).toEqual([`?? ${mine}`]);
  });

  it('refuses after the commit', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.git('commit', '--quiet', '-m', 'Mine');
    await expect(world.history().undo(world.incident)).rejects.toMatchObject({
      code: 'wrong-state',
    });
    expect(await world.read()).toEqual(world.expected());
  });
});
