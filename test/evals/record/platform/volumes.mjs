// volume-mount-failed and volume-attach-conflict.
import { docker as anyDocker, onDocker } from '../lib/docker.mjs';
import { deployment, kubectl, recordAll } from '../lib/kubernetes.mjs';
import { makeNodes, removeNodes } from '../lib/nodes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/volumes.mjs';
const idle = ['sleep', 'infinity'];
const mounted = (name, image, volume, mount = '{ name: data, mountPath: /data }') =>
  deployment(name, {
    image,
    command: idle,
    pod: `volumes: [{ name: data, ${volume} }]`,
    container: `volumeMounts: [${mount}]`,
  });
const volume = (name, claim, source, mode = 'ReadWriteOnce') => `
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${name} }
spec: { capacity: { storage: 10Gi }, accessModes: [${mode}], storageClassName: manual, persistentVolumeReclaimPolicy: Retain, ${source} }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${claim} }
spec: { accessModes: [${mode}], storageClassName: manual, volumeName: ${name}, resources: { requests: { storage: 10Gi } } }
---
`;
const dropVolume = (name) => async () => {
  await run('kubectl', [
    'patch',
    'pv',
    name,
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":null}}',
  ]);
  await run('kubectl', ['delete', 'pv', name, '--wait=false']);
};
const claimed = (claim) => `persistentVolumeClaim: { claimName: ${claim} }`;

const mounts = [
  {
    id: 'volume-mount-failed-gallery-nfs-helper-describe',
    app: 'gallery',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['MountVolume.SetUp failed for volume "gallery-nfs"'],
    program: 'kubernetes 1.34, nfs',
    hides: 'ContainerCreating',
    why: 'The claim is bound, and the NFS volume behind it cannot be mounted on the node; the pod waits in ContainerCreating.',
    namespace: 'gallery',
    manifests:
      volume(
        'gallery-nfs',
        'gallery-photos',
        'nfs: { server: 127.0.0.1, path: /exports/photos }',
        'ReadWriteMany',
      ) + mounted('gallery', 'media/gallery:2.2.0', claimed('gallery-photos')),
    until: [['get events', /FailedMount/]],
    settle: 20,
    after: dropVolume('gallery-nfs'),
    evidence: { 'describe.txt': 'describe pod', 'claims.txt': 'get pvc,pods' },
  },
  {
    id: 'volume-mount-failed-billing-db-csi-driver-events',
    app: 'billing-db',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['driver name ebs.csi.aws.com not found in the list of registered CSI drivers'],
    program: 'kubernetes 1.34, csi',
    hides: 'ContainerCreating',
    why: 'The driver of the volume is not registered on this node, so the kubelet cannot mount what is bound and scheduled.',
    namespace: 'billing-eu',
    before: async () => {
      await run('kubectl', ['apply', '-f', '-'], {
        input:
          'apiVersion: storage.k8s.io/v1\nkind: CSIDriver\nmetadata: { name: ebs.csi.aws.com }\nspec: { attachRequired: false }\n',
      });
    },
    manifests:
      volume(
        'pvc-6f1d2a7e',
        'billing-db-data',
        'csi: { driver: ebs.csi.aws.com, volumeHandle: vol-0c5d1f6b2a9e47d31, fsType: ext4 }',
      ) + mounted('billing-db', 'finance/billing-db:15.4', claimed('billing-db-data')),
    until: [['get events', /FailedMount/]],
    settle: 15,
    after: async () => {
      await dropVolume('pvc-6f1d2a7e')();
      await run('kubectl', ['delete', 'csidriver', 'ebs.csi.aws.com', '--wait=false']);
    },
    evidence: { 'events.txt': 'get events', 'claims.txt': 'get pvc,pods' },
  },
  {
    id: 'volume-mount-failed-geoip-hostpath-type-yaml',
    app: 'geoip',
    log: 'events.yaml',
    form: 'kubectl-yaml',
    split: 'tune',
    proof: ['hostPath type check failed'],
    program: 'kubernetes 1.34, hostPath',
    hides: 'ContainerCreating',
    why: 'The pod mounts a file of the node that is not there.',
    namespace: 'geoip',
    manifests: mounted(
      'geoip',
      'geo/geoip:3.1',
      'hostPath: { path: /srv/geoip/GeoLite2-City.mmdb, type: File }',
      '{ name: data, mountPath: /data/city.mmdb }',
    ),
    until: [['get events', /FailedMount/]],
    settle: 6,
    evidence: {
      'events.yaml': 'get events --field-selector reason=FailedMount -o yaml',
      'pods.txt': 'get pods -o wide',
    },
  },
].map((scenario) => ({ category: 'volume-mount-failed', ...scenario }));

/** A volume whose driver needs attaching, and two nodes that exist only in the API. */
const attached = ({ driver, pv, claim, handle, nodes, ...scenario }) => ({
  category: 'volume-attach-conflict',
  provenance: 'staged',
  before: async () => {
    await run('kubectl', ['apply', '-f', '-'], {
      input: `apiVersion: storage.k8s.io/v1\nkind: CSIDriver\nmetadata: { name: ${driver} }\nspec: { attachRequired: true }\n`,
    });
    await makeNodes(
      nodes.map((name) => ({
        name,
        cpu: '4',
        memory: '16Gi',
        taints: [{ key: 'dedicated', value: 'databases', effect: 'NoSchedule' }],
      })),
    );
    const managed = 'volumes.kubernetes.io/controller-managed-attach-detach=true';
    for (const name of nodes) await run('kubectl', ['annotate', 'node', name, managed]);
    for (const name of nodes)
      await run('kubectl', ['apply', '-f', '-'], {
        input: `apiVersion: storage.k8s.io/v1\nkind: CSINode\nmetadata: { name: ${name} }\nspec: { drivers: [{ name: ${driver}, nodeID: ${name}, topologyKeys: [] }] }\n`,
      });
  },
  after: async (namespace) => {
    await kubectl(namespace, 'delete pod --all --force --grace-period=0 --wait=false');
    const names = (await run('kubectl', ['get', 'volumeattachment', '-o', 'name'])).text
      .split('\n')
      .filter(Boolean);
    for (const name of names) {
      await run('kubectl', [
        'patch',
        name,
        '--type=merge',
        '-p',
        '{"metadata":{"finalizers":null}}',
      ]);
      await run('kubectl', ['delete', name, '--wait=false']);
    }
    await dropVolume(pv)();
    await run('kubectl', ['delete', 'csidriver', driver, '--wait=false']);
    await removeNodes();
  },
  ...scenario,
});
const onNode = (name, node, image, claim) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app.kubernetes.io/name: ${name.replace(/-[^-]+$/, '')} } }
spec:
  nodeName: ${node}
  volumes: [{ name: data, ${claimed(claim)} }]
  containers: [{ name: app, image: '${image}', volumeMounts: [{ name: data, mountPath: /data }] }]
---
`;
/** What the attacher of the driver would report. */
async function report(status) {
  for (let n = 0; n < 20; n += 1) {
    const name = (await run('kubectl', ['get', 'volumeattachment', '-o', 'name'])).text.split(
      '\n',
    )[0];
    if (name)
      return run('kubectl', [
        'patch',
        name,
        '--subresource=status',
        '--type=merge',
        '-p',
        JSON.stringify({ status }),
      ]);
    await sleep(1);
  }
  throw new Error('no volume attachment was made');
}

const conflicts = [
  attached({
    id: 'volume-attach-conflict-orders-db-multi-attach-events',
    app: 'orders-db',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['Multi-Attach error for volume "pvc-9d3c5b1e"'],
    program: 'kubernetes 1.34, csi',
    hides: 'ContainerCreating of the new pod',
    why: 'The volume is ReadWriteOnce and attached to the node of the old pod, so the new pod on another node cannot have it.',
    namespace: 'orders-db',
    driver: 'pd.csi.example.com',
    pv: 'pvc-9d3c5b1e',
    nodes: ['worker-1', 'worker-2'],
    manifests:
      volume(
        'pvc-9d3c5b1e',
        'data-orders-db',
        'csi: { driver: pd.csi.example.com, volumeHandle: disk-48121, fsType: ext4 }',
      ) + onNode('orders-db-7d9f4c6b8-q4xzn', 'worker-1', 'shop/orders-db:15.4', 'data-orders-db'),
    then: async (namespace) => {
      await report({ attached: true });
      await sleep(4);
      await kubectl(namespace, 'apply -f -', {
        input: onNode(
          'orders-db-5c8b7f9d4-m2k7p',
          'worker-2',
          'shop/orders-db:15.5',
          'data-orders-db',
        ),
      });
    },
    until: [['get events', /Multi-Attach/]],
    evidence: {
      'events.txt': 'get events',
      'pods.txt': 'get pods -o wide',
      'attachments.txt': 'get volumeattachment',
    },
  }),
  attached({
    id: 'volume-attach-conflict-mail-store-attach-failed-describe',
    app: 'mail-store',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'held-out',
    proof: ['AttachVolume.Attach failed for volume "pvc-1be04f77"'],
    program: 'kubernetes 1.34, csi',
    hides: 'ContainerCreating',
    why: 'The storage says that the disk is attached to another instance already.',
    namespace: 'mail-store',
    driver: 'block.csi.example.com',
    pv: 'pvc-1be04f77',
    nodes: ['pool-d-1'],
    manifests:
      volume(
        'pvc-1be04f77',
        'mail-store',
        'csi: { driver: block.csi.example.com, volumeHandle: 8f1d77a2-1c43, fsType: xfs }',
      ) + onNode('mail-store-0', 'pool-d-1', 'mail/store:2.3.21', 'mail-store'),
    then: async () => {
      await report({
        attached: false,
        attachError: {
          time: new Date().toISOString(),
          message:
            'rpc error: code = FailedPrecondition desc = disk 8f1d77a2-1c43 is already attached to instance pool-d-3',
        },
      });
    },
    until: [['get events', /FailedAttachVolume/]],
    evidence: {
      'describe.txt': 'describe pod mail-store-0',
      'attachments.txt': 'describe volumeattachment',
    },
  }),
  {
    id: 'volume-attach-conflict-vector-index-rwop-describe',
    category: 'volume-attach-conflict',
    app: 'vector-index',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['ReadWriteOncePod access mode'],
    program: 'kubernetes 1.34',
    hides: 'Pending, FailedScheduling',
    why: 'The claim may be used by one pod only (ReadWriteOncePod) and the old pod still has it, so the new one of the rolling update cannot be placed.',
    namespace: 'vectors',
    manifests:
      volume(
        'vector-index',
        'vector-index',
        'hostPath: { path: /tmp/vector-index, type: DirectoryOrCreate }',
        'ReadWriteOncePod',
      ) + mounted('vector-index', 'search/vector-index:1.9.0', claimed('vector-index')),
    then: async (namespace) => {
      await kubectl(namespace, 'rollout status deployment/vector-index --timeout=60s');
      await kubectl(namespace, 'set env deployment/vector-index RELEASE=1.9.1');
    },
    until: [['get events', /ReadWriteOncePod/]],
    settle: 4,
    after: async () => {
      await dropVolume('vector-index')();
      await run('rm', ['-rf', '/tmp/vector-index']);
    },
    evidence: {
      'describe.txt': async (namespace) =>
        (await kubectl(namespace, 'describe pod --selector=app.kubernetes.io/name=vector-index'))
          .text,
      'pods.txt': 'get pods,pvc',
    },
  },
];

const containers = [
  {
    id: 'volume-mount-failed-exporter-docker-nfs',
    category: 'volume-mount-failed',
    app: 'report-exporter',
    log: 'deploy.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['failed to mount local volume'],
    program: 'docker 20.10',
    hides: 'ERROR: Job failed: exit code 125',
    why: 'The volume is an NFS export that the engine cannot mount, so the container is not started.',
    images: ['reports/exporter:1.4'],
    steps: async (docker) => {
      await docker(
        'volume create --driver local --opt type=nfs --opt o=addr=127.0.0.1,rw,soft,timeo=10,retrans=1 --opt device=:/exports/reports reports-out',
      );
      const line =
        'run -d --name report-exporter -v reports-out:/out reports/exporter:1.4 python3 -m http.server 8000';
      const { code, text } = await docker(line, { seconds: 120 });
      return {
        'deploy.log': `[04:00:12] deploy report-exporter 1.4\n$ docker ${line}\n${text}[04:00:15] ERROR: Job failed: exit code ${code}\n`,
        'volume.json': (await anyDocker('volume inspect reports-out')).text,
      };
    },
  },
  {
    id: 'volume-mount-failed-proxy-docker-file-onto-folder',
    category: 'volume-mount-failed',
    app: 'front-proxy',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['Are you trying to mount a directory onto a file (or vice-versa)?'],
    program: 'docker 20.10, runc 1.1',
    hides: 'ERROR: Job failed: exit code 125',
    why: 'The host has a folder where a configuration file is expected, so runc cannot mount it over the file of the image.',
    images: ['edge/front-proxy:2.6'],
    steps: async (docker) => {
      await run('mkdir', ['-p', '/srv/front-proxy/haproxy.cfg']);
      const line =
        'run -d --name front-proxy -v /srv/front-proxy/haproxy.cfg:/etc/haproxy/haproxy.cfg:ro edge/front-proxy:2.6 haproxy -f /etc/haproxy/haproxy.cfg';
      const { code, text } = await docker(line);
      const ps = (await anyDocker('ps -a --filter name=front-proxy')).text;
      await run('rm', ['-rf', '/srv/front-proxy']);
      return {
        'deploy.log': `[11:20:31] deploy front-proxy 2.6\n$ docker ${line}\n${text}[11:20:33] ERROR: Job failed: exit code ${code}\n`,
        'ps.txt': ps,
      };
    },
  },
].map(onDocker);

await recordAll(script, [...mounts, ...conflicts, ...containers], {
  atOnce: 4,
});
