// disk-full and volume-unbound.
import { onDocker, untilPrints } from '../lib/docker.mjs';
import { deployment, kubectl, recordAll } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/storage.mjs';
const smallVolume = (name, size) =>
  `volumes: [{ name: ${name}, emptyDir: { medium: Memory, sizeLimit: ${size} } }]`;

const statefulSet = (name, image, claim) => `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name}, labels: { app.kubernetes.io/name: ${name}, app.kubernetes.io/managed-by: Helm } }
spec:
  serviceName: ${name}
  replicas: 1
  selector: { matchLabels: { app.kubernetes.io/name: ${name} } }
  template:
    metadata: { labels: { app.kubernetes.io/name: ${name} } }
    spec:
      containers:
        - name: ${name}
          image: ${image}
          imagePullPolicy: IfNotPresent
          command: [sleep, infinity]
          volumeMounts: [{ name: data, mountPath: /data }]
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: ${claim}
---
`;

const kubernetes = [
  {
    id: 'disk-full-session-cache-redis-volume',
    category: 'disk-full',
    app: 'session-cache',
    log: 'session-cache.log',
    form: 'application-log',
    split: 'tune',
    proof: ['No space left on device'],
    program: 'redis 7.0 in a pod',
    hides: 'MISCONF, readiness probe failed',
    why: 'The snapshot does not fit on the volume; Redis then refuses writes (MISCONF), which is what the client and the readiness probe show.',
    namespace: 'shop-sessions',
    manifests: deployment('session-cache', {
      image: 'shop/redis:7.0.15',
      command: [
        'redis-server',
        '--dir',
        '/data',
        '--save',
        '8 10',
        '--rdbcompression',
        'no',
        '--loglevel',
        'notice',
      ],
      pod: smallVolume('data', '12Mi'),
      container: `volumeMounts: [{ name: data, mountPath: /data }]
readinessProbe: { exec: { command: [sh, -c, 'redis-cli set probe 1 | grep -q OK'] }, periodSeconds: 4 }`,
    }),
    until: [['get pods', /1\/1/]],
    evidence: {
      'session-cache.log': async (namespace) => {
        const exec = (line) => kubectl(namespace, `exec deployment/session-cache -- ${line}`);
        await exec(
          'redis-cli eval \'for i=1,400 do redis.call("set","session:"..i,string.rep("x",10000)) end\' 0',
        );
        await sleep(14);
        await exec(
          'redis-cli eval \'for i=1,3000 do redis.call("set","session:"..i,string.rep("x",10000)) end\' 0',
        );
        await sleep(30);
        return (await kubectl(namespace, 'logs deployment/session-cache')).text;
      },
      'client.txt': async (namespace) => {
        return (
          await kubectl(namespace, "exec deployment/session-cache -- redis-cli set cart:8813 '{}'")
        ).text;
      },
      'describe.txt': 'describe pod',
    },
  },
  {
    id: 'disk-full-prometheus-wal',
    category: 'disk-full',
    app: 'prometheus',
    log: 'prometheus.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['panic: preallocate: no space left on device'],
    program: 'prometheus 2.42 in a pod',
    hides: 'panic and goroutine dump while it replays its log',
    why: 'The storage volume is full; Prometheus cannot preallocate a chunk file and leaves with a panic and a page of goroutines.',
    namespace: 'monitoring-eu',
    manifests:
      `
apiVersion: v1
kind: ConfigMap
metadata: { name: prometheus }
data:
  prometheus.yml: |
    global: { scrape_interval: 1s }
    scrape_configs:
      - job_name: prometheus
        static_configs: [{ targets: ['localhost:9090'] }]
---
` +
      deployment('prometheus', {
        image: 'monitoring/prometheus:2.42.0',
        command: [
          'prometheus',
          '--config.file=/etc/prom/prometheus.yml',
          '--storage.tsdb.path=/prometheus',
          '--storage.tsdb.wal-segment-size=10MB',
        ],
        pod: `volumes: [{ name: config, configMap: { name: prometheus } }, { name: storage, emptyDir: { medium: Memory, sizeLimit: 320Ki } }]`,
        container: `volumeMounts: [{ name: config, mountPath: /etc/prom }, { name: storage, mountPath: /prometheus }]`,
      }),
    until: [['logs deployment/prometheus --previous', /no space left on device/]],
    settle: 0,
    evidence: { 'prometheus.log': 'logs deployment/prometheus --previous', 'pods.txt': 'get pods' },
  },
  {
    id: 'disk-full-media-uploads-python-500',
    category: 'disk-full',
    app: 'media-uploads',
    log: 'media-uploads.json.log',
    form: 'json-lines',
    split: 'tune',
    proof: ['No space left on device'],
    program: 'python 3.11 in a pod',
    hides: 'unhandled exception, status 500, CrashLoopBackOff',
    why: 'Every upload fails with a traceback and 500, but the innermost error is errno 28 of the 24Mi volume.',
    namespace: 'media-prod',
    manifests: deployment('media-uploads', {
      image: 'media/uploads:2.0.7',
      command: ['python3', '/srv/app/uploads.py'],
      pod: smallVolume('uploads', '24Mi'),
      container: `volumeMounts: [{ name: uploads, mountPath: /data }]`,
    }),
    until: [['describe pod', /CrashLoopBackOff/]],
    evidence: {
      'media-uploads.json.log': 'logs deployment/media-uploads --previous',
      'describe.txt': 'describe pod',
    },
  },
  {
    id: 'volume-unbound-orders-db-no-class',
    category: 'volume-unbound',
    app: 'orders-db',
    log: 'describe-pod.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['pod has unbound immediate PersistentVolumeClaims'],
    program: 'kubernetes 1.34',
    hides: 'FailedScheduling 0/1 nodes are available',
    why: 'The claim names no storage class and the cluster has no default one; the scheduler only says that no node fits.',
    namespace: 'orders',
    manifests: statefulSet(
      'orders-db',
      'orders/postgres:15.6',
      '{ accessModes: [ReadWriteOnce], resources: { requests: { storage: 20Gi } } }',
    ),
    until: [
      ['get events', /FailedScheduling/],
      ['get events', /no storage class is set/],
    ],
    evidence: {
      'describe-pod.txt': 'describe pod orders-db-0',
      'describe-pvc.txt': 'describe pvc data-orders-db-0',
    },
  },
  {
    id: 'volume-unbound-kafka-class-missing-events',
    category: 'volume-unbound',
    app: 'kafka',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['storageclass.storage.k8s.io "gp3-encrypted" not found'],
    program: 'kubernetes 1.34',
    hides: 'FailedScheduling',
    why: 'The storage class of the claim does not exist in this cluster.',
    namespace: 'streaming',
    manifests: statefulSet(
      'kafka',
      'streaming/kafka:3.7.0',
      '{ storageClassName: gp3-encrypted, accessModes: [ReadWriteOnce], resources: { requests: { storage: 100Gi } } }',
    ),
    until: [
      ['get events', /gp3-encrypted/],
      ['get events', /FailedScheduling/],
    ],
    settle: 9,
    evidence: { 'events.txt': 'get events --sort-by=.lastTimestamp', 'pvc.txt': 'get pvc,pods' },
  },
  {
    id: 'volume-unbound-wiki-size-mismatch-yaml',
    category: 'volume-unbound',
    app: 'wiki',
    log: 'pvc.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['phase: Pending', 'unbound immediate PersistentVolumeClaims'],
    program: 'kubernetes 1.34',
    hides: 'deployment exceeded its progress deadline',
    why: 'A volume of 5Gi is there, the claim wants 50Gi: it stays Pending, and with it the pod and the rollout.',
    namespace: 'docs',
    manifests:
      `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: nfs-manual }
provisioner: kubernetes.io/no-provisioner
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: wiki-nfs-01 }
spec: { capacity: { storage: 5Gi }, accessModes: [ReadWriteMany], storageClassName: nfs-manual, nfs: { server: 10.0.8.20, path: /exports/wiki } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: wiki-data }
spec: { accessModes: [ReadWriteMany], storageClassName: nfs-manual, resources: { requests: { storage: 50Gi } } }
---
` +
      deployment('wiki', {
        image: 'docs/wiki:4.2',
        command: ['sleep', 'infinity'],
        strategy: 'progressDeadlineSeconds: 10',
        pod: 'volumes: [{ name: data, persistentVolumeClaim: { claimName: wiki-data } }]',
        container: 'volumeMounts: [{ name: data, mountPath: /data }]',
      }),
    until: [
      ['get deployment wiki -o yaml', /ProgressDeadlineExceeded/],
      ['get events', /FailedScheduling/],
    ],
    after: async () => {
      await run('kubectl', ['delete', 'pv/wiki-nfs-01', 'storageclass/nfs-manual', '--wait=false']);
    },
    evidence: {
      'pvc.yaml': 'get pvc wiki-data -o yaml',
      'pv.txt': 'get pv wiki-nfs-01',
      'events.txt': 'get events',
      'rollout.txt': 'rollout status deployment/wiki --timeout=1s',
    },
  },
];

const containers = [
  onDocker({
    id: 'disk-full-download-proxy-nginx-docker',
    category: 'disk-full',
    app: 'download-proxy',
    log: 'download-proxy.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['No space left on device'],
    program: 'nginx 1.22 in docker 20.10',
    hides: '502 and truncated downloads at the caller',
    why: 'nginx cannot buffer its answers on the full temporary file system (errno 28); callers see broken downloads.',
    images: ['edge/download-proxy:1.22'],
    steps: async (docker) => {
      const network = 'edge-net';
      await docker(`network create ${network}`);
      const conf = [
        'daemon off; error_log /dev/stderr info; pid /tmp/nginx.pid; worker_processes 1; events {}',
        'http { access_log /dev/stdout; proxy_temp_path /var/cache/proxy; client_body_temp_path /var/cache/body; proxy_buffers 4 8k; client_max_body_size 100m;',
        'server { listen 8080; location / { proxy_pass http://artifacts:8000; } } }',
      ].join(' ');
      await docker(
        `run -d --name artifacts --network ${network} edge/download-proxy:1.22 sh -c 'mkdir /w; cd /w; echo ok > small.txt; head -c 30000000 /dev/zero > release-7.4.tar; python3 -m http.server 8000'`,
      );
      await sleep(2);
      await docker(
        `run -d --name download-proxy --network ${network} --tmpfs /var/cache:size=2m edge/download-proxy:1.22 sh -c 'echo "${conf}" > /tmp/n.conf; exec nginx -c /tmp/n.conf'`,
      );
      await sleep(2);
      const get = (path) =>
        docker(
          `exec artifacts curl -sS --limit-rate 60k --max-time 4 -o /dev/null -w '%{http_code}' http://download-proxy:8080/${path}`,
        );
      for (let i = 0; i < 4; i += 1) await get('small.txt');
      await docker(
        "exec artifacts sh -c 'head -c 5000000 /dev/zero | curl -sS -o /dev/null --data-binary @- http://download-proxy:8080/upload'",
      );
      await get('release-7.4.tar');
      const download = get('release-7.4.tar');
      await sleep(2);
      const df = (await docker('exec download-proxy df -h /var/cache')).text;
      await download;
      await get('small.txt');
      return {
        'download-proxy.log': (await docker('logs download-proxy')).text,
        'df.txt': df,
      };
    },
  }),
];

await recordAll(script, [...kubernetes, ...containers]);
