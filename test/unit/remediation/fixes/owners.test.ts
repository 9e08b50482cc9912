import { describe, it } from 'vitest';

import { memory } from './given';
import type { Row } from './rows';
import { rowTest } from './rows';

describe('replicas and their owners', () => {
  it.each<Row>([
    [
      'the number where nobody owns it',
      { category: 'traffic-overload', values: 'replicaCount: 3\n' },
      ['replicaCount: 3 -> 5'],
      /n x 1\.5.* of 3 = 5/,
    ],
    [
      'the bound of the HPA, never the number',
      {
        category: 'traffic-overload',
        values:
          'replicaCount: 3\nautoscaling:\n  enabled: true\n  minReplicas: 2\n  maxReplicas: 4\n',
      },
      ['autoscaling.maxReplicas: 4 -> 6'],
      /owns the replicas/,
    ],
    [
      'an autoscaler that is switched off owns nothing',
      {
        category: 'traffic-overload',
        values: 'replicaCount: 1\nautoscaling: {enabled: false, maxReplicas: 4}\n',
      },
      ['replicaCount: 1 -> 2'],
    ],
    [
      'KEDA goes before the HPA that it makes',
      {
        category: 'traffic-overload',
        values:
          'autoscaling: {enabled: true, maxReplicas: 4}\nkeda:\n  enabled: true\n  maxReplicaCount: 10\n',
      },
      ['keda.maxReplicaCount: 10 -> 15'],
    ],
    [
      'a manifest of the workload',
      {
        category: 'traffic-overload',
        values: 'kind: Deployment\nspec:\n  replicas: 2\n',
        facts: { replicas: 2 },
      },
      ['spec.replicas: 2 -> 3'],
    ],
    [
      "the VPA's bound instead of the memory limit",
      {
        category: 'oom-killed',
        values: `${memory('512Mi', '512Mi')}vpa:\n  enabled: true\n  maxAllowed:\n    memory: 512Mi\n`,
        facts: { memoryLimit: '512Mi' },
      },
      ['vpa.maxAllowed.memory: 512Mi -> 1024Mi'],
      /a VPA \(vpa\) sets/,
    ],
    [
      'a VPA that only recommends owns nothing',
      {
        category: 'oom-killed',
        values: `${memory('512Mi', '256Mi')}vpa:\n  enabled: true\n  updateMode: "Off"\n`,
        facts: { memoryLimit: '512Mi' },
      },
      ['resources.limits.memory: 512Mi -> 1024Mi', 'resources.requests.memory: 256Mi -> 512Mi'],
    ],
    [
      'a request that the autoscaler measures, from another file',
      {
        category: 'autoscaler-failed',
        values: 'resources:\n  requests:\n    memory: 1Gi\n',
        facts: { resource: 'cpu' },
        others: { 'values-dev.yaml': 'resources: {requests: {cpu: 250m}}\n' },
      },
      ['resources.requests.cpu: 250m'],
    ],
    [
      'a request that nobody knows',
      {
        category: 'autoscaler-failed',
        values: 'resources:\n  requests:\n    memory: 1Gi\n',
        facts: { resource: 'cpu' },
      },
      ['resources.requests.cpu: (cpu that it uses)'],
    ],
  ])('%s', rowTest);
});
