// Cases that are told by several texts or containers at once: logs with their prefixes and times, wide
// tables, lists of objects as JSON. Programs: celery, PgBouncer, koa, tornado.
import { deployment, kubectl, recordAll, service, shell } from '../lib/kubernetes.mjs';
import { words } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/severalTexts.mjs';

const scenarios = [
  {
    id: 'unschedulable-resources-thumbs-celery-broker-pending',
    split: 'tune',
    category: 'unschedulable-resources',
    app: 'thumb-queue',
    log: 'worker.log',
    form: 'application-log',
    proof: ['Insufficient memory'],
    program: 'celery 5.2 in a pod, kubernetes 1.34',
    hides: 'celery: Cannot connect to redis://thumb-queue:6379, Connection refused',
    why: 'The worker cannot reach its broker because the pod of the broker asks for more memory than the node has and was never placed.',
    namespace: 'thumbs',
    manifests:
      deployment('thumb-queue', {
        image: 'media/redis:7.0.15',
        command: ['redis-server', '--bind', '0.0.0.0', '--protected-mode', 'no'],
        container: 'resources: { requests: { memory: 96Gi } }',
      }) +
      service('thumb-queue', 6379) +
      deployment('thumb-worker', {
        image: 'media/thumb-worker:5.4',
        command: shell(
          'cd /srv/app && exec celery -A resizing worker --loglevel info --concurrency 1',
        ),
        container: 'env: [{ name: BROKER_URL, value: "redis://thumb-queue:6379/0" }]',
      }),
    until: [
      ['get events', /FailedScheduling/],
      ['logs deployment/thumb-worker', /Trying again in 8/],
    ],
    evidence: {
      'worker.log': 'logs deployment/thumb-worker --timestamps --prefix',
      'pods.txt': 'get pods,services -o wide',
      'events.txt': 'get events -o wide',
    },
  },
  {
    id: 'database-auth-orders-pgbouncer-sidecar-logs',
    category: 'database-auth',
    app: 'orders-worker',
    log: 'containers.log',
    form: 'application-log',
    proof: ['password authentication failed'],
    program: 'PgBouncer 1.18 beside psycopg2, postgresql 15',
    hides: 'pooler error, batches dropped since the connection to 127.0.0.1 failed',
    why: 'The pooler beside the worker signs in with a password that the database no longer takes.',
    namespace: 'orders-eu',
    manifests:
      deployment('orders-db', {
        image: 'shop/orders-db:15.8',
        command: shell(
          'mkdir -p /srv/pg && chown postgres /srv/pg && cd /srv/pg && B=/usr/lib/postgresql/15/bin && echo rotated-2026-11 > /tmp/pw && ' +
            'su postgres -c "$B/initdb -U orders -A scram-sha-256 --pwfile=/tmp/pw -D /srv/pg/data" > /dev/null && ' +
            'echo "host all all all scram-sha-256" >> data/pg_hba.conf && exec su postgres -c "exec $B/postgres -D /srv/pg/data -c listen_addresses=\'*\' -c unix_socket_directories=/tmp"',
        ),
      }) +
      service('orders-db', 5432) +
      deployment('orders-worker', {
        image: 'shop/orders-worker:3.2.1',
        command: shell(
          'sleep 4; exec python3 -u /srv/app/pooled.py "host=127.0.0.1 port=6432 dbname=orders user=orders"',
        ),
        sidecars: `- name: pgbouncer
  image: shop/pgbouncer:1.18
  imagePullPolicy: IfNotPresent
  command: ${JSON.stringify(
    shell(
      'printf "[databases]\\norders = host=orders-db port=5432 dbname=postgres user=orders password=first-of-all\\n[pgbouncer]\\nlisten_addr=127.0.0.1\\nlisten_port=6432\\nauth_type=any\\nunix_socket_dir=\\nserver_login_retry=4\\nquery_wait_timeout=8\\n" > /tmp/pgbouncer.ini; exec su postgres -s /bin/sh -c "exec pgbouncer /tmp/pgbouncer.ini"',
    ),
  )}`,
      }),
    until: [
      [
        'logs deployment/orders-worker --all-containers',
        /authentication failed[\s\S]*dropped[\s\S]*dropped/,
      ],
    ],
    settle: 15,
    evidence: {
      'containers.log':
        'logs --selector=app.kubernetes.io/name=orders-worker --all-containers --prefix --timestamps --tail=60',
      'pods.txt': 'get pods -o wide',
      'orders-db.log': 'logs deployment/orders-db --tail=20',
    },
  },
  {
    id: 'missing-env-portal-koa-pods-json',
    category: 'missing-env',
    app: 'portal',
    log: 'pods.json',
    form: 'kubectl-json',
    proof: ['environment variable SESSION_KEYS is not set'],
    program: 'koa 2 in a pod',
    hides: 'CrashLoopBackOff, a warning of an unencrypted cache',
    why: 'The site signs its cookies with keys from a variable that the new deployment does not set; it ends at the start.',
    namespace: 'portal-web',
    manifests: deployment('portal', {
      image: 'web/portal:4.1.0',
      command: ['node', '/srv/app/portal.cjs'],
      container:
        'terminationMessagePolicy: FallbackToLogsOnError\nenv: [{ name: CACHE_URL, value: "redis://cache:6379" }, { name: PORT, value: "3000" }]\nreadinessProbe: { httpGet: { path: /, port: 3000 } }',
    }),
    until: [['get pods -o json', /CrashLoopBackOff/]],
    evidence: {
      'pods.json': 'get pods -o json',
      'overview.txt': 'get deployments,replicasets,pods -o wide',
    },
  },
  {
    id: 'insufficient-evidence-tickets-running-not-ready-table',
    split: 'tune',
    category: 'insufficient-evidence',
    app: 'tickets',
    log: 'pods.txt',
    form: 'events',
    proof: [],
    program: 'tornado 6 in a pod',
    why: 'Two of three pods are Running and not ready; what their probe asks and hears is not here, and their logs are ordinary.',
    namespace: 'tickets',
    manifests: deployment('tickets', {
      image: 'events/tickets:2.7.1',
      replicas: 3,
      command: ['python3', '/srv/app/tickets.py'],
      container: 'readinessProbe: { httpGet: { path: /readyz, port: 8888 }, periodSeconds: 3 }',
    }),
    until: [['get pods', /(Running[\s\S]*){3}/]],
    then: async (namespace) => {
      await kubectl(
        namespace,
        'wait --for=jsonpath={.status.phase}=Running pod --all --timeout=60s',
      );
      const [first] = words((await kubectl(namespace, 'get pods -o name')).text);
      await kubectl(namespace, `exec ${first} -- touch /tmp/warm`);
    },
    settle: 20,
    evidence: {
      'pods.txt': 'get deployments,pods -o wide',
      'tickets.log': 'logs --selector=app.kubernetes.io/name=tickets --prefix --timestamps',
    },
  },
].map((scenario) => ({ split: 'held-out', ...scenario }));

await recordAll(script, scenarios, { atOnce: 3 });
