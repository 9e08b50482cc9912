#!/bin/bash
# Near the categories of the other files, and not one of them: no-incident, insufficient-evidence.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_no_incident_import_429_then_done() {
  about <<'JSON'
{ "category": "no-incident", "app": "product-import", "log": "product-import.json.log", "proof": [],
  "program": "node 20.20.2, axios against nginx limit_req", "form": "json-lines", "hides": "429 Too Many Requests", "split": "tune",
  "why": "The importer is told to slow down, waits, and finishes with every product." }
JSON
  host import-1
  address 10.0.7.50 supplier
  printf 'pid /tmp/peer.pid;\nerror_log /tmp/peer.log;\nevents {}\nhttp { access_log off; limit_req_zone $binary_remote_addr zone=c:1m rate=2r/s; server { listen 10.0.7.50:80; location / { limit_req zone=c burst=1 nodelay; limit_req_status 429; proxy_pass http://127.0.0.1:81; } } server { listen 127.0.0.1:81; return 200 "{}"; } }\n' >/tmp/peer.conf
  nginx -c /tmp/peer.conf
  app checkout product-import
  cat >import.js <<'X'
const axios = require('axios');
const log = require('pino')({ name: 'product-import' });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
(async () => {
  log.info({ products: 8 }, 'import started');
  for (let n = 1; n < 9; n += 1) {
    for (let attempt = 1; ; attempt += 1) {
      const { status } = await axios.get(`http://supplier/products/${n}`, { validateStatus: () => true });
      if (status === 200) break;
      log.warn({ product: n, status, attempt }, 'asked to slow down, next attempt in 700 ms');
      await pause(700);
    }
    log.info({ product: n, status: 200 }, 'product imported');
  }
  log.info({ imported: 8, failed: 0 }, 'import finished');
})();
X
  start product-import.json.log node import.js
  wait $last
}

case_no_incident_wallet_deadlock_retried() {
  about <<'JSON'
{ "category": "no-incident", "app": "wallet", "log": "wallet.log", "proof": [],
  "program": "python 3.11, psycopg2 against postgresql 15", "form": "application-log", "hides": "deadlock detected", "split": "held-out",
  "why": "One of two crossing transfers was rolled back as a deadlock victim, tried again at once and went through; all transfers are booked." }
JSON
  host wallet-2
  address 10.0.8.40 wallet-db
  pg_new && pg_start
  sql 'CREATE TABLE accounts (id int primary key, cents int); INSERT INTO accounts VALUES (1, 100), (2, 100)'
  python_packages
  cat >/srv/wallet.py <<'X'
import logging
import threading
import time

import psycopg2

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)-7s wallet %(message)s")


def transfer(source, target, pause):
    db = psycopg2.connect("host=wallet-db user=postgres")
    for attempt in (1, 2, 3):
        try:
            with db, db.cursor() as cursor:
                cursor.execute("UPDATE accounts SET cents = cents - 1 WHERE id = %s", (source,))
                time.sleep(pause)
                cursor.execute("UPDATE accounts SET cents = cents + 1 WHERE id = %s", (target,))
            logging.info("transfer %d -> %d booked, attempt %d", source, target, attempt)
            return
        except psycopg2.errors.DeadlockDetected as failure:
            logging.warning("transfer %d -> %d: %s, again", source, target, str(failure).splitlines()[0])


for _ in range(3):
    transfer(1, 2, 0)
pair = [threading.Thread(target=transfer, args=ends) for ends in ((1, 2, 0.3), (2, 1, 0.3))]
for thread in pair:
    thread.start()
for thread in pair:
    thread.join()
transfer(2, 1, 0)
logging.info("6 of 6 transfers booked")
X
  start wallet.log /usr/bin/python3 /srv/wallet.py
  wait $last
}

case_no_incident_nightly_export_oneshot() {
  about <<'JSON'
{ "category": "no-incident", "app": "nightly-export", "log": "journal.log", "proof": [],
  "program": "python 3.11 as a systemd job, twice", "form": "journald", "hides": "Deactivated successfully (as it should)", "split": "tune",
  "why": "A job that is meant to end has ended with status 0, both times." }
JSON
  host export-2
  printf 'import time\nprint("nightly-export: 3 tables", flush=True)\nfor t in ("orders", "users", "stock"):\n    time.sleep(0.4)\n    print(f"{t}: exported, 0 errors", flush=True)\nprint("nightly-export: done", flush=True)\n' >/srv/export.py
  unit nightly-export <<'X'
[Unit]
Description=Nightly export
[Service]
Type=oneshot
ExecStart=/usr/bin/python3 /srv/export.py
X
  systemctl start nightly-export
  systemctl start nightly-export
  journal journal.log -u nightly-export
}

case_no_incident_orders_graceful_stop() {
  about <<'JSON'
{ "category": "no-incident", "app": "orders", "log": "journal.log", "proof": [],
  "program": "node 20.20.2 in systemd", "form": "journald", "hides": "SIGTERM, connections closed", "split": "tune",
  "why": "The service was restarted, ended its open requests within a second and is up again." }
JSON
  host orders-3
  mkdir -p /srv/orders && cat >/srv/orders/server.js <<'X'
const http = require('node:http');
const server = http.createServer((req, res) => setTimeout(() => { console.log(`GET ${req.url} 200`); res.end('{}'); }, 300));
server.listen(8098, () => console.log('orders 9.1.0 on 8098'));
process.on('SIGTERM', () => {
  console.log('SIGTERM: closing connections, waiting for open requests');
  server.close(() => { console.log('all requests answered, bye'); process.exit(0); });
});
X
  unit orders <<'X'
[Unit]
Description=orders
[Service]
ExecStart=/usr/bin/node /srv/orders/server.js
TimeoutStopSec=5
X
  systemctl start orders
  wait_port 8098
  hit http://127.0.0.1:8098/orders/1 3
  curl -s -o /dev/null http://127.0.0.1:8098/orders/9 &
  sleep 0.1
  systemctl restart orders
  wait_port 8098
  hit http://127.0.0.1:8098/orders/2 3
  journal journal.log -u orders
}

case_no_incident_audit_lag_drained() {
  about <<'JSON'
{ "category": "no-incident", "app": "audit-writer", "log": "audit-writer.log", "proof": [],
  "program": "Redis 7.0 streams, python redis", "form": "application-log", "hides": "lag 900", "split": "held-out",
  "why": "A burst made a lag that the consumer worked off within seconds; the last reports are zero." }
JSON
  host audit-2
  redis-server --save '' >/dev/null &
  sleep 1
  python_packages
  cat >/srv/audit.py <<'X'
import logging
import time

import redis

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)-7s audit-writer %(message)s")
events = redis.Redis()
events.xgroup_create("events", "audit", id="0", mkstream=True)
for n in range(20):
    events.xadd("events", {"n": n})
ends, reported, burst = time.monotonic() + 9, 0.0, False
while time.monotonic() < ends:
    if not burst and time.monotonic() > ends - 6:
        burst = True
        for n in range(900):
            events.xadd("events", {"n": n})
    for _, entries in events.xreadgroup("audit", "a1", {"events": ">"}, count=100, block=300):
        time.sleep(0.25)
        events.xack("events", "audit", *[identity for identity, _ in entries])
    if time.monotonic() - reported > 0.8:
        logging.info("lag %d", events.xinfo_groups("events")[0]["lag"])
        reported = time.monotonic()
logging.info("lag %d", events.xinfo_groups("events")[0]["lag"])
X
  start audit-writer.log /usr/bin/python3 /srv/audit.py
  wait $last
}

case_no_incident_certificate_renewed() {
  about <<'JSON'
{ "category": "no-incident", "app": "edge", "log": "renewal.log", "proof": [],
  "program": "openssl 3.0, nginx 1.22 reload", "form": "application-log", "hides": "Certificate will expire", "split": "tune",
  "why": "The certificate was about to expire, was renewed in time and nginx serves the new one." }
JSON
  host edge-4
  mkdir -p /etc/edge
  make() { openssl req -x509 -newkey rsa:2048 -nodes -keyout /etc/edge/key -out /etc/edge/crt -days "$1" -subj /CN=shop.example 2>/dev/null; }
  make 9
  printf 'pid /run/edge.pid;\nerror_log %s/nginx-error.log notice;\nevents {}\nhttp { access_log off; server { listen 443 ssl; server_name edge; ssl_certificate /etc/edge/crt; ssl_certificate_key /etc/edge/key; return 200 ok; } }\n' "$evidence" >/tmp/edge.conf
  nginx -c /tmp/edge.conf
  cat >/usr/local/bin/renew <<'X'
say() { echo "$(date -u +%FT%TZ) renewal: $*"; }
say "checking /etc/edge/crt: $(openssl x509 -in /etc/edge/crt -noout -enddate)"
openssl x509 -in /etc/edge/crt -noout -checkend 1728000 && { say "nothing to do"; exit 0; }
say "fewer than 20 days left, renewing shop.example"
openssl req -x509 -newkey rsa:2048 -nodes -keyout /etc/edge/key -out /etc/edge/crt -days 90 -subj /CN=shop.example 2>/dev/null && nginx -c /tmp/edge.conf -s reload
say "renewed: $(openssl x509 -in /etc/edge/crt -noout -enddate)"
sleep 1
say "served: $(openssl s_client -connect 127.0.0.1:443 </dev/null 2>/dev/null | openssl x509 -noout -enddate)"
X
  start renewal.log bash /usr/local/bin/renew
  wait $last
  start renewal.log bash /usr/local/bin/renew
  wait $last
}

case_insufficient_evidence_fetch_failed_message_only() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "wishlist", "log": "wishlist.json.log", "proof": [],
  "program": "node 20.20.2, fetch", "form": "json-lines", "hides": "fetch failed", "split": "tune",
  "why": "Only the message of the outer error is logged: a refused connection, a name, a certificate or a reset would all read 'fetch failed'." }
JSON
  host wishlist-2
  app checkout wishlist
  cat >wishlist.js <<'X'
const log = require('pino')({ name: 'wishlist' });
(async () => {
  log.info('wishlist 2.3.0 ready');
  for (let user = 1; user < 7; user += 1) {
    try {
      if (user > 3) await fetch('http://127.0.0.1:9/items');
      log.info({ user }, 'wishlist rendered');
    } catch (err) {
      log.error({ user, error: err.message }, 'items not loaded');
    }
    await new Promise((done) => setTimeout(done, 300));
  }
})();
X
  start wishlist.json.log node wishlist.js
  wait $last
}

case_insufficient_evidence_java_handshake_terminated() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "pricing", "log": "pricing.json.log", "proof": [],
  "program": "OpenJDK 17, java.net.http", "form": "json-lines", "hides": "SSLHandshakeException: Remote host terminated the handshake", "split": "held-out",
  "why": "The peer hung up during the handshake and does not say why: certificate, version, overload or a proxy are all possible." }
JSON
  host pricing-7
  address 10.0.7.51 tax.internal
  /usr/bin/python3 -c '
import socket
s = socket.create_server(("10.0.7.51", 443))
while True:
    link, _ = s.accept(); link.recv(4096); link.close()' &
  java_app pricing pricing com.acme.pricing.Main
  TAX_URL=https://tax.internal start pricing.json.log java_run pricing
  wait_port 8085
  hit http://127.0.0.1:8085/price/mug 2
  sleep 1
}

case_insufficient_evidence_abort_without_a_word() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "matcher", "log": "journal.log", "proof": [],
  "program": "a C program in systemd", "form": "journald", "hides": "code=killed, status=6/ABRT", "split": "held-out",
  "why": "The program aborts itself and prints nothing; a failed assertion, the allocator or the program's own check cannot be told apart." }
JSON
  host matcher-1
  mkdir -p /srv/matcher && cd /srv/matcher || exit
  printf '#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\nint main(void) { setvbuf(stdout, NULL, _IOLBF, 0); for (int n = 1; n < 7; n++) { printf("matcher: %%d pairs\\n", n * 40); usleep(300000); } abort(); }\n' >m.c
  gcc -o /usr/local/bin/matcher m.c
  unit matcher <<'X'
[Unit]
Description=matcher
[Service]
ExecStart=/usr/local/bin/matcher
LimitCORE=0
Restart=on-failure
RestartSec=1
X
  systemctl start matcher
  sleep 6
  journal journal.log -u matcher
}

case_insufficient_evidence_deadline_without_peer_go() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "catalog-sync", "log": "catalog-sync.log", "proof": [],
  "program": "go", "form": "application-log", "hides": "context deadline exceeded", "split": "tune",
  "why": "A deadline over several steps ran out; the log names neither the step nor a peer." }
JSON
  host sync-2
  mkdir -p /srv/sync && cd /srv/sync || exit
  cat >main.go <<'X'
package main

import (
	"context"
	"log/slog"
	"os"
	"time"
)

func run(ctx context.Context, took time.Duration) error {
	select {
	case <-time.After(took):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func main() {
	slog.Info("catalog-sync starting", "interval", "1s")
	for n := 1; n < 8; n++ {
		ctx, cancel := context.WithTimeout(context.Background(), 900*time.Millisecond)
		took := 200 * time.Millisecond
		if n > 4 {
			took = 5 * time.Second
		}
		if err := run(ctx, took); err != nil {
			slog.Error("sync failed", "round", n, "err", err)
		} else {
			slog.Info("sync done", "round", n)
		}
		cancel()
	}
	slog.Error("three rounds failed, giving up")
	os.Exit(1)
}
X
  GOCACHE=$cache/go GO111MODULE=off GOTOOLCHAIN=local PATH=/usr/local/go/bin:$PATH go build -o /usr/local/bin/catalog-sync main.go
  start catalog-sync.log catalog-sync
  wait $last
}

case_insufficient_evidence_migration_status_only() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "accounts", "log": "deploy.log", "proof": [],
  "program": "a deployment script around a silent migration", "form": "application-log", "hides": "migration exited with status 1", "split": "tune",
  "why": "The script threw the migration's output away: database, right, lock or the migration itself may be the cause." }
JSON
  host accounts-1
  app checkout accounts
  printf 'console.log("applying 20261121_names"); require("pg"); new (require("pg").Client)("postgres://a@127.0.0.1:1/a").connect().catch(() => process.exit(1));\n' >migrate.js
  cat >/usr/local/bin/deploy <<'X'
say() { echo "$(date -u +%FT%TZ) deploy: $*"; }
say "accounts 5.0.2 -> 5.1.0"
say "image unpacked, 214 files"
say "running migrations"
node /srv/accounts/migrate.js >/dev/null 2>&1
status=$?
[ $status = 0 ] || { say "migration exited with status $status"; say "accounts 5.0.2 stays live"; exit 1; }
X
  start deploy.log bash /usr/local/bin/deploy
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
