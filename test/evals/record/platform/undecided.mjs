// insufficient-evidence: what somebody copied first and that names no cause.
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onDocker } from '../lib/docker.mjs';
import { deployment, nameImages, recordAll } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/undecided.mjs';
const open = {
  category: 'insufficient-evidence',
  hides: null,
  program: 'kubernetes 1.34',
};
const failing = (name, image, seconds) => `
apiVersion: batch/v1
kind: Job
metadata: { name: ${name} }
spec:
  backoffLimit: 0
  template:
    metadata: { labels: { app.kubernetes.io/name: ${name} } }
    spec:
      restartPolicy: Never
      containers: [{ name: ${name}, image: '${image}', imagePullPolicy: IfNotPresent, command: [sh, -c, 'sleep ${seconds}; exit 1'] }]
`;
const unready = (name, image) =>
  deployment(name, {
    image,
    command: ['sleep', 'infinity'],
    strategy: 'progressDeadlineSeconds: 10',
    container: 'readinessProbe: { exec: { command: [test, -e, /tmp/ready] }, periodSeconds: 5 }',
  });

const scenarios = [
  {
    id: 'insufficient-evidence-image-pull-backoff-pods-only',
    app: 'feature-flags',
    log: 'pods.txt',
    form: 'events',
    split: 'tune',
    proof: ['ImagePullBackOff'],
    why: 'The status says that the image is not pulled; whether it is missing, refused, limited or out of reach is in the events, which were not copied.',
    namespace: 'flags',
    pulls: true,
    manifests: deployment('feature-flags', {
      image: 'registry.eu-west.corp.example/platform/feature-flags:3.3.1',
    }),
    until: [['get pods', /ImagePullBackOff/]],
    settle: 8,
    evidence: {
      'pods.txt': 'get pods -o wide',
      'deployments.txt': 'get deploy',
    },
  },
  {
    id: 'insufficient-evidence-payroll-job-backoff-limit-events',
    app: 'payroll-run',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['BackoffLimitExceeded'],
    why: 'The job gave up after its only pod failed; why that failed is in its log, which is not here.',
    namespace: 'payroll',
    manifests: failing('payroll-run', 'finance/payroll-run:1.4', 6),
    until: [['get jobs', /Failed/]],
    evidence: {
      'events.txt': 'get events --field-selector involvedObject.kind=Job',
      'jobs.txt': 'get jobs',
    },
  },
  {
    id: 'insufficient-evidence-helm-timed-out-waiting',
    app: 'consent',
    log: 'deploy.log',
    form: 'application-log',
    split: 'held-out',
    program: 'helm 3, kubernetes 1.34',
    proof: ['UPGRADE FAILED'],
    why: 'helm waited for a deployment that did not become ready; nothing tells why it did not.',
    namespace: 'consent',
    manifests: 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: consent }\n',
    evidence: {
      'deploy.log': async (namespace) => {
        const folder = await mkdtemp(join(tmpdir(), 'chart-'));
        const at = join(folder, 'consent');
        await mkdir(join(at, 'templates'), { recursive: true });
        await writeFile(
          join(at, 'Chart.yaml'),
          'apiVersion: v2\nname: consent\nversion: 2.0.0\nappVersion: "2.0.0"\n',
        );
        const template = unready('consent', 'legal/consent:2.0.0');
        await nameImages(template);
        await writeFile(
          join(at, 'templates', 'all.yaml'),
          template.replace('progressDeadlineSeconds: 10', ''),
        );
        await run('helm', ['install', 'consent', at, '-n', namespace]);
        const line = 'upgrade --install consent ./consent --wait --timeout 20s';
        const { code, text } = await run('helm', [
          ...line.replace('./consent', at).split(' '),
          '-n',
          namespace,
        ]);
        await rm(folder, { recursive: true });
        return `$ helm lint ./consent\n1 chart(s) linted, 0 chart(s) failed\n$ helm ${line} -n ${namespace}\n${text}ERROR: Job failed: exit code ${code}\n`;
      },
    },
  },
  {
    id: 'insufficient-evidence-survey-progress-deadline-rollout',
    app: 'survey',
    log: 'rollout.txt',
    form: 'application-log',
    split: 'held-out',
    proof: ['exceeded its progress deadline'],
    why: 'The rollout ran into its deadline; neither pods nor events were copied.',
    namespace: 'survey',
    manifests: unready('survey', 'marketing/survey:0.12'),
    until: [['get deployment survey -o yaml', /ProgressDeadlineExceeded/]],
    evidence: {
      'rollout.txt': 'rollout status deployment/survey --timeout=2s',
      'deployments.txt': 'get deploy',
    },
  },
  {
    id: 'insufficient-evidence-matcher-pending-pods-only',
    app: 'matcher',
    log: 'pods.txt',
    form: 'events',
    split: 'tune',
    proof: ['Pending'],
    why: 'The pod is Pending without a node; what the scheduler says of it was not copied.',
    namespace: 'matching',
    manifests: deployment('matcher', {
      image: 'jobs/matcher:4.4',
      command: ['sleep', 'infinity'],
      pod: 'nodeSelector: { pool: match }',
    }),
    until: [['get pods', /Pending/]],
    settle: 25,
    evidence: { 'pods.txt': 'get pods -o wide' },
  },
].map((scenario) => ({ ...open, ...scenario }));

const containers = [
  onDocker({
    ...open,
    id: 'insufficient-evidence-docker-exited-143',
    app: 'relay',
    log: 'ps.txt',
    form: 'docker-logs',
    split: 'tune',
    program: 'node 20 in docker 20.10',
    proof: ['Exited (143)'],
    why: 'The container ended on SIGTERM; its log stops among ordinary lines and nothing says who sent the signal or why.',
    images: ['edge/relay:1.1'],
    steps: async (docker) => {
      await docker(
        'run -d --name relay edge/relay:1.1 node -e \'let n=0; setInterval(() => console.log(new Date().toISOString() + " relay batch " + (n += 1) + " forwarded, 0 dropped"), 700); process.on("SIGTERM", () => process.exit(143))\'',
      );
      await sleep(8);
      await docker('kill -s TERM relay');
      await sleep(1);
      return {
        'ps.txt': (await docker('ps -a --filter name=relay')).text,
        'relay.log': (await docker('logs relay')).text,
      };
    },
  }),
];

await recordAll(script, [...scenarios, ...containers], { atOnce: 4 });
