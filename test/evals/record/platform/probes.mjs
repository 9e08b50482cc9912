// liveness-failed and readiness-failed.
import { onDocker, untilPrints } from '../lib/docker.mjs';
import { deployment, kubectl, recordAll, service } from '../lib/kubernetes.mjs';
import { sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/probes.mjs';
const small = 'resources: { requests: { cpu: 10m, memory: 64Mi } }';

const liveness = [
  {
    id: 'liveness-failed-search-slow-start-progress',
    category: 'liveness-failed',
    app: 'search',
    log: 'search-previous.log',
    form: 'application-log',
    split: 'tune',
    proof: ['failed liveness probe, will be restarted', 'warming cache'],
    program: 'node 20 in a pod',
    hides: 'CrashLoopBackOff, connection refused',
    why: 'The start progresses steadily and needs about 70 s; the liveness probe gives it about 20 s, so it never gets there.',
    namespace: 'search-prod',
    manifests: deployment('search', {
      image: 'search/search-api:5.1.0',
      command: ['node', '/srv/app/slowStart.mjs'],
      container: `${small}\nenv: [{ name: START_SECONDS, value: "70" }]\nlivenessProbe: { httpGet: { path: /healthz, port: 8080 }, initialDelaySeconds: 5, periodSeconds: 5, failureThreshold: 3 }`,
    }),
    until: [['describe pod', /Restart Count:\s+[2-9]/]],
    evidence: {
      'search-previous.log': 'logs deployment/search --previous',
      'describe.txt': 'describe pod',
      'events.txt': 'get events',
    },
  },
  {
    id: 'liveness-failed-orders-other-port',
    category: 'liveness-failed',
    app: 'orders',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['Server listening on http://0.0.0.0:8081', 'connect: connection refused'],
    program: 'node 20 in a pod',
    hides: 'connection refused, Completed, CrashLoopBackOff',
    why: 'The program listens on 8081, the probe asks 8080; it shuts down cleanly each time (exit code 0).',
    namespace: 'orders-stage',
    manifests: deployment('orders', {
      image: 'shop/orders:2.9.1',
      command: ['node', '/srv/app/orders.js'],
      container: `${small}
ports: [{ name: http, containerPort: 8080 }]
env: [{ name: PORT, value: "8081" }]
livenessProbe: { httpGet: { path: /health, port: 8080 }, initialDelaySeconds: 3, periodSeconds: 3 }`,
    }),
    until: [['describe pod', /Restart Count:\s+[2-9]/]],
    evidence: {
      'describe.txt': 'describe pod',
      'orders-previous.log': 'logs deployment/orders --previous',
    },
  },
  {
    id: 'liveness-failed-catalog-other-path',
    category: 'liveness-failed',
    app: 'catalog',
    log: 'catalog.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['GET /healthz 404', 'HTTP probe failed with statuscode: 404'],
    program: 'node 20 in a pod',
    hides: 'Container failed liveness probe, restarts',
    why: 'The probe asks /healthz, the program serves /actuator/health: 404 at every probe while the API itself answers.',
    namespace: 'catalog-prod',
    manifests:
      deployment('catalog', {
        image: 'shop/catalog:8.0.0',
        command: ['node', '/srv/app/orders.js'],
        container: `${small}
env: [{ name: PORT, value: "8080" }, { name: APP, value: catalog }, { name: HEALTH_PATH, value: /actuator/health }]
livenessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 4, failureThreshold: 4 }`,
      }) + service('catalog', 8080),
    until: [
      ['describe pod', /Restart Count:\s+[1-9]/],
      ['get events', /statuscode: 404/],
    ],
    settle: 6,
    evidence: {
      'catalog.log': async (namespace) => {
        await kubectl(
          namespace,
          'exec deployment/catalog -- curl -s http://127.0.0.1:8080/api/catalog',
        );
        return (await kubectl(namespace, 'logs deployment/catalog')).text;
      },
      'events.txt': 'get events',
    },
  },
  {
    id: 'liveness-failed-sessions-stuck-timeout',
    category: 'liveness-failed',
    app: 'sessions',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['Liveness probe failed: Get'],
    program: 'python 3.11 in a pod',
    hides: 'Killing, exit code 137',
    why: "It answered its probes, then no more: its health check times out and the kubelet restarts it; 137 is the kubelet's kill, nothing here tells of memory.",
    namespace: 'sessions-prod',
    manifests: deployment('sessions', {
      image: 'shop/sessions:3.0.2',
      command: ['python3', '-u', '/srv/app/stuck.py'],
      container: `${small}\nlivenessProbe: { httpGet: { path: /ping, port: 8090 }, initialDelaySeconds: 2, periodSeconds: 3 }`,
    }),
    until: [
      ['describe pod', /Restart Count:\s+[1-9]/],
      ['get events', /Liveness probe failed.*deadline/],
    ],
    evidence: {
      'events.txt': 'get events',
      'sessions-previous.log': 'logs deployment/sessions --previous',
      'describe.txt': 'describe pod',
    },
  },
];

const readiness = [
  {
    id: 'readiness-failed-recommendations-warming-503',
    category: 'readiness-failed',
    app: 'recommendations',
    log: 'recommendations.log',
    form: 'application-log',
    split: 'tune',
    proof: ['HTTP probe failed with statuscode: 503', 'warming cache'],
    program: 'node 20 in a pod',
    hides: 'exceeded its progress deadline',
    why: 'The program answers 503 while it warms its cache, which is seen to progress; the deadline of the rollout is shorter.',
    namespace: 'reco',
    manifests: deployment('recommendations', {
      image: 'reco/recommendations:0.9.4',
      command: ['node', '/srv/app/slowStart.mjs'],
      strategy: 'progressDeadlineSeconds: 25',
      container: `${small}
env: [{ name: APP, value: recommendations }, { name: START_SECONDS, value: "240" }, { name: SERVE_EARLY, value: "1" }]
readinessProbe: { httpGet: { path: /readyz, port: 8080 }, periodSeconds: 4 }`,
    }),
    until: [
      ['get deployment recommendations -o yaml', /ProgressDeadlineExceeded/],
      ['get events', /statuscode: 503/],
    ],
    evidence: {
      'recommendations.log': 'logs deployment/recommendations',
      'events.txt': 'get events',
      'rollout.txt': 'rollout status deployment/recommendations --timeout=1s',
    },
  },
  {
    id: 'readiness-failed-user-service-other-port-events',
    category: 'readiness-failed',
    app: 'user-service',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['Readiness probe failed', 'Server listening on http://0.0.0.0:3000'],
    program: 'node 20 in a pod',
    hides: 'connection refused',
    why: 'The readiness probe asks port 8001, the program listens on 3000; it runs well and never becomes ready.',
    namespace: 'accounts-stage',
    manifests:
      deployment('user-service', {
        image: 'accounts/user-service:2.0.1',
        command: ['node', '/srv/app/orders.js'],
        replicas: 2,
        container: `${small}
env: [{ name: APP, value: users }]
readinessProbe: { tcpSocket: { port: 8001 }, periodSeconds: 3 }`,
      }) + service('user-service', 8001),
    until: [['get events', /Readiness probe failed/]],
    settle: 14,
    evidence: {
      'events.txt': 'get events',
      'user-service.log': 'logs deployment/user-service',
      'pods.txt': 'get pods,endpointslices',
    },
  },
  {
    id: 'readiness-failed-storefront-other-path-yaml',
    category: 'readiness-failed',
    app: 'storefront',
    log: 'pod.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['containers with unready status: [storefront]', 'GET /ready 404'],
    program: 'node 20 in a pod',
    hides: '503 Service Temporarily Unavailable at the ingress',
    why: 'The probe asks /ready, which the new release serves as /health; the pod runs without restarts and gets no traffic.',
    namespace: 'storefront',
    manifests:
      deployment('storefront', {
        image: 'web/storefront:12.0.0',
        command: ['node', '/srv/app/orders.js'],
        container: `${small}
env: [{ name: PORT, value: "8080" }, { name: APP, value: storefront }]
readinessProbe: { httpGet: { path: /ready, port: 8080 }, periodSeconds: 3 }`,
      }) + service('storefront', 8080),
    until: [['get events', /statuscode: 404/]],
    settle: 10,
    evidence: {
      'pod.yaml': 'get pods -o yaml',
      'storefront.log': 'logs deployment/storefront',
      'events.txt': 'get events --field-selector type=Warning',
    },
  },
  {
    id: 'readiness-failed-gateway-docker-health',
    category: 'readiness-failed',
    app: 'gateway',
    log: 'inspect.json',
    form: 'docker-logs',
    split: 'tune',
    proof: ['"Status": "unhealthy"', 'Server listening on http://0.0.0.0:3000'],
    program: 'node 20 in docker 20.10',
    hides: 'curl: Failed to connect',
    why: "Docker's health check asks port 8080, the program listens on 3000: the container runs and is unhealthy.",
    images: ['edge/gateway:2.2.0'],
    onDocker: async (docker) => {
      await docker(
        "run -d --name gateway --env APP=gateway --health-cmd 'curl -fsS http://127.0.0.1:8080/health' --health-interval 2s --health-retries 3 edge/gateway:2.2.0 node /srv/app/orders.js",
      );
      await untilPrints('inspect gateway', /"unhealthy"/, 40);
      await sleep(4);
      return {
        'inspect.json': (await docker('inspect gateway')).text,
        'gateway.log': (await docker('logs gateway')).text,
        'ps.txt': (await docker('ps --filter name=gateway')).text,
      };
    },
  },
];

const all = [...liveness, ...readiness].map(({ onDocker: steps, ...scenario }) =>
  steps ? onDocker({ ...scenario, steps }) : scenario,
);
await recordAll(script, all);
