import { describe, expect, it } from 'vitest';
import { readEvidence } from '../../../../src/playbooks/read/reading';
import { appOfPod } from '../../../../src/playbooks/read/picture';
import { parseAge, parseAmount } from '../../../../src/playbooks/read/quantity';
import { blockOf, innermostCause } from '../../../../src/playbooks/read/stackTrace';
import { evidence } from '../evidence';

const read = (text: string, source?: string) => readEvidence([evidence(text, source)], null);

describe('kubectl describe pod', () => {
  const { picture, lines } = read(`
Name:             db-0
Namespace:        shop
Labels:           app.kubernetes.io/name=db
Node:             node-2/10.0.0.2
Status:           Running
Containers:
  db:
    Image:          postgres:16
    Port:           5432/TCP
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Message:      cannot open config
      Exit Code:    1
      Started:      Sat, 21 Nov 2026 11:51:02 +0000
      Finished:     Sat, 21 Nov 2026 11:51:11 +0000
    Ready:          False
    Restart Count:  7
    Limits:
      cpu:     500m
      memory:  256Mi
    Readiness:  http-get https://:ready/ok delay=3s timeout=2s period=5s #success=1 #failure=4
    Environment:
      NOTE:  no space left on device
Conditions:
  Type    Status
  Ready   False
Events:
  Type     Reason   Age                    From     Message
  ----     ------   ----                   ----     -------
  Warning  BackOff  4m33s (x63 over 19m)   kubelet  Back-off restarting failed container db`);
  const [pod] = picture.pods;
  const [container] = pod?.containers ?? [];

  it('reads states, amounts and probes', () => {
    expect(pod).toMatchObject({ name: 'db-0', namespace: 'shop', app: 'db', node: 'node-2' });
    expect(container?.lastState?.exitCode?.value).toBe(1);
    expect(container?.restarts?.value).toBe(7);
    expect(container?.limits.memory?.value).toBe('256Mi');
    expect(container?.probes.readiness).toMatchObject({
      path: '/ok',
      port: 5432,
      initialDelaySeconds: 3,
      timeoutSeconds: 2,
      periodSeconds: 5,
      failureThreshold: 4,
    });
    expect(container?.limits.memory?.citation.text).toBe('      memory:  256Mi');
  });

  it('reads events with age and count', () => {
    expect(picture.events[0]).toMatchObject({ reason: 'BackOff', age: 273, count: 63 });
  });

  it('does not search what the user configured', () => {
    expect(lines.find((line) => line.text.includes('no space left'))?.kind).toBe('other');
    expect(lines.find((line) => line.text.includes('cannot open'))?.kind).toBe('state');
  });
});

it('reads kubectl get pods', () => {
  const { picture } = read(`
NAMESPACE   NAME                        READY   STATUS      RESTARTS      AGE
shop        checkout-7d9f8c6b5d-x2x9z   0/1     OOMKilled   3 (2m ago)    10m
shop        migrate-28912340-abcde      0/1     Completed   0             1h`);
  expect(picture.pods[0]).toMatchObject({ app: 'checkout', namespace: 'shop' });
  expect(picture.pods[0]?.containers[0]).toMatchObject({ restartedAgo: 120 });
  expect(picture.pods[0]?.containers[0]?.state?.reason?.value).toBe('OOMKilled');
  expect(picture.pods[1]?.ready).toBeNull();
});

it('reads a pod as YAML', () => {
  const { picture } = read(`
apiVersion: v1
kind: Pod
metadata:
  labels:
    app: search
  name: search-0
  namespace: shop
spec:
  containers:
  - image: shop/search:1
    livenessProbe:
      httpGet:
        path: /live
        port: http
      periodSeconds: 7
    name: search
    ports:
    - containerPort: 9200
      name: http
    resources:
      limits:
        memory: 1Gi
status:
  conditions:
  - status: "False"
    type: Ready
  containerStatuses:
  - name: search
    restartCount: 2
    lastState:
      terminated:
        exitCode: 137
        reason: OOMKilled
  phase: Running`);
  const [container] = picture.pods[0]?.containers ?? [];
  expect(picture.pods[0]).toMatchObject({ name: 'search-0', app: 'search', namespace: 'shop' });
  expect(picture.pods[0]?.ready?.value).toBe(false);
  expect(container?.lastState?.reason?.value).toBe('OOMKilled');
  expect(container?.limits.memory?.value).toBe('1Gi');
  expect(container?.probes.liveness).toMatchObject({ path: '/live', port: 9200, periodSeconds: 7 });
});

it('reads docker inspect', () => {
  const { picture } = read(`
[
    {
        "State": {
            "Status": "exited",
            "Running": false,
            "OOMKilled": true,
            "ExitCode": 137
        },
        "Name": "/thumbnailer",
        "RestartCount": 2,
        "HostConfig": {
            "Memory": 67108864
        },
        "Config": {
            "Image": "media/thumbnailer:2"
        }
    }
]`);
  const [container] = picture.pods[0]?.containers ?? [];
  expect(picture.pods[0]?.app).toBe('thumbnailer');
  expect(container?.state?.reason?.value).toBe('OOMKilled');
  expect(container?.limits.memory?.value).toBe('67108864');
});

it('reads docker events and counters', () => {
  const { picture } = read(`
2026-11-21T11:50:49.643Z container die 991fdfbfe0d3254e (exitCode=1, image=a/b:1, name=importer)
nr_periods 200
nr_throttled 50
oom_kill 2`);
  expect(picture.events[0]).toMatchObject({ reason: 'die', object: 'container/importer' });
  expect(picture.throttling[0]?.value).toBe(0.25);
  expect(picture.groupKills[0]?.value).toBe(2);
});

describe('rows without their header', () => {
  it.each([
    ['web-6d7c8f9b5-k2lqz   0/1   ImagePullBackOff   0   3m', 'ImagePullBackOff'],
    ['shop   web-6d7c8f9b5-k2lqz   1/1   Running   2 (5m ago)   3d', 'Running'],
  ])('%s is a pod', (text, status) => {
    const [pod] = read(text).picture.pods;
    expect(pod).toMatchObject({ app: 'web', status: { value: status } });
  });

  it.each([
    ['3m  Warning  FailedMount  pod/web-0  no such volume', 'pod/web-0'],
    ['Warning  FailedMount  35s (x7 over 67s)  kubelet  no such volume', null],
  ])('%s is an event', (text, object) => {
    const [event] = read(text).picture.events;
    expect(event).toMatchObject({ reason: 'FailedMount', object, message: 'no such volume' });
  });

  it.each(['12:00:01 INFO web ready 1/1 in 3s', 'Warning: it is 3m late, kubelet says'])(
    '%s is a line of a log',
    (text) => {
      const { lines, picture } = read(text);
      expect(lines[0]?.kind).toBe('log');
      expect([...picture.pods, ...picture.events]).toEqual([]);
    },
  );
});

describe('log lines', () => {
  it.each([
    ['{"level":50,"msg":"x","err":{"message":"boom","code":"EIO"}}', 'error', 'x boom code=EIO'],
    ['{"severity":"WARNING","message":"slow"}', 'warn', 'slow'],
    ['{"log.level":"error","message":"no","error.message":"inner"}', 'error', 'no inner'],
    [
      'I1120 10:00:00.000001       1 main.go:3] up',
      'info',
      'I1120 10:00:00.000001       1 main.go:3] up',
    ],
    [
      '2026-11-21 11:00:00.1 UTC [1] FATAL:  no',
      'fatal',
      '2026-11-21 11:00:00.1 UTC [1] FATAL:  no',
    ],
    ['time="2026" level=warning msg="x"', 'warn', 'time="2026" level=warning msg="x"'],
    ['Nov 21 10:00:00 host app[12]: ERROR no', 'error', 'ERROR no'],
    ['2026-11-21T10:00:00.123456789Z stderr F ERROR no', 'error', 'ERROR no'],
    ['{"log":"ERROR no\\n","stream":"stderr","time":"x"}', null, 'ERROR no'],
  ])('%s', (text, level, message) => {
    const [line] = read(text).lines;
    if (level) expect(line?.level).toBe(level);
    expect(line?.message).toBe(message);
  });

  it.each([
    ['[pod/web-7d9f8c6b5d-x2x9z/nginx] hello', 'web-7d9f8c6b5d-x2x9z', 'hello'],
    ['checkout-1  | hello', 'checkout', 'hello'],
    ['{"level":"info","service":"cart","msg":"hello"}', 'cart', 'hello'],
  ])('%s names its writer', (text, writer, message) => {
    expect(read(text).lines[0]).toMatchObject({ writer, message });
  });
});

describe('stack traces', () => {
  it.each([
    [
      'ERROR x\na.OuterException: outer\n\tat c\nCaused by: d.InnerException: deep\n\tat e',
      'd.InnerException: deep',
    ],
    [
      'Traceback (most recent call last):\n  f\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  g\nRuntimeError: 2',
      'KeyError: 1',
    ],
    [
      'Traceback (most recent call last):\n  f\nOSError: 1\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  g\nRuntimeError: 2',
      'OSError: 1',
    ],
    [
      'Error: outer\n    at run (/srv/a.js:1:1) {\n  [cause]: Error: middle\n      at b {\n    [cause]: TypeError: deep\n        at c\n  }\n}',
      'TypeError: deep',
    ],
    [
      'Unhandled exception. System.AggregateException: One or more errors occurred.\n ---> System.InvalidOperationException: middle\n ---> System.ArgumentNullException: deep\n   at A.B()\n   --- End of inner exception stack trace ---',
      'ArgumentNullException: deep',
    ],
    [
      'PHP Fatal error:  Uncaught PDOException: deep in /srv/a.php:3\nStack trace:\n#0 /srv/a.php(9): run()\n#1 {main}\n\nNext RuntimeException: outer in /srv/b.php:4',
      'PDOException: deep',
    ],
    [
      "/app/run.rb:14:in `total': outer (RuntimeError)\n\tfrom /app/run.rb:30:in `<main>'\n/app/run.rb:9:in `load': deep (KeyError)\n\tfrom /app/run.rb:12:in `total'",
      'deep (KeyError)',
    ],
    ['Error: outer\n\nCaused by:\n    0: middle\n    1: deep (os error 2)', 'deep (os error 2)'],
    [
      'panic: deep [recovered]\n\tpanic: outer\n\ngoroutine 18 [running]:\nmain.parse(...)',
      'panic: deep',
    ],
  ])('%s', (text, cause) => {
    const { lines } = read(text);
    expect(innermostCause(blockOf(lines, 0))?.message).toContain(cause);
  });
});

it.each([
  ['checkout-7d9f8c6b5d-x2x9z', 'checkout'],
  ['db-0', 'db'],
  ['pod/node-exporter-4x7zk', 'node-exporter'],
  ['payments-api', 'payments-api'],
])('the app of %s is %s', (pod, app) => {
  expect(appOfPod(pod)).toBe(app);
});

it('reads amounts and ages', () => {
  expect(parseAmount('1.5Gi')).toBe(1.5 * 2 ** 30);
  expect(parseAmount('500m')).toBe(0.5);
  expect(parseAmount('12 apples')).toBeNull();
  expect(parseAge('2d3h')).toBe(183_600);
  expect(parseAge('<unknown>')).toBeNull();
});

describe('kubectl get -o yaml', () => {
  it('reads on behind an argument that is a script of several lines', () => {
    const { picture } = read(
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: relay-0\nspec:\n  containers:\n  - command:\n    - python3\n    - |\n      import time\n      time.sleep(1)\n    name: relay\nstatus:\n  containerStatuses:\n  - name: relay\n    restartCount: 3\n',
    );
    expect(picture.pods[0]?.containers[0]?.restarts?.value).toBe(3);
  });
});

describe('a syslog prefix', () => {
  it('is none where a level stands in the place of the host', () => {
    const line = '2026-01-01T00:00:00Z ERROR render: code -3';
    expect(read(line).lines[0]).toMatchObject({ level: 'error', process: null, message: line });
    expect(read('2026-01-01T00:00:00Z edge-07 render: code -3').lines[0]).toMatchObject({
      process: 'render',
      message: 'code -3',
    });
  });
});
