// ephemeral-storage-evicted.
import { deployment, kubectl, recordAll } from '../lib/kubernetes.mjs';

const script = 'test/evals/record/platform/eviction.mjs';

const evicted = [
  {
    id: 'ephemeral-storage-evicted-preview-renderer-limit-describe',
    app: 'preview-renderer',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['Container preview-renderer exceeded its local ephemeral storage limit "64Mi"'],
    program: 'python 3.11 in a pod, kubernetes 1.34',
    hides: 'Status: Failed, exit code 137, a replacement pod that works so far',
    why: 'The container wrote its previews into its own file system, past its limit of 64Mi for local storage; the kubelet evicted the pod and killed it.',
    namespace: 'previews',
    manifests: deployment('preview-renderer', {
      image: 'media/preview-renderer:3.2.0',
      command: ['python3', '-u', '/tmp/app/renderer.py'],
      pod: 'volumes: [{ name: app, configMap: { name: app } }]',
      container: `resources: { limits: { ephemeral-storage: 64Mi } }
volumeMounts: [{ name: app, mountPath: /tmp/app }]`,
      sidecars: `- name: metrics
  image: media/preview-renderer:3.2.0
  imagePullPolicy: IfNotPresent
  command: [sleep, infinity]
  resources: { limits: { ephemeral-storage: 1Gi } }`,
    }),
    until: [['get pods', /Error|Evicted|ContainerStatusUnknown/]],
    evidence: {
      'describe.txt': async (namespace) => {
        const pods = (
          await kubectl(namespace, 'get pods --field-selector status.phase=Failed -o name')
        ).text;
        return (await kubectl(namespace, `describe ${pods.split('\n')[0]}`)).text;
      },
      'pods.txt': 'get pods',
      'preview-renderer.log': 'logs -l app.kubernetes.io/name=preview-renderer --tail=15',
    },
  },
  {
    id: 'ephemeral-storage-evicted-etl-emptydir-events',
    app: 'etl-stage',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['Usage of EmptyDir volume "staging" exceeds the limit "40Mi"'],
    program: 'shell job in a pod, kubernetes 1.34',
    hides: 'BackoffLimitExceeded of the job',
    why: 'The staging folder of the job outgrew the size limit of its emptyDir volume; the pod was evicted and the job gave up.',
    namespace: 'etl',
    manifests: `
apiVersion: batch/v1
kind: Job
metadata: { name: etl-stage-29389440 }
spec:
  backoffLimit: 0
  template:
    metadata: { labels: { app.kubernetes.io/name: etl-stage } }
    spec:
      restartPolicy: Never
      volumes: [{ name: staging, emptyDir: { sizeLimit: 40Mi } }]
      containers:
        - name: etl-stage
          image: data/etl-stage:8.1
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'for t in customers orders refunds items events clicks; do echo "$(date -u +%T) stage: table $t unloaded to /staging/$t.csv"; head -c 15000000 /dev/urandom > /staging/$t.csv; sleep 3; done; sleep 600']
          volumeMounts: [{ name: staging, mountPath: /staging }]
`,
    until: [
      ['get events', /Evicted/],
      ['get jobs', /Failed/],
    ],
    settle: 3,
    evidence: { 'events.txt': 'get events', 'jobs.txt': 'get jobs,pods' },
  },
  {
    id: 'ephemeral-storage-evicted-session-store-redis-events',
    app: 'session-store',
    log: 'events.txt',
    form: 'events',
    split: 'held-out',
    proof: ['Pod ephemeral local storage usage exceeds the total limit of containers 48Mi.'],
    program: 'redis 7.0 in a pod, kubernetes 1.34',
    hides: 'Completed, exit code 0',
    why: 'The append-only file of Redis and the volume next to it are together larger than the limits of the containers of the pod. Redis left in good order when it was told to, which hides the eviction.',
    namespace: 'sessions-store',
    manifests: `
apiVersion: v1
kind: Pod
metadata: { name: session-store-0, labels: { app.kubernetes.io/name: session-store } }
spec:
  terminationGracePeriodSeconds: 5
  volumes: [{ name: data, emptyDir: {} }]
  containers:
    - name: session-store
      image: shop/redis:7.0.15
      imagePullPolicy: IfNotPresent
      command: [redis-server, --dir, /data, --appendonly, 'yes', --auto-aof-rewrite-percentage, '0', --save, '']
      resources: { limits: { ephemeral-storage: 48Mi } }
      volumeMounts: [{ name: data, mountPath: /data }]
`,
    then: async (namespace) => {
      await kubectl(namespace, 'wait --for=condition=Ready pod/session-store-0 --timeout=60s');
      for (let i = 0; i < 4; i += 1)
        await kubectl(
          namespace,
          `exec session-store-0 -- redis-cli eval 'for i=1,1700 do redis.call("set","s:"..i,string.rep("x",10000)) end' 0`,
        );
    },
    until: [['get events', /Evicted/]],
    settle: 4,
    evidence: {
      'events.txt': 'get events',
      'pod.yaml': 'get pods -o yaml',
      'pods.txt': 'get pods',
    },
  },
].map((scenario) => ({ category: 'ephemeral-storage-evicted', before: giveApp, ...scenario }));

async function giveApp(namespace) {
  await kubectl(
    namespace,
    'create configmap app --from-file=test/evals/record/platform/apps/renderer.py',
  );
}

await recordAll(script, evicted);
