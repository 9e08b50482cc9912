import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { evidence } from './evidence';
import { World, limitEdit, newIncident, values } from './fixture';
import { accepted, withStaged, withUnstaged } from './texts';

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
