#!/bin/bash
# Several programs in one log, as a process manager (honcho) prints them: one fails by itself, the
# others complain louder. The category is that of the first failure.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# manage LOG SECONDS: runs the Procfile of this folder; a program that ends is started again.
manage() {
  mount | grep -q /usr/local/lib/python3.11/dist-packages || python_packages
  start "$1" timeout -k 3 "$2" /usr/bin/python3 -m honcho --no-colour start
}

# again COMMAND…: a line of the Procfile that is started again when it ends.
again() { echo "sh -c 'while :; do $*; sleep 1; done'"; }

case_disk_full_postgres_then_checkout() {
  about <<'JSON'
{ "category": "disk-full", "app": "orders-db", "log": "stack.log",
  "proof": ["No space left on device"],
  "program": "postgresql 15 and a node 20 client under honcho", "form": "application-log", "hides": "checkout: ECONNREFUSED 10.0.8.15:5432, statusCode 500 (database-unavailable)",
  "split": "tune",
  "why": "A dump filled the volume of the database, which cannot begin a new file of its write-ahead log, stops, and fails to start again; checkout only finds a refused connection." }
JSON
  host dev-1
  address 10.0.8.15 orders-db
  tiny /var/lib/postgresql 100m postgres
  pg_new 'max_wal_size = 64MB'
  app checkout checkout
  cat >Procfile <<X
orders-db: $(again setpriv --reuid postgres --regid postgres --clear-groups $pg_bin/postgres -D /var/lib/postgresql/15/main)
checkout: $(again env PORT=3000 DATABASE_URL=postgres://postgres@orders-db:5432/postgres node server.js)
X
  manage stack.log 40
  wait_port 5432
  wait_port 3000
  hit http://127.0.0.1:3000/orders/1 3
  head -c 200M /dev/zero >/var/lib/postgresql/orders-2026-11-20.dump 2>/dev/null
  sql 'SELECT txid_current(), pg_switch_wal()' >/dev/null
  sql 'SELECT txid_current()' >/dev/null 2>&1
  sleep 2
  hit http://127.0.0.1:3000/orders/2 4
  kill $last
  wait $last
}

case_port_in_use_redis_then_payments() {
  about <<'JSON'
{ "category": "port-in-use", "app": "payments-cache", "log": "stack.log",
  "proof": ["Could not create server TCP listening socket", "bind: Address already in use"],
  "program": "redis 7.0 and ioredis 5 under honcho", "form": "application-log", "hides": "payments-api: MaxRetriesPerRequestError, Connection is closed (cache-unavailable)",
  "split": "held-out",
  "why": "The cache cannot start because another program has its port; that program does not speak Redis, so payments-api reports cache errors." }
JSON
  host dev-2
  address 10.0.6.14 payments-cache
  /usr/bin/python3 -c "
import socket
s = socket.create_server(('0.0.0.0', 6379))
while True: s.accept()[0].close()" &
  app payments-api payments-api
  cat >Procfile <<X
payments-cache: $(again redis-server --port 6379 --save --daemonize no)
payments-api: env PORT=8080 STRIPE_WEBHOOK_SECRET=x REDIS_URL=redis://payments-cache:6379 REDIS_RETRIES=1 node index.js
X
  sed -i 's/--save --daemonize no/--daemonize no/' Procfile
  manage stack.log 30
  wait_port 8080
  hit http://127.0.0.1:8080/payments/71 3
  sleep 2
  kill $last
  wait $last
}

case_heap_exhausted_pricing_then_checkout() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "pricing", "log": "stack.log",
  "proof": ["java.lang.OutOfMemoryError: Java heap space"],
  "program": "OpenJDK 17 and node 20 under honcho", "form": "json-lines", "hides": "checkout: connect ECONNREFUSED 10.0.4.18:8085, AxiosError, statusCode 500",
  "split": "tune",
  "why": "checkout's quotes are refused while pricing ends because of its full heap and starts again." }
JSON
  host dev-3
  address 10.0.4.18 pricing
  java_app pricing pricing com.acme.pricing.Main
  app checkout checkout
  cat >Procfile <<X
pricing: $(again 'env PORT=8085 MEMO=1 java -Xmx32m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -cp "/srv/pricing/classes:/opt/lib/*" com.acme.pricing.Main')
checkout: env PORT=3000 PRICING_URL=http://pricing:8085 node server.js
X
  manage stack.log 90
  wait_port 8085
  wait_port 3000
  for n in $(seq 30); do
    hit http://127.0.0.1:3000/quote/mug
    grep -q ECONN "$evidence/stack.log" && break
  done
  hit http://127.0.0.1:3000/quote/mug 2
  sleep 1
  kill $last
  wait $last
}

case_missing_env_auth_then_gateway() {
  about <<'JSON'
{ "category": "missing-env", "app": "auth", "log": "stack.log",
  "proof": ["KeyError: 'TOKEN_PEPPER'"],
  "program": "python 3.11 and go 1.26 under honcho", "form": "application-log", "hides": "api-gateway: backend /auth unhealthy, connection refused; http: proxy error",
  "split": "tune",
  "why": "The gateway calls its backend unhealthy every second; the backend ends at its start because TOKEN_PEPPER is not set." }
JSON
  host dev-4
  python_packages
  app auth auth
  sed -i 's/^    port = int/    pepper = os.environ["TOKEN_PEPPER"]\n    port = int/' auth.py
  go_app gateway
  cat >Procfile <<X
api-gateway: env LISTEN=:8443 ROUTES=/auth=http://127.0.0.1:9000 gateway
auth: $(again 'cd /srv/auth; env PORT=9000 /usr/bin/python3 -u auth.py')
X
  manage stack.log 9
  wait_port 8443
  hit http://127.0.0.1:8443/auth/token/u-1 3
  wait $last
}

case_unhandled_exception_shipping_then_nginx() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "shipping", "log": "stack.log",
  "proof": ["panic: runtime error: invalid memory address or nil pointer dereference"],
  "program": "go 1.26 behind nginx 1.22 under honcho", "form": "application-log", "hides": "nginx: upstream prematurely closed connection, connect() failed (111), 502",
  "split": "tune",
  "why": "Each rate request for an unknown carrier ends the Go program; nginx reports closed and refused connections." }
JSON
  host dev-5
  go_app shipping
  cat >front.conf <<'X'
daemon off;
error_log /dev/stderr notice;
events {}
http { access_log /dev/stdout; server { listen 80; location / { proxy_pass http://127.0.0.1:7070; } } }
X
  cat >Procfile <<X
edge: nginx -c /srv/shipping/front.conf
shipping: $(again env PORT=7070 LABEL_DIR=/tmp shipping)
X
  manage stack.log 12
  wait_port 80
  wait_port 7070
  hit http://127.0.0.1/rate/dhl/de 3
  hit http://127.0.0.1/label/A-7 2
  hit http://127.0.0.1/rate/ups/de 1
  hit http://127.0.0.1/rate/dhl/kr 2
  sleep 2
  hit http://127.0.0.1/rate/dhl/kr 1
  wait $last
}

case_permission_denied_postgres_then_user_service() {
  about <<'JSON'
{ "category": "permission-denied", "app": "users-db", "log": "stack.log",
  "proof": ["Permission denied"],
  "program": "postgresql 15 and SQLAlchemy under honcho", "form": "application-log", "hides": "user_service: connection refused on port 5432 (database-unavailable), Application startup failed",
  "split": "held-out",
  "why": "user_service cannot connect because PostgreSQL may not read its own configuration file after a restore as root." }
JSON
  host dev-6
  address 10.0.8.16 users-db
  pg_new
  chown root:root /var/lib/postgresql/15/main/postgresql.conf
  chmod 600 /var/lib/postgresql/15/main/postgresql.conf
  python_packages
  app user_service user_service
  cat >Procfile <<X
users-db: $(again setpriv --reuid postgres --regid postgres --clear-groups $pg_bin/postgres -D /var/lib/postgresql/15/main)
user_service: $(again env DATABASE_URL=postgresql+psycopg2://postgres@users-db/postgres /usr/bin/python3 -m uvicorn main:app --port 8020)
X
  manage stack.log 8
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
