import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it, vi } from 'vitest';

import { Git } from '../../../src/history/git';
import { publish } from '../../../src/history/publish';
import { committed } from './committed';
import { World } from './fixture';
import { refusesMain, remote, remoteHook, remoteTip } from './remote';

const asked = { ownBranch: false, pullRequest: false };

/** A `gh` that writes down what it was asked, beside the world's repository. */
async function hub(world: World, says: string): Promise<NodeJS.ProcessEnv> {
  const folder = join(world.root, '..', 'bin');
  await mkdir(folder);
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" > "${join(folder, 'asked')}"\n${says}\n`;
  await writeFile(join(folder, 'gh'), script);
  await chmod(join(folder, 'gh'), 0o755);
  return { ...world.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
}

describe('A commit that is published', () => {
  it('and that main refuses goes through as a branch of its own; main stays as it is', async () => {
    await using world = await World.make();
    await remoteHook(await remote(world), refusesMain);
    const incident = await committed(world);
    const git = new Git(world.root, { env: world.env });
    expect(await publish(git, incident, asked)).toMatchObject({ why: 'protected' });
    const branch = `war-room/${incident.id}`;
    const again = async () => await publish(git, incident, { ...asked, ownBranch: true });
    expect(await again()).toMatchObject({ kind: 'pushed', branch, already: false });
    expect(await again()).toMatchObject({ kind: 'pushed', branch, already: true });
    expect(await remoteTip(world, branch)).toBe(incident.commit);
    expect((await world.git('symbolic-ref', '--short', 'HEAD')).trim()).toBe('main');
    expect((await world.git('rev-parse', 'main')).trim()).toBe(incident.commit);
    expect(await world.status()).toEqual([]);
  });

  it('is named with where its pull request is opened', async () => {
    await using world = await World.make();
    const folder = await remote(world);
    const incident = await committed(world);
    await world.git('config', `url.${folder}.insteadOf`, 'https://github.com/shop/charts.git');
    await world.git('remote', 'set-url', 'origin', 'https://github.com/shop/charts.git');
    const git = new Git(world.root, { env: world.env });
    const env = await hub(world, 'echo "https://github.com/shop/charts/pull/7"');
    const branch = `war-room/${incident.id}`;
    const own = { ...asked, ownBranch: true };
    expect(await publish(git, incident, own)).toMatchObject({
      pullRequest: {
        address: `https://github.com/shop/charts/compare/${branch}?expand=1`,
        opened: false,
      },
    });
    await world.git('remote', 'set-head', 'origin', 'main');
    expect(await publish(git, incident, { ...own, pullRequest: true, env })).toMatchObject({
      pullRequest: { address: 'https://github.com/shop/charts/pull/7', opened: true },
    });
    const given = (await readFile(join(world.root, '..', 'bin', 'asked'), 'utf8')).split('\n');
    expect(given.slice(0, 8)).toEqual(
      ['pr', 'create', '--head', branch, '--base', 'main', '--title'].concat(
        `fix(grafana): raise memory limit to 1Gi (${incident.id})`,
      ),
    );
  });

  it('keeps its address where gh cannot open the pull request', async () => {
    await using world = await World.make();
    const folder = await remote(world);
    const incident = await committed(world);
    await world.git('config', `url.${folder}.insteadOf`, 'https://github.com/shop/charts.git');
    await world.git('remote', 'set-url', 'origin', 'https://github.com/shop/charts.git');
    const env = await hub(
      world,
      'echo "To get started with GitHub CLI, please run: gh auth login" >&2; exit 4',
    );
    const git = new Git(world.root, { env: world.env });
    const result = await publish(git, incident, { ownBranch: true, pullRequest: true, env });
    expect(result).toMatchObject({
      pullRequest: { opened: false },
      notes: [expect.stringContaining('gh auth login')],
    });
  });

  it('is pushed also where its pull request is cancelled', async () => {
    await using world = await World.make();
    const folder = await remote(world);
    const incident = await committed(world);
    await world.git('config', `url.${folder}.insteadOf`, 'https://github.com/shop/charts.git');
    await world.git('remote', 'set-url', 'origin', 'https://github.com/shop/charts.git');
    const env = await hub(world, 'echo begun; sleep 20');
    const cancel = new AbortController();
    const result = publish(new Git(world.root, { env: world.env }), incident, {
      ownBranch: true,
      pullRequest: true,
      signal: cancel.signal,
      env,
    });
    await vi.waitFor(() => readFile(join(world.root, '..', 'bin', 'asked')), 20_000);
    cancel.abort();
    expect(await result).toMatchObject({
      kind: 'pushed',
      notes: ['The branch is pushed; opening its pull request was cancelled.'],
    });
  });

  it('that its branch does not hold any more is not pushed', async () => {
    await using world = await World.make();
    await remote(world);
    const incident = await committed(world);
    await world.git('reset', '--quiet', '--hard', 'HEAD~1');
    const git = new Git(world.root, { env: world.env });
    await expect(publish(git, incident, asked)).rejects.toMatchObject({ code: 'wrong-state' });
    await expect(publish(git, world.incident, asked)).rejects.toThrow('not committed yet');
  });
});
