// Django and MariaDB in pods, in several categories, told by several containers at once.
import { deployment, kubectl, recordAll, service, shell } from '../lib/kubernetes.mjs';

const script = 'test/evals/record/platform/djangoAndMariadb.mjs';
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

const scenarios = [
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
].map((scenario) => ({ split: 'held-out', ...scenario }));

await recordAll(script, scenarios, { atOnce: 3 });
