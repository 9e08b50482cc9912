// What the control plane's own programs say of the failure: controller manager, scheduler and API server,
// on a control plane of its own. Nodes and pods are kwok's.
// Needs KUBE_BINARY, kwok and etcd. One at a time.
import { priorityClass, recordAll } from '../lib/kubernetes.mjs';
import {
  logged,
  onPlane,
  seen,
  startKwok,
  startManager,
  startScheduler,
  tail,
  workloads,
} from '../lib/plane.mjs';
import { sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/controlPlaneLogs.mjs';

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

const scenarios = [
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
      startKwok(own);
      startScheduler(own);
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
      startManager(
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
      startKwok(own, '--manage-single-node db-1'); // on db-2 nobody runs what waits for its volume
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
      startManager(
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
      startKwok(own);
      startScheduler(own);
      startManager(own, workloads);
      await apply(
        `${node('worker-a')}${node('worker-b')}${priorityClass('interactive', 100000)}${priorityClass('batch', 10)}` +
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
      startManager(own, workloads);
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
].map((scenario) => onPlane({ form: 'application-log', split: 'held-out', ...scenario }));

await recordAll(script, scenarios, { atOnce: 1 });
