// image-not-found and image-unauthorized, against registries that answer 404, 401 and 403.
import { docker as anyDocker, onDocker } from '../lib/docker.mjs';
import { deployment, kubectl, recordAll } from '../lib/kubernetes.mjs';
import { run } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/images.mjs';
const pullSecret = (name, user, password) => async (namespace) => {
  await run('kubectl', [
    '-n',
    namespace,
    'create',
    'secret',
    'docker-registry',
    name,
    '--docker-server=images.corp.example',
    `--docker-username=${user}`,
    `--docker-password=${password}`,
  ]);
};

const kubernetes = [
  {
    id: 'image-not-found-checkout-tag-describe',
    category: 'image-not-found',
    app: 'checkout',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['images.corp.example/retail/checkout:3.9.O: not found'],
    program: 'kubernetes 1.34, containerd, docker-registry 2.8',
    hides: 'ImagePullBackOff',
    why: 'The tag is written with the letter O; the registry answers not found, with valid credentials.',
    namespace: 'retail',
    pulls: true,
    before: pullSecret('regcred', 'deployer', 'deployer-pass'),
    manifests: deployment('checkout', {
      image: 'images.corp.example/retail/checkout:3.9.O',
      pod: 'imagePullSecrets: [{ name: regcred }]',
    }),
    until: [
      ['get events', /not found/],
      ['get pods', /ImagePullBackOff/],
    ],
    evidence: { 'describe.txt': 'describe pod', 'events.txt': 'get events' },
  },
  {
    id: 'image-not-found-blog-service-rollout-events',
    category: 'image-not-found',
    app: 'blog-service',
    log: 'events.txt',
    form: 'events',
    split: 'held-out',
    proof: ['not found'],
    program: 'kubernetes 1.34, containerd',
    hides: 'exceeded its progress deadline',
    why: 'The build of the new release was never pushed: old pods serve, new ones cannot pull, the rollout times out.',
    namespace: 'blog',
    manifests: deployment('blog-service', {
      image: 'blog/blog-service:2.3.1',
      command: ['gunicorn', '--chdir', '/srv/app', '--bind', '0.0.0.0:8005', 'blog:application'],
      replicas: 2,
      strategy: 'progressDeadlineSeconds: 20',
      container: 'env: [{ name: JWT_SECRET_KEY, value: from-vault }]',
    }),
    then: async (namespace) => {
      await kubectl(namespace, 'rollout status deployment/blog-service --timeout=40s');
      await kubectl(
        namespace,
        'set image deployment/blog-service blog-service=registry.corp.example/web/blog-service:2.4.0-rc7',
      );
    },
    until: [
      ['get events', /Failed to pull/],
      ['get deployment blog-service -o yaml', /ProgressDeadlineExceeded/],
    ],
    evidence: {
      'events.txt': 'get events',
      'pods.txt': 'get pods',
      'rollout.txt': 'rollout status deployment/blog-service --timeout=2s',
    },
  },
  {
    id: 'image-not-found-batch-never-pull-yaml',
    category: 'image-not-found',
    app: 'invoice-batch',
    log: 'pod.yaml',
    form: 'kubectl-yaml',
    split: 'tune',
    proof: ['ErrImageNeverPull'],
    program: 'kubernetes 1.34',
    hides: 'Pending, ContainersNotReady',
    why: 'The pull policy is Never and the image is not on the node.',
    namespace: 'invoicing',
    pulls: true,
    manifests: `
apiVersion: batch/v1
kind: Job
metadata: { name: invoice-batch }
spec:
  template:
    metadata: { labels: { app: invoice-batch } }
    spec: { restartPolicy: Never, containers: [{ name: invoice-batch, image: 'invoicing/batch:2026.11', imagePullPolicy: Never }] }
`,
    until: [['get pods', /ErrImageNeverPull/]],
    evidence: { 'pod.yaml': 'get pods -o yaml', 'events.txt': 'get events' },
  },
  {
    id: 'image-unauthorized-payments-api-denied-describe',
    category: 'image-unauthorized',
    app: 'payments-api',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['403 Forbidden'],
    program: 'kubernetes 1.34, containerd, token registry',
    hides: 'ImagePullBackOff',
    why: 'The registry refuses the anonymous token with 403; the image may well exist.',
    namespace: 'payments-stage',
    pulls: true,
    manifests: deployment('payments-api', {
      image: 'registry.corp.example/shop/payments-api:7.3.1',
    }),
    until: [
      ['get events', /403|denied/],
      ['get pods', /ImagePullBackOff/],
    ],
    evidence: { 'describe.txt': 'describe pod' },
  },
  {
    id: 'image-unauthorized-billing-401-events',
    category: 'image-unauthorized',
    app: 'billing-sync',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['401'],
    program: 'kubernetes 1.34, containerd, token registry',
    hides: 'Back-off pulling image',
    why: 'The registry wants authentication (401), the pod has no pull secret.',
    namespace: 'billing',
    pulls: true,
    manifests: deployment('billing-sync', {
      image: 'registry.corp.example/billing/sync:0.44.2',
      replicas: 2,
    }),
    until: [
      ['get events', /401|unauthorized/],
      ['get pods', /ImagePullBackOff/],
    ],
    evidence: { 'events.txt': 'get events', 'pods.txt': 'get pods' },
  },
  {
    id: 'image-unauthorized-catalog-stale-pull-secret',
    category: 'image-unauthorized',
    app: 'catalog',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'held-out',
    proof: ['401 Unauthorized'],
    program: 'kubernetes 1.34, containerd, docker-registry 2.8 with htpasswd',
    hides: 'ErrImagePull',
    why: 'The pull secret is there, but its password is no longer accepted.',
    namespace: 'catalog',
    pulls: true,
    before: pullSecret('regcred', 'deployer', 'rotated-last-week'),
    manifests: deployment('catalog', {
      image: 'images.corp.example/retail/catalog:1.0.9',
      pod: 'imagePullSecrets: [{ name: regcred }]',
    }),
    until: [
      ['get events', /Failed to pull/],
      ['get pods', /ImagePullBackOff/],
    ],
    evidence: { 'describe.txt': 'describe pod', 'pods.txt': 'get pods -o wide' },
  },
  {
    id: 'image-unauthorized-loyalty-pull-secret-missing',
    category: 'image-unauthorized',
    app: 'loyalty',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['Unable to retrieve some image pull secrets (regcred-prod)'],
    program: 'kubernetes 1.34, containerd, docker-registry 2.8',
    hides: 'ImagePullBackOff',
    why: 'The pull secret that the pod names does not exist, so the pull goes without credentials and is refused.',
    namespace: 'loyalty',
    pulls: true,
    manifests: deployment('loyalty', {
      image: 'images.corp.example/retail/loyalty:4.0.0',
      pod: 'imagePullSecrets: [{ name: regcred-prod }]',
    }),
    until: [
      ['get events', /FailedToRetrieveImagePullSecret/],
      ['get events', /Failed to pull/],
      ['get pods', /ImagePullBackOff/],
    ],
    evidence: { 'events.txt': 'get events --sort-by=.lastTimestamp', 'pods.txt': 'get pods' },
  },
];

const config = '/tmp/record-docker-config';
const containers = [
  onDocker({
    id: 'image-not-found-frontend-docker-run',
    category: 'image-not-found',
    app: 'frontend',
    log: 'deploy.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['manifest unknown'],
    program: 'docker 20.10, docker-registry 2.8',
    hides: "Unable to find image locally; deploy script's exit code 125",
    why: 'The registry knows no such tag; the script ends with the exit code 125 of docker run.',
    steps: async () => {
      await anyDocker(`--config ${config} login -u deployer --password-stdin images.corp.example`, {
        input: 'deployer-pass',
      });
      const deploy = `set -x; docker --config ${config} version --format '{{.Server.Version}}'; docker --config ${config} run -d --name frontend -p 3080:3000 images.corp.example/retail/frontend:2026-11-20; echo "deploy.sh: step 'start frontend' failed with exit code $?" >&2`;
      const { text } = await run('bash', ['-c', deploy]);
      return { 'deploy.log': text.replaceAll(` --config ${config}`, '') };
    },
  }),
  onDocker({
    id: 'image-unauthorized-frontend-docker-pull',
    category: 'image-unauthorized',
    app: 'frontend',
    log: 'ci.log',
    form: 'docker-logs',
    split: 'held-out',
    proof: ['no basic auth credentials'],
    program: 'docker 20.10, docker-registry 2.8 with htpasswd',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'The job never logged in to the registry; the last line only says that the job failed.',
    steps: async () => {
      const job = `echo "Running on runner-7fk2 via ci-host-3..."; echo "Getting source from Git repository"; echo "Checking out 9c41d7e2 as main..."; echo '$ docker pull images.corp.example/retail/frontend:2026-11-18'; docker pull images.corp.example/retail/frontend:2026-11-18; echo "Cleaning up project directory and file based variables"; echo "ERROR: Job failed: exit code 1"`;
      return {
        'ci.log': (
          await run('bash', ['-c', job], { env: { DOCKER_CONFIG: '/tmp/record-docker-none' } })
        ).text,
      };
    },
  }),
  onDocker({
    id: 'image-unauthorized-worker-docker-denied',
    category: 'image-unauthorized',
    app: 'mail-worker',
    log: 'docker-run.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['denied'],
    program: 'docker 20.10, token registry',
    hides: 'repository does not exist or may require docker login',
    why: 'The registry answers 403 denied; Docker also offers that the repository may not exist, but denied is what was answered.',
    steps: async () => {
      const job = `docker run --rm registry.corp.example/shop/mail-worker:8.1`;
      return {
        'docker-run.log': (
          await run(
            'bash',
            ['-c', `echo '$ ${job}'; ${job}; code=$?; echo '$ echo $?'; echo $code`],
            { env: { DOCKER_CONFIG: '/tmp/record-docker-none' } },
          )
        ).text,
      };
    },
  }),
];

await recordAll(script, [...kubernetes, ...containers]);
