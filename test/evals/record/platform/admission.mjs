// quota-exceeded, admission-denied and webhook-unavailable.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployment, kubectl, nameImages, recordAll, service } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/admission.mjs';
const idle = ['sleep', 'infinity'];
const sized = (cpu, memory) =>
  `resources: { requests: { cpu: ${cpu}, memory: ${memory} }, limits: { cpu: ${cpu}, memory: ${memory} } }`;
const quota = (name, hard) => `
apiVersion: v1
kind: ResourceQuota
metadata: { name: ${name} }
spec: { hard: ${JSON.stringify(hard)} }
---
`;
/** What a pipeline prints that applies manifests given on standard input. */
const applied = async (namespace, manifests, label) => {
  const { code, text } = await kubectl(namespace, 'apply -f -', { input: manifests });
  return `$ kubectl -n ${namespace} apply -f - < ${label}\n${text}ERROR: Job failed: exit code ${code}\n`;
};

const quotas = [
  {
    id: 'quota-exceeded-catalog-rollout-describe',
    app: 'catalog',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['exceeded quota: team-shop'],
    hides: 'exceeded its progress deadline',
    why: 'The new pods of the rollout do not fit in what the quota of the namespace leaves; the deployment then misses its deadline.',
    namespace: 'shop-eu',
    manifests:
      quota('team-shop', { 'requests.cpu': '250m', 'requests.memory': '256Mi', pods: '20' }) +
      deployment('catalog', {
        image: 'shop/catalog:8.0.0',
        command: idle,
        replicas: 2,
        strategy: 'progressDeadlineSeconds: 15',
        container: sized('100m', '64Mi'),
      }),
    then: async (namespace) => {
      await kubectl(namespace, 'rollout status deployment/catalog --timeout=60s');
      await kubectl(namespace, 'set env deployment/catalog RELEASE=8.0.1');
    },
    until: [['get deployment catalog -o yaml', /ProgressDeadlineExceeded/]],
    evidence: {
      'describe.txt': 'describe deployment catalog',
      'replicasets.txt': 'describe replicaset',
      'rollout.txt': 'rollout status deployment/catalog --timeout=2s',
    },
  },
  {
    id: 'quota-exceeded-report-jobs-events',
    app: 'report-monthly',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['exceeded quota: batch-pods'],
    hides: 'the job that is never started',
    why: 'The namespace may hold two pods, and two are there already; the job controller cannot make its pod.',
    namespace: 'reporting',
    manifests:
      quota('batch-pods', { pods: '2' }) +
      deployment('report-api', { image: 'reports/api:2.1', command: idle, replicas: 2 }) +
      `
apiVersion: batch/v1
kind: Job
metadata: { name: report-monthly }
spec:
  template:
    metadata: { labels: { app.kubernetes.io/name: report-monthly } }
    spec: { restartPolicy: Never, containers: [{ name: report-monthly, image: 'reports/monthly:6', imagePullPolicy: IfNotPresent, command: [sleep, '5'] }] }
`,
    until: [['get events', /exceeded quota/]],
    settle: 12,
    evidence: { 'events.txt': 'get events', 'jobs.txt': 'get jobs,pods', 'quota.txt': 'get quota' },
  },
  {
    id: 'quota-exceeded-search-scale-yaml',
    app: 'search',
    log: 'replicaset.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['exceeded quota: search-compute'],
    hides: 'two of four replicas ready',
    why: 'The deployment was scaled to four; the limits of memory that the quota grants suffice for two.',
    namespace: 'search-live',
    manifests:
      quota('search-compute', { 'limits.memory': '300Mi' }) +
      deployment('search', {
        image: 'search/search-api:5.1.1',
        command: idle,
        replicas: 2,
        container: sized('20m', '128Mi'),
      }),
    then: async (namespace) => {
      await kubectl(namespace, 'rollout status deployment/search --timeout=60s');
      await kubectl(namespace, 'scale deployment/search --replicas=4');
    },
    until: [['get replicaset -o yaml', /exceeded quota/]],
    evidence: { 'replicaset.yaml': 'get replicaset -o yaml', 'deployments.txt': 'get deploy,pods' },
  },
  {
    id: 'quota-exceeded-media-pipeline-claim',
    app: 'media-store',
    log: 'pipeline.log',
    form: 'application-log',
    split: 'tune',
    proof: ['exceeded quota: storage'],
    program: 'kubernetes 1.34, kubectl',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'The claim asks for more storage than the quota of the namespace has left; nothing else of the release is wrong.',
    namespace: 'media-eu',
    manifests: quota('storage', { 'requests.storage': '50Gi', persistentvolumeclaims: '4' }),
    then: () => sleep(4),
    evidence: {
      'pipeline.log': (namespace) =>
        applied(
          namespace,
          `${service('media-store', 8080)}
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: media-store }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 80Gi } } }
`,
          'deploy/media-store.yaml',
        ),
    },
  },
].map((scenario) => ({ category: 'quota-exceeded', program: 'kubernetes 1.34', ...scenario }));

const policy = (name, resources, expression, message, namespace) => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: ${name} }
spec:
  failurePolicy: Fail
  matchConstraints: { resourceRules: [{ apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [${resources}] }] }
  validations: [{ expression: ${JSON.stringify(expression)}, message: ${JSON.stringify(message)} }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: ${name} }
spec:
  policyName: ${name}
  validationActions: [Deny]
  matchResources: { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${namespace} } } }
`;
const webhook = (name, namespace, client, caBundle, timeout = 5) =>
  JSON.stringify({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name: `validate.${name}.corp.example`,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        timeoutSeconds: timeout,
        failurePolicy: 'Fail',
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        rules: [
          {
            apiGroups: ['', 'apps'],
            apiVersions: ['v1'],
            operations: ['CREATE'],
            resources: ['pods', 'deployments', 'configmaps'],
          },
        ],
        clientConfig: { service: client, caBundle },
      },
    ],
  });
const dropWebhook = (name) => () =>
  run('kubectl', ['delete', 'validatingwebhookconfiguration', name, '--wait=false']);

/** Starts fixtures/webhook.mjs in a pod behind the service `guard`; returns the CA of its certificate. */
async function guard(namespace, message, delay = 0) {
  const folder = await mkdtemp(join(tmpdir(), 'webhook-'));
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  await run('openssl', [
    ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30'.split(' '),
    ...[
      '-subj',
      `/CN=guard.${namespace}.svc`,
      '-addext',
      `subjectAltName=DNS:guard.${namespace}.svc`,
    ],
    ...['-keyout', key, '-out', cert],
  ]);
  const here = 'test/evals/record/platform/fixtures/webhook.mjs';
  await kubectl(
    namespace,
    `create secret generic guard --from-file=${cert} --from-file=${key} --from-file=${here}`,
  );
  const pod = deployment('guard', {
    image: 'policy/guard:1.4',
    command: [
      'node',
      '/tls/webhook.mjs',
      '8443',
      '/tls/tls.crt',
      '/tls/tls.key',
      message,
      String(delay),
    ],
    pod: 'volumes: [{ name: tls, secret: { secretName: guard } }]',
    container: `volumeMounts: [{ name: tls, mountPath: /tls }]
readinessProbe: { tcpSocket: { port: 8443 }, periodSeconds: 1 }`,
  });
  await nameImages(pod);
  await kubectl(namespace, 'apply -f -', { input: pod + service('guard', 443, 8443) });
  await kubectl(namespace, 'rollout status deployment/guard --timeout=90s');
  const ca = (await readFile(cert)).toString('base64');
  await rm(folder, { recursive: true });
  return ca;
}

const account = (name) => `
apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name} }
---
`;

const denied = [
  {
    id: 'admission-denied-wallet-pod-security-describe',
    app: 'wallet',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['violates PodSecurity "restricted:latest"'],
    hides: 'exceeded its progress deadline, 0 of 2 replicas',
    why: 'The namespace enforces the restricted Pod Security Standard, and the pods ask for more; the replica set can make none.',
    namespace: 'wallet',
    before: async (namespace) => {
      await run('kubectl', [
        'label',
        'namespace',
        namespace,
        'pod-security.kubernetes.io/enforce=restricted',
      ]);
    },
    manifests: deployment('wallet', {
      image: 'finance/wallet:2.0.3',
      command: idle,
      replicas: 2,
      strategy: 'progressDeadlineSeconds: 8',
    }),
    until: [['get deployment wallet -o yaml', /ProgressDeadlineExceeded/]],
    evidence: { 'describe.txt': 'describe replicaset', 'deployment.txt': 'describe deployment' },
  },
  {
    id: 'admission-denied-loyalty-policy-helm-log',
    app: 'loyalty',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: [
      "ValidatingAdmissionPolicy 'require-owner-label' with binding 'require-owner-label' denied request",
    ],
    program: 'kubernetes 1.34, kubectl',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'A policy of the cluster wants an owner label on every deployment; this one has none.',
    namespace: 'loyalty',
    manifests: policy(
      'require-owner-label',
      'deployments',
      "'owner' in object.metadata.labels",
      'every Deployment needs the label owner (platform handbook, rule 12)',
      'loyalty',
    ),
    then: () => sleep(8),
    evidence: {
      'deploy.log': (namespace) =>
        applied(
          namespace,
          account('loyalty') +
            service('loyalty', 8080) +
            deployment('loyalty', { image: 'shop/loyalty:4.0.1', command: idle }),
          'deploy/loyalty.yaml',
        ),
    },
    after: async () => {
      await run('kubectl', [
        'delete',
        'validatingadmissionpolicy,validatingadmissionpolicybinding',
        'require-owner-label',
        '--wait=false',
      ]);
    },
  },
  {
    id: 'admission-denied-fraud-limit-range-events',
    app: 'fraud-scoring',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['maximum memory usage per Container is 512Mi, but limit is 2Gi'],
    hides: 'no pods of the deployment',
    why: 'The limit range of the namespace allows 512Mi for a container, the deployment asks for 2Gi.',
    namespace: 'fraud-eu',
    manifests:
      `
apiVersion: v1
kind: LimitRange
metadata: { name: container-size }
spec: { limits: [{ type: Container, max: { memory: 512Mi } }] }
---
` +
      deployment('fraud-scoring', {
        image: 'fraud/scoring:11.0',
        command: idle,
        container: sized('50m', '2Gi'),
      }),
    until: [['get events', /maximum memory usage/]],
    settle: 8,
    evidence: { 'events.txt': 'get events', 'deployments.txt': 'get deploy,replicaset,pods' },
  },
  {
    id: 'admission-denied-invoices-webhook-cronjob',
    app: 'invoices',
    log: 'events.txt',
    form: 'events',
    split: 'held-out',
    proof: ['denied the request: images must come from registry.corp.example'],
    program: 'kubernetes 1.34, validating webhook',
    hides: 'FailedCreate',
    why: 'The webhook of the image policy works and says no: the image does not come from the registry of the company.',
    namespace: 'invoices',
    before: async (namespace) => {
      const ca = await guard(
        namespace,
        'images must come from registry.corp.example, found docker.io',
      );
      const client = { name: 'guard', namespace, path: '/validate', port: 443 };
      await run('kubectl', ['apply', '-f', '-'], {
        input: webhook('image-policy', namespace, client, ca),
      });
      await sleep(3);
    },
    manifests: `
apiVersion: batch/v1
kind: Job
metadata: { name: invoices-29389500 }
spec:
  template:
    metadata: { labels: { app.kubernetes.io/name: invoices } }
    spec: { restartPolicy: Never, containers: [{ name: invoices, image: 'finance/invoices:3.8', imagePullPolicy: IfNotPresent, command: [sleep, '5'] }] }
`,
    until: [['get events', /denied the request/]],
    settle: 6,
    evidence: {
      'events.txt': 'get events --field-selector involvedObject.kind=Job',
      'describe.txt': 'describe job',
    },
    after: dropWebhook('image-policy'),
  },
].map((scenario) => ({ category: 'admission-denied', program: 'kubernetes 1.34', ...scenario }));

/** Installs a webhook whose service is `client`, then what `manifests` says is refused. */
const unanswered = (name, client, timeout) => async (namespace) => {
  await run('kubectl', ['apply', '-f', '-'], {
    input: webhook(
      name,
      namespace,
      { namespace, path: '/validate', port: 443, ...client },
      '',
      timeout,
    ),
  });
  await sleep(3);
};
const silentWebhooks = [
  {
    id: 'webhook-unavailable-shipping-service-missing-events',
    app: 'shipping',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: [
      'failed calling webhook "validate.sidecar-policy.corp.example"',
      'service "sidecar-policy" not found',
    ],
    hides: 'FailedCreate, no pods',
    why: 'The validating webhook names a service that was removed, and its failure policy is Fail: the pods of every deployment in the namespace are refused.',
    namespace: 'shipping-eu',
    manifests: deployment('shipping', { image: 'shop/shipping:1.0.0', command: idle, replicas: 2 }),
    then: async (namespace) => {
      await kubectl(namespace, 'rollout status deployment/shipping --timeout=90s');
      await unanswered('sidecar-policy', { name: 'sidecar-policy' })(namespace);
      await kubectl(namespace, 'delete pod --all --grace-period=1 --wait=true');
    },
    until: [['get events', /failed calling webhook/]],
    settle: 5,
    evidence: { 'events.txt': 'get events', 'deployments.txt': 'get deploy,replicaset,pods' },
    after: dropWebhook('sidecar-policy'),
  },
  {
    id: 'webhook-unavailable-postings-no-endpoints-deploy-log',
    app: 'postings',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['failed calling webhook "validate.policy-engine.corp.example"'],
    program: 'kubernetes 1.34, kubectl',
    hides: 'Internal error occurred, ERROR: Job failed: exit code 1',
    why: 'The policy engine behind the webhook has no ready pod, so the API server cannot ask it and refuses the release.',
    namespace: 'postings',
    before: unanswered('policy-engine', { name: 'policy-engine' }),
    manifests:
      account('postings') +
      `
apiVersion: v1
kind: Service
metadata: { name: policy-engine }
spec: { selector: { app.kubernetes.io/name: policy-engine }, ports: [{ port: 443, targetPort: 8443 }] }
`,
    then: () => sleep(3),
    evidence: {
      'deploy.log': (namespace) =>
        applied(
          namespace,
          service('postings', 8080) +
            deployment('postings', { image: 'accounting/postings:5.1.0', command: idle }),
          'deploy/postings.yaml',
        ),
      'services.txt': 'get svc,endpointslices',
    },
    after: dropWebhook('policy-engine'),
  },
  {
    id: 'webhook-unavailable-tax-service-timeout-describe',
    app: 'tax-service',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'held-out',
    proof: ['failed calling webhook', 'context deadline exceeded'],
    program: 'kubernetes 1.34, validating webhook',
    hides: 'MinimumReplicasUnavailable, ReplicaFailure',
    why: 'The webhook takes 20 s for an answer, the API server waits 2 s and then refuses the pod.',
    namespace: 'tax',
    before: async (namespace) => {
      const ca = await guard(namespace, 'late', 20);
      const client = { name: 'guard', namespace, path: '/validate', port: 443 };
      await kubectl(namespace, 'apply -f -', {
        input: deployment('tax-service', {
          image: 'finance/tax-service:2.2.1',
          command: idle,
          replicas: 0,
        }),
      });
      await run('kubectl', ['apply', '-f', '-'], {
        input: webhook('resource-guard', namespace, client, ca, 2),
      });
      await sleep(3);
      await kubectl(namespace, 'scale deployment/tax-service --replicas=2');
    },
    manifests: account('tax-service'),
    until: [['get events', /context deadline exceeded/]],
    settle: 5,
    evidence: {
      'describe.txt': 'describe replicaset tax-service',
      'deployment.txt': 'describe deployment tax-service',
    },
    after: dropWebhook('resource-guard'),
  },
].map((scenario) => ({ category: 'webhook-unavailable', program: 'kubernetes 1.34', ...scenario }));

await recordAll(script, [...quotas, ...denied, ...silentWebhooks]);
