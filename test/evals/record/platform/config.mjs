// missing-env, missing-config-ref, bad-command, permission-denied, port-in-use.
import { mkdir, writeFile } from 'node:fs/promises';
import { onDocker, eventsOf, untilPrints } from '../lib/docker.mjs';
import { deployment, recordAll } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/config.mjs';
const crashed = [
  ['describe pod', /Restart Count:\s+[2-9]/],
  ['describe pod', /CrashLoopBackOff/],
];
const small = 'resources: { requests: { cpu: 10m, memory: 64Mi } }';
const configMap = (name, data) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: ${JSON.stringify(data)}
---
`;

const missing = [
  {
    id: 'missing-env-payments-api-node-json',
    category: 'missing-env',
    app: 'payments-api',
    log: 'payments-api-previous.log',
    form: 'json-lines',
    split: 'tune',
    proof: ['environment variable STRIPE_SECRET_KEY is not set'],
    program: 'node 20 in a pod',
    hides: 'CrashLoopBackOff, uncaught error',
    why: 'The program says which variable is missing; another unset variable two lines above is harmless.',
    namespace: 'payments-prod',
    manifests: deployment('payments-api', {
      image: 'payments/api:4.12.0',
      command: ['node', '/srv/app/payments.js'],
      container: `${small}\nenv: [{ name: DEFAULT_CURRENCY, value: EUR }]\nlivenessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 2 }`,
    }),
    until: crashed,
    evidence: {
      'payments-api-previous.log': 'logs deployment/payments-api --previous',
      'describe.txt': 'describe pod',
      'events.txt': 'get events',
    },
  },
  {
    id: 'missing-env-blog-service-gunicorn-keyerror',
    category: 'missing-env',
    app: 'blog-service',
    log: 'blog-service.log',
    form: 'application-log',
    split: 'tune',
    proof: ["KeyError: 'JWT_SECRET_KEY'"],
    program: 'gunicorn 20.1, python 3.11 in a pod',
    hides: 'Worker failed to boot, unhandled exception',
    why: 'The traceback ends in a KeyError of os.environ; gunicorn only says that a worker failed to boot.',
    namespace: 'blog-prod',
    manifests: deployment('blog-service', {
      image: 'blog/blog-service:2.3.2',
      command: [
        'gunicorn',
        '--chdir',
        '/srv/app',
        '--workers',
        '2',
        '--bind',
        '0.0.0.0:8005',
        'blog:application',
      ],
      container: `${small}\nenv: [{ name: SITE_URL, value: 'https://blog.example.com' }]\nreadinessProbe: { httpGet: { path: /, port: 8005 }, periodSeconds: 2 }`,
    }),
    until: crashed,
    evidence: {
      'blog-service.log': 'logs deployment/blog-service --previous',
      'events.txt': 'get events',
    },
  },
  {
    id: 'missing-env-mailer-sh-docker-restarts',
    category: 'missing-env',
    app: 'mailer',
    log: 'mailer.log',
    form: 'docker-logs',
    split: 'held-out',
    proof: ['SMTP_RELAY_HOST: must name the mail relay'],
    program: 'dash in docker 20.10',
    hides: 'exit code 2, Restarting',
    why: 'The shell stops at an unset parameter, again at every restart of the container.',
    images: ['mail/mailer:3.1'],
    onDocker: async (docker, since) => {
      await docker(
        'run -d --name mailer --restart on-failure:5 mail/mailer:3.1 sh /srv/app/mailer.sh',
      );
      await untilPrints('inspect mailer', /"RestartCount": [3-9]/, 40);
      return {
        'mailer.log': (await docker('logs --timestamps mailer')).text,
        'inspect.json': (await docker('inspect mailer')).text,
        'events.txt': await eventsOf('mailer', since),
      };
    },
  },
  {
    id: 'missing-config-ref-auth-service-configmap',
    category: 'missing-config-ref',
    app: 'auth-service',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['configmap "auth-service-settings" not found'],
    program: 'kubernetes 1.34',
    hides: 'CreateContainerConfigError',
    why: 'envFrom names a ConfigMap that is not there; the waiting reason CreateContainerConfigError does not say which.',
    namespace: 'identity-prod',
    manifests:
      configMap('auth-service-config', { LOG_LEVEL: 'info' }) +
      deployment('auth-service', {
        image: 'identity/auth-service:6.4.1',
        command: ['node', '/srv/app/orders.js'],
        container: `${small}\nenvFrom: [{ configMapRef: { name: auth-service-settings } }]`,
      }),
    until: [
      ['get events', /auth-service-settings/],
      ['get pods', /CreateContainerConfigError/],
    ],
    settle: 12,
    evidence: { 'describe.txt': 'describe pod', 'configmaps.txt': 'get configmaps' },
  },
  {
    id: 'missing-config-ref-user-service-secret-key-events',
    category: 'missing-config-ref',
    app: 'user-service',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ["couldn't find key redis-password in Secret accounts/user-service"],
    program: 'kubernetes 1.34',
    hides: 'exceeded its progress deadline',
    why: 'The Secret is there but lacks the key that the new release reads.',
    namespace: 'accounts',
    manifests:
      `
apiVersion: v1
kind: Secret
metadata: { name: user-service }
stringData: { db-password: example }
---
` +
      deployment('user-service', {
        image: 'accounts/user-service:2.0.0',
        command: ['node', '/srv/app/orders.js'],
        strategy: 'progressDeadlineSeconds: 10',
        container: `${small}\nenv: [{ name: REDIS_PASSWORD, valueFrom: { secretKeyRef: { name: user-service, key: redis-password } } }]`,
      }),
    until: [
      ['get events', /redis-password/],
      ['get deployment user-service -o yaml', /ProgressDeadlineExceeded/],
    ],
    evidence: {
      'events.txt': 'get events',
      'rollout.txt': 'rollout status deployment/user-service --timeout=1s',
      'pods.txt': 'get pods',
    },
  },
  {
    id: 'missing-config-ref-api-gateway-secret-volume',
    category: 'missing-config-ref',
    app: 'api-gateway',
    log: 'pod.json',
    form: 'json-lines',
    split: 'held-out',
    proof: ['secret \\"api-gateway-tls\\" not found'],
    program: 'kubernetes 1.34',
    hides: 'ContainerCreating',
    why: 'A volume reads a Secret that does not exist; the pod hangs in ContainerCreating and has no log at all.',
    namespace: 'edge-prod',
    manifests: deployment('api-gateway', {
      image: 'edge/api-gateway:1.30.2',
      command: ['node', '/srv/app/orders.js'],
      pod: 'volumes: [{ name: tls, secret: { secretName: api-gateway-tls } }]',
      container: `${small}\nvolumeMounts: [{ name: tls, mountPath: /etc/tls }]`,
    }),
    until: [
      ['get events', /api-gateway-tls/],
      ['get pods', /ContainerCreating/],
    ],
    settle: 8,
    evidence: {
      'events.json': 'get events -o json',
      'pod.json': 'get pods -o json',
      'logs.txt': 'logs deployment/api-gateway',
    },
  },
  {
    id: 'missing-config-ref-worker-compose-env-file',
    category: 'missing-config-ref',
    app: 'newsletter',
    log: 'deploy.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['/srv/newsletter/.env.production'],
    program: 'docker-compose 1.29',
    hides: 'deploy failed with exit code 1',
    why: 'The env file that the compose file names is not on the host.',
    onDocker: async () => {
      const root = process.env.RECORD_ROOTFS ?? '/tmp/rec/rootfs';
      await mkdir(`${root}/srv/newsletter`, { recursive: true });
      await writeFile(
        `${root}/srv/newsletter/docker-compose.yml`,
        'version: "3.8"\nservices:\n  newsletter:\n    image: mail/newsletter:1.4\n    env_file: .env.production\n    ports: ["8088:8088"]\n',
      );
      const job = `cd /srv/newsletter; echo "deploy: release 1.4 on web-02"; echo "deploy: migrations up to date, 0 pending"; echo '+ docker-compose up -d --remove-orphans newsletter'; docker-compose up -d --remove-orphans newsletter 2>&1; echo "deploy: failed with exit code $?"`;
      return { 'deploy.log': (await run('chroot', [root, 'sh', '-c', job])).text };
    },
  },
];

const commands = [
  {
    id: 'bad-command-docs-site-not-in-path',
    category: 'bad-command',
    app: 'docs-site',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ['exec: "serve": executable file not found in $PATH'],
    program: 'kubernetes 1.34, runc',
    hides: 'CrashLoopBackOff, exit code 128',
    why: 'The command of the chart is not in the image.',
    namespace: 'docs-prod',
    manifests: deployment('docs-site', {
      image: 'docs/site:0.18',
      command: ['serve', '-s', 'build', '-l', '8080'],
      container: small,
    }),
    until: [
      ['get events', /not found in/],
      ['get pods', /CrashLoopBackOff|RunContainerError/],
    ],
    settle: 20,
    evidence: { 'describe.txt': 'describe pod', 'pods.txt': 'get pods' },
  },
  {
    id: 'bad-command-importer-crlf-shebang-yaml',
    category: 'bad-command',
    app: 'importer',
    log: 'pod.yaml',
    form: 'kubectl-yaml',
    split: 'held-out',
    proof: ['exec /srv/app/import.sh: no such file or directory'],
    program: 'kubernetes 1.34, runc',
    hides: 'CrashLoopBackOff; the file exists',
    why: 'The script was saved with CRLF: its interpreter "/bin/sh\\r" does not exist, which the runtime reports as no such file.',
    namespace: 'imports',
    manifests:
      configMap('importer-scripts', { 'import.sh': '#!/bin/sh\r\necho importing\r\n' }) +
      deployment('importer', {
        image: 'imports/importer:5',
        command: ['/srv/app/import.sh'],
        pod: 'volumes: [{ name: scripts, configMap: { name: importer-scripts, defaultMode: 0755 } }]',
        container: `${small}\nvolumeMounts: [{ name: scripts, mountPath: /srv/app }]`,
      }),
    until: [
      ['get pods', /CrashLoopBackOff|RunContainerError/],
      ['get events', /BackOff/],
    ],
    evidence: {
      'pod.yaml': 'get pods -o yaml',
      'importer.log': 'logs deployment/importer',
      'events.txt': 'get events',
    },
  },
  {
    id: 'bad-command-backup-not-executable-events',
    category: 'bad-command',
    app: 'nightly-backup',
    log: 'events.txt',
    form: 'events',
    split: 'tune',
    proof: ['exec: "/scripts/backup.sh": permission denied'],
    program: 'kubernetes 1.34, runc',
    hides: 'BackoffLimitExceeded of the Job',
    why: 'The script of the ConfigMap is mounted without the execute bit.',
    namespace: 'backups',
    manifests:
      configMap('backup-scripts', { 'backup.sh': '#!/bin/sh\necho backup\n' }) +
      `
apiVersion: batch/v1
kind: Job
metadata: { name: nightly-backup-29389260 }
spec:
  backoffLimit: 1
  template:
    metadata: { labels: { app.kubernetes.io/name: nightly-backup } }
    spec:
      restartPolicy: Never
      volumes: [{ name: scripts, configMap: { name: backup-scripts, defaultMode: 0644 } }]
      containers:
        - name: backup
          image: tools/backup:2.2
          imagePullPolicy: IfNotPresent
          command: [/scripts/backup.sh]
          volumeMounts: [{ name: scripts, mountPath: /scripts }]
`,
    until: [['get events', /BackoffLimitExceeded/]],
    evidence: { 'events.txt': 'get events', 'job.txt': 'describe job', 'pods.txt': 'get pods' },
  },
  {
    id: 'bad-command-web-docker-run-gunicorn-missing',
    category: 'bad-command',
    app: 'web',
    log: 'inspect.json',
    form: 'docker-logs',
    split: 'tune',
    proof: ['exec: \\"uwsgi\\": executable file not found in $PATH'],
    program: 'docker 20.10, runc',
    hides: 'exit code 127, no log',
    why: 'The entry point names uwsgi, the image has gunicorn; the container never ran, so it has no log.',
    images: ['shop/web:0.9'],
    onDocker: async (docker, since) => {
      const { text } = await docker(
        'run -d --name web -p 18090:8000 shop/web:0.9 uwsgi --http :8000 --module blog:application',
      );
      return {
        'docker-run.txt': text,
        'inspect.json': (await docker('inspect web')).text,
        'ps.txt': (await docker('ps -a --filter name=web')).text,
        'events.txt': await eventsOf('web', since),
      };
    },
  },
  {
    id: 'bad-command-scheduler-sh-not-found-log',
    category: 'bad-command',
    app: 'scheduler',
    log: 'scheduler.log',
    form: 'application-log',
    split: 'tune',
    proof: ['celery: not found'],
    program: 'dash in a pod',
    hides: 'Back-off restarting failed container, exit code 127',
    why: 'The start script calls a program that the image lacks (127).',
    namespace: 'jobs',
    manifests: deployment('scheduler', {
      image: 'jobs/scheduler:1.3',
      command: [
        'sh',
        '-c',
        'echo "[entrypoint] waiting for schema lock"; sleep 1; echo "[entrypoint] schema lock acquired, 0 migrations to apply"; celery -A jobs beat --loglevel=INFO',
      ],
      container: small,
    }),
    until: crashed,
    evidence: {
      'scheduler.log': 'logs deployment/scheduler --previous',
      'describe.txt': 'describe pod',
    },
  },
];

const permissions = [
  {
    id: 'permission-denied-sessions-volume-non-root',
    category: 'permission-denied',
    app: 'sessions',
    log: 'sessions.log',
    form: 'application-log',
    split: 'tune',
    proof: ["EACCES: permission denied, mkdir '/var/lib/sessions/shard-0'"],
    program: 'node 20 in a pod',
    hides: 'CrashLoopBackOff',
    why: 'The pod runs as user 10001, its volume belongs to root and no fsGroup is set.',
    namespace: 'sessions',
    manifests: deployment('sessions', {
      image: 'shop/sessions:1.6.0',
      command: ['node', '/srv/app/writer.mjs'],
      pod: `securityContext: { runAsUser: 10001, runAsGroup: 10001, runAsNonRoot: true }
initContainers: [{ name: seed, image: test/busybox:1, command: [sh, -c, 'chmod 755 /v'], securityContext: { runAsUser: 0, runAsNonRoot: false }, volumeMounts: [{ name: data, mountPath: /v }] }]
volumes: [{ name: data, emptyDir: {} }]`,
      container: `${small}\nvolumeMounts: [{ name: data, mountPath: /var/lib/sessions }]`,
    }),
    until: crashed,
    evidence: {
      'sessions.log': 'logs deployment/sessions --previous',
      'describe.txt': 'describe pod',
    },
  },
  {
    id: 'permission-denied-prometheus-queries-active-panic',
    category: 'permission-denied',
    app: 'prometheus',
    log: 'prometheus.log',
    form: 'application-log',
    split: 'held-out',
    proof: ['permission denied'],
    program: 'prometheus 2.42 in a pod',
    hides: 'panic: Unable to create mmap-ed active query log',
    why: 'Prometheus runs as user 65534 on a volume of root; the panic with its goroutine dump is how it says so.',
    namespace: 'monitoring-stage',
    manifests:
      configMap('prometheus', { 'prometheus.yml': 'global: { scrape_interval: 15s }\n' }) +
      deployment('prometheus', {
        image: 'monitoring/prometheus:2.42.0',
        command: [
          'prometheus',
          '--config.file=/etc/prom/prometheus.yml',
          '--storage.tsdb.path=/prometheus',
        ],
        pod: `securityContext: { runAsUser: 65534 }
initContainers: [{ name: seed, image: test/busybox:1, command: [sh, -c, 'chmod 755 /v'], securityContext: { runAsUser: 0 }, volumeMounts: [{ name: storage, mountPath: /v }] }]
volumes: [{ name: config, configMap: { name: prometheus } }, { name: storage, emptyDir: {} }]`,
        container: `${small}\nvolumeMounts: [{ name: config, mountPath: /etc/prom }, { name: storage, mountPath: /prometheus }]`,
      }),
    until: crashed,
    evidence: {
      'prometheus.log': 'logs deployment/prometheus --previous',
      'pods.txt': 'get pods',
      'events.txt': 'get events',
    },
  },
  {
    id: 'permission-denied-frontend-nginx-port-80',
    category: 'permission-denied',
    app: 'frontend',
    log: 'frontend.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['bind() to 0.0.0.0:80 failed (13: Permission denied)'],
    program: 'nginx 1.22 in docker 20.10',
    hides: 'exit code 1, connection refused at the caller',
    why: 'nginx runs as user 101 without the right to bind ports below 1024; it is not that the port is taken.',
    images: ['web/frontend:1.22'],
    onDocker: async (docker, since) => {
      const conf =
        'daemon off; pid /tmp/nginx.pid; error_log /dev/stderr notice; events {} http { access_log off; client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e; server { listen 80; } }';
      await docker(
        `run -d --name frontend --user 101 --sysctl net.ipv4.ip_unprivileged_port_start=1024 -p 18080:80 web/frontend:1.22 sh -c 'echo "${conf}" > /tmp/n.conf; exec nginx -c /tmp/n.conf'`,
      );
      await untilPrints('inspect frontend', /"Status": "exited"/, 20);
      const curl = await run('curl', ['-sS', 'http://127.0.0.1:18080/']);
      return {
        'frontend.log': (await docker('logs frontend')).text,
        'curl.txt': curl.text,
        'events.txt': await eventsOf('frontend', since),
      };
    },
  },
  {
    id: 'permission-denied-uploads-docker-volume-json',
    category: 'permission-denied',
    app: 'media-uploads',
    log: 'media-uploads.json.log',
    form: 'json-lines',
    split: 'tune',
    proof: ['[Errno 13] Permission denied'],
    program: 'python 3.11 in docker 20.10',
    hides: 'unhandled exception, status 500',
    why: 'The named volume belongs to root, the service runs as user 1000; each upload fails with errno 13 under a traceback and 500.',
    images: ['media/uploads:2.0.8'],
    onDocker: async (docker) => {
      await docker('volume create uploads-data');
      await docker(
        'run -d --name media-uploads --user 1000:1000 -v uploads-data:/data media/uploads:2.0.8 python3 /srv/app/uploads.py',
      );
      await untilPrints('inspect media-uploads', /"Status": "exited"/, 30);
      return {
        'media-uploads.json.log': (await docker('logs media-uploads')).text,
        'inspect.json': (await docker('inspect media-uploads')).text,
      };
    },
  },
  {
    id: 'read-only-filesystem-reports-cache-root-fs',
    category: 'read-only-filesystem',
    app: 'report-cache',
    log: 'report-cache.log',
    form: 'application-log',
    split: 'tune',
    proof: ['EROFS: read-only file system'],
    program: 'node 20 in a pod',
    hides: 'CrashLoopBackOff',
    why: 'readOnlyRootFilesystem is set and the program writes to a folder without a volume.',
    namespace: 'reports-eu',
    manifests: deployment('report-cache', {
      image: 'reports/cache:1.6.0',
      command: ['node', '/srv/app/writer.mjs'],
      container: `${small}\nenv: [{ name: APP, value: report-cache }, { name: FOLDER, value: /var/cache }]\nsecurityContext: { readOnlyRootFilesystem: true }`,
    }),
    until: crashed,
    evidence: {
      'report-cache.log': 'logs deployment/report-cache --previous',
      'pod.yaml': 'get pods -o yaml',
    },
  },
];

const ports = [
  {
    id: 'port-in-use-ingress-hostport-pending',
    category: 'port-in-use',
    app: 'ingress-nginx',
    log: 'describe.txt',
    form: 'kubectl-describe',
    split: 'tune',
    proof: ["didn't have free ports for the requested pod ports"],
    program: 'kubernetes 1.34',
    hides: 'FailedScheduling, Pending',
    why: 'Two replicas want the same host port and there is one node: the port is taken, the node is otherwise free.',
    namespace: 'ingress',
    manifests: deployment('ingress-nginx', {
      image: 'ingress/nginx:1.22',
      command: ['sleep', 'infinity'],
      replicas: 2,
      container: `${small}\nports: [{ name: http, containerPort: 8080, hostPort: 18443 }]`,
    }),
    until: [
      ['get events', /free ports/],
      ['get pods', /Running/],
    ],
    evidence: { 'describe.txt': 'describe pod', 'pods.txt': 'get pods' },
  },
  {
    id: 'port-in-use-orders-sidecar-same-port',
    category: 'port-in-use',
    app: 'orders',
    log: 'orders-previous.log',
    form: 'application-log',
    split: 'tune',
    proof: ['EADDRINUSE: address already in use'],
    program: 'node 20 in a pod',
    hides: 'CrashLoopBackOff',
    why: 'The metrics sidecar of the same pod already listens on 3000; containers of a pod share their ports.',
    namespace: 'orders-prod',
    manifests: deployment('orders', {
      image: 'shop/orders:2.9.1',
      command: ['sh', '-c', 'sleep 3; exec node /srv/app/orders.js'],
      container: small,
      sidecars: `
- name: metrics-exporter
  image: tools/exporter:0.4
  imagePullPolicy: IfNotPresent
  command: [python3, -u, -m, http.server, "3000"]`,
    }),
    until: [
      ['describe pod', /Restart Count:\s+[2-9]/],
      ['describe pod', /CrashLoopBackOff/],
    ],
    evidence: {
      'orders-previous.log': 'logs deployment/orders -c orders --previous',
      'describe.txt': 'describe pod',
      'exporter.log': 'logs deployment/orders -c metrics-exporter',
    },
  },
  {
    id: 'port-in-use-docs-site-host-network-python',
    category: 'port-in-use',
    app: 'docs-site',
    log: 'docs-site.log',
    form: 'docker-logs',
    split: 'held-out',
    proof: ['OSError: [Errno 98] Address already in use'],
    program: 'python 3.11 in docker 20.10, host network',
    hides: 'traceback, Restarting (1)',
    why: 'With the host network the old container still holds the port; the new one restarts with a traceback.',
    images: ['docs/site:0.19', 'docs/site:0.18'],
    onDocker: async (docker) => {
      await docker(
        'run -d --name docs-site-old --network host --env PORT=18123 docs/site:0.18 python3 /srv/app/static.py',
      );
      await sleep(2);
      await docker(
        'run -d --name docs-site --restart always --network host --env PORT=18123 docs/site:0.19 python3 /srv/app/static.py',
      );
      await untilPrints('inspect docs-site', /"RestartCount": [3-9]/, 40);
      return {
        'docs-site.log': (await docker('logs docs-site')).text,
        'ps.txt': (await docker('ps --filter name=docs-site')).text,
      };
    },
  },
  {
    id: 'port-in-use-grafana-docker-publish',
    category: 'port-in-use',
    app: 'grafana',
    log: 'deploy.log',
    form: 'docker-logs',
    split: 'tune',
    proof: ['port is already allocated'],
    program: 'docker 20.10',
    hides: 'driver failed programming external connectivity, exit code 125',
    why: 'Another container already publishes the port.',
    images: ['platform/grafana:10.4.2', 'platform/grafana:10.4.1'],
    onDocker: async (docker) => {
      await docker(
        'run -d --name grafana-old -p 13000:3000 platform/grafana:10.4.1 node /srv/app/orders.js',
      );
      const { text } = await docker(
        'run -d --name grafana -p 13000:3000 platform/grafana:10.4.2 node /srv/app/grafana.mjs',
      );
      return {
        'deploy.log': `$ docker run -d --name grafana -p 13000:3000 platform/grafana:10.4.2\n${text}`,
        'ps.txt': (await docker('ps -a --filter name=grafana')).text,
      };
    },
  },
];

const all = [...missing, ...commands, ...permissions, ...ports].map(
  ({ onDocker: steps, ...scenario }) => (steps ? onDocker({ ...scenario, steps }) : scenario),
);
await recordAll(script, all);
