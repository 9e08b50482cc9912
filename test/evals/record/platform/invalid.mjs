// invalid-config.
import { onDocker } from '../lib/docker.mjs';
import { deployment, recordAll } from '../lib/kubernetes.mjs';
import { run, sleep } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/invalid.mjs';
const configured = (name, image, file, text, command) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { [file]: text },
  }) +
  '\n---' +
  deployment(name, {
    image,
    command,
    pod: `volumes: [{ name: config, configMap: { name: ${name} } }]`,
    container: 'volumeMounts: [{ name: config, mountPath: /etc/app }]',
  });

const kubernetes = [
  {
    id: 'invalid-config-prometheus-yaml-field-describe',
    app: 'prometheus',
    log: 'prometheus.log',
    form: 'application-log',
    split: 'tune',
    proof: ['field scrape_intervall not found in type config.plain'],
    program: 'prometheus 2.42 in a pod',
    hides: 'CrashLoopBackOff, exit code 2',
    why: 'prometheus.yml has a key that Prometheus does not know (scrape_intervall), so it refuses its configuration and leaves.',
    namespace: 'monitoring-stage',
    manifests: configured(
      'prometheus',
      'monitoring/prometheus:2.42.0',
      'prometheus.yml',
      "global:\n  scrape_intervall: 15s\nscrape_configs:\n  - job_name: self\n    static_configs: [{ targets: ['localhost:9090'] }]\n",
      ['prometheus', '--config.file=/etc/app/prometheus.yml', '--storage.tsdb.path=/tmp/data'],
    ),
    until: [['get pods', /CrashLoopBackOff/]],
    settle: 14,
    evidence: { 'prometheus.log': 'logs deployment/prometheus', 'describe.txt': 'describe pod' },
  },
  {
    id: 'invalid-config-alerting-route-receiver-events',
    app: 'alertmanager',
    log: 'alertmanager.log',
    form: 'application-log',
    split: 'tune',
    proof: ['undefined receiver'],
    program: 'alertmanager 0.25 in a pod',
    hides: 'CrashLoopBackOff, exit code 1',
    why: 'The route names the receiver oncall-db, which the file does not define; Alertmanager refuses the file.',
    namespace: 'alerting',
    manifests: configured(
      'alertmanager',
      'monitoring/alertmanager:0.25.0',
      'alertmanager.yml',
      'route:\n  receiver: oncall\n  routes:\n    - receiver: oncall-db\n      matchers: [team="db"]\nreceivers:\n  - name: oncall\n',
      [
        'prometheus-alertmanager',
        '--config.file=/etc/app/alertmanager.yml',
        '--storage.path=/tmp/data',
        '--cluster.listen-address=',
      ],
    ),
    until: [['get pods', /CrashLoopBackOff/]],
    settle: 14,
    evidence: {
      'alertmanager.log': 'logs deployment/alertmanager',
      'events.txt': 'get events',
      'pods.txt': 'get pods',
    },
  },
].map((scenario) => ({ category: 'invalid-config', ...scenario }));

const containers = [
  {
    id: 'invalid-config-edge-haproxy-backend-docker',
    app: 'edge-router',
    log: 'edge-router.log',
    form: 'docker-logs',
    split: 'held-out',
    proof: ["unable to find required default_backend: 'storefront_v2'"],
    program: 'haproxy 2.6 in docker 20.10',
    hides: 'the restart loop, exit code 1',
    why: 'The front of the new configuration names a backend that it does not define.',
    images: ['edge/edge-router:2.6'],
    steps: async (docker) => {
      const conf =
        'defaults\n  mode http\n  timeout connect 3s\n  timeout client 10s\n  timeout server 10s\nfrontend http-in\n  bind *:8080\n  default_backend storefront_v2\nbackend storefront\n  server s1 127.0.0.1:9000\n';
      await docker(
        `run -d --name edge-router --restart on-failure edge/edge-router:2.6 sh -c 'echo "${conf}" > /tmp/h.cfg; exec haproxy -f /tmp/h.cfg'`,
      );
      await sleep(6);
      return {
        'edge-router.log': (await docker('logs edge-router')).text,
        'ps.txt': (await docker('ps -a --filter name=edge-router')).text,
      };
    },
  },
  {
    id: 'invalid-config-forum-compose-file',
    app: 'forum',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ["Unsupported config option for services.forum: 'enviroment'"],
    program: 'docker-compose 1.29',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'The compose file writes enviroment for environment, so compose refuses it as a whole.',
    steps: async () => {
      const file =
        'version: "3.8"\nservices:\n  forum:\n    image: social/forum:2.1\n    enviroment: { FORUM_URL: "https://forum.example.com" }\n    ports: ["8080:8080"]\n';
      const { code, text } = await run(
        'sh',
        [
          '-c',
          'mkdir -p /srv/forum; cd /srv/forum; cat > docker-compose.yml; docker-compose --ansi never up -d 2>&1; code=$?; rm -r /srv/forum; exit $code',
        ],
        { input: file },
      );
      return {
        'deploy.log': `2026-11-21 18:31:09 deploy forum 2.1\n$ docker-compose up -d\n${text}ERROR: Job failed: exit code ${code}\n`,
      };
    },
  },
].map((scenario) => onDocker({ category: 'invalid-config', ...scenario }));

await recordAll(script, [...kubernetes, ...containers]);
