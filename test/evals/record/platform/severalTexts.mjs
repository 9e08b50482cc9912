// Cases that are told by several texts or containers at once: logs with their prefixes and times, wide
// tables, lists of objects as JSON, `helm test`. Programs: Django, MariaDB, celery, PgBouncer, koa, tornado.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeChart } from '../lib/chart.mjs';
import { deployment, kubectl, nameImages, recordAll, service } from '../lib/kubernetes.mjs';
import { run, words } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/severalTexts.mjs';
const shell = (line) => ['sh', '-c', line];
/** MariaDB on an empty folder, with a database and its user, on the port of its own. */
const mariadb = (more = '') =>
  shell(
    `printf "CREATE DATABASE library;\\nCREATE USER library@'%%';\\nGRANT ALL ON library.* TO library@'%%';\\n" > /tmp/init.sql; ` +
      `mariadb-install-db --no-defaults --user=mysql --datadir=/var/lib/mysql --skip-test-db > /dev/null && ` +
      `exec mariadbd --no-defaults --user=mysql --datadir=/var/lib/mysql --socket=/tmp/mysqld.sock --init-file=/tmp/init.sql --bind-address=0.0.0.0 ${more}`,
  );
const emptyData = 'volumes: [{ name: data, emptyDir: {} }]\n';
const data = 'volumeMounts: [{ name: data, mountPath: /var/lib/mysql }]\n';
const gunicorn = (more = '') =>
  shell(
    `cd /srv/app && exec gunicorn -k gthread ${more} -b 0.0.0.0:8000 --access-logfile - library:application`,
  );

const incidents = [
  {
    id: 'database-connections-exhausted-library-django-prefixed-logs',
    split: 'tune',
    category: 'database-connections-exhausted',
    app: 'library',
    log: 'library.log',
    form: 'application-log',
    proof: ['Too many connections'],
    program: 'django 3.2, MariaDB 10.11 in pods',
    hides: 'Readiness probe failed with statuscode 500, HTTP 500 on every page',
    why: 'Every page holds a connection for long, and MariaDB gives out ten; the readiness probe fails for the same reason.',
    namespace: 'library',
    manifests:
      deployment('library-db', {
        image: 'library/mariadb-server:10.11',
        command: mariadb('--max-connections=10 --log-warnings=3'),
        container: data,
        pod: emptyData,
      }) +
      service('library-db', 3306) +
      deployment('library', {
        image: 'library/web:6.3.0',
        command: gunicorn('--threads 24'),
        container:
          'env: [{ name: DB_HOST, value: library-db }, { name: HOLD_SECONDS, value: "25" }]\nreadinessProbe: { httpGet: { path: /readyz, port: 8000 }, periodSeconds: 4, timeoutSeconds: 3 }\nlivenessProbe: { httpGet: { path: /livez, port: 8000 }, periodSeconds: 10 }',
      }) +
      service('library', 80, 8000),
    until: [['get pods', /library-[0-9a-f]+-\w+ +1\/1/]],
    settle: 4,
    evidence: {
      'library.log': async (namespace) => {
        const visit = 'curl -s -o /dev/null http://127.0.0.1:8000/loans &';
        await kubectl(
          namespace,
          `exec deployment/library -- sh -c '${visit.repeat(14)} sleep 15'`,
          { seconds: 60 },
        );
        return (
          await kubectl(
            namespace,
            'logs --selector=app.kubernetes.io/name=library --prefix --timestamps --tail=200',
          )
        ).text;
      },
      'describe.txt': 'describe pod --selector=app.kubernetes.io/name=library',
      'events.txt': 'get events --sort-by=.lastTimestamp',
      'library-db.log': 'logs deployment/library-db --tail=25',
    },
  },
  {
    id: 'migration-failed-catalogue-init-container-conflict-json',
    split: 'tune',
    category: 'migration-failed',
    app: 'catalogue',
    log: 'containers.log',
    form: 'application-log',
    proof: ['Conflicting migrations detected; multiple leaf nodes'],
    program: 'django 3.2 in init containers',
    hides: 'Init:CrashLoopBackOff, "catalogue" is waiting to start: PodInitializing',
    why: 'Two people added a migration after the same one; the init container that migrates refuses to choose, so the program is never started.',
    namespace: 'catalogue',
    manifests: deployment('catalogue', {
      image: 'library/catalogue:2026.11.2',
      command: gunicorn('--threads 4'),
      pod: `initContainers:
  - name: wait-for-db
    image: library/catalogue:2026.11.2
    imagePullPolicy: IfNotPresent
    command: [sh, -c, 'echo "waiting for database"; sleep 2; echo "database not reachable yet, retrying"; sleep 2; echo "database is up after 2 attempts"']
  - name: migrate
    image: library/catalogue:2026.11.2
    imagePullPolicy: IfNotPresent
    workingDir: /srv/app
    env: [{ name: APP_DIR, value: /srv/app/library_apps_merged }]
    command: [python3, library.py, migrate, --noinput]`,
    }),
    until: [['get pods', /Init:CrashLoopBackOff/]],
    settle: 3,
    evidence: {
      'containers.log': async (namespace) => {
        const of = (more) =>
          kubectl(namespace, `logs deployment/catalogue --prefix --timestamps ${more}`);
        const said = [];
        for (const more of ['-c wait-for-db', '-c migrate', '-c catalogue'])
          said.push((await of(more)).text);
        return said.join('');
      },
      'pods.json': 'get pods -o json',
    },
  },
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
    id: 'permission-denied-wiki-mariadb-volume-wide-table',
    category: 'permission-denied',
    app: 'wiki-db',
    log: 'wiki.log',
    form: 'application-log',
    proof: ['Permission denied'],
    program: 'MariaDB 10.11 in a pod',
    hides: "the wiki's Can't connect to server on 'wiki-db'",
    why: 'MariaDB runs as user 1001 and may not enter its data folder, which belongs to root; the wiki only sees that nobody listens.',
    namespace: 'wiki-live',
    manifests:
      deployment('wiki-db', {
        image: 'wiki/mariadb:10.11',
        command: [
          'mariadbd',
          '--no-defaults',
          '--datadir=/var/lib/mysql',
          '--socket=/tmp/mysqld.sock',
          '--bind-address=0.0.0.0',
        ],
        container: `securityContext: { runAsUser: 1001, runAsGroup: 1001 }\n${data}`,
        pod: `${emptyData}initContainers:
  - name: restore
    image: wiki/mariadb:10.11
    imagePullPolicy: IfNotPresent
    command: [sh, -c, 'mariadb-install-db --no-defaults --datadir=/var/lib/mysql --skip-test-db > /dev/null && chmod 0700 /var/lib/mysql && echo "restored 1 of 1 volumes"']
    ${data}`,
      }) +
      service('wiki-db', 3306) +
      deployment('wiki', {
        image: 'wiki/web:1.42',
        command: gunicorn('--threads 4'),
        container:
          'env: [{ name: DB_HOST, value: wiki-db }]\nreadinessProbe: { httpGet: { path: /readyz, port: 8000 }, periodSeconds: 6 }',
      }),
    until: [
      ['get pods', /wiki-db-\S+ +0\/1 +CrashLoopBackOff/],
      ['logs deployment/wiki', /OperationalError/],
    ],
    evidence: {
      'wiki.log': 'logs deployment/wiki --prefix --timestamps --tail=70',
      'pods.txt': 'get pods -o wide',
      'wiki-db-previous.log': async (namespace) =>
        (
          await kubectl(
            namespace,
            'logs --selector=app.kubernetes.io/name=wiki-db --previous --timestamps --all-containers=false',
          )
        ).text,
    },
  },
];

/** `helm test` of the chart: what was installed, and what the test pod said. */
const helmTest = ({ release, values, ...scenario }) => ({
  app: release,
  log: 'release.log',
  form: 'application-log',
  namespace: scenario.namespace,
  manifests: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${release}-settings }\ndata: { region: eu }\n`,
  evidence: {
    'release.log': async (namespace) => {
      const at = await mkdtemp(join(tmpdir(), 'charts-'));
      await writeChart(at, release);
      await nameImages(`image: shop/${release}:1.8.0`);
      const helm = async (line, more = []) => {
        const args = [...words(line.replace('./', `${at}/`)), '-n', namespace];
        const { code, text } = await run('helm', [...args, ...more], { seconds: 200 });
        return `$ helm ${line} -n ${namespace}\n${text}${code ? `exit status ${code}\n` : ''}`;
      };
      const more = Object.entries(values).flatMap(([key, value]) => [
        '--set-string',
        `${key}=${value.replaceAll(',', '\\,')}`,
      ]);
      const text =
        (await helm(`upgrade --install ${release} ./${release} --wait --timeout 90s`, more)) +
        (await helm(`test ${release} --logs --timeout 90s`));
      await rm(at, { recursive: true });
      return text;
    },
    'overview.txt': 'get pods,services,endpoints -o wide',
  },
  ...scenario,
});
const tests = [
  helmTest({
    id: 'dns-failure-parcels-helm-test-curl',
    category: 'dns-failure',
    release: 'parcels',
    proof: ['Could not resolve host: parcels-api'],
    program: 'helm 3.19 test, curl 7.88',
    hides: 'Phase: Failed, pod parcels-check failed',
    why: 'The release itself is well; its test asks a name that no service has.',
    namespace: 'parcels',
    values: {
      check:
        'echo "1..2"; curl -sSf -o /dev/null http://parcels/ && echo "ok 1 - front page"; curl -sS --retry 2 --retry-delay 2 http://parcels-api/v2/rates || { echo "not ok 2 - rates (exit $?)"; exit 1; }',
    },
  }),
  helmTest({
    id: 'no-incident-storefront-helm-test-passed',
    split: 'tune',
    category: 'no-incident',
    release: 'storefront',
    proof: [],
    program: 'helm 3.19 test, python unittest',
    hides: 'connection refused, fatal error page, ERROR lines of tests that expect them',
    why: 'The tests of the release provoke failures on purpose, all passed, and the test pod ended well.',
    namespace: 'storefront-ok',
    values: { check: 'cd /srv/app && exec python3 test_storefront.py' },
  }),
];

const calm = [
  {
    id: 'no-incident-bookings-mariadb-probe-noise',
    split: 'tune',
    category: 'no-incident',
    app: 'bookings-db',
    log: 'bookings-db.log',
    form: 'application-log',
    proof: [],
    program: 'MariaDB 10.11 in a pod',
    hides: 'Aborted connection warnings of the TCP probe',
    why: 'The database started, its pod is ready and never restarted; the aborted connections are the TCP probe, which hangs up at once.',
    namespace: 'bookings-ok',
    manifests:
      deployment('bookings-db', {
        image: 'travel/mariadb:10.11',
        command: mariadb('--log-warnings=4'),
        container: `${data}readinessProbe: { tcpSocket: { port: 3306 }, periodSeconds: 3 }\nlivenessProbe: { tcpSocket: { port: 3306 }, periodSeconds: 5 }`,
        pod: emptyData,
      }) + service('bookings-db', 3306),
    until: [['get pods', /1\/1/]],
    settle: 30,
    evidence: {
      'bookings-db.log': 'logs deployment/bookings-db --prefix --timestamps',
      'pods.txt': 'get pods,endpoints -o wide',
    },
  },
  {
    id: 'no-incident-lending-django-deploy-check-job',
    category: 'no-incident',
    app: 'lending-upgrade',
    log: 'containers.log',
    form: 'application-log',
    proof: [],
    program: 'django 3.2 in a job',
    hides: 'WARNINGS of the deploy check, a reset that finds no table',
    why: 'The upgrade job checked the settings, which gave warnings only, migrated and completed.',
    namespace: 'lending-ok',
    manifests: `
apiVersion: batch/v1
kind: Job
metadata: { name: lending-upgrade }
spec:
  backoffLimit: 1
  template:
    metadata: { labels: { app.kubernetes.io/name: lending-upgrade } }
    spec:
      restartPolicy: Never
      volumes: [{ name: data, emptyDir: {} }]
      initContainers:
        - name: check
          image: library/lending:9.0
          imagePullPolicy: IfNotPresent
          workingDir: /srv/app
          command: [python3, library.py, check, --deploy]
      containers:
        - name: migrate
          image: library/lending:9.0
          imagePullPolicy: IfNotPresent
          workingDir: /srv/app
          env: [{ name: DB_FILE, value: /data/lending.sqlite3 }]
          volumeMounts: [{ name: data, mountPath: /data }]
          command: [sh, -c, 'python3 library.py migrate --noinput && python3 library.py migrate --noinput && echo "errors: 0, failed migrations: 0"']
`,
    until: [['get jobs', /Complete/]],
    evidence: {
      'containers.log':
        'logs --selector=app.kubernetes.io/name=lending-upgrade --all-containers --prefix --timestamps --tail=200',
      'jobs.txt': 'get jobs,pods -o wide',
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
];

const scenarios = [...incidents, ...tests, ...calm].map((scenario) => ({
  split: 'held-out',
  ...scenario,
}));

await recordAll(script, scenarios, { atOnce: 3 });
