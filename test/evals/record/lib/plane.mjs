// A control plane of its own on this host: etcd and an API server in a folder that goes with them,
// and what else a scenario starts beside them. Needs the cluster's binary (KUBE_BINARY), etcd and kubectl.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCase } from './case.mjs';
import { run, sleep, until, words } from './shell.mjs';

/** The binary that holds the API server, the controllers, the scheduler and the kubelet. */
export const kube = process.env.KUBE_BINARY ?? 'kube';
const port = 6443;
const config = `apiVersion: v1
kind: Config
clusters: [{ name: prod, cluster: { server: 'https://127.0.0.1:${port}', insecure-skip-tls-verify: true } }]
users: [{ name: deployer, user: { token: deployer-token } }]
contexts: [{ name: prod, context: { cluster: prod, user: deployer } }]
current-context: prod
`;

/** Starts etcd and an API server in a folder; returns what stops, extends and reads them. */
export async function plane() {
  const folder = await mkdtemp(join(tmpdir(), 'plane-'));
  const children = [];
  const start = (name, command, args) => {
    const child = spawn('sh', ['-c', `exec "$@" > ${name}.log 2>&1`, 'sh', command, ...args], {
      cwd: folder,
    });
    children.push(child);
    return child;
  };
  await writeFile(join(folder, 'config'), config);
  await writeFile(join(folder, 'tokens.csv'), 'deployer-token,deployer,1,system:masters\n');
  const key = `ecparam -genkey -name prime256v1 -noout -out ${join(folder, 'sa.key')}`;
  await run('openssl', words(key));
  const etcd = start(
    'etcd',
    'etcd',
    words(
      '--data-dir etcd --listen-client-urls http://127.0.0.1:22379 --advertise-client-urls http://127.0.0.1:22379 ' +
        '--listen-peer-urls http://127.0.0.1:22380 --initial-advertise-peer-urls http://127.0.0.1:22380 ' +
        '--initial-cluster default=http://127.0.0.1:22380 --unsafe-no-fsync',
    ),
  );
  const server = start(
    'apiserver',
    kube,
    words(
      `apiserver --etcd-servers http://127.0.0.1:22379 --secure-port ${port} --cert-dir certs ` +
        '--token-auth-file tokens.csv --authorization-mode RBAC --allow-privileged --service-cluster-ip-range 10.97.0.0/16 ' +
        '--service-account-issuer https://kubernetes.default.svc --service-account-key-file sa.key --service-account-signing-key-file sa.key',
    ),
  );
  const kubectl = (line, options) =>
    run('kubectl', ['--kubeconfig', join(folder, 'config'), ...words(line)], options);
  await until(async () => (await kubectl('get --raw=/readyz')).code === 0, {
    seconds: 120,
    what: 'API server',
  });
  await sleep(2);
  const end = async () => {
    for (const child of children.reverse()) {
      child.kill('SIGKILL');
      await sleep(0.3);
    }
    await sleep(1);
    await rm(folder, { recursive: true, force: true });
  };
  return {
    etcd,
    server,
    kubectl,
    folder,
    start,
    end,
    log: (name) => readFile(join(folder, `${name}.log`), 'utf8'),
  };
}

/** The last lines of a text. */
export const tail = (text, lines) => text.split('\n').slice(-lines).join('\n');

/** `steps(plane, apply)` breaks the thing on a fresh control plane and returns the evidence by file name. */
export const onPlane = (scenario) => ({
  ...scenario,
  record: async (folder, path) => {
    const own = await plane();
    const apply = async (manifests) => {
      const { code, text } = await own.kubectl('apply -f -', { input: manifests });
      if (code !== 0) throw new Error(text);
    };
    try {
      await writeCase(folder, path, scenario, await scenario.steps(own, apply));
    } finally {
      if (process.env.KEEP) console.log(own.folder);
      else await own.end();
    }
  },
});

const login =
  '--kubeconfig config --authentication-kubeconfig config --authorization-kubeconfig config ' +
  '--leader-elect=false --secure-port 0';

/** Starts the controller manager with these controllers; its log is `manager`. */
export const startManager = (own, controllers, more = '') =>
  own.start('manager', kube, words(`controllers ${login} --controllers ${controllers} ${more}`));

/** The controllers that pods of deployments need. */
export const workloads =
  'deployment-controller,replicaset-controller,serviceaccount-controller,node-lifecycle-controller';

/** Starts the scheduler; its log is `scheduler`. */
export const startScheduler = (own) =>
  own.start('scheduler', kube, words(`scheduler ${login} -v 2`));

/** Starts kwok, which plays the kubelet of the nodes that exist only in the API. */
export const startKwok = (own, nodes = '--manage-all-nodes') =>
  own.start('kwok', 'kwok', words(`--kubeconfig config ${nodes} --node-ip 10.20.4.11`));

/** Waits until a kubectl command line prints something. */
export const seen = (own, line, pattern, seconds = 90) =>
  until(async () => pattern.test((await own.kubectl(line)).text), { seconds, what: line });

/** Waits until a program of the plane has logged something. */
export const logged = (own, name, pattern, seconds = 90) =>
  until(async () => pattern.test(await own.log(name)), { seconds, what: `${name}: ${pattern}` });
