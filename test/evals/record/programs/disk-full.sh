#!/bin/bash
# disk-full: a file system has no room left.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_disk_full_postgresql_insert() {
  about <<'JSON'
{ "category": "disk-full", "app": null, "log": "postgresql.log",
  "proof": ["No space left on device"],
  "program": "postgresql 15", "form": "application-log", "hides": "database system was not properly shut down, startup process exited",
  "split": "tune",
  "why": "A bulk insert fills the volume of the data directory; the write-ahead log cannot grow, the server panics and cannot recover." }
JSON
  host orders-db-0
  tiny /var/lib/postgresql 120m postgres
  pg_new 'max_wal_size = 64MB' 'log_connections = on' "cluster_name = 'orders-db'"
  pg_start
  sql 'CREATE TABLE orders (id bigint, body text)'
  sql "INSERT INTO orders SELECT n, repeat('x', 100) FROM generate_series(1, 1000) n"
  sql 'CHECKPOINT'
  for n in 1 2 3 4 5 6; do sql "INSERT INTO orders SELECT n, repeat(md5(n::text), 30) FROM generate_series(1, 30000) n" || true; done 2>/dev/null
  sleep 2
  cp $pg_log "$evidence/postgresql.log"
}

case_disk_full_postgresql_client() {
  about <<'JSON'
{ "category": "disk-full", "app": "user_service", "log": "user_service.log",
  "proof": ["No space left on device"],
  "program": "FastAPI, SQLAlchemy and psycopg2 against postgresql 15", "form": "application-log", "hides": "500 Internal Server Error, sqlalchemy.exc.OperationalError",
  "split": "held-out",
  "why": "The web framework reports a 500 with chained tracebacks; their innermost cause is the database that could not extend a file." }
JSON
  host user-2
  tiny /var/lib/postgresql/spool 12m postgres
  pg_new && pg_start
  sql "CREATE TABLESPACE spool LOCATION '/var/lib/postgresql/spool'"
  sql "ALTER DATABASE postgres SET default_tablespace = spool"
  python_packages
  app user_service user_service
  cat >>main.py <<'X'


@app.post("/import/{count}")
def bulk(count: int):
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO users SELECT n, repeat(md5(n::text), 2) FROM generate_series(1, :n) n"), {"n": count})
    log.info("imported %d users", count)
    return {"imported": count}
X
  export DATABASE_URL=postgresql+psycopg2://postgres@127.0.0.1/postgres
  start user_service.log /usr/bin/python3 -m uvicorn main:app --port 8020
  wait_port 8020
  hit http://127.0.0.1:8020/users/7 2
  hit http://127.0.0.1:8020/import/2000 2 -X POST
  hit http://127.0.0.1:8020/import/200000 1 -X POST
  hit http://127.0.0.1:8020/users/7 1
  sleep 1
}

case_disk_full_redis_aof() {
  about <<'JSON'
{ "category": "disk-full", "app": "cart-cache", "log": "redis.log",
  "proof": ["No space left on device"],
  "program": "redis 7.0 with append-only file", "form": "application-log", "hides": "MISCONF Errors writing to the AOF file",
  "split": "held-out",
  "why": "The append-only file fills its volume; clients only see MISCONF answers." }
JSON
  host cart-cache-0
  tiny /var/lib/cart 6m
  start redis.log redis-server --port 6379 --dir /var/lib/cart --appendonly yes --appendfsync everysec --auto-aof-rewrite-percentage 0
  wait_port 6379
  for n in $(seq 9); do head -c 1000000 /dev/zero | tr '\0' c | redis-cli -x set "cart:$n"; sleep 0.5; done >"$evidence/redis-cli.txt" 2>&1
  sleep 2
  redis-cli set cart:99 late >>"$evidence/redis-cli.txt" 2>&1
}

case_disk_full_node_retry_storm() {
  about <<'JSON'
{ "category": "disk-full", "app": "notifications", "log": "worker.log",
  "proof": ["ENOSPC: no space left on device"],
  "program": "node 20.20.2, winston", "form": "application-log", "hides": "job failed, retrying (storm)",
  "split": "tune",
  "why": "The outbox volume is full, every job is retried; the code of each failed write is ENOSPC." }
JSON
  host notify-1
  redis-server --port 6379 --save '' --daemonize yes >/dev/null
  wait_port 6379
  tiny /var/spool/notifications 400k
  app notifications notifications
  export REDIS_URL=redis://127.0.0.1:6379 EVERY_MS=150 MAIL_BYTES=30000
  start worker.log node worker.js
  sleep 6
}

case_disk_full_nginx_upload() {
  about <<'JSON'
{ "category": "disk-full", "app": "edge", "log": "error.log",
  "proof": ["(28: No space left on device)"],
  "program": "nginx 1.22", "form": "application-log", "hides": "HTTP 500 on POST /upload in the access log",
  "split": "tune",
  "why": "nginx cannot write request bodies to its temporary folder; the access log only shows 500 for uploads." }
JSON
  host edge-1
  app storefront storefront
  node server.js >/dev/null 2>&1 &
  tiny /var/cache/edge 2m www-data
  cat >/tmp/nginx.conf <<'X'
user www-data;
worker_processes 1;
error_log /tmp/error.log notice;
events {}
http {
  access_log /tmp/access.log;
  client_body_temp_path /var/cache/edge;
  client_max_body_size 20m;
  server { listen 80; server_name shop.example.com; location / { proxy_pass http://127.0.0.1:4000; } }
}
X
  wait_port 4000
  nginx -c /tmp/nginx.conf
  wait_port 80
  hit http://127.0.0.1/ 4
  head -c 800000 /dev/zero >/tmp/small
  head -c 8000000 /dev/zero >/tmp/big
  hit http://127.0.0.1/upload/avatar 2 --data-binary @/tmp/small
  hit http://127.0.0.1/upload/video 3 --data-binary @/tmp/big
  hit http://127.0.0.1/ 2
  sleep 1
  cp /tmp/error.log /tmp/access.log "$evidence/"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
