import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { recordedIncidents } from '../../../src/history/incidents';
import { revertFix } from '../../../src/history/revert';
import { parseSummary } from '../../../src/history/summary';
import type { Incident } from '../../../src/incident/incident';
import { justCommitted } from '../../../src/incident/rollout';
import type { Verdict } from '../../../src/incident/rollout';
import { committed } from './committed';
import { evidence } from './evidence';
import { World } from './fixture';

const recovered: Verdict = {
  result: 'recovered',
  at: '2026-11-22T03:00:00.000Z',
  summary: 'grafana recovered.',
  findings: ['restarts: 4 before, 0 after', 'memory: 512Mi of 512Mi before, 600Mi of 1Gi after'],
};

const ended = (
  incident: Incident,
  state: Incident['state'],
  verdict: Verdict = recovered,
): Incident => ({ ...incident, state, rollout: { ...justCommitted, verdict } });

const record = async (world: World, incident: Incident) =>
  await world.history().recordOutcome(incident, evidence);

describe('The outcome of an incident', () => {
  it('is a commit of its folder alone, with what was measured; the tree is clean', async () => {
    await using world = await World.make();
    const incident = ended(await committed(world), 'resolved');
    const { sha } = await record(world, incident);
    const summary = `examples/${incident.id}/summary.md`;
    expect(await world.changedIn(sha)).toEqual([summary]);
    expect(await world.status()).toEqual([]);
    const text = String(await world.blob(sha, summary));
    expect(parseSummary(text)).toMatchObject({ status: 'resolved', resolved: recovered.at });
    expect(text).toContain(
      '## Verification\n\n- grafana recovered.\n- restarts: 4 before, 0 after',
    );
    expect(await world.git('log', '-1', '--format=%B', sha)).toBe(
      [
        `docs(grafana): incident resolved (${incident.id})`,
        '',
        'grafana recovered.',
        '',
        `Incident-Id: ${incident.id}`,
        'Incident-Category: oom-killed',
        'Incident-Severity: high',
        '',
        '',
      ].join('\n'),
    );
  });

  it('twice is one commit, and the commit of the fix stays the fix', async () => {
    await using world = await World.make();
    const fixed = await committed(world);
    const incident = ended(fixed, 'resolved');
    const { sha } = await record(world, incident);
    expect((await record(world, incident)).sha).toBe(sha);
    expect(await world.commitCount()).toBe(3);
    const again = await world.history().commit(world.incident, world.decision(), evidence);
    expect(again.sha).toBe(fixed.commit);
    const [listed] = await recordedIncidents(world.root, 'examples');
    expect(listed?.commit?.sha).toBe(fixed.commit);
  });

  it('whose files could not follow the commit is said, and followed when it is recorded again', async () => {
    await using world = await World.make();
    const incident = ended(await committed(world), 'resolved');
    const summary = `examples/${incident.id}/summary.md`;
    // Made by the commit itself, so that only what comes after it meets the lock.
    await world.hook('post-commit', 'touch "$(git rev-parse --git-dir)/index.lock"');
    const { sha, notes } = await record(world, incident);
    expect(notes.join()).toContain('The outcome is committed');
    await rm(join(world.root, '.git', 'index.lock'));
    await rm(join(world.root, '.git', 'hooks', 'post-commit'));
    expect((await record(world, incident)).sha).toBe(sha);
    expect(await world.status()).toEqual([]);
    expect(String(await world.read(summary))).toContain('status: resolved');
  });

  it('is in the file of a checkout with other line ends too', async () => {
    await using world = await World.make();
    const incident = ended(await committed(world), 'resolved');
    const summary = `examples/${incident.id}/summary.md`;
    await world.git('config', 'core.autocrlf', 'true');
    await rm(join(world.root, summary));
    await world.git('checkout', '--quiet', '--', summary);
    expect(String(await world.read(summary))).toContain('\r\n');
    await record(world, incident);
    expect(await world.status()).toEqual([]);
    expect(String(await world.read(summary))).toContain(
      '## Verification\r\n\r\n- grafana recovered.\r\n',
    );
  });

  it('leaves what the person wrote into the summary and staged besides', async () => {
    await using world = await World.make();
    const incident = ended(await committed(world), 'resolved');
    const summary = `examples/${incident.id}/summary.md`;
    const own = `${String(await world.read(summary))}\n## Lessons\n\nWatch the peak.\n`;
    await world.write(own, summary);
    await world.write('mine\n', 'other.txt');
    await world.git('add', 'other.txt');
    const { sha } = await record(world, incident);
    expect(String(await world.blob(sha, summary))).not.toContain('Lessons');
    const after = String(await world.read(summary));
    expect(after).toContain('status: resolved');
    expect(after).toContain('## Lessons\n\nWatch the peak.');
    expect(await world.status()).toEqual([` M ${summary}`, 'M  other.txt']);
  });

  it('of a fix that did not help says why in feedback_negative.json', async () => {
    await using world = await World.make();
    const verdict: Verdict = { ...recovered, result: 'worse', summary: 'grafana is worse.' };
    const incident = ended(await committed(world), 'escalated', verdict);
    const { sha } = await record(world, incident);
    const feedback = `examples/${incident.id}/feedback_negative.json`;
    expect(JSON.parse(String(await world.blob(sha, feedback)))).toEqual({
      incident_id: incident.id,
      feedback_type: 'negative',
      reason: 'grafana is worse.',
      original_action: 'raise memory limit to 1Gi',
      expected_result: 'the service recovers',
      timestamp: verdict.at,
    });
    expect(await world.git('log', '-1', '--format=%B', sha)).toContain('Feedback: negative');
    expect(await world.status()).toEqual([]);
  });

  it('recorded first does not keep a revert that a crash cut short from being finished', async () => {
    await using world = await World.make();
    const verdict: Verdict = { ...recovered, result: 'worse', summary: 'grafana is worse.' };
    const incident = ended(await committed(world), 'escalated', verdict);
    await record(world, incident);
    const before = await world.git('rev-parse', 'HEAD');
    const bench = world.history().bench(incident);
    const reversal = {
      by: 'Sam',
      at: verdict.at,
      reason: 'worse',
      expected: '',
      folder: 'examples',
    };
    const { sha } = await revertFix(bench, incident, reversal);
    // What a crash leaves: the commit, and index and files as they were before it.
    await world.git('checkout', '--quiet', before.trim(), '--', '.');
    expect((await revertFix(bench, incident, reversal)).sha).toBe(sha);
    expect(await world.status()).toEqual([]);
    expect(await world.read()).toEqual(world.original);
  });

  it('of an incident without a commit is its whole record', async () => {
    await using world = await World.make();
    const { sha } = await record(world, { ...world.incident, state: 'reported', proposal: null });
    expect(await world.changedIn(sha)).toEqual(world.recordPaths);
    const text = String(await world.blob(sha, `examples/${world.incident.id}/summary.md`));
    expect(parseSummary(text)).toMatchObject({ status: 'reported', resolved: null, actions: [] });
    expect(await world.status()).toEqual([]);
  });

  it('is refused while it has none, and where the fix is on another branch', async () => {
    await using world = await World.make();
    const incident = await committed(world);
    const waiting: Incident = { ...incident, state: 'verifying' };
    await expect(record(world, waiting)).rejects.toMatchObject({ code: 'wrong-state' });
    await world.git('switch', '--quiet', '--create', 'elsewhere', 'HEAD~1');
    await expect(record(world, ended(incident, 'resolved'))).rejects.toThrow(/does not hold/);
    expect(await world.commitCount()).toBe(1);
    expect(await world.status()).toEqual([]);
  });

  it('is recorded where the commit of the fix was squashed into another', async () => {
    await using world = await World.make();
    const verdict: Verdict = { ...recovered, result: 'worse', summary: 'grafana is worse.' };
    const incident = ended(await committed(world), 'escalated', verdict);
    await world.git('switch', '--quiet', '--create', 'release', 'HEAD~1');
    await world.git('merge', '--quiet', '--squash', 'main');
    // Taken out in the review.
    await world.git('rm', '--quiet', '-f', `examples/${incident.id}/incident.json`);
    await world.git('commit', '--quiet', '--message', 'Squashed');
    const { sha } = await record(world, incident);
    expect(await world.changedIn(sha)).toEqual([
      `examples/${incident.id}/feedback_negative.json`,
      `examples/${incident.id}/summary.md`,
    ]);
    expect(await world.status()).toEqual([]);
  });

  it('that a hook refuses leaves everything as it was', async () => {
    await using world = await World.make();
    const incident = ended(await committed(world), 'resolved');
    await world.hook('pre-commit', 'echo no; exit 1');
    await expect(record(world, incident)).rejects.toMatchObject({ code: 'hook-failed' });
    expect(await world.status()).toEqual([]);
    expect(await world.commitCount()).toBe(2);
  });
});
