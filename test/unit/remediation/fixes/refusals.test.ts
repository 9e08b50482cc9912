import { describe, expect, it } from 'vitest';

import type { ScalarEdit } from '../../../../src/incident/proposal';
import { requireNotWeaker } from '../../../../src/remediation/fixes/weaker';
import type { Case } from './given';
import { fixOf } from './given';

type Row = [name: string, given: Case, why: RegExp];

describe('what is left as it is', () => {
  it.each<Row>([
    [
      'replicas of an autoscaler that is defined elsewhere',
      { category: 'traffic-overload', values: 'replicaCount: 3\n', facts: { autoscaler: 'shop' } },
      /autoscaler shop owns the replicas and is not set in this file/,
    ],
    [
      'the bound of an autoscaler that is not at it',
      {
        category: 'traffic-overload',
        values: 'hpa: {enabled: true, maxReplicas: 10}\n',
        facts: { replicas: 4 },
      },
      /runs 4 of at most 10/,
    ],
    [
      'resources of a VPA without a bound',
      {
        category: 'oom-killed',
        values: 'resources: {limits: {memory: 1Gi}}\nvpa: {enabled: true}\n',
      },
      /VPA \(vpa\) owns/,
    ],
    [
      'CPU of a VPA',
      {
        category: 'cpu-throttled',
        values: 'resources: {limits: {cpu: 1}}\nvpa: {enabled: true}\n',
      },
      /VPA \(vpa\) owns/,
    ],
    [
      'requests of a VPA',
      {
        category: 'unschedulable-resources',
        values: 'resources: {requests: {memory: 8Gi}}\nvpa: {enabled: true}\n',
        facts: { resource: 'memory', nodeFreeMemory: '4Gi' },
      },
      /VPA \(vpa\) owns the requests/,
    ],
    [
      'a request, where the nodes were not looked at',
      { category: 'unschedulable-resources', values: '', facts: { resource: 'memory' } },
      /describe the nodes/,
    ],
    [
      'a request below what the program used',
      {
        category: 'unschedulable-resources',
        values: 'resources: {requests: {memory: 8Gi}}\n',
        facts: { resource: 'memory', nodeFreeMemory: '4Gi', memoryPeakBytes: 6 * 2 ** 30 },
      },
      /the program used 6144Mi, so nothing was lowered/,
    ],
    [
      'a request that fits',
      {
        category: 'unschedulable-resources',
        values: 'resources: {requests: {memory: 1Gi}}\n',
        facts: { resource: 'memory', nodeFreeMemory: '4Gi' },
      },
      /is not what keeps the pod from a node/,
    ],
    [
      'less than half of what a pod has, where its use is not known',
      {
        category: 'quota-exceeded',
        values: 'replicaCount: 3\nresources: {limits: {memory: 2Gi}}\n',
        facts: {
          quotaRequested: 'limits.memory=2Gi',
          quotaUsed: 'limits.memory=7Gi',
          quotaHard: 'limits.memory=8Gi',
        },
      },
      /less than half of what it has/,
    ],
    [
      'a quota of something else',
      {
        category: 'quota-exceeded',
        values: '',
        facts: { quotaRequested: 'pods=1', quotaUsed: 'pods=10', quotaHard: 'pods=10' },
      },
      /counts something else/,
    ],
    [
      'a pool, where the limit of the server is not known',
      { category: 'database-connections-exhausted', values: 'db: {poolSize: 5}\n' },
      /max_connections/,
    ],
    [
      'a pool that fits',
      {
        category: 'database-connections-exhausted',
        values: 'replicaCount: 2\ndb: {poolSize: 5}\n',
        facts: { maxConnections: 100 },
      },
      /others hold the connections, or they are leaked/,
    ],
    [
      'a tag that the history does not know another of',
      {
        category: 'image-not-found',
        values: 'image: {repository: r/shop, tag: "1.5"}\n',
        facts: { image: 'r/shop:1.5' },
        earlier: ['image: {repository: r/other, tag: "1.4"}\n'],
      },
      /a tag is never invented/,
    ],
    [
      'a tag that image automation writes',
      {
        category: 'image-not-found',
        values: 'image:\n  tag: "1.5" # {"$imagepolicy": "flux-system:shop:tag"}\n',
        facts: { image: 'r/shop:1.5' },
        earlier: ['image:\n  tag: "1.4"\n'],
      },
      /image automation/,
    ],
    [
      'a variable that is set already',
      {
        category: 'missing-env',
        values: 'env: {REGION: eu}\n',
        facts: { variable: 'REGION' },
      },
      /sets REGION already/,
    ],
    [
      'a secret in a mapping of plain values',
      { category: 'missing-env', values: 'env: {A: b}\n', facts: { variable: 'DB_PASSWORD' } },
      /looks like a secret/,
    ],
    [
      'a command line of another length',
      {
        category: 'bad-command',
        values: 'args: [serv, --port, "80"]\n',
        earlier: ['args: [serve]\n'],
      },
      /no other command line/,
    ],
    [
      'a grace period, where the signal was not seen to arrive',
      { category: 'shutdown-timeout', values: 'terminationGracePeriodSeconds: 30\n' },
      /could only hide that/,
    ],
    [
      'a grace period that is long already',
      {
        category: 'shutdown-timeout',
        values: 'terminationGracePeriodSeconds: 600\n',
        facts: { stopProgressed: true },
      },
      /600 s already/,
    ],
    [
      'a rule that asks for more than a switch',
      {
        category: 'admission-denied',
        values: 'securityContext: {}\n',
        facts: { violations: 'host namespaces (hostNetwork=true), runAsNonRoot != true' },
      },
      /never weakened/,
    ],
    [
      'a full disk that is none of the volumes',
      {
        category: 'disk-full',
        values: 'persistence: {mountPath: /data, size: 10Gi}\n',
        facts: { path: '/var/log' },
      },
      /No volume of the file is mounted at \/var\/log/,
    ],
    [
      'an address that was never another one',
      {
        category: 'connection-refused',
        values: 'env: {DB: pg.shop}\n',
        facts: { host: 'pg.shop' },
        earlier: ['env: {DB: pg.shop}\n'],
      },
      /is not what changed/,
    ],
  ])('%s', (_, given, why) => {
    expect(() => fixOf(given)).toThrow(why);
  });
});

describe('never weaker', () => {
  const edit = (keyPath: (string | number)[], after: string): ScalarEdit => ({
    keyPath,
    before: null,
    after,
  });

  it.each([
    edit(['securityContext', 'runAsUser'], '0'),
    edit(['podSecurityContext', 'runAsNonRoot'], 'false'),
    edit(['securityContext', 'privileged'], 'true'),
    edit(['securityContext', 'capabilities', 'add', 0], 'NET_ADMIN'),
    edit(['tls', 'insecureSkipVerify'], 'true'),
    edit(['livenessProbe', 'enabled'], 'false'),
    edit(['rules', 0, 'verbs', 0], '"*"'),
    edit(['hostNetwork'], 'true'),
    edit(['db', 'sslmode'], 'disable'),
    edit(['db', 'url'], '"postgres://db/shop?sslmode=disable"'),
    edit(['args', 1], '--insecure'),
  ])('refuses $keyPath', (given) => {
    expect(() => requireNotWeaker(given)).toThrow(/weaker/);
  });

  it('knows a variable of a list by its name', () => {
    const given = edit(['env', 3, 'value'], '"0"');
    expect(() => requireNotWeaker(given, 'TLS_REJECT_UNAUTHORIZED')).toThrow(/weaker/);
    expect(() => requireNotWeaker(given, 'RETRIES')).not.toThrow();
  });

  it.each([
    edit(['securityContext', 'runAsNonRoot'], 'true'),
    edit(['securityContext', 'runAsUser'], '1000'),
    edit(['securityContext', 'capabilities', 'drop', 0], 'ALL'),
  ])('allows $keyPath', (given) => {
    expect(() => requireNotWeaker(given)).not.toThrow();
  });
});
