// crash-loop (it restarts, and nothing says why) and insufficient-evidence (what is at hand does not decide).
import { onDocker, eventsOf, untilPrints } from '../lib/docker.mjs';
import { deployment, kubectl, recordAll, service } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/unknown.mjs';
const small = 'resources: { requests: { cpu: 10m, memory: 64Mi } }';
const restarted = [
  ['describe pod', /Restart Count:\s+[2-9]/],
  ['describe pod', /CrashLoopBackOff/],
];
const open = { category: 'insufficient-evidence', hides: null };
const grep = (text, pattern) =>
  `${text
    .split('\n')
    .filter((line) => pattern.test(line))
    .join('\n')}\n`;

const loops = [
  {
    id: 'crash-loop-shipping-silent-exit-1',
    category: 'crash-loop',
    app: 'shipping',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    hides: null,
    proof: ['Back-off restarting failed container'],
    mayBeEmpty: true,
    program: 'node 20 in a pod',
    why: 'It leaves with status 1 after a second and prints nothing, now and before; all that could be collected is here.',
    namespace: 'logistics',
    manifests: deployment('shipping', {
      image: 'shop/shipping:1.0.0',
      command: ['node', '/srv/app/silent.mjs'],
      container: small,
    }),
    until: restarted,
    evidence: {
      'describe.txt': 'describe pod',
      'shipping.log': 'logs deployment/shipping',
      'shipping-previous.log': 'logs deployment/shipping --previous',
      'events.txt': 'get events',
    },
  },
  {
    id: 'crash-loop-tax-service-liveness-louder',
    category: 'crash-loop',
    app: 'tax-service',
    log: 'tax-service-previous.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['Exit Code:    2'],
    program: 'dash in a pod',
    hides: 'Readiness probe failed: connection refused',
    why: 'It ends by itself with exit code 2 soon after an ordinary start; the readiness probe fails only because nothing listens yet.',
    namespace: 'tax',
    manifests: deployment('tax-service', {
      image: 'finance/tax-service:2.2.1',
      command: [
        'sh',
        '-c',
        'echo "tax-service 2.2.1"; echo "loading 27 country rule sets"; sleep 2; echo "rule sets loaded, 0 invalid"; sleep 2; exit 2',
      ],
      container: `${small}\nreadinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 1 }`,
    }),
    until: restarted,
    evidence: {
      'tax-service-previous.log': 'logs deployment/tax-service --previous',
      'describe.txt': 'describe pod',
      'events.txt': 'get events',
    },
  },
  {
    id: 'crash-loop-importer-docker-restarts',
    category: 'crash-loop',
    app: 'importer',
    log: 'events.txt',
    form: 'docker-logs',
    split: 'tune',
    hides: null,
    proof: ['exitCode=1'],
    program: 'node 20 in docker 20.10',
    mayBeEmpty: true,
    why: 'The container dies with exit code 1 at every start, its log is empty, the engine reports no error and no memory kill.',
    images: ['imports/importer:6'],
    onDocker: async (docker, since) => {
      await docker(
        'run -d --name importer --restart always imports/importer:6 node /srv/app/silent.mjs',
      );
      await untilPrints('inspect importer', /"RestartCount": [4-9]/, 60);
      return {
        'events.txt': await eventsOf('importer', since),
        'inspect.json': (await docker('inspect importer')).text,
        'importer.log': (await docker('logs importer')).text,
      };
    },
  },
];

const undecided = [
  {
    ...open,
    id: 'insufficient-evidence-billing-exit-137-error',
    app: 'billing',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['Exit Code:    137'],
    program: 'dash in a pod, killed by SIGKILL from the node',
    why: 'Exit code 137 with the reason Error, not OOMKilled, and no kernel line: it was killed, by whom is not to be seen.',
    namespace: 'billing-prod',
    manifests: deployment('billing', {
      image: 'finance/billing:4.4.0',
      command: ['sh', '-c', 'echo "billing 4.4.0 up"; sleep 1000 & wait'],
      container: 'resources: { requests: { cpu: 10m, memory: 64Mi }, limits: { memory: 256Mi } }',
    }),
    then: async (namespace) => {
      await kubectl(namespace, 'rollout status deployment/billing --timeout=40s');
      await sleep(3);
      const { text } = await run('pgrep', [
        '-xf',
        'sh -c echo "billing 4.4.0 up"; sleep 1000 & wait',
      ]);
      for (const pid of text.split('\n').filter(Boolean)) await run('kill', ['-9', pid]);
    },
    until: [['describe pod', /Exit Code:\s+137/]],
    evidence: { 'describe.txt': 'describe pod' },
  },
  {
    ...open,
    id: 'insufficient-evidence-back-off-only',
    app: 'loyalty',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['Back-off restarting failed container'],
    program: 'kubernetes 1.34',
    why: 'The only events left are those of the back-off; log and status were not collected.',
    namespace: 'loyalty-prod',
    manifests: deployment('loyalty', {
      image: 'shop/loyalty:4.0.1',
      command: ['node', '/srv/app/payments.js'],
      container: small,
    }),
    until: restarted,
    evidence: {
      'events.txt': async (namespace) =>
        grep((await kubectl(namespace, 'get events')).text, /LAST SEEN|BackOff/),
    },
  },
  {
    ...open,
    id: 'insufficient-evidence-get-pods-crashloop',
    app: 'newsletter',
    log: 'pods.txt',
    form: 'events',
    split: 'held-out',
    proof: ['CrashLoopBackOff'],
    program: 'kubernetes 1.34',
    why: 'A list of pods names the one that restarts and says nothing of the reason.',
    namespace: 'mail',
    manifests:
      deployment('newsletter', {
        image: 'mail/newsletter:1.4',
        command: ['sh', '/srv/app/mailer.sh'],
        container: small,
      }) +
      deployment('mail-archive', {
        image: 'mail/archive:1.0',
        command: ['sleep', 'infinity'],
        container: small,
      }),
    until: [['get pods', /CrashLoopBackOff/]],
    evidence: { 'pods.txt': 'get pods -o wide' },
  },
  {
    ...open,
    id: 'insufficient-evidence-log-cut-while-starting',
    app: 'gateway',
    log: 'gateway.log',
    form: 'application-log',
    split: 'tune',
    proof: ['Starting Application'],
    program: 'openjdk 17 in a pod',
    why: 'The log was cut before the failure (head of a longer one); the pod list only says Error.',
    namespace: 'edge-live',
    manifests: deployment('gateway', {
      image: 'edge/gateway:1.31.0',
      command: ['java', '-Xmx40m', '-XX:+ExitOnOutOfMemoryError', '-cp', '/srv/app', 'Ledger'],
      container: `${small}\nenv: [{ name: APP, value: gateway }]`,
    }),
    until: [['get pods', /\s[1-9] \(/]],
    evidence: {
      'gateway.log': async (namespace) =>
        (await kubectl(namespace, 'logs deployment/gateway --previous --limit-bytes=700')).text,
      'pods.txt': 'get pods',
    },
  },
  {
    ...open,
    id: 'insufficient-evidence-cart-caller-timeouts',
    app: 'cart',
    log: 'cart.log',
    form: 'json-lines',
    split: 'tune',
    proof: ['aborted due to timeout'],
    program: 'node 20 in a pod',
    why: 'Only the caller speaks, and only of time-outs; what the other service does cannot be seen.',
    namespace: 'cart-eu',
    manifests:
      deployment('inventory', {
        image: 'shop/inventory:3.3.1',
        command: [
          'python3',
          '-c',
          'import socket,time\ns=socket.create_server(("",8080))\nk=[]\nwhile True: k.append(s.accept())',
        ],
        container: small,
      }) +
      service('inventory', 8080) +
      deployment('cart', {
        image: 'shop/cart:1.15.2',
        command: ['node', '/srv/app/cart.mjs'],
        container: small,
      }),
    until: [['logs deployment/cart', /"attempt":5/]],
    evidence: { 'cart.log': 'logs deployment/cart' },
  },
  {
    ...open,
    id: 'insufficient-evidence-helm-wait-timeout',
    app: 'wiki',
    log: 'deploy.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['UPGRADE FAILED'],
    program: 'helm 3',
    why: 'Helm waited and gave up; nothing says what the pods did.',
    namespace: 'docs-live',
    manifests: deployment('wiki-db', {
      image: 'docs/db:1',
      command: ['sleep', 'infinity'],
      container: small,
    }),
    evidence: {
      'deploy.log': async (namespace) => {
        const chart = '/tmp/record-chart/wiki';
        const body = deployment('wiki', {
          image: 'docs/wiki:4.3',
          command: ['node', '/srv/app/silent.mjs'],
          container: small,
        }).replace(/\n---\n$/, '\n');
        await run(
          'bash',
          [
            '-c',
            `mkdir -p ${chart}/templates; printf 'apiVersion: v2\\nname: wiki\\nversion: 4.3.0\\n' > ${chart}/Chart.yaml; cat > ${chart}/templates/d.yaml`,
          ],
          { input: body },
        );
        await run('bash', ['-c', `cd /tmp/record-chart; helm install wiki ./wiki -n ${namespace}`]);
        return (
          await run('bash', [
            '-c',
            `cd /tmp/record-chart; echo "+ helm upgrade wiki ./wiki -n ${namespace} --wait --timeout 15s"; helm upgrade wiki ./wiki -n ${namespace} --wait --timeout 15s; echo "deploy job failed (exit code $?)"`,
          ])
        ).text;
      },
    },
  },
  {
    ...open,
    id: 'insufficient-evidence-web-504-only',
    app: 'web',
    log: 'web.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['upstream timed out (110: Connection timed out)'],
    program: 'nginx 1.22 in docker 20.10',
    why: 'The proxy says that its upstream did not answer in time; whether it is slow, stuck or cut off is not to be seen.',
    images: ['edge/web:1.22', 'shop/storefront:9.2'],
    onDocker: async (docker) => {
      await docker('network create site-net');
      await docker(
        'run -d --name storefront2 --network site-net --network-alias storefront shop/storefront:9.2 python3 -c \'import socket;s=socket.create_server(("",8000));k=[]\nwhile True: k.append(s.accept())\'',
      );
      await sleep(1);
      const conf =
        'daemon off; pid /tmp/nginx.pid; error_log /dev/stderr notice; worker_processes 1; events {} http { access_log /dev/stdout; server { listen 8080; location / { proxy_read_timeout 2s; proxy_pass http://storefront:8000; } location /static { return 200 ok; } } }';
      await docker(
        `run -d --name web2 --network site-net edge/web:1.22 sh -c 'echo "${conf}" > /tmp/n.conf; exec nginx -c /tmp/n.conf'`,
      );
      await sleep(2);
      for (const path of ['static/a.css', 'static/b.js', 'cart', 'cart', 'product/77'])
        await docker(`exec web2 curl -s -o /dev/null http://127.0.0.1:8080/${path}`);
      return { 'web.log': (await docker('logs web2')).text };
    },
  },
  {
    ...open,
    id: 'insufficient-evidence-docker-exited-137',
    app: 'encoder',
    log: 'inspect.json',
    form: 'docker-logs',
    split: 'held-out',
    proof: ['"ExitCode": 137', '"OOMKilled": false'],
    program: 'python 3.11 in docker 20.10, docker kill',
    why: 'Exit code 137 and OOMKilled false: somebody or something sent SIGKILL; the engine does not say who.',
    images: ['media/encoder:0.7'],
    onDocker: async (docker) => {
      await docker(
        'run -d --name encoder --memory 512m media/encoder:0.7 python3 -u /srv/app/stuck.py',
      );
      await sleep(5);
      await docker('kill encoder');
      await sleep(1);
      return {
        'inspect.json': (await docker('inspect encoder')).text,
        'encoder.log': (await docker('logs encoder')).text,
      };
    },
  },
  {
    ...open,
    id: 'insufficient-evidence-container-creating',
    app: 'ranking',
    log: 'pods.txt',
    form: 'events',
    split: 'tune',
    proof: ['ContainerCreating'],
    program: 'kubernetes 1.34',
    why: 'The pod has been ContainerCreating for a minute; of its events only Scheduled was copied, so an image, a volume or the network may be the reason.',
    namespace: 'ranking',
    manifests: deployment('ranking', {
      image: 'reco/ranking:2.0',
      command: ['sleep', 'infinity'],
      pod: 'volumes: [{ name: model, secret: { secretName: ranking-model } }]',
      container: `${small}\nvolumeMounts: [{ name: model, mountPath: /model }]`,
    }),
    until: [['get pods', /ContainerCreating/]],
    settle: 50,
    evidence: {
      'pods.txt': 'get pods -o wide',
      'events.txt': 'get events --field-selector reason=Scheduled',
    },
  },
];
const all = [...loops, ...undecided].map(({ onDocker: steps, ...scenario }) =>
  steps ? onDocker({ ...scenario, steps }) : scenario,
);
await recordAll(script, all);
