import type { V1Deployment, V1Pod } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';

import { unheardWords } from '../../../src/base/unheard';
import { endpoints } from '../../../src/mcp/kubernetes/objects/network';
import { render } from '../../../src/mcp/kubernetes/page';
import { amountOf } from '../../../src/mcp/kubernetes/quantity';
import { describePod } from '../../../src/mcp/kubernetes/describePod';
import { rolloutState } from '../../../src/mcp/kubernetes/deployments';
import { makeChange } from '../../../src/mcp/kubernetes/changes';
import type { Cluster } from '../../../src/mcp/kubernetes/cluster';
import { clusterFailure } from '../../../src/mcp/kubernetes/failure';
import { podStatus, summarisePod } from '../../../src/mcp/kubernetes/podStatus';
import { age } from '../../../src/mcp/kubernetes/time';

const place = { context: 'prod', namespace: 'shop', assumed: null };
const started = new Date('2026-01-01T10:00:00Z');

describe('who answers for a service', () => {
  const asked = [{ port: 80, targetPort: 'http' }];
  const slice = {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.4'], targetRef: { name: 'web-1' } }],
  };

  it('is a pod at the port that the service names', () => {
    const page = render([endpoints([{ ...slice, ports: [{ port: 8080 }] }], asked)]);
    expect(page).toContain('10.0.0.4:8080  ready  web-1');
  });

  it('is nobody where the pods have no port of that name', () => {
    const page = render([endpoints([slice], asked)]);
    expect(page).toContain('none: no pod of the selector has a port named http');
    expect(page).not.toContain('10.0.0.4');
  });
});

describe('the status of a pod', () => {
  const container = { name: 'a', image: 'i', imageID: '', ready: false, restartCount: 0 };

  it.each<[string, V1Pod['status']]>([
    ['Pending', { phase: 'Pending' }],
    [
      'CrashLoopBackOff',
      {
        phase: 'Running',
        containerStatuses: [{ ...container, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
      },
    ],
    [
      'OOMKilled',
      {
        phase: 'Running',
        containerStatuses: [
          { ...container, state: { terminated: { reason: 'OOMKilled', exitCode: 137 } } },
        ],
      },
    ],
    [
      'ExitCode:3',
      {
        phase: 'Running',
        containerStatuses: [{ ...container, state: { terminated: { exitCode: 3 } } }],
      },
    ],
    [
      'Init:0/1',
      {
        phase: 'Pending',
        initContainerStatuses: [{ ...container, state: { running: {} } }],
        containerStatuses: [{ ...container, state: { waiting: { reason: 'PodInitializing' } } }],
      },
    ],
    ['Evicted', { phase: 'Failed', reason: 'Evicted' }],
  ])('is %s', (expected, status) => {
    expect(podStatus({ status })).toBe(expected);
  });
});

it('knows no start of a program that never ran, which Kubernetes dates 1970', () => {
  const terminated = { exitCode: 128, reason: 'StartError', startedAt: new Date(0) };
  const status = { name: 'a', image: 'i', imageID: '', ready: false, restartCount: 2 };
  const [container] = summarisePod({
    spec: { containers: [{ name: 'a' }] },
    status: { containerStatuses: [{ ...status, lastState: { terminated } }] },
  }).containers;
  expect(container?.lastState).toMatchObject({ reason: 'StartError', startedAt: null });
});

it('describes a pod as kubectl does, without the copy of what was applied', () => {
  const pod: V1Pod = {
    metadata: {
      name: 'grafana-0',
      namespace: 'monitoring',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'x' },
    },
    spec: {
      serviceAccountName: 'default',
      containers: [
        {
          name: 'grafana',
          image: 'grafana:11',
          env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
          livenessProbe: { httpGet: { path: '/api/health', port: 3000 }, initialDelaySeconds: 60 },
        },
      ],
    },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'grafana',
          image: 'grafana:11',
          imageID: 'sha256:1',
          ready: true,
          restartCount: 4,
          state: { running: { startedAt: started } },
          lastState: {
            terminated: {
              reason: 'OOMKilled',
              exitCode: 137,
              startedAt: started,
              finishedAt: started,
            },
          },
        },
      ],
    },
  };
  const text = describePod(pod, []);
  expect(text).toContain('Annotations:      note: x\n');
  expect(text).toContain(
    [
      '    State:          Running',
      '      Started:      Thu, 01 Jan 2026 10:00:00 +0000',
      '    Last State:     Terminated',
      '      Reason:       OOMKilled',
      '      Exit Code:    137',
    ].join('\n'),
  );
  expect(text).toContain(
    'Liveness:       http-get http://:3000/api/health delay=60s timeout=1s period=10s #success=1 #failure=3',
  );
  expect(text).toContain("<set to the key 'k' of secret 's'>  Optional: false");
});

describe('the state of a rollout', () => {
  const deployment = (status: V1Deployment['status']): V1Deployment => ({
    metadata: { name: 'web', generation: 2 },
    spec: { replicas: 2, selector: {}, template: {} },
    status: { observedGeneration: 2, ...status },
  });

  it.each<[boolean, RegExp, V1Deployment['status']]>([
    [false, /spec update to be observed/, { observedGeneration: 1 }],
    [false, /1 out of 2 new replicas/, { replicas: 2, updatedReplicas: 1 }],
    [false, /1 old replicas are pending/, { replicas: 3, updatedReplicas: 2 }],
    [false, /1 of 2 updated replicas/, { replicas: 2, updatedReplicas: 2, availableReplicas: 1 }],
    [true, /successfully rolled out/, { replicas: 2, updatedReplicas: 2, availableReplicas: 2 }],
  ])('done: %s, %s', (done, message, status) => {
    const state = rolloutState(deployment(status));
    expect(state.done).toBe(done);
    expect(state.message).toMatch(message);
  });
});

describe('a failed request', () => {
  const sentence = (error: unknown) => clusterFailure(error, place, 'https://c:6443').message;

  it('names verb and resource that are not allowed', () => {
    const message =
      'secrets is forbidden: User "x" cannot list resource "secrets" in API group "" in the namespace "shop"';
    expect(sentence({ code: 403, body: { message } })).toBe(
      'This account may not list secrets in namespace shop of context prod: ask for a Role in shop with the verb "list" on "secrets".',
    );
    expect(
      sentence({
        code: 403,
        body: JSON.stringify({
          message:
            'nodes is forbidden: User "x" cannot list resource "nodes" in API group "" at the cluster scope',
        }),
      }),
    ).toContain('may not list nodes in the whole cluster');
  });

  it('says what to do for each other kind', () => {
    expect(sentence({ code: 401, body: undefined })).toContain('sign in again');
    expect(sentence({ code: 404, body: { message: 'pods "a" not found' } })).toBe(
      'pods "a" not found in namespace shop of context prod: check name and namespace.',
    );
    expect(sentence(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toContain(
      'at https://c:6443 cannot be reached (ECONNREFUSED)',
    );
    expect(sentence(Object.assign(new Error('x'), { name: 'AbortError' }))).toContain(
      'within 10 s',
    );
  });
});

describe('a change that fails', () => {
  const failing = async (error: Error) => {
    const apps = { patchNamespacedDeployment: () => Promise.reject(error) };
    const cluster = { place, apps } as unknown as Cluster;
    const change = { tool: 'restart_deployment', deployment: 'payments' } as const;
    return await makeChange(cluster, change, 'do').catch((thrown: unknown) => String(thrown));
  };

  it.each([
    ['none within 10 s', Object.assign(new Error('x'), { name: 'AbortError' })],
    ['ECONNRESET', Object.assign(new Error('x'), { code: 'ECONNRESET' })],
    ['status 504', Object.assign(new Error('x'), { code: 504, body: '' })],
  ])('is said to be unknown: %s', async (why, error) => {
    expect(await failing(error)).toContain(`(${why}), so ${unheardWords}`);
  });

  it('is not done where the server says so', async () => {
    expect(await failing(Object.assign(new Error('x'), { code: 403, body: '' }))).not.toContain(
      unheardWords,
    );
  });
});

it.each([
  [45, '45s'],
  [119, '119s'],
  [120, '2m'],
  [3 * 3600 - 1, '179m'],
  [3 * 3600, '3h'],
  [48 * 3600, '2d'],
])('says an age of %d s as %s', (seconds, text) => {
  const now = started.getTime() + seconds * 1000;
  expect(age(started, now)).toBe(text);
});

describe('a quantity', () => {
  it.each([
    ['250m', 0.25],
    ['2', 2],
    ['1Gi', 2 ** 30],
    ['1e3', 1000],
    ['128974848', 128_974_848],
    [undefined, 0],
  ])('%s is %d', (text, amount) => {
    expect(amountOf(text)).toBe(amount);
  });
});
