#!/bin/bash
# What a running database refuses: database-connections-exhausted, database-locked,
# database-deadlock, database-auth, database-slow-query.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# mariadb_start IP NAME [OPTIONS…]: MariaDB with the database and the user `shop`; socket in /run/mysqld.
mariadb_start() {
  address "$1" "$2"
  install -d -o mysql /run/mysqld /var/lib/shopdb
  mariadb-install-db --user=mysql --datadir=/var/lib/shopdb --auth-root-authentication-method=normal >/dev/null 2>&1
  mariadbd --user=mysql --bind-address=0.0.0.0 --datadir=/var/lib/shopdb --socket=/run/mysqld/shop.sock --pid-file=/run/mysqld/shop.pid \
    "${@:3}" >/tmp/mariadb.log 2>&1 &
  wait_port 3306
  maria "CREATE DATABASE shop; CREATE USER shop@'%' IDENTIFIED BY 'shop'; GRANT ALL ON shop.* TO shop@'%'" mysql
}
maria() { mariadb -S /run/mysqld/shop.sock "${2:-shop}" -e "$1"; }

# holds DATABASE-SQL: a psql session that runs it and stays.
holds() { (echo "$1"; sleep 60) | as_postgres psql -q -d postgres >/dev/null 2>&1 & }

case_database_connections_exhausted_checkout_node_pg() {
  about <<'JSON'
{ "category": "database-connections-exhausted", "app": "checkout", "log": "checkout.json.log",
  "proof": ["sorry, too many clients already"],
  "program": "node 20.20.2, pg 8 against postgresql 15", "form": "json-lines", "hides": "request failed, statusCode 500", "split": "tune",
  "why": "Sessions of another client fill max_connections, so PostgreSQL, which is up, refuses checkout's new ones." }
JSON
  host checkout-2
  address 10.0.8.15 orders-db
  pg_new 'max_connections = 12' && pg_start
  app checkout checkout
  DATABASE_URL=postgres://postgres@orders-db:5432/postgres start checkout.json.log node server.js
  wait_port 3000
  hit http://127.0.0.1:3000/orders/41 4
  sleep 11
  for _ in $(seq 14); do holds 'SELECT 1;'; done
  sleep 2
  hit http://127.0.0.1:3000/healthz 1
  hit http://127.0.0.1:3000/orders/42 4
  grep -v 'initdb' $pg_log >"$evidence/postgresql.log"
}

case_database_connections_exhausted_user_service_queuepool() {
  about <<'JSON'
{ "category": "database-connections-exhausted", "app": "user_service", "log": "user_service.log",
  "proof": ["QueuePool limit of size 2 overflow 1 reached, connection timed out"],
  "program": "FastAPI, SQLAlchemy against postgresql 15", "form": "application-log", "hides": "500 Internal Server Error, Exception in ASGI application", "split": "tune",
  "why": "The export leaks one connection with each call; when the pool of three is used up, every other request times out waiting for one." }
JSON
  host user-2
  address 10.0.8.16 users-db
  pg_new && pg_start
  python_packages
  app user_service user_service
  sed -i 's/pool_size=2/pool_size=2, max_overflow=1, pool_timeout=3/' main.py
  cat >>main.py <<'X'


exports = []


@app.get("/export")
def export():
    connection = engine.connect()
    exports.append(connection)
    log.info("export %d started", len(exports))
    return {"rows": connection.execute(text("SELECT count(*) FROM users")).scalar()}
X
  DATABASE_URL=postgresql+psycopg2://postgres@users-db/postgres start user_service.log /usr/bin/python3 -m uvicorn main:app --port 8020
  wait_port 8020
  hit http://127.0.0.1:8020/users/12 3
  hit http://127.0.0.1:8020/export 3
  hit http://127.0.0.1:8020/users/13 2
  sleep 1
}

case_database_connections_exhausted_basket_mysql2() {
  about <<'JSON'
{ "category": "database-connections-exhausted", "app": "basket", "log": "journal.log",
  "proof": ["Error: Too many connections", "ER_CON_COUNT_ERROR"],
  "program": "node 20.20.2, mysql2 against MariaDB 10.11", "form": "journald", "hides": "uncaught error, Main process exited, status=1, restarts", "split": "held-out",
  "why": "A second program holds all connections of MariaDB; basket cannot connect and is restarted again and again." }
JSON
  host basket-1
  mariadb_start 10.0.8.17 basket-db --max-connections=10
  app checkout basket
  cat >basket.js <<'X'
const mysql = require('mysql2/promise');
(async () => {
  console.log('basket 2.6.1 starting, database basket-db');
  const db = await mysql.createConnection({ host: 'basket-db', user: 'shop', password: 'shop', database: 'shop' });
  console.log('basket ready');
  for (let n = 1; ; n += 1) {
    await db.query('SELECT 1');
    console.log(`sweep ${n}: 0 expired baskets`);
    await new Promise((done) => setTimeout(done, 700));
  }
})();
X
  unit basket <<'X'
[Unit]
Description=basket sweeper
[Service]
WorkingDirectory=/srv/basket
ExecStart=/usr/bin/node basket.js
Restart=always
RestartSec=1
StartLimitIntervalSec=0
X
  systemctl start basket
  sleep 3
  systemctl stop basket
  for _ in $(seq 14); do (sleep 30) | mariadb -h basket-db -u shop -pshop shop >/dev/null 2>&1 & done
  sleep 1
  systemctl start basket
  sleep 5
  journal journal.log -u basket
}

case_database_locked_tickets_sqlite() {
  about <<'JSON'
{ "category": "database-locked", "app": "tickets", "log": "tickets.log",
  "proof": ["sqlite3.OperationalError: database is locked"],
  "program": "flask, gunicorn, sqlite 3.40", "form": "application-log", "hides": "POST /tickets 500", "split": "tune",
  "why": "Another process keeps a write transaction open on the SQLite file; reads go on, every write times out." }
JSON
  host tickets-1
  python_packages
  mkdir -p /srv/tickets && cd /srv/tickets || exit
  cat >app.py <<'X'
import logging
import sqlite3

from flask import Flask, jsonify

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s [%(name)s] %(message)s")
app = Flask("tickets")


def database():
    return sqlite3.connect("/srv/tickets/tickets.db", timeout=2)


with database() as db:
    db.execute("CREATE TABLE IF NOT EXISTS tickets (id integer primary key, subject text)")


@app.get("/tickets")
def count():
    with database() as db:
        return jsonify(db.execute("SELECT count(*) FROM tickets").fetchone()[0])


@app.post("/tickets")
def create():
    with database() as db:
        number = db.execute("INSERT INTO tickets (subject) VALUES ('printer')").lastrowid
    app.logger.info("ticket %d created", number)
    return jsonify(number), 201
X
  start tickets.log /usr/bin/python3 -m gunicorn -w 2 -b 127.0.0.1:8000 --access-logfile - app:app
  wait_port 8000
  hit http://127.0.0.1:8000/tickets 3 -X POST
  hit http://127.0.0.1:8000/tickets 2
  /usr/bin/python3 -c "
import sqlite3, time
db = sqlite3.connect('/srv/tickets/tickets.db'); db.execute('BEGIN IMMEDIATE'); time.sleep(60)" &
  sleep 1
  hit http://127.0.0.1:8000/tickets 2 -X POST
  hit http://127.0.0.1:8000/tickets 2
  hit http://127.0.0.1:8000/tickets 1 -X POST
}

case_database_locked_orders_pg_lock_timeout() {
  about <<'JSON'
{ "category": "database-locked", "app": "orders-api", "log": "orders.json.log",
  "proof": ["canceling statement due to lock timeout", "still waiting for RowExclusiveLock on relation"],
  "program": "node 20.20.2, pg 8 against postgresql 15", "form": "json-lines", "hides": "order not saved, HTTP 503", "split": "tune",
  "why": "A session that is idle in a transaction holds a lock on the whole table; every write waits for it and gives up." }
JSON
  host orders-1
  address 10.0.8.18 orders-db
  pg_new 'log_lock_waits = on' 'deadlock_timeout = 1s' && pg_start
  sql 'CREATE TABLE orders (id serial, sku text)'
  app checkout orders
  cat >orders.js <<'X'
const { Pool } = require('pg');
const log = require('pino')({ name: 'orders-api' });
const db = new Pool({ connectionString: 'postgres://postgres@orders-db/postgres', max: 3, options: '-c lock_timeout=1500' });
(async () => {
  log.info('orders-api 7.2.0 ready');
  for (let n = 1; n <= 9; n += 1) {
    try {
      const { rows } = await db.query("INSERT INTO orders (sku) VALUES ('mug') RETURNING id");
      log.info({ order: rows[0].id, status: 201 }, 'order saved');
    } catch (err) {
      log.error({ err, status: 503 }, 'order not saved');
    }
    await new Promise((done) => setTimeout(done, 500));
  }
  process.exit(0);
})();
X
  start orders.json.log node orders.js
  sleep 2
  holds 'BEGIN; LOCK TABLE orders IN SHARE ROW EXCLUSIVE MODE;'
  sleep 9
  wait $last
  cp $pg_log "$evidence/postgresql.log"
}

case_database_locked_stock_mariadb_wait_timeout() {
  about <<'JSON'
{ "category": "database-locked", "app": "stock-sync", "log": "stock-sync.log",
  "proof": ["Lock wait timeout exceeded; try restarting transaction"],
  "program": "python 3.11, PyMySQL against MariaDB 10.11", "form": "application-log", "hides": "stock-sync gives up after 3 batches, traceback", "split": "held-out",
  "why": "An open transaction of somebody else holds the rows; each update waits for innodb_lock_wait_timeout and fails." }
JSON
  host stock-1
  mariadb_start 10.0.8.19 stock-db --innodb-lock-wait-timeout=2
  maria 'CREATE TABLE stock (sku varchar(20) primary key, n int); INSERT INTO stock VALUES ("mug", 9), ("cup", 4), ("pot", 2)'
  python_packages
  mkdir -p /srv/stock && cd /srv/stock || exit
  cat >sync.py <<'X'
import logging
import time

import pymysql

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(message)s")
db = pymysql.connect(host="stock-db", user="shop", password="shop", database="shop")
failed = 0
for batch in range(1, 20):
    try:
        with db.cursor() as cursor:
            cursor.execute("UPDATE stock SET n = n + 1 WHERE sku IN ('mug', 'pot')")
        db.commit()
        logging.info("batch %d: 2 rows updated", batch)
    except pymysql.err.OperationalError:
        db.rollback()
        failed += 1
        logging.exception("batch %d failed", batch)
        if failed == 3:
            raise SystemExit("stock-sync: gives up after 3 failed batches")
    time.sleep(0.5)
X
  start stock-sync.log /usr/bin/python3 sync.py
  sleep 3
  (echo "BEGIN; UPDATE stock SET n = 0 WHERE sku = 'mug';"; sleep 30) | mariadb -S /run/mysqld/shop.sock shop -n >/dev/null 2>&1 &
  wait $last 2>/dev/null
  sleep 10
}

case_database_deadlock_transfers_node_pg() {
  about <<'JSON'
{ "category": "database-deadlock", "app": "wallet", "log": "wallet.json.log",
  "proof": ["deadlock detected"],
  "program": "node 20.20.2, pg 8 against postgresql 15", "form": "json-lines", "hides": "transfer failed, HTTP 500", "split": "tune",
  "why": "Two transfers in opposite directions update the two accounts in opposite order." }
JSON
  host wallet-1
  address 10.0.8.20 wallet-db
  pg_new && pg_start
  sql 'CREATE TABLE accounts (id int primary key, cents int); INSERT INTO accounts VALUES (1, 100000), (2, 100000)'
  app checkout wallet
  cat >wallet.js <<'X'
const { Pool } = require('pg');
const log = require('pino')({ name: 'wallet' });
const db = new Pool({ connectionString: 'postgres://postgres@wallet-db/postgres', max: 4 });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
async function transfer(from, to, cents) {
  const client = await db.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE accounts SET cents = cents - $1 WHERE id = $2', [cents, from]);
    await pause(100);
    await client.query('UPDATE accounts SET cents = cents + $1 WHERE id = $2', [cents, to]);
    await client.query('COMMIT');
    log.info({ from, to, cents, status: 200 }, 'transferred');
  } catch (err) {
    await client.query('ROLLBACK');
    log.error({ err, from, to, status: 500 }, 'transfer failed');
  } finally {
    client.release();
  }
}
(async () => {
  log.info('wallet 3.3.0 ready');
  for (let n = 0; n < 4; n += 1) await transfer(1, 2, 10 + n);
  for (let n = 0; n < 3; n += 1) await Promise.all([transfer(1, 2, 50), transfer(2, 1, 70)]);
  await transfer(2, 1, 5);
  process.exit(0);
})();
X
  start wallet.json.log node wallet.js
  wait $last
}

case_database_deadlock_postgresql_jsonlog() {
  about <<'JSON'
{ "category": "database-deadlock", "app": "postgresql", "log": "postgresql.json",
  "proof": ["deadlock detected"],
  "program": "postgresql 15, jsonlog", "form": "json-lines", "hides": "current transaction is aborted, commands ignored until end of transaction block", "split": "tune",
  "why": "Two sessions lock two rows crosswise; the one that is chosen goes on sending statements, which fill the log with a following error." }
JSON
  host ledger-db
  pg_new 'logging_collector = on' 'log_destination = jsonlog' "log_filename = 'postgresql.log'" "log_directory = '/var/log/postgresql'" && pg_start
  sql 'CREATE TABLE entries (id int primary key, cents int); INSERT INTO entries VALUES (1, 1), (2, 2)'
  crosswise() { (echo "SET application_name = 'ledger';BEGIN; UPDATE entries SET cents = 5 WHERE id = $1;"; sleep 1; echo "UPDATE entries SET cents = 6 WHERE id = $2;"; sleep 2; for n in 3 4 5; do echo "INSERT INTO entries VALUES ($1$n, 1);"; done; echo 'COMMIT;') | as_postgres psql -q -d postgres >/dev/null 2>&1; }
  crosswise 1 2 & crosswise 2 1 &
  sleep 6
  pg_stop
  cp /var/log/postgresql/postgresql.json "$evidence/"
}

case_database_deadlock_points_python_mariadb() {
  about <<'JSON'
{ "category": "database-deadlock", "app": "points-worker", "log": "journal.log",
  "proof": ["Deadlock found when trying to get lock; try restarting transaction"],
  "program": "python 3.11, SQLAlchemy, PyMySQL against MariaDB 10.11", "form": "journald", "hides": "worker thread died, Main process exited, status=1", "split": "held-out",
  "why": "Two worker threads book the same two rows in opposite order; InnoDB rolls one back and the worker does not try again." }
JSON
  host points-1
  mariadb_start 10.0.8.21 points-db
  maria 'CREATE TABLE points (user int primary key, n int) ENGINE=InnoDB; INSERT INTO points VALUES (1, 10), (2, 20)'
  python_packages
  mkdir -p /srv/points && cd /srv/points || exit
  cat >worker.py <<'X'
import sys
import threading
import time

from sqlalchemy import create_engine, text

engine = create_engine("mysql+pymysql://shop:shop@points-db/shop")
print("points-worker 1.4: 2 threads", flush=True)
failed = threading.Event()


def book(first, second, delay):
    try:
        for round in range(1, 5):
            with engine.begin() as connection:
                connection.execute(text("UPDATE points SET n = n + 1 WHERE user = :u"), {"u": first})
                time.sleep(delay if round < 3 else 1)
                connection.execute(text("UPDATE points SET n = n - 1 WHERE user = :u"), {"u": second})
            print(f"booked round {round}: {first} -> {second}", flush=True)
            time.sleep(0.3 if round < 2 else 0)
    except Exception:
        failed.set()
        raise


book(1, 2, 0)
threads = [threading.Thread(target=book, args=pair) for pair in ((1, 2, 0), (2, 1, 0.01))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(1 if failed.is_set() else 0)
X
  unit points-worker <<'X'
[Unit]
Description=points worker
[Service]
WorkingDirectory=/srv/points
ExecStart=/usr/bin/python3 worker.py
X
  systemctl start points-worker
  sleep 11
  journal journal.log -u points-worker
}

case_database_auth_blog_psycopg2_rotated() {
  about <<'JSON'
{ "category": "database-auth", "app": "blog_service", "log": "journal.log",
  "proof": ["password authentication failed for user \"blog\""],
  "program": "flask, gunicorn, psycopg2 against postgresql 15", "form": "journald", "hides": "GET /posts 500, Exception on /posts/3", "split": "tune",
  "why": "The password of the database user was changed while the service kept the old one; the database is up." }
JSON
  host blog-2
  address 10.0.8.22 blog-db
  pg_new && pg_start
  sql "CREATE USER blog PASSWORD 'winter'"
  sed -i 's/^host.*/host all all 0.0.0.0\/0 scram-sha-256/' /var/lib/postgresql/15/main/pg_hba.conf
  pg_stop && pg_start
  python_packages
  app blog_service blog_service
  unit blog_service <<'X'
[Unit]
Description=blog_service
[Service]
WorkingDirectory=/srv/blog_service
Environment=DATABASE_URL=postgresql://blog:winter@blog-db/postgres HOME=/srv/blog_service PYTHONUNBUFFERED=1
ExecStart=/usr/bin/python3 -m gunicorn -w 1 -b 127.0.0.1:8000 --access-logfile - app:app
X
  systemctl start blog_service
  wait_port 8000
  hit http://127.0.0.1:8000/posts/3 3
  sql "ALTER USER blog PASSWORD 'spring'"
  hit http://127.0.0.1:8000/posts/3 3
  hit http://127.0.0.1:8000/health 1
  journal journal.log -u blog_service
}

case_database_auth_coupons_mysql2() {
  about <<'JSON'
{ "category": "database-auth", "app": "coupons", "log": "coupons.json.log",
  "proof": ["Access denied for user 'shop'@"],
  "program": "node 20.20.2, mysql2 against MariaDB 10.11", "form": "json-lines", "hides": "coupons does not start, exit 1 three times", "split": "tune",
  "why": "The password that coupons is given is not the one of the database user; each start ends at once." }
JSON
  host coupons-1
  mariadb_start 10.0.8.23 coupons-db
  app checkout coupons
  cat >coupons.js <<'X'
const mysql = require('mysql2/promise');
const log = require('pino')({ name: 'coupons' });
(async () => {
  log.info({ version: '1.12.0', database: 'coupons-db' }, 'coupons starting');
  try {
    const db = await mysql.createConnection({ host: 'coupons-db', user: 'shop', password: process.env.DB_PASSWORD, database: 'shop' });
    const [rows] = await db.query('SELECT 3 AS n');
    log.info({ coupons: rows[0].n }, 'coupons loaded');
    process.exit(0);
  } catch (err) {
    log.fatal({ err }, 'coupons could not start');
    process.exit(1);
  }
})();
X
  DB_PASSWORD=shop start coupons.json.log node coupons.js
  wait $last
  for _ in 1 2 3; do DB_PASSWORD='shop ' start coupons.json.log node coupons.js; wait $last; sleep 1; done
}

case_database_auth_inventory_spring_hba() {
  about <<'JSON'
{ "category": "database-auth", "app": "inventory", "log": "inventory.log",
  "proof": ["no pg_hba.conf entry for host"],
  "program": "Spring Boot 3.3.5, HikariCP, postgresql JDBC", "form": "application-log", "hides": "CannotGetJdbcConnectionException: Failed to obtain JDBC Connection", "split": "held-out",
  "why": "PostgreSQL answers, but no rule lets this user in from this address; Spring reports a connection that it could not obtain." }
JSON
  host inventory-2
  address 10.0.8.24 stock-db
  pg_new && pg_start
  sed -i 's/^host.*0\.0\.0\.0.*/host postgres stock 10.0.9.0\/24 scram-sha-256/; /^host .*127/d; /^host .*::1/d' /var/lib/postgresql/15/main/pg_hba.conf
  pg_stop && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://s \
    --spring.datasource.url=jdbc:postgresql://stock-db:5432/postgres --spring.datasource.username=stock --spring.datasource.password=stock --spring.datasource.hikari.connection-timeout=2000
  wait_port 8081
  hit http://127.0.0.1:8081/stock/mug 2
  sleep 1
}

case_database_slow_query_search_node_pg_timeout() {
  about <<'JSON'
{ "category": "database-slow-query", "app": "order-search", "log": "order-search.json.log",
  "proof": ["canceling statement due to statement timeout", "duration: "],
  "program": "node 20.20.2, pg 8 against postgresql 15", "form": "json-lines", "hides": "search failed, HTTP 504", "split": "tune",
  "why": "A search without an index compares every pair of rows; the statement timeout ends it, other queries are quick." }
JSON
  host search-1
  address 10.0.8.25 orders-db
  pg_new 'log_min_duration_statement = 500' 'max_parallel_workers_per_gather = 0' && pg_start
  sql "CREATE TABLE orders AS SELECT n AS id, md5((n % 9000)::text) AS customer FROM generate_series(1, 120000) n"
  app checkout search
  cat >search.js <<'X'
const { Pool } = require('pg');
const log = require('pino')({ name: 'order-search' });
const db = new Pool({ connectionString: 'postgres://postgres@orders-db/postgres', max: 3, statement_timeout: 3000 });
async function search(q, sql) {
  const began = Date.now();
  try {
    const { rows } = await db.query(sql);
    log.info({ q, hits: rows.length, ms: Date.now() - began, status: 200 }, 'search');
  } catch (err) {
    log.error({ err, q, ms: Date.now() - began, status: 504 }, 'search failed');
  }
}
(async () => {
  log.info('order-search 2.0.4 ready');
  for (let n = 1; n < 4; n += 1) await search(`id:${n}`, `SELECT * FROM orders WHERE id = ${n}`);
  await search('duplicates limit:1', 'SELECT count(*) FROM (SELECT * FROM orders LIMIT 4000) a JOIN (SELECT * FROM orders LIMIT 4000) b ON a.customer LIKE b.customer');
  for (let n = 1; n < 3; n += 1)
    await search('duplicates', 'SELECT count(*) FROM orders a JOIN orders b ON a.customer LIKE b.customer AND a.id < b.id');
  await search('id:9', 'SELECT * FROM orders WHERE id = 9');
  process.exit(0);
})();
X
  start order-search.json.log node search.js
  wait $last
  cp $pg_log "$evidence/postgresql.log"
}

case_database_slow_query_statistics_python_canceled() {
  about <<'JSON'
{ "category": "database-slow-query", "app": "statistics", "log": "statistics.log",
  "proof": ["canceling statement due to statement timeout"],
  "program": "python 3.11, SQLAlchemy, psycopg2 against postgresql 15", "form": "application-log", "hides": "monthly statistics not written, traceback", "split": "tune",
  "why": "The monthly query takes longer than the statement timeout of its user; the daily ones before it are quick." }
JSON
  host stats-1
  address 10.0.8.26 events-db
  pg_new && pg_start
  sql "CREATE TABLE events AS SELECT n AS id, md5(n::text) AS visitor FROM generate_series(1, 60000) n"
  python_packages
  mkdir -p /srv/statistics && cd /srv/statistics || exit
  cat >statistics_job.py <<'X'
import logging
import time

from sqlalchemy import create_engine, text

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)-7s statistics: %(message)s")
engine = create_engine("postgresql+psycopg2://postgres@events-db/postgres?options=-c%20statement_timeout%3D4000")


def report(name, query):
    began = time.monotonic()
    with engine.connect() as connection:
        value = connection.execute(text(query)).scalar()
    logging.info("%s: %s (%.2f s)", name, value, time.monotonic() - began)


for day in range(1, 5):
    report(f"visitors of day {day}", f"SELECT count(DISTINCT visitor) FROM events WHERE id % 30 = {day}")
try:
    report("returning visitors of the month", "SELECT count(*) FROM events a, events b WHERE a.visitor ~ left(b.visitor, 6) AND a.id < b.id")
except Exception:
    logging.exception("monthly statistics not written")
    raise SystemExit(1)
X
  start statistics.log /usr/bin/python3 statistics_job.py
  wait $last
}

case_database_slow_query_catalog_mariadb_slow_log() {
  about <<'JSON'
{ "category": "database-slow-query", "app": "catalog", "log": "catalog.log",
  "proof": ["# Query_time: "],
  "program": "PHP 8.2, mysqli against MariaDB 10.11", "form": "application-log", "hides": "GET /products?sort=popular times out", "split": "held-out",
  "why": "The slow query log holds the join without an index that took up to a minute, at the times at which the page exceeded its limit." }
JSON
  host catalog-2
  mariadb_start 10.0.8.27 catalog-db --slow-query-log=1 --slow-query-log-file=/var/lib/shopdb/slow.log --long-query-time=1
  maria 'CREATE TABLE views (product int, visitor int); INSERT INTO views SELECT seq % 700, seq % 911 FROM seq_1_to_9000'
  mkdir -p /srv/catalog && cat >/srv/catalog/requests.php <<'X'
<?php
$db = new mysqli('catalog-db', 'shop', 'shop', 'shop');
function page(mysqli $db, string $path, string $query): void {
    $began = microtime(true);
    $db->query($query);
    $ms = (int) ((microtime(true) - $began) * 1000);
    $verdict = $ms > 1000 ? 'ERROR page limit of 1000 ms exceeded' : 'INFO ok';
    printf("[%s] catalog.%s GET %s %d ms\n", date('c'), $verdict, $path, $ms);
}
for ($n = 1; $n < 5; $n++) page($db, "/products/$n", "SELECT count(*) FROM views WHERE product = $n");
for ($n = 1; $n < 4; $n++) page($db, '/products?sort=popular', 'SELECT a.product, count(*) FROM views a JOIN views b ON a.visitor + 0 = b.visitor + 0 GROUP BY a.product ORDER BY 2 DESC LIMIT 10');
page($db, '/products/9', 'SELECT count(*) FROM views WHERE product = 9');
X
  start catalog.log php /srv/catalog/requests.php
  wait $last
  cp /var/lib/shopdb/slow.log "$evidence/mariadb-slow.log"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
