// What a kubelet says of a node that runs out of something. The kubelets are real, with a containerd of their
// own, and thresholds so near that what a pod takes crosses them, on a control plane of its own.
// Needs KUBE_BINARY, etcd, containerd, a static busybox and root. One at a time.
import { statfs } from 'node:fs/promises';
import { kubeletOn } from '../lib/kubelet.mjs';
import { recordAll } from '../lib/kubernetes.mjs';
import {
  logged,
  onPlane,
  seen,
  startManager,
  startScheduler,
  tail,
  workloads,
} from '../lib/plane.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/kubeletLogs.mjs';

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
    startManager(own, workloads);
    startScheduler(own);
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

const scenarios = [
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
].map((scenario) => onPlane({ form: 'application-log', split: 'held-out', ...pressed(scenario) }));

await recordAll(script, scenarios, { atOnce: 1 });
