#!/bin/bash
# insufficient-evidence: something is wrong, and what was kept does not tell what.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_insufficient_evidence_bare_error() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "wishlist", "log": "app.log", "proof": [],
  "program": "node 20.20.2", "form": "application-log", "hides": null, "split": "held-out",
  "why": "The program catches everything and prints one sentence without stack, code or peer." }
JSON
  host wish-1
  cat >/srv/wishlist.js <<'X'
const fs = require('node:fs/promises');
const say = (text) => console.log(`${new Date().toISOString()} wishlist ${text}`);
async function save(n) {
  if (n > 6) await fs.writeFile('/nowhere/wish', 'x');
  say(`list ${n} saved`);
}
(async () => {
  say('started');
  for (let n = 1; n < 10; n += 1) {
    try {
      await save(n);
    } catch {
      console.error('Error: something went wrong');
    }
    await new Promise((done) => setTimeout(done, 200));
  }
})();
X
  start app.log node /srv/wishlist.js
  wait $last
}

case_insufficient_evidence_timeout_no_peer() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "payments-api", "log": "payments.json.log", "proof": [],
  "program": "node 20.20.2, fastify", "form": "json-lines", "hides": null, "split": "tune",
  "why": "The requests time out, the peer is not named, and nothing tells whether it is the network, the peer or this program." }
JSON
  host payments-8
  address 10.0.7.4 provider-sandbox
  /usr/bin/python3 -c "
import socket
s = socket.create_server(('0.0.0.0', 9400)); held = []
while True: held.append(s.accept())" &
  app payments-api payments-api
  STRIPE_WEBHOOK_SECRET=x start payments.json.log node index.js
  wait_port 8080
  hit http://127.0.0.1:8080/health 3
  hit http://127.0.0.1:8080/authorise/78 2
  hit http://127.0.0.1:8080/health 1
  sleep 0.5
}

case_insufficient_evidence_truncated_before_failure() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "inventory", "log": "container.log", "proof": [],
  "program": "OpenJDK 17 in a supervised shell", "form": "docker-logs", "hides": null, "split": "held-out",
  "why": "Three starts are kept, each ends after a few lines of the start; the reason of the end was not captured." }
JSON
  host inventory-9
  java_app pricing inventory com.acme.pricing.Main
  for n in 1 2 3; do
    start container.log java_run inventory
    wait_port 8085
    hit http://127.0.0.1:8085/price/mug 1
    kill -KILL $last
    wait $last 2>/dev/null
    sleep 1
  done
}

case_insufficient_evidence_killed_alone() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "thumbnailer", "log": "container.log", "proof": [],
  "program": "bash entrypoint around python 3.11", "form": "docker-logs", "hides": "Killed, exit code 137 (memory?)", "split": "tune",
  "why": "A kill signal of unknown sender: exit status 137 without the reason OOMKilled or a kernel line is not proof of memory." }
JSON
  host img-3
  cat >/tmp/entry.sh <<'X'
echo "thumbnailer 2.1 starting"
echo "queue: 3 workers"
python3 -c "
import time
for n in range(1, 9):
    print(f'{time.strftime(\"%H:%M:%S\")} thumbnail {n} written', flush=True)
    time.sleep(0.4)
time.sleep(60)"
echo "worker left with status $?"
X
  start container.log bash /tmp/entry.sh
  sleep 4
  kill -KILL "$(pgrep -P $last python3)"
  wait $last
}

case_insufficient_evidence_http_500_counts() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "checkout", "log": "access.log", "proof": [],
  "program": "nginx 1.22 in front of express", "form": "application-log", "hides": "HTTP 500", "split": "tune",
  "why": "Only the access log is there: /cart/guest answers 500 every time, no log of the application." }
JSON
  host edge-7
  app checkout checkout
  node server.js >/dev/null 2>&1 &
  printf 'error_log /tmp/e.log warn;\nevents {}\nhttp { access_log /tmp/access.log; server { listen 80; location / { proxy_pass http://127.0.0.1:3000; } } }\n' >/tmp/nginx.conf
  wait_port 3000
  nginx -c /tmp/nginx.conf
  wait_port 80
  for n in 1 2 3 4 5; do
    hit http://127.0.0.1/cart/u-1001 2 -A 'Mozilla/5.0'
    hit http://127.0.0.1/cart/guest 1 -A 'Mozilla/5.0'
  done
  cp /tmp/access.log "$evidence/"
}

case_insufficient_evidence_silent_exit_journald() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "ledger", "log": "journal.log", "proof": [],
  "program": "python 3.11 under systemd 252", "form": "journald", "hides": "Failed with result 'exit-code'", "split": "held-out",
  "why": "One failure with status 1 after hours of work, no output of the program, no restart configured." }
JSON
  host ledger-4
  printf 'import time, sys\nprint("ledger 6.0 starting", flush=True)\nfor n in range(1, 7):\n    time.sleep(0.5)\n    print(f"posted batch {n}", flush=True)\nsys.exit(1)\n' >/srv/ledger.py
  unit ledger <<'X'
[Unit]
Description=Ledger
[Service]
ExecStart=/usr/bin/python3 /srv/ledger.py
X
  systemctl start ledger
  sleep 6
  journal journal.log -u ledger
}

case_insufficient_evidence_python_logged_message_only() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "invoice-worker", "log": "invoice.json.log", "proof": [],
  "program": "python 3.11, structlog", "form": "json-lines", "hides": "job_failed at level error", "split": "tune",
  "why": "Jobs fail with an empty message; neither the type nor the place of the exception was logged." }
JSON
  host batch-6
  python_packages
  cat >/srv/worker.py <<'X'
import time
import structlog

structlog.configure(processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()])
log = structlog.get_logger(app="invoice-worker")
log.info("worker_started", version="2.0.2", concurrency=2)
for job in range(3100, 3112):
    try:
        assert job % 4 != 3
        log.info("job_done", job=job, ms=40 + job % 7)
    except Exception as error:
        log.error("job_failed", job=job, reason=str(error))
    time.sleep(0.2)
X
  start invoice.json.log /usr/bin/python3 -u /srv/worker.py
  wait $last
}

case_insufficient_evidence_haproxy_aborts() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "catalog", "log": "haproxy.log", "proof": [],
  "program": "haproxy 2.6", "form": "application-log", "hides": "504, termination state sH--", "split": "tune",
  "why": "Some requests of one backend take longer than the time-out; the backend's own log, its load and its peers are unknown." }
JSON
  host lb-6
  cat >/srv/catalog.js <<'X'
require('node:http').createServer((req, res) => setTimeout(() => res.end('ok'), req.url.includes('search') ? 4000 : 20)).listen(8000);
X
  node /srv/catalog.js &
  cat >/tmp/lb.cfg <<'X'
global
  log stdout format short local0 info
defaults
  mode http
  log global
  option httplog
  timeout connect 1s
  timeout client 5s
  timeout server 1500ms
frontend web
  bind :80
  default_backend catalog
backend catalog
  server catalog-1 127.0.0.1:8000
X
  wait_port 8000
  start haproxy.log haproxy -W -f /tmp/lb.cfg
  wait_port 80
  hit http://127.0.0.1/items/1 3
  hit http://127.0.0.1/search?q=mug 2
  hit http://127.0.0.1/items/2 3
  hit http://127.0.0.1/search?q=cup 2
}

case_insufficient_evidence_deploy_wrapper() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "user_service", "log": "pipeline.log", "proof": [],
  "program": "bash pipeline with swallowed output", "form": "application-log", "hides": "ERROR: step 'migrate' failed with exit code 1", "split": "tune",
  "why": "The pipeline hides the output of the migration; only its exit status is in the log." }
JSON
  host ci-7
  cat >/tmp/pipeline.sh <<'X'
stamp() { echo "[$(date -u +%FT%TZ)] $*"; }
step() { stamp "step '$1' started"; shift; "$@" >/dev/null 2>&1; }
stamp 'pipeline user_service #1182, commit 9f3c1e7'
step lint true && stamp "step 'lint' ok (2 s)"
step test true && stamp "step 'test' ok: 341 tests, 0 failures"
step migrate psql -h 127.0.0.1 -c 'ALTER TABLE users ADD locale text' || stamp "ERROR: step 'migrate' failed with exit code $?"
stamp 'pipeline failed, later steps skipped: build, deploy'
exit 1
X
  start pipeline.log bash /tmp/pipeline.sh
  wait $last
}

case_insufficient_evidence_cut_head() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "inventory", "log": "tail.log", "proof": [],
  "program": "Spring Boot 3.3.5, OpenJDK 17", "form": "application-log", "hides": "a long stack of framework frames", "split": "held-out",
  "why": "Only the last frames of a stack trace were kept: its exception and message are above the cut." }
JSON
  host inventory-7
  pg_new && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://127.0.0.1:9 \
    --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres --spring.datasource.username=postgres >/tmp/full.log 2>&1 &
  wait_port 8081
  hit http://127.0.0.1:8081/restock/mug 1
  sleep 1
  tail -n 28 /tmp/full.log >"$evidence/tail.log"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
