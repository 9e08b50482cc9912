#!/bin/bash
# Programs of Node: hapi, feathers, nodemailer, bree, rollup, mocha, eslint, grpc-js, in several
# categories.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# desk NAME: a folder in /srv with the packages of Node; goes there.
desk() { node_app "$1" desk && export NO_COLOR=1 HOME=/srv; }

case_connection_timeout_hapi_weather() {
  about <<'JSON'
{ "category": "connection-timeout", "app": "weather", "log": "weather.log",
  "proof": ["Timeout awaiting 'connect' for 1500ms"],
  "program": "hapi 21, got 11", "form": "application-log", "hides": "forecast of yesterday shown, 200 of all pages, retry 1 of 1", "split": "held-out",
  "why": "No connection to the weather office comes about, its packets are dropped on the way; the page shows the forecast of yesterday." }
JSON
  host weather-1
  uplink 10.0.13.1/24
  silent_host 10.0.13.77 api.weather.example
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

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
