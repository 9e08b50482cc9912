#!/bin/bash
# no-incident: failures that the programs got over by themselves and that are over.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_no_incident_notifications_queue_back() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "worker.log", "proof": [],
  "program": "node 20.20.2, redis 4 client, winston", "form": "application-log", "hides": "queue poll failed: connect ECONNREFUSED", "split": "tune",
  "why": "Redis was restarted for an upgrade; the worker reconnected and has delivered ever since." }
JSON
  host notify-8
  address 10.0.6.5 jobs
  redis() { redis-server --port 6379 --save '' --daemonize yes --protected-mode no --logfile /tmp/redis.log >/dev/null; }
  redis && wait_port 6379
  mkdir -p /var/spool/notifications
  app notifications notifications
  REDIS_URL=redis://jobs:6379 EVERY_MS=250 start worker.log node worker.js
  sleep 3
  redis-cli shutdown nosave
  sleep 2
  redis
  sleep 9
  kill $last
}

case_no_incident_redis_replica_resynced() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "journal.log", "proof": [],
  "program": "redis 7.0", "form": "journald", "hides": "Connection with master lost, Error condition on socket for SYNC: Connection refused", "split": "tune",
  "why": "The master was restarted; the replica found it again, resynchronised with success and saves since." }
JSON
  host cache-2
  mkdir -p /srv/{primary,replica}
  unit redis-primary <<'U'
[Unit]
Description=redis primary
[Service]
ExecStart=/usr/bin/redis-server --port 6379 --dir /srv/primary --save '' --protected-mode no
U
  unit redis-replica <<'U'
[Unit]
Description=redis replica
[Service]
ExecStart=/usr/bin/redis-server --port 6380 --dir /srv/replica --save '2 1' --replicaof 127.0.0.1 6379
U
  systemctl start redis-primary redis-replica
  sleep 4
  for n in 1 2 3; do redis-cli set "session:$n" x >/dev/null; done
  sleep 3
  systemctl stop redis-primary
  sleep 4
  systemctl start redis-primary
  sleep 4
  for n in 4 5 6 7; do redis-cli set "session:$n" x >/dev/null; sleep 2; done
  sleep 2
  journal journal.log -u redis-replica -u redis-primary
}

case_no_incident_postgresql_crash_recovery() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "postgresql.log", "proof": [],
  "program": "postgresql 15", "form": "application-log", "hides": "database system was interrupted, FATAL: the database system is starting up", "split": "tune",
  "why": "The machine lost power; the server replayed its write-ahead log, was ready within seconds and has served since." }
JSON
  host orders-db-3
  pg_new 'log_checkpoints = on' 'log_connections = on' 'log_min_duration_statement = 0' && pg_start
  sql 'CREATE TABLE orders (id int, note text)'
  sql "INSERT INTO orders SELECT n, repeat('x', 400) FROM generate_series(1, 60000) n"
  kill -KILL $(cat /var/lib/postgresql/15/main/postmaster.pid | head -1)
  sleep 1
  pkill -KILL -u postgres postgres
  sleep 1
  rm -f /var/lib/postgresql/15/main/postmaster.pid
  as_postgres $pg_bin/pg_ctl -s -W -D /var/lib/postgresql/15/main -l $pg_log start
  for n in $(seq 12); do sql 'SELECT 1' 2>/dev/null; sleep 0.05; done
  sleep 2
  for n in $(seq 10); do
    sql "INSERT INTO orders VALUES ($n, 'ok')"
    sql 'SELECT count(*) FROM orders' >/dev/null
    sleep 0.2
  done
  sql 'CHECKPOINT'
  sql 'SELECT max(id) FROM orders' >/dev/null
  cp $pg_log "$evidence/postgresql.log"
}

case_no_incident_nginx_next_upstream() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "error.log", "proof": [],
  "program": "nginx 1.22, two node 20 servers", "form": "application-log", "hides": "connect() failed (111: Connection refused) while connecting to upstream", "split": "tune",
  "why": "One of two servers was replaced; nginx asked the other one, every request was answered with 200, and both serve again." }
JSON
  host edge-9
  app storefront storefront
  serve() { PORT=$1 node server.js >/dev/null 2>&1 & }
  serve 4000; first=$!
  serve 4001
  cat >/tmp/nginx.conf <<'N'
error_log /tmp/error.log notice;
events {}
http {
  access_log /tmp/access.log;
  upstream storefront { server 127.0.0.1:4000 max_fails=1 fail_timeout=2s; server 127.0.0.1:4001; }
  server { listen 80; server_name shop.example.com; location / { proxy_pass http://storefront; } }
}
N
  wait_port 4000 && wait_port 4001
  nginx -c /tmp/nginx.conf
  wait_port 80
  for n in $(seq 8); do hit http://127.0.0.1/p/mug-$n 1 -A 'Mozilla/5.0 (X11; Linux x86_64)'; done
  kill $first
  sleep 0.5
  for n in $(seq 8); do hit http://127.0.0.1/p/mug-$n 1 -A 'Mozilla/5.0 (X11; Linux x86_64)'; sleep 0.4; done
  serve 4000
  wait_port 4000
  sleep 2.5
  for n in $(seq 20); do hit http://127.0.0.1/p/mug-$n 1 -A 'Mozilla/5.0 (X11; Linux x86_64)'; done
  cp /tmp/error.log /tmp/access.log "$evidence/"
}

case_no_incident_gateway_backend_back() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "gateway.log", "proof": [],
  "program": "go 1.26", "form": "application-log", "hides": "backend /pricing unhealthy: connect: connection refused", "split": "tune",
  "why": "A backend was away for three seconds while it was deployed; all its health checks have been answered since." }
JSON
  host gw-8
  address 10.0.5.8 pricing
  mkdir -p /srv/pricing && echo ok >/srv/pricing/health
  backend() { /usr/bin/python3 -m http.server 8085 --directory /srv/pricing >/dev/null 2>&1 & pid=$!; }
  backend && wait_port 8085
  go_app gateway
  ROUTES='/pricing=http://pricing:8085' LISTEN=:8080 start gateway.log gateway
  sleep 5
  kill $pid
  sleep 3
  backend
  sleep 12
  kill $last
}

case_no_incident_supervisor_worker_replaced() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "supervisord.log", "proof": [],
  "program": "supervisord 4.2, ruby 3.1", "form": "application-log", "hides": "WARN killing 'importer' with SIGKILL, stopped: importer (terminated by SIGKILL)", "split": "tune",
  "why": "An operator restarted the programs for a new release; one was slow to stop and was killed after its time, and both run since." }
JSON
  host batch-3
  cat >/srv/importer.rb <<'R'
$stdout.sync = true
trap('TERM') { }
loop { sleep 1 }
R
  cat >/srv/mail.rb <<'R'
loop { sleep 1 }
R
  cat >/etc/supervisor/release.conf <<'S'
[supervisord]
logfile=/tmp/supervisord.log
pidfile=/tmp/supervisord.pid
[unix_http_server]
file=/tmp/supervisor.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix:///tmp/supervisor.sock
[program:importer]
command=ruby /srv/importer.rb
stopwaitsecs=3
[program:mail]
command=ruby /srv/mail.rb
S
  supervisord -c /etc/supervisor/release.conf
  sleep 3
  supervisorctl -c /etc/supervisor/release.conf restart all >/dev/null
  sleep 3
  supervisorctl -c /etc/supervisor/release.conf status >"$evidence/status.txt"
  cp /tmp/supervisord.log "$evidence/"
}

case_no_incident_mariadb_crash_recovery() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "mariadb.log", "proof": [],
  "program": "MariaDB 10.11", "form": "application-log", "hides": "InnoDB: Starting crash recovery", "split": "held-out",
  "why": "The server was killed, recovered its tables at the next start, and serves." }
JSON
  host shop-db-4
  install -d -o mysql -g mysql /run/mysqld /srv/mysql
  mariadb-install-db --user=mysql --datadir=/srv/mysql >/dev/null 2>&1
  db() { mariadbd --no-defaults --user=mysql --datadir=/srv/mysql --socket=/run/mysqld/s.sock --log-warnings=3 --port=3306 >>/tmp/mariadb.log 2>&1 & pid=$!; wait_port 3306; }
  query() { mariadb --no-defaults -S /run/mysqld/s.sock -e "$1" >/dev/null 2>&1; }
  db
  query 'CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY) ENGINE=InnoDB'
  for n in $(seq 40); do query "INSERT INTO shop.orders VALUES ($n)"; done
  kill -KILL $pid
  sleep 1
  db
  for n in $(seq 41 60); do query "INSERT INTO shop.orders VALUES ($n)"; done
  sleep 2
  cp /tmp/mariadb.log "$evidence/"
}

case_no_incident_mosquitto_clients_come_and_go() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "mosquitto.log", "proof": [],
  "program": "mosquitto 2.0", "form": "application-log", "hides": "Socket error on client, exceeded timeout, already connected", "split": "held-out",
  "why": "Sensors lose their connection and come back, as radio does; the broker serves all the time." }
JSON
  host broker-1
  printf 'listener 1883\nallow_anonymous true\nlog_type all\nlog_dest file /tmp/mosquitto.log\nconnection_messages true\nuser root\nlog_timestamp_format %%Y-%%m-%%dT%%H:%%M:%%S\n' >/tmp/m.conf
  mosquitto -c /tmp/m.conf &
  wait_port 1883
  for n in 1 2 3; do mosquitto_sub -i "sensor-$n" -t 'plant/#' -k 5 >/dev/null & done
  sleep 1
  mosquitto_sub -i sensor-3 -t 'plant/#' -k 5 >/dev/null & third=$!
  sleep 1
  for n in $(seq 6); do mosquitto_pub -i gauge -t plant/temp -m 2$n; sleep 0.3; done
  kill -KILL $third
  sleep 1
  mosquitto_sub -i sensor-3 -t 'plant/#' -k 5 >/dev/null &
  for n in $(seq 10); do mosquitto_pub -i gauge -t plant/temp -m 2$n; sleep 0.3; done
  sleep 1
  cp /tmp/mosquitto.log "$evidence/"
}

case_no_incident_etcd_leader_restart() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "etcd.log", "proof": [],
  "program": "etcd 3.4", "form": "json-lines", "hides": "lost the TCP streaming connection with peer, connection refused, elected leader", "split": "held-out",
  "why": "One of three members was restarted for an upgrade; the others went on and it joined them again." }
JSON
  host store-1
  cluster='a=http://127.0.0.1:2380,b=http://127.0.0.1:3380,c=http://127.0.0.1:4380'
  member() {
    etcd --name "$1" --data-dir "/srv/etcd-$1" --logger zap --log-outputs stderr \
      --listen-client-urls "http://127.0.0.1:$2" --advertise-client-urls "http://127.0.0.1:$2" \
      --listen-peer-urls "http://127.0.0.1:$3" --initial-advertise-peer-urls "http://127.0.0.1:$3" \
      --initial-cluster "$cluster" --initial-cluster-state new >>"$4" 2>&1 &
    pid=$!
  }
  member a 2379 2380 "$evidence/etcd.log"
  member b 3379 3380 /tmp/b.log
  member c 4379 4380 /tmp/c.log; third=$pid
  wait_port 2379 && wait_port 4379
  sleep 3
  for n in $(seq 5); do etcdctl --endpoints http://127.0.0.1:2379 put k$n v >/dev/null; done
  kill $third
  sleep 4
  for n in $(seq 5); do etcdctl --endpoints http://127.0.0.1:2379 put k$n w >/dev/null; done
  member c 4379 4380 /tmp/c.log
  wait_port 4379
  sleep 8
  for n in $(seq 5); do etcdctl --endpoints http://127.0.0.1:2379 put k$n z >/dev/null; done
  sleep 1
}

case_no_incident_checkout_database_back_journal() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "journal.log", "proof": [],
  "program": "node 20.20.2, pino, pg 8 against postgresql 15 under systemd 252", "form": "journald", "hides": "idle client error: terminating connection due to administrator command", "split": "held-out",
  "why": "The database was restarted between two requests; the pool threw its idle connections away, and every request was answered with 200." }
JSON
  host checkout-4
  pg_new && pg_start
  app checkout checkout
  unit checkout <<'U'
[Unit]
Description=checkout
[Service]
WorkingDirectory=/srv/checkout
Environment=PORT=3000 DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres
ExecStart=/usr/bin/env node server.js
U
  systemctl start checkout
  wait_port 3000
  hit http://127.0.0.1:3000/orders/1 5
  pg_stop
  pg_start
  for n in $(seq 12); do hit http://127.0.0.1:3000/orders/$n 1; done
  sleep 1
  journal journal.log -u checkout
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
