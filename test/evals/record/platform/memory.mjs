// oom-killed and heap-exhausted.
import { onDocker, eventsOf, untilPrints } from '../lib/docker.mjs';
import { deployment, kubectl, recordAll, service } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/memory.mjs';
const resources = (request, limit, cpu = '100m') =>
  `resources: { requests: { cpu: ${cpu}, memory: ${request} }, limits: { memory: ${limit} } }`;

/** The kernel's own lines up to the last kill, as dmesg prints them. */
async function kernelLines(pattern, lines = 90) {
  const all = (await run('dmesg', ['-T'])).text.split('\n');
  const last = all.findLastIndex((line) => pattern.test(line));
  return `${all.slice(Math.max(0, last - lines + 1), last + 1).join('\n')}\n`;
}

const kubernetes = [
  {
    id: 'oom-killed-grafana-describe',
    category: 'oom-killed',
    app: 'grafana',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['Reason:       OOMKilled'],
    program: 'kubernetes 1.34, node 20 speaking Grafana log format',
    hides: 'CrashLoopBackOff',
    why: 'The container is killed at its own limit of 512Mi (last state OOMKilled); its log ends in the middle of ordinary queries and the events only tell of the back-off.',
    namespace: 'monitoring',
    manifests:
      deployment('grafana', {
        image: 'platform/grafana:10.4.2',
        command: ['node', '/srv/app/grafana.mjs'],
        container: `${resources('256Mi', '512Mi')}
ports: [{ name: http, containerPort: 3000 }]
readinessProbe: { httpGet: { path: /api/health, port: http }, periodSeconds: 5 }`,
      }) + service('grafana', 3000),
    until: [
      ['describe pod', /Restart Count:\s+[2-9]/],
      ['describe pod', /CrashLoopBackOff/],
    ],
    evidence: {
      'describe.txt': 'describe pod -l app.kubernetes.io/name=grafana',
      'grafana-previous.log': 'logs deployment/grafana --previous',
      'events.txt': 'get events --sort-by=.lastTimestamp',
    },
  },
  {
    id: 'oom-killed-search-indexer-java-kernel',
    category: 'oom-killed',
    app: 'search-indexer',
    log: 'search-indexer.log',
    form: 'journald',
    split: 'held-out',
    proof: ['Memory cgroup out of memory: Killed process'],
    program: 'openjdk 17, linux 6',
    hides: 'log that just ends',
    why: 'Direct buffers outgrow the container; only the kernel says so: the application log simply ends and no pod status is at hand.',
    namespace: 'search',
    manifests: deployment('search-indexer', {
      image: 'search/indexer:2.11.1',
      command: ['java', '-Xmx128m', '-XX:MaxDirectMemorySize=2g', '-cp', '/srv/app', 'Indexer'],
      container: resources('320Mi', '320Mi'),
    }),
    until: [['get pods', /OOMKilled|CrashLoop/]],
    settle: 0,
    evidence: {
      'search-indexer.log': 'logs deployment/search-indexer --previous',
      'kernel.log': () => kernelLines(/Killed process \d+ \(java\)/),
    },
  },
  {
    id: 'oom-killed-payments-api-java-yaml',
    category: 'oom-killed',
    app: 'payments-api',
    log: 'pod.yaml',
    form: 'kubectl-yaml',
    split: 'tune',
    proof: ['reason: OOMKilled'],
    program: 'kubernetes 1.34, openjdk 17',
    hides: 'CrashLoopBackOff',
    why: 'The Java heap may grow to 1g in a container of 256Mi; the waiting reason CrashLoopBackOff stands above the last state OOMKilled.',
    namespace: 'payments',
    manifests: deployment('payments-api', {
      image: 'payments/api:7.3.0',
      command: ['java', '-Xms64m', '-Xmx1g', '-cp', '/srv/app', 'Ledger'],
      container: `${resources('192Mi', '256Mi', '200m')}
env: [{ name: APP, value: payments }]
livenessProbe: { httpGet: { path: /actuator/health, port: 8080 }, initialDelaySeconds: 3, periodSeconds: 5 }`,
    }),
    until: [
      ['get pods', /[2-9] \(.*|CrashLoopBackOff/],
      ['get pods -o yaml', /reason: OOMKilled/],
    ],
    evidence: {
      'pod.yaml': async (namespace) =>
        (
          await kubectl(
            namespace,
            `get ${(await kubectl(namespace, 'get pods -o name')).text.trim()} -o yaml`,
          )
        ).text,
      'payments-api-previous.log': 'logs deployment/payments-api --previous',
    },
  },
  {
    id: 'oom-killed-thumbnailer-events-only-status',
    category: 'oom-killed',
    app: 'thumbnailer',
    log: 'pods.txt',
    form: 'events',
    split: 'tune',
    proof: ['OOMKilled'],
    program: 'kubernetes 1.34, python 3.11',
    hides: 'BackOff',
    why: 'The list of pods shows OOMKilled between two restarts; the events know only of Back-off.',
    namespace: 'media',
    manifests: deployment('thumbnailer', {
      image: 'media/thumbnailer:1.9.0',
      command: ['python3', '/srv/app/thumbnailer.py'],
      container: resources('64Mi', '96Mi'),
    }),
    until: [['get pods', /OOMKilled\s+[1-9]/]],
    settle: 0,
    evidence: {
      'pods.txt': 'get pods -o wide',
      'events.txt': 'get events',
      'thumbnailer.json.log': 'logs deployment/thumbnailer --previous',
    },
  },
  {
    id: 'heap-exhausted-report-worker-node-pod',
    category: 'heap-exhausted',
    app: 'report-worker',
    log: 'report-worker-previous.log',
    form: 'application-log',
    split: 'tune',
    proof: ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
    program: 'node 20 in a pod',
    hides: 'CrashLoopBackOff, exit code 134',
    why: "Node's own heap limit of 96 MB is reached; the container has 512Mi and was never killed by the kernel.",
    namespace: 'reports',
    manifests: deployment('report-worker', {
      image: 'reports/worker:1.22.4',
      command: ['node', '/srv/app/reportWorker.mjs'],
      container: `${resources('256Mi', '512Mi')}\nenv: [{ name: NODE_OPTIONS, value: --max-old-space-size=96 }]`,
    }),
    until: [
      ['describe pod', /Restart Count:\s+[2-9]/],
      ['describe pod', /CrashLoopBackOff/],
    ],
    evidence: {
      'report-worker-previous.log': 'logs deployment/report-worker --previous',
      'describe.txt': 'describe pod -l app.kubernetes.io/name=report-worker',
    },
  },
  {
    id: 'heap-exhausted-ledger-java-exit',
    category: 'heap-exhausted',
    app: 'ledger',
    log: 'ledger-previous.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['java.lang.OutOfMemoryError: Java heap space'],
    program: 'openjdk 17 in a pod',
    hides: 'CrashLoopBackOff, exit code 3',
    why: 'The heap of 48m is full and the JVM leaves (ExitOnOutOfMemoryError, exit code 3); the limit of the container is far away.',
    namespace: 'accounting',
    manifests: deployment('ledger', {
      image: 'accounting/ledger:5.0.2',
      command: ['java', '-Xmx48m', '-XX:+ExitOnOutOfMemoryError', '-cp', '/srv/app', 'Ledger'],
      container: resources('256Mi', '384Mi', '200m'),
    }),
    until: [
      ['describe pod', /Restart Count:\s+[2-9]/],
      ['describe pod', /CrashLoopBackOff/],
    ],
    evidence: {
      'ledger-previous.log': 'logs deployment/ledger --previous',
      'describe.txt': 'describe pod -l app.kubernetes.io/name=ledger',
      'events.txt': 'get events',
    },
  },
  {
    id: 'heap-exhausted-postings-java-unhealthy',
    category: 'heap-exhausted',
    app: 'postings',
    log: 'postings.log',
    form: 'application-log',
    split: 'tune',
    proof: ['java.lang.OutOfMemoryError: Java heap space'],
    program: 'openjdk 17 in a pod',
    hides: 'Liveness probe failed',
    why: 'The JVM survives its full heap but cannot answer health checks any more; the events shout Liveness probe failed, the cause is the heap of 40m.',
    namespace: 'accounting-eu',
    manifests: deployment('postings', {
      image: 'accounting/postings:5.1.0',
      command: ['java', '-Xmx40m', '-cp', '/srv/app', 'Ledger', 'survive'],
      container: `${resources('256Mi', '384Mi', '200m')}
env: [{ name: APP, value: postings }]
livenessProbe: { httpGet: { path: /actuator/health, port: 8080 }, initialDelaySeconds: 5, periodSeconds: 4, timeoutSeconds: 2, failureThreshold: 6 }`,
    }),
    until: [['get events', /Liveness probe failed/]],
    evidence: {
      'postings.log': 'logs deployment/postings',
      'events.txt': 'get events',
      'describe.txt': 'describe pod',
    },
  },
];

const containers = [
  onDocker({
    id: 'oom-killed-thumbnailer-docker-inspect',
    category: 'oom-killed',
    app: 'thumbnailer',
    log: 'thumbnailer.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['"OOMKilled": true'],
    program: 'docker 20.10, python 3.11',
    hides: 'exit code 137',
    why: 'The engine says OOMKilled in the state and an oom event; the log itself ends after a rendered picture.',
    images: ['media/thumbnailer:1.9.1'],
    steps: async (docker, since) => {
      await docker(
        'run -d --name thumbnailer --memory 128m --memory-swap 128m media/thumbnailer:1.9.1 python3 /srv/app/thumbnailer.py',
      );
      await untilPrints('inspect thumbnailer', /"OOMKilled": true[^]*|exited/);
      await untilPrints('inspect thumbnailer', /"Status": "exited"/);
      return {
        'thumbnailer.log': (await docker('logs thumbnailer')).text,
        'inspect.json': (await docker('inspect thumbnailer')).text,
        'events.txt': await eventsOf('thumbnailer', since),
      };
    },
  }),
  onDocker({
    id: 'oom-killed-blog-service-gunicorn-worker',
    category: 'oom-killed',
    app: 'blog-service',
    log: 'blog-service.log',
    form: 'docker-logs',
    split: 'held-out',
    proof: ['Memory cgroup out of memory: Killed process', 'container oom'],
    program: 'gunicorn 20.1 in docker 20.10',
    hides: 'Worker was terminated due to signal 9',
    why: 'Only a worker is killed for memory, the container goes on; the kernel line and the oom event name the memory limit of the container.',
    images: ['blog/blog-service:2.3.1'],
    steps: async (docker, since) => {
      await docker(
        'run -d --name blog-service --memory 96m --memory-swap 96m --env JWT_SECRET_KEY=x blog/blog-service:2.3.1 gunicorn --chdir /srv/app --workers 1 --timeout 60 --bind 0.0.0.0:8005 exporter:application',
      );
      await sleep(3);
      for (let year = 2019; year <= 2024; year += 1) {
        const line = `exec blog-service curl -sS -o /dev/null -w 'GET_/export/${year}_->_%{http_code}\\n' http://127.0.0.1:8005/export/${year}`;
        await docker(line);
      }
      await untilPrints('logs blog-service', /due to signal 9/, 60);
      await sleep(2);
      return {
        'blog-service.log': (await docker('logs blog-service')).text,
        'kernel.log': await kernelLines(/Killed process \d+ \(gunicorn\)/),
        'events.txt': (await eventsOf('blog-service', since))
          .split('\n')
          .filter((line) => !line.includes('exec_'))
          .join('\n'),
      };
    },
  }),
  onDocker({
    id: 'heap-exhausted-report-worker-docker-logs',
    category: 'heap-exhausted',
    app: 'report-worker',
    log: 'report-worker.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['JavaScript heap out of memory'],
    program: 'node 20 in docker 20.10',
    hides: 'exit code 134, OOMKilled false',
    why: 'The same worker without a container limit: docker inspect says OOMKilled false, the heap limit in its command is the cause.',
    images: ['reports/worker:1.22.3'],
    steps: async (docker) => {
      await docker(
        'run -d --name report-worker reports/worker:1.22.3 node --max-old-space-size=64 /srv/app/reportWorker.mjs',
      );
      await untilPrints('inspect report-worker', /"Status": "exited"/);
      return {
        'report-worker.log': (await docker('logs report-worker')).text,
        'inspect.json': (await docker('inspect report-worker')).text,
      };
    },
  }),
];

await recordAll(script, [...kubernetes, ...containers]);
