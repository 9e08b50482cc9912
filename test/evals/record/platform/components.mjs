// What the cluster's own programs say of the failure: controller manager, scheduler, API server and
// kubelet, on a control plane of its own. Nodes and pods of the first ones are kwok's; the kubelets are
// real, with a containerd of their own, and thresholds so near that what a pod takes crosses them.
// Needs KUBE_BINARY, kwok, etcd, containerd, a static busybox and root. One at a time.
import { statfs } from 'node:fs/promises';
import { kubeletOn } from '../lib/kubelet.mjs';
import { recordAll } from '../lib/kubernetes.mjs';
import { kube, plane, tail } from '../lib/plane.mjs';
import { run, sleep, until, words } from '../lib/shell.mjs';
import { writeCase } from '../lib/case.mjs';

const script = 'test/evals/record/platform/components.mjs';

/** `steps(plane, apply)` breaks the thing on a fresh control plane and returns the evidence by file name. */
const onPlane = (scenario) => ({
  ...scenario,
  record: async (folder, path) => {
    const own = await plane();
    const apply = async (manifests) => {
      const { code, text } = await own.kubectl('apply -f -', { input: manifests });
      if (code !== 0) throw new Error(text);
    };
    try {
      await writeCase(folder, path, scenario, await scenario.steps(own, apply));
    } finally {
      if (process.env.KEEP) console.log(own.folder);
      else await own.end();
    }
  },
});
const manager = (own, controllers, more = '') =>
  own.start(
    'manager',
    kube,
    words(
      `controllers --kubeconfig config --authentication-kubeconfig config --authorization-kubeconfig config ` +
        `--leader-elect=false --secure-port 0 --controllers ${controllers} ${more}`,
    ),
  );
const scheduler = (own) =>
  own.start(
    'scheduler',
    kube,
    words(
      'scheduler --kubeconfig config --authentication-kubeconfig config --authorization-kubeconfig config ' +
        '--leader-elect=false --secure-port 0 -v 2',
    ),
  );
const workloads =
  'deployment-controller,replicaset-controller,serviceaccount-controller,node-lifecycle-controller';
const kwok = (own, nodes = '--manage-all-nodes') =>
  own.start('kwok', 'kwok', words(`--kubeconfig config ${nodes} --node-ip 10.20.4.11`));
const seen = (own, line, pattern, seconds = 90) =>
  until(async () => pattern.test((await own.kubectl(line)).text), { seconds, what: line });
const logged = (own, name, pattern, seconds = 90) =>
  until(async () => pattern.test(await own.log(name)), { seconds, what: `${name}: ${pattern}` });

const node = (name, cpu = '4') => `
apiVersion: v1
kind: Node
metadata:
  name: ${name}
  labels: { kubernetes.io/hostname: ${name}, kubernetes.io/os: linux }
  annotations: { volumes.kubernetes.io/controller-managed-attach-detach: 'true' }
status:
  capacity: { cpu: '${cpu}', memory: 16Gi, pods: '110' }
  allocatable: { cpu: '${cpu}', memory: 16Gi, pods: '110' }
---`;
const deployment = (name, { image, replicas = 1, cpu = '100m', priority = '', more = '' }) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: default }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      ${priority && `priorityClassName: ${priority}`}
      ${more}
      containers: [{ name: ${name}, image: '${image}', resources: { requests: { cpu: ${cpu} } } }]
---`;
const priority = (name, value) => `
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: ${name} }
value: ${value}
---`;

const controllers = [
  {
    id: 'autoscaler-failed-checkout-controller-manager-metrics-api-down',
    category: 'autoscaler-failed',
    app: 'checkout',
    log: 'kube-controller-manager.log',
    proof: ['unable to fetch metrics from resource metrics API'],
    program: 'kube-controller-manager 1.34',
    provenance: 'staged',
    hides: 'resource list errors of other controllers, an autoscaler that says nothing of itself',
    why: 'The autoscaler of checkout cannot read processor use, since the service behind the resource metrics API does not answer; it no longer computes a number of replicas.',
    steps: async (own, apply) => {
      kwok(own);
      scheduler(own);
      await apply(
        node('worker-1') + deployment('checkout', { image: 'shop/checkout:5.2', replicas: 2 }),
      );
      await own.kubectl('create service clusterip metrics-server --tcp=443:10250 -n kube-system');
      await apply(`
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.metrics.k8s.io }
spec: { group: metrics.k8s.io, version: v1beta1, groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true, service: { name: metrics-server, namespace: kube-system } }
`);
      await own.kubectl('autoscale deployment checkout --min=2 --max=10 --cpu-percent=70');
      manager(
        own,
        `${workloads},horizontal-pod-autoscaler-controller,resourcequota-controller,garbage-collector-controller,endpointslice-controller`,
        '--horizontal-pod-autoscaler-sync-period=10s',
      );
      await logged(own, 'manager', /unable to fetch metrics from resource/);
      await sleep(35);
      return {
        'kube-controller-manager.log': tail(await own.log('manager'), 90),
        'hpa.txt': (await own.kubectl('get hpa,deployments -o wide')).text,
      };
    },
  },
  {
    id: 'volume-attach-conflict-ledger-db-controller-manager',
    split: 'tune',
    category: 'volume-attach-conflict',
    app: 'ledger-db',
    log: 'kube-controller-manager.log',
    proof: ['Multi-Attach error'],
    program: 'kube-controller-manager 1.34',
    provenance: 'staged',
    hides: 'Error syncing deployment, the object has been modified',
    why: 'The volume is still attached to the node of the first pod, so the controller may not attach it where the replacement was placed.',
    steps: async (own, apply) => {
      kwok(own, '--manage-single-node db-1'); // on db-2 nobody runs what waits for its volume
      await apply(`${node('db-1')}${node('db-2')}
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: { name: disk.csi.example.com }
spec: { attachRequired: true }
---
${['db-1', 'db-2'].map((name) => `apiVersion: storage.k8s.io/v1\nkind: CSINode\nmetadata: { name: ${name} }\nspec: { drivers: [{ name: disk.csi.example.com, nodeID: ${name}, topologyKeys: [] }] }\n---\n`).join('')}
apiVersion: v1
kind: PersistentVolume
metadata: { name: pvc-41be0c7d }
spec: { capacity: { storage: 50Gi }, accessModes: [ReadWriteOnce], storageClassName: fast, csi: { driver: disk.csi.example.com, volumeHandle: disk-77310, fsType: ext4 } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ledger-db-data, namespace: default }
spec: { accessModes: [ReadWriteOnce], storageClassName: fast, volumeName: pvc-41be0c7d, resources: { requests: { storage: 50Gi } } }
`);
      manager(
        own,
        `${workloads},persistentvolume-binder-controller,persistentvolume-attach-detach-controller,persistentvolumeclaim-protection-controller`,
        '-v 2',
      );
      await seen(own, 'get pvc', /Bound/);
      const placed = (name) =>
        apply(
          deployment('ledger-db', {
            image: 'finance/ledger-db:16.1',
            more: `nodeName: ${name}\n      volumes: [{ name: data, persistentVolumeClaim: { claimName: ledger-db-data } }]`,
          }),
        );
      await placed('db-1');
      await seen(own, 'get volumeattachment', /disk.csi/);
      const attachment = (await own.kubectl('get volumeattachment -o name')).text.trim();
      await own.kubectl(
        `patch ${attachment} --subresource=status --type=merge -p {"status":{"attached":true}}`,
      );
      await sleep(5);
      await placed('db-2');
      await logged(own, 'manager', /Multi-Attach/);
      await sleep(8);
      return {
        'kube-controller-manager.log': tail(await own.log('manager'), 70),
        'pods.txt': (await own.kubectl('get pods,volumeattachments -o wide')).text,
      };
    },
  },
  {
    id: 'pod-preempted-transcode-scheduler-log',
    category: 'pod-preempted',
    app: 'transcode',
    log: 'kube-scheduler.log',
    proof: ['Preemptor Pod preempted victim Pod'],
    program: 'kube-scheduler 1.34',
    provenance: 'staged',
    hides: 'Unable to schedule pod; no fit; waiting',
    why: 'A pod of a higher priority needed the processors that transcode had on its node, and the scheduler took them.',
    steps: async (own, apply) => {
      kwok(own);
      scheduler(own);
      manager(own, workloads);
      await apply(
        `${node('worker-a')}${node('worker-b')}${priority('interactive', 100000)}${priority('batch', 10)}` +
          deployment('transcode', {
            image: 'media/transcode:3.8',
            replicas: 4,
            cpu: '1500m',
            priority: 'batch',
          }) +
          deployment('web', {
            image: 'shop/web:12',
            replicas: 2,
            cpu: '500m',
            priority: 'interactive',
          }),
      );
      await seen(own, 'get deployment transcode', /4\/4/);
      await apply(
        deployment('pricing', {
          image: 'shop/pricing:2.0',
          replicas: 2,
          cpu: '1200m',
          priority: 'interactive',
        }),
      );
      await logged(own, 'scheduler', /preempted victim/);
      await sleep(8);
      return {
        'kube-scheduler.log': tail(await own.log('scheduler'), 60),
        'pods.txt': (await own.kubectl('get pods -o wide')).text,
      };
    },
  },
  {
    id: 'webhook-unavailable-image-policy-apiserver-log',
    split: 'tune',
    category: 'webhook-unavailable',
    app: null,
    log: 'kube-apiserver.log',
    proof: ['failed calling webhook "images.policy.example.com"'],
    program: 'kube-apiserver 1.34',
    hides: 'a deployment whose pods are never made',
    why: 'The webhook that must judge every new pod is not there: its port refuses the API server, and its failure policy is to refuse.',
    steps: async (own, apply) => {
      manager(own, workloads);
      await apply(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: image-policy }
webhooks:
  - name: images.policy.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    timeoutSeconds: 5
    failurePolicy: Fail
    clientConfig: { url: 'https://127.0.0.2:8443/admit' }
    rules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }]
---${deployment('newsletter', { image: 'marketing/newsletter:4.4' })}`);
      await logged(own, 'apiserver', /failing closed/);
      await sleep(25);
      return {
        'kube-apiserver.log': tail(await own.log('apiserver'), 45),
        'deployments.txt': (await own.kubectl('get deployments,replicasets -o wide')).text,
      };
    },
  },
];

const pod = (name, command, { spec = '', mounts = '' } = {}) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: default, labels: { app: ${name.replace(/-[a-z0-9]+-[a-z0-9]+$/, '')} } }
spec:
  hostNetwork: true
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 2
  ${spec}
  containers: [{ name: ${name.replace(/-[a-z0-9]+-[a-z0-9]+$/, '')}, image: 'docker.io/node/tools:1', imagePullPolicy: Never, command: [sh, -c, '${command}'], ${mounts} }]
---`;

/** A scenario on a real kubelet whose threshold (of `signal`) lies a little under what is free now. */
const pressed = ({ host, signal, threshold, pods, format, ...scenario }) => ({
  ...scenario,
  program: 'kubelet 1.34',
  steps: async (own, apply) => {
    manager(own, workloads);
    scheduler(own);
    const kubelet = await kubeletOn(own, {
      host,
      evictionHard: { [signal]: await threshold() },
      format,
    });
    try {
      await seen(own, 'get nodes', /\bReady/);
      await seen(own, 'get serviceaccount default', /default/);
      await apply(pods);
      await logged(own, 'kubelet', /pod is evicted successfully/);
      await sleep(6);
      const said = (await own.log('kubelet')).split('\n');
      const from = said.findIndex((line) => line.includes('Attempting to register node'));
      return {
        'kubelet.log': tail(said.slice(Math.max(0, from)).join('\n'), 120),
        'pods.txt': (await own.kubectl('get pods -o wide')).text,
      };
    } finally {
      if (!process.env.KEEP) await kubelet.end();
    }
  },
});
const freeMemory = async () => Number((await run('free', ['-m'])).text.match(/Mem:.*\s(\d+)\n/)[1]);

const kubelets = [
  {
    id: 'node-memory-pressure-image-resizer-kubelet-log',
    category: 'node-memory-pressure',
    app: 'image-resizer',
    log: 'kubelet.log',
    proof: ['attempting to reclaim" resourceName="memory"'],
    hides: 'pods that are killed with the grace period overridden, a pod that fails its sandbox',
    why: 'The node has less memory left than its kubelet must keep free, so the kubelet evicts pods; no limit of a container was hit.',
    host: 'worker-12',
    signal: 'memory.available',
    threshold: async () => `${(await freeMemory()) - 1800}Mi`,
    pods:
      pod(
        'image-resizer-7f9c6d5b84-9kx2m',
        'sleep 8; dd if=/dev/zero of=/cache/tile bs=1M count=3200 conv=notrunc; sleep 600',
        {
          spec: 'volumes: [{ name: cache, emptyDir: { medium: Memory } }]',
          mounts: 'volumeMounts: [{ name: cache, mountPath: /cache }]',
        },
      ) + pod('thumb-proxy-5b8d7c9f6-w4t7q', 'sleep 3600'),
  },
  {
    id: 'node-disk-pressure-log-shipper-kubelet-log',
    split: 'tune',
    category: 'node-disk-pressure',
    app: 'log-shipper',
    log: 'kubelet.log',
    proof: ['"resourceName":"ephemeral-storage"'],
    hides: 'image garbage collection that frees nothing',
    why: 'The disk of the node is fuller than its kubelet allows; removing images did not suffice, so it evicts pods.',
    form: 'json-lines',
    format: 'json',
    host: 'edge-3',
    signal: 'nodefs.available',
    threshold: async () => {
      const { bavail, bsize } = await statfs('/');
      return `${Math.floor((bavail * bsize) / 2 ** 20) - 900}Mi`;
    },
    pods:
      pod(
        'log-shipper-6d4f8b7c9-h2v8z',
        'sleep 6; for n in 1 2 3 4 5 6; do dd if=/dev/zero of=/spool/$n bs=1M count=400; done; sleep 600',
        {
          spec: 'volumes: [{ name: spool, emptyDir: {} }]',
          mounts: 'volumeMounts: [{ name: spool, mountPath: /spool }]',
        },
      ) + pod('edge-router-0', 'sleep 3600'),
  },
  {
    id: 'node-pid-pressure-scraper-kubelet-log',
    split: 'tune',
    category: 'node-pid-pressure',
    app: 'scraper',
    log: 'kubelet.log',
    proof: ['attempting to reclaim" resourceName="pids"'],
    hides: 'exec probes and containers that are killed',
    why: 'The node has too few process ids left: one pod forks without end, and the kubelet evicts to get them back.',
    host: 'batch-5',
    signal: 'pid.available',
    threshold: async () => {
      const most = Number((await run('sysctl', ['-n', 'kernel.pid_max'])).text);
      const [, now] = (await run('cat', ['/proc/loadavg'])).text.match(/\/(\d+)/);
      return String(most - Number(now) - 900);
    },
    pods:
      pod(
        'scraper-84c6b9d5f-tn6xw',
        'sleep 6; n=0; while [ $n -lt 2200 ]; do sleep 900 & n=$((n+1)); done; wait',
      ) + pod('exports-7c5d9f8b6-lq3vd', 'sleep 3600'),
  },
].map(pressed);

const scenarios = [...controllers, ...kubelets].map((scenario) =>
  onPlane({ form: 'application-log', split: 'held-out', ...scenario }),
);

await recordAll(script, scenarios, { atOnce: 1 });
