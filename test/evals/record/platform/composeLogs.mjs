// Docker: several services in one log of docker-compose, and what `docker events` alone tells.
// Programs: mosquitto, paho-mqtt, memcached, redis, celery, tinyproxy.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker as anyDocker, onDocker, untilPrints } from '../lib/docker.mjs';
import { recordAll } from '../lib/kubernetes.mjs';
import { run, sleep, until, words } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/composeLogs.mjs';

/**
 * A scenario of docker-compose: `services` is the file's YAML below that key (FOLDER is a folder with
 * what `prepare` made), `seen` what its logs must show, `evidence` compose command lines by file name.
 */
const composed = ({ project, services, prepare, seen, settle = 2, evidence, ...scenario }) =>
  onDocker({
    form: 'docker-logs',
    split: 'held-out',
    ...scenario,
    steps: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'compose-'));
      const file = join(folder, 'docker-compose.yml');
      const compose = async (line, options) =>
        (
          await run(
            'docker-compose',
            ['--ansi', 'never', '-p', project, '-f', file, ...words(line)],
            options,
          )
        ).text;
      try {
        await prepare?.(folder);
        await writeFile(
          file,
          `version: "3.8"\nservices:\n${services.replaceAll('FOLDER', folder)}`,
        );
        await compose('up -d', { seconds: 120 });
        await until(async () => seen.test(await compose('logs --no-color')), {
          seconds: 120,
          what: `${project}: ${seen}`,
        });
        await sleep(settle);
        const printed = {};
        for (const [name, line] of Object.entries(evidence)) printed[name] = await compose(line);
        return printed;
      } finally {
        if (!process.env.KEEP) await compose('down --volumes --timeout 2', { seconds: 60 });
        await rm(folder, { recursive: true, force: true });
      }
    },
  });
const certificates = async (folder) => {
  const openssl = async (line) => {
    const { code, text } = await run('openssl', words(line.replaceAll('FOLDER', folder)));
    if (code !== 0) throw new Error(text);
  };
  const curve = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  await openssl(
    `req -x509 ${curve} -days 3650 -subj '/CN=Meters Root' -keyout FOLDER/ca.key -out FOLDER/ca.crt`,
  );
  await openssl(`req ${curve} -subj /CN=broker -keyout FOLDER/broker.key -out FOLDER/broker.csr`);
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:broker\n');
  // Ended yesterday: the time of signing is set back.
  await openssl(
    `x509 -req -in FOLDER/broker.csr -CA FOLDER/ca.crt -CAkey FOLDER/ca.key -CAcreateserial -days -1 -extfile FOLDER/names -out FOLDER/broker.crt`,
  );
  await writeFile(
    join(folder, 'mosquitto.conf'),
    'user root\nlog_timestamp_format %Y-%m-%dT%H:%M:%S\nlistener 1883\nallow_anonymous true\nlistener 8883\ncafile /etc/meters/ca.crt\ncertfile /etc/meters/broker.crt\nkeyfile /etc/meters/broker.key\n',
  );
};
const calmFiles = async (folder) =>
  writeFile(
    join(folder, 'mosquitto.conf'),
    'user root\nlog_timestamp_format %Y-%m-%dT%H:%M:%S\nlistener 1883\nallow_anonymous true\npersistence true\npersistence_location /tmp/\nautosave_interval 10\n',
  );

const compositions = [
  composed({
    id: 'tls-expired-meters-mosquitto-compose-logs',
    split: 'tune',
    category: 'tls-expired',
    app: 'ingest',
    log: 'compose.log',
    proof: ['certificate has expired'],
    program: 'paho-mqtt 1.6, mosquitto 2.0 under docker-compose',
    hides: 'Client disconnected due to protocol error, connection lost again and again',
    why: 'The certificate of the broker ran out, so ingest refuses it at every attempt; the sensors speak without TLS and go on.',
    images: ['meters/broker:2.0', 'meters/sensor:1.1', 'meters/ingest:3.0'],
    project: 'meters',
    prepare: certificates,
    services: `  broker:
    image: meters/broker:2.0
    command: mosquitto -c /etc/meters/mosquitto.conf
    volumes: ["FOLDER:/etc/meters:ro"]
  sensor:
    image: meters/sensor:1.1
    depends_on: [broker]
    command: sh -c 'sleep 2; n=0; while :; do n=$$((n+1)); mosquitto_pub -h broker -t meters/hall -m "$$n.4" && echo "sent $$n.4 kWh"; sleep 3; done'
  ingest:
    image: meters/ingest:3.0
    depends_on: [broker]
    volumes: ["FOLDER:/etc/meters:ro"]
    command: sh -c 'sleep 3; exec python3 -u /srv/app/meters.py broker 8883 /etc/meters/ca.crt'
`,
    seen: /attempt 5/,
    evidence: { 'compose.log': 'logs --no-color --timestamps', 'ps.txt': 'ps' },
  }),
  composed({
    id: 'no-incident-greenhouse-compose-logs-noise',
    category: 'no-incident',
    app: null,
    log: 'compose.log',
    proof: [],
    program: 'mosquitto 2.0, memcached 1.6, redis 7.0 under docker-compose',
    hides: 'Client exceeded timeout, WARNING Memory overcommit must be enabled, a get that misses',
    why: 'Clients come and go, one forgot to say goodbye, the cache misses now and then; all services are up and readings arrive.',
    images: [
      'greenhouse/broker:2.0',
      'greenhouse/cache:1.6',
      'greenhouse/store:7.0',
      'greenhouse/sensor:4',
    ],
    project: 'greenhouse',
    prepare: calmFiles,
    services: `  broker:
    image: greenhouse/broker:2.0
    command: mosquitto -c /etc/greenhouse/mosquitto.conf
    volumes: ["FOLDER:/etc/greenhouse:ro"]
  cache:
    image: greenhouse/cache:1.6
    command: memcached -u nobody -m 32 -vv
  store:
    image: greenhouse/store:7.0
    command: redis-server --bind 0.0.0.0 --protected-mode no --save 5 1
  sensor:
    image: greenhouse/sensor:4
    depends_on: [broker, cache, store]
    command: sh -c 'sleep 2; mosquitto_sub -h broker -k 5 -i old-display -t beds/# > /dev/null & sleep 2; kill -STOP $$!; n=0; while :; do n=$$((n+1)); mosquitto_pub -h broker -t beds/1 -m $$n && redis-cli -h store set bed:1 $$n > /dev/null && printf "get bed:1\\r\\nset bed:1 0 60 2\\r\\n42\\r\\nquit\\r\\n" | nc -N cache 11211 > /dev/null; echo "reading $$n stored, errors 0"; sleep 2; done'
`,
    seen: /reading 12 stored/,
    evidence: { 'compose.log': 'logs --no-color --timestamps', 'ps.txt': 'ps' },
  }),
  composed({
    id: 'insufficient-evidence-gallery-celery-caller-only-compose',
    split: 'tune',
    category: 'insufficient-evidence',
    app: 'gallery',
    log: 'gallery.log',
    proof: [],
    program: 'celery 5.2 as caller under docker-compose',
    why: 'Only the caller speaks: it waited four seconds for each task and got no answer. Whether the worker is gone, slow or busy is not here; the queue itself is well.',
    images: ['gallery/web:7', 'gallery/queue:7.0', 'gallery/worker:7'],
    project: 'gallery',
    services: `  queue:
    image: gallery/queue:7.0
    command: redis-server --bind 0.0.0.0 --protected-mode no --loglevel notice
  worker:
    image: gallery/worker:7
    depends_on: [queue]
    working_dir: /srv/app
    environment: { BROKER_URL: "redis://queue:6379/0", RESULT_URL: "redis://queue:6379/1", TASK_SECONDS: "30" }
    command: celery -A resizing worker --loglevel warning --concurrency 1
  web:
    image: gallery/web:7
    depends_on: [queue]
    environment: { BROKER_URL: "redis://queue:6379/0", RESULT_URL: "redis://queue:6379/1" }
    command: sh -c 'sleep 4; exec python3 -u /srv/app/resizing.py'
`,
    seen: /img-4105: /,
    evidence: { 'gallery.log': 'logs --no-color --timestamps web queue' },
  }),
];

const span = (since) => `events --since ${since} --until ${Math.floor(Date.now() / 1000) + 1}`;
const engines = [
  {
    id: 'bad-command-egress-proxy-health-check-docker-events',
    split: 'tune',
    category: 'bad-command',
    app: 'egress-proxy',
    log: 'events.txt',
    form: 'events',
    proof: ['wget: not found'],
    program: 'tinyproxy 1.11 in docker 20.10',
    hides: 'health_status: unhealthy, a kill and a new start of a container that serves',
    why: 'The proxy serves; its health check runs wget, which the image does not have, so the engine calls it unhealthy and it is restarted for nothing.',
    images: ['edge/egress-proxy:1.11'],
    steps: async (docker, since) => {
      await docker(
        `run -d --name egress-proxy --health-cmd 'wget -q -O /dev/null http://127.0.0.1:8888/' --health-interval 3s --health-retries 3 edge/egress-proxy:1.11 sh -c 'printf "Port 8888\\nListen 0.0.0.0\\nTimeout 60\\nLogLevel Connect\\n" > /tmp/proxy.conf; exec tinyproxy -d -c /tmp/proxy.conf'`,
      );
      await untilPrints('inspect --format {{.State.Health.Status}} egress-proxy', /unhealthy/);
      await docker('restart -t 2 egress-proxy');
      await untilPrints('inspect --format {{.State.Health.Status}} egress-proxy', /unhealthy/);
      const health = (await anyDocker("inspect --format '{{json .State.Health}}' egress-proxy"))
        .text;
      return {
        'events.txt': (await anyDocker(`${span(since)} --filter container=egress-proxy`)).text,
        'health.json': health,
        'ps.txt': (await anyDocker('ps --filter name=egress-proxy')).text,
        'egress-proxy.log': (await anyDocker('logs --timestamps egress-proxy')).text,
      };
    },
  },
  {
    id: 'insufficient-evidence-settler-docker-events-no-log',
    split: 'tune',
    category: 'insufficient-evidence',
    app: 'settler',
    log: 'events.txt',
    form: 'events',
    proof: [],
    program: 'docker 20.10 without a log driver',
    why: 'The container ended once with 3, and its log is kept nowhere: what failed in it cannot be told.',
    images: ['finance/settler:12'],
    steps: async (docker, since) => {
      await docker(
        `run -d --name settler --log-driver none finance/settler:12 sh /srv/app/settle.sh`,
      );
      await untilPrints('inspect --format {{.State.Status}} settler', /exited/);
      await sleep(1);
      return {
        'events.txt': (await anyDocker(`${span(since)} --filter container=settler`)).text,
        'ps.txt': (await anyDocker('ps -a --filter name=settler')).text,
        'logs.txt': (await anyDocker('logs settler')).text,
      };
    },
  },
].map((scenario) => onDocker({ split: 'held-out', ...scenario }));

await recordAll(script, [...compositions, ...engines], { atOnce: 2 });
