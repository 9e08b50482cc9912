import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { Git } from '../../../src/history/git';
import { push } from '../../../src/history/push';
import { runOrThrow } from '../../harness/process';
import { World } from './fixture';
import { evidence } from './evidence';
import { refusesMain, remote, remoteHook, remoteTip } from './remote';

async function committed(world: World, branch: string | null = null): Promise<string> {
  const decision = world.decision({ branch });
  return (await world.history().commit(world.incident, decision, evidence)).sha;
}

describe('A push', () => {
  it('brings the branch with the commit, and nothing else, to the remote', async () => {
    await using world = await World.make();
    await remote(world);
    await world.git('branch', 'private');
    const sha = await committed(world);
    const git = new Git(world.root, { env: world.env });
    const pushed = { kind: 'pushed', remote: 'origin', branch: 'main', link: null } as const;
    expect(await push(git, { branch: null, remote: null })).toEqual({ ...pushed, already: false });
    expect(await remoteTip(world, 'main')).toBe(sha);
    expect(await remoteTip(world, 'private')).toBe('');
    expect(await push(git, { branch: 'main', remote: null })).toEqual({ ...pushed, already: true });
  });

  it('of a protected branch is refused in one sentence; a branch of its own goes through', async () => {
    await using world = await World.make();
    const before = (await world.git('rev-parse', 'main')).trim();
    await remoteHook(await remote(world), refusesMain);
    const sha = await committed(world);
    const git = new Git(world.root, { env: world.env });
    expect(await push(git, { branch: 'main', remote: null })).toMatchObject({
      kind: 'refused',
      why: 'protected',
      sentence:
        'origin refuses pushes to main (“main is protected: open a pull request”). Your commit is kept on main; push it as a branch of its own and open a pull request.',
    });
    expect([await remoteTip(world, 'main'), (await world.git('rev-parse', 'main')).trim()]).toEqual(
      [before, sha],
    );
    await world.git('branch', 'fix');
    expect(await push(git, { branch: 'fix', remote: null })).toMatchObject({ kind: 'pushed' });
    expect(await remoteTip(world, 'fix')).toBe(sha);
  });

  it('takes the address that the remote prints', async () => {
    await using world = await World.make();
    await remoteHook(
      await remote(world),
      "printf '\\nCreate a pull request for fix on GitHub by visiting:\\n     https://git.example/o/r/pull/new/fix\\n\\n' >&2",
    );
    await committed(world, 'fix');
    const git = new Git(world.root, { env: world.env });
    expect(await push(git, { branch: null, remote: null })).toMatchObject({
      branch: 'fix',
      link: 'https://git.example/o/r/pull/new/fix',
    });
  });

  it('never goes to the branch that a new one was made from', async () => {
    await using world = await World.make();
    await remote(world);
    const before = await remoteTip(world, 'main');
    await world.git('branch', '--set-upstream-to=origin/main');
    await world.git('config', 'branch.autoSetupMerge', 'inherit');
    await world.git('config', 'push.default', 'upstream');
    const sha = await committed(world, 'war-room/fix');
    const git = new Git(world.root, { env: world.env });
    await push(git, { branch: 'war-room/fix', remote: null });
    expect([await remoteTip(world, 'main'), await remoteTip(world, 'war-room/fix')]).toEqual([
      before,
      sha,
    ]);
  });

  it('leaves the upstream that the person chose, and no tag goes along', async () => {
    await using world = await World.make();
    await remote(world);
    const upstream = async () =>
      (await world.git('for-each-ref', '--format=%(upstream:short)', 'refs/heads/fix')).trim();
    await world.git('config', 'push.followTags', 'true');
    await committed(world, 'fix');
    await world.git('tag', '-a', '-m', 'Mine', 'mine');
    const git = new Git(world.root, { env: world.env });
    await push(git, { branch: 'fix', remote: 'origin' });
    expect(await upstream()).toBe('origin/fix');
    expect(await world.git('ls-remote', '--tags', 'origin')).toBe('');
    await world.git('branch', '--set-upstream-to=origin/main', 'fix');
    expect(await push(git, { branch: 'fix', remote: 'origin' })).toMatchObject({ already: true });
    expect(await upstream()).toBe('origin/main');
  });

  it('where somebody else was first says so and forces nothing', async () => {
    await using world = await World.make();
    const folder = await remote(world);
    const other = join(world.root, '..', 'other');
    const at = { cwd: world.root, env: world.env, deadlineMs: 30_000 };
    await runOrThrow('git', ['clone', '--quiet', folder, other], at);
    const identity = ['-c', 'user.name=Kim', '-c', 'user.email=kim@example.com'];
    const commit = [...identity, 'commit', '--quiet', '--allow-empty', '-m', 'First'];
    await runOrThrow('git', commit, { ...at, cwd: other });
    await runOrThrow('git', ['push', '--quiet'], { ...at, cwd: other });
    await committed(world);
    const git = new Git(world.root, { env: world.env });
    expect(await push(git, { branch: 'main', remote: null })).toMatchObject({ why: 'behind' });
  });

  it('respects the pre-push hook', async () => {
    await using world = await World.make();
    await remote(world);
    await committed(world);
    await world.hook('pre-push', 'echo "not on a Friday" >&2; exit 1');
    const result = await push(new Git(world.root, { env: world.env }), {
      branch: 'main',
      remote: null,
    });
    expect(result).toMatchObject({
      why: 'hook',
      said: expect.stringContaining('Friday') as string,
    });
  });

  it('without a remote, or with several and none named origin, asks for one', async () => {
    await using world = await World.make();
    const git = new Git(world.root, { env: world.env });
    expect(await push(git, { branch: null, remote: null })).toMatchObject({ kind: 'no-upstream' });
    await remote(world, 'one');
    await remote(world, 'two');
    expect(await push(git, { branch: null, remote: null })).toMatchObject({ kind: 'no-upstream' });
    expect(await push(git, { branch: null, remote: 'two' })).toMatchObject({ remote: 'two' });
  });

  it('to a remote that is gone, or that asks for a password, ends at once', async () => {
    await using world = await World.make();
    const git = new Git(world.root, { env: world.env });
    await world.git('remote', 'add', 'gone', join(world.root, '..', 'nowhere.git'));
    expect(await push(git, { branch: null, remote: 'gone' })).toMatchObject({ why: 'unreachable' });
    const server = createServer((_, response) => {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await world.git('remote', 'add', 'locked', `http://127.0.0.1:${port}/charts.git`);
    const result = await push(git, { branch: null, remote: 'locked' });
    server.close();
    expect(result).toMatchObject({ kind: 'refused', why: 'credentials' });
  });
});
