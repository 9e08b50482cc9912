#!/bin/bash
# Perl, Ruby and sqitch against servers that refuse, lock or are not there.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# stock_db [SETTING…]: PostgreSQL as stock-db with three shelves.
stock_db() {
  address 10.0.6.33 stock-db
  pg_new "$@" && pg_start
  sql "CREATE USER stock PASSWORD 'pw'"
  sql 'CREATE DATABASE stock OWNER stock'
  sql 'CREATE TABLE shelf (id int PRIMARY KEY, pieces int); INSERT INTO shelf VALUES (1, 10), (2, 10), (3, 10); GRANT ALL ON shelf TO stock' stock
}

case_database_connections_exhausted_perl_stock() {
  about <<'JSON'
{ "category": "database-connections-exhausted", "app": "stock", "log": "stock.log",
  "proof": ["remaining connection slots are reserved for non-replication superuser connections"],
  "program": "perl 5.36, DBD::Pg against postgresql 15", "form": "application-log", "hides": "movement N has no reason", "split": "held-out",
  "why": "The program opens a connection for each movement and never closes one; the server has no slot left." }
JSON
  host stock-1
  stock_db 'max_connections = 9'
  app languages stock
  start stock.log perl stock.pl keep
  wait $last
}

case_database_locked_perl_stock() {
  about <<'JSON'
{ "category": "database-locked", "app": "stock", "log": "stock.log",
  "proof": ["canceling statement due to lock timeout"],
  "program": "perl 5.36, DBD::Pg against postgresql 15", "form": "application-log", "hides": "while updating tuple in relation", "split": "held-out",
  "why": "Somebody holds the row in an open transaction; every movement of that shelf waits and gives up." }
JSON
  host stock-3
  stock_db
  app languages stock
  start stock.log perl stock.pl lock
  sleep 2
  (sql 'BEGIN; UPDATE shelf SET pieces = 0 WHERE id = 3; SELECT pg_sleep(60)' stock >/dev/null) &
  wait $last
}

case_database_deadlock_perl_stock() {
  about <<'JSON'
{ "category": "database-deadlock", "app": "stock", "log": "stock.log",
  "proof": ["ERROR:  deadlock detected"],
  "program": "perl 5.36, DBD::Pg against postgresql 15", "form": "application-log", "hides": "movement N not booked", "split": "held-out",
  "why": "Two workers take the same two rows in opposite order; the database ends one of them each time." }
JSON
  host stock-5
  stock_db 'deadlock_timeout = 500ms'
  app languages stock
  start stock.log perl stock.pl cross
  first=$last
  start stock.log perl stock.pl cross
  [ $((first % 2)) != $((last % 2)) ] || { kill $last; /bin/true; start stock.log perl stock.pl cross; }
  wait
}

case_database_slow_query_perl_stock() {
  about <<'JSON'
{ "category": "database-slow-query", "app": "stock", "log": "stock.log",
  "proof": ["canceling statement due to statement timeout"],
  "program": "perl 5.36, DBD::Pg against postgresql 15", "form": "application-log", "hides": "movement N not booked", "split": "held-out",
  "why": "A query over a table without an index takes longer than the program allows; the server's own log names it, with its time." }
JSON
  host stock-7
  stock_db 'log_min_duration_statement = 600' 'log_min_error_statement = error'
  sql "CREATE TABLE movement AS SELECT n, md5(n::text) note FROM generate_series(1, 40000) n; GRANT ALL ON movement TO stock" stock
  app languages stock
  start stock.log perl stock.pl slow
  wait $last
  cp $pg_log "$evidence/postgresql.log"
}

case_migration_failed_sqitch() {
  about <<'JSON'
{ "category": "migration-failed", "app": null, "log": "deploy.log",
  "proof": ["column \"weight\" of relation \"parcels\" already exists"],
  "program": "sqitch 1.3 against postgresql 15", "form": "application-log", "hides": "Deploy failed, Reverting to", "split": "held-out",
  "why": "A change adds a column that somebody had added by hand; the migration stops there and is taken back." }
JSON
  host migrate-3
  address 10.0.6.34 parcels-db
  pg_new && pg_start
  mkdir -p /srv/parcels && cd /srv/parcels || exit 1
  export HOME=/srv SQITCH_FULLNAME=Deploy SQITCH_EMAIL=deploy@example.com
  {
    sqitch init parcels --engine pg
    for change in parcels depots weight labels; do sqitch add $change -n "adds $change"; done
  } >/dev/null
  echo 'CREATE TABLE parcels (id int PRIMARY KEY);' >deploy/parcels.sql
  echo 'CREATE TABLE depots (id int PRIMARY KEY);' >deploy/depots.sql
  echo 'ALTER TABLE parcels ADD COLUMN weight int;' >deploy/weight.sql
  echo 'CREATE TABLE labels (id int);' >deploy/labels.sql
  for change in parcels depots weight labels; do echo 'SELECT 1;' >revert/$change.sql; echo 'SELECT 1;' >verify/$change.sql; done
  database=db:pg://postgres@parcels-db/postgres
  {
    echo '$ sqitch deploy --to-change depots'; sqitch deploy --to-change depots $database
    sql 'ALTER TABLE parcels ADD COLUMN weight numeric'
    echo '$ sqitch status'; sqitch status $database
    echo '$ sqitch deploy --mode change'; sqitch deploy --mode change $database
    echo "deploy job ended with status $?"
  } >"$evidence/deploy.log" 2>&1
}

case_cache_unavailable_perl_redis() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "badges", "log": "badges.log",
  "proof": ["Could not connect to Redis server at badge-cache:6379: Connection refused"],
  "program": "perl 5.36, Redis.pm against redis 7.0", "form": "application-log", "hides": "badge computed without cache in N ms", "split": "held-out",
  "why": "Redis is gone; every badge is computed anew and the program says why." }
JSON
  host badges-1
  address 10.0.6.55 badge-cache
  redis() { redis-server --port 6379 --save '' --protected-mode no --daemonize yes >/dev/null; wait_port 6379; }
  redis
  cat >/srv/badges.pl <<'P'
use strict; use warnings; use Redis; use Mojo::Log; $| = 1;
my $log = Mojo::Log->new(handle => \*STDOUT);
$log->info('badges 1.2, cache badge-cache:6379');
for my $n (1 .. 16) {
    my $badge = eval { my $cache = Redis->new(server => 'badge-cache:6379'); $cache->set("badge:$n", 'gold'); $cache->get("badge:$n") };
    if ($badge) { $log->info("badge of customer " . (4000 + $n) . ": $badge") }
    else { $log->error("cache: $@"); $log->warn('badge computed without cache in ' . (300 + 7 * $n) . ' ms') }
    select undef, undef, undef, 0.3;
}
P
  start badges.log perl /srv/badges.pl
  sleep 2
  redis-cli shutdown nosave
  wait $last
}

case_upstream_5xx_perl_feeds() {
  about <<'JSON'
{ "category": "upstream-5xx", "app": "feed-import", "log": "feed.log",
  "proof": ["503 Service Temporarily Unavailable"],
  "program": "perl 5.36, Mojolicious 9", "form": "application-log", "hides": "feed 4 has no etag", "split": "held-out",
  "why": "The supplier's server answers 503 to every feed; it was resolved and reached." }
JSON
  host feeds-7
  address 10.0.7.90 feeds.supplier.example
  printf 'events {}\nhttp { access_log off; server { listen 10.0.7.90:80; return 503; } }\n' >/tmp/nginx.conf
  nginx -c /tmp/nginx.conf 2>/dev/null
  sleep 1
  app languages feed-import
  for n in 1 2; do start feed.log perl Feed.pl fetch http://feeds.supplier.example; wait $last; done
}

case_version_incompatible_perl() {
  about <<'JSON'
{ "category": "version-incompatible", "app": "feed-import", "log": "journal.log",
  "proof": ["Perl v5.38.0 required--this is only v5.36.0"],
  "program": "perl 5.36 under systemd 252", "form": "journald", "hides": "BEGIN failed--compilation aborted, status=255", "split": "held-out",
  "why": "The new release is written for perl 5.38 and the host has 5.36." }
JSON
  host feeds-9
  app languages feed-import
  printf '[Unit]\nDescription=Feed import\n[Service]\nExecStart=/usr/bin/perl /srv/feed-import/Feed.pl once\nRestart=on-failure\nRestartSec=1\n' | unit feed-import
  systemctl start feed-import
  sleep 4
  sed -i 's/^use strict;/use v5.38;\nuse strict;/' Feed.pl
  systemctl start feed-import
  sleep 6
  journal journal.log -u feed-import
}

case_dns_failure_alertmanager_hook() {
  about <<'JSON'
{ "category": "dns-failure", "app": "alertmanager", "log": "alertmanager.log",
  "proof": ["lookup chat.exmaple.com on 10.96.0.10:53: no such host"],
  "program": "alertmanager 0.25", "form": "application-log", "hides": "Notify for alerts failed, context deadline exceeded", "split": "held-out",
  "why": "The address of the hook was mistyped; there is no such name." }
JSON
  host alerts-5
  . "$programs/observers.sh"
  ip address add 10.96.0.10/32 dev lo
  dnsmasq -k -u root --listen-address=10.96.0.10 --bind-interfaces --no-resolv --address=/chat.example.com/10.0.7.60 --local=/com/ &
  sleep 1
  alerts alertmanager.log http://chat.exmaple.com/hooks/oncall
  for n in DiskSlow QueueLong CertSoon; do fire $n; sleep 2; done
  sleep 12
  kill -KILL $last
}

case_thread_exhausted_puma() {
  about <<'JSON'
{ "category": "thread-exhausted", "app": "board", "log": "journal.log",
  "proof": ["can't create Thread: Resource temporarily unavailable (ThreadError)"],
  "program": "ruby 3.1, puma 5.6 under systemd 252", "form": "journald", "hides": "frames of puma/thread_pool, status=1/FAILURE", "split": "held-out",
  "why": "The unit may have 8 tasks and the server wants 24 threads." }
JSON
  host board-9
  app labels board
  printf '[Unit]\nDescription=Board\n[Service]\nWorkingDirectory=/srv/board\nExecStart=/usr/bin/puma -e production -b tcp://127.0.0.1:9292 -t 24:24 config.ru\nTasksMax=8\nRestart=on-failure\nRestartSec=2\n' | unit board
  systemctl start board
  sleep 14
  journal journal.log -u board
}

case_connection_reset_ruby_reports() {
  about <<'JSON'
{ "category": "connection-reset", "app": "reports", "log": "reports.log",
  "proof": ["Connection reset by peer (Errno::ECONNRESET)"],
  "program": "ruby 3.1, net/http", "form": "application-log", "hides": "report N skipped, retry in 1 s", "split": "held-out",
  "why": "The server takes the connection and the request, and then resets it; it was resolved and reached, and does not refuse." }
JSON
  host reports-1
  address 10.0.7.95 ledger-api
  /usr/bin/python3 -c "
import socket, struct
s = socket.create_server(('10.0.7.95', 8300))
for n in range(99):
    c, _ = s.accept(); c.recv(999)
    if n < 4: c.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
    else: c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    c.close()" &
  sleep 1
  cat >/srv/reports.rb <<'R'
require 'net/http'
require 'logger'
$stdout.sync = true
log = Logger.new($stdout, progname: 'reports')
log.info('reports 2.0, ledger http://ledger-api:8300')
(1..9).each do |n|
  tries = 0
  begin
    Net::HTTP.get(URI("http://ledger-api:8300/days/#{n}"))
    log.info("report #{n} written")
    log.warn("report #{n}: 2 rows without a name") if n == 2
  rescue SystemCallError => e
    log.error("report #{n}: #{e.message} (#{e.class})")
    (tries += 1) < 2 ? (log.info('retry in 1 s'); sleep 0.4; retry) : log.warn("report #{n} skipped")
  end
  sleep 0.2
end
log.fatal('5 reports are missing')
exit 1
R
  start reports.log ruby /srv/reports.rb
  wait $last
}

case_consumer_lag_beanstalkd_resize() {
  about <<'JSON'
{ "category": "consumer-lag", "app": "resize", "log": "resize.log",
  "proof": ["behind: ", "current-jobs-ready"],
  "program": "ruby 3.1 against beanstalkd 1.12", "form": "application-log", "hides": "picture done in 400 ms", "split": "held-out",
  "why": "Pictures come faster than the one worker makes them; each is done without an error, and the tube grows and ages." }
JSON
  host resize-1
  beanstalkd -l 127.0.0.1 -p 11300 &
  wait_port 11300
  cat >/srv/resize.rb <<'R'
require 'socket'
require 'logger'
$stdout.sync = true
log = Logger.new($stdout, progname: 'resize')
bus = TCPSocket.new('127.0.0.1', 11300)
bus.write("watch pictures\r\n"); bus.gets
log.info('worker 1 of 1 watches pictures')
(1..26).each do |n|
  bus.write("reserve\r\n")
  id, size = bus.gets.split[1, 2]
  body = bus.read(size.to_i + 2).to_f
  sleep 0.4
  bus.write("delete #{id}\r\n"); bus.gets
  log.info("picture #{id} done in 4#{n % 10}0 ms")
  next unless (n % 5).zero?
  bus.write("stats-tube pictures\r\n")
  stats = bus.read(bus.gets.split[1].to_i + 2)
  log.warn("behind: the picture waited #{(Time.now.to_f - body).round(1)} s, current-jobs-ready #{stats[/current-jobs-ready: (\d+)/, 1]}")
end
R
  /usr/bin/python3 -c "
import socket, time
bus = socket.create_connection(('127.0.0.1', 11300)); bus.sendall(b'use pictures\r\n')
for n in range(120):
    body = str(time.time()).encode(); bus.sendall(b'put 10 0 60 %d\r\n%s\r\n' % (len(body), body)); bus.recv(99); time.sleep(0.08)" &
  sleep 0.5
  start resize.log ruby /srv/resize.rb
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
