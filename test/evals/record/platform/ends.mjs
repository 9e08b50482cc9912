// How containers end and begin: exited-normally, segfault, stack-overflow, fd-exhausted,
// invalid-config, regression-after-deploy.
import { deployment, kubectl, nameImages, recordAll } from '../lib/kubernetes.mjs';

const script = 'test/evals/record/platform/ends.mjs';
const crashed = [
  ['describe pod', /Restart Count:\s+[2-9]/],
  ['describe pod', /CrashLoopBackOff/],
];
const small = 'resources: { requests: { cpu: 10m, memory: 48Mi }, limits: { memory: 256Mi } }';

/** What the first release logged, read before the second one replaced it. */
let before = '';

const storefront = (version, broken) =>
  deployment('storefront', {
    image: `shop/storefront:${version}`,
    command: [
      'node',
      '-e',
      `const http = require('node:http');
const answer = (path) => (path === '/cart' && ${broken} ? 500 : 200);
http.createServer((req, res) => {
  res.writeHead(answer(req.url)).end();
  if (req.url !== '/healthz') console.log(new Date().toISOString() + ' storefront ${version} GET ' + req.url + ' ' + answer(req.url));
}).listen(8080, () => console.log(new Date().toISOString() + ' storefront ${version} listening on 8080'));
const paths = ['/', '/cart', '/products/7', '/cart'];
let n = 0;
setInterval(() => http.get({ port: 8080, path: paths[n++ % 4] }, (res) => res.resume()), 900);`,
    ],
    container: `${small}\nreadinessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 2 }`,
  });

const ends = [
  {
    id: 'exited-normally-queue-bridge-completed-describe',
    category: 'exited-normally',
    app: 'queue-bridge',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['Reason:       Completed'],
    program: 'python 3.11 in a pod, kubernetes 1.34',
    hides: 'CrashLoopBackOff, Back-off restarting failed container',
    why: 'Every run of the container ends by itself with exit code 0: it has nothing that keeps it alive, and a Deployment restarts it for ever.',
    namespace: 'messaging',
    manifests: deployment('queue-bridge', {
      image: 'messaging/queue-bridge:1.6.0',
      command: [
        'python3',
        '-u',
        '-c',
        "import time\nprint('queue-bridge 1.6.0: BRIDGES is empty, 0 bridges')\ntime.sleep(1)\nprint('queue-bridge: done')",
      ],
      container: small,
    }),
    until: crashed,
    evidence: {
      'describe.txt': 'describe pod',
      'queue-bridge.log': 'logs deployment/queue-bridge --previous',
    },
  },
  {
    id: 'exited-normally-feed-loader-shell-yaml',
    category: 'exited-normally',
    app: 'feed-loader',
    log: 'pod.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['exitCode: 0', 'reason: Completed'],
    program: 'a shell entrypoint in a pod, kubernetes 1.34',
    hides: 'CrashLoopBackOff',
    why: 'The entrypoint starts its program in the background and comes to its end: status 0 each time.',
    namespace: 'feeds',
    manifests: deployment('feed-loader', {
      image: 'feeds/feed-loader:0.12',
      command: ['sh', '-c', 'sleep 600 & echo "feed-loader started, pid $!"'],
      container: small,
    }),
    until: crashed,
    evidence: { 'pod.yaml': 'get pod -o yaml', 'events.txt': 'get events' },
  },
  {
    id: 'segfault-face-crop-exit-139-describe',
    category: 'segfault',
    app: 'face-crop',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['Exit Code:    139'],
    program: 'python 3.11 with native code in a pod, kubernetes 1.34',
    hides: 'CrashLoopBackOff; the log ends after a healthy line',
    why: 'Exit code 139 is the signal SIGSEGV (128 + 11): native code read memory that is not its own.',
    namespace: 'media-prod',
    manifests: deployment('face-crop', {
      image: 'media/face-crop:2.0.5',
      command: [
        'python3',
        '-u',
        '-c',
        "import ctypes, time\nprint('face-crop 2.0.5: model loaded')\nfor n in (1, 2, 3):\n    print(f'picture {n} cropped')\n    time.sleep(0.5)\nctypes.string_at(64)",
      ],
      container: small,
    }),
    until: crashed,
    evidence: {
      'describe.txt': 'describe pod',
      'face-crop.log': 'logs deployment/face-crop --previous',
    },
  },
  {
    id: 'stack-overflow-catalog-tree-node-pod',
    category: 'stack-overflow',
    app: 'catalog-tree',
    log: 'catalog-tree-previous.log',
    form: 'application-log',
    split: 'tune',
    proof: ['RangeError: Maximum call stack size exceeded'],
    program: 'node 20 in a pod, kubernetes 1.34',
    hides: 'CrashLoopBackOff, exit code 1',
    why: 'A category that is its own ancestor: the walk through the tree never ends and the stack is used up.',
    namespace: 'catalog-prod',
    manifests: deployment('catalog-tree', {
      image: 'catalog/tree:3.2.0',
      command: [
        'node',
        '-e',
        `const parent = { 5: 4, 4: 1, 9: 8, 8: 9 };
const path = (id) => (parent[id] ? path(parent[id]) + '/' + id : String(id));
console.log('catalog-tree 3.2.0: 3 categories to index');
for (const id of [5, 4, 9]) console.log('indexed ' + path(id));`,
      ],
      container: small,
    }),
    until: crashed,
    evidence: {
      'catalog-tree-previous.log': 'logs deployment/catalog-tree --previous',
      'describe.txt': 'describe pod',
    },
  },
  {
    id: 'fd-exhausted-session-hub-python-pod',
    category: 'fd-exhausted',
    app: 'session-hub',
    log: 'session-hub-previous.log',
    form: 'application-log',
    split: 'tune',
    proof: ['OSError: [Errno 24] Too many open files'],
    program: 'python 3.11 in a pod, kubernetes 1.34',
    hides: 'CrashLoopBackOff, an exception nobody caught',
    why: 'A file for each session is opened and kept; at the limit of the process opening fails and it ends.',
    namespace: 'sessions-prod',
    manifests: deployment('session-hub', {
      image: 'sessions/hub:5.5.1',
      command: [
        'sh',
        '-c',
        `ulimit -n 48; exec python3 -u -c "
import tempfile
print('session-hub 5.5.1 started')
kept = []
for n in range(1, 100):
    kept.append(tempfile.TemporaryFile())
    if n % 10 == 0: print(f'{n} sessions open')"`,
      ],
      container: small,
    }),
    until: crashed,
    evidence: {
      'session-hub-previous.log': 'logs deployment/session-hub --previous',
      'describe.txt': 'describe pod',
    },
  },
  {
    id: 'invalid-config-web-edge-nginx-configmap',
    category: 'invalid-config',
    app: 'web-edge',
    log: 'web-edge-previous.log',
    form: 'application-log',
    split: 'tune',
    proof: ['[emerg]', 'unexpected end of file, expecting "}"'],
    program: 'nginx 1.22 in a pod, kubernetes 1.34',
    hides: 'CrashLoopBackOff, Back-off restarting failed container',
    why: 'The ConfigMap with the configuration lacks a closing brace, nginx does not start with it.',
    namespace: 'edge-prod',
    manifests: `
apiVersion: v1
kind: ConfigMap
metadata: { name: web-edge }
data: { nginx.conf: "daemon off;\\npid /tmp/nginx.pid;\\nerror_log stderr;\\nevents {}\\nhttp {\\n  server {\\n    listen 8080;\\n    location / { return 200; }\\n}\\n" }
---
${deployment('web-edge', {
  image: 'edge/web-edge:1.22',
  command: ['nginx', '-c', '/etc/web-edge/nginx.conf'],
  pod: 'volumes: [{ name: conf, configMap: { name: web-edge } }]',
  container: `${small}\nvolumeMounts: [{ name: conf, mountPath: /etc/web-edge }]`,
})}`,
    until: crashed,
    evidence: {
      'web-edge-previous.log': 'logs deployment/web-edge --previous',
      'describe.txt': 'describe pod',
      'configmap.yaml': 'get configmap web-edge -o yaml',
    },
  },
  {
    id: 'regression-after-deploy-storefront-rollout',
    category: 'regression-after-deploy',
    app: 'storefront',
    log: 'storefront.log',
    form: 'application-log',
    split: 'tune',
    proof: ['storefront 2.15.0 GET /cart 500', 'shop/storefront:2.15.0'],
    program: 'node 20 in a pod, kubernetes 1.34',
    hides: 'the rollout is complete and all pods are ready',
    why: 'Revision 1 answered every cart, revision 2 answers each with 500 from its first second; nothing else changed and no inner cause is logged.',
    namespace: 'shop-prod',
    manifests: storefront('2.14.3', false),
    until: [],
    evidence: {
      'storefront.log': 'logs deployment/storefront --tail=60',
      'before.log': async () => before,
      'events.txt': 'get events',
      'history.txt': 'rollout history deployment/storefront',
      'replicasets.txt': 'get replicasets -o wide',
    },
    then: async (namespace) => {
      await kubectl(namespace, 'rollout status deployment/storefront --timeout=120s');
      await new Promise((done) => setTimeout(done, 9000));
      before = (await kubectl(namespace, 'logs deployment/storefront')).text;
      const input = storefront('2.15.0', true);
      await nameImages(input);
      await kubectl(namespace, 'apply -f -', { input });
      await kubectl(namespace, 'rollout status deployment/storefront --timeout=120s');
      await new Promise((done) => setTimeout(done, 15000));
    },
  },
];

await recordAll(script, ends, { atOnce: 7 });
