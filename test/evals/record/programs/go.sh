#!/bin/bash
# Programs in Go: gin, fiber, goose, gorm, cobra, nats.go, in several categories.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# counter_app: the Go programs of apps/counter in /usr/local/bin.
counter_app() { install -m 755 "$cache/bin/counter" /usr/local/bin/counter; }

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

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
