// node-memory-pressure, node-disk-pressure, node-pid-pressure and node-not-ready. The pressure is
// not made on the shared machine: nodes exist only in the API, with the conditions, events and pod
// states that a kubelet writes, in its words; scheduler, node controller and kubectl are real.
import { deployment, kubectl, recordAll } from '../lib/kubernetes.mjs';
import { run } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/nodes.mjs';
const create = (object) => run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(object) });
const setStatus = (what, status, namespace = 'default') =>
  run('kubectl', [
    '-n',
    namespace,
    'patch',
    ...what,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ]);
const at = (secondsAgo) =>
  new Date(Date.now() - secondsAgo * 1000).toISOString().replace(/\.\d+/, '');

/** The conditions of a healthy kubelet; `bad` replaces some. */
function conditions(bad) {
  const well = {
    MemoryPressure: [
      'False',
      'KubeletHasSufficientMemory',
      'kubelet has sufficient memory available',
    ],
    DiskPressure: ['False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    PIDPressure: ['False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    Ready: ['True', 'KubeletReady', 'kubelet is posting ready status'],
  };
  return Object.entries({ ...well, ...bad }).map(([type, [status, reason, message]]) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: at(3),
    lastTransitionTime: bad[type] ? at(95) : at(86400),
  }));
}

async function makeNode({ name, bad, memory = '16319024Ki' }) {
  await create({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.example.com/pool': 'general',
      },
    },
    spec: { providerID: `metal://${name}` },
  });
  await create({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: 'kube-node-lease' },
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: 40,
      renewTime: at(3).replace('Z', '.000000Z'),
    },
  });
  const size = { cpu: '4', memory, pods: '110', 'ephemeral-storage': '51474912Ki' };
  await setStatus(['node', name], {
    capacity: size,
    allocatable: size,
    addresses: [
      { type: 'InternalIP', address: '10.20.7.13' },
      { type: 'Hostname', address: name },
    ],
    nodeInfo: {
      machineID: '5d3c1e0f6f9b4b0c9c3a77c1c6a1b9d2',
      systemUUID: '5d3c1e0f-6f9b-4b0c-9c3a-77c1c6a1b9d2',
      bootID: '0c6fb4c1-7a6e-4b1c-8a61-9b8a5b0c7f11',
      kernelVersion: '6.1.0-26-amd64',
      osImage: 'Debian GNU/Linux 12 (bookworm)',
      containerRuntimeVersion: 'containerd://1.7.22',
      kubeletVersion: 'v1.34.2',
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
    conditions: conditions(bad),
  });
}

let serial = 0;
const event = (
  { kind, name, namespace = 'default', uid, type = 'Warning', reason, message, ago, count = 1 },
  host,
) =>
  create({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${(Date.now() * 1000 + (serial += 1)).toString(16)}`, namespace },
    involvedObject: {
      kind,
      name,
      apiVersion: 'v1',
      ...(kind === 'Node' ? { uid: name } : { namespace, uid }),
    },
    type,
    reason,
    message,
    count,
    firstTimestamp: at(ago),
    lastTimestamp: at(ago),
    source: { component: 'kubelet', host },
    reportingComponent: 'kubelet',
    reportingInstance: host,
  });

const pod = (app, node, image) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${app}-6c9f7d8b5c-x2k9p`, labels: { 'app.kubernetes.io/name': app } },
  spec: {
    nodeName: node,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: app, image, resources: { requests: { memory: '128Mi' } } }],
  },
});

/** Puts a pod on the node that its kubelet evicted with this message. */
async function evict(namespace, node, app, image, message) {
  const object = pod(app, node, image);
  await run('kubectl', ['-n', namespace, 'apply', '-f', '-'], { input: JSON.stringify(object) });
  const { name } = object.metadata;
  const uid = (await kubectl(namespace, `get pod ${name} -o jsonpath={.metadata.uid}`)).text;
  const ended = { exitCode: 137, reason: 'Error', startedAt: at(7200), finishedAt: at(60) };
  await setStatus(
    ['pod', name],
    {
      phase: 'Failed',
      reason: 'Evicted',
      message,
      startTime: at(7201),
      conditions: [
        {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'TerminationByKubelet',
          message,
          lastTransitionTime: at(61),
        },
        { type: 'Ready', status: 'False', reason: 'PodFailed', lastTransitionTime: at(60) },
      ],
      containerStatuses: [
        {
          name: app,
          image,
          imageID: '',
          ready: false,
          restartCount: 0,
          started: false,
          state: { terminated: ended },
        },
      ],
    },
    namespace,
  );
  await event({ kind: 'Pod', name, namespace, uid, reason: 'Evicted', message, ago: 61 }, node);
  await event(
    {
      kind: 'Pod',
      name,
      namespace,
      uid,
      type: 'Normal',
      reason: 'Killing',
      message: `Stopping container ${app}`,
      ago: 61,
    },
    node,
  );
}

/** A scenario on one such node: `node`, `events` of the node, `evicted`, then `more(namespace)`. */
const pressed = ({ node, events = [], evicted, waiting, ...scenario }) => ({
  program: 'kubernetes 1.34',
  provenance: 'staged',
  before: async (namespace) => {
    await makeNode(node);
    for (const one of events) await event({ kind: 'Node', name: node.name, ...one }, node.name);
    for (const [app, image, message] of evicted ?? [])
      await evict(namespace, node.name, app, image, message);
  },
  // What is wanted on that pool of nodes and finds none.
  manifests: deployment(waiting[0], {
    image: waiting[1],
    command: ['sleep', 'infinity'],
    pod: `nodeSelector: { kubernetes.io/hostname: ${node.name} }`,
  }),
  until: [['get events', /FailedScheduling/]],
  after: async (namespace) => {
    await kubectl(namespace, 'delete pod --all --force --grace-period=0 --wait=false');
    await run('kubectl', ['delete', 'node', node.name, '--wait=false']);
    await run('kubectl', ['-n', 'kube-node-lease', 'delete', 'lease', node.name, '--wait=false']);
    await run('kubectl', [
      '-n',
      'default',
      'delete',
      'events',
      '--field-selector',
      `involvedObject.name=${node.name}`,
    ]);
  },
  ...scenario,
});
const low = (resource, threshold, available, containers = '') =>
  `The node was low on resource: ${resource}. Threshold quantity: ${threshold}, available: ${available}. ${containers}`;
const larger = (name, used, request, resource) =>
  `Container ${name} was using ${used}, request is ${request}, has larger consumption of ${resource}. `;

const memory = {
  MemoryPressure: [
    'True',
    'KubeletHasInsufficientMemory',
    'kubelet has insufficient memory available',
  ],
};
const disk = { DiskPressure: ['True', 'KubeletHasDiskPressure', 'kubelet has disk pressure'] };
const pids = {
  PIDPressure: ['True', 'KubeletHasInsufficientPID', 'kubelet has insufficient PID available'],
};

const scenarios = [
  pressed({
    id: 'node-memory-pressure-recommender-evicted-events',
    category: 'node-memory-pressure',
    app: 'recommender',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['The node was low on resource: memory.'],
    hides: 'exit code 137, Pending and FailedScheduling of the replacement',
    why: 'The node ran out of memory as a whole and its kubelet evicted the pod; no limit of the container was hit, and the replacement finds the node tainted.',
    namespace: 'reco-eu',
    node: { name: 'worker-3', bad: memory },
    events: [
      { reason: 'EvictionThresholdMet', message: 'Attempting to reclaim memory', ago: 62 },
      {
        type: 'Normal',
        reason: 'NodeHasInsufficientMemory',
        message: 'Node worker-3 status is now: NodeHasInsufficientMemory',
        ago: 95,
      },
    ],
    evicted: [
      [
        'recommender',
        'reco/recommender:4.2.0',
        low('memory', '100Mi', '71236Ki', larger('recommender', '2893244Ki', '128Mi', 'memory')),
      ],
    ],
    waiting: ['recommender', 'reco/recommender:4.2.0'],
    evidence: {
      'events.txt': 'get events --sort-by=.lastTimestamp',
      'pods.txt': 'get pods -o wide',
      'nodes.txt': 'get nodes worker-3',
    },
  }),
  pressed({
    id: 'node-memory-pressure-worker-describe-node',
    category: 'node-memory-pressure',
    app: 'image-cache',
    log: 'describe-node.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['KubeletHasInsufficientMemory'],
    hides: 'pods Pending with an untolerated taint',
    why: 'The node reports memory pressure and is tainted for it, so the new pods stay Pending.',
    namespace: 'media-cache',
    node: { name: 'worker-7', bad: memory, memory: '8052340Ki' },
    events: [
      {
        type: 'Normal',
        reason: 'NodeHasInsufficientMemory',
        message: 'Node worker-7 status is now: NodeHasInsufficientMemory',
        ago: 95,
      },
      {
        reason: 'EvictionThresholdMet',
        message: 'Attempting to reclaim memory',
        ago: 50,
        count: 4,
      },
    ],
    waiting: ['image-cache', 'media/image-cache:1.3.1'],
    evidence: { 'describe-node.txt': 'describe node worker-7', 'describe-pod.txt': 'describe pod' },
  }),
  pressed({
    id: 'node-memory-pressure-ranking-evicted-yaml',
    category: 'node-memory-pressure',
    app: 'ranking',
    log: 'pods.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['The node was low on resource: memory.'],
    hides: 'exit code 137',
    why: 'The pod was ended by the kubelet because the node was low on memory; the container was killed on that account, not at a limit.',
    namespace: 'ranking-eu',
    node: { name: 'pool-b-2', bad: memory },
    evicted: [
      [
        'ranking',
        'reco/ranking:2.0',
        low('memory', '100Mi', '88320Ki', larger('ranking', '1204988Ki', '128Mi', 'memory')),
      ],
    ],
    waiting: ['scores', 'reco/scores:2.0'],
    evidence: {
      'pods.yaml': 'get pod ranking-6c9f7d8b5c-x2k9p -o yaml',
      'pods.txt': 'get pods -o wide',
    },
  }),
  pressed({
    id: 'node-disk-pressure-thumbnails-evicted-events',
    category: 'node-disk-pressure',
    app: 'thumbnails',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['The node was low on resource: ephemeral-storage.'],
    hides: 'Pending, FailedScheduling',
    why: 'The disk of the node is nearly full; the kubelet could free no images and evicted pods.',
    namespace: 'thumbs',
    node: { name: 'worker-2', bad: disk },
    events: [
      {
        reason: 'FreeDiskSpaceFailed',
        message:
          'Failed to garbage collect required amount of images. Attempted to free 6412918784 bytes, but only found 0 bytes eligible to free.',
        ago: 120,
      },
      {
        reason: 'EvictionThresholdMet',
        message: 'Attempting to reclaim ephemeral-storage',
        ago: 62,
      },
      {
        type: 'Normal',
        reason: 'NodeHasDiskPressure',
        message: 'Node worker-2 status is now: NodeHasDiskPressure',
        ago: 95,
      },
    ],
    evicted: [
      [
        'thumbnails',
        'media/thumbnails:2.4',
        low(
          'ephemeral-storage',
          '5147491Ki',
          '2988104Ki',
          larger('thumbnails', '9841220Ki', '0', 'ephemeral-storage'),
        ),
      ],
    ],
    waiting: ['thumbnails', 'media/thumbnails:2.4'],
    evidence: {
      'events.txt': 'get events --sort-by=.lastTimestamp',
      'node-events.txt': 'get events -n default --field-selector involvedObject.name=worker-2',
      'pods.txt': 'get pods -o wide',
    },
  }),
  pressed({
    id: 'node-disk-pressure-audit-log-describe-node',
    category: 'node-disk-pressure',
    app: 'audit-log',
    log: 'describe-pod.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['KubeletHasDiskPressure'],
    hides: 'FailedScheduling, untolerated taint',
    why: 'The only node that the pod may use is under disk pressure and tainted for it.',
    namespace: 'audit',
    node: { name: 'worker-5', bad: disk },
    events: [
      {
        type: 'Normal',
        reason: 'NodeHasDiskPressure',
        message: 'Node worker-5 status is now: NodeHasDiskPressure',
        ago: 95,
      },
      {
        reason: 'ImageGCFailed',
        message:
          'Failed to garbage collect required amount of images. Attempted to free 2210398208 bytes, but only found 401293312 bytes eligible to free.',
        ago: 40,
        count: 3,
      },
    ],
    waiting: ['audit-log', 'security/audit-log:5.5.0'],
    evidence: { 'describe-pod.txt': 'describe pod', 'describe-node.txt': 'describe node worker-5' },
  }),
  pressed({
    id: 'node-disk-pressure-build-cache-node-yaml',
    category: 'node-disk-pressure',
    app: 'build-cache',
    log: 'node.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['reason: KubeletHasDiskPressure'],
    hides: 'Pending',
    why: 'The condition DiskPressure of the node is True; what should run there waits.',
    namespace: 'builds',
    node: { name: 'ci-node-1', bad: disk },
    waiting: ['build-cache', 'ci/build-cache:0.13'],
    evidence: {
      'node.yaml': 'get node ci-node-1 -o yaml',
      'pods.txt': 'get pods',
      'events.txt': 'get events',
    },
  }),
  pressed({
    id: 'node-pid-pressure-crawler-evicted-events',
    category: 'node-pid-pressure',
    app: 'crawler',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['The node was low on resource: pids.'],
    hides: 'Pending, FailedScheduling',
    why: 'The node had nearly no process ids left; the kubelet evicted the pod that held the most.',
    namespace: 'crawling',
    node: { name: 'worker-4', bad: pids },
    events: [
      {
        type: 'Normal',
        reason: 'NodeHasInsufficientPID',
        message: 'Node worker-4 status is now: NodeHasInsufficientPID',
        ago: 95,
      },
      { reason: 'EvictionThresholdMet', message: 'Attempting to reclaim pids', ago: 62 },
    ],
    evicted: [['crawler', 'search/crawler:3.9', low('pids', '1638', '411')]],
    waiting: ['crawler', 'search/crawler:3.9'],
    evidence: {
      'events.txt': 'get events --sort-by=.lastTimestamp',
      'node-events.txt': 'get events -n default --field-selector involvedObject.name=worker-4',
      'pods.txt': 'get pods -o wide',
    },
  }),
  pressed({
    id: 'node-pid-pressure-render-queue-describe',
    category: 'node-pid-pressure',
    app: 'render-queue',
    log: 'describe-node.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['KubeletHasInsufficientPID'],
    hides: 'pods Pending with an untolerated taint',
    why: 'The node reports that it has too few process ids left and takes no new pods.',
    namespace: 'render-eu',
    node: { name: 'worker-9', bad: pids },
    events: [
      {
        type: 'Normal',
        reason: 'NodeHasInsufficientPID',
        message: 'Node worker-9 status is now: NodeHasInsufficientPID',
        ago: 95,
      },
    ],
    waiting: ['render-queue', 'media/render-queue:6.2'],
    evidence: { 'describe-node.txt': 'describe node worker-9', 'describe-pod.txt': 'describe pod' },
  }),
  pressed({
    id: 'node-pid-pressure-fanout-yaml',
    category: 'node-pid-pressure',
    app: 'fanout',
    log: 'pods.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['The node was low on resource: pids.'],
    hides: 'exit code 137',
    why: 'The kubelet evicted the pod because the node ran out of process ids.',
    namespace: 'fanout',
    node: { name: 'pool-c-4', bad: pids },
    evicted: [['fanout', 'social/fanout:0.9.2', low('pids', '3276', '902')]],
    waiting: ['timeline', 'social/timeline:0.9.2'],
    evidence: {
      'pods.yaml': 'get pod fanout-6c9f7d8b5c-x2k9p -o yaml',
      'nodes.txt': 'get nodes pool-c-4',
    },
  }),
  pressed({
    id: 'node-not-ready-orders-cni-describe',
    category: 'node-not-ready',
    app: 'orders',
    log: 'describe-node.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['cni plugin not initialized'],
    hides: 'FailedScheduling, untolerated taint',
    why: 'The kubelet says that its network plugin is not initialised, so the node is NotReady and takes no pods.',
    namespace: 'orders-live',
    node: {
      name: 'worker-6',
      bad: {
        Ready: [
          'False',
          'KubeletNotReady',
          'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
        ],
      },
    },
    events: [{ type: 'Normal', reason: 'Starting', message: 'Starting kubelet.', ago: 110 }],
    waiting: ['orders', 'shop/orders:2.9.2'],
    evidence: {
      'describe-node.txt': 'describe node worker-6',
      'describe-pod.txt': 'describe pod',
      'nodes.txt': 'get nodes worker-6',
    },
  }),
  pressed({
    id: 'node-not-ready-profile-kubelet-silent-events',
    category: 'node-not-ready',
    app: 'profile',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['NodeNotReady'],
    hides: 'pods that stay Running but are not ready',
    why: 'The kubelet of the node stopped posting its status, so the node controller marked the node and its pods as not ready.',
    namespace: 'profile',
    node: { name: 'worker-8', bad: {} },
    waiting: ['profile', 'accounts/profile:1.8.0'],
    until: [['get events -n default', /NodeNotReady.*worker-8/]],
    settle: 4,
    evidence: {
      'events.txt': (namespace) => bothEvents(namespace, 'worker-8'),
      'describe-node.txt': 'describe node worker-8',
      'pods.txt': 'get pods -o wide',
    },
  }),
  pressed({
    id: 'node-not-ready-pool-runtime-down-yaml',
    category: 'node-not-ready',
    app: 'streaming-api',
    log: 'node.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['container runtime is down'],
    hides: 'Pending',
    why: 'The kubelet cannot reach its container runtime, so the node is NotReady.',
    namespace: 'streaming-eu',
    node: {
      name: 'pool-a-1',
      bad: {
        Ready: [
          'False',
          'KubeletNotReady',
          '[container runtime is down, PLEG is not healthy: pleg was last seen active 6m12.4s ago; threshold is 3m0s]',
        ],
      },
    },
    waiting: ['streaming-api', 'video/streaming-api:3.0.5'],
    evidence: {
      'node.yaml': 'get node pool-a-1 -o yaml',
      'nodes.txt': 'get nodes pool-a-1',
      'events.txt': 'get events',
    },
  }),
];

async function bothEvents(namespace, node) {
  const own = (await kubectl(namespace, 'get events')).text;
  const nodes = (
    await kubectl('default', `get events --field-selector involvedObject.name=${node}`)
  ).text;
  return `$ kubectl get events -n ${namespace}\n${own}\n$ kubectl get events -n default\n${nodes}`;
}

// Few at a time: a node without kubelet counts as ready for 40 s only.
await recordAll(script, scenarios, { atOnce: 3 });
