#!/bin/bash
# database-unavailable: the database that the program needs is down, starting or unreachable.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_database_unavailable_node_pg_refused() {
  about <<'JSON'
{ "category": "database-unavailable", "app": "checkout", "log": "checkout.json.log",
  "proof": ["connect ECONNREFUSED 10.0.8.5:5432", "terminating connection due to administrator command"],
  "program": "node 20.20.2, pg 8 against postgresql 15", "form": "json-lines", "hides": "request failed, statusCode 500", "split": "tune",
  "why": "PostgreSQL was shut down: idle connections are terminated, then port 5432 refuses; orders answer 500." }
JSON
  host checkout-4
  address 10.0.8.5 orders-db
  pg_new && pg_start
  app checkout checkout
  DATABASE_URL=postgres://postgres@orders-db:5432/postgres start checkout.json.log node server.js
  wait_port 3000
  hit http://127.0.0.1:3000/orders/41 4
  pg_stop
  hit http://127.0.0.1:3000/orders/42 4
  hit http://127.0.0.1:3000/healthz 1
  sleep 0.5
}

case_database_unavailable_node_pg_starting_up() {
  about <<'JSON'
{ "category": "database-unavailable", "app": "order-sync", "log": "order-sync.log",
  "proof": ["the database system is not yet accepting connections"],
  "program": "node 20.20.2, pg 8 against postgresql 15 in recovery", "form": "application-log", "hides": "unhandled rejection, the process ends with a stack trace",
  "split": "held-out",
  "why": "PostgreSQL replays its log after a crash and refuses sessions; the job gives up with an unhandled error." }
JSON
  host sync-1
  pg_new 'max_wal_size = 4GB' 'checkpoint_timeout = 1h' && pg_start
  sql 'CREATE TABLE orders (id bigint, body text)'
  sql "INSERT INTO orders SELECT n, repeat(md5(n::text), 8) FROM generate_series(1, 400000) n"
  pg_stop immediate
  app checkout order-sync
  cat >sync.js <<'X'
const { Client } = require('pg');
const say = (text) => console.log(`${new Date().toISOString()} order-sync ${text}`);
async function attempt() {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const { rows } = await client.query('SELECT count(*) FROM orders');
  await client.end();
  return rows[0].count;
}
(async () => {
  say(`start, node ${process.version}, batch 500`);
  say('cursor restored from /tmp/order-sync.cursor: 398112');
  for (let n = 1; ; n += 1) {
    try {
      say(`synchronised, ${await attempt()} orders`);
      return;
    } catch (err) {
      if (n === 5) throw new Error('synchronisation abandoned', { cause: err });
      say(`attempt ${n} failed: ${err.message}; next in 100 ms`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }
})();
X
  as_postgres $pg_bin/pg_ctl -s -W -D /var/lib/postgresql/15/main -l $pg_log start
  wait_port 5432
  DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres start order-sync.log node sync.js
  wait $last
}

case_database_unavailable_flask_readiness() {
  about <<'JSON'
{ "category": "database-unavailable", "app": "blog_service", "log": "journal.log",
  "proof": ["connection to server at \"blog-db\" (10.0.8.6), port 5432 failed: Connection refused"],
  "program": "flask, gunicorn, psycopg2 against postgresql 15, haproxy 2.6", "form": "journald",
  "hides": "haproxy: Server posts/blog1 is DOWN, reason: Layer7 wrong status, code: 500", "split": "tune",
  "why": "haproxy takes the server out because /ready fails; /ready fails because PostgreSQL refuses connections." }
JSON
  host blog-1
  address 10.0.8.6 blog-db
  pg_new && pg_start
  python_packages
  app blog_service blog_service
  unit blog_service <<'X'
[Unit]
Description=blog_service
[Service]
WorkingDirectory=/srv/blog_service
Environment=DATABASE_URL=postgresql://postgres@blog-db/postgres HOME=/srv/blog_service PYTHONUNBUFFERED=1
ExecStart=/usr/bin/python3 -m gunicorn -w 1 -b 127.0.0.1:8000 app:app
X
  cat >/etc/haproxy/lb.cfg <<'X'
global
  log stdout format raw local0 info
defaults
  mode http
  log global
  option httplog
  timeout connect 2s
  timeout client 5s
  timeout server 5s
frontend web
  bind :80
  default_backend posts
backend posts
  option httpchk GET /ready
  server blog1 127.0.0.1:8000 check inter 1s fall 2 rise 1
X
  unit haproxy-lb <<'X'
[Unit]
Description=haproxy load balancer
[Service]
ExecStart=/usr/sbin/haproxy -W -f /etc/haproxy/lb.cfg
X
  systemctl start blog_service
  wait_port 8000
  systemctl start haproxy-lb
  wait_port 80
  hit http://127.0.0.1/posts/3 3
  pg_stop
  sleep 4
  hit http://127.0.0.1/posts/3 3
  journal journal.log -u blog_service -u haproxy-lb
}

case_database_unavailable_mariadb_sqlalchemy() {
  about <<'JSON'
{ "category": "database-unavailable", "app": "user_service", "log": "user_service.log",
  "proof": ["Can't connect to MySQL server on 'users-db'"],
  "program": "FastAPI, SQLAlchemy, PyMySQL against MariaDB 10.11", "form": "application-log", "hides": "500 Internal Server Error, Exception in ASGI application",
  "split": "tune",
  "why": "MariaDB was stopped; SQLAlchemy wraps the refused connection in three chained tracebacks of one failed request." }
JSON
  host user-1
  address 10.0.8.7 users-db
  install -d -o mysql /run/mysqld /var/lib/users
  mariadb-install-db --user=mysql --datadir=/var/lib/users --auth-root-authentication-method=normal >/dev/null 2>&1
  mariadbd --user=mysql --bind-address=0.0.0.0 --datadir=/var/lib/users --socket=/run/mysqld/users.sock --pid-file=/run/mysqld/users.pid >/tmp/mariadb.log 2>&1 &
  db=$!
  wait_port 3306
  mariadb -S /run/mysqld/users.sock -e "CREATE DATABASE app; CREATE USER app@'%' IDENTIFIED BY 'app'; GRANT ALL ON app.* TO app@'%'"
  python_packages
  app user_service user_service
  DATABASE_URL=mysql+pymysql://app:app@users-db/app start user_service.log /usr/bin/python3 -m uvicorn main:app --port 8020
  wait_port 8020
  hit http://127.0.0.1:8020/users/12 3
  kill $db; wait $db
  hit http://127.0.0.1:8020/users/12 2
  sleep 1
}

case_database_unavailable_spring_hikari() {
  about <<'JSON'
{ "category": "database-unavailable", "app": "inventory", "log": "inventory.log",
  "proof": ["CannotGetJdbcConnectionException: Failed to obtain JDBC Connection"],
  "program": "Spring Boot 3.3.5, HikariCP, postgresql JDBC", "form": "application-log", "hides": "root cause java.net.ConnectException: Connection refused, Servlet.service() threw exception",
  "split": "held-out",
  "why": "The stock database went down; the pool finds its connections dead and times out; the root cause that is printed is a bare refused connection." }
JSON
  host inventory-5
  address 10.0.8.8 stock-db
  pg_new && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://s \
    --spring.datasource.url=jdbc:postgresql://stock-db:5432/postgres --spring.datasource.username=postgres --spring.datasource.hikari.connection-timeout=2000
  wait_port 8081
  hit http://127.0.0.1:8081/stock/mug 3
  pg_stop immediate
  hit http://127.0.0.1:8081/stock/mug 2
  sleep 1
}

case_database_unavailable_psql_job() {
  about <<'JSON'
{ "category": "database-unavailable", "app": "nightly-vacuum", "log": "journal.log",
  "proof": ["port 5432 failed: Connection refused"],
  "program": "psql 15 in a systemd timer job", "form": "journald", "hides": "Main process exited, status=2", "split": "tune",
  "why": "The job waits for the reports database, which does not listen, and then fails with the status of psql." }
JSON
  host reports-2
  address 10.0.8.9 reports-db
  cat >/usr/local/bin/nightly-vacuum <<'X'
#!/bin/sh
echo "nightly-vacuum: 3 tables planned"
for try in 1 2 3; do
  psql -h reports-db -U postgres -c 'VACUUM ANALYZE' && exit 0
  echo "nightly-vacuum: try $try of 3 did not work"
  sleep 1
done
exit 2
X
  chmod +x /usr/local/bin/nightly-vacuum
  unit nightly-vacuum <<'X'
[Unit]
Description=Nightly vacuum of the reports database
[Service]
Type=oneshot
ExecStart=/usr/local/bin/nightly-vacuum
X
  pg_new "listen_addresses = '*'" && pg_start
  systemctl start nightly-vacuum
  pg_stop
  systemctl start nightly-vacuum
  journal journal.log -u nightly-vacuum
}

case_database_unavailable_unknown_host() {
  about <<'JSON'
{ "category": "database-unavailable", "app": "user_service", "log": "user_service.log",
  "proof": ["could not translate host name \"users-db.prod.internal\" to address"],
  "program": "FastAPI, SQLAlchemy, psycopg2", "form": "application-log", "hides": "Application startup failed, getaddrinfo (dns-failure is only the mechanism)", "split": "tune",
  "why": "The peer is the database, so the category is the peer; the mechanism is that its name does not resolve." }
JSON
  host user-5
  python_packages
  app user_service user_service
  DATABASE_URL=postgresql+psycopg2://app:app@users-db.prod.internal/users start user_service.log /usr/bin/python3 -m uvicorn main:app --port 8020
  wait $last
}

case_database_unavailable_middle_of_long_log() {
  about <<'JSON'
{ "category": "database-unavailable", "app": "user_service", "log": "user_service.log",
  "proof": ["port 5432 failed: Connection refused"],
  "program": "FastAPI, SQLAlchemy, psycopg2 against postgresql 15", "form": "application-log", "hides": "long tracebacks in the middle of more than a thousand healthy lines", "split": "held-out",
  "why": "The database was restarted: some requests fail in the middle of the log, the rest before and after is healthy." }
JSON
  host user-6
  address 10.0.8.12 users-db
  pg_new && pg_start
  python_packages
  app user_service user_service
  DATABASE_URL=postgresql+psycopg2://postgres@users-db/postgres start user_service.log /usr/bin/python3 -m uvicorn main:app --port 8020
  wait_port 8020
  busy 8020 400
  pg_stop
  hit http://127.0.0.1:8020/users/9 2
  pg_start
  busy 8020 300
  sleep 1
}

# busy PORT COUNT: that many requests for users.
busy() {
  /usr/bin/python3 - "$1" "$2" <<'X'
import http.client
import sys

link = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
for n in range(int(sys.argv[2])):
    link.request("GET", f"/users/{n * 37 % 9000}")
    link.getresponse().read()
X
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
