#!/bin/bash
# Programs of Node (hapi, feathers, nodemailer, bree, rollup, mocha, eslint, grpc-js), Go (gin,
# fiber, goose, gorm, cobra, nats.go), Java (jetty, undertow, jedis, mybatis, hazelcast), Ruby
# (unicorn, delayed_job, rake), PHP (guzzle) and Prolog.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# desk NAME: a folder in /srv with the packages of Node; goes there.
desk() {
  mkdir -p "/srv/$1/node_modules" && cd "/srv/$1" || exit 1
  mount --bind "$cache/desk/node_modules" node_modules
  export NO_COLOR=1 HOME=/srv
}
# counter_app: the Go programs of apps/counter in /usr/local/bin.
counter_app() { install -m 755 "$cache/bin/counter" /usr/local/bin/counter; }
# java_desk NAME MAIN: a Java program from standard input, with the jars of apps/desks on its path.
java_desk() {
  mkdir -p "/srv/$1" /opt/lib && cd "/srv/$1" || exit 1
  mount --bind "$cache/desks" /opt/lib
  cat >"$2.java"
  javac -proc:none -nowarn -cp '/opt/lib/*' "$2.java" 2>&1 | grep error >&2
  printf 'status = error\nappender.out.type = Console\nappender.out.name = out\nappender.out.layout.type = %s\n%s\nrootLogger.level = info\nrootLogger.appenderRef.out.ref = out\n' "${3:-PatternLayout}" "${4:-appender.out.layout.pattern = %d{ISO8601\} %-5p [%t] %c{1.\} - %m%n}" >log4j2.properties
}
java_go() { java -cp '.:/opt/lib/*' "$@"; }

case_connection_timeout_hapi_weather() {
  about <<'JSON'
{ "category": "connection-timeout", "app": "weather", "log": "weather.log",
  "proof": ["Timeout awaiting 'connect' for 1500ms"],
  "program": "hapi 21, got 11", "form": "application-log", "hides": "forecast of yesterday shown, 200 of all pages, retry 1 of 1", "split": "held-out",
  "why": "No connection to the weather office comes about, its packets are dropped on the way; the page shows the forecast of yesterday." }
JSON
  host weather-1
  ip link add eth0 type veth peer name uplink && ip link set uplink up && ip address add 10.0.13.1/24 dev eth0 && ip link set eth0 up
  ip neigh replace 10.0.13.77 lladdr 02:00:00:00:00:77 dev eth0
  echo '10.0.13.77 api.weather.example' >>/etc/hosts
  desk weather
  cat >server.js <<'J'
const Hapi = require('@hapi/hapi');
const got = require('got');
const server = Hapi.server({ port: 8700, host: '127.0.0.1' });
const say = (tags, text) => console.log(`${new Date().toISOString()} [${tags}] ${text}`);
server.events.on('response', ({ method, path, response, info }) => say('response', `${method} ${path} ${response.statusCode} ${info.responded - info.received}ms`));
server.route({ method: 'GET', path: '/today', handler: async () => {
  try {
    return await got('http://api.weather.example/today', { timeout: { connect: 1500 }, retry: { limit: 1, calculateDelay: ({ attemptCount }) => (attemptCount > 1 ? 0 : 200) } }).json();
  } catch (error) {
    say('info', `forecast of yesterday shown: ${error.message}`);
    return { rain: 0, errors: 0 };
  }
} });
server.route({ method: 'GET', path: '/storm-failures', handler: () => 'none' });
server.start().then(() => say('info', 'weather 3.3 on port 8700'));
J
  start weather.log node server.js
  wait_port 8700
  for _ in 1 2 3 4; do hit http://127.0.0.1:8700/storm-failures 2; hit http://127.0.0.1:8700/today 1; done
  kill $last
}

case_no_incident_feathers_notes() {
  about <<'JSON'
{ "category": "no-incident", "app": "notes", "log": "notes.log", "proof": [],
  "program": "feathers 5", "form": "application-log", "hides": "NotFound and BadRequest that guests cause, notes that are titled error and outage, 0 failed", "split": "held-out",
  "why": "Guests ask for notes that are not there and send empty ones, and are told so; nothing is wrong with the service." }
JSON
  host notes-1
  desk notes
  cat >notes.js <<'J'
const { feathers } = require('@feathersjs/feathers');
const { NotFound, BadRequest } = require('@feathersjs/errors');
const say = (level, text) => console.log(`${new Date().toISOString().slice(0, 19)} ${level}: ${text}`);
const kept = new Map([[1, 'Outage drill, all went well'], [2, 'Error in the menu: soup is soup']]);
class Notes {
  async get(id) { if (!kept.has(id)) throw new NotFound(`No record found for id '${id}'`); return { id, title: kept.get(id) }; }
  async create({ title }) { if (!title) throw new BadRequest('title is empty'); kept.set(kept.size + 1, title); return { id: kept.size, title }; }
}
const app = feathers();
app.use('notes', new Notes());
app.hooks({ after: { all: [async ({ method, path, result }) => say('info', `${method} ${path} ok: "${result.title}"`)] },
  error: { all: [async ({ method, path, error }) => say('debug', `${method} ${path} answered ${error.code} ${error.name}: ${error.message}`)] } });
(async () => {
  const notes = app.service('notes');
  say('info', 'notes 6.0 up, 2 notes, 0 failed');
  for (const step of [() => notes.get(1), () => notes.get(7), () => notes.create({ title: 'Deadlock, a poem' }), () => notes.create({}), () => notes.get(2), () => notes.get(3), () => notes.create({ title: 'Panic at the fair' }), () => notes.get(99), () => notes.get(4)]) {
    await step().catch(() => {});
    await new Promise((done) => setTimeout(done, 700));
  }
  say('info', 'told to end, 4 notes written, 0 lost');
})();
J
  node notes.js >"$evidence/notes.log" 2>&1
}

case_rate_limited_nodemailer_postfix() {
  about <<'JSON'
{ "category": "rate-limited", "app": "newsletter", "log": "newsletter.log",
  "proof": ["Error: too much mail from 10.0.13.12"],
  "program": "nodemailer 6 against postfix 3.7", "form": "application-log", "hides": "Message failed, letter N put back, letters that go out, lost connection after", "split": "held-out",
  "why": "The mail server takes eight letters a minute from one client; the newsletter sends them all at once and the rest is refused for now." }
JSON
  host letters-1
  . "$programs/mail.sh"
  address 10.0.13.12 relay.acme.example
  postfix_up 'mynetworks = 10.0.0.0/8' 'smtpd_client_message_rate_limit = 8' 'smtpd_client_event_limit_exceptions =' 'local_transport = discard' 'default_transport = discard'
  desk newsletter
  cat >newsletter.js <<'J'
const mailer = require('nodemailer').createTransport({ host: 'relay.acme.example', port: 25, ignoreTLS: true, localAddress: '10.0.13.12' });
const say = (text) => console.log(`${new Date().toISOString()} newsletter ${text}`);
(async () => {
  say('41: 20 readers, unsubscribed or failed before: 0');
  let out = 0;
  for (let n = 1; n <= 20; n += 1) {
    try {
      const sent = await mailer.sendMail({ from: 'news@acme.example', to: `reader${n}@example.com`, subject: 'Error-free autumn', text: 'Hello' });
      out += 1;
      say(`letter ${n} taken: ${sent.response.slice(0, 20)}`);
    } catch (error) {
      say(`letter ${n} put back: ${error.code} ${error.message}`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  say(`41: ${out} of 20 out`);
})();
J
  node newsletter.js >"$evidence/newsletter.log" 2>&1
  sleep 1
  cp /var/log/mail.log "$evidence/mail.log"
}

case_heap_exhausted_bree_catalogue() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "jobs", "log": "jobs.log",
  "proof": ["ERR_WORKER_OUT_OF_MEMORY"],
  "program": "bree 9, node 20 worker threads", "form": "application-log", "hides": "Worker for job exited with code 1, jobs that end well, will run again", "split": "held-out",
  "why": "The catalogue job collects every row in memory, and its thread's heap may have 24 MB; the other jobs go on." }
JSON
  host jobs-3
  desk jobs
  mkdir jobs
  echo "const { parentPort } = require('worker_threads'); parentPort.postMessage('12 links checked, 0 dead'); setTimeout(() => parentPort.postMessage('done'), 100);" >jobs/links.js
  echo "const rows = []; for (let n = 0; ; n += 1) rows.push({ n, title: 'row ' + n + Math.random() });" >jobs/catalogue.js
  cat >main.js <<'J'
const Bree = require('bree');
const line = (level) => (...parts) => console.log(`${new Date().toISOString()} ${level.padEnd(5)} ${parts.map((p) => (p instanceof Error ? `${p.code ?? p.name}: ${p.message}` : typeof p === 'string' ? p : '')).join(' ').trim()}`);
const logger = { info: line('info'), warn: line('warn'), error: line('info') };
const bree = new Bree({ root: `${__dirname}/jobs`, logger, jobs: [
  { name: 'links', interval: '2s', timeout: 0 },
  { name: 'catalogue', interval: '5s', timeout: '3s', worker: { resourceLimits: { maxOldGenerationSizeMb: 24 } } },
], errorHandler: (error, { name }) => logger.info(`${name}: ${error.code}: ${error.message}`), workerMessageHandler: ({ name, message }) => logger.info(`${name}: ${message}`) });
bree.start();
J
  start jobs.log node main.js
  sleep 17
  kill $last
}

case_no_incident_rollup_bundle() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "build.log", "proof": [],
  "program": "rollup 4", "form": "application-log", "hides": "(!) Unresolved dependencies, (!) Circular dependency, created in, FatalError in a source", "split": "held-out",
  "why": "The bundles are made, with the warnings of every day about how they are put together." }
JSON
  host ci-8
  desk bundle
  mkdir src
  echo "import { b } from './b.js'; import left from 'left-outside'; export const a = () => b() + left(1); export const run = (t) => eval(t);" >src/a.js
  echo "import { a } from './a.js'; export const b = () => (typeof a === 'function' ? 1 : 0);" >src/b.js
  echo "import { a } from './a.js'; class FatalError extends Error {}; export const start = () => { try { a(); } catch (e) { throw new FatalError('failed: ' + e); } };" >src/main.js
  echo "export default ['es', 'cjs'].map((format) => ({ input: 'src/main.js', output: { file: 'dist/main.' + format + '.js', format } }));" >rollup.config.mjs
  for n in 1 2; do { echo "== build $n: npx rollup -c"; node node_modules/rollup/dist/bin/rollup -c; echo "== build $n: status $?, 0 errors"; } >>"$evidence/build.log" 2>&1; done
}

case_cache_unavailable_mocha_sessions() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "sessions", "log": "tests.log",
  "proof": ["connect ECONNREFUSED 10.0.13.14:6379"],
  "program": "mocha 10, ioredis 5", "form": "application-log", "hides": "5 failing, MaxRetriesPerRequestError, AssertionError, tests that pass without it", "split": "held-out",
  "why": "The Redis of the test stage is not there; every test that needs a session fails, those that need none pass." }
JSON
  host ci-9
  address 10.0.13.14 redis-test.internal
  desk sessions
  mkdir test
  cat >test/sessions.js <<'J'
const assert = require('assert');
const Redis = require('ioredis');
const redis = new Redis({ host: 'redis-test.internal', maxRetriesPerRequest: 1, retryStrategy: () => 200 });
redis.on('error', (error) => console.log(`    redis: ${error.message}`));
describe('sessions', () => {
  it('refuses an empty name (error expected)', () => assert.throws(() => { throw new Error('empty name'); }));
  for (const name of ['ann', 'bob', 'failed-login', 'guest']) it(`keeps ${name}`, async () => { await redis.set(name, '1'); assert.equal(await redis.get(name), '1'); });
  it('counts', async () => assert.equal(await redis.dbsize().catch(() => -1), 4));
  it('formats an outage note', () => assert.ok('connection lost'.includes('lost')));
  after(() => redis.disconnect());
});
J
  redis-server --port 6379 --bind 10.0.13.14 --protected-mode no --save '' >/dev/null 2>&1 &
  redis=$!
  wait_port 6379 10.0.13.14
  for n in 501 502; do
    [ $n = 502 ] && kill $redis && sleep 1
    { echo "== pipeline $n: npx mocha"; node node_modules/mocha/bin/mocha.js --no-color; echo "== pipeline $n: tests ended with status $?"; } >>"$evidence/tests.log" 2>&1
  done
}

case_invalid_config_eslint_pipeline() {
  about <<'JSON'
{ "category": "invalid-config", "app": null, "log": "lint.log",
  "proof": ["A config object is using the \"env\" key, which is not supported in flat config system."],
  "program": "eslint 9", "form": "application-log", "hides": "Oops! Something went wrong! :(, warnings of the runs before, status 2", "split": "held-out",
  "why": "The rules file has a setting of the old form that this version does not know; no file is looked at any more." }
JSON
  host ci-10
  desk pipeline
  mkdir src
  printf 'const failed = 0;\nlet error = 1;\nconsole.log(error);\n' >src/a.js
  run() { { echo "== $1: npx eslint src"; node node_modules/eslint/bin/eslint.js src; echo "== $1: lint ended with status $?"; } >>"$evidence/lint.log" 2>&1; }
  echo "export default [{ name: 'house', rules: { 'no-unused-vars': 'warn', 'prefer-const': 'warn' } }];" >eslint.config.mjs
  run 'pipeline 77'
  echo "export default [{ name: 'house', env: { browser: true }, rules: { 'no-unused-vars': 'warn', 'prefer-const': 'warn' } }];" >eslint.config.mjs
  run 'pipeline 78'; run 'pipeline 79'
}

case_tls_untrusted_grpc_js_stock() {
  about <<'JSON'
{ "category": "tls-untrusted", "app": "stock", "log": "stock.log",
  "proof": ["unable to verify the first certificate"],
  "program": "grpc-js 1, node 20", "form": "json-lines", "hides": "14 UNAVAILABLE: No connection established, stock of an hour ago shown, level 30", "split": "held-out",
  "why": "The warehouse has a new certificate of an authority that this client was not given; no connection is made and old numbers are shown." }
JSON
  host stock-2
  . "$programs/certificates.sh"
  authority 'Old Root'; cp $pki/ca.crt /tmp/old-ca.crt
  rm -rf $pki; authority 'New Root'
  certificate warehouse.internal 'now + 70 days'
  address 10.0.13.16 warehouse.internal
  desk stock
  cat >server.js <<'J'
const grpc = require('@grpc/grpc-js'); const fs = require('fs'); const pki = process.argv[2];
const server = new grpc.Server();
server.bindAsync('10.0.13.16:7800', grpc.ServerCredentials.createSsl(null, [{ private_key: fs.readFileSync(`${pki}/warehouse.internal.key`), cert_chain: fs.readFileSync(`${pki}/warehouse.internal.crt`) }]), () => {});
J
  cat >client.js <<'J'
const grpc = require('@grpc/grpc-js'); const fs = require('fs');
const say = (level, msg, more) => console.log(JSON.stringify({ level, time: Date.now(), name: 'stock', msg, ...more }));
const client = new grpc.Client('warehouse.internal:7800', grpc.credentials.createSsl(fs.readFileSync('/tmp/old-ca.crt')));
say(30, 'stock 4.4 asks warehouse.internal:7800', { errors: 0 });
let n = 0;
const ask = () => {
  n += 1;
  client.makeUnaryRequest('/Warehouse/Count', (x) => x, (x) => x, Buffer.alloc(0), { deadline: Date.now() + 1500 }, (error) => {
    if (error) say(30, 'stock of an hour ago shown', { shelf: n, why: error.message });
    else say(30, 'shelf counted', { shelf: n });
    if (n === 4) say(50, 'shelf 4 has no label, counted as 0');
    if (n < 9) setTimeout(ask, 700); else process.exit(0);
  });
};
ask();
J
  node server.js $pki & server=$!
  wait_port 7800 10.0.13.16
  node client.js >"$evidence/stock.log" 2>&1
  kill $server
}

case_unhandled_exception_gin_baskets() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "baskets", "log": "baskets.log",
  "proof": ["runtime error: index out of range [3] with length 3"],
  "program": "gin 1, zerolog 1", "form": "application-log", "hides": "[Recovery] panic recovered, 500 of one kind of basket, 200 of the others, failed:0", "split": "tune",
  "why": "The new customer level three is not in the table of discounts, and the handler reads past its end; the server catches it for each request." }
JSON
  host baskets-1
  counter_app
  start baskets.log counter baskets
  wait_port 8600
  for level in 0 1 2 1 3 0 3 2 3; do hit http://127.0.0.1:8600/baskets/$level; done
  hit http://127.0.0.1:8600/errors 1
  kill $last
}

case_port_exhausted_fiber_tills() {
  about <<'JSON'
{ "category": "port-exhausted", "app": "tills", "log": "tills.log",
  "proof": ["connect: cannot assign requested address"],
  "program": "fiber 2", "form": "application-log", "hides": "[Info] till N not asked, 202 and 200 answers, cash is right", "split": "held-out",
  "why": "The program never closes its connections to the till server, and the machine has forty ports for outgoing ones; then none is left." }
JSON
  host tills-1
  counter_app
  address 10.0.13.18 tillserver.internal
  sysctl -q -w net.ipv4.ip_local_port_range='41000 41039' 2>/dev/null || { mount -o remount,rw /proc/sys 2>/dev/null; echo '41000 41039' >/proc/sys/net/ipv4/ip_local_port_range; }
  /usr/bin/python3 -c "
import socket, time
s = socket.create_server(('10.0.13.18', 7300), backlog=200); kept = []
while True: kept.append(s.accept())" &
  wait_port 7300 10.0.13.18
  start tills.log counter probe tillserver.internal:7300
  wait_port 8610
  /usr/bin/python3 - <<'P'
import http.client, time
till = http.client.HTTPConnection('127.0.0.1', 8610)
for n in range(1, 52):
    till.request('GET', f'/tills/{n}' if n % 10 else '/health'); till.getresponse().read(); time.sleep(0.05)
P
  kill -KILL $last
}

case_migration_failed_goose_stock() {
  about <<'JSON'
{ "category": "migration-failed", "app": "stock", "log": "release.log",
  "proof": ["failed to run SQL migration"],
  "program": "goose 3 against postgresql 15", "form": "application-log", "hides": "OK 00002, [release] not started, could not create unique index", "split": "held-out",
  "why": "The third step makes the article number unique, and the table holds one twice; the database refuses it and the release stays where it is." }
JSON
  host stock-5
  address 10.0.13.19 stock-db
  pg_new && pg_start
  counter_app
  mkdir -p /srv/stock/migrations && cd /srv/stock || exit 1
  step() { printf -- '-- +goose Up\n%s;\n' "$2" >"migrations/$1.sql"; }
  step 00001_articles 'CREATE TABLE articles (id serial, number text)'
  step 00002_failed_column 'ALTER TABLE articles ADD failed int NOT NULL DEFAULT 0'
  release() { { echo "[release] $1: migrating"; counter migrate 'postgres://postgres@stock-db/postgres' migrations && echo "[release] $1: started, 0 errors" || echo "[release] $1: not started"; } >>"$evidence/release.log" 2>&1; }
  release 12
  sql "INSERT INTO articles (number) VALUES ('A-1'), ('A-2'), ('A-2')"
  step 00003_unique_number 'CREATE UNIQUE INDEX articles_number ON articles (number)'
  release 13; release 13
  cp $pg_log "$evidence/postgresql.log"
}

case_database_slow_query_gorm_statements() {
  about <<'JSON'
{ "category": "database-slow-query", "app": "statements", "log": "statements.log",
  "proof": ["SLOW SQL >= 200ms"],
  "program": "gorm 1 against postgresql 15", "form": "application-log", "hides": "0 errors, statements that are right all the same, page took N ms", "split": "held-out",
  "why": "The table has grown and has lost its index; the sum of a customer, once a millisecond, now reads all of it." }
JSON
  host statements-4
  address 10.0.13.20 ledger-db
  pg_new 'max_parallel_workers_per_gather = 0' 'log_min_duration_statement = 250' && pg_start
  sql "CREATE TABLE lines (id serial, customer text, cents int); INSERT INTO lines (customer, cents) SELECT 'customer-' || chr(97 + n % 7), n FROM generate_series(1, 700) n; CREATE INDEX lines_customer ON lines (customer)"
  counter_app
  counter orders 'host=ledger-db user=postgres dbname=postgres sslmode=disable' >"$evidence/statements.log" 2>&1
  sed -n '/duration:/p' $pg_log | grep -v INSERT >"$evidence/postgresql.log"
}

case_missing_config_ref_cobra_tariffs() {
  about <<'JSON'
{ "category": "missing-config-ref", "app": "tariffs", "log": "journal.log",
  "proof": ["open /etc/tariffs/winter.yaml: no such file or directory"],
  "program": "cobra 1 and viper 1 under systemd 252", "form": "journald", "hides": "Error: settings, errors=0, start request repeated too quickly, status=1/FAILURE", "split": "held-out",
  "why": "The unit was changed to the winter's file of settings before anybody laid it there." }
JSON
  host tariffs-2
  counter_app
  mkdir -p /etc/tariffs && echo 'zone: b' >/etc/tariffs/summer.yaml
  unit tariffs <<'U'
[Unit]
Description=Tariffs
StartLimitBurst=4
[Service]
ExecStart=/usr/local/bin/counter settings serve --settings /etc/tariffs/summer.yaml
SyslogIdentifier=tariffs
Restart=on-failure
RestartSec=1
U
  systemctl start tariffs
  sleep 6
  sed -i s/summer/winter/ /etc/systemd/system/tariffs.service
  systemctl daemon-reload
  systemctl restart tariffs
  sleep 8
  journal journal.log -u tariffs
}

case_consumer_lag_nats_go_ticker() {
  about <<'JSON'
{ "category": "consumer-lag", "app": "ticker", "log": "ticker.log",
  "proof": ["nats: slow consumer, messages dropped"],
  "program": "nats.go 1 against nats-server 2.9", "form": "application-log", "hides": "INFO of everything, prices shown, 0 malformed, ERROR-free since", "split": "held-out",
  "why": "Prices come four times as fast as the ticker shows them; two hundred wait, the rest is dropped." }
JSON
  host ticker-1
  address 10.0.13.22 nats.internal
  nats-server -a 10.0.13.22 -p 4222 >/dev/null 2>&1 &
  wait_port 4222 10.0.13.22
  counter_app
  start ticker.log counter ticker listen nats://nats.internal:4222
  sleep 1
  counter ticker feed nats://nats.internal:4222
  sleep 2
  kill $last
}

case_invalid_config_jetty_threads() {
  about <<'JSON'
{ "category": "invalid-config", "app": "returns", "log": "journal.log",
  "proof": ["Insufficient configured threads"],
  "program": "jetty 12, log4j 2 under systemd 252", "form": "journald", "hides": "Failed startup of server, Stopped oejs.Server, java.lang.IllegalStateException, start request repeated too quickly", "split": "held-out",
  "why": "Somebody set the pool to two threads in the name of thrift; the server needs more than that for itself and does not start." }
JSON
  host returns-1
  java_desk returns Returns <<'J'
import org.eclipse.jetty.server.*;
import org.eclipse.jetty.server.handler.DefaultHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.LoggerFactory;
public class Returns {
  public static void main(String[] args) throws Exception {
    var log = LoggerFactory.getLogger("com.acme.returns.Returns");
    int threads = Integer.parseInt(System.getenv("POOL"));
    log.info("returns 5.5, pool of {} threads, failed returns: 0", threads);
    Server server = new Server(new QueuedThreadPool(threads, 1));
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    connector.setPort(8720);
    server.addConnector(connector);
    server.setHandler(new DefaultHandler());
    try { server.start(); } catch (Exception e) { log.error("server not started", e); System.exit(3); }
  }
}
J
  unit returns <<'U'
[Unit]
Description=Returns
StartLimitBurst=3
[Service]
WorkingDirectory=/srv/returns
Environment=POOL=20
ExecStart=/usr/bin/java -cp .:/opt/lib/* Returns
SyslogIdentifier=returns
SuccessExitStatus=143
Restart=on-failure
RestartSec=1
U
  systemctl start returns
  wait_port 8720
  hit http://127.0.0.1:8720/errors 2
  sed -i 's/POOL=20/POOL=2/' /etc/systemd/system/returns.service
  systemctl daemon-reload
  systemctl restart returns
  sleep 16
  journal journal.log -u returns
}

case_stack_overflow_undertow_menus_json() {
  about <<'JSON'
{ "category": "stack-overflow", "app": "menus", "log": "menus.json.log",
  "proof": ["java.lang.StackOverflowError"],
  "program": "undertow 2, log4j 2 JsonTemplateLayout", "form": "json-lines", "hides": "level INFO menus shown, UT005023 exception handling request, 500 of one menu", "split": "held-out",
  "why": "The autumn menu names itself as its own parent; the function that walks up the menus never comes to an end." }
JSON
  host menus-3
  java_desk menus Menus JsonTemplateLayout 'appender.out.layout.maxStringLength = 3000' <<'J'
import io.undertow.Undertow;
import java.util.Map;
import org.slf4j.LoggerFactory;
public class Menus {
  static final org.slf4j.Logger log = LoggerFactory.getLogger("com.acme.menus.Menus");
  static final Map<String, String> parents = Map.of("soup", "dinner", "dinner", "all", "autumn", "autumn");
  static String path(String menu) { return parents.containsKey(menu) ? path(parents.get(menu)) + "/" + menu : menu; }
  public static void main(String[] args) {
    Undertow.builder().addHttpListener(8730, "127.0.0.1").setIoThreads(1).setWorkerThreads(2).setHandler(exchange -> {
      String menu = exchange.getRequestPath().substring(1);
      try {
        String path = path(menu);
        log.info("menu {} shown as {}, 0 dishes failed", menu, path);
        exchange.getResponseSender().send(path);
      } catch (Throwable thrown) {
        log.info("menu {} not shown", menu, thrown);
        exchange.setStatusCode(500);
      }
    }).build().start();
    log.info("menus 7.1 listens, errors so far: none");
  }
}
J
  start menus.json.log java -Xss256k -Djava.util.logging.manager=org.apache.logging.log4j.jul.LogManager -cp '.:/opt/lib/*' Menus
  wait_port 8730
  for menu in soup dinner autumn soup autumn error-menu dinner autumn; do hit http://127.0.0.1:8730/$menu; done
  sleep 1
  kill $last
  head -c 150000 "$evidence/menus.json.log" >/tmp/menus && cp /tmp/menus "$evidence/menus.json.log"
}

case_disk_full_jedis_basket_store() {
  about <<'JSON'
{ "category": "disk-full", "app": "baskets", "log": "baskets.log",
  "proof": ["No space left on device"],
  "program": "jedis 5 against redis 7.0", "form": "application-log", "hides": "MISCONF Redis is configured to save RDB snapshots, JedisDataException, Background saving error, baskets read well", "split": "held-out",
  "why": "The disk of the store is full, so it cannot save itself and takes no writes; the program sees only the refusal." }
JSON
  host baskets-4
  address 10.0.13.26 redis.internal
  tiny /data/redis 1m
  redis-server --port 6379 --bind 10.0.13.26 --protected-mode no --dir /data/redis --save '2 1' --logfile /tmp/redis.log --rdbcompression no &
  wait_port 6379 10.0.13.26
  java_desk baskets Baskets <<'J'
import java.util.Random;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.JedisPooled;
public class Baskets {
  public static void main(String[] args) throws Exception {
    var log = LoggerFactory.getLogger("com.acme.baskets.Baskets");
    var random = new Random(4);
    try (var redis = new JedisPooled("redis.internal", 6379)) {
      log.info("baskets 2.9 keeps baskets in redis.internal, lost so far: 0");
      for (int n = 1; n <= 26; n++) {
        byte[] goods = new byte[90_000];
        random.nextBytes(goods);
        try {
          redis.set(("basket:" + n).getBytes(), goods);
          log.info("basket {} kept", n);
        } catch (Exception e) {
          log.warn("basket {} not kept: {}: {}", n, e.getClass().getSimpleName(), e.getMessage());
        }
        log.info("basket 1 read, {} bytes", redis.strlen("basket:1"));
        Thread.sleep(600);
      }
    }
  }
}
J
  java_go Baskets >"$evidence/baskets.log" 2>&1
  cp /tmp/redis.log "$evidence/redis.log"
}

case_database_deadlock_mybatis_transfers() {
  about <<'JSON'
{ "category": "database-deadlock", "app": "transfers", "log": "transfers.log",
  "proof": ["ERROR: deadlock detected"],
  "program": "mybatis 3, c3p0 0.10 against postgresql 15", "form": "application-log", "hides": "Error updating database, transfers that are booked, tried again, pool statistics", "split": "held-out",
  "why": "Two desks book between the same two accounts in opposite order; each holds what the other waits for, and the database ends one of them." }
JSON
  host transfers-1
  address 10.0.13.28 bank-db
  pg_new 'deadlock_timeout = 500ms' && pg_start
  sql 'CREATE TABLE account (id int PRIMARY KEY, cents int); INSERT INTO account VALUES (1, 1000000), (2, 1000000), (3, 0)'
  java_desk transfers Transfers <<'J'
import com.mchange.v2.c3p0.ComboPooledDataSource;
import org.apache.ibatis.annotations.*;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.*;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.slf4j.LoggerFactory;
public class Transfers {
  interface Accounts {
    @Update("UPDATE account SET cents = cents + #{cents} WHERE id = #{id}") int add(@Param("id") int id, @Param("cents") int cents);
  }
  static final org.slf4j.Logger log = LoggerFactory.getLogger("com.acme.transfers.Transfers");
  public static void main(String[] args) throws Exception {
    var pool = new ComboPooledDataSource();
    pool.setJdbcUrl("jdbc:postgresql://bank-db/postgres?user=postgres");
    var configuration = new Configuration(new Environment("prod", new JdbcTransactionFactory(), pool));
    configuration.addMapper(Accounts.class);
    var factory = new SqlSessionFactoryBuilder().build(configuration);
    Thread[] desks = { desk(factory, "desk-a", 1, 2), desk(factory, "desk-b", 2, 1), desk(factory, "desk-c", 3, 3) };
    for (Thread desk : desks) desk.start();
    for (Thread desk : desks) desk.join();
    pool.close();
  }
  static Thread desk(SqlSessionFactory factory, String name, int from, int to) {
    return new Thread(() -> {
      for (int n = 1; n <= 6; n++) {
        try (var session = factory.openSession()) {
          var accounts = session.getMapper(Accounts.class);
          accounts.add(from, -100);
          Thread.sleep(400);
          accounts.add(to, 100);
          session.commit();
          log.info("transfer {} booked, 0 rejected", n);
        } catch (Exception e) {
          log.info("transfer {} given back to the clerk: {}", n, e.getMessage());
        }
      }
    }, name);
  }
}
J
  java_go Transfers >"$evidence/transfers.log" 2>&1
  cp $pg_log "$evidence/postgresql.log"
}

case_no_incident_hazelcast_member_leaves() {
  about <<'JSON'
{ "category": "no-incident", "app": "grid", "log": "grid.log", "proof": [],
  "program": "hazelcast 5.3", "form": "application-log", "hides": "WARN of the licence of open modules, connection closed, Removing Member, Mastership, migrations", "split": "held-out",
  "why": "A second member joins and is shut down in good order, its part of the data moves over; nothing is lost." }
JSON
  host grid-1
  java_desk grid Grid <<'J'
import com.hazelcast.config.Config;
import com.hazelcast.core.*;
import org.slf4j.LoggerFactory;
public class Grid {
  static HazelcastInstance member(int port) {
    Config config = new Config().setClusterName("grid").setProperty("hazelcast.logging.type", "slf4j").setProperty("hazelcast.phone.home.enabled", "false");
    config.setInstanceName("m" + port);
    config.getNetworkConfig().setPort(port).setPortAutoIncrement(false).getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:5701").addMember("127.0.0.1:5702");
    return Hazelcast.newHazelcastInstance(config);
  }
  public static void main(String[] args) throws Exception {
    var log = LoggerFactory.getLogger("com.acme.grid.Grid");
    var first = member(5701);
    for (int n = 0; n < 200; n++) first.getMap("errors").put(n, "none");
    var second = member(5702);
    Thread.sleep(2000);
    log.info("release of member two: shutting it down, 0 entries may be lost");
    second.shutdown();
    Thread.sleep(1500);
    log.info("entries after that: {} of 200", first.getMap("errors").size());
    first.shutdown();
  }
}
J
  java_go Grid >"$evidence/grid.log" 2>&1
}

case_application_hung_unicorn_labels() {
  about <<'JSON'
{ "category": "application-hung", "app": "labels", "log": "unicorn.log",
  "proof": ["killing"],
  "program": "unicorn 6, ruby 3.1", "form": "application-log", "hides": "ERROR of the worker that was killed, worker=0 ready, 200 of the short labels, reaped", "split": "held-out",
  "why": "Labels with an empty second line send the worker round and round; the master sees no sign of life for four seconds and kills it." }
JSON
  host labels-7
  mkdir -p /srv/labels && cd /srv/labels || exit 1
  cat >config.ru <<'R'
run(lambda do |env|
  text = env['QUERY_STRING']
  $stderr.puts "#{Time.now.utc.strftime('%FT%TZ')} label #{text} begins, 0 failed"
  rest = text.dup
  rest = rest.delete_prefix('x') until rest.empty?
  $stderr.puts "#{Time.now.utc.strftime('%FT%TZ')} label #{text} printed"
  [200, {}, ['ok']]
end)
R
  printf 'worker_processes 2\ntimeout 4\nlisten "127.0.0.1:8740"\n' >unicorn.rb
  start unicorn.log unicorn -c unicorn.rb -E none config.ru
  wait_port 8740
  for text in x xx xxx; do hit "http://127.0.0.1:8740/?$text"; done
  for text in xxy xx xy x; do hit "http://127.0.0.1:8740/?$text" 1 -m 8; done
  kill $last
  sleep 1
}

case_connection_refused_delayed_job_webhooks() {
  about <<'JSON'
{ "category": "connection-refused", "app": "webhooks", "log": "worker.log",
  "proof": ["Faraday::ConnectionFailed"],
  "program": "delayed_job 4, faraday 1, ruby 3.1", "form": "application-log", "hides": "FAILED (N prior attempts), COMPLETED after, 6 jobs processed at, 3 failed", "split": "held-out",
  "why": "Nothing listens at the partner's address for orders; the calls to the other partner go through." }
JSON
  host webhooks-1
  address 10.0.13.30 hooks.partner.example
  address 10.0.13.31 hooks.good.example
  printf 'pid /tmp/h.pid;\nerror_log /tmp/h.log;\nevents {}\nhttp { access_log off; server { listen 10.0.13.31:80; location / { return 200 ok; } } }\n' >/tmp/h.conf
  nginx -c /tmp/h.conf
  pg_new && pg_start
  mkdir -p /srv/webhooks && cd /srv/webhooks || exit 1
  cat >work.rb <<'R'
require 'active_record'
require 'logger'
require 'delayed_job_active_record'
require 'faraday'
$stdout.sync = true
ActiveRecord::Base.establish_connection(adapter: 'postgresql', host: '/var/run/postgresql', username: 'postgres', database: 'postgres')
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table(:delayed_jobs) do |t|
    t.integer :priority, default: 0
    t.integer :attempts, default: 0
    t.text :handler
    t.text :last_error
    t.datetime :run_at, :locked_at, :failed_at
    t.string :locked_by, :queue
    t.timestamps null: true
  end
end
class Hook < Struct.new(:host, :order)
  def perform = Faraday.post("http://#{host}/orders", order.to_s)
  def max_attempts = 2
  def reschedule_at(now, _) = now + 1
end
6.times { |n| Delayed::Job.enqueue Hook.new(n.odd? ? 'hooks.partner.example' : 'hooks.good.example', 700 + n) }
Delayed::Worker.logger = Logger.new($stdout)
worker = Delayed::Worker.new(exit_on_complete: true, sleep_delay: 1)
worker.name = 'webhooks-1'
worker.start
R
  timeout 60 ruby -W0 work.rb >"$evidence/worker.log" 2>&1
}

case_stack_overflow_prolog_planner() {
  about <<'JSON'
{ "category": "stack-overflow", "app": "planner", "log": "planner.log",
  "proof": ["Stack limit (4.0Mb) exceeded"],
  "program": "swi-prolog 9", "form": "application-log", "hides": "route found lines, Warning of a clause that is not together, goal (directive) failed", "split": "held-out",
  "why": "Two stations are each other's next one, and the search for a route goes round until its stack is used up." }
JSON
  host planner-1
  mkdir -p /srv/planner && cd /srv/planner || exit 1
  cat >planner.pl <<'P'
next(a, b). next(b, c). next(c, d).
next(x, y). next(y, x).
route(S, S, []).
route(S, T, [N|R]) :- next(S, N), route(N, T, R).
plan(S, T) :- get_time(Now), format_time(string(D), '%FT%T', Now),
  catch((route(S, T, R) -> format('~w info route ~w to ~w: ~w, 0 failed~n', [D, S, T, R]) ; format('~w info no route ~w to ~w~n', [D, S, T])),
        E, (message_to_codes(E, M), format('~w info route ~w to ~w not found:~n~s~n', [D, S, T, M]))).
message_to_codes(E, M) :- message_to_lines(E, L), with_output_to(codes(M), print_message_lines(current_output, '  ', L)).
message_to_lines(E, L) :- phrase(prolog:translate_message(E), L) -> true ; '$messages':translate_message(E, L, []).
main :- forall(member(S-T, [a-d, b-c, d-a, a-c, x-d, a-b, y-a, b-d]), plan(S, T)).
P
  swipl --stack-limit=4m -q -g main -t halt planner.pl >"$evidence/planner.log" 2>&1
}

case_bad_command_rake_invoices() {
  about <<'JSON'
{ "category": "bad-command", "app": "invoices", "log": "nightly.log",
  "proof": ["Command failed with status (127)"],
  "program": "rake 13, ruby 3.1", "form": "application-log", "hides": "rake aborted!, Tasks: TOP => nightly, steps that ended well, 0 errors", "split": "held-out",
  "why": "The task calls a converter that was not installed on the new host; the steps before it are done." }
JSON
  host batch-8
  mkdir -p /srv/invoices && cd /srv/invoices || exit 1
  printf 'task :collect do\n  puts "#{Time.now.utc} collect: 40 invoices, 0 errors"\nend\ntask :render => :collect do\n  puts "#{Time.now.utc} render: invoice 1 of 40"\n  sh "html-to-pdf --quiet in/1.html out/1.pdf && echo rendered"\nend\ntask :nightly => :render do\n  puts "nightly: done"\nend\n' >Rakefile
  cp /bin/true /usr/local/bin/html-to-pdf
  for host in old new; do
    [ $host = new ] && rm /usr/local/bin/html-to-pdf
    { echo "== nightly on the $host host"; rake nightly; echo "== nightly ended with status $?"; } >>"$evidence/nightly.log" 2>&1
  done
}

case_unauthorized_guzzle_ledger() {
  about <<'JSON'
{ "category": "unauthorized", "app": "ledger", "log": "ledger.log",
  "proof": ["401 Unauthorized"],
  "program": "guzzle 7 and monolog 2, PHP 8.2", "form": "application-log", "hides": "ledger.NOTICE of what fails, ledger.ERROR of one entry without a text, entries handed over", "split": "held-out",
  "why": "The bookkeeper's service took the token off its list; each entry after that comes back with 401." }
JSON
  host ledger-3
  address 10.0.13.34 books.example
  conf() { printf 'pid /tmp/b.pid;\nerror_log /tmp/b.log;\nevents {}\nhttp { access_log off; map $http_authorization $known { default 0; "Bearer %s" 1; } server { listen 10.0.13.34:80; location / { if ($known = 0) { return 401 "{\\"error\\":\\"token is not known\\"}"; } return 200 "{}"; } } }\n' "$1" >/tmp/b.conf; }
  conf t-1 && nginx -c /tmp/b.conf
  mkdir -p /srv/ledger && cd /srv/ledger || exit 1
  cat >ledger.php <<'P'
<?php
error_reporting(E_ALL & ~E_DEPRECATED);
require '/usr/share/php/GuzzleHttp/autoload.php';
require '/usr/share/php/Monolog/autoload.php';
$log = new Monolog\Logger('ledger', [new Monolog\Handler\StreamHandler('php://stdout')]);
$client = new GuzzleHttp\Client(['base_uri' => 'http://books.example/', 'timeout' => 3, 'headers' => ['Authorization' => 'Bearer t-1']]);
for ($n = 1; $n <= 12; $n++) {
    try {
        $client->post('entries', ['json' => ['entry' => $n]]);
        $log->info("entry $n handed over", ['errors' => 0]);
    } catch (GuzzleHttp\Exception\GuzzleException $e) {
        $log->notice("entry $n goes to the tray", ['why' => $e->getMessage()]);
    }
    if ($n === 3) $log->error('entry 3 has no text, "misc" written');
    usleep(600000);
}
P
  start ledger.log php ledger.php
  sleep 3
  conf t-2 && nginx -c /tmp/b.conf -s reload
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
