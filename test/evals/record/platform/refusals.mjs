// What an API server, a kubelet or a Service refuses or lacks, told by objects as YAML and JSON and by scripts.
import { deployment, kubectl, recordAll } from '../lib/kubernetes.mjs';
import { run } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/refusals.mjs';
const common = { split: 'held-out', hides: null, program: 'kubernetes 1.34' };
const sleeping = (name, image, more = {}) =>
  deployment(name, { image, command: ['sleep', 'infinity'], ...more });

const scenarios = [
  {
    id: 'missing-config-ref-tax-rates-secret-json',
    category: 'missing-config-ref',
    app: 'tax-rates',
    log: 'pods.json',
    form: 'kubectl-json',
    proof: ['secret \\"tax-rates-db\\" not found'],
    hides: 'CreateContainerConfigError, image already present',
    why: 'The container takes its environment from a Secret that is not in the namespace.',
    namespace: 'rec-tax',
    manifests: sleeping('tax-rates', 'finance/tax-rates:2.0', {
      container: 'envFrom: [{ secretRef: { name: tax-rates-db } }]',
    }),
    until: [['get pods -o yaml', /CreateContainerConfigError/]],
    evidence: { 'pods.json': 'get pods -o json', 'secrets.txt': 'get configmaps,secrets' },
  },
  {
    id: 'quota-exceeded-campaigns-replicaset-yaml',
    category: 'quota-exceeded',
    app: 'campaigns',
    log: 'deployment.yaml',
    form: 'kubectl-yaml',
    proof: ['exceeded quota: team-budget'],
    hides: 'Deployment does not have minimum availability',
    why: 'The quota of the namespace has room for two of the four pods; the replica set cannot make the others.',
    namespace: 'rec-campaigns',
    manifests: `
apiVersion: v1
kind: ResourceQuota
metadata: { name: team-budget }
spec: { hard: { requests.memory: 128Mi } }
---
${sleeping('campaigns', 'marketing/campaigns:7', { replicas: 4, container: 'resources: { requests: { memory: 64Mi }, limits: { memory: 64Mi } }' })}`,
    until: [['get deployment -o yaml', /exceeded quota/]],
    settle: 6,
    evidence: { 'deployment.yaml': 'get deployment campaigns -o yaml', 'pods.txt': 'get pods' },
  },
  {
    id: 'volume-mount-failed-scan-inbox-host-path-events',
    category: 'volume-mount-failed',
    app: 'scan-inbox',
    log: 'events.txt',
    form: 'events',
    proof: ['hostPath type check failed: /srv/scans/inbox is not a directory'],
    hides: 'ContainerCreating for minutes',
    why: 'The volume is a folder of the node that does not exist there.',
    namespace: 'rec-scans',
    manifests: sleeping('scan-inbox', 'docs/scan-inbox:1.3', {
      container: 'volumeMounts: [{ name: inbox, mountPath: /inbox }]',
      pod: 'volumes: [{ name: inbox, hostPath: { path: /srv/scans/inbox, type: Directory } }]',
    }),
    until: [['get events', /hostPath type check failed/]],
    settle: 10,
    evidence: { 'events.txt': 'get events -o wide', 'pods.txt': 'get pods -o wide' },
  },
  {
    id: 'no-endpoints-vouchers-label-renamed',
    category: 'no-endpoints',
    app: 'vouchers',
    log: 'service.txt',
    form: 'kubectl-describe',
    proof: ['Endpoints: '],
    hides: 'pods that are all ready',
    why: 'The service selects app=voucher, the pods are labelled otherwise; it has no endpoint although every pod is ready.',
    namespace: 'rec-vouchers',
    manifests: `${sleeping('vouchers', 'shop/vouchers:3.1', { replicas: 2 })}
apiVersion: v1
kind: Service
metadata: { name: vouchers }
spec: { selector: { app: voucher }, ports: [{ port: 80, targetPort: 8080 }] }
`,
    until: [['get pods', /1\/1[\s\S]*1\/1/]],
    evidence: {
      'service.txt': 'describe service vouchers',
      'pods.txt': 'get pods --show-labels',
      'slices.yaml': 'get endpointslices -o yaml',
    },
  },
  {
    id: 'forbidden-rbac-release-bot-job-log',
    category: 'forbidden-rbac',
    app: 'release-bot',
    log: 'release.log',
    form: 'application-log',
    proof: ['cannot patch resource "deployments" in API group "apps"'],
    hides: 'release: rolled back to 41, exit status 1',
    program: 'kubectl 1.34, kubernetes 1.34',
    why: 'The account of the pipeline may read deployments and may not change them.',
    namespace: 'rec-release',
    manifests: `
apiVersion: v1
kind: ServiceAccount
metadata: { name: release-bot }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader }
rules: [{ apiGroups: ['', apps], resources: [pods, deployments], verbs: [get, list, watch] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reader }
subjects: [{ kind: ServiceAccount, name: release-bot }]
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
---
${sleeping('storefront', 'shop/storefront:41')}`,
    until: [['get pods', /1\/1/]],
    evidence: {
      'release.log': async (namespace) => {
        const said = ['release: storefront 42 to production'];
        for (const line of [
          'get deployment storefront',
          'set image deployment/storefront storefront=shop/storefront:42',
          'annotate deployment storefront release=42 --overwrite',
        ]) {
          said.push(`+ kubectl ${line}`);
          const as = `--as=system:serviceaccount:${namespace}:release-bot`;
          said.push((await kubectl(namespace, `${line} ${as}`)).text.trim());
        }
        return `${said.join('\n')}\nrelease: rolled back to 41, exit status 1\n`;
      },
    },
  },
  {
    id: 'admission-denied-sidecar-limit-range-yaml',
    category: 'admission-denied',
    app: 'quotes-web',
    log: 'replicaset.yaml',
    form: 'kubectl-yaml',
    proof: ['per Container is 50m, but request is 5m'],
    hides: 'no pod at all, replicas 0',
    why: 'The limit range of the namespace wants at least 50m of processor for a container, and one asks for 5m.',
    namespace: 'rec-quotes',
    manifests: `
apiVersion: v1
kind: LimitRange
metadata: { name: sizes }
spec: { limits: [{ type: Container, min: { cpu: 50m }, max: { cpu: '2' } }] }
---
${sleeping('quotes-web', 'shop/quotes-web:1', { container: 'resources: { requests: { cpu: 5m }, limits: { cpu: 100m } }' })}`,
    until: [['get replicasets -o yaml', /minimum cpu usage/]],
    settle: 3,
    evidence: {
      'replicaset.yaml': 'get replicasets -o yaml',
      'overview.txt': async (namespace) =>
        (await run('kubectl', ['-n', namespace, 'get', 'all'])).text,
    },
  },
].map((scenario) => ({ ...common, ...scenario }));

await recordAll(script, scenarios, { atOnce: 3 });
