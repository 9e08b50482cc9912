#!/bin/bash
# liveness-failed and readiness-failed as health checkers outside Kubernetes report them.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

balancer() {
  cat >/etc/haproxy/lb.cfg <<X
global
  log stdout format raw local0 info
defaults
  mode http
  log global
  option httplog
  timeout connect 1s
  timeout client 5s
  timeout server 5s
frontend web
  bind :80
  default_backend $1
backend $1
  option httpchk GET $2
  http-check expect status 200
  timeout check 700ms
  server $1-1 127.0.0.1:$3 check inter 1s fall 2 rise 2
X
  unit haproxy-lb <<'X'
[Unit]
Description=haproxy load balancer
[Service]
ExecStart=/usr/sbin/haproxy -W -f /etc/haproxy/lb.cfg
X
  systemctl start haproxy-lb
  wait_port 80
}

case_readiness_failed_haproxy_503() {
  about <<'JSON'
{ "category": "readiness-failed", "app": "search", "log": "journal.log",
  "proof": ["Server search/search-1 is DOWN, reason: Layer7 wrong status, code: 503", "backend search has no server available!"],
  "program": "haproxy 2.6 health check of a node 20 service", "form": "journald", "hides": "503 for every request in the access lines", "split": "tune",
  "why": "The service runs but answers 503 to its readiness check while it rebuilds its index, so haproxy has no server; nothing deeper is in the evidence." }
JSON
  host lb-3
  cat >/srv/search.js <<'X'
const http = require('node:http');
let ready = true;
http.createServer((req, res) => {
  if (req.url === '/ready') { res.statusCode = ready ? 200 : 503; return res.end(ready ? 'ready' : 'index warming'); }
  res.end('results');
}).listen(9200, () => console.log('search 2.2 listening on 9200'));
setTimeout(() => { ready = false; console.log('index rebuild started, not ready'); }, 5000);
X
  unit search <<'X'
[Unit]
Description=search
[Service]
ExecStart=/usr/bin/node /srv/search.js
X
  systemctl start search
  wait_port 9200
  balancer search /ready 9200
  hit http://127.0.0.1/q/mug 4
  sleep 7
  hit http://127.0.0.1/q/cup 4
  journal journal.log -u haproxy-lb -u search
}

case_readiness_failed_haproxy_timeout() {
  about <<'JSON'
{ "category": "readiness-failed", "app": "catalog", "log": "journal.log",
  "proof": ["Server catalog/catalog-1 is DOWN, reason: Layer7 timeout"],
  "program": "haproxy 2.6 health check of gunicorn", "form": "journald", "hides": "503, SC-- termination state in the access lines", "split": "held-out",
  "why": "The readiness endpoint takes longer than the 700 ms of the check, so a serving program is taken out." }
JSON
  host lb-4
  python_packages
  mkdir -p /srv/catalog && cd /srv/catalog || exit
  cat >app.py <<'X'
import logging
import os
import time
from flask import Flask

logging.basicConfig(level="INFO", format="%(levelname)s %(name)s %(message)s")
app = Flask("catalog")

@app.get("/ready")
def ready():
    started = time.monotonic()
    time.sleep(2 if os.path.exists("/tmp/slow") else 0.05)
    app.logger.info("ready check took %.2f s", time.monotonic() - started)
    return "ok"

@app.get("/items/<name>")
def item(name):
    return name
X
  unit catalog <<'X'
[Unit]
Description=catalog
[Service]
WorkingDirectory=/srv/catalog
Environment=HOME=/srv/catalog PYTHONUNBUFFERED=1
ExecStart=/usr/bin/python3 -m gunicorn -w 4 -b 127.0.0.1:8000 app:app
X
  systemctl start catalog
  wait_port 8000
  balancer catalog /ready 8000
  hit http://127.0.0.1/items/mug 4
  touch /tmp/slow
  sleep 6
  hit http://127.0.0.1/items/mug 3
  journal journal.log -u haproxy-lb -u catalog
}

case_liveness_failed_systemd_watchdog() {
  about <<'JSON'
{ "category": "liveness-failed", "app": "ledger", "log": "journal.log",
  "proof": ["Watchdog timeout (limit 3s)!", "Failed with result 'watchdog'"],
  "program": "systemd 252 watchdog of a python 3.11 service", "form": "journald", "hides": "Main process exited, code=killed, status=6/ABRT; Scheduled restart job", "split": "held-out",
  "why": "The service stops sending its watchdog message while it works on a long batch; systemd aborts and restarts it." }
JSON
  host ledger-1
  cat >/srv/ledger.py <<'X'
import os
import socket
import time


def notify(text):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.connect(os.environ["NOTIFY_SOCKET"])
        out.send(text.encode())


print("ledger 6.0 starting, watchdog", os.environ.get("WATCHDOG_USEC"), flush=True)
notify("READY=1")
for batch in range(1, 100):
    notify("WATCHDOG=1")
    print(f"batch {batch} posted, {batch * 40} entries", flush=True)
    time.sleep(0.7)
    if batch == 4:
        print("batch 5 started, 2,000,000 entries", flush=True)
        time.sleep(60)
X
  unit ledger <<'X'
[Unit]
Description=Ledger
[Service]
Type=notify
NotifyAccess=all
WatchdogSec=3
ExecStart=/usr/bin/python3 /srv/ledger.py
Restart=on-failure
RestartSec=1
LimitCORE=0
X
  systemctl start ledger
  sleep 10
  journal journal.log -u ledger
}

case_liveness_failed_gunicorn_worker_timeout() {
  about <<'JSON'
{ "category": "liveness-failed", "app": "exporter", "log": "exporter.log",
  "proof": ["[CRITICAL] WORKER TIMEOUT"],
  "program": "gunicorn arbiter, python 3.11", "form": "application-log", "hides": "SystemExit traceback, Error handling request /export/all", "split": "tune",
  "why": "The arbiter checks that workers are alive and kills the one that was silent for longer than its timeout; the SystemExit traceback is the kill, not a defect." }
JSON
  host export-1
  python_packages
  mkdir -p /srv/exporter && cd /srv/exporter || exit
  printf 'import time\nfrom flask import Flask\n\napp = Flask("exporter")\n\n\n@app.get("/export/<what>")\ndef export(what):\n    time.sleep(30 if what == "all" else 0.1)\n    return what\n' >app.py
  start exporter.log /usr/bin/python3 -m gunicorn -w 1 --timeout 2 -b 127.0.0.1:8000 --access-logfile - app:app
  wait_port 8000
  hit http://127.0.0.1:8000/export/today 3
  hit http://127.0.0.1:8000/export/all 2
  hit http://127.0.0.1:8000/export/today 1
  sleep 1
}

case_liveness_failed_supervisor_probe() {
  about <<'JSON'
{ "category": "liveness-failed", "app": "checkout", "log": "journal.log",
  "proof": ["liveness check of checkout failed"],
  "program": "a curl health check timer that restarts the unit, systemd 252", "form": "journald", "hides": "SIGTERM received, draining; Stopping, Started", "split": "tune",
  "why": "The health check gives up after three timeouts because the event loop is blocked, and restarts a process that did not crash." }
JSON
  host checkout-7
  app checkout checkout
  sed -i "s#^app.get('/healthz'#app.get('/report', (req, res) => { log.info('yearly report started'); const end = Date.now() + 20000; while (Date.now() < end); res.end(); });\napp.get('/healthz'#" server.js
  unit checkout <<'X'
[Unit]
Description=checkout
[Service]
WorkingDirectory=/srv/checkout
ExecStart=/usr/bin/node server.js
TimeoutStopSec=2
X
  cat >/usr/local/bin/liveness <<'X'
#!/bin/bash
failures=0
while sleep 1; do
  if curl -sf -m 1 -o /dev/null http://127.0.0.1:3000/healthz; then failures=0; continue; fi
  failures=$((failures + 1))
  echo "liveness check of checkout failed ($failures/3): no answer from :3000/healthz within 1 s"
  if [ $failures -ge 3 ]; then echo 'restarting checkout'; systemctl restart checkout; failures=0; fi
done
X
  chmod +x /usr/local/bin/liveness
  unit checkout-liveness <<'X'
[Unit]
Description=Liveness of checkout
[Service]
ExecStart=/usr/local/bin/liveness
X
  systemctl start checkout checkout-liveness
  wait_port 3000
  sleep 3
  curl -s -m 1 http://127.0.0.1:3000/report
  sleep 12
  journal journal.log -u checkout -u checkout-liveness
}

case_readiness_failed_deploy_wait() {
  about <<'JSON'
{ "category": "readiness-failed", "app": "search", "log": "deploy.log",
  "proof": ["search is not ready: 503"],
  "program": "node 20.20.2 and a deploy script that polls readiness", "form": "application-log", "hides": "ERROR: deploy of search failed, rolled back", "split": "tune",
  "why": "The new version lives and makes progress with its index but is not ready within the time that the deploy gives it." }
JSON
  host deploy-2
  cat >/srv/search.js <<'X'
const http = require('node:http');
const stamp = () => new Date().toISOString();
let shard = 0;
http.createServer((req, res) => {
  res.statusCode = shard < 48 ? 503 : 200;
  res.end(`${shard}/48 shards`);
}).listen(9200, () => console.log(`${stamp()} search: 2.3.0 listening on 9200`));
setInterval(() => { shard += 1; console.log(`${stamp()} search: shard ${shard} of 48 loaded`); }, 700);
X
  cat >/tmp/deploy.sh <<'X'
stamp() { echo "$(date -u +%FT%T.000Z) deploy: $*"; }
stamp 'search 2.2.4 -> 2.3.0, 1 of 3 instances'
node /srv/search.js &
sleep 1
for n in $(seq 10); do
  code=$(curl -s -o /tmp/body -w '%{http_code}' http://127.0.0.1:9200/ready)
  [ "$code" = 200 ] && { stamp 'search is ready'; exit 0; }
  stamp "search is not ready: $code ($(cat /tmp/body)), check $n of 10"
  sleep 1
done
stamp 'ERROR: deploy of search failed, rolled back to 2.2.4'
kill %1
X
  start deploy.log bash /tmp/deploy.sh
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
