import type { Category } from '../../../src/incident/category';
import { shopValues } from './chart';

/** A way in which an application really breaks on a cluster, and what the product makes of it. */
export interface Kind {
  name: string;
  values: string;
  /** What the values file held in the commit before. */
  was?: string;
  /** Applied to the namespace first. */
  objects?: string;
  /** What a person would paste shows this once it is broken. */
  broken: RegExp;
  /** What kubectl is asked for it, beside what it is asked for every kind. */
  asked?: readonly (readonly string[])[];
  category: Category;
  /**
   * `recovered`: the proposed values, committed and applied, cure it. `never-edited`: no values may
   * be changed for it, since they would only hide the fault or hand out a right.
   */
  ends?: 'recovered' | 'never-edited';
}

/** Values without a script of their own. */
function plainValues(tag: string, command: string): string {
  return `image:\n  repository: test/busybox\n  tag: "${tag}"\ncommand:\n  - ${command}\n`;
}

const noPods = `apiVersion: v1
kind: ResourceQuota
metadata:
  name: small
spec:
  hard:
    pods: "0"
`;

const unboundClaim = `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: nowhere
  resources:
    requests:
      storage: 1Gi
`;

const claimed = `volumes:
  - name: data
    persistentVolumeClaim:
      claimName: data
volumeMounts:
  - name: data
    mountPath: /data`;

const serve = `mkdir -p /tmp/www
echo ok > /tmp/www/index.html
echo "listening on port 8080"
exec httpd -f -p 8080 -h /tmp/www`;

const wrongPort = `readinessProbe:
  httpGet:
    path: /
    port: 9090
  periodSeconds: 2
  failureThreshold: 2`;

const impatient = `livenessProbe:
  tcpSocket:
    port: 8080
  periodSeconds: 1
  failureThreshold: 2`;

const climbs = `i=0
while true; do
  i=$((i + 1))
  data="$data$(head -c 1000000 /dev/zero | tr '\\0' x)"
  echo "memory used: $i MB"
  sleep 1
done`;

const limits = `resources:
  limits:
    memory: 24Mi`;

/** The one that is broken soonest. */
export const probePort: Kind = {
  name: 'probe-port',
  values: shopValues(serve, wrongPort),
  broken: /Readiness probe failed/,
  category: 'readiness-failed',
  ends: 'recovered',
};

export const kinds: readonly Kind[] = [
  probePort,
  {
    name: 'leak',
    values: shopValues(climbs, limits),
    broken: /Restart Count: +[1-9][^]*memory used: 5 MB/,
    category: 'oom-killed',
    ends: 'never-edited',
  },
  {
    name: 'stuck-start',
    values: shopValues('echo starting\nsleep 3600', impatient),
    broken: /Restart Count: +[2-9][^]*failed liveness probe, will be restarted/,
    category: 'liveness-failed',
    ends: 'never-edited',
  },
  {
    name: 'registry',
    values: plainValues('9.9.9', 'sh'),
    broken: /ImagePullBackOff|ErrImagePull/,
    // The cluster of the tests reaches no registry.
    category: 'image-registry-unreachable',
  },
  {
    name: 'command',
    values: plainValues('1', '/app/serve'),
    broken: /no such file or directory/,
    category: 'bad-command',
  },
  {
    name: 'config-map',
    values: shopValues('sleep 3600', 'envFrom:\n  - configMapRef:\n      name: shop-settings'),
    broken: /CreateContainerConfigError/,
    category: 'missing-config-ref',
  },
  {
    name: 'resources',
    values: shopValues('sleep 3600', 'resources:\n  requests:\n    cpu: "64"'),
    broken: /Insufficient cpu/,
    category: 'unschedulable-resources',
  },
  {
    name: 'selector',
    values: shopValues('sleep 3600', 'nodeSelector:\n  disk: nvme'),
    broken: /FailedScheduling/,
    category: 'unschedulable-constraints',
  },
  {
    name: 'claim',
    values: shopValues('sleep 3600', claimed),
    objects: unboundClaim,
    broken: /FailedScheduling/,
    category: 'volume-unbound',
  },
  {
    name: 'quota',
    values: shopValues('sleep 3600'),
    objects: noPods,
    broken: /exceeded quota/,
    category: 'quota-exceeded',
  },
  {
    name: 'variable',
    values: shopValues(
      '[ -n "$DATABASE_URL" ] || { echo "FATAL: required environment variable DATABASE_URL is not set"; exit 1; }',
    ),
    broken: /CrashLoopBackOff|BackOff/,
    category: 'missing-env',
  },
  {
    name: 'read-only',
    values: shopValues(
      'echo starting\necho x > /state.txt || exit 1\nsleep 3600',
      'securityContext:\n  readOnlyRootFilesystem: true',
    ),
    broken: /BackOff/,
    category: 'read-only-filesystem',
  },
  {
    name: 'permission',
    values: shopValues(
      'echo starting\necho x > /etc/state.txt || exit 1\nsleep 3600',
      'securityContext:\n  runAsUser: 65534',
    ),
    broken: /BackOff/,
    category: 'permission-denied',
    ends: 'never-edited',
  },
  {
    name: 'refused',
    values: shopValues('wget -O - http://127.0.0.1:5432/ || exit 1'),
    broken: /BackOff/,
    category: 'connection-refused',
  },
  {
    name: 'name',
    values: shopValues('nslookup orders.nowhere.svc || exit 1'),
    broken: /BackOff/,
    category: 'dns-failure',
  },
  // Kubernetes makes one dollar of two.
  {
    name: 'segfault',
    values: shopValues("echo starting\nsh -c 'kill -SEGV $$$$'\nexit $?"),
    broken: /BackOff/,
    category: 'segfault',
  },
];
