import { describe, expect, it } from 'vitest';

import type { Incident } from '../../../src/incident/incident';
import type { KeyPath } from '../../../src/remediation/yaml/keyPath';
import { newIncident } from '../../../src/store/draft';
import { liveness } from '../../../src/verification/live';
import type { ContainerTemplate, SeenWorkload } from '../../../src/verification/seen';

const probe = {
  path: '/healthz',
  port: '8080',
  initialDelaySeconds: 5,
  periodSeconds: 10,
  timeoutSeconds: 1,
  failureThreshold: 3,
};

const template = {
  serviceAccount: 'default',
  nodeSelector: { disk: 'ssd' },
  terminationGracePeriodSeconds: 30,
  security: { runAsUser: '0' },
  references: ['shop-config', 'shop-tls'],
};

function container(more: Partial<ContainerTemplate> = {}): ContainerTemplate {
  return {
    name: 'app',
    image: 'registry.example:5000/shop/app:1.4.0',
    limits: { memory: '512Mi' },
    requests: {},
    env: { JAVA_OPTS: '-Xmx256m -Dx=1', MODE: 'fast' },
    command: [],
    args: [],
    security: {},
    probes: { liveness: probe, readiness: null, startup: null },
    ...more,
  };
}

function seen(containers: readonly ContainerTemplate[]): SeenWorkload {
  const workload = {
    kind: 'Deployment',
    name: 'shop',
    namespace: 'prod',
    generation: 2,
    observedGeneration: 2,
    desired: 3,
    updated: 3,
    ready: 3,
  };
  return {
    workload,
    template,
    containers: [...containers],
    pods: [],
    warnings: [],
    services: [
      { name: 'shop', selector: { app: 'store' }, ports: [{ port: '80', targetPort: 'http' }] },
    ],
    gitops: null,
  };
}

/** An approved change of one value; `typed` is what the person put in its place. */
function approved(keyPath: KeyPath, before: string | null, after: string, typed = {}): Incident {
  const place = { context: null, namespace: null, application: null, valuesFile: null };
  const draft = { trigger: 'log', repository: null, root: '', place, fingerprint: 'f' };
  return {
    ...newIncident(draft, 'incident-20261121120509', '2026-11-21T12:05:09.000Z'),
    failing: { pod: null, container: 'app' },
    proposal: {
      kind: 'values-edit',
      title: 'change it',
      files: [
        { path: 'values.yaml', edits: [{ keyPath, before, after }], diff: '', baseDigest: '' },
      ],
      reason: '',
      formula: null,
      warnings: [],
    },
    decision: { kind: 'approved', by: '', at: '', values: typed, commit: null, branch: null },
  };
}

const memory: KeyPath = ['shop', 'resources', 'limits', 'memory'];

describe('Whether a live object carries the approved value', () => {
  it.each<[string, Incident, string]>([
    ['the same amount in other words', approved(memory, '256Mi', '0.5Gi'), 'live'],
    ['the old amount', approved(memory, '512Mi', '1Gi'), 'waits'],
    [
      'what the person typed',
      approved(memory, '256Mi', '1Gi', { [memory.join('.')]: '512Mi' }),
      'live',
    ],
    ['a limit that is not there', approved(['resources', 'limits', 'cpu'], '1', '2'), 'waits'],
    [
      'a probe of the usual name',
      approved(['livenessProbe', 'httpGet', 'port'], '80', '8080'),
      'live',
    ],
    ["a probe's time", approved(['probes', 'liveness', 'initialDelaySeconds'], '5', '60'), 'waits'],
    ['a tag in quotes', approved(['image', 'tag'], '"1.3.9"', '"1.4.0"'), 'live'],
    ['replicas', approved(['replicaCount'], '2', '3'), 'live'],
    ['a variable', approved(['env', 'MODE'], 'slow', 'fast'), 'live'],
    ['a part of a variable', approved(['heap', 'max'], '512m', '256m'), 'untold'],
    ['an option as a whole', approved(['heap'], '-Xmx128m', '-Xmx256m'), 'live'],
    ['an option that is not changed yet', approved(['heap'], '-Xmx256m', '-Xmx1g'), 'waits'],
    ['a word that is new and stood there before', approved(['jvm'], null, '-Dx=1'), 'untold'],
    ['the service account', approved(['serviceAccount', 'name'], 'shop', 'default'), 'live'],
    ['the old service account', approved(['serviceAccountName'], 'default', 'shop'), 'waits'],
    [
      'an account that a chart names otherwise',
      approved(['serviceAccount', 'name'], 'a', 'b'),
      'untold',
    ],
    ['a node selector', approved(['nodeSelector', 'disk'], 'nvme', 'ssd'), 'live'],
    ['the old node selector', approved(['nodeSelector', 'disk'], 'ssd', 'nvme'), 'waits'],
    ["another program's node selector", approved(['nodeSelector', 'zone'], 'a', 'b'), 'untold'],
    ['the time to end', approved(['terminationGracePeriodSeconds'], '10', '30'), 'live'],
    [
      "a pod's security context",
      approved(['podSecurityContext', 'runAsUser'], '0', '1000'),
      'waits',
    ],
    ["a Service's selector", approved(['service', 'selector', 'app'], 'store', 'shop'), 'waits'],
    ["a Service's port", approved(['service', 'targetPort'], 'web', 'http'), 'live'],
    [
      "a Service's port below the program's key",
      approved(['shop', 'service', 'port'], '80', '81'),
      'waits',
    ],
    [
      "an ingress' word for a port",
      approved(['ingress', 'service', 'port'], '8080', '80'),
      'untold',
    ],
    ["a peer's port", approved(['services', 'orders', 'port'], '81', '80'), 'untold'],
    ['the name of a ConfigMap', approved(['existingConfig'], 'old-config', 'shop-config'), 'live'],
    ['the old name of a Secret', approved(['tls', 'secretName'], 'shop-tls', 'shop-cert'), 'waits'],
    [
      'a host that is named like a Secret',
      approved(['db', 'host'], 'shop-db', 'shop-tls'),
      'untold',
    ],
    [
      "a container's security context, where the pod has that value",
      approved(['securityContext', 'runAsUser'], '1000', '0'),
      'untold',
    ],
    ['a value that no field is known for', approved(['ingress', 'host'], 'a.io', 'b.io'), 'untold'],
  ])('%s', (_, incident, expected) => {
    expect(liveness(incident, seen([container()])).kind).toBe(expected);
  });

  it.each([
    ['quick', 'waits'],
    ['fast', 'live'],
  ])('finds a new variable by the name beside its value: %s', (value, expected) => {
    const { proposal, ...incident } = approved(['env', 0, 'value'], null, value);
    const name = { keyPath: ['env', 0, 'name'], before: null, after: 'MODE' };
    const files = proposal?.files.map((file) => ({ ...file, edits: [name, ...file.edits] })) ?? [];
    const both = { ...incident, proposal: proposal && { ...proposal, files } };
    expect(liveness(both, seen([container()])).kind).toBe(expected);
  });

  it('looks at the failing container, not at one beside it', () => {
    const proxy = container({ name: 'proxy', limits: { memory: '1Gi' } });
    expect(liveness(approved(memory, '512Mi', '1Gi'), seen([proxy, container()])).kind).toBe(
      'waits',
    );
  });

  it('cannot tell which of two containers is meant when one holds each value', () => {
    const pair = seen([container(), container({ name: 'proxy', limits: { memory: '1Gi' } })]);
    const unnamed = {
      ...approved(memory, '512Mi', '1Gi'),
      failing: { pod: null, container: null },
    };
    expect(liveness(unnamed, pair).kind).toBe('untold');
  });

  it('says what is there and what is awaited', () => {
    expect(liveness(approved(memory, '512Mi', '1Gi'), seen([container()]))).toEqual({
      kind: 'waits',
      words: 'limits.memory of Deployment/shop is 512Mi, and 1Gi is awaited',
    });
  });
});
