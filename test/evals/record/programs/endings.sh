#!/bin/bash
# How a program begins and ends: invalid-config, application-hung, shutdown-timeout, exited-normally.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_invalid_config_edge_nginx_reload() {
  about <<'JSON'
{ "category": "invalid-config", "app": "nginx", "log": "journal.log",
  "proof": ["unknown directive \"proxy_read_timeot\""],
  "program": "nginx 1.22 in systemd", "form": "journald", "hides": "Control process exited, status=1, Failed to start", "split": "tune",
  "why": "A directive with a typing error; nginx refuses the file when it is restarted." }
JSON
  host edge-3
  conf() { printf 'pid /run/nginx.pid;\nerror_log stderr notice;\nevents {}\nhttp { access_log off; server { listen 80; server_name shop.example; location / { return 200 ok; } location /api/ { proxy_pass http://127.0.0.1:3000; %s 30s; } } }\n' "$1" >/etc/nginx/nginx.conf; }
  conf proxy_read_timeout
  systemctl start nginx
  wait_port 80
  hit http://127.0.0.1/ 3
  conf proxy_read_timeot
  systemctl restart nginx 2>/dev/null
  journal journal.log -u nginx
}

case_invalid_config_gateway_node_json() {
  about <<'JSON'
{ "category": "invalid-config", "app": "gateway", "log": "gateway.json.log",
  "proof": ["Expected ',' or '}' after property value in JSON at position"],
  "program": "node 20.20.2", "form": "json-lines", "hides": "fatal, exit 1 three times", "split": "tune",
  "why": "The new routes.json lacks a comma, so the gateway ends at every start." }
JSON
  host gateway-2
  app payments-api gateway
  printf '{\n  "port": 8093,\n  "routes": { "/orders": "http://orders:3000" }\n}\n' >routes.json
  cat >gateway.js <<'X'
const fs = require('node:fs');
const log = require('pino')({ name: 'gateway' });
try {
  log.info({ file: '/srv/gateway/routes.json' }, 'reading configuration');
  const config = JSON.parse(fs.readFileSync('/srv/gateway/routes.json', 'utf8'));
  const app = require('fastify')({ loggerInstance: log });
  for (const path of Object.keys(config.routes)) app.get(path, async () => ({}));
  app.listen({ port: config.port });
  process.on('SIGTERM', () => app.close().then(() => process.exit(0)));
} catch (err) {
  log.fatal({ err }, 'gateway could not start');
  process.exitCode = 1;
}
X
  start gateway.json.log node gateway.js
  wait_port 8093
  hit http://127.0.0.1:8093/orders 3
  kill $last; wait $last
  printf '{\n  "port": 8093\n  "routes": { "/orders": "http://orders:3000" }\n}\n' >routes.json
  for _ in 1 2 3; do start gateway.json.log node gateway.js; wait $last; sleep 1; done
}

case_invalid_config_balancer_haproxy() {
  about <<'JSON'
{ "category": "invalid-config", "app": "haproxy-lb", "log": "journal.log",
  "proof": ["unable to find required default_backend: 'accounts'"],
  "program": "haproxy 2.6 in systemd", "form": "journald", "hides": "Main process exited, restart counter is at 3", "split": "tune",
  "why": "The frontend names a backend that the file does not define; haproxy does not start." }
JSON
  host lb-1
  printf 'global\n  log stdout format raw local0 info\ndefaults\n  mode http\n  timeout connect 2s\n  timeout client 5s\n  timeout server 5s\nfrontend web\n  bind :80\n  default_backend accounts\nbackend account\n  server a1 10.0.5.3:8000\n' >/etc/haproxy/lb.cfg
  unit haproxy-lb <<'X'
[Unit]
Description=haproxy load balancer
[Service]
ExecStart=/usr/sbin/haproxy -W -f /etc/haproxy/lb.cfg
Restart=on-failure
RestartSec=500ms
StartLimitBurst=4
X
  systemctl start haproxy-lb
  sleep 5
  journal journal.log -u haproxy-lb
}

case_invalid_config_cache_redis() {
  about <<'JSON'
{ "category": "invalid-config", "app": "session-cache", "log": "session-cache.log",
  "proof": ["*** FATAL CONFIG FILE ERROR (Redis"],
  "program": "Redis 7.0", "form": "docker-logs", "hides": "the container ends at once and is started again", "split": "held-out",
  "why": "maxmemory is given in a unit that Redis does not know." }
JSON
  host session-cache-0
  printf 'port 6379\nsave ""\nmaxmemory 256Mi\nmaxmemory-policy allkeys-lru\n' >/etc/session-cache.conf
  for _ in 1 2 3; do start session-cache.log redis-server /etc/session-cache.conf; wait $last; sleep 1; done
}

case_invalid_config_postgresql_parameter() {
  about <<'JSON'
{ "category": "invalid-config", "app": "postgresql", "log": "postgresql.log",
  "proof": ["unrecognized configuration parameter \"shared_bufers\""],
  "program": "postgresql 15", "form": "application-log", "hides": "configuration file contains errors, the server does not come back", "split": "tune",
  "why": "After a change of the configuration the server was restarted and refuses a misspelt parameter." }
JSON
  host orders-db-1
  pg_new && pg_start
  sql 'CREATE TABLE orders (id int)'
  pg_stop
  echo "shared_bufers = 256MB" >>/var/lib/postgresql/15/main/postgresql.conf
  pg_start 2>/dev/null
  sed 's/^pg_ctl.*//' $pg_log >"$evidence/postgresql.log"
}

case_application_hung_settlement_java_jstack() {
  about <<'JSON'
{ "category": "application-hung", "app": "settlement", "log": "settlement.log",
  "proof": ["Found one Java-level deadlock:"],
  "program": "OpenJDK 17, thread dump by SIGQUIT", "form": "application-log", "hides": "the last line before is an ordinary settled batch, no error at all", "split": "tune",
  "why": "Two threads wait for each other's lock for ever; the process lives and does nothing, the thread dump says so." }
JSON
  host settlement-1
  mkdir -p /srv/settlement && cd /srv/settlement || exit
  cat >Settlement.java <<'X'
import java.time.Instant;

public class Settlement {
    static final Object ledger = new Object(), journal = new Object();

    static void settle(Object first, Object second, String name, int pause) {
        for (int n = 1; ; n++) {
            synchronized (first) {
                sleep(n < 4 ? 1 : pause);
                synchronized (second) { System.out.println(Instant.now() + " INFO " + name + " settled batch " + n); }
            }
            sleep(200);
        }
    }

    static void sleep(int ms) { try { Thread.sleep(ms); } catch (InterruptedException e) { throw new IllegalStateException(e); } }

    public static void main(String[] args) {
        System.out.println(Instant.now() + " INFO settlement 3.1.4, 2 workers");
        new Thread(() -> settle(ledger, journal, "day", 600), "day-worker").start();
        sleep(90);
        new Thread(() -> settle(journal, ledger, "night", 600), "night-worker").start();
    }
}
X
  javac Settlement.java
  start settlement.log java -XX:+UseSerialGC -cp . Settlement
  sleep 7
  kill -QUIT $last
  sleep 1
}

case_application_hung_reports_node_event_loop() {
  about <<'JSON'
{ "category": "application-hung", "app": "reports", "log": "journal.log",
  "proof": ["event loop blocked for"],
  "program": "node 20.20.2 with a monitor thread, nginx 1.22 in front", "form": "journald", "hides": "upstream timed out (110: Connection timed out), 504", "split": "tune",
  "why": "An endless calculation holds the event loop; the process lives, uses a core and answers nobody, not even /healthz." }
JSON
  host reports-3
  mkdir -p /srv/reports && cat >/srv/reports/server.js <<'X'
const { Worker } = require('node:worker_threads');
const http = require('node:http');
const beat = new Int32Array(new SharedArrayBuffer(4));
setInterval(() => Atomics.add(beat, 0, 1), 200);
new Worker(
  `const { workerData } = require('node:worker_threads');
   let last = -1, since = Date.now();
   setInterval(() => {
     const now = Atomics.load(workerData, 0);
     if (now !== last) { last = now; since = Date.now(); }
     else if (Date.now() - since > 1900) require('node:fs').writeSync(2, 'WARN monitor: event loop blocked for ' + (Date.now() - since) + ' ms\\n');
   }, 2000);`,
  { eval: true, workerData: beat },
);
http.createServer((req, res) => {
  if (req.url.startsWith('/report/all')) for (let n = 1, odd = 1; odd % 2 === 1; n += 1) odd = 2 * n + 1;
  console.log(`INFO ${req.url} 200`);
  res.end('ok');
}).listen(8096, () => console.log('INFO reports 1.0.2 on 8096'));
X
  unit reports <<'X'
[Unit]
Description=reports
[Service]
ExecStart=/usr/bin/node /srv/reports/server.js
X
  nginx_front 8096
  systemctl start reports nginx-front
  wait_port 8096; wait_port 80
  hit http://127.0.0.1/report/7 3
  hit http://127.0.0.1/healthz 2
  curl -s -o /dev/null -m 8 http://127.0.0.1/report/all &
  sleep 1
  hit http://127.0.0.1/healthz 2
  journal journal.log -u reports -u nginx-front
}

case_application_hung_indexer_python_faulthandler() {
  about <<'JSON'
{ "category": "application-hung", "app": "indexer", "log": "indexer.log",
  "proof": ["Timeout (0:00:06)!", "in acquire"],
  "program": "python 3.11, faulthandler", "form": "application-log", "hides": "nothing: the log just stops after a healthy line", "split": "held-out",
  "why": "Both threads stay for ever at a lock that was never given back; the watchdog prints where." }
JSON
  host indexer-1
  cat >/srv/indexer.py <<'X'
import faulthandler
import logging
import sys
import threading
import time

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)-7s %(threadName)s: %(message)s", stream=sys.stdout)


class Gate:
    def __init__(self):
        self.lock = threading.Lock()

    def acquire(self):
        self.lock.acquire()


gate = Gate()


def index(name):
    for number in range(1, 100):
        faulthandler.dump_traceback_later(6, exit=False)
        gate.acquire()
        logging.info("%s: %d documents indexed", name, number * 100)
        if not (name == "archive" and number == 6):
            gate.lock.release()
        time.sleep(0.3)


logging.info("indexer 2.9: archive and inbox")
for name in ("archive", "inbox"):
    threading.Thread(target=index, args=(name,), name=f"index-{name}", daemon=True).start()
time.sleep(30)
X
  start indexer.log /usr/bin/python3 /srv/indexer.py
  sleep 13
}

case_shutdown_timeout_orders_systemd_sigkill() {
  about <<'JSON'
{ "category": "shutdown-timeout", "app": "orders-stream", "log": "journal.log",
  "proof": ["State 'stop-sigterm' timed out. Killing."],
  "program": "node 20.20.2 in systemd, TimeoutStopSec", "form": "journald", "hides": "Main process exited, code=killed, status=9/KILL", "split": "tune",
  "why": "On SIGTERM the service waits for a client's endless stream to end; systemd's time to stop runs out and it is killed." }
JSON
  host orders-2
  mkdir -p /srv/stream && cat >/srv/stream/server.js <<'X'
const http = require('node:http');
const server = http.createServer((req, res) => {
  console.log(`GET ${req.url}`);
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  if (req.url === '/events') setInterval(() => res.write('data: {}\n\n'), 500);
  else res.end();
});
server.listen(8097, () => console.log('orders-stream 4.4.0 on 8097'));
process.on('SIGTERM', () => {
  console.log('SIGTERM: no new connections, waiting for 1 open stream');
  server.close(() => { console.log('bye'); process.exit(0); });
});
X
  unit orders-stream <<'X'
[Unit]
Description=orders stream
[Service]
ExecStart=/usr/bin/node /srv/stream/server.js
TimeoutStopSec=4
X
  systemctl start orders-stream
  wait_port 8097
  hit http://127.0.0.1:8097/health 3
  curl -s -N -o /dev/null -m 30 http://127.0.0.1:8097/events &
  sleep 2
  systemctl stop orders-stream
  systemctl start orders-stream
  sleep 1
  journal journal.log -u orders-stream
}

case_shutdown_timeout_inventory_spring_graceful() {
  about <<'JSON'
{ "category": "shutdown-timeout", "app": "inventory", "log": "inventory.log",
  "proof": ["Graceful shutdown aborted with one or more requests still active"],
  "program": "Spring Boot 3.3.5, graceful shutdown", "form": "application-log", "hides": "restock of the customer is cut off", "split": "tune",
  "why": "A request to a supplier that does not answer keeps the graceful shutdown waiting until its time per phase is over." }
JSON
  host inventory-7
  address 10.0.6.40 supplier
  /usr/bin/python3 -c '
import socket
s = socket.create_server(("10.0.6.40", 9000)); held = []
while True: held.append(s.accept())' &
  pg_new && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://supplier:9000 \
    --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres --spring.datasource.username=postgres \
    --server.shutdown=graceful --spring.lifecycle.timeout-per-shutdown-phase=4s
  wait_port 8081
  hit http://127.0.0.1:8081/stock/mug 3
  curl -s -o /dev/null -m 20 http://127.0.0.1:8081/restock/mug &
  sleep 2
  kill -TERM "$(pgrep -f InventoryApplication | head -1)"
  sleep 8
}

case_shutdown_timeout_archiver_supervisord() {
  about <<'JSON'
{ "category": "shutdown-timeout", "app": "archiver", "log": "supervisord.log",
  "proof": ["killing 'archiver'", "with SIGKILL"],
  "program": "supervisord 4.2, python 3.11", "form": "application-log", "hides": "stopped: archiver (terminated by SIGKILL)", "split": "held-out",
  "why": "The program ignores the request to stop while it writes; supervisord waits stopwaitsecs and then kills it." }
JSON
  host archiver-1
  cat >/srv/archiver.py <<'X'
import signal
import time

signal.signal(signal.SIGTERM, lambda *a: print("archiver: SIGTERM noted, finishing volume", flush=True))
for volume in range(1, 900):
    print(f"archiver: volume {volume} written", flush=True)
    time.sleep(0.7)
X
  cat >/tmp/supervisord.conf <<X
[supervisord]
nodaemon=true
logfile=$evidence/supervisord.log
pidfile=/tmp/supervisord.pid
[unix_http_server]
file=/tmp/supervisor.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix:///tmp/supervisor.sock
[program:archiver]
command=/usr/bin/python3 /srv/archiver.py
stopwaitsecs=4
stdout_logfile=$evidence/archiver.log
stdout_logfile_maxbytes=0
redirect_stderr=true
X
  (cd /tmp && exec setsid supervisord -c /tmp/supervisord.conf) >/dev/null 2>&1 &
  sleep 5
  supervisorctl -c /tmp/supervisord.conf restart archiver >/dev/null
  sleep 2
}

case_exited_normally_docs_nginx_daemon() {
  about <<'JSON'
{ "category": "exited-normally", "app": "docs-web", "log": "journal.log",
  "proof": ["docs-web.service: Deactivated successfully."],
  "program": "nginx 1.22 as a systemd service of type simple", "form": "journald", "hides": "Scheduled restart job, restart counter, Start request repeated too quickly", "split": "tune",
  "why": "nginx goes to the background, the process that systemd watches ends with 0 each time; nothing failed in it." }
JSON
  host docs-1
  printf 'pid /run/docs.pid;\nerror_log stderr notice;\nevents {}\nhttp { access_log off; server { listen 80; root /srv; } }\n' >/etc/nginx/docs.conf
  unit docs-web <<'X'
[Unit]
Description=documentation
[Service]
ExecStart=/usr/sbin/nginx -c /etc/nginx/docs.conf
Restart=always
RestartSec=700ms
StartLimitBurst=4
StartLimitIntervalSec=20
X
  systemctl start docs-web
  sleep 6
  journal journal.log -u docs-web
}

case_exited_normally_poller_supervisord() {
  about <<'JSON'
{ "category": "exited-normally", "app": "price-poller", "log": "supervisord.log",
  "proof": ["exited: price-poller (exit status 0; not expected)"],
  "program": "supervisord 4.2, python 3.11", "form": "application-log", "hides": "gave up: price-poller entered FATAL state, too many start retries too quickly", "split": "held-out",
  "why": "The poller does its one round and ends with status 0, it is run as if it were a service." }
JSON
  host poller-1
  printf 'print("price-poller: 44 prices read, done", flush=True)\n' >/srv/poller.py
  cat >/tmp/supervisord.conf <<X
[supervisord]
nodaemon=true
logfile=$evidence/supervisord.log
pidfile=/tmp/supervisord.pid
[program:price-poller]
command=/usr/bin/python3 /srv/poller.py
startsecs=2
startretries=3
stdout_logfile=$evidence/price-poller.log
stdout_logfile_maxbytes=0
redirect_stderr=true
X
  (cd /tmp && exec setsid supervisord -c /tmp/supervisord.conf) >/dev/null 2>&1 &
  sleep 12
}

case_exited_normally_consumer_node_restart() {
  about <<'JSON'
{ "category": "exited-normally", "app": "queue-consumer", "log": "journal.json",
  "proof": ["queue-consumer.service: Deactivated successfully."],
  "program": "node 20.20.2 in systemd, journal as JSON", "form": "json-lines", "hides": "Scheduled restart job, restart counter is at 4", "split": "tune",
  "why": "The consumer has no queue configured, so nothing keeps the process alive; it ends with status 0 and is restarted for ever." }
JSON
  host consumer-1
  echo "console.log('queue-consumer 5.2.0: 0 queues configured'); for (const queue of []) require('node:net').connect(queue); console.log('queue-consumer: started');" >/srv/consumer.js
  unit queue-consumer <<'X'
[Unit]
Description=queue consumer
[Service]
ExecStart=/usr/bin/node /srv/consumer.js
Restart=always
RestartSec=600ms
StartLimitIntervalSec=0
X
  systemctl start queue-consumer
  sleep 6
  systemctl stop queue-consumer
  journalctl --sync
  journalctl --no-pager -o json --output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_HOSTNAME,UNIT,EXIT_CODE,EXIT_STATUS --after-cursor="$cursor" -u queue-consumer >"$evidence/journal.json"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
