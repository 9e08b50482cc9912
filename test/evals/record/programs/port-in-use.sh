#!/bin/bash
# port-in-use: another program already listens where this one wants to.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_port_in_use_nginx() {
  about <<'JSON'
{ "category": "port-in-use", "app": "nginx-front", "log": "journal.log",
  "proof": ["bind() to 0.0.0.0:80 failed (98: Address already in use)"],
  "program": "nginx 1.22 under systemd 252", "form": "journald", "hides": "Failed with result 'exit-code'", "split": "tune",
  "why": "haproxy took port 80 first; nginx tries five times and gives up." }
JSON
  host edge-4
  cat >/tmp/haproxy.cfg <<'X'
defaults
  mode http
  timeout connect 2s
  timeout client 5s
  timeout server 5s
frontend web
  bind :80
  default_backend app
backend app
  server a 127.0.0.1:4000
X
  unit haproxy-web <<'X'
[Unit]
Description=haproxy web
[Service]
ExecStart=/usr/sbin/haproxy -W -f /tmp/haproxy.cfg
X
  nginx_front 4000
  systemctl start haproxy-web
  wait_port 80
  systemctl start nginx-front
  sleep 5
  journal journal.log
}

case_port_in_use_node_pino() {
  about <<'JSON'
{ "category": "port-in-use", "app": "checkout", "log": "checkout.json.log",
  "proof": ["EADDRINUSE"],
  "program": "node 20.20.2, express, pino", "form": "json-lines", "hides": null, "split": "tune",
  "why": "The second instance starts while the first still holds port 3000." }
JSON
  host checkout-0
  app checkout checkout
  start checkout.json.log node server.js
  wait_port 3000
  hit http://127.0.0.1:3000/healthz 4
  start checkout.json.log node server.js
  sleep 2
  hit http://127.0.0.1:3000/healthz 1
  sleep 0.5
}

case_port_in_use_redis_crash_loop() {
  about <<'JSON'
{ "category": "port-in-use", "app": "session-cache", "log": "journal.log",
  "proof": ["bind: Address already in use"],
  "program": "redis 7.0 under systemd 252", "form": "journald", "hides": "Scheduled restart job, Start request repeated too quickly",
  "split": "held-out",
  "why": "A redis started by hand holds port 6379, so the unit restarts until systemd stops it." }
JSON
  host cache-3
  unit session-cache <<'X'
[Unit]
Description=Session cache
StartLimitIntervalSec=60
StartLimitBurst=4
[Service]
ExecStart=/usr/bin/redis-server --port 6379 --save ""
Restart=on-failure
RestartSec=600ms
X
  redis-server --port 6379 --save '' --daemonize yes >/dev/null
  wait_port 6379
  systemctl start session-cache
  sleep 5
  journal journal.log _SYSTEMD_UNIT=session-cache.service + UNIT=session-cache.service
}

case_port_in_use_postgresql() {
  about <<'JSON'
{ "category": "port-in-use", "app": "orders-db", "log": "postgresql.log",
  "proof": ["could not bind IPv4 address \"0.0.0.0\": Address already in use"],
  "program": "postgresql 15", "form": "application-log", "hides": "FATAL: could not create any TCP/IP sockets", "split": "held-out",
  "why": "After the restart another process listens on 5432." }
JSON
  host orders-db-2
  pg_new && pg_start
  sql 'CREATE TABLE orders (id int); CHECKPOINT'
  pg_stop
  /usr/bin/python3 -m http.server 5432 >/dev/null 2>&1 &
  wait_port 5432
  pg_start 2>/dev/null || true
  cp $pg_log "$evidence/postgresql.log"
}

case_port_in_use_spring() {
  about <<'JSON'
{ "category": "port-in-use", "app": "inventory", "log": "inventory.log",
  "proof": ["Port 8081 was already in use"],
  "program": "Spring Boot 3.3.5, OpenJDK 17", "form": "application-log", "hides": "APPLICATION FAILED TO START, Failed to start bean 'webServerStartStop'",
  "split": "tune",
  "why": "Spring's failure report names the port." }
JSON
  host inventory-3
  /usr/bin/python3 -m http.server 8081 >/dev/null 2>&1 &
  wait_port 8081
  java_app inventory inventory com.acme.inventory.InventoryApplication
  start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://supplier \
    --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres
  wait $last
}

case_port_in_use_gunicorn_retries() {
  about <<'JSON'
{ "category": "port-in-use", "app": "user_service", "log": "user_service.log",
  "proof": ["[Errno 98]"],
  "program": "gunicorn, python 3.11", "form": "application-log", "hides": "Retrying in 1 second.", "split": "tune",
  "why": "gunicorn retries five times because the old master still owns the port." }
JSON
  host user-0
  python_packages
  app blog_service user_service
  sed -i 's/blog_service/user_service/' app.py
  start user_service.log /usr/bin/python3 -m gunicorn -w 1 -b 127.0.0.1:8020 --access-logfile - app:app
  wait_port 8020
  hit http://127.0.0.1:8020/health 3
  /usr/bin/python3 -m gunicorn -w 1 -b 127.0.0.1:8020 app:app >>"$evidence/user_service.log" 2>&1
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
