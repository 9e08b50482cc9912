// network-policy-blocked, ingress-misconfigured and no-endpoints.
import { onDocker } from '../lib/docker.mjs';
import { deployment, kubectl, recordAll, service } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/traffic.mjs';
const orders = (name, image, port = 8080, more = {}) =>
  deployment(name, {
    image,
    command: ['node', '/srv/app/orders.js'],
    container: `env: [{ name: APP, value: ${name} }, { name: PORT, value: "${port}" }]`,
    ...more,
  });
const cart = (name, image, upstream, more = '') =>
  deployment(name, {
    image,
    command: ['node', '/srv/app/cart.mjs'],
    container: `env: [{ name: APP, value: ${name} }, { name: UPSTREAM_URL, value: "${upstream}" }, { name: UPSTREAM_PATH, value: /api/v1/ }]${more}`,
  });
const nginx = (name, image, upstream) =>
  `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data:
  nginx.conf: |
    daemon off; pid /tmp/nginx.pid; error_log /dev/stderr notice; worker_processes 1; events {}
    http {
      access_log /dev/stdout;
      server { listen 8080; location = /healthz { return 200 ok; } location / { proxy_connect_timeout 3s; proxy_pass ${upstream}; } }
    }
---
` +
  deployment(name, {
    image,
    command: ['nginx', '-c', '/etc/front/nginx.conf'],
    pod: `volumes: [{ name: conf, configMap: { name: ${name} } }]`,
    container: `volumeMounts: [{ name: conf, mountPath: /etc/front }]`,
  });
const ready = async (namespace) =>
  kubectl(namespace, 'wait --for=condition=Available deployment --all --timeout=90s');
const fetchThrough = async (namespace, name, paths) => {
  for (const path of paths)
    await kubectl(
      namespace,
      `exec deployment/${name} -- curl -s -o /dev/null http://127.0.0.1:8080/${path}`,
    );
};

// --- The node enforces no policies: the same packets that the policy forbids are dropped by hand.
const addressOf = async (namespace, name) =>
  (
    await kubectl(
      namespace,
      `get pod -l app.kubernetes.io/name=${name} -o jsonpath={.items[0].status.podIP}`,
    )
  ).text.trim();
const rules = new Map();
async function drop(namespace, ...rule) {
  rules.set(namespace, [...(rules.get(namespace) ?? []), rule]);
  const [chain, ...rest] = rule;
  await run('iptables', ['-I', chain, '1', ...rest, '-j', 'DROP']);
}
async function undrop(namespace) {
  for (const rule of rules.get(namespace) ?? [])
    await run('iptables', ['-D', ...rule, '-j', 'DROP']);
  rules.delete(namespace);
}

const policies = [
  {
    id: 'network-policy-blocked-wishlist-ingress-json',
    app: 'wishlist',
    log: 'wishlist.log',
    form: 'json-lines',
    split: 'tune',
    proof: ['app.kubernetes.io/name=storefront'],
    program: 'node 20, kubernetes 1.34',
    hides: 'timeouts, circuit breaker open, readiness',
    why: 'A policy that lets only storefront speak to product-api was applied; wishlist is not named in it, its connections are dropped and time out. The pods of product-api are healthy.',
    namespace: 'shop-live',
    manifests:
      orders('product-api', 'shop/product-api:6.1.0') +
      service('product-api', 8080) +
      cart('wishlist', 'shop/wishlist:2.0.4', 'http://product-api:8080'),
    then: async (namespace) => {
      await ready(namespace);
      await sleep(8);
      await kubectl(namespace, 'apply -f -', {
        input: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: product-api }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: product-api } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: storefront } } }], ports: [{ port: 8080 }] }]
`,
      });
      const [from, to] = [
        await addressOf(namespace, 'wishlist'),
        await addressOf(namespace, 'product-api'),
      ];
      await drop(namespace, 'FORWARD', '-s', from, '-d', to);
    },
    until: [['logs deployment/wishlist', /circuit breaker/]],
    settle: 12,
    evidence: {
      'wishlist.log': 'logs deployment/wishlist',
      'networkpolicy.txt': 'describe networkpolicy',
      'pods.txt': 'get pods --show-labels',
      'product-api.txt': 'describe service product-api',
    },
  },
  {
    id: 'network-policy-blocked-quotes-default-deny-egress-yaml',
    app: 'quotes',
    log: 'quotes.log',
    form: 'json-lines',
    split: 'tune',
    proof: ['name: default-deny-egress'],
    program: 'node 20, kubernetes 1.34',
    hides: 'timeouts, circuit breaker open',
    why: 'A policy for the whole namespace forbids every way out, that to the name server too; calls that worked time out from that second on.',
    namespace: 'insurance',
    manifests:
      orders('rates', 'insurance/rates:1.1.0') +
      service('rates', 8080) +
      cart('quotes', 'insurance/quotes:3.4.2', 'http://rates:8080'),
    then: async (namespace) => {
      await ready(namespace);
      await sleep(8);
      await kubectl(namespace, 'apply -f -', {
        input: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny-egress }
spec: { podSelector: {}, policyTypes: [Egress] }
`,
      });
      const from = await addressOf(namespace, 'quotes');
      await drop(namespace, 'FORWARD', '-s', from);
      await drop(namespace, 'INPUT', '-s', from);
      await kubectl(namespace, 'exec deployment/quotes -- true');
    },
    until: [['logs deployment/quotes', /"attempt":3/]],
    settle: 14,
    evidence: {
      'quotes.log': 'logs deployment/quotes',
      'networkpolicies.yaml': 'get networkpolicies -o yaml',
      'pods.txt': 'get pods -o wide',
    },
  },
  {
    id: 'network-policy-blocked-edge-nginx-namespace-label',
    app: 'edge',
    log: 'edge.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['NamespaceSelector: network-zone=dmz'],
    program: 'nginx 1.22, kubernetes 1.34',
    hides: 'upstream timed out, 504',
    why: 'The policy of the upstream admits namespaces with the label network-zone=dmz, and that of the front has none; nginx shows 110 and 504.',
    namespace: 'frontdoor',
    manifests:
      orders('portal', 'web/portal:4.4.0') +
      service('portal', 8080) +
      nginx('edge', 'edge/edge-proxy:1.22', 'http://portal:8080'),
    then: async (namespace) => {
      await ready(namespace);
      await fetchThrough(namespace, 'edge', ['healthz', 'api/home', 'api/cart']);
      await kubectl(namespace, 'apply -f -', {
        input: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-dmz-to-portal }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: portal } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ namespaceSelector: { matchLabels: { network-zone: dmz } } }] }]
`,
      });
      await drop(
        namespace,
        'FORWARD',
        '-s',
        await addressOf(namespace, 'edge'),
        '-d',
        await addressOf(namespace, 'portal'),
      );
      await fetchThrough(namespace, 'edge', ['api/home', 'healthz', 'api/cart', 'api/home']);
    },
    evidence: {
      'edge.log': 'logs deployment/edge',
      'networkpolicy.txt': 'describe networkpolicy',
      'namespace.txt': 'get namespace frontdoor --show-labels',
      'portal.log': 'logs deployment/portal',
      'pods.txt': 'get pods',
    },
  },
].map((scenario) => ({
  category: 'network-policy-blocked',
  provenance: 'staged',
  after: undrop,
  ...scenario,
}));

const ingress = (name, host, backend, port, more = '') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name} }
spec:
  ${more}
  rules: [{ host: ${host}, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${backend}, port: { ${port} } } } }] } }]
---
`;
const ingresses = [
  {
    id: 'ingress-misconfigured-storefront-service-renamed-describe',
    app: 'storefront',
    log: 'describe-ingress.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['services "storefront-web" not found'],
    program: 'kubernetes 1.34',
    hides: '503 at the caller, healthy pods',
    why: 'The ingress names the service storefront-web; the service is called storefront, and its pods are well.',
    namespace: 'store',
    manifests:
      orders('storefront', 'web/storefront:12.0.0') +
      service('storefront', 80, 8080) +
      ingress('storefront', 'shop.example.com', 'storefront-web', 'number: 80'),
    then: ready,
    evidence: {
      'describe-ingress.txt': 'describe ingress storefront',
      'services.txt': 'get svc,pods',
      'storefront.log': 'logs deployment/storefront',
    },
  },
  {
    id: 'ingress-misconfigured-booking-class-missing-yaml',
    app: 'booking',
    log: 'ingress.yaml',
    form: 'kubectl-yaml',
    split: 'tune',
    proof: ['ingressClassName: nginx-external'],
    program: 'kubernetes 1.34',
    hides: 'no address, timeouts at the caller',
    why: 'The ingress asks for the class nginx-external, the cluster has the class nginx-public only, so no controller serves it.',
    namespace: 'booking',
    manifests:
      `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx-public }
spec: { controller: k8s.io/ingress-nginx }
---
` +
      orders('booking', 'travel/booking:7.0.2') +
      service('booking', 80, 8080) +
      ingress(
        'booking',
        'booking.example.com',
        'booking',
        'number: 80',
        'ingressClassName: nginx-external',
      ),
    then: ready,
    settle: 15,
    evidence: {
      'ingress.yaml': 'get ingress booking -o yaml',
      'ingress.txt': 'get ingress,svc,pods',
      'classes.txt': 'get ingressclass',
    },
    after: async () => {
      await run('kubectl', ['delete', 'ingressclass', 'nginx-public', '--wait=false']);
    },
  },
].map((scenario) => ({ category: 'ingress-misconfigured', ...scenario }));

const endpoints = [
  {
    id: 'no-endpoints-basket-selector-describe',
    app: 'stock',
    log: 'basket.log',
    form: 'json-lines',
    split: 'tune',
    proof: ['Endpoints:                \n', 'ECONNREFUSED'],
    program: 'node 20, kubernetes 1.34',
    hides: 'ECONNREFUSED at the caller',
    why: 'The service stock selects app=stock-service, the pods are labelled stock: it has no endpoints, and its address refuses every connection though the pod runs.',
    namespace: 'basket',
    manifests:
      orders('stock', 'shop/stock:3.0.0') +
      `
apiVersion: v1
kind: Service
metadata: { name: stock }
spec: { selector: { app.kubernetes.io/name: stock-service }, ports: [{ port: 8080 }] }
---
` +
      cart('basket', 'shop/basket:1.2.0', 'http://stock:8080'),
    then: ready,
    until: [['logs deployment/basket', /circuit breaker/]],
    settle: 6,
    evidence: {
      'basket.log': 'logs deployment/basket',
      'describe-service.txt': 'describe service stock',
      'pods.txt': 'get pods --show-labels',
      'endpointslices.txt': 'get endpointslices',
    },
  },
  {
    id: 'no-endpoints-api-gateway-scaled-to-zero',
    app: 'pricing',
    log: 'api-gateway.log',
    form: 'application-log',
    split: 'tune',
    proof: ['deployment.apps/pricing       0/0'],
    program: 'nginx 1.22, kubernetes 1.34',
    hides: 'connect() failed (111: Connection refused), 502',
    why: 'The deployment behind the upstream was scaled to none; the service keeps its address and has no endpoints.',
    namespace: 'gateway-eu',
    manifests:
      orders('pricing', 'shop/pricing:4.0.2') +
      service('pricing', 8080) +
      nginx('api-gateway', 'edge/api-gateway:1.30.2', 'http://pricing:8080'),
    then: async (namespace) => {
      await ready(namespace);
      await fetchThrough(namespace, 'api-gateway', ['api/prices/1', 'healthz', 'api/prices/2']);
      await kubectl(namespace, 'scale deployment/pricing --replicas=0');
      await kubectl(
        namespace,
        'wait --for=delete pod -l app.kubernetes.io/name=pricing --timeout=30s',
      );
      await sleep(2);
      await fetchThrough(namespace, 'api-gateway', [
        'api/prices/1',
        'api/prices/7',
        'healthz',
        'api/prices/7',
      ]);
    },
    evidence: {
      'api-gateway.log': 'logs deployment/api-gateway',
      'all.txt': 'get deploy,svc,pods',
      'endpointslices.yaml': 'get endpointslices -l kubernetes.io/service-name=pricing -o yaml',
      'events.txt': 'get events',
    },
  },
].map((scenario) => ({ category: 'no-endpoints', ...scenario }));

const haproxy = (backends) => `global
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  timeout connect 3s
  timeout client 10s
  timeout server 10s
resolvers docker
  nameserver dns 127.0.0.11:53
  hold nx 1s
  hold obsolete 1s
frontend http-in
  bind *:8080
${backends}`;
const containers = [
  onDocker({
    id: 'ingress-misconfigured-edge-lb-haproxy-no-rule',
    category: 'ingress-misconfigured',
    app: 'edge-lb',
    log: 'edge-lb.log',
    form: 'docker-logs',
    split: 'held-out',
    proof: ['http-in/<NOSRV>'],
    program: 'haproxy 2.6 in docker 20.10',
    hides: '503 to the caller',
    why: 'No rule of the front takes the new path /v2, and there is no default backend: haproxy answers 503 itself (<NOSRV>, SC), the servers are up and serve /v1.',
    images: ['edge/edge-lb:2.6', 'shop/orders:2.9.2'],
    steps: async (docker) => {
      await docker('network create edge-lb-net');
      await docker(
        'run -d --name orders-1 --network edge-lb-net -e APP=orders -e PORT=8080 shop/orders:2.9.2 node /srv/app/orders.js',
      );
      const conf = haproxy(
        '  acl v1 path_beg /api/v1\n  use_backend orders if v1\nbackend orders\n  option httpchk GET /health\n  server orders-1 orders-1:8080 check inter 2s\n',
      );
      await sleep(1);
      await docker(
        `run -d --name edge-lb --network edge-lb-net edge/edge-lb:2.6 sh -c 'echo "${conf}" > /tmp/h.cfg; exec haproxy -f /tmp/h.cfg'`,
      );
      await sleep(3);
      for (const path of [
        'api/v1/orders',
        'api/v1/orders',
        'api/v2/orders',
        'api/v2/orders?limit=10',
        'api/v1/orders',
        'api/v2/orders',
      ])
        await docker(`exec edge-lb curl -s -o /dev/null http://127.0.0.1:8080/${path}`);
      return {
        'edge-lb.log': (await docker('logs edge-lb')).text,
        'haproxy.cfg.txt': (await docker('exec edge-lb cat /tmp/h.cfg')).text,
        'ps.txt': (await docker('ps --filter network=edge-lb-net')).text,
      };
    },
  }),
  onDocker({
    id: 'no-endpoints-lb-haproxy-discovery',
    category: 'no-endpoints',
    app: 'lb',
    log: 'lb.log',
    form: 'docker-logs',
    split: 'held-out',
    proof: ["backend 'recommendations' has no server available!"],
    program: 'haproxy 2.6 in docker 20.10',
    hides: '503 to the caller',
    why: 'The backend finds its servers by name; the last container of that name is gone, so the backend has none.',
    images: ['edge/lb:2.6', 'reco/recommendations:0.9.4'],
    steps: async (docker) => {
      await docker('network create lb-net');
      await docker(
        'run -d --name reco-1 --network lb-net --network-alias recommendations -e APP=recommendations -e PORT=8080 reco/recommendations:0.9.4 node /srv/app/orders.js',
      );
      const conf = haproxy(
        '  default_backend recommendations\nbackend recommendations\n  server-template reco 1-3 recommendations:8080 check inter 2s resolvers docker init-addr none\n',
      );
      await sleep(1);
      await docker(
        `run -d --name lb --network lb-net edge/lb:2.6 sh -c 'echo "${conf}" > /tmp/h.cfg; exec haproxy -f /tmp/h.cfg'`,
      );
      await sleep(5);
      const ask = () =>
        docker('exec lb curl -s -o /dev/null http://127.0.0.1:8080/api/recommendations/81');
      for (let i = 0; i < 4; i += 1) await ask();
      await docker('stop -t 2 reco-1');
      await docker('rm reco-1');
      await sleep(14);
      for (let i = 0; i < 3; i += 1) await ask();
      return {
        'lb.log': (await docker('logs lb')).text,
        'ps.txt': (await docker('ps -a --filter network=lb-net')).text,
      };
    },
  }),
];

await recordAll(script, [...policies, ...ingresses, ...endpoints, ...containers]);
