import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { recordedIncidents } from '../../../src/history/incidents';
import { findRepository } from '../../../src/history/repository';
import type { Whereabouts } from '../../../src/history/reconcile';
import { evidence } from './evidence';
import { World, values } from './fixture';

describe('A change that was handled elsewhere', () => {
  async function acceptedWorld(): Promise<World> {
    const world = await World.make();
    const { accepted } = await world.history().accept(world.incident, {}, evidence);
    await world.store.update(world.incident.id, (one) => ({ ...one, state: 'accepted', accepted }));
    return world;
  }

  async function whereabouts(world: World): Promise<Whereabouts> {
    return world.history().whereabouts(await world.store.load(world.incident.id));
  }

  it('waits in the tree', async () => {
    await using world = await acceptedWorld();
    expect(await whereabouts(world)).toEqual({ kind: 'in-tree' });
    await world.git('reset', '--quiet');
    expect(await whereabouts(world)).toEqual({ kind: 'in-tree' });
  });

  it('is committed, whatever the message and the formatting', async () => {
    await using world = await acceptedWorld();
    await world.write(values.replace("    memory: '512Mi'", '     memory: "1Gi"'));
    await world.git('commit', '--quiet', '-am', 'By hand');
    await world.write('later\n', 'other.txt');
    const sha = (await world.git('rev-parse', 'HEAD')).trim();
    await world.git('commit', '--quiet', '-am', 'Later');
    expect(await whereabouts(world)).toEqual({ kind: 'committed', sha, branch: 'main' });
  });

  it('is committed by a squashed merge', async () => {
    await using world = await acceptedWorld();
    await world.git('checkout', '--quiet', '-b', 'side');
    await world.git('commit', '--quiet', '-m', 'Side');
    await world.git('checkout', '--quiet', 'main');
    expect((await whereabouts(world)).kind).toBe('absent');
    await world.git('merge', '--quiet', '--squash', 'side');
    await world.git('commit', '--quiet', '-m', 'Squashed');
    expect((await whereabouts(world)).kind).toBe('committed');
  });

  it('is discarded, or typed over with another value', async () => {
    await using world = await acceptedWorld();
    await world.git('reset', '--quiet', '--hard');
    expect(await whereabouts(world)).toEqual({ kind: 'absent' });
    await world.write(values.replace("'512Mi'", '768Mi'));
    expect(await whereabouts(world)).toEqual({
      kind: 'retyped',
      values: { [`${world.path}:resources.limits.memory`]: '768Mi' },
    });
  });
});

describe('What git tells of incidents', () => {
  it('lists them from trailers and summaries alone', async () => {
    await using world = await World.make();
    expect(await recordedIncidents(world.root, 'examples')).toEqual([]);
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    const [listed, ...more] = await recordedIncidents(world.root, 'examples');
    expect(more).toEqual([]);
    expect(listed).toMatchObject({
      id: world.incident.id,
      category: 'oom-killed',
      severity: 'high',
      commit: { sha, approvedBy: 'Sam Oncall <sam@example.com>' },
      summary: { app: 'grafana', status: 'committed', files: [world.path] },
    });
  });

  it('knows them by their folder after a squash dropped the trailers', async () => {
    await using world = await World.make();
    await world.history().accept(world.incident, {}, evidence);
    await world.git('commit', '--quiet', '-m', 'No trailers');
    expect(await recordedIncidents(world.root, 'examples')).toMatchObject([
      { id: world.incident.id, category: 'oom-killed', commit: null },
    ]);
  });
});

describe('What changed before', () => {
  it("names the commits of 24 h that touched the app's chart or values", async () => {
    await using world = await World.make();
    const commit = async (path: string, message: string, hoursAgo: number) => {
      await world.write(`# ${message}\n`, path);
      await world.git('add', '--all');
      const date = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
      world.env['GIT_COMMITTER_DATE'] = date;
      await world.git('commit', '--quiet', '-m', message, `--date=${date}`);
    };
    await commit('charts/grafana/templates/deployment.yaml', 'Old', 30);
    await commit('charts/grafana/templates/deployment.yaml', 'Template', 20);
    await commit('apps/loki/values.yaml', 'Loki', 10);
    await commit('src/grafana/main.go', 'Code', 9);
    await commit(world.path, 'Values', 5);
    await commit(world.path, 'After', 1);
    const before = new Date(Date.now() - 2 * 3_600_000);
    const changes = (app: string | null) => world.history().changesBefore(world.root, app, before);
    const subjects = (lines: string[]) => lines.map((line) => line.split(': ').at(-1));
    expect(subjects(await changes('grafana'))).toEqual(['Values', 'Template']);
    expect(subjects(await changes(null))).toEqual(['Values', 'Loki', 'Template']);
    expect(await changes('[x]*')).toEqual([]);
  });
});

describe('findRepository', () => {
  it('finds the root from a folder, a file that is not there yet, and over a link', async () => {
    await using world = await World.make();
    const options = { env: world.env };
    const below = join(world.root, 'helm-values', 'grafana');
    const link = join(world.root, '..', 'link');
    await symlink(world.root, link);
    for (const path of [world.root, below, join(below, 'new', 'values.yaml'), link]) {
      expect(await findRepository(path, options)).toBe(world.root);
    }
    const elsewhere = join(world.root, '..', 'elsewhere');
    await mkdir(elsewhere);
    expect(await findRepository(elsewhere, options)).toBeNull();
  });
});
