#!/bin/bash
# Stores and what stands in front of them: pgbouncer, MariaDB itself, a Redis cluster, barman,
# and clients that meet their locks.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_database_connections_exhausted_pgbouncer_clients() {
  about <<'JSON'
{ "category": "database-connections-exhausted", "app": "pgbouncer", "log": "pgbouncer.log",
  "proof": ["no more connections allowed (max_client_conn)"],
  "program": "pgbouncer 1.18 against postgresql 15", "form": "application-log", "hides": "closing because: client close request, login attempt, a database that has room", "split": "tune",
  "why": "The pooler takes eight clients and twenty come; the database behind it has room and says nothing." }
JSON
  host pool-1
  address 10.0.9.40 bookings-db
  pg_new 'log_connections = on' && pg_start
  printf '[databases]\nbookings = host=10.0.9.40 dbname=postgres user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = 6432\nauth_type = any\nmax_client_conn = 8\ndefault_pool_size = 4\nstats_period = 4\nserver_tls_sslmode = disable\n' >/tmp/pgbouncer.ini
  touch /tmp/users.txt
  chmod 666 /tmp/users.txt /tmp/pgbouncer.ini
  as_postgres pgbouncer /tmp/pgbouncer.ini >>"$evidence/pgbouncer.log" 2>&1 &
  pooler=$!
  wait_port 6432
  book() { (echo "SELECT $1;"; sleep "$2") | psql -q -h 127.0.0.1 -p 6432 -U bookings bookings >/dev/null 2>&1 & }
  for n in 1 2 3; do book $n 1; sleep 1; done
  for n in $(seq 20); do book $n 9; sleep 0.3; done
  sleep 7
  kill $pooler
  cp $pg_log "$evidence/postgresql.log"
}

case_permission_denied_mariadb_data() {
  about <<'JSON'
{ "category": "permission-denied", "app": "mariadb", "log": "journal.log",
  "proof": ["Operating system error number 13 in a file operation."],
  "program": "MariaDB 10.11 under systemd 252", "form": "journald", "hides": "Plugin 'InnoDB' registration as a STORAGE ENGINE failed, Unknown/unsupported storage engine: InnoDB, Aborting", "split": "tune",
  "why": "The data came back from a backup as root's; the server may not open its table space, and everything after that follows." }
JSON
  host db-4
  install -d -o mysql /var/lib/shopdb /run/mysqld
  mariadb-install-db --user=mysql --datadir=/var/lib/shopdb >/dev/null 2>&1
  unit mariadb <<'U'
[Unit]
Description=MariaDB database server
[Service]
User=mysql
ExecStart=/usr/sbin/mariadbd --datadir=/var/lib/shopdb --socket=/run/mysqld/shop.sock --pid-file=/run/mysqld/shop.pid
Restart=on-failure
RestartSec=3
U
  systemctl start mariadb
  sleep 5
  systemctl stop mariadb
  chown root: /var/lib/shopdb/ib_logfile0 && chmod 600 /var/lib/shopdb/ib_logfile0
  systemctl start mariadb
  sleep 10
  systemctl stop mariadb
  journal journal.log -u mariadb
}

case_thread_exhausted_mariadb_tasks() {
  about <<'JSON'
{ "category": "thread-exhausted", "app": "mariadb", "log": "clients.txt",
  "proof": ["Can't create a new thread (errno 11"],
  "program": "MariaDB 10.11 under systemd 252", "form": "application-log", "hides": "Aborted connection, Out of memory, Received error packet before completion of TLS handshake", "split": "tune",
  "why": "The unit may have 20 tasks; the server runs and has connections left, but cannot start the thread for another one." }
JSON
  host db-6
  install -d -o mysql /var/lib/shopdb /run/mysqld
  mariadb-install-db --user=mysql --datadir=/var/lib/shopdb --auth-root-authentication-method=normal >/dev/null 2>&1
  unit mariadb <<'U'
[Unit]
Description=MariaDB database server
[Service]
User=mysql
TasksMax=20
ExecStart=/usr/sbin/mariadbd --datadir=/var/lib/shopdb --socket=/run/mysqld/shop.sock --pid-file=/run/mysqld/shop.pid --thread-cache-size=0
U
  systemctl start mariadb
  wait_port 3306
  for n in $(seq 26); do (echo "SELECT $n;"; sleep 12) | mariadb -S /run/mysqld/shop.sock -n mysql >>"$evidence/clients.txt" 2>&1 & sleep 0.3; done
  sleep 14
  sed -i '/^[0-9]*$/d' "$evidence/clients.txt"
  journal journal.log -u mariadb
}

case_cache_unavailable_redis_cluster_slots() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "baskets", "log": "baskets.log",
  "proof": ["ClusterDownError: The cluster is down"],
  "program": "redis 7.0 cluster of three, redis-py", "form": "application-log", "hides": "baskets that are found, basket kept in memory only", "split": "held-out",
  "why": "One of the three nodes ended and nobody replaces it; its part of the slots is gone and the others refuse too." }
JSON
  host baskets-1
  for n in 1 2 3; do
    address 10.0.9.5$n cache-$n
    mkdir /tmp/c$n
    (cd /tmp/c$n && exec redis-server --bind 10.0.9.5$n --bind-source-addr 10.0.9.5$n --cluster-announce-ip 10.0.9.5$n --port 6379 --cluster-enabled yes --cluster-node-timeout 2000 --save '' --protected-mode no --logfile /tmp/c$n/redis.log) &
    [ $n = 3 ] && victim=$!
  done
  sleep 1
  redis-cli --cluster create 10.0.9.51:6379 10.0.9.52:6379 10.0.9.53:6379 --cluster-yes >/dev/null
  python_packages
  cat >/srv/baskets.py <<'P'
import logging, sys, time
from redis.cluster import RedisCluster
from redis.exceptions import RedisError
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s %(levelname)-7s %(name)s %(message)s')
log = logging.getLogger('baskets')
cache = RedisCluster(host='cache-1', port=6379, socket_timeout=1, cluster_error_retry_attempts=1)
log.info('baskets 3.1, %d nodes', len(cache.get_nodes()))
for n in range(1, 40):
    try:
        cache.set(f'basket:{n}', 'mug')
        log.info('basket %d: %s', n, cache.get(f'basket:{n}').decode())
    except (RedisError, OSError) as error:
        log.info('basket %d kept in memory only (%s: %s)', n, type(error).__name__, error)
    if n % 9 == 0: log.error('0 baskets were lost since the start')
    time.sleep(0.4)
P
  start baskets.log /usr/bin/python3 /srv/baskets.py
  sleep 5
  kill -KILL $victim
  wait $last
  cp /tmp/c1/redis.log "$evidence/redis-cache-1.log"
}

case_database_connections_exhausted_barman_senders() {
  about <<'JSON'
{ "category": "database-connections-exhausted", "app": "barman", "log": "barman.log",
  "proof": ["number of requested standby connections exceeds max_wal_senders"],
  "program": "barman 3.4 against postgresql 15", "form": "application-log", "hides": "receive-wal running: FAILED, pg_basebackup compatible: FAILED, Impossible to start the backup", "split": "held-out",
  "why": "The database lets one standby connect and a replica has the place; barman's stream is refused, the backup tool is fine." }
JSON
  host backup-9
  address 10.0.9.56 ledger-db
  pg_new 'max_wal_senders = 1' 'wal_level = replica' 'log_connections = on'
  printf 'host replication all 0.0.0.0/0 trust\n' >>/var/lib/postgresql/15/main/pg_hba.conf
  pg_start
  install -d -o barman /var/lib/barman /var/log/barman /run/barman
  printf '[barman]\nbarman_user = barman\nbarman_home = /var/lib/barman\nlog_file = /tmp/barman.log\nlog_level = INFO\n[ledger]\ndescription = Ledger\nconninfo = host=ledger-db user=postgres dbname=postgres\nstreaming_conninfo = host=ledger-db user=postgres\nbackup_method = postgres\nslot_name = barman\ncreate_slot = auto\nstreaming_archiver = on\npath_prefix = /usr/lib/postgresql/15/bin\n' >/etc/barman.conf
  touch /tmp/barman.log && chown barman /tmp/barman.log
  as_barman() { (cd / && setpriv --reuid barman --regid barman --clear-groups env HOME=/var/lib/barman PATH="$PATH" "$@"); }
  round() {
    { echo "\$ barman cron"; as_barman barman cron; sleep 4; echo "\$ barman check ledger"; as_barman barman check ledger; } >>"$evidence/check.txt" 2>&1
    { echo "\$ barman backup ledger"; as_barman barman backup ledger; } >>"$evidence/check.txt" 2>&1
  }
  as_barman barman cron >/dev/null 2>&1
  sleep 4
  as_barman barman switch-wal --force --archive ledger >/dev/null 2>&1
  as_barman barman receive-wal --stop ledger >/dev/null 2>&1
  sleep 1
  (as_postgres $pg_bin/pg_receivewal -h ledger-db -U postgres -D /tmp --no-loop >/dev/null 2>&1) &
  sleep 1
  for n in 1 2 3; do round; done
  cp /tmp/barman.log "$evidence/barman.log"
  cp $pg_log "$evidence/postgresql.log"
}

case_database_slow_query_php_orders() {
  about <<'JSON'
{ "category": "database-slow-query", "app": "orders", "log": "orders.log",
  "proof": ["max_statement_time exceeded"],
  "program": "PHP 8.2, PDO against MariaDB 10.11", "form": "application-log", "hides": "SQLSTATE[70100], page of customer N is empty", "split": "held-out",
  "why": "The list of a customer's orders reads all rows of two tables; the server breaks the statement off after its time and lists it in the slow log." }
JSON
  host orders-8
  . "$programs/database-limits.sh"
  mariadb_start 10.0.9.58 orders-db --slow-query-log=1 --slow-query-log-file=/var/lib/shopdb/slow.log --long-query-time=0.5 --max-statement-time=2
  maria 'SET max_statement_time=0; CREATE TABLE line (id int, customer int, note varchar(40)) ENGINE=InnoDB; INSERT INTO line SELECT seq, seq % 300, MD5(seq) FROM seq_1_to_30000'
  cat >/srv/orders.php <<'P'
<?php
function say($level, $what) { printf("[%s] orders.%s: %s\n", date('c'), $level, $what); }
$db = new PDO('mysql:host=orders-db;dbname=shop', 'shop', 'shop', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
say('INFO', 'orders 7.2 connected, server ' . $db->getAttribute(PDO::ATTR_SERVER_VERSION));
for ($n = 1; $n <= 14; $n++) {
    $from = microtime(true);
    try {
        $sql = $n < 6 ? "SELECT COUNT(*) FROM line WHERE customer = $n"
            : "SELECT COUNT(*) FROM line a JOIN line b ON a.note LIKE CONCAT(b.note, '%') WHERE a.customer <> b.customer AND a.customer <> $n";
        $rows = $db->query($sql)->fetchColumn();
        say('INFO', "customer $n: $rows lines in " . round(1000 * (microtime(true) - $from)) . ' ms');
    } catch (PDOException $e) {
        say('NOTICE', "customer $n: " . $e->getMessage());
        say('WARNING', "page of customer $n is empty");
    }
    usleep(200000);
}
P
  start orders.log php /srv/orders.php
  wait $last
  cp /var/lib/shopdb/slow.log "$evidence/mariadb-slow.log"
}

case_database_deadlock_sequelize_transfers() {
  about <<'JSON'
{ "category": "database-deadlock", "app": "transfers", "log": "transfers.log",
  "proof": ["Deadlock found when trying to get lock; try restarting transaction"],
  "program": "node 20, sequelize 6 against MariaDB 10.11", "form": "json-lines", "hides": "transfer rolled back, balance unchanged", "split": "held-out",
  "why": "Two transfers take the same two accounts in opposite order; the server ends one of them every time." }
JSON
  host transfers-1
  . "$programs/database-limits.sh"
  mariadb_start 10.0.9.60 accounts-db --innodb-print-all-deadlocks=1
  maria 'CREATE TABLE accounts (id int primary key, cents int) ENGINE=InnoDB; INSERT INTO accounts VALUES (1, 90000), (2, 90000), (3, 90000)'
  node_app transfers
  cat >transfers.js <<'J'
const { Sequelize } = require('sequelize');
const log = require('pino')({ name: 'transfers', base: { name: 'transfers' }, timestamp: () => `,"time":"${new Date().toISOString()}"` });
const db = new Sequelize('shop', 'shop', 'shop', { host: 'accounts-db', dialect: 'mysql', dialectModule: require('mysql2'), logging: false });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const move = (from, to, cents) => db.transaction(async (transaction) => {
  await db.query(`UPDATE accounts SET cents = cents - ${cents} WHERE id = ${from}`, { transaction });
  await pause(120);
  await db.query(`UPDATE accounts SET cents = cents + ${cents} WHERE id = ${to}`, { transaction });
});
const transfer = async (id, from, to) => {
  try {
    await move(from, to, 100 + id);
    log.info({ transfer: id, from, to }, 'transfer booked');
  } catch (err) {
    log.warn({ transfer: id, from, to, error: err.name, detail: err.message }, 'transfer rolled back, balance unchanged');
  }
};
(async () => {
  await db.authenticate();
  log.info('transfers 2.4 started');
  for (let n = 1; n <= 4; n++) await transfer(n, 3, 1 + (n % 2));
  for (let n = 5; n < 25; n += 2) {
    await Promise.all([transfer(n, 1, 2), transfer(n + 1, n % 3 ? 2 : 3, 1)]);
    if (n % 8 === 5) log.error({ files: 0 }, 'statement files that could not be sent');
  }
  await db.close();
})();
J
  start transfers.log node transfers.js
  wait $last
  grep -v -e 'InnoDB: .*[Bb]uffer pool' /tmp/mariadb.log | tail -n 120 >"$evidence/mariadb.log"
}

case_database_locked_typeorm_seats() {
  about <<'JSON'
{ "category": "database-locked", "app": "seats", "log": "seats.log",
  "proof": ["canceling statement due to lock timeout"],
  "program": "node 20, typeorm 0.3 against postgresql 15", "form": "application-log", "hides": "QueryFailedError, seat N not reserved, query failed", "split": "tune",
  "why": "Somebody's session holds the rows of the hall in a transaction that stays open; each reservation waits and gives up." }
JSON
  host seats-1
  address 10.0.9.62 seats-db
  pg_new 'log_lock_waits = on' 'deadlock_timeout = 300ms' && pg_start
  sql 'CREATE TABLE seat (id int PRIMARY KEY, guest text); INSERT INTO seat SELECT n, NULL FROM generate_series(1, 60) n'
  node_app seats
  cat >seats.js <<'J'
require('reflect-metadata');
const { DataSource } = require('typeorm');
const source = new DataSource({ type: 'postgres', host: 'seats-db', username: 'postgres', database: 'postgres', logging: ['error', 'warn'], extra: { options: '-c lock_timeout=800' } });
const say = (level, text) => console.log(`${new Date().toISOString()} ${level} [seats] ${text}`);
(async () => {
  await source.initialize();
  say('LOG', 'seats 1.9, hall of 60 seats');
  for (let n = 1; n <= 18; n++) {
    try {
      await source.query('UPDATE seat SET guest = $1 WHERE id = $2', [`guest ${n}`, n]);
      say('LOG', `seat ${n} reserved`);
    } catch (error) {
      say('LOG', `seat ${n} not reserved: ${error.name}: ${error.message}`);
    }
    await new Promise((done) => setTimeout(done, 250));
  }
  await source.destroy();
})();
J
  start seats.log node seats.js
  sleep 2
  (echo 'BEGIN; UPDATE seat SET guest = NULL WHERE id > 3;'; sleep 60) | as_postgres psql -q -d postgres >/dev/null 2>&1 &
  wait $last
  cp $pg_log "$evidence/postgresql.log"
}

case_database_unavailable_zap_clearing() {
  about <<'JSON'
{ "category": "database-unavailable", "app": "clearing", "log": "clearing.json.log",
  "proof": ["dial error: dial tcp 10.0.9.64:5432: connect: connection refused"],
  "program": "go, zap and pgx 5 against postgresql 15", "form": "json-lines", "hides": "level info for each settlement that is postponed, level error for a file that is late every day", "split": "held-out",
  "why": "The database was stopped; what fails is logged as information, the only errors are harmless." }
JSON
  host clearing-1
  address 10.0.9.64 clearing-db
  pg_new && pg_start
  sql 'CREATE TABLE settlement (payment int, cents int)'
  go_app clearing
  DATABASE_URL='postgres://postgres@clearing-db/postgres?sslmode=disable' start clearing.json.log clearing settle 34
  sleep 4
  pg_stop
  wait $last
  cp $pg_log "$evidence/postgresql.log"
}

case_unauthorized_logrus_partner_sync() {
  about <<'JSON'
{ "category": "unauthorized", "app": "clearing", "log": "sync.log",
  "proof": ["401 Unauthorized"],
  "program": "go, logrus against nginx 1.22", "form": "logfmt", "hides": "level=info batch kept for later, level=error of a slow push gateway", "split": "held-out",
  "why": "The partner changed the token; it answers every batch with 401 and the program calls that information." }
JSON
  host clearing-3
  address 10.0.9.66 bank.partner.example
  partner() { printf 'pid /tmp/b.pid;\nerror_log /tmp/b.log;\nevents {}\nhttp { access_log /tmp/b.access; server { listen 10.0.9.66:80; location / { add_header WWW-Authenticate "Bearer error=\\"invalid_token\\"" always; if ($http_authorization != "Bearer %s") { return 401; } return 204; } } }\n' "$1" >/tmp/b.conf; }
  partner september
  nginx -c /tmp/b.conf
  go_app clearing
  PARTNER=http://bank.partner.example TOKEN=september start sync.log clearing sync 26
  sleep 1.6
  partner october
  nginx -c /tmp/b.conf -s reload
  wait $last
}

case_connection_reset_grpc_rates() {
  about <<'JSON'
{ "category": "connection-reset", "app": "clearing", "log": "rates.json.log",
  "proof": ["connection reset by peer"],
  "program": "go, grpc 1 and logrus", "form": "json-lines", "hides": "code = Unavailable, rates not read, the last ones are used", "split": "held-out",
  "why": "What listens there takes the connection and resets it before it has said anything; name, route and port are right." }
JSON
  host clearing-5
  address 10.0.9.68 rates.internal
  /usr/bin/python3 -c "
import socket, struct
s = socket.create_server(('10.0.9.68', 7443))
while True:
    c, _ = s.accept(); c.recv(9)
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); c.close()" &
  wait_port 7443 10.0.9.68
  go_app clearing
  RATES=rates.internal:7443 start rates.json.log clearing rates 22
  wait $last
}

case_shutdown_timeout_postgresql_smart() {
  about <<'JSON'
{ "category": "shutdown-timeout", "app": "postgresql", "log": "maintenance.log",
  "proof": ["pg_ctl: server does not shut down"],
  "program": "pg_ctl of postgresql 15", "form": "application-log", "hides": "the database system is shutting down, HINT about fast mode, 0 packages changed", "split": "held-out",
  "why": "The stop waits for every session to leave by itself, and one stays; after its time pg_ctl gives up and the server still runs." }
JSON
  host db-9
  address 10.0.9.90 ledger-db
  pg_new 'log_connections = on' && pg_start
  (sleep 90) | psql -q -h ledger-db -U postgres postgres >/dev/null 2>&1 &
  sleep 1
  stop() { as_postgres $pg_bin/pg_ctl -D /var/lib/postgresql/15/main -m smart -t 6 stop; }
  {
    echo "[$(date -u +%T)] maintenance: dump of the ledger"
    as_postgres pg_dump -h ledger-db -U postgres --schema-only postgres | tail -n 3
    for try in 1 2; do echo "[$(date -u +%T)] maintenance: stopping the database, try $try of 2"; stop; echo "maintenance: pg_ctl ended with status $?"; done
    as_postgres psql -h ledger-db -U postgres -c 'SELECT 1' postgres
    echo "[$(date -u +%T)] maintenance: given up, kernel not updated, 0 packages changed"
  } >"$evidence/maintenance.log" 2>&1
  cp $pg_log "$evidence/postgresql.log"
}

case_port_exhausted_pgbouncer_servers() {
  about <<'JSON'
{ "category": "port-exhausted", "app": "pgbouncer", "log": "pgbouncer.log",
  "proof": ["Cannot assign requested address"],
  "program": "pgbouncer 1.18", "form": "application-log", "hides": "connect failed, query_wait_timeout, pooler error", "split": "tune",
  "why": "The pooler's host has twelve local ports for connections to the database and all are taken; the database has room for more." }
JSON
  host pool-3
  address 10.0.9.92 stays-db
  pg_new && pg_start
  printf '[databases]\nstays = host=10.0.9.92 dbname=postgres user=postgres\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = /tmp\nlisten_port = 6432\nauth_type = any\nmax_client_conn = 90\ndefault_pool_size = 40\nquery_wait_timeout = 4\nserver_login_retry = 1\nstats_period = 5\nserver_tls_sslmode = disable\n' >/tmp/pgbouncer.ini
  chmod 666 /tmp/pgbouncer.ini
  echo '40000 40011' >/proc/sys/net/ipv4/ip_local_port_range
  as_postgres pgbouncer /tmp/pgbouncer.ini >>"$evidence/pgbouncer.log" 2>&1 &
  sleep 2
  for n in $(seq 20); do (echo "SELECT pg_sleep(9);") | psql -q -h /tmp -p 6432 -U stays stays >/dev/null 2>&1 & sleep 0.3; done
  sleep 9
  cp $pg_log "$evidence/postgresql.log"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
