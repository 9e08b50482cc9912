// cpu-throttled: the kernel's own counters beside a slow application.
import { docker as anyDocker, onDocker, untilPrints } from '../lib/docker.mjs';
import { deployment, kubectl, recordAll } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/cpu.mjs';

/** cgroup counters of the container, read inside it. */
const cpuStat = (app) => async (namespace) =>
  (
    await kubectl(
      namespace,
      `exec deployment/${app} -- sh -c 'cd /sys/fs/cgroup; cat cpu/cpu.stat cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us 2>/dev/null || cat cpu.stat cpu.max'`,
    )
  ).text;

/** cAdvisor's metrics of one namespace, as the kubelet serves them to Prometheus. */
const cadvisor = async (namespace) => {
  const { text: out } = await run('kubectl', [
    'get',
    '--raw',
    '/api/v1/nodes/node-1/proxy/metrics/cadvisor',
  ]);
  const wanted = /^container_(cpu_cfs_|cpu_usage|spec_cpu|memory_working_set|spec_memory_limit)/;
  return `${out
    .split('\n')
    .filter((line) => wanted.test(line) && line.includes(`namespace="${namespace}"`))
    .join('\n')}\n`;
};

const kubernetes = [
  {
    id: 'cpu-throttled-checkout-liveness',
    category: 'cpu-throttled',
    app: 'checkout',
    log: 'checkout.log',
    form: 'application-log',
    split: 'tune',
    proof: ['nr_throttled'],
    program: 'node 20 in a pod',
    hides: 'Liveness probe failed: context deadline exceeded',
    why: 'With 50m of CPU nearly every period is throttled, so orders take seconds and the health check times out; the events only tell of the probe.',
    namespace: 'shop',
    seconds: 150,
    manifests: deployment('checkout', {
      image: 'shop/checkout:3.8.0',
      command: ['node', '/srv/app/checkout.mjs'],
      container: `resources: { requests: { cpu: 20m, memory: 64Mi }, limits: { cpu: 50m, memory: 256Mi } }
livenessProbe: { httpGet: { path: /healthz, port: 8080 }, initialDelaySeconds: 25, periodSeconds: 5, failureThreshold: 8 }`,
    }),
    until: [
      ['get events', /Liveness probe failed.*deadline/],
      ['logs deployment/checkout', /budget 1000 ms[^]*budget 1000 ms[^]*budget 1000 ms/],
    ],
    evidence: {
      'checkout.log': 'logs deployment/checkout',
      'describe.txt': 'describe pod',
      'cpu.stat.txt': cpuStat('checkout'),
    },
  },
  {
    id: 'cpu-throttled-gateway-java-slow-start-metrics',
    category: 'cpu-throttled',
    app: 'gateway',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'held-out',
    proof: ['container_cpu_cfs_throttled_periods_total'],
    program: 'openjdk 17 in a pod',
    hides: 'Startup probe failed',
    why: 'A JVM with 20m of CPU is throttled in nearly all periods (cAdvisor) and therefore misses its startup probe; it would start in a second with more.',
    namespace: 'edge',
    manifests: deployment('gateway', {
      image: 'edge/gateway:1.30.2',
      command: ['java', '-Xmx96m', '-cp', '/srv/app', 'Ledger'],
      container: `env: [{ name: APP, value: gateway }]
resources: { requests: { cpu: 20m, memory: 128Mi }, limits: { cpu: 20m, memory: 384Mi } }
startupProbe: { httpGet: { path: /actuator/health, port: 8080 }, periodSeconds: 3, failureThreshold: 10 }`,
    }),
    until: [
      ['describe pod', /Restart Count:\s+[1-9]/],
      ['get events', /failed startup probe/],
    ],
    seconds: 120,
    settle: 4,
    evidence: {
      'describe.txt': 'describe pod',
      'metrics.txt': cadvisor,
      'gateway.log': 'logs deployment/gateway --previous',
    },
  },
];

const containers = [
  onDocker({
    id: 'cpu-throttled-pricing-docker',
    category: 'cpu-throttled',
    app: 'pricing',
    log: 'pricing.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['nr_throttled', '"NanoCpus": 100000000'],
    program: 'python 3.11 in docker 20.10',
    hides: 'runs behind, looks like slow code',
    why: 'The container may use 0.1 CPU and is throttled in nearly all periods; repricing that took 0.2 s takes seconds.',
    images: ['shop/pricing:1.14.0'],
    steps: async (docker) => {
      await docker(
        'run -d --name pricing --cpus 1 --memory 128m shop/pricing:1.14.0 python3 /srv/app/pricing.py',
      );
      await sleep(12);
      await anyDocker('update --cpus 0.1 pricing');
      await untilPrints('logs pricing', /; 9 runs behind/, 90);
      return {
        'pricing.log': (await docker('logs pricing')).text,
        'inspect.json': (await docker('inspect pricing')).text,
        'cpu.stat.txt': (
          await docker(
            "exec pricing sh -c 'cat /sys/fs/cgroup/cpu/cpu.stat 2>/dev/null || cat /sys/fs/cgroup/cpu.stat'",
          )
        ).text,
        'stats.txt': (await docker('stats --no-stream pricing')).text,
      };
    },
  }),
];

await recordAll(script, [...kubernetes, ...containers]);
