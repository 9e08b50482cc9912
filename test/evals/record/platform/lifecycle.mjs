// startup-failed, shutdown-timeout, exited-normally, job-deadline-exceeded and sandbox-failed.
import { docker as anyDocker, eventsOf, onDocker } from '../lib/docker.mjs';
import { deployment, kubectl, recordAll } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/lifecycle.mjs';

const startups = [
  {
    id: 'startup-failed-search-cache-warmup-describe',
    app: 'search',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['Container search failed startup probe, will be restarted'],
    program: 'node 20 in a pod, kubernetes 1.34',
    hides: 'CrashLoopBackOff or restarts, exit code 137 or 143',
    why: 'The service warms its cache for two minutes; the startup probe allows 12 s, then the container is killed and begins anew.',
    namespace: 'search-eu',
    manifests: deployment('search', {
      image: 'search/search-api:5.1.1',
      command: ['node', '/srv/app/slowStart.mjs'],
      container: `env: [{ name: START_SECONDS, value: "120" }]
startupProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 3, failureThreshold: 4 }
livenessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 5 }`,
    }),
    until: [['get pods', /\s2 \(/]],
    evidence: {
      'describe.txt': 'describe pod',
      'search-previous.log': 'logs deployment/search --previous',
      'pods.txt': 'get pods',
    },
  },
  {
    id: 'startup-failed-ledger-events',
    app: 'ledger',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['Startup probe failed'],
    program: 'python 3.11 in a pod, kubernetes 1.34',
    hides: 'Back-off restarting failed container',
    why: 'The startup probe looks for a marker file that the program writes at the end of its start, later than the probe waits.',
    namespace: 'ledger',
    manifests: deployment('ledger', {
      image: 'accounting/ledger:5.0.2',
      command: [
        'python3',
        '-u',
        '-c',
        'import time\nfor n in range(1, 90):\n  print(f"INFO ledger replaying journal segment {n}/90", flush=True); time.sleep(1)\nopen("/tmp/started","w")\ntime.sleep(9999)',
      ],
      container:
        'startupProbe: { exec: { command: [test, -e, /tmp/started] }, periodSeconds: 2, failureThreshold: 5 }',
    }),
    until: [['get pods', /[23] \(/]],
    evidence: {
      'events.txt': 'get events --sort-by=.lastTimestamp',
      'ledger.log': 'logs deployment/ledger --previous',
      'pods.txt': 'get pods',
    },
  },
].map((scenario) => ({ category: 'startup-failed', ...scenario }));

const jobs = [
  {
    id: 'job-deadline-exceeded-reindex-describe',
    app: 'reindex',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['Job was active longer than specified deadline'],
    program: 'python 3.11 in a job, kubernetes 1.34',
    hides: 'the pod is deleted, 0 succeeded',
    why: 'The reindex needs minutes, the job may run 20 s; the job controller stopped it while it made progress.',
    namespace: 'search-jobs',
    manifests: job(
      'reindex',
      'search/reindex:5.1.1',
      'activeDeadlineSeconds: 20',
      'for n in range(1, 400):\n  print(f"INFO reindex {n*250}/100000 documents, 0 failed", flush=True); time.sleep(1)',
    ),
    then: async (namespace) => {
      await kubectl(namespace, 'wait --for=condition=Ready pod --all --timeout=60s');
      await sleep(8);
      kept.set(namespace, (await kubectl(namespace, 'logs job/reindex')).text);
    },
    until: [['get jobs', /Failed/]],
    settle: 2,
    evidence: {
      'describe.txt': 'describe job reindex',
      'events.txt': 'get events',
      'reindex.log': async (namespace) => kept.get(namespace),
    },
  },
  {
    id: 'job-deadline-exceeded-invoice-run-pod-yaml',
    app: 'invoice-run',
    log: 'pods.yaml',
    form: 'kubectl-yaml',
    split: 'tune',
    proof: ['reason: DeadlineExceeded'],
    program: 'python 3.11 in a pod, kubernetes 1.34',
    hides: 'phase Failed, exit code 137 or 143',
    why: 'The pod may be active for 15 s; the kubelet stopped it then.',
    namespace: 'invoicing-eu',
    manifests: job(
      'invoice-run',
      'finance/invoice-run:2.2',
      'backoffLimit: 0',
      'for n in range(1, 400):\n  print(f"INFO invoice_run invoice {88000+n} written", flush=True); time.sleep(0.5)',
      'activeDeadlineSeconds: 15',
    ),
    until: [['get pods -o yaml', /DeadlineExceeded/]],
    settle: 8,
    evidence: {
      'pods.yaml': 'get pods -o yaml',
      'events.txt': 'get events',
      'jobs.txt': 'get jobs,pods',
    },
  },
].map((scenario) => ({ category: 'job-deadline-exceeded', ...scenario }));
function job(name, image, more, python, pod = '') {
  return `
apiVersion: batch/v1
kind: Job
metadata: { name: ${name} }
spec:
  ${more}
  template:
    metadata: { labels: { app.kubernetes.io/name: ${name} } }
    spec:
      ${pod}
      restartPolicy: Never
      terminationGracePeriodSeconds: 2
      containers:
        - name: ${name}
          image: ${image}
          imagePullPolicy: IfNotPresent
          command: [python3, -u, -c, ${JSON.stringify(`import time\n${python}`)}]
`;
}
const kept = new Map();

const exits = [
  {
    id: 'exited-normally-static-site-nginx-daemon-describe',
    app: 'static-site',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['Reason:       Completed', 'Exit Code:    0'],
    program: 'nginx 1.22 in a pod, kubernetes 1.34',
    hides: 'CrashLoopBackOff, Back-off restarting failed container',
    why: 'nginx goes into the background, so the main process of the container ends with 0 and everything in it goes; nothing failed.',
    namespace: 'sites',
    manifests: deployment('static-site', {
      image: 'web/static-site:1.22',
      command: ['nginx', '-g', 'error_log /dev/stderr notice;'],
    }),
    until: [['get pods', /CrashLoopBackOff/]],
    settle: 15,
    evidence: {
      'describe.txt': 'describe pod',
      'pods.txt': 'get pods',
    },
  },
  {
    id: 'exited-normally-mail-queue-drained-yaml',
    app: 'mail-queue',
    log: 'mail-queue.log',
    form: 'application-log',
    split: 'tune',
    proof: ['reason: Completed'],
    program: 'python 3.11 in a pod, kubernetes 1.34',
    hides: 'CrashLoopBackOff, BackOff',
    why: 'The worker empties its queue and leaves with 0, as a job does; as a deployment it is started again and again.',
    namespace: 'mailing',
    manifests: deployment('mail-queue', {
      image: 'mail/queue:3.1',
      command: [
        'python3',
        '-u',
        '-c',
        'import time\nprint("INFO mail_queue connected, 3 messages waiting")\nfor n in (1,2,3):\n  time.sleep(0.5); print(f"INFO mail_queue message {n} sent, status=250")\nprint("INFO mail_queue queue is empty, done (sent=3 failed=0)")',
      ],
    }),
    until: [['get pods', /CrashLoopBackOff/]],
    settle: 12,
    evidence: {
      'mail-queue.log': 'logs deployment/mail-queue',
      'pod.yaml': 'get pods -o yaml',
      'events.txt': 'get events',
    },
  },
].map((scenario) => ({ category: 'exited-normally', ...scenario }));

const stubborn = (app) =>
  `import signal, time\ndef term(*_): print("WARN ${app} SIGTERM received, draining 3 connections, waiting for them to end", flush=True)\nsignal.signal(signal.SIGTERM, term)\nprint("INFO ${app} listening on :8080", flush=True)\nn = 0\nwhile True:\n  n += 1; print(f"INFO ${app} upstream stream {n % 3} open, {n} s", flush=True)\n  end = time.time() + 1\n  while time.time() < end: time.sleep(0.1)`;
const stops = [
  {
    id: 'shutdown-timeout-stream-relay-drain',
    app: 'stream-relay',
    log: 'stream-relay.log',
    form: 'application-log',
    split: 'tune',
    proof: ['SIGTERM received, draining 3 connections', 'exitCode: 137'],
    program: 'python 3.11 in a pod, kubernetes 1.34',
    hides: 'exit code 137, which looks like memory',
    why: 'The pod was deleted; its program waits for connections that never end, past the grace period of 6 s, and is killed (137, not OOMKilled).',
    namespace: 'streams',
    manifests: `
apiVersion: v1
kind: Pod
metadata: { name: stream-relay-0, finalizers: [streams.example.com/hand-over], labels: { app.kubernetes.io/name: stream-relay } }
spec:
  terminationGracePeriodSeconds: 6
  containers:
    - name: stream-relay
      image: media/stream-relay:1.8
      imagePullPolicy: IfNotPresent
      command: [python3, -u, -c, ${JSON.stringify(stubborn('stream_relay'))}]
      resources: { limits: { memory: 256Mi } }
`,
    then: async (namespace) => {
      await kubectl(namespace, 'wait --for=condition=Ready pod --all --timeout=60s');
      await sleep(5);
      const log = kubectl(namespace, 'logs -f stream-relay-0');
      await kubectl(namespace, 'delete pod stream-relay-0 --wait=false');
      kept.set(namespace, (await log).text);
    },
    until: [['get pod stream-relay-0 -o yaml', /exitCode: 137/]],
    evidence: {
      'stream-relay.log': async (namespace) => kept.get(namespace),
      'pod.yaml': 'get pod stream-relay-0 -o yaml',
      'events.txt': 'get events',
    },
    after: async (namespace) => {
      await kubectl(
        namespace,
        'patch pod stream-relay-0 --type=merge -p {"metadata":{"finalizers":null}}',
      );
    },
  },
].map((scenario) => ({ category: 'shutdown-timeout', ...scenario }));

const sandboxes = [
  {
    id: 'sandbox-failed-render-farm-sysctl-events',
    app: 'render-farm',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['Failed to create pod sandbox'],
    program: 'kubernetes 1.34, containerd, runc',
    hides: 'ContainerCreating',
    why: 'The pod asks for a kernel setting whose value the kernel refuses, so runc cannot make the sandbox, and no container is even tried.',
    namespace: 'render',
    manifests: deployment('render-farm', {
      image: 'media/render-farm:6.2',
      command: ['sleep', 'infinity'],
      pod: 'securityContext: { sysctls: [{ name: net.ipv4.ip_local_port_range, value: "65000 1024" }] }',
    }),
    until: [['get events', /FailedCreatePodSandBox/]],
    settle: 20,
    evidence: { 'events.txt': 'get events', 'pods.txt': 'get pods -o wide' },
  },
  {
    id: 'sandbox-failed-untrusted-runner-runtime-describe',
    app: 'untrusted-runner',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['Failed to create pod sandbox', 'no runtime for "runsc" is configured'],
    program: 'kubernetes 1.34, containerd',
    hides: 'ContainerCreating',
    why: 'The runtime class of the pod maps to the handler runsc, which the container runtime of the node does not have.',
    namespace: 'runners',
    before: async () => {
      await run('kubectl', ['apply', '-f', '-'], {
        input:
          'apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: { name: gvisor }\nhandler: runsc\n',
      });
    },
    manifests: deployment('untrusted-runner', {
      image: 'ci/runner:2.311',
      command: ['sleep', 'infinity'],
      pod: 'runtimeClassName: gvisor',
    }),
    until: [['get events', /FailedCreatePodSandBox/]],
    settle: 14,
    evidence: { 'describe.txt': 'describe pod', 'pods.txt': 'get pods' },
    after: async () => {
      await run('kubectl', ['delete', 'runtimeclass', 'gvisor', '--wait=false']);
    },
  },
].map((scenario) => ({ category: 'sandbox-failed', ...scenario }));

const engineLog = async (since) =>
  (
    await run('sh', [
      '-c',
      `awk -v since="${since}" 'substr($1, 7, 19) >= since' "$RECORD_ENGINE_LOG"`,
    ])
  ).text;
const moment = () => new Date().toISOString().slice(0, 19);
const compose = (project, file, ...words) =>
  run('docker-compose', ['--ansi', 'never', '-p', project, '-f', '-', ...words], { input: file });

const containers = [
  {
    id: 'startup-failed-wiki-compose-unhealthy',
    category: 'startup-failed',
    app: 'wiki-db',
    log: 'deploy.log',
    form: 'docker-logs',
    split: 'held-out',
    proof: ['is unhealthy'],
    program: 'docker-compose 1.29, docker 20.10',
    hides: 'ERROR: Job failed: exit code 1, Encountered errors while bringing up the project',
    why: 'The database still replays its log when its health check has used up its tries, so compose gives up before wiki is started.',
    images: ['docs/wiki-db:15.4', 'docs/wiki:2.5.303'],
    steps: async () => {
      const file = `version: "2.4"
services:
  wiki-db:
    image: docs/wiki-db:15.4
    command: sh -c 'for n in 1 2 3 4 5 6 7 8 9; do echo "LOG  redo in progress, elapsed time $\${n}0 s, segment 00000001000000A$$n"; sleep 4; done; touch /tmp/ready; sleep 999'
    healthcheck: { test: [CMD, test, -e, /tmp/ready], interval: 1s, retries: 4, start_period: 2s }
  wiki:
    image: docs/wiki:2.5.303
    command: sleep infinity
    depends_on: { wiki-db: { condition: service_healthy } }
`;
      const up = await compose('wikisite', file, 'up', '-d');
      const logs = await compose('wikisite', file, 'logs', '--no-color');
      const ps = await compose('wikisite', file, 'ps');
      const health = await anyDocker(
        "inspect --format '{{json .State.Health}}' wikisite_wiki-db_1",
      );
      await compose('wikisite', file, 'down', '-t', '1');
      return {
        'deploy.log': `$ docker-compose -p wikisite up -d\n${up.text}ERROR: Job failed: exit code ${up.code}\n`,
        'logs.txt': logs.text,
        'ps.txt': ps.text,
        'health.json': health.text,
      };
    },
  },
  {
    id: 'exited-normally-cache-redis-daemonize-docker',
    category: 'exited-normally',
    app: 'cart-cache',
    log: 'events.txt',
    form: 'docker-logs',
    split: 'held-out',
    proof: ['exitCode=0'],
    program: 'redis 7.0 in docker 20.10',
    hides: 'the restart loop',
    why: 'Redis is told to go into the background, so the process that the container is made of ends with 0; the restart policy starts it again each time.',
    images: ['shop/redis:7.0.15'],
    steps: async (docker, since) => {
      await docker(
        "run -d --name cart-cache --restart always shop/redis:7.0.15 sh -c 'redis-server --version; exec redis-server --daemonize yes'",
      );
      await sleep(9);
      const state = (
        await docker(
          "inspect --format '{{json .State}} restarts={{.RestartCount}} policy={{json .HostConfig.RestartPolicy}}' cart-cache",
        )
      ).text;
      return {
        'events.txt': await eventsOf('cart-cache', since),
        'cart-cache.log': (await docker('logs cart-cache')).text,
        'state.txt': state,
        'ps.txt': (await docker('ps -a --filter name=cart-cache')).text,
      };
    },
  },
  {
    id: 'shutdown-timeout-chat-docker-engine-log',
    category: 'shutdown-timeout',
    app: 'chat',
    log: 'dockerd.log',
    form: 'application-log',
    split: 'tune',
    proof: ['Container failed to exit within 4s of signal 15 - using the force'],
    program: 'docker 20.10',
    hides: 'exit code 137',
    why: 'The container was stopped, did not leave within four seconds after SIGTERM, and the engine killed it.',
    images: ['social/chat:0.44'],
    steps: async (docker, since) => {
      const from = moment();
      await run('docker', [
        'run',
        '-d',
        '--name',
        'chat',
        'social/chat:0.44',
        'python3',
        '-u',
        '-c',
        stubborn('chat'),
      ]);
      await sleep(6);
      await docker('stop -t 4 chat');
      const result = {
        'dockerd.log': await engineLog(from),
        'chat.log': (await docker('logs chat')).text,
        'events.txt': await eventsOf('chat', since),
        'ps.txt': (await docker('ps -a --filter name=chat')).text,
      };
      await docker('rm -f chat');
      return result;
    },
  },
  {
    id: 'sandbox-failed-api-docker-iptables-chain',
    category: 'sandbox-failed',
    app: 'booking-api',
    log: 'deploy.log',
    form: 'application-log',
    split: 'held-out',
    proof: [
      'driver failed programming external connectivity on endpoint booking-api',
      'No chain/target/match by that name',
    ],
    program: 'docker 20.10',
    hides: 'ERROR: Job failed: exit code 125',
    why: 'The chain DOCKER of the nat table is gone (a firewall was reloaded), so the engine cannot publish the port and the container gets no network.',
    images: ['travel/booking-api:7.0.2'],
    steps: async (docker) => {
      const nat = (line) =>
        run('nsenter', ['-t', process.env.RECORD_ENGINE_PID, '-n', 'sh', '-c', line]);
      await docker('run -d --name booking-web travel/booking-api:7.0.2 node /srv/app/orders.js');
      await sleep(2);
      await nat(
        'iptables-save -t nat > /tmp/nat.saved; iptables -t nat -F DOCKER; iptables -t nat -D PREROUTING -m addrtype --dst-type LOCAL -j DOCKER; iptables -t nat -D OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER; iptables -t nat -X DOCKER',
      );
      const line =
        'run -d --name booking-api -p 8088:3000 travel/booking-api:7.0.2 node /srv/app/orders.js';
      const { code, text } = await docker(line);
      await nat('iptables-restore < /tmp/nat.saved; rm /tmp/nat.saved');
      return {
        'deploy.log': `[10:14:02] deploy booking-api 7.0.2\n$ docker ${line}\n${text}[10:14:04] ERROR: Job failed: exit code ${code}\n`,
        'ps.txt': (await docker('ps -a --filter name=booking')).text,
        'booking-web.log': (await docker('logs booking-web')).text,
      };
    },
  },
].map(onDocker);

await recordAll(script, [...startups, ...jobs, ...exits, ...stops, ...sandboxes, ...containers]);
