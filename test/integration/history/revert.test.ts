import { describe, expect, it } from 'vitest';

import type { Incident } from '../../../src/incident/incident';
import { revertFix } from '../../../src/history/revert';
import { committed } from './committed';
import { World, values } from './fixture';

const reversal = {
  by: 'Sam',
  at: '2026-11-22T03:00:00.000Z',
  reason: 'it leaks, so more memory only delays it',
  expected: 'the leak is fixed',
  folder: 'examples',
};

const revert = async (world: World, incident: Incident) =>
  await revertFix(world.history().bench(incident), incident, reversal);

describe('A fix that is taken back', () => {
  it('is one commit with the old value, the trailers and the feedback; the tree is clean', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    const { sha, branch } = await revert(world, incident);
    const folder = `examples/${incident.id}`;
    expect(branch).toBe('main');
    expect(await world.blob(sha)).toEqual(world.original);
    expect(await world.read()).toEqual(world.original);
    expect(await world.status()).toEqual([]);
    expect(await world.changedIn(sha)).toEqual([
      `${folder}/feedback_negative.json`,
      `${folder}/summary.md`,
      world.path,
    ]);
    expect(await world.git('log', '-1', '--format=%B', sha)).toBe(
      [
        `revert(grafana): raise memory limit to 1Gi (${incident.id})`,
        '',
        `This reverts commit ${incident.commit}.`,
        '',
        'it leaks, so more memory only delays it',
        '',
        `Incident-Id: ${incident.id}`,
        'Incident-Category: oom-killed',
        'Incident-Severity: high',
        'Approved-By: Sam Oncall <sam@example.com>',
        'Feedback: negative',
        '',
        '',
      ].join('\n'),
    );
    expect(JSON.parse(String(await world.read(`${folder}/feedback_negative.json`)))).toEqual({
      incident_id: incident.id,
      feedback_type: 'negative',
      reason: 'it leaks, so more memory only delays it',
      original_action: 'raise memory limit to 1Gi',
      expected_result: 'the leak is fixed',
      timestamp: '2026-11-22T03:00:00.000Z',
    });
    expect(String(await world.blob(sha, `${folder}/summary.md`))).toContain('status: reverted');
  });

  it('twice is one commit', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    const { sha } = await revert(world, incident);
    expect((await revert(world, incident)).sha).toBe(sha);
    expect(await world.commitCount()).toBe(3);
  });

  it('and cut short after its commit is finished by the next one', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    const { sha } = await revert(world, incident);
    // What a crash leaves: the commit, and index and folder as they were before it.
    await world.git('checkout', '--quiet', `${incident.commit}`, '--', '.');
    await world.git('rm', '--quiet', `examples/${incident.id}/feedback_negative.json`);
    expect(await world.status()).not.toEqual([]);
    expect((await revert(world, incident)).sha).toBe(sha);
    expect(await world.status()).toEqual([]);
    expect(await world.read()).toEqual(world.original);
  });

  it('and made again by hand is taken back again', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    const first = await revert(world, incident);
    await world.git('revert', '--no-edit', first.sha);
    const second = await revert(world, incident);
    expect(second.sha).not.toBe(first.sha);
    expect(await world.blob(second.sha)).toEqual(world.original);
    expect(await world.status()).toEqual([]);
  });

  it('and staged again by the person stays staged', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    await revert(world, incident);
    await world.write(world.expected());
    await world.git('add', '--all');
    await revert(world, incident);
    expect(await world.status()).toEqual([`M  ${world.path}`]);
  });

  it('leaves what was committed since, staged and edited', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    const now = String(await world.read());
    await world.write(now.replace('replicas: 1', 'replicas: 2'));
    await world.git('commit', '--quiet', '-am', 'Two');
    await world.write(
      now.replace('replicas: 1', 'replicas: 2').replace('port: 3000', 'port: 4000'),
    );
    await world.git('add', '--all');
    await world.write('mine\n', 'other.txt');
    const { sha } = await revert(world, incident);
    const two = values.replace('replicas: 1', 'replicas: 2');
    expect(String(await world.blob(sha))).toBe(two);
    expect(String(await world.blob(''))).toBe(two.replace('port: 3000', 'port: 4000'));
    expect(String(await world.read())).toBe(two.replace('port: 3000', 'port: 4000'));
    expect(await world.status()).toEqual([`M  ${world.path}`, ' M other.txt']);
  });

  it('takes an added key out again', async () => {
    const edits = [{ keyPath: ['resources', 'limits', 'cpu'], before: null, after: '500m' }];
    await using world = await World.make({ edits });
    const incident = await committed(world);
    const { sha } = await revert(world, incident);
    expect(await world.blob(sha)).toEqual(world.original);
  });

  it('and was changed since is told, and nothing is half-done', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    await world.write(String(await world.read()).replace("'1Gi'", "'2Gi'"));
    await world.git('commit', '--quiet', '-am', 'More');
    const attempt = revert(world, incident);
    await expect(attempt).rejects.toMatchObject({
      code: 'revert-conflict',
      message: `resources.limits.memory in ${world.path} is '2Gi' by now and no longer the fix's '1Gi', so nothing was changed; change it by hand if the old '512Mi' is right.`,
    });
    expect([await world.status(), await world.commitCount()]).toEqual([[], 3]);
  });

  it('and refused by a hook is as it was', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    await world.hook('pre-commit', 'echo "frozen until Monday" >&2; exit 1');
    await expect(revert(world, incident)).rejects.toThrow('frozen until Monday');
    expect([await world.status(), await world.commitCount()]).toEqual([[], 2]);
    expect(await world.read()).toEqual(world.expected());
  });

  it('and refused keeps what the person saved meanwhile', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    await world.hook('pre-commit', 'exit 1');
    const bench = world.history().bench(incident);
    const saved = `${String(world.original)}# mine\n`;
    // The person saves right after the fix was taken out of the file.
    const writeFile = (file: string) => bench.files.writeFile(file, Buffer.from(saved));
    const files = { ...bench.files, writeFile };
    await expect(revertFix({ ...bench, files }, incident, reversal)).rejects.toMatchObject({
      code: 'hook-failed',
    });
    expect(String(await world.read())).toBe(saved);
  });

  it('on a branch that never had it says so', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    await world.git('checkout', '--quiet', '-b', 'old', 'HEAD~1');
    await expect(revert(world, incident)).rejects.toMatchObject({ code: 'wrong-state' });
    expect(await world.status()).toEqual([]);
  });
});
