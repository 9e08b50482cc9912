// control-plane-unavailable: an API server of its own on this host, with its own etcd, that is stopped,
// loses its store, or is not there yet. Needs the cluster's binary (KUBE_BINARY), etcd and kubectl.
import { onDocker } from '../lib/docker.mjs';
import { recordAll } from '../lib/kubernetes.mjs';
import { kube, plane, tail } from '../lib/plane.mjs';
import { sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/controlplane.mjs';
const shell = async (kubectl, lines) => {
  let text = '';
  for (const line of lines) {
    const { code, text: said } = await kubectl(line);
    text += `$ kubectl ${line}\n${said}${code ? `exit status ${code}\n` : ''}`;
  }
  return text;
};

const scenarios = [
  {
    id: 'control-plane-unavailable-release-kubectl-refused',
    app: null,
    log: 'deploy.log',
    split: 'tune',
    proof: ['The connection to the server 127.0.0.1:6443 was refused'],
    program: 'kubectl 1.34',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'The API server stopped between two steps of the deployment: nothing listens on its port.',
    steps: async () => {
      const { kubectl, server, end } = await plane();
      try {
        let text = await shell(kubectl, [
          'create namespace shop',
          'create deployment cart --image=shop/cart:1.15.3 -n shop',
        ]);
        server.kill('SIGKILL');
        await sleep(1);
        text += await shell(kubectl, ['rollout status deployment/cart -n shop --timeout=60s']);
        return { 'deploy.log': `${text}ERROR: Job failed: exit code 1\n` };
      } finally {
        await end();
      }
    },
  },
  {
    id: 'control-plane-unavailable-apiserver-etcd-lost',
    app: null,
    log: 'kubectl.log',
    split: 'tune',
    proof: ['[-]etcd failed: reason withheld'],
    program: 'kube-apiserver 1.34, etcd 3.4',
    hides: 'timeouts of kubectl',
    why: 'The API server answers, and its etcd is gone: it cannot read or write anything, and is not ready.',
    steps: async () => {
      const { kubectl, etcd, end, log } = await plane();
      try {
        let text = await shell(kubectl, ['create namespace payments', 'get namespaces']);
        etcd.kill('SIGKILL');
        await sleep(8);
        text += await shell(kubectl, [
          'get --raw=/readyz?verbose',
          'create configmap release --from-literal=tag=7.3.1 -n payments --request-timeout=45s',
        ]);
        return { 'kubectl.log': text, 'kube-apiserver.log': tail(await log('apiserver'), 40) };
      } finally {
        await end();
      }
    },
  },
  {
    id: 'control-plane-unavailable-controller-manager-lease-lost',
    app: 'kube-controller-manager',
    log: 'kube-controller-manager.log',
    split: 'held-out',
    proof: ['connect: connection refused', 'leaderelection lost'],
    program: 'kube-controller-manager 1.34',
    hides: 'leaderelection lost, exit status 1',
    why: 'The controller manager leaves because it cannot renew its lease, and it cannot because the API server refuses connections.',
    steps: async () => {
      const { server, start, end, log } = await plane();
      try {
        start('manager', kube, [
          ...[
            'controllers',
            '--kubeconfig',
            'config',
            '--leader-elect',
            '--leader-elect-lease-duration=8s',
            '--leader-elect-renew-deadline=6s',
            '--leader-elect-retry-period=2s',
          ],
          ...[
            '--controllers',
            'namespace-controller,resourcequota-controller',
            '--secure-port',
            '0',
          ],
        ]);
        await sleep(16);
        server.kill('SIGKILL');
        await sleep(14);
        return { 'kube-controller-manager.log': tail(await log('manager'), 60) };
      } finally {
        await end();
      }
    },
  },
].map((scenario) =>
  onDocker({ category: 'control-plane-unavailable', form: 'application-log', ...scenario }),
);

await recordAll(script, scenarios, { atOnce: 1 });
