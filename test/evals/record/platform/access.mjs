// forbidden-rbac and docker-unreachable.
import { mkdir, writeFile } from 'node:fs/promises';
import { onDocker } from '../lib/docker.mjs';
import { deployment, recordAll } from '../lib/kubernetes.mjs';
import { run } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/access.mjs';
const root = process.env.RECORD_ROOTFS ?? '/tmp/rec/rootfs';
const small = 'resources: { requests: { cpu: 10m, memory: 64Mi } }';
const account = (name, rules = '') => `
apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name} }
---
${
  rules &&
  `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: ${name} }
rules: ${rules}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: ${name} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${name} }
subjects: [{ kind: ServiceAccount, name: ${name} }]
---
`
}`;

/** Runs a pipeline job's shell lines with the rights of a service account, as a CI runner does. */
async function asAccount(namespace, name, lines) {
  const token = (await run('kubectl', ['-n', namespace, 'create', 'token', name])).text.trim();
  const config = `/tmp/record-${namespace}.conf`;
  const server = (
    await run('kubectl', [
      'config',
      'view',
      '--minify',
      '-o',
      'jsonpath={.clusters[0].cluster.server}',
    ])
  ).text;
  await writeFile(
    config,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'ci',
      preferences: {},
      clusters: [{ name: 'prod', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name, user: { token } }],
      contexts: [{ name: 'ci', context: { cluster: 'prod', user: name, namespace } }],
    }),
    { mode: 0o600 },
  );
  return (await run('bash', ['-c', lines], { env: { KUBECONFIG: config } })).text;
}

const rbac = [
  {
    id: 'forbidden-rbac-order-controller-pods',
    category: 'forbidden-rbac',
    app: 'order-controller',
    log: 'order-controller-previous.log',
    form: 'application-log',
    split: 'tune',
    proof: ['cannot list resource \\"pods\\"'],
    program: 'python 3.11 against kubernetes 1.34',
    hides: 'timed out waiting for cache to be synced, CrashLoopBackOff',
    why: 'The service account may not list pods; the controller gives up with a time-out of its cache, which is only the consequence.',
    namespace: 'operators',
    manifests:
      account(
        'order-controller',
        '[{ apiGroups: [""], resources: [configmaps], verbs: [get, list] }]',
      ) +
      deployment('order-controller', {
        image: 'shop/order-controller:0.7.2',
        command: ['python3', '-u', '/srv/app/orderController.py'],
        pod: 'serviceAccountName: order-controller',
        container: small,
      }),
    until: [['describe pod', /CrashLoopBackOff/]],
    evidence: {
      'order-controller-previous.log': 'logs deployment/order-controller --previous',
      'events.txt': 'get events',
    },
  },
  {
    id: 'forbidden-rbac-preview-cleaner-curl-job',
    category: 'forbidden-rbac',
    app: 'preview-cleaner',
    log: 'preview-cleaner.log',
    form: 'json-lines',
    split: 'held-out',
    proof: ['"reason": "Forbidden"', 'cannot delete resource'],
    program: 'curl 7.88 against kubernetes 1.34',
    hides: 'BackoffLimitExceeded, curl: (22) 403',
    why: "The job's service account may list deployments but not delete them; the Job only reports that its back-off limit is reached.",
    namespace: 'previews',
    manifests:
      account(
        'preview-cleaner',
        '[{ apiGroups: [apps], resources: [deployments], verbs: [get, list] }]',
      ) +
      `
apiVersion: v1
kind: ConfigMap
metadata: { name: preview-cleaner }
data:
  clean.sh: |
    api=https://$KUBERNETES_SERVICE_HOST/apis/apps/v1/namespaces/previews/deployments
    account=/var/run/secrets/kubernetes.io/serviceaccount
    call() { curl -sS --cacert $account/ca.crt -H "Authorization: Bearer $(cat $account/token)" "$@"; }
    echo "preview-cleaner 1.2: removing previews older than 72h, errors=0"
    echo "previews found: $(call $api | grep -c '"kind": "Deployment"')"
    echo "DELETE preview-mr-1873"
    call -X DELETE $api/preview-mr-1873
    call -f -o /dev/null -X DELETE $api/preview-mr-1873 || exit 1
---
apiVersion: batch/v1
kind: Job
metadata: { name: preview-cleaner-29389300 }
spec:
  backoffLimit: 1
  template:
    metadata: { labels: { app.kubernetes.io/name: preview-cleaner } }
    spec:
      restartPolicy: Never
      serviceAccountName: preview-cleaner
      volumes: [{ name: scripts, configMap: { name: preview-cleaner } }]
      containers:
        - name: preview-cleaner
          image: tools/preview-cleaner:1.2
          imagePullPolicy: IfNotPresent
          command: [sh, /scripts/clean.sh]
          volumeMounts: [{ name: scripts, mountPath: /scripts }]
`,
    until: [['get events', /BackoffLimitExceeded/]],
    evidence: {
      'preview-cleaner.log': 'logs -l app.kubernetes.io/name=preview-cleaner --tail=-1',
      'events.txt': 'get events',
    },
  },
  {
    id: 'forbidden-rbac-ci-deployer-kubectl',
    category: 'forbidden-rbac',
    app: 'checkout',
    log: 'pipeline.log',
    form: 'application-log',
    split: 'tune',
    proof: ['deployments.apps "checkout" is forbidden'],
    program: 'kubectl 1.34',
    hides: 'ERROR: Job failed: exit code 1',
    why: "The pipeline's account may read deployments but not patch them.",
    namespace: 'shop-live',
    manifests:
      account(
        'ci-deployer',
        '[{ apiGroups: [apps], resources: [deployments], verbs: [get, list] }, { apiGroups: [""], resources: [pods], verbs: [get, list] }]',
      ) +
      deployment('checkout', {
        image: 'shop/checkout:3.8.0',
        command: ['sleep', 'infinity'],
        container: small,
      }),
    until: [['get pods', /Running/]],
    evidence: {
      'pipeline.log': (namespace) =>
        asAccount(
          namespace,
          'ci-deployer',
          `
echo "Running with runner 17.5.0 on ci-runner-2"
echo '$ kubectl get deployment checkout'
kubectl get deployment checkout
echo '$ kubectl set image deployment/checkout checkout=shop/checkout:3.8.1'
kubectl set image deployment/checkout checkout=shop/checkout:3.8.1
echo "Running after_script"
echo "0 artifacts uploaded"
echo "ERROR: Job failed: exit code 1"`,
        ),
      'pods.txt': 'get pods',
    },
  },
  {
    id: 'forbidden-rbac-helm-upgrade-secrets',
    category: 'forbidden-rbac',
    app: 'catalog',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['secrets is forbidden'],
    program: 'helm 3 against kubernetes 1.34',
    hides: 'Error: query: failed to query with labels; UPGRADE FAILED',
    why: 'Helm keeps its releases in Secrets; the account of the pipeline may not list them.',
    namespace: 'catalog-live',
    manifests: account(
      'release-bot',
      '[{ apiGroups: [apps], resources: [deployments], verbs: ["*"] }]',
    ),
    evidence: {
      'deploy.log': async (namespace) => {
        const chart = '/tmp/record-chart/catalog';
        await mkdir(`${chart}/templates`, { recursive: true });
        await writeFile(`${chart}/Chart.yaml`, 'apiVersion: v2\nname: catalog\nversion: 1.0.9\n');
        await writeFile(
          `${chart}/templates/cm.yaml`,
          'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: catalog }\n',
        );
        return asAccount(
          namespace,
          'release-bot',
          `
cd /tmp/record-chart
echo "==> lint"; helm lint catalog --quiet && echo "1 chart(s) linted, 0 chart(s) failed"
echo "==> helm upgrade --install catalog ./catalog -n ${namespace} --wait --timeout 20s"
helm upgrade --install catalog ./catalog -n ${namespace} --wait --timeout 20s
echo "deploy of catalog 1.0.9 failed, status 1; see the wiki page 'Rollback'"`,
        );
      },
    },
  },
];

const ciFile = 'version: "3.8"\nservices:\n  web: { image: "shop/web:0.9" }\n';
const inChroot = (line, more = []) =>
  run('chroot', [...more, root, 'sh', '-c', line], { env: { DOCKER_HOST: '', HOME: '/tmp' } });

const docker = [
  {
    id: 'docker-unreachable-ci-build-no-daemon',
    category: 'docker-unreachable',
    app: null,
    log: 'build.log',
    form: 'application-log',
    split: 'tune',
    proof: [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    ],
    program: 'docker CLI 28',
    hides: 'make: *** [Makefile:3: image] Error 1',
    why: 'No engine listens on the socket; the last lines are those of make.',
    onDocker: async () => {
      const folder = '/tmp/build';
      await mkdir(folder, { recursive: true });
      await writeFile(`${folder}/Dockerfile`, 'FROM base/debian:12\n');
      const recipe =
        '\t@echo "unit tests: 412 passed, 0 failed"\n\tdocker build -t shop/web:0.9 .\n';
      await writeFile(`${folder}/Makefile`, `image:\n${recipe}`);
      const { text } = await run('env', [
        '-u',
        'DOCKER_HOST',
        'DOCKER_BUILDKIT=0',
        'make',
        '-C',
        folder,
        'image',
      ]);
      return { 'build.log': text };
    },
  },
  {
    id: 'docker-unreachable-deploy-socket-permission',
    category: 'docker-unreachable',
    app: null,
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['permission denied while trying to connect to the Docker daemon socket'],
    program: 'docker CLI 28 against docker 20.10',
    hides: 'deploy exit code 1, dial unix',
    why: 'The engine runs; the user deploy is not in the group docker.',
    onDocker: async () => {
      const socket = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
      const lines = `id; echo '+ docker ps --filter name=web'; docker ps --filter name=web; echo '+ docker pull shop/web:0.9'; docker pull shop/web:0.9; echo "deploy.sh: giving up after exit code $?"`;
      const { text } = await run(
        'setpriv',
        ['--reuid=1007', '--regid=1007', '--clear-groups', 'bash', '-c', lines],
        { env: { DOCKER_HOST: socket, HOME: '/tmp' } },
      );
      return { 'deploy.log': text };
    },
  },
  {
    id: 'docker-unreachable-compose-python',
    category: 'docker-unreachable',
    app: null,
    log: 'compose.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['Error while fetching server API version'],
    program: 'docker-compose 1.29, python docker SDK',
    hides: 'a Python traceback that ends in DockerException',
    why: 'The long traceback is that of the SDK; at its root the socket does not exist.',
    onDocker: async () => {
      await mkdir(`${root}/srv/web`, { recursive: true });
      await writeFile(`${root}/srv/web/docker-compose.yml`, ciFile);
      const { text } = await inChroot('unset DOCKER_HOST; cd /srv/web; docker-compose up -d');
      const sdk = await inChroot(
        "unset DOCKER_HOST; python3 -c 'import docker; docker.from_env().ping()'",
      );
      return { 'compose.log': `${text}${sdk.text}` };
    },
  },
  {
    id: 'docker-unreachable-tcp-host-prune',
    category: 'docker-unreachable',
    app: 'image-cleaner',
    log: 'image-cleaner.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['Cannot connect to the Docker daemon at tcp://127.0.0.1:2375'],
    program: 'docker CLI 28',
    hides: 'disk of the build host at 91%, exit code 1',
    why: 'DOCKER_HOST points to a port where nothing listens, so nothing is pruned; that the disk fills is what follows.',
    onDocker: async () => {
      const lines = `stamp() { echo "$(date -u +%FT%TZ) image-cleaner: $*"; }
stamp "started, threshold 85%, /var/lib/docker at 91%"
stamp "last successful run 2026-11-14T03:00:11Z, 41 images removed, 0 errors"
docker image prune -af --filter until=168h; code=$?
stamp "prune ended with exit code $code, 0 images removed"
stamp "disk still at 91%, alerting build-team"`;
      return {
        'image-cleaner.log': (
          await run('bash', ['-c', lines], { env: { DOCKER_HOST: 'tcp://127.0.0.1:2375' } })
        ).text,
      };
    },
  },
];

const all = [...rbac, ...docker].map(({ onDocker: steps, ...scenario }) =>
  steps ? onDocker({ ...scenario, steps }) : scenario,
);
await recordAll(script, all);
