// The same refusals as a client tells them: an operator in kopf, playbooks of kubernetes.core, a
// deployment bot of the Node client, helm. RECORD_CLIENTS is the folder with them (setup.sh).
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeChart } from '../lib/chart.mjs';
import { kubectl, recordAll } from '../lib/kubernetes.mjs';
import { onPlane, startKwok, startManager, startScheduler } from '../lib/plane.mjs';
import { run, sleep, until, words } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/clients.mjs';
const place = process.env.RECORD_CLIENTS ?? '/opt/ops';
if (!process.env.FACTS_ONLY)
  await cp(join(import.meta.dirname, 'clients'), place, { recursive: true });

const quiet = {
  ANSIBLE_NOCOLOR: '1',
  ANSIBLE_LOCALHOST_WARNING: 'False',
  ANSIBLE_INVENTORY_UNPARSED_WARNING: 'False',
  ANSIBLE_PYTHON_INTERPRETER: join(place, 'venv/bin/python'),
};
/** What a playbook prints. */
const playbook = async (file, more, env = {}) => {
  const line = `${place}/${file} ${more}`;
  const { code, text } = await run(join(place, 'venv/bin/ansible-playbook'), words(line), {
    seconds: 180,
    env: { ...quiet, ...env },
  });
  if (code === 0) throw new Error(text);
  return text;
};
const clusterWide = (objects) => async () => {
  for (const object of objects) await run('kubectl', ['delete', ...words(object), '--wait=false']);
};

const scenarios = [
  {
    id: 'admission-denied-backup-operator-kopf-pod-security',
    category: 'admission-denied',
    app: 'backup-operator',
    log: 'operator.log',
    form: 'application-log',
    proof: ['violates PodSecurity'],
    program: 'kopf 1.45, kubernetes client for Python',
    hides: 'a traceback of the handler, Will retry',
    why: 'The namespace enforces the restricted pod security standard, and the pod that the operator makes mounts a path of the node: the API server refuses it each time.',
    namespace: 'ledgers',
    before: async (namespace) => {
      await kubectl(
        namespace,
        `label namespace ${namespace} pod-security.kubernetes.io/enforce=restricted`,
      );
    },
    manifests: `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: backups.ops.example.com }
spec:
  group: ops.example.com
  scope: Namespaced
  names: { plural: backups, singular: backup, kind: Backup }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }]
`,
    then: async (namespace) => {
      await kubectl(namespace, 'wait --for=condition=Established crd/backups.ops.example.com');
      await sleep(2);
      const { code, text } = await kubectl(namespace, 'apply -f -', {
        input: `apiVersion: ops.example.com/v1\nkind: Backup\nmetadata: { name: general-ledger }\nspec: { claim: general-ledger-data, target: 'https://backups.example.com/general-ledger' }\n`,
      });
      if (code !== 0) throw new Error(text);
    },
    evidence: {
      'operator.log': async (namespace) =>
        (
          await run(
            'timeout',
            words(
              `-s INT 30 ${place}/venv/bin/kopf run --standalone -n ${namespace} ${place}/backup_operator.py`,
            ),
          )
        ).text,
    },
    after: async (namespace) => {
      const undo = `{"metadata":{"finalizers":null}}`;
      await kubectl(
        namespace,
        `patch backups.ops.example.com general-ledger --type=merge -p ${undo}`,
      );
      await clusterWide(['crd backups.ops.example.com'])();
    },
  },
  {
    id: 'admission-denied-tenant-ansible-image-tag-policy',
    category: 'admission-denied',
    app: 'mailer',
    log: 'playbook.log',
    form: 'application-log',
    proof: ['images need a fixed tag'],
    program: 'ansible-core 2.19, kubernetes.core',
    hides: 'the other programs of the loop, failed=1',
    why: 'An admission policy of the cluster refuses the deployment whose image has the tag latest.',
    namespace: 'tenant-nord',
    manifests: `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: fixed-tags }
spec:
  failurePolicy: Fail
  matchConstraints: { resourceRules: [{ apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments] }] }
  validations: [{ expression: "object.spec.template.spec.containers.all(c, !c.image.endsWith(':latest'))", message: images need a fixed tag }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: fixed-tags }
spec:
  policyName: fixed-tags
  validationActions: [Deny]
  matchResources: { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: tenant-nord } } }
`,
    settle: 8,
    evidence: { 'playbook.log': (namespace) => playbook('tenants.yml', `-e tenant=${namespace}`) },
    after: clusterWide([
      'validatingadmissionpolicybinding fixed-tags',
      'validatingadmissionpolicy fixed-tags',
    ]),
  },
  {
    id: 'quota-exceeded-preview-bot-node-client',
    split: 'tune',
    category: 'quota-exceeded',
    app: 'preview-bot',
    log: 'preview.log',
    form: 'application-log',
    proof: ['exceeded quota: previews'],
    program: 'node 20.20.2, @kubernetes/client-node 1',
    hides: 'HTTP-Code: 403, environment left half made',
    why: 'The namespace of the previews may hold two services, and there are two: the bot may not make a third.',
    namespace: 'previews',
    manifests: `
apiVersion: v1
kind: ResourceQuota
metadata: { name: previews }
spec: { hard: { services: '2', count/deployments.apps: '10' } }
---
apiVersion: v1
kind: Service
metadata: { name: pr-1892-api }
spec: { selector: { app: pr-1892-api }, ports: [{ port: 80 }] }
`,
    until: [['get resourcequota', /services: 1\/2/]],
    evidence: {
      'preview.log': async (namespace) =>
        (await run('node', [join(place, 'preview.mjs'), namespace, '1907'])).text,
    },
  },
  {
    id: 'webhook-unavailable-helm-upgrade-mesh-injector',
    category: 'webhook-unavailable',
    app: 'vendors',
    log: 'release.log',
    form: 'application-log',
    proof: ['failed calling webhook "inject.mesh.example.com"'],
    program: 'helm 3.19, kubernetes 1.34',
    hides: 'UPGRADE FAILED, rolling back',
    why: 'Every change of a deployment there is shown to a webhook whose service no longer exists, so the upgrade and the way back are both refused.',
    namespace: 'vendors',
    manifests:
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: vendors-settings }\ndata: { region: eu }\n',
    evidence: {
      'release.log': async (namespace) => {
        const at = await mkdtemp(join(tmpdir(), 'charts-'));
        const helm = async (line) => {
          const { code, text } = await run('helm', words(line.replace('./', `${at}/`)), {
            seconds: 120,
          });
          return `$ helm ${line}\n${text}${code ? `exit status ${code}\n` : ''}`;
        };
        await writeChart(at, 'vendors');
        const upgrade = `upgrade --install vendors ./vendors -n ${namespace}`;
        let text = await helm(`${upgrade} --set tag=1.8.0`);
        await run('kubectl', ['apply', '-f', '-'], {
          input: `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: mesh-injector }
webhooks:
  - name: inject.mesh.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Fail
    clientConfig: { service: { name: mesh-injector, namespace: mesh-system, path: /inject } }
    namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${namespace} } }
    rules: [{ apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments] }]
`,
        });
        await sleep(4);
        text += await helm(`${upgrade} --set tag=1.9.0 --atomic --timeout 40s`);
        text += await helm(`history vendors -n ${namespace}`);
        await rm(at, { recursive: true });
        return text;
      },
    },
    after: clusterWide(['mutatingwebhookconfiguration mesh-injector']),
  },
  {
    id: 'rollout-blocked-patch-day-ansible-drain-budget',
    category: 'rollout-blocked',
    app: 'sessions',
    log: 'playbook.log',
    form: 'application-log',
    proof: ["violate the pod's disruption budget"],
    program: 'ansible-core 2.19, kubernetes.core',
    provenance: 'staged',
    hides: 'failed=1, a pod that is Terminating',
    why: 'The disruption budget of sessions wants every one of its pods, so the node cannot be drained.',
    steps: async (own, apply) => {
      startKwok(own);
      startManager(own, '*');
      startScheduler(own);
      const node = (name) =>
        `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\nstatus: { capacity: { cpu: '8', memory: 32Gi, pods: '110' }, allocatable: { cpu: '8', memory: 32Gi, pods: '110' } }\n---\n`;
      const workload = (name, replicas) =>
        `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name}, namespace: default }\nspec:\n  replicas: ${replicas}\n  selector: { matchLabels: { app: ${name} } }\n  template:\n    metadata: { labels: { app: ${name} } }\n    spec: { containers: [{ name: ${name}, image: 'shop/${name}:4' }] }\n---\n`;
      const budget =
        'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: sessions, namespace: default }\nspec: { minAvailable: 3, selector: { matchLabels: { app: sessions } } }\n';
      await apply(
        `${node('compute-1')}${node('compute-2')}${workload('catalogue', 2)}${workload('sessions', 3)}${budget}`,
      );
      await until(
        async () =>
          /sessions +3 +N\/A +0/.test((await own.kubectl('get pdb')).text) &&
          /sessions +3\/3/.test((await own.kubectl('get deployments')).text),
        { seconds: 90, what: 'three sessions' },
      );
      const env = { KUBECONFIG: join(own.folder, 'config') };
      return {
        'playbook.log': await playbook('patchday.yml', '-e node=compute-1', env),
        'overview.txt': (await own.kubectl('get nodes,pdb,pods -o wide')).text,
      };
    },
  },
]
  .map((scenario) => ({ split: 'held-out', ...scenario }))
  .map((scenario) => (scenario.steps ? onPlane(scenario) : scenario));

await recordAll(script, scenarios, { atOnce: 2 });
