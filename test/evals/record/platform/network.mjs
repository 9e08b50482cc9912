// dns-failure and connection-refused between services.
import { onDocker, untilPrints } from '../lib/docker.mjs';
import { deployment, kubectl, recordAll, service } from '../lib/kubernetes.mjs';
import { sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/network.mjs';
const small = 'resources: { requests: { cpu: 10m, memory: 64Mi } }';
const nginx = (server) =>
  `daemon off; pid /tmp/nginx.pid; error_log /dev/stderr notice; worker_processes 1; events {} http { access_log /dev/stdout; server { listen 8080; ${server} } }`;
const nginxConfig = (server) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: nginx-conf }
data: { nginx.conf: "${nginx(server)}" }
---
`;
const nginxDeployment = (name, container = '') =>
  deployment(name, {
    image: `edge/${name}:1.22`,
    command: ['nginx', '-c', '/etc/proxy/nginx.conf'],
    pod: 'volumes: [{ name: conf, configMap: { name: nginx-conf } }]',
    container: `${small}\nvolumeMounts: [{ name: conf, mountPath: /etc/proxy }]\n${container}`,
  });

const names = [
  {
    id: 'dns-failure-edge-proxy-nginx-upstream',
    category: 'dns-failure',
    app: 'edge-proxy',
    log: 'edge-proxy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['host not found in upstream "blog-servce.blog.svc.cluster.local"'],
    program: 'nginx 1.22 in a pod',
    hides: 'CrashLoopBackOff',
    why: 'nginx does not start because the name of its upstream (a typing error) does not resolve.',
    namespace: 'edge-stage',
    manifests:
      nginxConfig('location / { proxy_pass http://blog-servce.blog.svc.cluster.local:8005; }') +
      nginxDeployment(
        'edge-proxy',
        'livenessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 5 }',
      ),
    until: [
      ['describe pod', /Restart Count:\s+[2-9]/],
      ['describe pod', /CrashLoopBackOff/],
    ],
    evidence: {
      'edge-proxy.log': 'logs deployment/edge-proxy --previous',
      'events.txt': 'get events',
    },
  },
  {
    id: 'dns-failure-cart-node-enotfound-readiness',
    category: 'dns-failure',
    app: 'cart',
    log: 'cart.log',
    form: 'json-lines',
    split: 'tune',
    proof: ['getaddrinfo ENOTFOUND inventory.warehouse.svc.cluster.local'],
    program: 'node 20 in a pod',
    hides: 'Readiness probe failed: 503',
    why: 'The name of the other service does not exist (the namespace was renamed); the pod then reports itself not ready.',
    namespace: 'cart',
    manifests: deployment('cart', {
      image: 'shop/cart:1.15.0',
      command: ['node', '/srv/app/cart.mjs'],
      container: `${small}
env: [{ name: UPSTREAM_URL, value: 'http://inventory.warehouse.svc.cluster.local:8080' }]
readinessProbe: { httpGet: { path: /ready, port: 8080 }, periodSeconds: 3 }`,
    }),
    until: [['get events', /statuscode: 503/]],
    evidence: {
      'cart.log': 'logs deployment/cart',
      'describe.txt': 'describe pod',
      'services.txt': 'get services -n cart',
    },
  },
  {
    id: 'dns-failure-recommendations-python-traceback',
    category: 'dns-failure',
    app: 'recommendations',
    log: 'recommendations.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['[Errno -2] Name or service not known'],
    program: 'python 3.11 in a pod',
    hides: 'URLError traceback, CrashLoopBackOff',
    why: 'The pod uses a name server that does not answer (dnsConfig); no name resolves, also none of the cluster itself; the traceback comes last.',
    namespace: 'reco-stage',
    manifests: deployment('recommendations', {
      image: 'reco/recommendations:0.9.3',
      command: ['python3', '-u', '/srv/app/recommendations.py'],
      pod: 'dnsPolicy: None\ndnsConfig: { nameservers: [10.244.255.9], options: [{ name: timeout, value: "1" }, { name: attempts, value: "1" }] }',
      container: `${small}\nenv: [{ name: RETRIES, value: "3" }]`,
    }),
    until: [['describe pod', /CrashLoopBackOff/]],
    evidence: {
      'recommendations.log': 'logs deployment/recommendations --previous',
      'describe.txt': 'describe pod',
    },
  },
  {
    id: 'dns-failure-cart-docker-eai-again',
    category: 'dns-failure',
    app: 'cart',
    log: 'cart.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['getaddrinfo EAI_AGAIN inventory'],
    program: 'node 20 in docker 20.10',
    hides: 'fetch failed, circuit breaker open',
    why: 'The two containers are on different networks, so the name of the other one does not resolve, and the name server behind them is dead.',
    images: ['shop/cart:1.14.2', 'shop/inventory:3.3.0'],
    onDocker: async (docker) => {
      await docker('network create shop-front');
      await docker('network create shop-back');
      await docker(
        'run -d --name inventory --network shop-back --env PORT=8080 shop/inventory:3.3.0 node /srv/app/orders.js',
      );
      await docker(
        'run -d --name cart --network shop-front --dns 172.17.0.1 --dns-opt timeout:1 --dns-opt attempts:1 shop/cart:1.14.2 node /srv/app/cart.mjs',
      );
      await untilPrints('logs cart', /"attempt":4/, 60);
      return {
        'cart.log': (await docker('logs cart')).text,
        'ps.txt': (
          await docker("ps --format 'table {{.Names}}\t{{.Image}}\t{{.Status}}\t{{.Networks}}'")
        ).text,
      };
    },
  },
];

const refused = [
  {
    id: 'connection-refused-cart-inventory-target-port',
    category: 'connection-refused',
    app: 'cart',
    log: 'cart.log',
    form: 'json-lines',
    split: 'tune',
    proof: ['ECONNREFUSED'],
    program: 'node 20 in a pod',
    hides: 'fetch failed, Readiness probe failed: 503',
    why: 'The service inventory sends to a port on which its pod does not listen (8080 instead of 3000): the caller is refused.',
    namespace: 'cart-prod',
    manifests:
      deployment('inventory', {
        image: 'shop/inventory:3.3.0',
        command: ['node', '/srv/app/orders.js'],
        container: small,
      }) +
      service('inventory', 8080) +
      deployment('cart', {
        image: 'shop/cart:1.15.1',
        command: ['node', '/srv/app/cart.mjs'],
        container: `${small}\nreadinessProbe: { httpGet: { path: /ready, port: 8080 }, periodSeconds: 3 }`,
      }),
    until: [['get events', /statuscode: 503/]],
    evidence: {
      'cart.log': 'logs deployment/cart',
      'events.txt': 'get events',
      'services.txt': 'get services,endpointslices -o wide',
      'inventory.log': 'logs deployment/inventory',
    },
  },
  {
    id: 'connection-refused-web-nginx-502',
    category: 'connection-refused',
    app: 'web',
    log: 'web.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['connect() failed (111: Connection refused) while connecting to upstream'],
    program: 'nginx 1.22 in docker 20.10',
    hides: '502 Bad Gateway',
    why: 'The application behind the proxy was stopped and started on another port; nginx is refused and answers 502.',
    images: ['edge/web:1.22', 'shop/storefront:9.1'],
    onDocker: async (docker) => {
      await docker('network create web-net');
      await docker(
        'run -d --name storefront --network web-net --env PORT=8000 --env APP=storefront shop/storefront:9.1 sh -c "node /srv/app/orders.js & wait; PORT=8001 exec node /srv/app/orders.js"'.replaceAll(
          '"',
          "'",
        ),
      );
      await sleep(2);
      await docker(
        `run -d --name web --network web-net edge/web:1.22 sh -c 'echo "${nginx('location / { proxy_pass http://storefront:8000; }')}" > /tmp/n.conf; exec nginx -c /tmp/n.conf'`,
      );
      await sleep(2);
      const get = () =>
        docker('exec web curl -s -o /dev/null http://127.0.0.1:8080/api/storefront?page=1');
      for (let i = 0; i < 5; i += 1) await get();
      await docker("exec storefront sh -c 'kill $(pgrep -x node)'");
      await sleep(2);
      for (let i = 0; i < 5; i += 1) await get();
      return {
        'web.log': (await docker('logs web')).text,
        'storefront.log': (await docker('logs storefront')).text,
      };
    },
  },
  {
    id: 'connection-refused-recommendations-python-feature-store',
    category: 'connection-refused',
    app: 'recommendations',
    log: 'recommendations.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['[Errno 111] Connection refused'],
    program: 'python 3.11 in a pod',
    hides: 'urllib traceback, CrashLoopBackOff',
    why: 'The feature store does not listen on its port; the traceback of urllib and the restarts follow from it.',
    namespace: 'reco-prod',
    manifests:
      deployment('feature-store', {
        image: 'ml/feature-store:0.3',
        command: ['sleep', 'infinity'],
        container: small,
      }) +
      service('feature-store', 9000) +
      deployment('recommendations', {
        image: 'reco/recommendations:0.9.4',
        command: ['python3', '-u', '/srv/app/recommendations.py'],
        container: `${small}\nenv: [{ name: RETRIES, value: "3" }]`,
      }),
    until: [['get pods', /recommendations\S+\s+0\/1\s+CrashLoopBackOff/]],
    evidence: {
      'recommendations.log': 'logs deployment/recommendations --previous',
      'pods.txt': 'get pods',
      'services.txt': 'get services,endpointslices',
    },
  },
];

const all = [...names, ...refused].map(({ onDocker: steps, ...scenario }) =>
  steps ? onDocker({ ...scenario, steps }) : scenario,
);
await recordAll(script, all);
