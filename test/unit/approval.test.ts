import { describe, expect, it } from 'vitest';

import { Approval } from '../../src/approval';
import type { Home } from '../../src/home';
import { callOf } from '../../src/incident/clusterAction';
import type { ClusterAction } from '../../src/incident/clusterAction';
import type { Incident } from '../../src/incident/incident';
import { testHost } from '../harness/host';

const action: ClusterAction = {
  tool: 'scale_deployment',
  arguments: { deployment: 'payments', replicas: 5 },
  place: { context: 'prod', namespace: 'shop' },
  now: '3 pods',
  after: '5 pods',
  replicas: 3,
};

/** An approval over one incident that proposes the action; its answers are kept. */
function waiting() {
  const answers: string[] = [];
  const incident = { state: 'awaiting-approval', proposal: { action } } as unknown as Incident;
  const home = { store: { load: () => Promise.resolve(incident) }, author: () => 'Sam' };
  const approval = new Approval({
    host: testHost({}),
    home: () => Promise.resolve(home as unknown as Home),
    answer: (_, { kind }) => {
      answers.push(kind);
      return Promise.resolve(incident);
    },
  });
  return { approval, answers };
}

describe('An approved action', () => {
  it('is the one that was shown', async () => {
    const { approval, answers } = waiting();
    await approval.accept('id', null, callOf(action));
    expect(answers).toEqual(['approved']);
  });

  it('is none where another was shown', async () => {
    const { approval, answers } = waiting();
    const shown = callOf({ ...action, arguments: { deployment: 'payments', replicas: 4 } });
    await expect(approval.accept('id', null, shown)).rejects.toMatchObject({
      code: 'proposal-stale',
    });
    expect(answers).toEqual([]);
  });
});
