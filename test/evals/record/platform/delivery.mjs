// autoscaler-failed, deploy-sync-failed and rollout-blocked.
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployment, kubectl, nameImages, recordAll, service } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/delivery.mjs';
const idle = ['sleep', 'infinity'];
const ready = (namespace) =>
  kubectl(namespace, 'wait --for=condition=Available deployment --all --timeout=90s');

const scaler = (name, target, metrics) => `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: ${name} }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${target} }
  minReplicas: 2
  maxReplicas: 10
  metrics: [${metrics}]
---
`;
const cpu =
  '{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }';
const scaled = (name, image) =>
  deployment(name, {
    image,
    command: idle,
    replicas: 2,
    container: 'resources: { requests: { cpu: 20m, memory: 32Mi } }',
  });
const scalers = [
  {
    id: 'autoscaler-failed-quote-api-no-metrics-describe',
    app: 'quote-api',
    log: 'describe-hpa.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['unable to fetch metrics from resource metrics API'],
    hides: 'the deployment stays at two replicas',
    why: 'The cluster has no resource metrics API (no metrics server), so the autoscaler cannot compute a number of replicas.',
    namespace: 'quotes-eu',
    manifests:
      scaled('quote-api', 'insurance/quote-api:2.7.0') + scaler('quote-api', 'quote-api', cpu),
    until: [['get events', /FailedGetResourceMetric/]],
    settle: 20,
    evidence: { 'describe-hpa.txt': 'describe hpa quote-api', 'hpa.txt': 'get hpa,deploy,pods' },
  },
  {
    id: 'autoscaler-failed-player-target-renamed-events',
    app: 'player',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['FailedGetScale', 'deployments.apps "video-player" not found'],
    hides: 'the target shows unknown',
    why: 'The autoscaler names the deployment video-player, which is called player now.',
    namespace: 'player',
    manifests: scaled('player', 'video/player:8.8.1') + scaler('player', 'video-player', cpu),
    until: [['get events', /FailedGetScale/]],
    settle: 8,
    evidence: { 'events.txt': 'get events', 'hpa.txt': 'get hpa,deploy' },
  },
  {
    id: 'autoscaler-failed-mail-sender-external-metric-yaml',
    app: 'mail-sender',
    log: 'hpa.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['reason: FailedGetExternalMetric'],
    hides: 'two replicas while the queue grows',
    why: 'The autoscaler wants the length of a queue as an external metric, and nothing serves the external metrics API.',
    namespace: 'mail-eu',
    manifests:
      scaled('mail-sender', 'mail/sender:4.0.0') +
      scaler(
        'mail-sender',
        'mail-sender',
        '{ type: External, external: { metric: { name: rabbitmq_queue_messages }, target: { type: AverageValue, averageValue: 30 } } }',
      ),
    until: [['get hpa -o yaml', /FailedGetExternalMetric/]],
    settle: 5,
    evidence: {
      'hpa.yaml': 'get hpa mail-sender -o yaml',
      'events.txt': 'get events --field-selector involvedObject.kind=HorizontalPodAutoscaler',
    },
  },
].map((scenario) => ({ category: 'autoscaler-failed', program: 'kubernetes 1.34', ...scenario }));

/** Writes a chart of one deployment; `values` fill its selector. */
async function chart(name, version, template) {
  const folder = await mkdtemp(join(tmpdir(), 'chart-'));
  const at = join(folder, name);
  await mkdir(join(at, 'templates'), { recursive: true });
  await writeFile(
    join(at, 'Chart.yaml'),
    `apiVersion: v2\nname: ${name}\nversion: ${version}\nappVersion: "${version}"\n`,
  );
  await writeFile(join(at, 'values.yaml'), 'tier: web\n');
  await writeFile(join(at, 'templates', 'all.yaml'), template);
  return at;
}
const helmJob = async (namespace, lines, at) => {
  let text = '';
  for (const line of lines) {
    const { code, text: said } = await run('helm', [
      ...line.replace('./chart', at).split(' '),
      '-n',
      namespace,
    ]);
    text += `$ helm ${line} -n ${namespace}\n${said}${code ? `ERROR: Job failed: exit code ${code}\n` : ''}`;
  }
  await rm(join(at, '..'), { recursive: true });
  return text;
};
const tiered = (name, image) =>
  (
    deployment(name, { image, command: idle, labels: ', tier: "{{ .Values.tier }}"' }) +
    service(name, 8080)
  ).replace(/matchLabels: \{ ([^}]+) \}/, 'matchLabels: { $1, tier: "{{ .Values.tier }}" }');

const crd = (group, kind, plural) => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${plural}.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { kind: ${kind}, plural: ${plural}, singular: ${kind.toLowerCase()} }
  versions:
    - name: v1
      served: true
      storage: true
      subresources: { status: {} }
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
`;
const withKind = (group, kind, plural) => ({
  before: async () => {
    await run('kubectl', ['apply', '-f', '-'], { input: crd(group, kind, plural) });
    await run('kubectl', [
      'wait',
      '--for=condition=Established',
      `crd/${plural}.${group}`,
      '--timeout=30s',
    ]);
    await sleep(2);
  },
  after: async () => {
    await run('kubectl', ['delete', 'crd', `${plural}.${group}`, '--wait=false']);
  },
});
const setStatus = (namespace, what, status) =>
  run('kubectl', [
    '-n',
    namespace,
    'patch',
    what,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ]);

const syncs = [
  {
    id: 'deploy-sync-failed-portal-helm-immutable-selector',
    app: 'portal',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['UPGRADE FAILED', 'field is immutable'],
    program: 'helm 3, kubernetes 1.34',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'The new chart changes the selector of the deployment, which cannot change in place; the running pods are untouched.',
    namespace: 'portal',
    manifests: service('portal-metrics', 9090),
    evidence: {
      'deploy.log': async (namespace) => {
        const template = tiered('portal', 'web/portal:4.4.0');
        await nameImages(template);
        return helmJob(
          namespace,
          [
            'upgrade --install portal ./chart --wait --timeout 60s',
            'upgrade --install portal ./chart --set tier=edge --wait --timeout 60s',
          ],
          await chart('portal', '4.4.0', template),
        );
      },
      'pods.txt': 'get deploy,pods',
      'history.txt': async (namespace) =>
        (await run('helm', ['history', 'portal', '-n', namespace])).text,
    },
  },
  {
    id: 'deploy-sync-failed-tickets-helm-in-progress',
    app: 'tickets',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['another operation (install/upgrade/rollback) is in progress'],
    program: 'helm 3, kubernetes 1.34',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'An earlier helm was killed in its upgrade and left the release as pending-upgrade; every later upgrade is refused.',
    namespace: 'tickets',
    manifests: service('tickets-metrics', 9090),
    evidence: {
      'deploy.log': async (namespace) => {
        const template = tiered('tickets', 'support/tickets:1.12.0');
        await nameImages(template);
        const at = await chart('tickets', '1.12.0', template);
        await run('helm', [
          'install',
          'tickets',
          at,
          '-n',
          namespace,
          '--wait',
          '--timeout',
          '60s',
        ]);
        // A chart whose pods never become ready keeps helm waiting; it is killed there.
        await writeFile(
          join(at, 'templates', 'all.yaml'),
          template
            .replace('sleep","infinity', 'sleep","infinity')
            .replace(
              'imagePullPolicy: IfNotPresent',
              'imagePullPolicy: IfNotPresent\n          readinessProbe: { tcpSocket: { port: 9 } }',
            ),
        );
        await run(
          'helm',
          ['upgrade', 'tickets', at, '-n', namespace, '--wait', '--timeout', '60s'],
          { seconds: 6 },
        );
        await writeFile(join(at, 'templates', 'all.yaml'), template);
        return helmJob(
          namespace,
          ['history tickets', 'upgrade --install tickets ./chart --wait --timeout 60s'],
          at,
        );
      },
      'pods.txt': 'get pods',
    },
  },
  {
    id: 'deploy-sync-failed-ledger-argocd-describe',
    app: 'ledger',
    log: 'application.txt',
    form: 'kubectl-describe',
    split: 'tune',
    provenance: 'staged',
    proof: ['Failed to load target state: failed to generate manifest for source 1 of 1', 'Sync:'],
    program: 'argo cd application on kubernetes 1.34',
    hides: 'Health: Healthy of what was deployed before',
    why: 'Argo CD cannot render the new revision: values.yaml of the overlay is missing in the repository. What runs is the revision before.',
    namespace: 'argocd-eu',
    ...withKind('argoproj.io', 'Application', 'applications'),
    manifests: `
apiVersion: argoproj.io/v1
kind: Application
metadata: { name: ledger }
spec:
  project: finance
  destination: { namespace: ledger, server: https://kubernetes.default.svc }
  source: { repoURL: 'https://git.corp.example/platform/deploy.git', path: charts/ledger, targetRevision: main, helm: { valueFiles: [values-eu.yaml] } }
  syncPolicy: { automated: { prune: true, selfHeal: true } }
`,
    then: (namespace) =>
      setStatus(namespace, 'application/ledger', {
        conditions: [
          {
            lastTransitionTime: new Date().toISOString(),
            type: 'ComparisonError',
            message:
              'Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = Manifest generation error (cached): `helm template . --name-template ledger --namespace ledger --kube-version 1.34 --values <path to cached source>/charts/ledger/values-eu.yaml --include-crds` failed exit status 1: Error: open <path to cached source>/charts/ledger/values-eu.yaml: no such file or directory',
          },
        ],
        health: { status: 'Healthy' },
        sync: { status: 'Unknown', revision: '' },
        summary: { images: ['accounting/ledger:5.0.2'] },
      }),
    evidence: {
      'application.txt': 'describe application ledger',
      'applications.txt': 'get applications',
    },
  },
  {
    id: 'deploy-sync-failed-newsletter-flux-kustomization-yaml',
    app: 'newsletter',
    log: 'kustomization.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    provenance: 'staged',
    proof: ['reason: BuildFailed'],
    program: 'flux kustomization on kubernetes 1.34',
    hides: 'the release before keeps running',
    why: 'Flux cannot build the new revision: a file that the kustomization lists was deleted in the commit before.',
    namespace: 'flux-eu',
    ...withKind('kustomize.toolkit.fluxcd.io', 'Kustomization', 'kustomizations'),
    manifests: `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: newsletter }
spec: { interval: 5m, path: ./apps/newsletter, prune: true, sourceRef: { kind: GitRepository, name: fleet } }
`,
    then: (namespace) =>
      setStatus(namespace, 'kustomization/newsletter', {
        observedGeneration: 1,
        lastAppliedRevision: 'main@sha1:6d1f3cf8a3b5a1c2c0c9d7a64a70f93b0d1e7f52',
        lastAttemptedRevision: 'main@sha1:0b7c5d4e8d9a1f62c4f6a3f1b8c7d2e9a5f40c11',
        conditions: [
          {
            type: 'Ready',
            status: 'False',
            reason: 'BuildFailed',
            observedGeneration: 1,
            lastTransitionTime: new Date().toISOString(),
            message:
              "kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'ingress.yaml': open /tmp/kustomization-2413506118/apps/newsletter/ingress.yaml: no such file or directory': must build at directory: not a valid directory: evalsymlink failure",
          },
        ],
      }),
    evidence: {
      'kustomization.yaml': 'get kustomization newsletter -o yaml',
      'kustomizations.txt': 'get kustomizations',
    },
  },
].map((scenario) => ({ category: 'deploy-sync-failed', ...scenario }));

const budget = (name, min) => `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name} }
spec: { minAvailable: ${min}, selector: { matchLabels: { app.kubernetes.io/name: ${name} } } }
---
`;
const rollouts = [
  {
    id: 'rollout-blocked-booking-paused-describe',
    app: 'booking',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['DeploymentPaused'],
    hides: 'rollout status that waits for ever',
    why: 'The deployment is paused, so its new template is not rolled out; nothing is broken.',
    namespace: 'booking-eu',
    manifests: deployment('booking', { image: 'travel/booking:7.0.2', command: idle, replicas: 2 }),
    then: async (namespace) => {
      await ready(namespace);
      await kubectl(namespace, 'rollout pause deployment/booking');
      await kubectl(namespace, 'set image deployment/booking booking=travel/booking:7.0.3');
      await sleep(6);
    },
    evidence: {
      'describe.txt': 'describe deployment booking',
      'rollout.txt': async (namespace) =>
        `$ kubectl -n ${namespace} rollout status deployment/booking --timeout=8s\n${(await kubectl(namespace, 'rollout status deployment/booking --timeout=8s')).text}`,
      'pods.txt': 'get pods',
    },
  },
  {
    id: 'rollout-blocked-search-master-drain-budget',
    app: 'search-master',
    log: 'drain.log',
    form: 'application-log',
    split: 'tune',
    proof: ["Cannot evict pod as it would violate the pod's disruption budget."],
    hides: 'error: unable to drain node, timeout',
    why: 'The budget of search-master demands both of its two pods, so no pod can ever be evicted and the maintenance of the node cannot go on.',
    namespace: 'search-core',
    manifests:
      budget('search-master', 2) +
      deployment('search-master', { image: 'search/master:8.15.0', command: idle, replicas: 2 }),
    then: ready,
    evidence: {
      // Eviction of these pods alone, by the call that a drain makes.
      'drain.log': async (namespace) => {
        const line =
          'drain node-1 --ignore-daemonsets --delete-emptydir-data --pod-selector=app.kubernetes.io/name=search-master --timeout=25s';
        const { code, text } = await run('kubectl', line.split(' '));
        await run('kubectl', ['uncordon', 'node-1']);
        return `[02:00:04] node upgrade 1/1: node-1 v1.34.2 -> v1.34.3\n$ kubectl ${line}\n${text}[02:00:31] node upgrade aborted, exit code ${code}\n`;
      },
      'budget.txt': 'describe pdb search-master',
      'pods.txt': 'get pods -o wide',
    },
  },
  {
    id: 'rollout-blocked-counter-partition-statefulset',
    app: 'counter',
    log: 'statefulset.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['partition: 2'],
    hides: 'two revisions run side by side',
    why: 'The update strategy of the stateful set holds back every pod with a number below 2, so of two pods none is updated.',
    namespace: 'counters',
    manifests: `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: counter }
spec:
  serviceName: counter
  replicas: 2
  updateStrategy: { type: RollingUpdate, rollingUpdate: { partition: 2 } }
  selector: { matchLabels: { app.kubernetes.io/name: counter } }
  template:
    metadata: { labels: { app.kubernetes.io/name: counter } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: counter
          image: iot/counter:1.0.4
          imagePullPolicy: IfNotPresent
          command: [sleep, infinity]
`,
    then: async (namespace) => {
      await sleep(12);
      await kubectl(namespace, 'set env statefulset/counter RELEASE=1.0.5');
      await sleep(12);
    },
    evidence: {
      'statefulset.yaml': 'get statefulset counter -o yaml',
      'pods.txt': 'get pods -L controller-revision-hash',
      'history.txt': 'get controllerrevisions',
      'rollout.txt': 'rollout status statefulset/counter --timeout=5s',
    },
  },
].map((scenario) => ({ category: 'rollout-blocked', program: 'kubernetes 1.34', ...scenario }));

await recordAll(script, [...scalers, ...syncs, ...rollouts], { atOnce: 3 });
