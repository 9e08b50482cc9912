// image-registry-unreachable, image-pull-rate-limited, image-pull-timeout and image-platform-mismatch.
// RECORD_ENGINE_PID: a docker engine with a network of its own, in which registry-1.docker.io,
// registry.corp.example and images.corp.example are addresses of the loopback interface;
// RECORD_HUB_CERT: folder of a certificate for them (hub.crt, hub.key) that the engine trusts.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker as anyDocker, onDocker } from '../lib/docker.mjs';
import { deployment, recordAll } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/pulls.mjs';
const registry = 'test/evals/record/platform/fixtures/slowRegistry.mjs';
const started = [];
/** Starts the registry of the fixtures, in the network of the engine if `engine`. */
async function serve(engine, ...args) {
  const line = ['node', registry, ...args];
  const whole = engine ? ['nsenter', '-t', process.env.RECORD_ENGINE_PID, '-n', ...line] : line;
  started.push(spawn(whole[0], whole.slice(1), { stdio: 'inherit' }));
  await sleep(1);
}
const certificate = ['hub.crt', 'hub.key'].map((name) =>
  join(process.env.RECORD_HUB_CERT ?? '.', name),
);

const pulling = (name, image) => deployment(name, { image });
const kubernetes = [
  {
    id: 'image-registry-unreachable-price-feed-lookup-describe',
    category: 'image-registry-unreachable',
    app: 'price-feed',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['lookup registry.eu-west.corp.example', 'no such host'],
    hides: 'ImagePullBackOff',
    why: 'The name of the registry does not resolve on the node, so nothing can be said about the image.',
    namespace: 'feeds',
    manifests: pulling('price-feed', 'registry.eu-west.corp.example/trading/price-feed:2.14.0'),
    until: [
      ['get events', /no such host/],
      ['get pods', /ImagePullBackOff/],
    ],
    evidence: { 'describe.txt': 'describe pod', 'pods.txt': 'get pods' },
  },
  {
    id: 'image-registry-unreachable-reviews-refused-events',
    category: 'image-registry-unreachable',
    app: 'reviews',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['connect: connection refused'],
    hides: 'ErrImagePull, exceeded its progress deadline',
    why: 'Nothing listens on the port of the registry.',
    namespace: 'reviews',
    manifests: deployment('reviews', {
      image: 'registry.corp.example:5443/shop/reviews:3.0.1',
      strategy: 'progressDeadlineSeconds: 15',
      replicas: 2,
    }),
    until: [
      ['get events', /connection refused/],
      ['get deployment reviews -o yaml', /ProgressDeadlineExceeded/],
    ],
    evidence: {
      'events.txt': 'get events',
      'deployments.txt': 'get deploy,pods',
      'rollout.txt': 'rollout status deployment/reviews --timeout=1s',
    },
  },
  {
    id: 'image-pull-rate-limited-banner-service-events',
    category: 'image-pull-rate-limited',
    provenance: 'staged',
    app: 'banner-service',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['429 Too Many Requests'],
    hides: 'ImagePullBackOff',
    why: 'The registry answers 429: the node has pulled too much for an account without login.',
    namespace: 'banners',
    manifests: pulling('banner-service', 'localhost:5000/hub/banner-service:1.9'),
    until: [
      ['get events', /429/],
      ['get pods', /ImagePullBackOff/],
    ],
    evidence: { 'events.txt': 'get events', 'pods.txt': 'get pods' },
  },
  {
    id: 'image-pull-timeout-telemetry-tls-handshake-describe',
    category: 'image-pull-timeout',
    provenance: 'staged',
    app: 'telemetry',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['net/http: TLS handshake timeout'],
    hides: 'ImagePullBackOff',
    why: 'The registry takes the connection and then says nothing; the TLS handshake of the pull runs into its time limit.',
    namespace: 'telemetry',
    manifests: pulling('telemetry', 'registry.corp.example/ops/telemetry:0.31.0'),
    until: [
      ['get events', /handshake timeout/],
      ['get pods', /ImagePullBackOff/],
    ],
    evidence: { 'describe.txt': 'describe pod', 'pods.txt': 'get pods -o wide' },
  },
  {
    id: 'image-platform-mismatch-geofence-no-match-describe',
    category: 'image-platform-mismatch',
    provenance: 'staged',
    app: 'geofence',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['no match for platform in manifest'],
    hides: 'not found, ImagePullBackOff',
    why: 'The tag is there, for arm64 only; the node is amd64.',
    namespace: 'geofence',
    manifests: pulling('geofence', 'localhost:5000/edge/geofence:4.1.0'),
    until: [
      ['get events', /no match for platform/],
      ['get pods', /ImagePullBackOff/],
    ],
    evidence: {
      'describe.txt': 'describe pod',
      'node.txt': 'get node node-1 -L kubernetes.io/arch',
    },
  },
  {
    id: 'image-platform-mismatch-tracker-exec-format-log',
    category: 'image-platform-mismatch',
    app: 'tracker',
    log: 'tracker.log',
    form: 'application-log',
    split: 'tune',
    proof: ['exec format error'],
    hides: 'CrashLoopBackOff, exit code 255 or 1',
    why: 'The program in the image was built for arm64, the node is amd64: the kernel cannot execute it.',
    namespace: 'fleet',
    before: async () => {
      const file = await armProgram();
      await run(join(process.env.CLUSTER_TOOLS, 'image'), [
        'fleet/tracker:1.3.0',
        file,
        '/srv/tracker',
      ]);
    },
    manifests: pulling('tracker', 'fleet/tracker:1.3.0'),
    until: [['get pods', /CrashLoopBackOff/]],
    settle: 12,
    evidence: {
      'tracker.log': 'logs deployment/tracker',
      'describe.txt': 'describe pod',
      'node.txt': 'get node node-1 -L kubernetes.io/arch',
    },
  },
].map((scenario) => ({ pulls: true, program: 'kubernetes 1.34, containerd', ...scenario }));

/** A small Go program, compiled for arm64. */
async function armProgram() {
  const folder = await mkdtemp(join(tmpdir(), 'arm-'));
  await writeFile(
    join(folder, 'main.go'),
    'package main\n\nfunc main() { println("listening on :8080") }\n',
  );
  const { code, text } = await run(
    'go',
    ['build', '-C', folder, '-ldflags', '-s -w', '-o', 'app', 'main.go'],
    {
      env: { GOARCH: 'arm64', CGO_ENABLED: '0', GO111MODULE: 'off' },
      seconds: 300,
    },
  );
  if (code !== 0) throw new Error(text);
  return join(folder, 'app');
}

const job = (steps) =>
  steps
    .map(
      ({ line, text, code }) =>
        `$ ${line}\n${text}${code ? `ERROR: Job failed: exit code ${code}\n` : ''}`,
    )
    .join('');
const shown = async (line) => ({
  line: `docker ${line}`,
  ...(await anyDocker(line, { seconds: 120 })),
});
const containers = [
  {
    id: 'image-registry-unreachable-crm-compose-log',
    category: 'image-registry-unreachable',
    app: 'crm',
    log: 'deploy.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['connect: connection refused'],
    program: 'docker-compose 1.29, docker 20.10',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'The registry of the company refuses connections; compose cannot pull the new image.',
    images: ['images.corp.example/sales/crm-cache:7.0'],
    steps: async () => {
      const file =
        'version: "2.4"\nservices:\n  crm-cache: { image: "images.corp.example/sales/crm-cache:7.0", command: sleep infinity }\n  crm: { image: "images.corp.example/sales/crm:5.18.2", depends_on: [crm-cache] }\n';
      const compose = (...words) =>
        run('docker-compose', ['--ansi', 'never', '-p', 'crm', '-f', '-', ...words], {
          input: file,
        });
      const up = await compose('up', '-d');
      await compose('down', '-t', '1');
      return {
        'deploy.log': `2026-11-21 09:12:40 deploy crm 5.18.2\n${job([{ line: 'docker-compose -p crm up -d', ...up }])}`,
      };
    },
  },
  {
    id: 'image-pull-rate-limited-ci-compose-pull',
    category: 'image-pull-rate-limited',
    provenance: 'staged',
    app: null,
    log: 'ci.log',
    form: 'application-log',
    split: 'tune',
    proof: ['toomanyrequests: You have reached your unauthenticated pull rate limit'],
    program: 'docker CLI 28, docker 20.10',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'Docker Hub refuses the pull with toomanyrequests: the shared address of the runners has used up its pulls.',
    steps: async () => ({
      'ci.log': job([
        await shown('network create ci-4471'),
        await shown('network rm ci-4471'),
        await shown('pull postgres:15.4-alpine'),
      ]),
    }),
  },
  {
    id: 'image-pull-rate-limited-docs-build-from',
    category: 'image-pull-rate-limited',
    provenance: 'staged',
    app: null,
    log: 'build.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['toomanyrequests'],
    program: 'docker build, docker 20.10',
    hides: 'make: *** Error 1',
    why: 'The base image of the build is on Docker Hub, which has limited the pulls of this address.',
    steps: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'app'));
      await writeFile(join(folder, 'Dockerfile'), 'FROM node:20-bookworm-slim\nCOPY . /srv/docs\n');
      await writeFile(
        join(folder, 'Makefile'),
        'image:\n\t@echo "lint: 0 errors, 2 warnings"\n\tdocker build -t web/docs:0.19 .\n',
      );
      const { text } = await run('make', ['-C', folder, 'image'], {
        env: { DOCKER_BUILDKIT: '0' },
      });
      await rm(folder, { recursive: true });
      return { 'build.log': text.replaceAll(folder, '/srv/docs') };
    },
  },
  {
    id: 'image-pull-timeout-warehouse-docker-headers',
    category: 'image-pull-timeout',
    provenance: 'staged',
    app: 'warehouse',
    log: 'deploy.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['Client.Timeout exceeded while awaiting headers'],
    program: 'docker 20.10',
    hides: 'ERROR: Job failed: exit code 125',
    why: 'The registry takes the connection and the request and does not answer it in the time that the engine waits.',
    steps: async () => ({
      'deploy.log': `[08:02:11] deploy warehouse 9.2.0 to node-1\n${job([await shown('run -d --name warehouse images.corp.example/logistics/warehouse:9.2.0')])}`,
    }),
  },
  {
    id: 'image-pull-timeout-nightly-ci-docker-handshake',
    category: 'image-pull-timeout',
    provenance: 'staged',
    app: null,
    log: 'ci.log',
    form: 'application-log',
    split: 'tune',
    proof: ['TLS handshake timeout'],
    program: 'docker 20.10',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'The connection to the registry is made and then nothing comes: the handshake runs into its time limit.',
    steps: async () => ({
      'ci.log': job([
        await shown('network create nightly-812'),
        await shown('network rm nightly-812'),
        await shown('pull 10.20.4.15:8443/ci/runner-base:2026.11'),
      ]),
    }),
  },
  {
    id: 'image-platform-mismatch-sensor-hub-docker-run',
    category: 'image-platform-mismatch',
    app: 'sensor-hub',
    log: 'deploy.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['exec format error'],
    program: 'docker 20.10',
    hides: 'Exited (1)',
    why: 'The program in the image was built for arm64, the host is amd64: the kernel refuses to execute it.',
    steps: async (docker) => {
      const file = await armProgram();
      const image = 'iot/sensor-hub:2.0.1';
      await run('sh', [
        '-c',
        `tar -C ${file.replace('/app', '')} -cf - app | docker import -c 'CMD ["/app"]' - ${image}`,
      ]);
      const line = `run -d --name sensor-hub --restart on-failure:3 ${image}`;
      const { code, text } = await docker(line);
      await sleep(4);
      const evidence = {
        'deploy.log': job([{ line: `docker ${line}`, text, code }]),
        'sensor-hub.log': (await docker('logs sensor-hub')).text,
        'ps.txt': (await docker('ps -a --filter name=sensor-hub')).text,
      };
      await docker('rm -f sensor-hub');
      await docker(`rmi ${image}`);
      return evidence;
    },
  },
  {
    id: 'image-platform-mismatch-gateway-docker-manifest-list',
    category: 'image-platform-mismatch',
    provenance: 'staged',
    app: 'iot-gateway',
    log: 'deploy.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['no matching manifest for linux/amd64'],
    program: 'docker 20.10',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'The manifest list of the tag holds arm64 only; the engine runs on amd64.',
    steps: async () => ({
      'deploy.log': job([await shown('pull registry.corp.example/edge/iot-gateway:1.12.3')]),
    }),
  },
].map(onDocker);

await serve(false, '127.0.0.1', '5000');
await serve(false, '127.0.0.2', '443', 'mute');
await serve(true, '52.7.93.11', '443', ...certificate);
await serve(true, '10.20.4.15', '443', ...certificate);
await serve(true, '10.20.4.15', '8443', 'mute');
await serve(true, '10.20.4.16', '443', ...certificate);
try {
  await recordAll(script, [...kubernetes, ...containers]);
} finally {
  for (const child of started) child.kill();
}
