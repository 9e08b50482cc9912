// Scenarios on a Kubernetes cluster: each gets its namespace, is applied, watched until it
// has broken as meant, and what kubectl prints of it becomes the evidence.
import { printedBefore, writeCase } from './case.mjs';
import { run, sleep, until, words } from './shell.mjs';

/** Runs one kubectl command line in a namespace; exec, logs and describe print as for a person. */
export async function kubectl(namespace, line, options) {
  return run('kubectl', ['-n', namespace, ...words(line)], options);
}

/** Gives the base image the names that the manifests use; `pulls` leaves them to the registry. */
export async function nameImages(manifests) {
  const socket = process.env.CONTAINERD_SOCKET ?? '/run/containerd/containerd.sock';
  for (const [, name] of manifests.matchAll(/^\s*(?:- )?image: (\S+)$/gm)) {
    const target = `docker.io/${name}`;
    const ctr = (...args) => run('ctr', ['-a', socket, '-n', 'k8s.io', 'images', ...args]);
    const { code, text } = await ctr('tag', '--force', 'docker.io/base/debian:12', target);
    if (code !== 0) throw new Error(text);
  }
}

async function apply(namespace, manifests) {
  const { code, text } = await kubectl(namespace, 'apply -f -', { input: manifests });
  if (code !== 0) throw new Error(text);
}

/**
 * Records one scenario:
 * - `namespace`, `manifests`: what is applied; `then`: called after it (namespace, kubectl), to break it;
 * - `until`: [kubectl command line, pattern] pairs, all of which must be seen;
 * - `evidence`: file name -> kubectl command line, or a function that returns the text;
 * - `after`: clean-up of what is outside of the namespace.
 */
async function record(folder, script, scenario) {
  const { namespace, manifests, evidence } = scenario;
  await run('kubectl', ['create', 'namespace', namespace]);
  const account = 'get serviceaccount default';
  await until(async () => (await kubectl(namespace, account)).code === 0, {
    seconds: 30,
    what: account,
  });
  try {
    await scenario.before?.(namespace);
    if (!scenario.pulls) await nameImages(manifests);
    await apply(namespace, manifests);
    await scenario.then?.(namespace);
    for (const [line, pattern] of scenario.until ?? []) {
      const seen = async () => pattern.test((await kubectl(namespace, line)).text);
      await until(seen, {
        seconds: scenario.seconds ?? 240,
        what: `${scenario.id}: ${line} ${pattern}`,
      });
    }
    await sleep(scenario.settle ?? 1);
    const printed = {};
    for (const [name, how] of Object.entries(evidence)) {
      printed[name] =
        typeof how === 'string' ? (await kubectl(namespace, how)).text : await how(namespace);
    }
    await writeCase(folder, script, scenario, printed);
  } finally {
    if (!process.env.KEEP) {
      await run('kubectl', ['delete', 'namespace', namespace, '--wait=false']);
      await kubectl(namespace, 'delete pod --all --grace-period=1 --wait=false');
    }
    await scenario.after?.(namespace);
  }
}

/**
 * Records the scenarios, some at a time. Arguments of the command line: the folder for the
 * cases, then the ids to record (all by default). With FACTS_ONLY set nothing is run: case.json
 * is written again from the scenario, and the proof is looked for in the evidence that is there.
 */
export async function recordAll(script, scenarios, { atOnce = 5 } = {}) {
  const [folder = 'test/evals/cases', ...ids] = process.argv.slice(2);
  const queue = scenarios.filter(({ id }) => ids.length === 0 || ids.includes(id));
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      try {
        if (process.env.FACTS_ONLY) {
          await writeCase(folder, script, next, await printedBefore(folder, next.id));
        } else {
          await (next.record ?? record)(folder, script, next);
        }
        console.log(`kept ${next.id}`);
      } catch (error) {
        console.log(`FAILED ${next.id}: ${error instanceof Error ? error.message : error}`);
        process.exitCode = 1;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** The command of a container that runs a line in its shell. */
export const shell = (line) => ['sh', '-c', line];

/** A Deployment of one container as Helm charts write it; `container`, `pod` and `sidecars` are YAML text. */
export function deployment(
  name,
  {
    image,
    command,
    container = '',
    pod = '',
    sidecars = '',
    replicas = 1,
    strategy = '',
    labels = '',
  },
) {
  const indent = (text, by) =>
    text.trim() === ''
      ? ''
      : `\n${text
          .trim()
          .split('\n')
          .map((line) => ' '.repeat(by) + line)
          .join('\n')}`;
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, labels: { app.kubernetes.io/name: ${name}, app.kubernetes.io/managed-by: Helm } }
spec:
  replicas: ${replicas}${indent(strategy, 2)}
  selector: { matchLabels: { app.kubernetes.io/name: ${name} } }
  template:
    metadata: { labels: { app.kubernetes.io/name: ${name}${labels} } }
    spec:
      terminationGracePeriodSeconds: 5${indent(pod, 6)}
      containers:
        - name: ${name}
          image: ${image}
          imagePullPolicy: IfNotPresent${command ? `\n          command: ${JSON.stringify(command)}` : ''}${indent(container, 10)}${indent(sidecars, 8)}
---
`;
}

/** A Service of the deployment of the same name. */
export const service = (name, port, target = port) => `
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app.kubernetes.io/name: ${name} }, ports: [{ port: ${port}, targetPort: ${target} }] }
---
`;

export const priorityClass = (name, value) => `
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: ${name} }
value: ${value}
---
`;
