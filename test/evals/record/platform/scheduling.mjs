// unschedulable-resources and unschedulable-constraints.
import { deployment, recordAll } from '../lib/kubernetes.mjs';
import { makeNodes, removeNodes } from '../lib/nodes.mjs';

const script = 'test/evals/record/platform/scheduling.mjs';
const worker = (number, more = {}) => ({
  name: `ip-10-0-${12 + number}-${40 + number * 17}`,
  cpu: '4',
  memory: '16Gi',
  taints: [{ key: 'pool', value: 'apps', effect: 'NoSchedule' }],
  labels: { 'node.example.com/pool': 'apps' },
  ...more,
});
const inPool = `tolerations: [{ key: pool, value: apps, effect: NoSchedule }]
nodeSelector: { node.example.com/pool: apps }`;
const asks = (cpu, memory, more = '') =>
  `resources: { requests: { cpu: "${cpu}", memory: ${memory}${more} } }`;

const scenarios = [
  {
    id: 'unschedulable-resources-search-indexer-memory',
    category: 'unschedulable-resources',
    app: 'search-indexer',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['Insufficient memory'],
    program: 'kubernetes 1.34',
    hides: 'Pending',
    why: 'The pod requests 64Gi of memory, no node has that much.',
    namespace: 'search-batch',
    manifests: deployment('search-indexer', {
      image: 'search/indexer:2.11.1',
      command: ['sleep', 'infinity'],
      container: asks('1', '64Gi'),
    }),
    until: [['get events', /Insufficient memory/]],
    settle: 5,
    evidence: {
      'describe.txt': 'describe pod -l app.kubernetes.io/name=search-indexer',
      'nodes.txt': 'describe node node-1',
    },
  },
  {
    id: 'unschedulable-resources-checkout-cpu-rollout',
    category: 'unschedulable-resources',
    app: 'checkout',
    log: 'rollout.txt',
    form: 'events',
    split: 'tune',
    proof: ['Insufficient cpu'],
    program: 'kubernetes 1.34',
    hides: 'exceeded its progress deadline',
    why: 'The new replica set asks for more CPU than is free in the pool; the rollout only says that it exceeded its progress deadline.',
    namespace: 'shop-prod',
    before: () => makeNodes([worker(1), worker(2), worker(3)]),
    after: removeNodes,
    manifests: deployment('checkout', {
      image: 'shop/checkout:3.9.0',
      command: ['sleep', 'infinity'],
      replicas: 4,
      strategy: 'progressDeadlineSeconds: 8',
      pod: inPool,
      container: asks('3500m', '2Gi'),
    }),
    until: [
      ['get events', /Insufficient cpu/],
      ['get deployment checkout -o yaml', /ProgressDeadlineExceeded/],
    ],
    evidence: {
      'rollout.txt': 'rollout status deployment/checkout --timeout=2s',
      'deployment.txt': 'describe deployment checkout',
      'events.txt': 'get events --field-selector type=Warning',
      'pods.txt': 'get pods -o wide',
    },
  },
  {
    id: 'unschedulable-resources-model-server-gpu-yaml',
    category: 'unschedulable-resources',
    app: 'model-server',
    log: 'pod.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['Insufficient nvidia.com/gpu'],
    program: 'kubernetes 1.34',
    hides: 'node affinity/selector of the other nodes',
    why: 'The nodes that fit have no free GPU; the others are excluded on purpose by the selector, which is the louder half of the message.',
    namespace: 'ml',
    before: () => makeNodes([worker(1), worker(2)]),
    after: removeNodes,
    manifests: deployment('model-server', {
      image: 'ml/model-server:0.21',
      command: ['sleep', 'infinity'],
      pod: inPool,
      container: 'resources: { limits: { nvidia.com/gpu: "1" } }',
    }),
    until: [['get events', /Insufficient nvidia.com\/gpu/]],
    evidence: { 'pod.yaml': 'get pods -o yaml', 'nodes.txt': 'get nodes --show-labels' },
  },
  {
    id: 'unschedulable-constraints-report-worker-selector',
    category: 'unschedulable-constraints',
    app: 'report-worker',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ["node(s) didn't match Pod's node affinity/selector"],
    program: 'kubernetes 1.34',
    hides: 'Pending',
    why: 'The node selector disktype=nvme matches no node.',
    namespace: 'reports-prod',
    manifests: deployment('report-worker', {
      image: 'reports/worker:1.22.4',
      command: ['sleep', 'infinity'],
      pod: 'nodeSelector: { disktype: nvme }',
      container: asks('100m', '64Mi'),
    }),
    until: [['get events', /affinity\/selector/]],
    settle: 6,
    evidence: { 'describe.txt': 'describe pod', 'nodes.txt': 'get nodes --show-labels' },
  },
  {
    id: 'unschedulable-constraints-fraud-scoring-taint-events',
    category: 'unschedulable-constraints',
    app: 'fraud-scoring',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['had untolerated taint'],
    program: 'kubernetes 1.34',
    hides: 'helm: context deadline exceeded',
    why: 'All nodes of the pool carry a taint that the pod does not tolerate.',
    namespace: 'fraud',
    before: () =>
      makeNodes([
        worker(4, { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] }),
        worker(5, { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] }),
      ]),
    after: removeNodes,
    manifests: deployment('fraud-scoring', {
      image: 'fraud/scoring:11.0',
      command: ['sleep', 'infinity'],
      replicas: 2,
      pod: 'nodeSelector: { node.example.com/pool: apps }',
      container: asks('100m', '64Mi'),
    }),
    until: [['get events', /untolerated taint/]],
    evidence: {
      'events.txt': 'get events',
      'nodes.txt':
        "get nodes -o 'custom-columns=NAME:.metadata.name,POOL:.metadata.labels.node\\.example\\.com/pool,TAINTS:.spec.taints[*].key,VALUES:.spec.taints[*].value'",
      'rollout.txt': 'rollout status deployment/fraud-scoring --timeout=3s',
    },
  },
  {
    id: 'unschedulable-constraints-auth-service-anti-affinity',
    category: 'unschedulable-constraints',
    app: 'auth-service',
    log: 'events.json',
    form: 'json-lines',
    split: 'held-out',
    proof: ["didn't match pod anti-affinity rules"],
    program: 'kubernetes 1.34',
    hides: 'ProgressDeadlineExceeded',
    why: 'Three replicas must not share a host and there are two hosts that take them; CPU and memory are free.',
    namespace: 'identity',
    before: () => makeNodes([worker(6), worker(7)]),
    after: removeNodes,
    manifests: deployment('auth-service', {
      image: 'identity/auth-service:6.4.0',
      command: ['sleep', 'infinity'],
      replicas: 3,
      strategy: 'progressDeadlineSeconds: 8',
      pod: `${inPool}
affinity:
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector: { matchLabels: { app.kubernetes.io/name: auth-service } }`,
      container: asks('100m', '64Mi'),
    }),
    until: [
      ['get events', /anti-affinity/],
      ['get deployment auth-service -o yaml', /ProgressDeadlineExceeded/],
    ],
    evidence: {
      'events.json': 'get events -o json',
      'deployment.txt': 'describe deployment auth-service',
      'pods.txt': 'get pods -o wide',
    },
  },
];

await recordAll(script, scenarios, { atOnce: 1 });
