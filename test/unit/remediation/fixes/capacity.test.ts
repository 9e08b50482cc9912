import { describe, it } from 'vitest';

import { memory } from './given';
import type { Row } from './rows';
import { rowTest } from './rows';

describe('what fits the nodes, the quota and the database', () => {
  it.each<Row>([
    [
      'the request becomes what the roomiest node has free',
      {
        category: 'unschedulable-resources',
        values: memory('8Gi', '8Gi'),
        facts: { resource: 'memory', memoryRequest: '8Gi', nodeFreeMemory: '6200Mi' },
      },
      ['resources.requests.memory: 8Gi -> 6200Mi'],
      /roomiest has 6200Mi/,
    ],
    [
      'CPU in tens of thousandths',
      {
        category: 'unschedulable-resources',
        values: 'resources: {requests: {cpu: 4}}\n',
        facts: { resource: 'cpu', nodeFreeCpu: '1537m' },
      },
      ['resources.requests.cpu: 4 -> 1.53'],
    ],
    [
      '(replicas + surge) x limit in the quota',
      {
        category: 'quota-exceeded',
        values: `replicaCount: 3\n${memory('2Gi', '1Gi')}`,
        facts: {
          quotaRequested: 'limits.memory=2Gi',
          quotaUsed: 'limits.memory=7Gi',
          quotaHard: 'limits.memory=8Gi',
          runningPods: 3,
        },
      },
      // others use 7Gi - 3 x 2Gi = 1Gi; (8Gi - 1Gi) / (3 + 1) = 1792Mi
      ['resources.limits.memory: 2Gi -> 1792Mi'],
      /\(8Gi - 1Gi of others\) \/ \(3 \+ 1\) = 1792Mi/,
    ],
    [
      'the pool: pool x (replicas + surge) + reserve <= max connections',
      {
        category: 'database-connections-exhausted',
        values: 'replicaCount: 4\ndb:\n  host: pg\n  poolSize: 30\n',
        facts: { maxConnections: 100 },
      },
      // (100 - 10) / (4 + 1) = 18
      ['db.poolSize: 30 -> 18'],
      /pool x \(replicas \+ surge\) \+ reserve <= max connections: \(100 - 10\) \/ \(4 \+ 1\)/,
    ],
    [
      'the pool as a variable, with the bound of the autoscaler and no surge',
      {
        category: 'database-connections-exhausted',
        values:
          'autoscaling: {enabled: true, maxReplicas: 10}\nstrategy: {type: Recreate}\nenv:\n  - name: DB_POOL_MAX\n    value: "20"\n',
        facts: { maxConnections: 100 },
      },
      ['env.0.value: "20" -> "9"'],
    ],
    [
      'the limit of ephemeral storage',
      {
        category: 'ephemeral-storage-evicted',
        values: 'resources:\n  limits:\n    ephemeral-storage: 1Gi\n',
        facts: { storageLimit: '1Gi' },
      },
      ['resources.limits.ephemeral-storage: 1Gi -> 2Gi'],
    ],
    [
      'the size of an emptyDir',
      {
        category: 'ephemeral-storage-evicted',
        values: 'volumes:\n  - name: tmp\n    emptyDir:\n      sizeLimit: 500Mi\n',
        facts: { storageLimit: '500Mi' },
      },
      ['volumes.0.emptyDir.sizeLimit: 500Mi -> 1000Mi'],
    ],
    [
      'the volume that is full',
      {
        category: 'disk-full',
        values: 'persistence:\n  mountPath: /data\n  size: 10Gi\n',
        facts: { path: '/data/pg/base' },
      },
      ['persistence.size: 10Gi -> 15Gi'],
    ],
    [
      'a StorageClass that exists',
      {
        category: 'volume-unbound',
        values: 'persistence:\n  storageClass: fast\n',
        facts: { storageClass: 'fast', defaultStorageClass: 'standard' },
      },
      ['persistence.storageClass: fast -> standard'],
    ],
    [
      'a StorageClass that nobody knows',
      {
        category: 'volume-unbound',
        values: 'persistence:\n  storageClass: fast\n',
        facts: { storageClass: 'fast' },
      },
      ['persistence.storageClass: fast -> (a StorageClass that exists)'],
    ],
    [
      'the grace period of a program that was ending its work',
      {
        category: 'shutdown-timeout',
        values: 'terminationGracePeriodSeconds: 30\n',
        facts: { stopProgressed: true, graceSeconds: 30 },
      },
      ['terminationGracePeriodSeconds: 30 -> 60'],
    ],
  ])('%s', rowTest);
});
