// no-incident: things that work, also those whose words look alarming.
import { onDocker, eventsOf, untilPrints } from '../lib/docker.mjs';
import { deployment, kubectl, recordAll, service } from '../lib/kubernetes.mjs';
import { sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/healthy.mjs';
const small = 'resources: { requests: { cpu: 10m, memory: 64Mi }, limits: { memory: 256Mi } }';
const well = { category: 'no-incident', hides: null, proof: [] };
const orders = (app, port, more = '') => ({
  image: `shop/${app}:2.9.2`,
  command: ['node', '/srv/app/orders.js'],
  replicas: 2,
  container: `${small}
env: [{ name: APP, value: ${app} }, { name: PORT, value: "${port}" }]
livenessProbe: { httpGet: { path: /health, port: ${port} }, initialDelaySeconds: 3, periodSeconds: 5 }
readinessProbe: { httpGet: { path: /health, port: ${port} }, initialDelaySeconds: 2, periodSeconds: 3 }
${more}`,
});

const scenarios = [
  {
    ...well,
    id: 'no-incident-orders-healthy-describe',
    app: 'orders',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    program: 'node 20 in a pod',
    why: 'Running, ready, no restarts, ordinary events.',
    namespace: 'orders-eu',
    manifests: deployment('orders', orders('orders', 8080)) + service('orders', 8080),
    until: [['get pods', /1\/1[^]*1\/1/]],
    settle: 12,
    evidence: { 'describe.txt': 'describe pod', 'orders.log': 'logs deployment/orders' },
  },
  {
    ...well,
    id: 'no-incident-checkout-rolling-update-events',
    app: 'checkout',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    program: 'kubernetes 1.34',
    why: 'A rolling update: old pods are killed on purpose, a new one was not ready for a moment, all are ready now.',
    namespace: 'shop-eu',
    manifests: deployment('checkout', {
      ...orders('checkout', 8080),
      command: ['sh', '-c', 'sleep 3; exec node /srv/app/orders.js'],
    }),
    then: async (namespace) => {
      await kubectl(namespace, 'rollout status deployment/checkout --timeout=60s');
      await kubectl(namespace, 'set env deployment/checkout RELEASE=3.9.2');
      await kubectl(namespace, 'rollout status deployment/checkout --timeout=60s');
      await sleep(8);
    },
    evidence: {
      'events.txt': 'get events --sort-by=.lastTimestamp',
      'rollout.txt': 'rollout status deployment/checkout',
      'pods.txt': 'get pods',
    },
  },
  {
    ...well,
    id: 'no-incident-search-slow-start-recovered',
    app: 'search',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'held-out',
    program: 'node 20 in a pod',
    why: 'Some readiness probes failed during the start, as they should; the pod is ready since, without restart.',
    namespace: 'search-eu',
    manifests: deployment('search', {
      image: 'search/search-api:5.1.1',
      command: ['node', '/srv/app/slowStart.mjs'],
      container: `${small}\nenv: [{ name: START_SECONDS, value: "20" }]\nreadinessProbe: { httpGet: { path: /readyz, port: 8080 }, periodSeconds: 4 }`,
    }),
    until: [['get pods', /1\/1/]],
    settle: 20,
    evidence: { 'describe.txt': 'describe pod', 'search.log': 'logs deployment/search' },
  },
  {
    ...well,
    id: 'no-incident-cart-retry-succeeded-json',
    app: 'cart',
    log: 'cart.log',
    form: 'json-lines',
    split: 'tune',
    program: 'node 20 in a pod',
    why: 'Two calls failed while the other service was being replaced; every later call succeeded.',
    namespace: 'cart-live',
    manifests:
      deployment('inventory', {
        image: 'shop/inventory:3.3.2',
        command: ['sh', '-c', 'sleep 5; PORT=8080 exec node /srv/app/orders.js'],
        container: small,
      }) +
      service('inventory', 8080) +
      deployment('cart', {
        image: 'shop/cart:1.15.3',
        command: ['node', '/srv/app/cart.mjs'],
        container: `${small}\nenv: [{ name: UPSTREAM_PATH, value: /api/orders/ }]`,
      }),
    until: [['logs deployment/cart', /(stock read[^]*){12}/]],
    evidence: { 'cart.log': 'logs deployment/cart', 'pods.txt': 'get pods' },
  },
  {
    ...well,
    id: 'no-incident-prometheus-start-log',
    app: 'prometheus',
    log: 'prometheus.log',
    form: 'application-log',
    split: 'tune',
    program: 'prometheus 2.42 in a pod',
    why: 'An ordinary start, with err=null and "Replaying WAL, this may take a while".',
    namespace: 'monitoring-live',
    manifests:
      `
apiVersion: v1
kind: ConfigMap
metadata: { name: prometheus }
data: { prometheus.yml: "global: { scrape_interval: 5s }\\nscrape_configs: [{ job_name: self, static_configs: [{ targets: ['localhost:9090'] }] }]\\n" }
---
` +
      deployment('prometheus', {
        image: 'monitoring/prometheus:2.42.0',
        command: [
          'prometheus',
          '--config.file=/etc/prom/prometheus.yml',
          '--storage.tsdb.path=/tmp/prometheus',
        ],
        pod: 'volumes: [{ name: config, configMap: { name: prometheus } }]',
        container: `${small}\nvolumeMounts: [{ name: config, mountPath: /etc/prom }]`,
      }),
    until: [['logs deployment/prometheus', /ready to receive/]],
    settle: 10,
    evidence: { 'prometheus.log': 'logs deployment/prometheus', 'pods.txt': 'get pods' },
  },
  {
    ...well,
    id: 'no-incident-user-service-yaml',
    app: 'user-service',
    log: 'pod.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    program: 'kubernetes 1.34',
    why: 'All conditions are True, restartCount is 0.',
    namespace: 'accounts-eu',
    manifests: deployment('user-service', orders('user-service', 8001)),
    until: [['get pods', /1\/1[^]*1\/1/]],
    settle: 3,
    evidence: {
      'pod.yaml': 'get pods -o yaml',
      'user-service.log': 'logs deployment/user-service',
    },
  },
  {
    ...well,
    id: 'no-incident-nightly-report-job-completed',
    app: 'nightly-report',
    log: 'nightly-report.log',
    form: 'application-log',
    split: 'tune',
    program: 'python 3.11 in a Job',
    why: 'The job did its work and completed; its log counts zero errors and names a retry that worked.',
    namespace: 'reports-live',
    manifests: `
apiVersion: batch/v1
kind: Job
metadata: { name: nightly-report-29389320 }
spec:
  template:
    metadata: { labels: { app.kubernetes.io/name: nightly-report } }
    spec:
      restartPolicy: Never
      containers:
        - name: nightly-report
          image: reports/nightly:3.3
          imagePullPolicy: IfNotPresent
          command: [python3, -u, /srv/app/nightlyReport.py]
`,
    until: [['get jobs', /Complete/]],
    evidence: {
      'nightly-report.log': 'logs -l app.kubernetes.io/name=nightly-report --tail=-1',
      'describe.txt': 'describe job',
      'events.txt': 'get events',
    },
  },
  {
    ...well,
    id: 'no-incident-scaled-down-killing-events',
    app: 'catalog',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    program: 'kubernetes 1.34',
    why: 'Pods were stopped because the deployment was scaled down from four to two.',
    namespace: 'catalog-eu',
    manifests: deployment('catalog', { ...orders('catalog', 8080), replicas: 4 }),
    then: async (namespace) => {
      await kubectl(namespace, 'rollout status deployment/catalog --timeout=60s');
      await kubectl(namespace, 'scale deployment/catalog --replicas=2');
      await sleep(9);
    },
    evidence: {
      'events.txt': 'get events',
      'deployment.txt': 'describe deployment catalog',
      'pods.txt': 'get pods',
    },
  },
  {
    ...well,
    id: 'no-incident-session-cache-redis-docker',
    app: 'session-cache',
    log: 'session-cache.log',
    form: 'docker-logs',
    split: 'held-out',
    program: 'redis 7.0 in docker 20.10',
    why: 'Redis warns about the kernel settings of the host, saves its data without error and serves.',
    images: ['shop/redis:7.0.15'],
    onDocker: async (docker) => {
      await docker(
        "run -d --name session-cache --health-cmd 'redis-cli ping' --health-interval 2s shop/redis:7.0.15 redis-server --save '3 1' --dir /tmp",
      );
      await sleep(2);
      await docker('exec session-cache redis-cli set session:1 x');
      await untilPrints('logs session-cache', /terminated with success/, 30);
      await untilPrints('inspect session-cache', /"healthy"/, 30);
      return {
        'session-cache.log': (await docker('logs session-cache')).text,
        'inspect.json': (await docker('inspect session-cache')).text,
      };
    },
  },
  {
    ...well,
    id: 'no-incident-frontend-nginx-stopped-by-hand',
    app: 'frontend',
    log: 'frontend.log',
    form: 'docker-logs',
    split: 'tune',
    program: 'nginx 1.22 in docker 20.10',
    why: 'nginx served (a 404 for a missing icon is ordinary) and was stopped by hand: exit code 0.',
    images: ['web/frontend:1.23'],
    onDocker: async (docker, since) => {
      const conf =
        'daemon off; pid /tmp/nginx.pid; error_log /dev/stderr notice; worker_processes 2; events {} http { access_log /dev/stdout; server { listen 8080; root /srv/app; } }';
      await docker(
        `run -d --name frontend --stop-signal SIGQUIT web/frontend:1.23 sh -c 'echo "${conf}" > /tmp/n.conf; exec nginx -c /tmp/n.conf'`,
      );
      await sleep(2);
      for (const path of ['mailer.sh', 'blog.py', 'favicon.ico', 'cart.mjs'])
        await docker(`exec frontend curl -s -o /dev/null http://127.0.0.1:8080/${path}`);
      await docker('stop frontend');
      return {
        'frontend.log': (await docker('logs frontend')).text,
        'events.txt': (await eventsOf('frontend', since))
          .split('\n')
          .filter((line) => !line.includes('exec_'))
          .join('\n'),
      };
    },
  },
];

const all = scenarios.map(({ onDocker: steps, ...scenario }) =>
  steps ? onDocker({ ...scenario, steps }) : scenario,
);
await recordAll(script, all);
