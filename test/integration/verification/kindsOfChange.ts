import { shopValues } from './chart';
import type { Kind } from './kinds';
import { registry } from './registry';
import { shellPod } from './shellPod';

/** As kinds.ts has them; each was brought about by the last commit, and the history knows better. */

const serve = 'echo "listening on port 8080"\nexec httpd -f -p 8080 -h /';

const variable = (name: string, value: string) => `env:\n  - name: ${name}\n    value: ${value}`;

const checksPort = `case "$SHOP_PORT" in
  *[!0-9]*) echo "FATAL: invalid configuration: SHOP_PORT must be a number, but is '$SHOP_PORT'"; exit 1;;
esac
sleep 3600`;

const needsRegion =
  '[ -n "$SHOP_REGION" ] || { echo "FATAL: required environment variable SHOP_REGION is not set"; exit 1; }\nsleep 3600';

/** Reads an object of the API as a leader election does, and shows what the API server answers. */
const readsLock = `cd /var/run/secrets/kubernetes.io/serviceaccount
export token=$(cat token)
export path=/api/v1/namespaces/$(cat namespace)/configmaps/shop-leader
nc kubernetes.default 443 -e sh -c 'exec 3<&0
  printf "GET $path HTTP/1.0\\r\\nAuthorization: Bearer $token\\r\\n\\r\\n" | ssl_client -s 3 > /tmp/answer'
tail -n 1 /tmp/answer
grep -q '"kind":"ConfigMap"' /tmp/answer || exit 1
sleep 3600`;

const lock = `apiVersion: v1
kind: ConfigMap
metadata:
  name: shop-leader
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: shop
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [configmaps]
    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: shop
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: shop
subjects:
  - kind: ServiceAccount
    name: shop
`;

/** Says every second whether the service answers. */
const caller = shellPod(
  'caller',
  'while true; do\n  wget -q -O - http://shop/ > /dev/null 2> /tmp/why && echo "shop answers" || cat /tmp/why\n  sleep 1\ndone',
);

const service = (label: string, port: string) => `ports:
  - name: http
    containerPort: 8080
service:
  port: 80
  targetPort: ${port}
  selector:
    app: ${label}`;

/** Before its pod is ready a service has no endpoints either. */
const runsUnreached = /shop-\S+ +1\/1 +Running[^]*Connection refused/;

const askedOfService = [
  ['describe', 'service', 'shop'],
  ['get', 'endpoints', 'shop'],
  ['logs', 'caller', '--tail', '5'],
];

const command = (program: string) =>
  `image:\n  repository: test/busybox\n  tag: "1"\ncommand:\n  - ${program}\n  - "3600"\n`;

export const kindsOfChange: readonly Kind[] = [
  {
    name: 'image',
    was: shopValues(serve, '', `${registry.name}:1.0`),
    values: shopValues(serve, '', `${registry.name}:1.1`),
    objects: registry.pod,
    broken: /ImagePullBackOff/,
    category: 'image-not-found',
    ends: 'recovered',
  },
  {
    name: 'program',
    was: command('sleep'),
    values: command('sleeep'),
    broken: /executable file not found/,
    category: 'bad-command',
    ends: 'recovered',
  },
  {
    name: 'config',
    was: shopValues(checksPort, variable('SHOP_PORT', '"8080"')),
    values: shopValues(checksPort, variable('SHOP_PORT', 'http-alt')),
    broken: /BackOff/,
    category: 'invalid-config',
    ends: 'recovered',
  },
  {
    name: 'region',
    was: shopValues(needsRegion, variable('SHOP_REGION', 'eu-central')),
    values: shopValues(needsRegion),
    broken: /BackOff/,
    category: 'missing-env',
    ends: 'recovered',
  },
  {
    name: 'request',
    was: shopValues(serve, 'resources:\n  requests:\n    cpu: 10m'),
    values: shopValues(serve, 'resources:\n  requests:\n    cpu: "64"'),
    broken: /Insufficient cpu/,
    category: 'unschedulable-resources',
    ends: 'recovered',
  },
  {
    name: 'account',
    was: shopValues(readsLock, 'serviceAccountName: shop'),
    values: shopValues(readsLock, 'serviceAccountName: default'),
    objects: lock,
    broken: /cannot get resource/,
    category: 'forbidden-rbac',
    ends: 'recovered',
  },
  {
    name: 'service-selector',
    was: shopValues(serve, service('shop', 'http')),
    values: shopValues(serve, service('store', 'http')),
    objects: caller,
    broken: runsUnreached,
    asked: askedOfService,
    category: 'no-endpoints',
    ends: 'recovered',
  },
  {
    name: 'service-port',
    was: shopValues(serve, service('shop', 'http')),
    values: shopValues(serve, service('shop', 'web')),
    objects: caller,
    broken: runsUnreached,
    asked: askedOfService,
    category: 'no-endpoints',
    ends: 'recovered',
  },
];
