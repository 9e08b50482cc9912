import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { runOrThrow } from '../../harness/process';
import { evidence } from './evidence';
import { World, limitEdit, newIncident, values } from './fixture';
import { busy, expectOnlyTheIncident, expectStillBusy } from './busy';

describe("War Room's commit", () => {
  it('holds the scalar and the incident folder; a clean tree is clean after it', async () => {
    await using world = await World.make();
    const { sha, branch, notes } = await world
      .history()
      .commit(world.incident, world.decision(), evidence);
    await expectOnlyTheIncident(world, world.incident, sha);
    expect(await world.status()).toEqual([]);
    expect([branch, notes]).toEqual(['main', []]);
    expect(await world.read()).toEqual(world.expected());
  });

  it.each([true, false])(
    'leaves other edits where they are (accepted before: %s)',
    async (before) => {
      await using world = await World.make();
      const incident = await busy(world);
      if (before) await world.history().accept(incident, {}, evidence);
      const { sha } = await world.history().commit(incident, world.decision(), evidence);
      await expectOnlyTheIncident(world, incident, sha);
      await expectStillBusy(world);
    },
  );

  it('carries subject, root cause in two sentences and trailers', async () => {
    await using world = await World.make();
    const { id } = world.incident;
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    expect(await world.git('log', '-1', '--format=%B', sha)).toBe(
      [
        `fix(grafana): raise memory limit to 1Gi (${id})`,
        '',
        'Grafana was killed at its memory limit of 512Mi. Its peak is cut off',
        'there.',
        '',
        `Incident-Id: ${id}`,
        'Incident-Category: oom-killed',
        'Incident-Severity: high',
        'Approved-By: Sam Oncall <sam@example.com>',
        '',
        '',
      ].join('\n'),
    );
  });

  it('writes a change.diff that applies to the commit before', async () => {
    await using world = await World.make();
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    const diff = join(world.root, '..', 'change.diff');
    await writeFile(diff, await world.blob(sha, `examples/${world.incident.id}/change.diff`));
    await world.git('checkout', '--quiet', `${sha}~1`);
    await world.git('apply', '--index', diff);
    expect(await world.blob('')).toEqual(await world.blob(sha));
  });

  it('keeps mixed line ends, the mark, other bytes, and the mode of the file', async () => {
    const content = Buffer.from(
      `\xef\xbb\xbf${values.replaceAll('\n', '\r\n')}# caf\xe9\n`,
      'latin1',
    );
    await using world = await World.make({ content });
    await world.git('update-index', '--chmod=+x', world.path);
    await world.git('commit', '--quiet', '-m', 'Executable');
    await chmod(join(world.root, world.path), 0o755);
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    expect(await world.blob(sha)).toEqual(world.expected());
    expect(await world.git('ls-tree', sha, '--', world.path)).toMatch(/^100755 /);
    expect(await world.status()).toEqual([]);
  });

  it('commits LF where autocrlf keeps CRLF in the working tree', async () => {
    await using world = await World.make();
    await world.git('config', 'core.autocrlf', 'true');
    const crlf = Buffer.from(values.replaceAll('\n', '\r\n'));
    await world.write(crlf);
    await world.git('add', '--renormalize', '.');
    const incident = await newIncident(world.store, world.root, world.path, crlf, [limitEdit]);
    const { sha } = await world.history().commit(incident, world.decision(), evidence);
    expect(await world.blob(sha)).toEqual(world.expected());
    expect(await world.read()).toEqual(world.expected("'512Mi'", "'1Gi'", crlf));
    expect(await world.status()).toEqual([]);
  });

  it('takes the incident folder along where it is ignored, with blanks and Korean letters', async () => {
    await using world = await World.make({ folder: '내 저장소 one', path: '값 파일/values.yaml' });
    await world.write('examples/\n', '.gitignore');
    await world.git('add', '.gitignore');
    await world.git('commit', '--quiet', '-m', 'Ignore');
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    expect(await world.changedIn(sha)).toEqual([...world.recordPaths, world.path]);
    expect(await world.status()).toEqual([]);
  });

  it('makes the first commit of a repository', async () => {
    await using world = await World.make({ committed: false });
    await world.git('add', world.path);
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    expect(await world.changedIn(sha)).toEqual([...world.recordPaths, world.path]);
    expect(await world.status()).toEqual(['?? other.txt']);
  });

  it('commits in a linked worktree', async () => {
    await using world = await World.make();
    const linked = join(world.root, '..', 'linked');
    await world.git('worktree', 'add', '--quiet', '-b', 'work', linked);
    const incident = await newIncident(world.store, linked, world.path, world.original, [
      limitEdit,
    ]);
    const { sha, branch } = await world.history().commit(incident, world.decision(), evidence);
    expect(branch).toBe('work');
    expect((await world.git('rev-parse', 'work')).trim()).toBe(sha);
    expect(await world.git('-C', linked, 'status', '--porcelain')).toBe('');
  });

  it('goes to a branch of its own where that is asked, with all edits', async () => {
    await using world = await World.make();
    const incident = await busy(world);
    const branch = `war-room/${incident.id}`;
    const decision = world.decision({ branch });
    const result = await world.history().commit(incident, decision, evidence);
    expect(result.branch).toBe(branch);
    expect(await world.commitCount('main')).toBe(1);
    expect((await world.git('rev-parse', branch)).trim()).toBe(result.sha);
    await expectStillBusy(world);
  });

  it('signs where the person signs', async () => {
    await using world = await World.make();
    const key = join(world.root, '..', 'key');
    const keygen = ['-q', '-t', 'ed25519', '-N', '', '-f', key];
    await runOrThrow('ssh-keygen', keygen, { deadlineMs: 10_000 });
    await world.git('config', 'gpg.format', 'ssh');
    await world.git('config', 'user.signingkey', `${key}.pub`);
    await world.git('config', 'commit.gpgsign', 'true');
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    expect(await world.git('cat-file', 'commit', sha)).toContain('BEGIN SSH SIGNATURE');
  });

  it('is made once, and found again', async () => {
    await using world = await World.make();
    const first = await world.history().commit(world.incident, world.decision(), evidence);
    const again = await world.history().commit(world.incident, world.decision(), evidence);
    expect(again.sha).toBe(first.sha);
    expect(await world.commitCount()).toBe(2);
  });

  it('is not made beside one that the person made', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.git('commit', '--quiet', '-m', 'By hand');
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    expect(sha).toBe((await world.git('rev-parse', 'HEAD')).trim());
    expect(await world.commitCount()).toBe(2);
  });

  it('leaves no staged reversal where the person had unstaged the change', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.git('reset', '--quiet');
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    await expectOnlyTheIncident(world, world.incident, sha);
    expect(await world.status()).toEqual([]);
  });

  it('is not made over a commit that came in while the hooks ran', async () => {
    await using world = await World.make();
    await world.hook(
      'pre-commit',
      'unset GIT_INDEX_FILE; git commit --quiet --no-verify --only -m Other other.txt',
    );
    await world.write('changed\n', 'other.txt');
    const attempt = world.history().commit(world.incident, world.decision(), evidence);
    await expect(attempt).rejects.toThrow('Somebody else committed');
    expect(await world.changedIn('HEAD')).toEqual(['other.txt']);
    expect(await world.read()).toEqual(world.original);
  });

  it('takes the value that the person typed', async () => {
    await using world = await World.make();
    const decision = world.decision({ values: { 'resources.limits.memory': '2Gi' } });
    const { sha } = await world.history().commit(world.incident, decision, evidence);
    expect(await world.blob(sha)).toEqual(world.expected("'512Mi'", "'2Gi'"));
  });
});
