// Docker Swarm, a second scheduler: volume-unbound, unschedulable-resources,
// unschedulable-constraints and no-incident. docker-compose and the engine alone for volumes.
import { onDocker, untilPrints } from '../lib/docker.mjs';
import { recordAll } from '../lib/kubernetes.mjs';
import { sleep, run } from '../lib/shell.mjs';
import { expect, onSwarm, untilRunning } from '../lib/swarm.mjs';

const script = 'test/evals/record/platform/swarm.mjs';
const orders = (app, port = 8080) => `env APP=${app} PORT=${port} node /srv/app/orders.js`;
const create = (line) => expect(`service create --detach --no-resolve-image ${line}`);
const tasks = async (service) => (await expect(`service ps --no-trunc ${service}`)).trimEnd();

/** What a deploy job prints that waits for a service and gives up: the waiting is docker's. */
async function deployLog(line, seconds) {
  const { text } = await run('timeout', [
    String(seconds),
    'docker',
    ...`service create --no-resolve-image ${line}`.split(' '),
  ]);
  return `$ timeout ${seconds} docker service create ${line}\n${text}`;
}

const swarm = [
  {
    id: 'unschedulable-constraints-payments-api-swarm-zone',
    category: 'unschedulable-constraints',
    app: 'payments-api',
    log: 'service-ps.txt',
    form: 'events',
    split: 'tune',
    proof: ['scheduling constraints not satisfied'],
    program: 'docker swarm 20.10',
    hides: 'Pending',
    why: 'The service may only run on nodes with the label zone=eu-central, and no node has it.',
    images: ['shop/payments-api:5.3.1', 'shop/pricing:4.0.2'],
    steps: async (docker) => {
      await create(`--name pricing shop/pricing:4.0.2 ${orders('pricing')}`);
      await untilRunning('pricing');
      await create(
        `--name payments-api --replicas 2 --constraint node.labels.zone==eu-central shop/payments-api:5.3.1 ${orders('payments-api')}`,
      );
      await untilPrints('service ps --no-trunc payments-api', /no suitable node/, 30);
      return {
        'service-ps.txt': await tasks('payments-api'),
        'services.txt': await expect('service ls'),
        'service.txt': await expect('service inspect --pretty payments-api'),
        'nodes.txt': await expect('node ls'),
      };
    },
  },
  {
    id: 'unschedulable-constraints-ledger-swarm-deploy-log',
    category: 'unschedulable-constraints',
    app: 'ledger',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['scheduling constraints not satisfied'],
    program: 'docker swarm 20.10',
    hides: 'overall progress: 0 out of 3 tasks, ERROR: Job failed: exit code 124',
    why: 'The job that creates the service runs into its time limit, because the service is bound to worker nodes and the swarm has a manager only.',
    images: ['bank/ledger:2.4.0'],
    steps: async () => {
      const line = `--name ledger --replicas 3 --constraint node.role==worker bank/ledger:2.4.0 ${orders('ledger')}`;
      return {
        'deploy.log': `[12:04:11] step 4/5: deploy ledger 2.4.0\n${await deployLog(line, 12)}[12:04:23] ERROR: Job failed: exit code 124\n`,
      };
    },
  },
  {
    id: 'unschedulable-constraints-search-swarm-replicas-per-node',
    category: 'unschedulable-constraints',
    app: 'search',
    log: 'stack-ps.txt',
    form: 'events',
    split: 'held-out',
    proof: ['max replicas per node limit exceed'],
    program: 'docker swarm 20.10',
    hides: 'the running task of the same service',
    why: 'At most one task may run on a node, three are wanted, and there is one node.',
    images: ['search/search-api:5.1.1'],
    steps: async () => {
      await create(
        `--name search --replicas 3 --replicas-max-per-node 1 search/search-api:5.1.1 ${orders('search')}`,
      );
      await untilPrints('service ps --no-trunc search', /max replicas per node/, 60);
      await untilPrints('service logs search', /listening/i, 60);
      return {
        'stack-ps.txt': await tasks('search'),
        'services.txt': await expect('service ls'),
        'search.log': await expect('service logs search'),
      };
    },
  },
  {
    id: 'unschedulable-resources-image-resizer-swarm-memory',
    category: 'unschedulable-resources',
    app: 'image-resizer',
    log: 'service-ps.txt',
    form: 'events',
    split: 'tune',
    proof: ['insufficient resources on 1 node'],
    program: 'docker swarm 20.10',
    hides: 'Pending',
    why: 'Each task reserves 256 GB of memory, more than the node has.',
    images: ['media/image-resizer:1.9.3'],
    steps: async () => {
      await create(
        `--name image-resizer --replicas 2 --reserve-memory 256GB --limit-memory 256GB media/image-resizer:1.9.3 ${orders('image-resizer')}`,
      );
      await untilPrints('service ps --no-trunc image-resizer', /insufficient resources/, 30);
      return {
        'service-ps.txt': await tasks('image-resizer'),
        'service.txt': await expect('service inspect --pretty image-resizer'),
        'services.txt': await expect('service ls'),
      };
    },
  },
  {
    id: 'unschedulable-resources-catalog-swarm-rollout',
    category: 'unschedulable-resources',
    app: 'catalog',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['insufficient resources on 1 node'],
    program: 'docker swarm 20.10',
    hides: 'overall progress: 0 out of 2 tasks, the old tasks that were shut down on purpose',
    why: 'The new release reserves 48 CPUs; its tasks stay pending, while the old ones were stopped by the update.',
    images: ['shop/catalog:6.2.0', 'shop/catalog:6.3.0'],
    steps: async () => {
      await create(`--name catalog --replicas 2 shop/catalog:6.2.0 ${orders('catalog')}`);
      await untilRunning('catalog');
      const update = 'service update --image shop/catalog:6.3.0 --reserve-cpu 48 catalog';
      const { text } = await run('timeout', [
        '15',
        'docker',
        ...update.replace('update', 'update --no-resolve-image').split(' '),
      ]);
      return {
        'deploy.log': `$ timeout 15 docker ${update}\n${text}deploy of catalog 6.3.0 failed: exit code 124\n`,
        'service-ps.txt': await tasks('catalog'),
        'catalog.log': await expect('service logs catalog'),
      };
    },
  },
  {
    id: 'unschedulable-resources-speech-swarm-gpu-json',
    category: 'unschedulable-resources',
    app: 'speech',
    log: 'tasks.json',
    form: 'json-lines',
    split: 'held-out',
    proof: ['insufficient resources on 1 node'],
    program: 'docker swarm 20.10',
    hides: 'Pending',
    why: 'Each task reserves a GPU as a generic resource, and the node offers none.',
    images: ['ml/speech:0.14.2'],
    steps: async () => {
      await create(
        `--name speech --replicas 2 --generic-resource NVIDIA-GPU=1 ml/speech:0.14.2 ${orders('speech')}`,
      );
      await untilPrints('service ps --no-trunc speech', /insufficient resources/, 30);
      return {
        'tasks.json': await expect("service ps --no-trunc speech --format '{{json .}}'"),
        'service.txt': await expect('service inspect --pretty speech'),
      };
    },
  },
  {
    id: 'volume-unbound-orders-db-swarm-driver',
    category: 'volume-unbound',
    app: 'orders-db',
    log: 'service-ps.txt',
    form: 'events',
    split: 'tune',
    proof: ['missing plugin on 1 node'],
    program: 'docker swarm 20.10',
    hides: 'no suitable node',
    why: 'The volume is to be made by the driver rexray/ebs, which no node has: the task waits for a node that can provide its volume.',
    images: ['shop/orders-db:15.4'],
    steps: async () => {
      await create(
        '--name orders-db --mount type=volume,source=orders-data,target=/var/lib/postgresql,volume-driver=rexray/ebs shop/orders-db:15.4 sleep infinity',
      );
      await untilPrints('service ps --no-trunc orders-db', /missing plugin/, 30);
      return {
        'service-ps.txt': await tasks('orders-db'),
        'service.txt': await expect('service inspect --pretty orders-db'),
        'plugins.txt': await expect('plugin ls'),
      };
    },
  },
  {
    id: 'no-incident-storefront-swarm-rolling-update',
    category: 'no-incident',
    app: 'storefront',
    log: 'service-ps.txt',
    form: 'events',
    split: 'tune',
    proof: [],
    program: 'docker swarm 20.10',
    hides: 'Shutdown tasks of the release before',
    why: 'A rolling update went through: all tasks of the new release run, those of the old one were shut down on purpose.',
    images: ['shop/storefront:3.3.0', 'shop/storefront:3.4.0'],
    steps: async () => {
      await create(
        `--name storefront --replicas 3 --update-delay 1s --stop-grace-period 2s shop/storefront:3.3.0 ${orders('storefront')}`,
      );
      await untilRunning('storefront');
      const update = 'service update --image shop/storefront:3.4.0 storefront';
      const deployed = await expect(update.replace('update', 'update --no-resolve-image'), {
        seconds: 120,
      });
      await sleep(2);
      return {
        'deploy.log': `$ docker ${update}\n${deployed}`,
        'service-ps.txt': await tasks('storefront'),
        'services.txt': await expect('service ls'),
        'storefront.log': await expect('service logs storefront'),
      };
    },
  },
  {
    id: 'deploy-sync-failed-newsroom-stack-external-network',
    category: 'deploy-sync-failed',
    app: 'newsroom',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['is declared as external, but could not be found'],
    program: 'docker swarm 20.10, docker stack deploy',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'The stack file expects the network edge-ingress to be there, and nobody made it in this swarm; nothing of the new release is deployed, the old one runs on.',
    images: ['media/newsroom:3.0.0'],
    steps: async (docker) => {
      const stack = (more) =>
        `version: "3.8"\nservices:\n  web:\n    image: media/newsroom:3.0.0\n    command: sleep infinity\n${more}`;
      const deploy = 'stack deploy --resolve-image never -c - newsroom';
      await expect(deploy, { input: stack('') });
      await untilRunning('newsroom_web');
      const { code, text } = await docker(deploy, {
        input: stack(
          '    networks: [edge-ingress]\nnetworks:\n  edge-ingress: { external: true }\n',
        ),
      });
      return {
        'deploy.log': `$ docker ${deploy} < newsroom.yml\n${text}ERROR: Job failed: exit code ${code}\n`,
        'services.txt': await expect('service ls'),
      };
    },
  },
];

const compose = (volumes) => `version: "3.8"
services:
  wiki-db:
    image: docs/wiki-db:15.4
    command: sleep infinity
    volumes: ["wiki-data:/var/lib/postgresql"]
  wiki:
    image: docs/wiki:2.5.303
    command: sleep infinity
    depends_on: [wiki-db]
volumes:
  wiki-data: ${volumes}
`;

/** What docker-compose of Debian 12 prints on `up`, for a file given on its standard input. */
async function composeUp(project, file) {
  const compose = (...words) =>
    run('docker-compose', ['--ansi', 'never', '-p', project, '-f', '-', ...words], { input: file });
  const up = await compose('up', '-d');
  await compose('down', '--volumes');
  return up;
}

const engine = [
  {
    id: 'volume-unbound-wiki-compose-driver',
    category: 'volume-unbound',
    app: 'wiki',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['specifies nonexistent driver rexray/ebs'],
    program: 'docker-compose 1.29 on docker 20.10',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'The volume wiki-data is to be made by the driver rexray/ebs, which the engine does not have, so it is never made and nothing starts.',
    images: ['docs/wiki:2.5.303', 'docs/wiki-db:15.4'],
    steps: async () => {
      const { code, text } = await composeUp('wiki', compose('{ driver: rexray/ebs }'));
      return {
        'deploy.log': `[09:41:02] deploy of wiki 2.5.303\n$ docker-compose -p wiki up -d\n${text}[09:41:04] ERROR: Job failed: exit code ${code}\n`,
      };
    },
  },
  {
    id: 'volume-unbound-tickets-compose-external',
    category: 'volume-unbound',
    app: 'tickets',
    log: 'deploy.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['declared as external, but could not be found'],
    program: 'docker-compose 1.29 on docker 20.10',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'The volume is declared as made by somebody else, and nobody made it on this engine.',
    images: ['docs/wiki:2.5.303', 'docs/wiki-db:15.4'],
    steps: async () => {
      const file = compose('{ external: true, name: tickets-data }').replaceAll('wiki', 'tickets');
      const { code, text } = await composeUp('tickets', file);
      return {
        'deploy.log': `[17:20:40] deploy of tickets 1.12.0\n$ docker-compose -p tickets up -d\n${text}[17:20:42] ERROR: Job failed: exit code ${code}\n`,
      };
    },
  },
];

// One after the other: there is one swarm.
await recordAll(script, [...swarm.map(onSwarm), ...engine.map(onDocker)], {
  atOnce: 1,
});
