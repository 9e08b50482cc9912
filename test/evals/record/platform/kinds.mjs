// The kinds of failure that the integration tests break, fix and verify on a real cluster, as War
// Room's own kubectl server tells them. It imports the tests' charts, which are TypeScript:
//     npm run build && npx tsx test/evals/record/platform/kinds.mjs
// Needs helm beside kubectl. The playbooks' authors saw these failures, so none is held out.
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { connect } from '../../../integration/mcp/client';
import { chart } from '../../../integration/verification/chart';
import { kinds } from '../../../integration/verification/kinds';
import { kindsOfChange } from '../../../integration/verification/kindsOfChange';
import { writeCase } from '../lib/case.mjs';
import { kubectl, recordAll } from '../lib/kubernetes.mjs';
import { run, until } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/kinds.mjs';
const app = 'shop';
const logged = 'logs.txt';
const described = 'describe.txt';

/** What a kind is as a case: its name beside the category, what proves it, and why it is that. */
const facts = {
  'probe-port': {
    proof: 'Readiness probe failed',
    why: 'The readiness probe asks port 9090, and the program listens on 8080.',
  },
  leak: {
    proof: 'OOMKilled',
    why: 'The program keeps what it reads until its container is killed at 24Mi, again and again.',
  },
  'stuck-start': {
    proof: 'failed liveness probe, will be restarted',
    why: 'The program hangs in its start and never listens, so the liveness probe has it restarted.',
  },
  registry: {
    proof: 'Failed to pull image "test/busybox:9.9.9"',
    why: 'The node cannot look up or reach the registry that is to have the image.',
  },
  command: {
    proof: 'no such file or directory',
    why: 'The command of the container is a path that its image does not have.',
  },
  'config-map': {
    proof: 'configmap "shop-settings" not found',
    why: 'The container takes its environment from a ConfigMap that is not in the namespace.',
  },
  resources: {
    proof: 'Insufficient cpu',
    why: 'The pod requests 64 processors, which no node has.',
  },
  selector: {
    proof: "didn't match Pod's node affinity/selector",
    why: 'The pod wants a node with the label disk=nvme, and none has it.',
  },
  claim: {
    proof: 'unbound immediate PersistentVolumeClaims',
    why: 'The claim names a storage class that is not there, so it is never bound.',
  },
  quota: {
    proof: 'exceeded quota: small',
    why: 'The quota of the namespace allows no pods at all.',
  },
  variable: {
    log: logged,
    proof: 'required environment variable DATABASE_URL is not set',
    why: 'The program ends at once since a variable that it needs is not set.',
  },
  'read-only': {
    log: logged,
    proof: 'Read-only file system',
    why: 'The program writes to its root file system, which is mounted read-only.',
  },
  permission: {
    log: logged,
    proof: 'Permission denied',
    why: 'The program writes below /etc as a user who may not.',
  },
  refused: {
    log: logged,
    proof: 'Connection refused',
    why: 'Nothing listens on the port of its own host that the program connects to.',
  },
  name: {
    log: logged,
    proof: 'orders.nowhere.svc',
    why: 'The program looks up a service that there is not.',
  },
  segfault: {
    proof: 'Exit Code:    139',
    why: 'A child of the program dies of a segmentation fault, and the program ends with its status.',
  },
  image: {
    proof: 'not found',
    why: 'The registry is reached and has no image with this tag.',
  },
  program: {
    proof: 'executable file not found in $PATH',
    why: 'The command of the container is misspelt: sleeep.',
  },
  config: {
    log: logged,
    proof: "SHOP_PORT must be a number, but is 'http-alt'",
    why: 'The program refuses the value of a variable.',
  },
  region: {
    log: logged,
    proof: 'required environment variable SHOP_REGION is not set',
    why: 'The last change took a variable away that the program needs.',
  },
  request: {
    proof: 'Insufficient cpu',
    why: 'The last change requests 64 processors, which no node has.',
  },
  account: {
    log: logged,
    proof: 'cannot get resource',
    why: 'The pod runs as the default account, which may not read what the program asks the API for.',
  },
  'service-selector': {
    log: 'service.txt',
    proof: 'Connection refused',
    why: 'The selector of the service fits no pod, so that it has no endpoints.',
  },
  'service-port': {
    log: 'service.txt',
    proof: 'Connection refused',
    why: 'The service sends to a port name that the pods do not have.',
  },
};

const scenarios = [...kindsOfChange, ...kinds].map((kind) => {
  const { log = described, proof, why } = facts[kind.name];
  return {
    id: `${kind.category}-shop-kind-${kind.name}`,
    category: kind.category,
    app,
    log,
    form: log === logged ? 'application-log' : 'kubectl-describe',
    program: 'kubernetes 1.34',
    proof: [proof],
    split: 'tune',
    why,
    record: (folder, from, scenario) => record(folder, from, scenario, kind),
  };
});

/** Installs the kind's chart, waits until it is broken, and asks the bundled server about it. */
async function record(folder, from, scenario, { name, values, objects, broken, asked = [] }) {
  // A name that tells nothing of what is wrong.
  const namespace = `pr-team-${Object.keys(facts).indexOf(name) + 1}`;
  const place = await mkdtemp(join(tmpdir(), 'kind-'));
  try {
    for (const [path, text] of Object.entries({ ...chart, 'values.yaml': values })) {
      await mkdir(dirname(join(place, path)), { recursive: true });
      await writeFile(join(place, path), text);
    }
    await run('kubectl', ['create', 'namespace', namespace]);
    if (objects) {
      await kubectl(namespace, 'apply -f -', { input: objects });
      if (objects.includes('kind: Pod\n'))
        await kubectl(namespace, 'wait --for=condition=Ready pods --all --timeout=90s');
    }
    const { code, text } = await run('helm', ['upgrade', '--install', app, place, '-n', namespace]);
    if (code !== 0) throw new Error(text);
    const lines = ['get pods', 'describe pods', 'get events', `logs -l app=${app} --tail 50`];
    const looks = [...lines, ...asked.map((each) => each.join(' '))];
    await until(
      async () => {
        const seen = await Promise.all(looks.map((line) => kubectl(namespace, line)));
        return broken.test(seen.map((each) => each.text).join('\n'));
      },
      { seconds: 180, what: `${scenario.id}: ${broken}` },
    );
    await writeCase(folder, from, scenario, await told(namespace, asked.length > 0));
  } finally {
    await run('kubectl', ['delete', 'namespace', namespace, '--wait=false']);
    await rm(place, { recursive: true, force: true });
  }
}

/** What the server's tools tell of the application: file name -> text; what there is nothing of is left out. */
async function told(namespace, hasService) {
  const session = await connect('dist/servers/kubectl.js', {
    KUBECONFIG: process.env.KUBECONFIG,
    WAR_ROOM_KUBE_NAMESPACE: namespace,
  });
  try {
    return await answers(session, hasService);
  } finally {
    await session.client.close();
  }
}

async function answers(session, hasService) {
  const ask = async (tool, given = {}) => {
    const { text, isError } = await session.call(tool, given);
    return isError ? '' : text;
  };
  const pods = await session.call('list_pods', { deployment: app });
  const pod_name = /^shop-\S+/m.exec(pods.text)?.[0];
  const ofPod = pod_name
    ? {
        [described]: await ask('describe_pod', { pod_name }),
        [logged]:
          (await ask('get_pod_logs', { pod_name, previous: true })) ||
          (await ask('get_pod_logs', { pod_name })),
      }
    : { [described]: await ask('describe_deployment', { deployment: app }) };
  const service = { kind: 'service', name: app };
  const ofService = hasService
    ? {
        'service.txt': await ask('describe_object', service),
        'caller.txt': await ask('get_pod_logs', { pod_name: 'caller', tail: 5 }),
      }
    : {};
  const all = { ...ofPod, 'events.txt': await ask('get_events'), ...ofService };
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text.trim() !== ''));
}

await recordAll(script, scenarios, { atOnce: 3 });
