import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/playbooks/analyse';
import { placeIn } from '../../../src/playbooks/read/place';
import { evidence } from './evidence';

const pod = 'catalog-7656bfc4ff-ppskl';

describe('placeIn', () => {
  it.each([
    [
      'an event',
      `Back-off restarting failed container catalog in pod ${pod}_test-hand2(f00a8c2e-0b1c-4d59-9a55-2f4b7a2f1a11)`,
      { app: 'catalog', pod, namespace: 'test-hand2', container: 'catalog' },
    ],
    [
      'a pasted line without a real uid',
      `Back-off restarting failed container web in pod ${pod}_test-hand(uid)`,
      { app: 'catalog', pod, namespace: 'test-hand', container: 'web' },
    ],
    [
      'kubelet in the journal',
      `E1121 10:00:00.1 1 pod_workers.go:1301] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"catalog\\" with CrashLoopBackOff: \\"back-off 40s restarting failed container=catalog pod=${pod}_shop(f00a8c2e)\\"" pod="shop/${pod}" podUID="f00a8c2e"`,
      { app: 'catalog', pod, namespace: 'shop', container: 'catalog' },
    ],
    [
      'the scheduler',
      `"Unable to schedule pod; no fit; waiting" pod="shop/${pod}" err="0/3 nodes are available"`,
      { app: 'catalog', pod, namespace: 'shop' },
    ],
    [
      'containerd',
      `level=error msg="RunPodSandbox for &PodSandboxMetadata{Name:${pod},Uid:f00a8c2e,Namespace:shop,Attempt:0,} failed"`,
      { app: 'catalog', pod, namespace: 'shop' },
    ],
    [
      'the Docker shim',
      `container k8s_web_${pod}_shop_f00a8c2e-0b1c-4d59-9a55-2f4b7a2f1a11_3 died`,
      { app: 'catalog', pod, namespace: 'shop', container: 'web' },
    ],
    [
      'a file of the node',
      `/var/log/pods/shop_${pod}_f00a8c2e-0b1c-4d59/web/3.log: no such file`,
      { app: 'catalog', pod, namespace: 'shop', container: 'web' },
    ],
    [
      'Fluent Bit',
      `{"log":"boom","kubernetes":{"pod_name":"${pod}","namespace_name":"shop","container_name":"web","labels":{"app":"catalog"}}}`,
      { app: 'catalog', pod, namespace: 'shop', container: 'web' },
    ],
    [
      'Filebeat',
      `{"message":"boom","kubernetes":{"namespace":"shop","pod":{"uid":"1","name":"${pod}"}}}`,
      { app: 'catalog', pod, namespace: 'shop' },
    ],
    [
      'OpenTelemetry',
      `{"body":"boom","resource":{"service.name":"catalog","k8s.namespace.name":"shop","k8s.pod.name":"${pod}"}}`,
      { app: 'catalog', pod, namespace: 'shop' },
    ],
    [
      'key=value',
      `level=error podName=${pod} podNamespace=shop`,
      { app: 'catalog', pod, namespace: 'shop' },
    ],
  ])('reads %s', (_name, line, expected) => {
    expect(placeIn(line)).toMatchObject(expected);
  });

  it.each(['GET /cart 200', 'my_function(x) failed', 'connection pool exhausted', 'pods are fine'])(
    'sees none in: %s',
    (line) => {
      expect(placeIn(line)?.pod ?? null).toBeNull();
    },
  );
});

describe('the place of a diagnosis', () => {
  it('comes from the kubelet’s message, and the questions ask there', () => {
    const events = [
      'LAST SEEN   TYPE      REASON    OBJECT                         MESSAGE',
      `12s         Warning   BackOff   pod/${pod}   Back-off restarting failed container catalog in pod ${pod}_test-hand2(f00a8c2e-0b1c)`,
    ].join('\n');
    const analysis = analyse([evidence(events)]);
    expect(analysis.facts.namespace?.value).toBe('test-hand2');
    expect(analysis.facts.app?.value).toBe('catalog');
    const asked = analysis.questions.filter((question) => question.server === 'kubectl');
    expect(asked.length).toBeGreaterThan(0);
    for (const question of asked) expect(question.arguments.namespace).toBe('test-hand2');
  });

  it('comes from a bare pasted line', () => {
    const analysis = analyse([
      evidence(`Back-off restarting failed container web in pod ${pod}_test-hand(uid)`),
    ]);
    expect(analysis.facts.app?.value).toBe('catalog');
    expect(analysis.facts.pod?.value).toBe(pod);
    expect(analysis.facts.namespace?.value).toBe('test-hand');
  });
});

it.each([
  ['ledger  | Error: ENOSPC: no space left on device\nledger-1 exited with code 1', 'ledger'],
  ['exec /usr/bin/tini: exec format error\nnotes exited with code 255', 'notes'],
  ['INFO 1 --- [main] a.b.C : Started OrderDeskApplication in 9 seconds\nENOSPC', 'order-desk'],
  ['  File "/app/bookings/views.py", line 4, in x\nOSError: [Errno 28] ENOSPC', 'bookings'],
  ['msg="Sync operation to 9abc failed: x" application=argocd/frontend', 'frontend'],
])('the application of %s is %s', (text, app) => {
  expect(analyse([evidence(text)]).facts.app?.value).toBe(app);
});

describe('hypotheses', () => {
  const described = [
    'Nov 21 10:00:00 host kernel: Memory cgroup out of memory: Killed process 1 (node)',
    `Warning  BackOff    11s (x9 over 2m)  kubelet  back-off 40s restarting failed container=web pod=${pod}_shop(1)`,
    'Warning  Unhealthy  11s (x9 over 2m)  kubelet  Readiness probe failed: connection refused',
  ].join('\n');

  it('stand behind the root cause, which explains them, and add up to 1 at most', () => {
    const { hypotheses, rootCause } = analyse([evidence(described)]);
    expect(hypotheses[0]?.category).toBe('oom-killed');
    expect(hypotheses[0]?.confidence).toBe(rootCause?.confidence);
    expect(hypotheses.length).toBeGreaterThan(1);
    const confidences = hypotheses.map((it) => it.confidence);
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
    expect(confidences.reduce((sum, it) => sum + it, 0)).toBeLessThanOrEqual(1.01);
    expect(confidences[1]).toBeLessThan(0.5);
  });
});
