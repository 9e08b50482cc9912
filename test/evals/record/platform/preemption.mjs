// pod-preempted: pods that compete for a device of which the node has one.
import {
  deployment,
  kubectl,
  nameImages,
  priorityClass,
  recordAll,
  service,
} from '../lib/kubernetes.mjs';
import { run, sleep, until } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/preemption.mjs';

// One device on the node is what the pods compete for, so nobody else's pod is displaced.
const slot = async (name, count) =>
  run('kubectl', [
    'patch',
    'node',
    'node-1',
    '--subresource=status',
    '--type=json',
    '-p',
    JSON.stringify(
      count === null
        ? [{ op: 'remove', path: `/status/capacity/${name.replace('/', '~1')}` }]
        : [
            {
              op: 'add',
              path: `/status/capacity/${name.replace('/', '~1')}`,
              value: String(count),
            },
          ],
    ),
  ]);

/** A scenario in which `high` takes the one device that `low` holds. */
const preempted = ({ device, classes, low, high, ...scenario }) => ({
  category: 'pod-preempted',
  program: 'kubernetes 1.34',
  hides: null,
  before: async () => {
    await slot(device, 1);
    await run('kubectl', ['apply', '-f', '-'], {
      input: classes.map(([name, value]) => priorityClass(name, value)).join(''),
    });
    await sleep(2);
  },
  manifests: low,
  then: async (namespace) => {
    await kubectl(namespace, 'wait --for=condition=Ready pod --all --timeout=60s');
    await sleep(6);
    await scenario.meanwhile?.(namespace);
    await nameImages(high);
    await kubectl(namespace, 'apply -f -', { input: high });
  },
  after: async () => {
    await slot(device, null);
    for (const [name] of classes)
      await run('kubectl', ['delete', 'priorityclass', name, '--wait=false']);
  },
  ...scenario,
});

const holder = (name, image, device, priority, command) =>
  deployment(name, {
    image,
    command,
    pod: `priorityClassName: ${priority}`,
    container: `resources: { limits: { ${device}: 1 } }`,
  });
const trainer = (app) => [
  'sh',
  '-c',
  `trap 'echo "$(date -u +%T) WARN ${app}: SIGTERM received at step $i, checkpoint is 40 steps old"; exit 143' TERM; i=0; while true; do i=$((i+1)); echo "$(date -u +%T) INFO ${app}: step $i loss=0.$((900-i)) ok"; sleep 1 & wait; done`,
];

const preemptions = [
  preempted({
    id: 'pod-preempted-trainer-gpu-events',
    app: 'trainer',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['Preempted by pod'],
    hides: 'Pending and FailedScheduling Insufficient nvidia.com/gpu of the replacement pod',
    why: 'A pod of a higher priority class took the only GPU; the trainer was stopped for it, and its replacement finds no GPU.',
    namespace: 'training',
    device: 'nvidia.com/gpu',
    classes: [
      ['batch-low', 1000],
      ['online-high', 100000],
    ],
    low: holder('trainer', 'ml/trainer:0.9.1', 'nvidia.com/gpu', 'batch-low', trainer('trainer')),
    high: holder('inference', 'ml/inference:2.4.0', 'nvidia.com/gpu', 'online-high', [
      'sleep',
      'infinity',
    ]),
    until: [
      ['get events', /Preempted/],
      ['get events', /FailedScheduling.*trainer/],
    ],
    settle: 6,
    evidence: {
      'events.txt': 'get events --sort-by=.metadata.creationTimestamp',
      'pods.txt': 'get pods -o wide',
    },
  }),
  preempted({
    id: 'pod-preempted-transcoder-killed-yaml',
    app: 'transcoder',
    log: 'transcoder.log',
    form: 'application-log',
    split: 'tune',
    proof: ['reason: PreemptionByScheduler'],
    hides: 'SIGTERM received, exit code 143',
    why: 'The log only tells that SIGTERM came; the condition DisruptionTarget of the pod says that the scheduler preempted it.',
    namespace: 'video',
    device: 'video.example.com/encoder',
    classes: [
      ['video-batch', 10],
      ['video-live', 5000],
    ],
    low: holder('transcoder', 'video/transcoder:5.0', 'video.example.com/encoder', 'video-batch', [
      ...trainer('transcoder').slice(0, 2),
      trainer('transcoder')[2].replace('exit 143', 'sleep 4; exit 143'),
    ]),
    high: holder(
      'live-encoder',
      'video/live-encoder:2.2',
      'video.example.com/encoder',
      'video-live',
      ['sleep', 'infinity'],
    ),
    meanwhile: async (namespace) => {
      const pod = (
        await kubectl(namespace, 'get pod -l app.kubernetes.io/name=transcoder -o name')
      ).text.trim();
      logs.set(namespace, kubectl(namespace, `logs -f ${pod}`));
      yaml.set(namespace, pod);
    },
    settle: 0,
    evidence: {
      'pod.yaml': async (namespace) => {
        await sleep(1);
        return (await kubectl(namespace, `get ${yaml.get(namespace)} -o yaml`)).text;
      },
      'transcoder.log': async (namespace) => (await logs.get(namespace)).text,
      'pods.txt': 'get pods',
    },
  }),
  preempted({
    id: 'pod-preempted-geo-batch-job-describe',
    app: 'geo-batch',
    log: 'describe-job.txt',
    form: 'kubectl-describe',
    split: 'held-out',
    proof: ['Preempted by pod'],
    hides: 'BackoffLimitExceeded',
    why: 'The only pod of the job was preempted by one of a higher priority; the job allows no second try and is marked as failed.',
    namespace: 'geo',
    device: 'fpga.example.com/card',
    classes: [
      ['geo-batch', 1],
      ['geo-interactive', 900],
    ],
    low: `
apiVersion: batch/v1
kind: Job
metadata: { name: geo-batch }
spec:
  backoffLimit: 0
  template:
    metadata: { labels: { app.kubernetes.io/name: geo-batch } }
    spec:
      priorityClassName: geo-batch
      restartPolicy: Never
      terminationGracePeriodSeconds: 3
      containers:
        - name: geo-batch
          image: geo/tiles:12.1
          imagePullPolicy: IfNotPresent
          command: ${JSON.stringify(trainer('geo-batch'))}
          resources: { limits: { fpga.example.com/card: 1 } }
`,
    high: holder('routing', 'geo/routing:3.3', 'fpga.example.com/card', 'geo-interactive', [
      'sleep',
      'infinity',
    ]),
    until: [['get jobs', /Failed/]],
    settle: 2,
    evidence: {
      'describe-job.txt': 'describe job geo-batch',
      'events.txt': 'get events',
      'pods.txt': 'get pods',
    },
  }),
  preempted({
    id: 'pod-preempted-renderer-celery-worker-log-events-json',
    app: 'renderer',
    log: 'renderer.log',
    form: 'application-log',
    split: 'tune',
    proof: ['Preempted by pod'],
    program: 'celery 5.2 in a pod, kubernetes 1.34',
    hides: 'Warm shutdown in the middle of a task, Pending of the next pod',
    why: 'The worker was asked to stop while it rendered; the events say that a pod of a higher priority took its card.',
    namespace: 'rendering',
    device: 'render.example.com/card',
    classes: [
      ['render-nightly', 20],
      ['render-live', 20000],
    ],
    low:
      deployment('render-queue', {
        image: 'render/queue:7.0',
        command: ['redis-server', '--bind', '0.0.0.0', '--protected-mode', 'no'],
      }) +
      service('render-queue', 6379) +
      deployment('renderer', {
        image: 'render/renderer:9.2',
        command: [
          'sh',
          '-c',
          'cd /srv/app; export RESULT_URL=$BROKER_URL; (sleep 9; REQUESTS=2 python3 resizing.py > /dev/null 2>&1) & exec celery -A resizing worker --loglevel info --concurrency 1',
        ],
        pod: 'priorityClassName: render-nightly',
        container: `env: [{ name: BROKER_URL, value: "redis://render-queue:6379/0" }, { name: TASK_SECONDS, value: "40" }]
resources: { limits: { render.example.com/card: 1 } }`,
      }),
    high: holder('live-scene', 'render/live-scene:1.0', 'render.example.com/card', 'render-live', [
      'sleep',
      'infinity',
    ]),
    meanwhile: async (namespace) => {
      const of = (pattern) =>
        kubectl(namespace, `logs deployment/renderer`).then(({ text }) => pattern.test(text));
      await until(() => of(/received/), { seconds: 60, what: 'a task' });
      const follow = 'logs -f deployment/renderer --prefix --timestamps';
      logs.set(namespace, kubectl(namespace, follow));
    },
    until: [['get events', /Preempted/]],
    evidence: {
      'renderer.log': async (namespace) => (await logs.get(namespace)).text,
      'events.json': 'get events -o json --field-selector reason!=Pulled',
      'pods.txt': 'get pods -o wide',
    },
  }),
];
const logs = new Map();
const yaml = new Map();

await recordAll(script, preemptions);
