import { readFileSync } from 'node:fs';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Incident } from '../../../src/incident/incident';
import { runOrThrow } from '../../harness/process';
import { evidence } from './evidence';
import { World, limitEdit, newIncident, values } from './fixture';

const withUnstaged = (text: string) => text.replace('replicas: 1', 'replicas: 7');
const withStaged = (text: string) => text.replace('port: 3000', 'port: 4000');
const accepted = (text: string) => text.replace("'512Mi'", "'1Gi'");

/** The person has staged and unstaged edits in the values file and in another one. */
async function busy(world: World): Promise<Incident> {
  await world.write(withStaged(values));
  await world.write('one\nTWO\nthree\n', 'other.txt');
  await world.git('add', '--all');
  await world.write(withUnstaged(withStaged(values)));
  await world.write('one\nTWO\nTHREE\n', 'other.txt');
  return newIncident(world.store, world.root, world.path, await world.read(), [limitEdit]);
}

async function expectOnlyTheIncident(world: World, incident: Incident, sha: string): Promise<void> {
  const record = ['change.diff', 'incident.json', 'summary.md'];
  expect(await world.changedIn(sha)).toEqual([
    ...record.map((name) => `examples/${incident.id}/${name}`),
    world.path,
  ]);
  expect(await world.blob(sha)).toEqual(world.expected());
}

async function expectStillBusy(world: World): Promise<void> {
  expect(String(await world.read())).toBe(accepted(withUnstaged(withStaged(values))));
  expect(String(await world.blob(''))).toBe(accepted(withStaged(values)));
  expect(String(await world.read('other.txt'))).toBe('one\nTWO\nTHREE\n');
  expect(String(await world.blob('', 'other.txt'))).toBe('one\nTWO\nthree\n');
  expect(await world.status()).toEqual([`MM ${world.path}`, 'MM other.txt']);
}

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

describe('Hooks', () => {
  it('that reformat and add: their word counts, their rewriting stays out', async () => {
    await using world = await World.make();
    const incident = await busy(world);
    await world.hook(
      'pre-commit',
      `sed -i 's/  /    /g' ${world.path}; git add ${world.path} other.txt; echo spoken > "$PWD/../ran"`,
    );
    const { sha, notes } = await world.history().commit(incident, world.decision(), evidence);
    await expectOnlyTheIncident(world, incident, sha);
    await expectStillBusy(world);
    expect(notes).toEqual([expect.stringContaining('rewrote')]);
    expect(String(await world.read('../ran'))).toBe('spoken\n');
  });

  it('see exactly what will be committed', async () => {
    await using world = await World.make();
    const incident = await busy(world);
    await world.hook('pre-commit', 'git diff --cached --name-only > "$PWD/../seen"');
    await world.history().commit(incident, world.decision(), evidence);
    const seen = String(await world.read('../seen'))
      .trim()
      .split('\n');
    expect(seen).toContain(world.path);
    expect(seen).not.toContain('other.txt');
  });

  it.each([true, false])(
    'that refuse: the error says why, nothing is lost (accepted before: %s)',
    async (before) => {
      await using world = await World.make();
      const incident = await busy(world);
      if (before) await world.history().accept(incident, {}, evidence);
      const [bytes, index, status] = [
        await world.read(),
        await world.blob(''),
        await world.status(),
      ];
      await world.hook(
        'pre-commit',
        `echo reformatted >> ${world.path}; echo "no tabs please" >&2; exit 1`,
      );
      const decision = world.decision({ branch: `war-room/${incident.id}` });
      const attempt = world.history().commit(incident, decision, evidence);
      await expect(attempt).rejects.toMatchObject({ code: 'hook-failed' });
      await expect(attempt).rejects.toThrow('no tabs please');
      expect([await world.read(), await world.blob(''), await world.status()]).toEqual([
        bytes,
        index,
        status,
      ]);
      expect(await world.commitCount()).toBe(1);
      expect((await world.git('branch', '--format=%(refname:short)')).trim()).toBe('main');
    },
  );

  it('on the message: a Change-Id that they add is kept', async () => {
    await using world = await World.make();
    await world.hook('commit-msg', 'echo "Change-Id: I0123456789" >> "$1"');
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    const message = await world.git('log', '-1', '--format=%(trailers:unfold)', sha);
    expect(message).toContain('Change-Id: I0123456789');
    expect(message).toContain(`Incident-Id: ${world.incident.id}`);
  });

  it('on the message that refuse: nothing is committed', async () => {
    await using world = await World.make();
    await world.hook('commit-msg', 'echo "needs a ticket"; exit 1');
    const attempt = world.history().commit(world.incident, world.decision(), evidence);
    await expect(attempt).rejects.toThrow('needs a ticket');
    expect(await world.status()).toEqual([]);
    expect(await world.read()).toEqual(world.original);
  });

  it('on the message, of which the second checks what the first added', async () => {
    await using world = await World.make();
    await world.hook('prepare-commit-msg', 'echo "Ticket: OPS-7 $2" >> "$1"');
    await world.hook('commit-msg', 'grep -q "^Ticket: OPS-7 message$" "$1"');
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    expect(await world.git('log', '-1', '--format=%B', sha)).toMatch(/^Ticket: OPS-7 message$/m);
  });

  it('after the commit that refuse: the commit stands', async () => {
    await using world = await World.make();
    await world.hook('post-commit', 'exit 1');
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    expect((await world.git('rev-parse', 'HEAD')).trim()).toBe(sha);
    expect(await world.status()).toEqual([]);
  });

  it('before the message and after the commit, each once, in the order of git', async () => {
    await using world = await World.make();
    for (const name of ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit']) {
      await world.hook(name, `echo ${name} >> "$(git rev-parse --show-toplevel)/../ran"`);
    }
    await world.history().commit(world.incident, world.decision(), evidence);
    const ran = String(await world.read('../ran'))
      .trim()
      .split('\n');
    expect(ran).toEqual(['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit']);
  });

  it('that hang end with the cancellation', async () => {
    await using world = await World.make();
    await world.hook('pre-commit', 'echo $$ > "$PWD/../hook"; sleep 60 & wait');
    const controller = new AbortController();
    const attempt = world
      .history()
      .commit(world.incident, world.decision(), evidence, controller.signal);
    const timer = setInterval(() => {
      void world.read('../hook').then(
        () => controller.abort(),
        () => undefined,
      );
    }, 50);
    await expect(attempt).rejects.toMatchObject({ code: 'cancelled' });
    clearInterval(timer);
    expect(await world.read()).toEqual(world.original);
    expect(await world.status()).toEqual([]);
    const hook = Number(await world.read('../hook'));
    await expect.poll(() => runs(hook), { timeout: 20_000 }).toBe(false);
  });
});

/** False also for a process that has ended and that nobody has waited for. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

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
