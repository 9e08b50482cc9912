import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { Git } from '../../../src/history/git';
import { versionsOf } from '../../../src/history/versions';
import { createPlanner } from '../../../src/remediation/planner';
import { analysisOf } from '../../unit/remediation/facts';
import { evidence } from './evidence';
import { limitEdit, values, valuesPath, World } from './fixture';

async function commit(world: World, text: string, subject: string): Promise<string> {
  await writeFile(join(world.root, valuesPath), text);
  await world.git('commit', '--quiet', '--all', '--message', subject);
  return (await world.git('rev-parse', 'HEAD')).trim();
}

describe('The history of a values file', () => {
  it('gives its texts, newest first, byte for byte', async () => {
    await using world = await World.make();
    const newer = values.replace('11.2.0', '11.3.0');
    await commit(world, newer, 'Release\t11.3');
    const git = new Git(world.root, { env: world.env });
    const versions = await versionsOf(git, valuesPath);
    expect(versions.map(({ subject }) => subject)).toEqual(['Release\t11.3', 'Add the charts']);
    expect(versions.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([newer, values]);
    expect(await versionsOf(git, 'none.yaml')).toEqual([]);
  });

  it('offers the revert of what fits first, as a diff, and names the other fix', async () => {
    await using world = await World.make();
    const sha = await commit(world, values.replace("'512Mi'", "'256Mi'"), 'Less memory');
    const analysis = analysisOf('oom-killed', { memoryLimit: '256Mi' });
    const { rootCause } = analysis;
    const when = new Date().toISOString();
    const changes = [`${sha.slice(0, 7)} ${when} Sam Oncall: Less memory`];
    const history = {
      versions: (root: string, path: string) => versionsOf(new Git(root, { env: world.env }), path),
    };
    const plan = await createPlanner({ history }).plan(
      {
        analysis: { ...analysis, rootCause: rootCause && { ...rootCause, changes } },
        app: 'grafana',
        place: { context: null, namespace: null, application: null, valuesFile: null },
        roots: [world.root],
      },
      new AbortController().signal,
    );
    const proposal = plan.kind === 'proposal' ? plan.proposal : null;
    expect(proposal?.kind).toBe('revert');
    expect(proposal?.title).toBe(`Revert ${sha.slice(0, 8)}: Less memory`);
    expect(proposal?.files[0]?.diff).toContain("+    memory: '512Mi' # seldom enough");
    expect(proposal?.warnings[0]).toMatch(/the fix without it would be to raise memory limit/);
  });

  it('accepts no hole, and what a person typed in its place', async () => {
    const hole = { ...limitEdit, after: '"<amount>"', hole: 'amount of memory' };
    await using world = await World.make({ edits: [hole] });
    const accepted = (typed: Record<string, string>) =>
      world.history().accept(world.incident, typed, evidence);
    await expect(accepted({})).rejects.toMatchObject({ code: 'value-missing' });
    expect(await world.git('status', '--porcelain')).toBe('');
    await accepted({ 'resources.limits.memory': "'1Gi'" });
    expect(await world.git('diff', '--cached', '--', valuesPath)).toContain("+    memory: '1Gi'");
  });
});
