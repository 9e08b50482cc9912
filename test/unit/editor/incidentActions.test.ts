import { describe, expect, it } from 'vitest';

import { actionsOf } from '../../../src/editor/incidentActions';
import { treeOf } from '../../../src/editor/treeNodes';
import type { ActionRun, ClusterAction } from '../../../src/incident/clusterAction';
import type { Incident } from '../../../src/incident/incident';
import { justCommitted } from '../../../src/incident/rollout';
import { newIncident } from '../../../src/store/draft';

const at = '2026-11-22T12:05:09.000Z';
const place = { context: null, namespace: null, application: null, valuesFile: null };
const action: ClusterAction = {
  tool: 'restart_deployment',
  arguments: { deployment: 'shop' },
  place: { context: 'test', namespace: 'prod' },
  now: '2 pods',
  after: '2 new pods',
  replicas: 2,
};
const proposal = {
  kind: 'cluster-action' as const,
  title: 'restart shop',
  reason: '',
  formula: null,
  warnings: [],
  files: [],
};
const acted: ActionRun = { call: 'restart', by: 'Kim', at, result: 'failed', answer: 'forbidden' };

function incident(more: Partial<Incident>): Incident {
  const draft = { trigger: 'app.log', repository: '/r', root: '/r', place, fingerprint: 'f' };
  return { ...newIncident(draft, 'incident-20261122120509', at), ...more };
}

const listed = (each: Incident, interrupted = false) =>
  treeOf([{ incident: each, interrupted }], Date.parse(at))[0];

describe('An action in the cluster', () => {
  it('has menus of its own, without what is done with commits', () => {
    const done = incident({ state: 'awaiting-rollout', proposal: { ...proposal, action }, acted });
    expect(listed(done)?.context).toBe('incident:awaiting-rollout:action');
    const labels = actionsOf(done, false).map(([, label]) => label);
    expect(labels).toEqual(['Look Now', 'Mark as Rolled Out', 'Mark as Resolved']);
  });

  it('that was interrupted is no commit: accepting it again tells what is known', () => {
    const left = incident({ state: 'executing', proposal: { ...proposal, action }, acted });
    expect(actionsOf(left, true).map(([, label]) => label)).toEqual(['Accept']);
    expect(listed(left, true)).toMatchObject({
      context: 'incident:interrupted:action',
      description: expect.stringContaining('action interrupted') as string,
    });
  });

  it('that failed is forgotten where a change of files was committed since', () => {
    const state = 'awaiting-rollout';
    const more = { state, rollout: justCommitted, acted } as const;
    expect(
      listed(incident({ ...more, proposal: { ...proposal, kind: 'values-edit' } }))?.description,
    ).toContain('not pushed');
    const own = incident({ ...more, proposal: { ...proposal, action } });
    expect(listed(own)?.description).toContain('done in the cluster');
  });
});
