#!/bin/bash
# no-incident: programs that do their work, with words and lines that only look like trouble.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_no_incident_nginx_access_404() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "access.log", "proof": [],
  "program": "nginx 1.22", "form": "application-log", "hides": "404 answers to crawlers", "split": "tune",
  "why": "Normal traffic with a few 404 for pages that never existed and one 499 of an impatient client." }
JSON
  host edge-6
  app storefront storefront
  node server.js >/dev/null 2>&1 &
  mkdir -p /srv/www/img && echo logo >/srv/www/img/logo.svg && echo 'User-agent: *' >/srv/www/robots.txt
  cat >/tmp/nginx.conf <<'X'
error_log /tmp/error.log warn;
events {}
http {
  access_log /tmp/access.log combined;
  log_format combined_host '$host';
  server { listen 80; root /srv/www; location / { proxy_pass http://127.0.0.1:4000; } location /img/ { } location = /robots.txt { } location /old/ { return 404; } }
}
X
  sed -i '/log_format/d; s/ combined;/;/' /tmp/nginx.conf
  wait_port 4000
  nginx -c /tmp/nginx.conf
  wait_port 80
  for n in $(seq 12); do
    hit http://127.0.0.1/p/mug-$n 1 -A 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0' -e 'https://shop.example.com/'
    hit http://127.0.0.1/img/logo.svg 1 -A 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)'
    [ $((n % 4)) -ne 0 ] || hit http://127.0.0.1/old/wp-login.php 1 -A 'Googlebot/2.1'
  done
  hit http://127.0.0.1/img/missing.png 1 -A 'Googlebot-Image/1.0'
  hit http://127.0.0.1/robots.txt 1 -A 'bingbot/2.0'
  cp /tmp/access.log "$evidence/"
}

case_no_incident_postgresql_start_checkpoints() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "postgresql.log", "proof": [],
  "program": "postgresql 15", "form": "application-log", "hides": "ERROR line of one mistyped statement", "split": "held-out",
  "why": "Start, checkpoints, an automatic vacuum and one syntax error that a person typed." }
JSON
  host reports-db-0
  pg_new 'log_checkpoints = on' 'log_connections = on' 'log_disconnections = on' 'log_autovacuum_min_duration = 0' 'autovacuum_naptime = 1s' && pg_start
  sql 'CREATE TABLE reports (id int, body text)'
  sql "INSERT INTO reports SELECT n, md5(n::text) FROM generate_series(1, 20000) n"
  sql 'CHECKPOINT'
  sql 'SELEC count(*) FROM reports' 2>/dev/null
  sql 'UPDATE reports SET body = id::text'
  sleep 3
  sql 'CHECKPOINT'
  cp $pg_log "$evidence/postgresql.log"
}

case_no_incident_redis_rdb_save() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "redis.log", "proof": [],
  "program": "redis 7.0", "form": "application-log", "hides": "WARNING Memory overcommit must be enabled", "split": "held-out",
  "why": "Start with the usual warning about overcommit, background saves that succeed, an orderly shutdown." }
JSON
  host cache-7
  mkdir -p /var/lib/cache7
  start redis.log redis-server --port 6379 --dir /var/lib/cache7 --save 2 1
  wait_port 6379
  for n in 1 2 3 4 5 6; do redis-cli set k:$n v >/dev/null; sleep 1; done
  sleep 3
  redis-cli shutdown
}

case_no_incident_node_pino_warning() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "checkout.json.log", "proof": [],
  "program": "node 20.20.2, express, pino", "form": "json-lines", "hides": "level 40 warning and the deprecation of punycode", "split": "tune",
  "why": "Requests with status 200, a slow-query warning and a deprecation warning." }
JSON
  host checkout-8
  app checkout checkout
  sed -i "s#^const carts#setTimeout(() => log.warn({ durationMs: 612, threshold: 500 }, 'slow query, still within budget'), 1500);\nrequire('punycode');\nconst carts#" server.js
  start checkout.json.log node server.js
  wait_port 3000
  hit http://127.0.0.1:3000/healthz 8
  hit http://127.0.0.1:3000/cart/u-1001 6
  sleep 1
  hit http://127.0.0.1:3000/healthz 4
  kill $last
  wait $last
}

case_no_incident_spring_start_warn() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "inventory.log", "proof": [],
  "program": "Spring Boot 3.3.5, OpenJDK 17", "form": "application-log", "hides": "warnings of the virtual machine about a deprecated option", "split": "tune",
  "why": "An ordinary start, requests, a graceful shutdown; the warnings are about an old option of the virtual machine." }
JSON
  host inventory-8
  pg_new && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  JAVA_OPTS='-Xverify:none' start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://s \
    --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres --spring.datasource.username=postgres \
    --server.shutdown=graceful
  wait_port 8081
  hit http://127.0.0.1:8081/stock/mug 4
  hit http://127.0.0.1:8081/stock/teapot 3
  kill $last
  wait $last
}

case_no_incident_python_retry_succeeds() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "report.log", "proof": [],
  "program": "python 3.11, requests", "form": "application-log", "hides": "attempt 1/3 failed: Connection refused", "split": "tune",
  "why": "The first attempt met the rates service while it was starting; the second worked and the run ended with done." }
JSON
  host batch-8
  python_packages
  address 10.0.7.9 rates
  mkdir -p /srv/rates/rates && for n in 0 1 2; do echo '{}' >/srv/rates/rates/$n; done
  app report-worker report-worker
  (
    until grep -q 'attempt 1/3' "$evidence/report.log" 2>/dev/null; do sleep 0.05; done
    exec /usr/bin/python3 -m http.server 8000 --directory /srv/rates >/dev/null 2>&1
  ) &
  sed -i 's/time.sleep(0.3)/time.sleep(3)/' worker.py
  REPORT_BUCKET=finance-reports RATES_URL=http://rates:8000 start report.log /usr/bin/python3 worker.py
  wait $last
}

case_no_incident_words_error_failed() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "nightly.log", "proof": [],
  "program": "python 3.11 and bash", "form": "application-log", "hides": "the words error, failed, fatal, timeout, OOMKilled, refused in harmless sentences", "split": "held-out",
  "why": "A summary of counters and settings: errors: 0, failed=0, OOMKilled pods: 0, and names that contain such words." }
JSON
  host batch-9
  cat >/srv/nightly.py <<'X'
import logging
import sys
import time

logging.basicConfig(level="INFO", stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s - %(message)s")
log = logging.getLogger("slo-report")
log.info("loading error-budget.yaml, 12 objectives")
for number, service in enumerate(["checkout", "payments-api", "auth", "blog_service"]):
    log.info("service=%s requests=%d failed=0 errors: 0 timeouts=0 p99=%dms", service, 91000 + number * 1713, 120 + number * 9)
    log.info("service=%s error budget ok, 99.98%% left", service)
    time.sleep(0.3)
log.info("OOMKilled pods in the last 24 h: 0, CrashLoopBackOff: none, connection refused: 0, disk full alerts: 0")
log.info("sink failed-events-archive flushed, 0 records; table fatal_errors is empty")
log.info("retention: deleted 14 error reports that are older than 90 days")
log.info("exit code 0")
X
  start nightly.log /usr/bin/python3 /srv/nightly.py
  wait $last
}

case_no_incident_test_run_of_error_handler() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "test.log", "proof": [],
  "program": "node 20.20.2 test runner", "form": "application-log", "hides": "stack traces and ECONNREFUSED printed by passing tests", "split": "tune",
  "why": "The tests of the error handler print the errors they provoke; all of them pass." }
JSON
  host ci-5
  mkdir -p /srv/handler && cd /srv/handler || exit
  cat >handler.test.js <<'X'
const test = require('node:test');
const assert = require('node:assert');
const net = require('node:net');

function handle(err) {
  console.error(`[handler] ${err.code ?? err.name}: ${err.message}`);
  return { status: err.code === 'ECONNREFUSED' ? 503 : 500 };
}

test('maps a refused connection to 503', async () => {
  const err = await new Promise((done) => net.connect(5999, '127.0.0.1').on('error', done));
  assert.equal(handle(err).status, 503);
});
test('maps anything else to 500', () => {
  assert.equal(handle(new TypeError("Cannot read properties of undefined (reading 'id')")).status, 500);
});
test('prints out of memory errors too', () => {
  assert.equal(handle(new RangeError('JavaScript heap out of memory (simulated)')).status, 500);
});
X
  start test.log node --test --test-reporter=spec handler.test.js
  wait $last
}

case_no_incident_systemd_rotation() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "journal.log", "proof": [],
  "program": "nginx 1.22, redis 7.0 and a timer job under systemd 252", "form": "journald", "hides": "Stopping, signal 3 (SIGQUIT), worker exits", "split": "tune",
  "why": "A planned restart: services stop in order, start again and serve; a job finishes with success." }
JSON
  host web-9
  app storefront storefront
  unit storefront <<'X'
[Unit]
Description=Storefront web server
[Service]
WorkingDirectory=/srv/storefront
ExecStart=/usr/bin/node server.js
X
  unit log-rotate <<'X'
[Unit]
Description=Rotate logs
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo rotated 3 files, 0 errors'
X
  nginx_front 4000
  systemctl start storefront nginx-front
  wait_port 4000
  wait_port 80
  hit http://127.0.0.1/ 5
  systemctl start log-rotate
  systemctl reload-or-restart nginx-front
  systemctl restart storefront
  wait_port 4000
  hit http://127.0.0.1/ 5
  journal journal.log
}

case_no_incident_haproxy_rolling() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "haproxy.log", "proof": [],
  "program": "haproxy 2.6, two node 20 servers", "form": "application-log", "hides": "Server shop/b is DOWN for three seconds", "split": "tune",
  "why": "A rolling restart: one of two servers is down for a moment and comes back, every request is answered with 200." }
JSON
  host lb-9
  app storefront storefront
  node server.js >/dev/null 2>&1 &
  PORT=4001 node server.js >/dev/null 2>&1 &
  second=$!
  cat >/tmp/lb.cfg <<'X'
global
  log stdout format short local0 info
defaults
  mode http
  log global
  option httplog
  timeout connect 1s
  timeout client 5s
  timeout server 5s
  retries 2
  option redispatch
frontend web
  bind :80
  default_backend shop
backend shop
  option httpchk GET /health
  server a 127.0.0.1:4000 check inter 500ms fall 2 rise 2
  server b 127.0.0.1:4001 check inter 500ms fall 2 rise 2
X
  wait_port 4000
  wait_port 4001
  start haproxy.log haproxy -W -f /tmp/lb.cfg
  wait_port 80
  hit http://127.0.0.1/ 6
  kill $second; wait $second
  sleep 2
  hit http://127.0.0.1/ 6
  PORT=4001 node server.js >/dev/null 2>&1 &
  sleep 3
  hit http://127.0.0.1/ 6
}

case_no_incident_mariadb_start() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "mariadb.log", "proof": [],
  "program": "MariaDB 10.11", "form": "application-log", "hides": "[Warning] lines at the start", "split": "held-out",
  "why": "First start, a client that left without closing (a warning), normal shutdown." }
JSON
  host users-db-0
  install -d -o mysql /run/mysqld /var/lib/users
  mariadb-install-db --user=mysql --datadir=/var/lib/users --auth-root-authentication-method=normal >/dev/null 2>&1
  start mariadb.log mariadbd --user=mysql --datadir=/var/lib/users --log-warnings=4 --socket=/run/mysqld/users.sock --pid-file=/run/mysqld/users.pid
  wait_port 3306
  mariadb -S /run/mysqld/users.sock -e "CREATE DATABASE app; CREATE TABLE app.t (id int); INSERT INTO app.t VALUES (1)"
  (mariadb -S /run/mysqld/users.sock -e 'SELECT sleep(20)' >/dev/null 2>&1 & sleep 1; kill -9 $!)
  sleep 1
  mariadb-admin -S /run/mysqld/users.sock shutdown
  wait $last
}

case_no_incident_structlog_auth_denied() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "auth.json.log", "proof": [],
  "program": "python 3.11, structlog", "form": "json-lines", "hides": "login_failed warnings of wrong passwords", "split": "tune",
  "why": "Tokens are issued; two people mistyped their password, which the service rightly refuses." }
JSON
  host auth-9
  python_packages
  app auth auth
  sed -i 's#            elif self.path.startswith("/introspect/"):#            elif self.path.startswith("/login/"):\n                status = 401\n                log.warning("login_failed", user=self.path.rsplit("/", 1)[1], reason="wrong password", attempt=1)\n            elif self.path.startswith("/introspect/"):#' auth.py
  start auth.json.log /usr/bin/python3 -u auth.py
  wait_port 9000
  hit http://127.0.0.1:9000/token/u-7 5
  hit http://127.0.0.1:9000/login/kim 1
  hit http://127.0.0.1:9000/token/u-9 4
  hit http://127.0.0.1:9000/login/lee 1
  hit http://127.0.0.1:9000/token/lee 2
  sleep 0.5
}

case_no_incident_long_busy_log() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "user_service.log", "proof": [],
  "program": "FastAPI, SQLAlchemy against postgresql 15", "form": "application-log", "hides": "404 and 422 among a thousand answers", "split": "held-out",
  "why": "A busy morning: users that are not found, two requests with a malformed number, nothing failed." }
JSON
  host user-7
  pg_new && pg_start
  python_packages
  app user_service user_service
  DATABASE_URL=postgresql+psycopg2://postgres@127.0.0.1/postgres start user_service.log /usr/bin/python3 -m uvicorn main:app --port 8020
  wait_port 8020
  /usr/bin/python3 - <<'X'
import http.client

link = http.client.HTTPConnection("127.0.0.1", 8020)
for n in range(500):
    link.request("GET", "/users/kim" if n in (120, 333) else "/favicon.ico" if n % 97 == 5 else f"/users/{n * 37 % 9000}")
    link.getresponse().read()
X
  sleep 1
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
