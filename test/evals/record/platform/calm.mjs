// no-incident: things of deliveries, jobs, networks and quotas that went well, alarming words included.
import { onDocker, eventsOf } from '../lib/docker.mjs';
import { deployment, kubectl, nameImages, recordAll, service } from '../lib/kubernetes.mjs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/calm.mjs';
const well = {
  category: 'no-incident',
  hides: null,
  proof: [],
  program: 'kubernetes 1.34',
};
const ready = (namespace) =>
  kubectl(namespace, 'wait --for=condition=Available deployment --all --timeout=90s');
const orders = (name, image, more = '') =>
  deployment(name, {
    image,
    command: ['node', '/srv/app/orders.js'],
    replicas: 2,
    container: `env: [{ name: APP, value: ${name} }, { name: PORT, value: "8080" }]
resources: { requests: { cpu: 20m, memory: 48Mi }, limits: { cpu: 500m, memory: 128Mi } }
${more}`,
  });

const scenarios = [
  {
    id: 'no-incident-ledger-startup-probe-passed-describe',
    app: 'ledger',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'held-out',
    hides: 'Startup probe failed, twice or three times',
    why: 'The startup probe failed while the program started, as it may, and passed in time; the pod is ready and was never restarted.',
    namespace: 'ledger-ok',
    manifests: deployment('ledger', {
      image: 'accounting/ledger:5.0.2',
      command: ['node', '/srv/app/slowStart.mjs'],
      container:
        'env: [{ name: START_SECONDS, value: "12" }, { name: APP, value: ledger }]\nstartupProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 3, failureThreshold: 20 }',
    }),
    until: [['get pods', /1\/1/]],
    settle: 12,
    evidence: {
      'describe.txt': 'describe pod',
      'ledger.log': 'logs deployment/ledger',
    },
  },
  {
    id: 'no-incident-invoice-run-within-deadline-describe',
    app: 'invoice-run',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    hides: 'activeDeadlineSeconds and backoffLimit',
    why: 'The job has a deadline and completed long before it.',
    namespace: 'invoices-ok',
    manifests: `
apiVersion: batch/v1
kind: Job
metadata: { name: invoice-run }
spec:
  activeDeadlineSeconds: 600
  backoffLimit: 2
  template:
    metadata: { labels: { app.kubernetes.io/name: invoice-run } }
    spec:
      restartPolicy: Never
      containers:
        - name: invoice-run
          image: finance/invoice-run:2.2
          imagePullPolicy: IfNotPresent
          command: [python3, -u, /srv/app/nightlyReport.py]
`,
    until: [['get jobs', /Complete/]],
    evidence: {
      'describe.txt': 'describe job',
      'invoice-run.log': 'logs job/invoice-run',
      'events.txt': 'get events',
    },
  },
  {
    id: 'no-incident-catalog-quota-with-room',
    app: 'catalog',
    log: 'describe-quota.txt',
    form: 'kubectl-describe',
    split: 'tune',
    hides: 'a quota that is used up to four fifths',
    why: 'The quota is used to four fifths and refused nothing; the rollout is complete.',
    namespace: 'catalog-ok',
    manifests:
      `
apiVersion: v1
kind: ResourceQuota
metadata: { name: team-catalog }
spec: { hard: { pods: '5', limits.memory: 640Mi } }
---
` + orders('catalog', 'shop/catalog:8.0.0'),
    then: async (namespace) => {
      await ready(namespace);
      await kubectl(namespace, 'scale deployment/catalog --replicas=4');
      await kubectl(namespace, 'rollout status deployment/catalog --timeout=60s');
    },
    evidence: {
      'describe-quota.txt': 'describe quota',
      'deployments.txt': 'get deploy,replicaset,pods',
      'events.txt': 'get events',
    },
  },
  {
    id: 'no-incident-wishlist-policy-allows-json',
    app: 'wishlist',
    log: 'wishlist.log',
    form: 'json-lines',
    split: 'held-out',
    program: 'node 20, kubernetes 1.34',
    hides: 'a network policy',
    why: 'A policy is there and names this application; all its calls succeed.',
    namespace: 'shop-ok',
    manifests:
      orders('product-api', 'shop/product-api:6.1.0') +
      service('product-api', 8080) +
      `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: product-api }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: product-api } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: wishlist } } }] }]
---
`,
    then: async (namespace) => {
      await ready(namespace);
      const wishlist = deployment('wishlist', {
        image: 'shop/wishlist:2.0.4',
        command: ['node', '/srv/app/cart.mjs'],
        container:
          'env: [{ name: APP, value: wishlist }, { name: UPSTREAM_URL, value: "http://product-api:8080" }, { name: UPSTREAM_PATH, value: /api/v1/ }]',
      });
      await nameImages(wishlist);
      await kubectl(namespace, 'apply -f -', { input: wishlist });
    },
    until: [['logs deployment/wishlist', /(stock read[^]*){8}/]],
    evidence: {
      'wishlist.log': 'logs deployment/wishlist',
      'networkpolicy.txt': 'describe networkpolicy',
      'endpoints.txt': 'get endpointslices,pods',
    },
  },
  {
    id: 'no-incident-portal-helm-upgrade-history',
    app: 'portal',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    program: 'helm 3, kubernetes 1.34',
    hides: 'superseded revisions and a rollback in the history',
    why: 'Two upgrades and a rollback went through; the last revision is deployed and its pods are ready.',
    namespace: 'portal-ok',
    manifests: service('portal-metrics', 9090),
    evidence: {
      'deploy.log': async (namespace) => {
        const folder = await mkdtemp(join(tmpdir(), 'chart-'));
        const at = join(folder, 'portal');
        await mkdir(join(at, 'templates'), { recursive: true });
        await writeFile(
          join(at, 'Chart.yaml'),
          'apiVersion: v2\nname: portal\nversion: 4.4.1\nappVersion: "4.4.1"\n',
        );
        const template = orders('portal', 'web/portal:4.4.0') + service('portal', 8080);
        await nameImages(template);
        await writeFile(
          join(at, 'templates', 'all.yaml'),
          template.replace(
            '"8080" }',
            '"8080" }, { name: RELEASE, value: "{{ .Values.release }}" }',
          ),
        );
        await writeFile(join(at, 'values.yaml'), 'release: a\n');
        let text = '';
        for (const line of [
          'upgrade --install portal ./portal --wait --timeout 90s',
          'upgrade portal ./portal --set release=b --wait --timeout 90s',
          'rollback portal 1 --wait --timeout 90s',
          'upgrade portal ./portal --set release=c --wait --timeout 90s',
          'history portal',
        ])
          text += `$ helm ${line} -n ${namespace}\n${(await run('helm', [...line.replace('./portal', at).split(' '), '-n', namespace], { seconds: 120 })).text}`;
        await rm(folder, { recursive: true });
        return text;
      },
      'pods.txt': 'get deploy,pods',
    },
  },
].map((scenario) => ({ ...well, ...scenario }));

const containers = [
  onDocker({
    ...well,
    id: 'no-incident-chat-graceful-stop-docker',
    app: 'chat',
    log: 'chat.log',
    form: 'docker-logs',
    split: 'tune',
    program: 'node 20 in docker 20.10',
    hides: 'SIGTERM received, container die',
    why: 'The container was stopped by hand, drained and left with 0 within its time.',
    images: ['social/chat:0.44'],
    steps: async (docker, since) => {
      await docker(
        'run -d --name chat-ok -e APP=chat -e PORT=8080 social/chat:0.44 node /srv/app/orders.js',
      );
      await sleep(2);
      for (let n = 0; n < 4; n += 1)
        await docker('exec chat-ok curl -s -o /dev/null http://127.0.0.1:8080/api/rooms');
      await docker('stop -t 10 chat-ok');
      return {
        'chat.log': (await docker('logs chat-ok')).text,
        'events.txt': (await eventsOf('chat-ok', since))
          .split('\n')
          .filter((line) => !line.includes('exec_'))
          .join('\n'),
        'ps.txt': (await docker('ps -a --filter name=chat-ok')).text,
      };
    },
  }),
];

await recordAll(script, [...scenarios, ...containers], { atOnce: 4 });
