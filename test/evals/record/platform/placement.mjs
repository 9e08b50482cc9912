// unschedulable-* and volume-unbound in jobs, stateful sets and deployments, as objects and events.
import { deployment, kubectl, recordAll } from '../lib/kubernetes.mjs';

const script = 'test/evals/record/platform/placement.mjs';
const common = { split: 'held-out', hides: null, program: 'kubernetes 1.34' };
const workload = (kind, name, image, pod, more = '') => `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  selector: { matchLabels: { app: ${name} } }${more}
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{ name: ${name}, image: '${image}', imagePullPolicy: IfNotPresent, command: [sleep, infinity]${pod.container ?? ''} }]${pod.spec ?? ''}
---
`;
const job = (name, image, resources) => `
apiVersion: batch/v1
kind: Job
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  backoffLimit: 1
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      restartPolicy: Never
      containers: [{ name: ${name}, image: '${image}', imagePullPolicy: IfNotPresent, command: [sleep, '30'], resources: ${resources} }]
---
`;

const scenarios = [
  {
    id: 'unschedulable-resources-mesh-job-yaml',
    category: 'unschedulable-resources',
    app: 'mesh-refine',
    log: 'pod.yaml',
    form: 'kubectl-yaml',
    proof: ['Insufficient cpu'],
    hides: 'a job that is active and has no failed pod',
    why: 'The job asks for 96 processors and the node has 2; the condition PodScheduled of its pod says so.',
    namespace: 'rec-simulation',
    manifests: job(
      'mesh-refine',
      'sim/mesh-refine:8.1',
      '{ requests: { cpu: "96", memory: 1Gi } }',
    ),
    until: [['get pods -o yaml', /Unschedulable/]],
    evidence: {
      'pod.yaml': 'get pods -o yaml',
      'jobs.txt': 'get jobs -o wide',
      'events.txt': 'get events',
    },
  },
  {
    id: 'unschedulable-resources-gpu-exporter-events',
    category: 'unschedulable-resources',
    app: 'vision',
    log: 'events.txt',
    form: 'events',
    proof: ['Insufficient nvidia.com/gpu'],
    hides: 'other pods of the namespace that start',
    why: 'No node offers the resource nvidia.com/gpu that the pods ask for.',
    namespace: 'rec-vision',
    manifests:
      workload(
        'StatefulSet',
        'vision',
        'ml/vision:3.0',
        { container: ', resources: { limits: { nvidia.com/gpu: 1 } }' },
        '\n  replicas: 2\n  serviceName: vision\n  podManagementPolicy: Parallel',
      ) +
      deployment('vision-web', {
        image: 'ml/vision-web:3.0',
        command: ['sleep', 'infinity'],
        replicas: 2,
      }),
    until: [
      ['get events', /Insufficient nvidia/],
      ['get pods', /vision-web.*1\/1/],
    ],
    evidence: {
      'events.txt': 'get events --sort-by=.metadata.creationTimestamp',
      'pods.txt': 'get pods -o wide',
    },
  },
  {
    id: 'unschedulable-constraints-quorum-spread-json',
    category: 'unschedulable-constraints',
    app: 'quorum',
    log: 'pods.json',
    form: 'kubectl-json',
    proof: ["didn't match pod topology spread constraints"],
    hides: 'quorum-0 runs',
    why: 'The pods must spread over zones and the node has no zone label; the memory and processor they ask for are there.',
    namespace: 'rec-quorum',
    manifests: workload(
      'StatefulSet',
      'quorum',
      'data/quorum:1.6',
      {
        spec: '\n      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: { matchLabels: { app: quorum } } }]',
      },
      '\n  replicas: 3\n  serviceName: quorum\n  podManagementPolicy: Parallel',
    ),
    until: [['get pods -o yaml', /Unschedulable/]],
    settle: 4,
    evidence: { 'pods.json': 'get pods -o json', 'statefulset.txt': 'describe statefulset quorum' },
  },
  {
    id: 'unschedulable-constraints-edge-agent-daemonset',
    category: 'unschedulable-constraints',
    app: 'edge-agent',
    log: 'pods.yaml',
    form: 'kubectl-yaml',
    proof: ['s node affinity/selector'],
    hides: 'Deployment does not have minimum availability',
    why: 'The pod may run on nodes of the architecture arm64 only, and there is none.',
    namespace: 'rec-edge',
    manifests: workload('Deployment', 'edge-agent', 'edge/agent:0.31', {
      spec: '\n      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: kubernetes.io/arch, operator: In, values: [arm64] }] }] } } }',
    }),
    until: [['get pods -o yaml', /Unschedulable/]],
    evidence: { 'pods.yaml': 'get pods -o yaml', 'deployment.txt': 'get deployment -o wide' },
  },
  {
    id: 'volume-unbound-timeline-missing-class',
    category: 'volume-unbound',
    app: 'timeline',
    log: 'claims.txt',
    form: 'kubectl-describe',
    proof: ['storageclass.storage.k8s.io "fast-nvme" not found'],
    hides: 'pod has unbound immediate PersistentVolumeClaims, 0/1 nodes are available',
    why: 'The claim names a storage class that this cluster does not have.',
    namespace: 'rec-timeline',
    manifests: workload(
      'StatefulSet',
      'timeline',
      'data/timeline:2.2',
      { container: ', volumeMounts: [{ name: data, mountPath: /data }]' },
      '\n  serviceName: timeline\n  volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], storageClassName: fast-nvme, resources: { requests: { storage: 8Gi } } } }]',
    ),
    until: [['get events', /fast-nvme/]],
    settle: 8,
    evidence: {
      'claims.txt': 'describe pvc',
      'pods.txt': 'get pods',
      'events.txt': 'get events',
    },
  },
  {
    id: 'volume-unbound-photo-archive-released-volume',
    category: 'volume-unbound',
    app: 'photo-archive',
    log: 'pod.txt',
    form: 'kubectl-describe',
    proof: ['pod has unbound immediate PersistentVolumeClaims'],
    hides: '0/1 nodes are available, preemption is not helpful',
    why: 'The only volume that would fit still belongs to a claim that was deleted (Released); the new claim stays Pending.',
    namespace: 'rec-photos',
    manifests: `
apiVersion: v1
kind: PersistentVolume
metadata: { name: rec-photos-01 }
spec:
  capacity: { storage: 20Gi }
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: archive
  hostPath: { path: /srv/photos }
  claimRef: { namespace: rec-photos, name: photos-old, uid: 6f1f7c1e-0000-4000-8000-2d1d5c1d0a11 }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: photos }
spec: { accessModes: [ReadWriteOnce], storageClassName: archive, resources: { requests: { storage: 20Gi } } }
---
${workload('Deployment', 'photo-archive', 'media/photo-archive:6', { container: ', volumeMounts: [{ name: photos, mountPath: /photos }]', spec: '\n      volumes: [{ name: photos, persistentVolumeClaim: { claimName: photos } }]' })}`,
    until: [
      ['get pv', /Released/],
      ['get pods -o yaml', /Unschedulable/],
    ],
    settle: 8,
    evidence: {
      'pod.txt': 'describe pod',
      'volumes.txt': async (namespace) =>
        `${(await kubectl(namespace, 'get pvc')).text}\n${(await kubectl(namespace, 'get pv rec-photos-01')).text}`,
    },
    after: (namespace) => kubectl(namespace, 'delete pv rec-photos-01 --wait=false'),
  },
].map((scenario) => ({ ...common, ...scenario }));

await recordAll(script, scenarios, { atOnce: 3 });
