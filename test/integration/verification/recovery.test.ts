import { describe, expect, it, vi } from 'vitest';

import type { Incident } from '../../../src/incident/incident';
import { pageOf } from '../../../src/incident/page';
import { need } from '../mcp/prerequisite';
import { shopValues } from './chart';
import { Fleet, prepareFleets } from './fleet';

vi.setConfig({ testTimeout: 240_000 });

const missing = prepareFleets();

/** Holds so many MiB in the shell, which is the container's own process. */
const hold = (mebibytes: number) =>
  `echo "loading ${mebibytes} MiB"\ncache=$(head -c ${mebibytes}000000 /dev/zero | tr '\\0' x)\necho ready\nsleep 3600`;

const limits = `resources:
  requests:
    memory: 16Mi
  limits:
    memory: 16Mi
`;

/** Fixes a container that is really killed at its limit, and waits for the product's verdict. */
async function fixed(name: string, mebibytes: number): Promise<{ end: Incident; seen: string[] }> {
  await using fleet = await Fleet.make(name, { values: shopValues(hold(mebibytes), limits) });
  const found = await fleet.diagnose(await fleet.evidence(/OOMKilled/));
  expect(found.category).toBe('oom-killed');
  expect(found.proposal?.files[0]?.diff).toContain('+    memory: 64Mi');
  const { id } = await fleet.approve(found.id);
  // Nothing has applied it yet: a local commit changes no cluster.
  const waiting = await fleet.warRoom.rollouts.look(id);
  expect(waiting.state).toBe('awaiting-rollout');
  expect(waiting.rollout).toMatchObject({ stage: 'committed', unseen: null, liveAt: null });
  expect(waiting.rollout?.waitsFor).toContain('16Mi, and 64Mi is awaited');
  fleet.sync();
  const seen: string[] = [];
  const end = await fleet.warRoom.rollouts.wait(
    id,
    ({ state }) => seen.push(state),
    AbortSignal.timeout(180_000),
  );
  return { end, seen };
}

describe('a container that is killed at its limit', () => {
  it.concurrent('has recovered when the committed limit is live and enough', async (context) => {
    need(context, missing());
    const { end, seen } = await fixed('enough', 10);
    expect(seen).toContain('verifying');
    expect(end.state, JSON.stringify(end.rollout, null, 1)).toBe('resolved');
    expect(end.rollout?.verdict).toMatchObject({ result: 'recovered' });
    expect(end.rollout?.before?.pods?.lastEnd?.reason).toBe('OOMKilled');
    expect(end.rollout?.measures.at(-1)?.pods).toMatchObject({ ready: 1, restarts: 0 });
    expect(pageOf(end).verification.join('\n')).toMatch(
      /Before: .*OOMKilled[^]*Now: 1 of 1 pods ready/,
    );
    expect(end.timeline.map(({ state }) => state)).toEqual(
      expect.arrayContaining(['awaiting-rollout', 'verifying', 'resolved']),
    );
  });

  it.concurrent('is escalated when the committed limit does not help', async (context) => {
    need(context, missing());
    const { end } = await fixed('too-little', 200);
    expect(end.state, JSON.stringify(end.rollout, null, 1)).toBe('escalated');
    expect(end.rollout?.verdict?.result).toMatch(/^(?:not-recovered|worse)$/);
    expect(end.rollout?.verdict?.summary).toContain('OOMKilled');
    expect(pageOf(end).verification.join('\n')).toContain('OOMKilled');
  });
});
