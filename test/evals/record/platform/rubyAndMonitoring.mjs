// Ruby, Prometheus and alertmanager in pods, in several categories.
import { deployment, kubectl, recordAll } from '../lib/kubernetes.mjs';
import { sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/rubyAndMonitoring.mjs';
const common = { split: 'held-out', hides: null, program: 'kubernetes 1.34' };
const ruby = (text) => ['ruby', '-e', `$stdout.sync = true\n${text}`];

const scenarios = [
  {
    id: 'readiness-failed-prometheus-route-prefix',
    category: 'readiness-failed',
    app: 'prometheus',
    log: 'events.txt',
    form: 'events',
    proof: ['Readiness probe failed: HTTP probe failed with statuscode: 404'],
    hides: 'Server is ready to receive web requests',
    program: 'prometheus 2.42 in a pod, kubernetes 1.34',
    why: 'The server runs under the prefix /metrics-ui since the change, and the probe still asks /-/ready.',
    namespace: 'rec-metrics',
    manifests: deployment('prometheus', {
      image: 'monitoring/prometheus:2.42.0',
      command: [
        'prometheus',
        '--config.file=/etc/prometheus/prometheus.yml',
        '--storage.tsdb.path=/tmp/data',
        '--web.route-prefix=/metrics-ui',
      ],
      container:
        'readinessProbe: { httpGet: { path: /-/ready, port: 9090 }, periodSeconds: 3, timeoutSeconds: 2 }',
    }),
    until: [['get events', /statuscode: 404/]],
    settle: 20,
    evidence: {
      'events.txt': 'get events',
      'prometheus.log': 'logs deployment/prometheus',
      'pods.txt': 'get pods',
    },
  },
  {
    id: 'liveness-failed-alertmanager-wrong-path-json',
    category: 'liveness-failed',
    app: 'alertmanager',
    log: 'describe.txt',
    form: 'kubectl-describe',
    proof: ['Liveness probe failed: HTTP probe failed with statuscode: 404'],
    hides: 'Received SIGTERM, exiting gracefully, restarts',
    program: 'alertmanager 0.25 in a pod, kubernetes 1.34',
    why: 'The program is well and says so; the probe asks a path that it does not have, and the kubelet restarts it again and again.',
    namespace: 'rec-alerts',
    manifests: deployment('alertmanager', {
      image: 'monitoring/alertmanager:0.25.0',
      command: [
        'prometheus-alertmanager',
        '--config.file=/etc/prometheus/alertmanager.yml',
        '--storage.path=/tmp/data',
        '--cluster.listen-address=',
      ],
      container:
        'livenessProbe: { httpGet: { path: /healthz, port: 9093 }, periodSeconds: 3, failureThreshold: 2, initialDelaySeconds: 3 }',
    }),
    until: [['get pods', /\s[2-9]\s.*ago/]],
    evidence: {
      'describe.txt': 'describe pod',
      'previous.log': 'logs deployment/alertmanager --previous',
    },
  },
  {
    id: 'liveness-failed-queue-admin-ruby-silent',
    category: 'liveness-failed',
    app: 'queue-admin',
    log: 'events.txt',
    form: 'events',
    proof: ['Liveness probe failed: Get'],
    hides: 'Stopping container, restarts',
    program: 'ruby 3.1 in a pod, kubernetes 1.34',
    why: 'After some seconds the program takes connections and answers none; the probe runs into its time and the kubelet restarts it. What it waits for is told nowhere.',
    namespace: 'rec-queue',
    manifests: deployment('queue-admin', {
      image: 'shop/queue-admin:0.8',
      command: ruby(
        'require "socket"; puts "queue-admin 0.8"; s = TCPServer.new(8080); b = Time.now; held = []; loop { c = s.accept; if Time.now - b > 8 then held << c else c.gets; c.write("HTTP/1.0 200 OK\r\n\r\nok"); c.close end }',
      ),
      container:
        'livenessProbe: { httpGet: { path: /up, port: 8080 }, periodSeconds: 3, failureThreshold: 2, timeoutSeconds: 1 }',
    }),
    until: [['get pods', /\s[2-9]\s.*ago/]],
    evidence: {
      'events.txt': 'get events',
      'previous.log': 'logs deployment/queue-admin --previous',
    },
  },
  {
    id: 'oom-killed-catalog-export-ruby-json',
    category: 'oom-killed',
    app: 'catalog-export',
    log: 'pods.json',
    form: 'kubectl-json',
    proof: ['"reason": "OOMKilled"'],
    hides: 'Back-off restarting failed container',
    program: 'ruby 3.1 in a pod, kubernetes 1.34',
    why: 'The last state of the container says OOMKilled with exit code 137 at a limit of 64Mi.',
    namespace: 'rec-export',
    manifests: deployment('catalog-export', {
      image: 'shop/catalog-export:1.9',
      command: ruby(
        'puts "export 1.9 started"; kept = []; 40.times { |n| kept << "row" * 1_500_000; puts "rows #{n * 5000}"; sleep 0.15 }',
      ),
      container: 'resources: { requests: { memory: 32Mi }, limits: { memory: 64Mi } }',
    }),
    until: [
      ['get pods -o json', /OOMKilled[\s\S]*CrashLoopBackOff|CrashLoopBackOff[\s\S]*OOMKilled/],
    ],
    evidence: {
      'pods.json': 'get pods -o json',
      'previous.log': 'logs deployment/catalog-export --previous',
    },
  },
  {
    id: 'crash-loop-price-feed-ruby-silent',
    category: 'crash-loop',
    app: 'price-feed',
    log: 'describe.txt',
    form: 'kubectl-describe',
    proof: ['Back-off restarting failed container', 'Exit Code:    4'],
    program: 'ruby 3.1 in a pod, kubernetes 1.34',
    hides: 'feed ready',
    why: 'It says that it is ready and ends with code 4 after two seconds, each time; nothing tells why.',
    namespace: 'rec-prices',
    manifests: deployment('price-feed', {
      image: 'shop/price-feed:3.3.0',
      command: ruby(
        'puts "price-feed 3.3.0"; puts "4 sources configured"; puts "feed ready"; sleep 2; exit 4',
      ),
    }),
    until: [
      ['get pods', /CrashLoopBackOff/],
      ['get pods', /\s[2-9]\s.*ago/],
    ],
    evidence: {
      'describe.txt': 'describe pod',
      'previous.log': 'logs deployment/price-feed --previous',
    },
  },
  {
    id: 'bad-command-label-printer-start-error-json',
    category: 'bad-command',
    app: 'label-printer',
    log: 'pods.json',
    form: 'kubectl-json',
    proof: ['stat /opt/printer/bin/serve: no such file or directory'],
    hides: 'RunContainerError, CrashLoopBackOff, exit code 128',
    why: 'The command names a file that the image does not have.',
    namespace: 'rec-printer',
    manifests: deployment('label-printer', {
      image: 'warehouse/label-printer:2.0',
      command: ['/opt/printer/bin/serve', '--port', '8080'],
    }),
    until: [['get pods -o yaml', /StartError/]],
    settle: 6,
    evidence: { 'pods.json': 'get pods -o json', 'pods.txt': 'get pods' },
  },
  {
    id: 'insufficient-evidence-loyalty-deployment-yaml',
    category: 'insufficient-evidence',
    app: 'loyalty',
    log: 'deployment.yaml',
    form: 'kubectl-yaml',
    proof: [],
    hides: 'MinimumReplicasUnavailable',
    why: 'The deployment has no available replica; what its pods met is neither in its status nor in the list of replica sets.',
    namespace: 'rec-loyalty',
    manifests: deployment('loyalty', {
      image: 'shop/loyalty:1.12',
      command: ruby('puts "loyalty up"; sleep 3; exit 1'),
      replicas: 2,
    }),
    until: [['get pods', /CrashLoopBackOff/]],
    evidence: {
      'deployment.yaml': 'get deployment loyalty -o yaml',
      'replicasets.txt': 'get replicasets -o wide',
    },
  },
  {
    id: 'no-incident-search-web-scaled-json',
    category: 'no-incident',
    app: null,
    log: 'events.txt',
    form: 'events',
    proof: [],
    hides: 'Killing, Stopping container, Scaled down to 0',
    program: 'ruby 3.1 in a pod, kubernetes 1.34',
    why: 'A rollout replaced the pods one after another and the deployment was scaled; every pod is ready.',
    namespace: 'rec-search',
    manifests: deployment('search-web', {
      image: 'search/web:4.4.1',
      command: ruby('puts "search-web up"; trap("TERM") { exit }; sleep'),
      replicas: 2,
      container: 'readinessProbe: { exec: { command: [cat, /etc/hostname] }, periodSeconds: 2 }',
    }),
    then: async (namespace) => {
      const done = 'rollout status deployment/search-web --timeout=60s';
      await kubectl(namespace, done);
      await kubectl(namespace, 'set env deployment/search-web INDEX=v7');
      await kubectl(namespace, done);
      await kubectl(namespace, 'scale deployment/search-web --replicas=3');
      await kubectl(namespace, done);
      await sleep(3);
    },
    until: [['get deployment', /3\/3/]],
    settle: 8,
    evidence: {
      'events.txt': 'get events',
      'pods.txt': 'get pods -o wide',
      'web.log': 'logs deployment/search-web',
    },
  },
].map((scenario) => ({ ...common, ...scenario }));

await recordAll(script, scenarios, { atOnce: 3 });
