#!/bin/bash
# permission-denied: the operating system refuses a file, folder or port to the user of the program.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_permission_denied_nginx_key() {
  about <<'JSON'
{ "category": "permission-denied", "app": "edge", "log": "error.log",
  "proof": ["cannot load certificate key"],
  "program": "nginx 1.22", "form": "application-log", "hides": null, "split": "tune",
  "why": "After the certificate was renewed the key belongs to root with mode 600 and nginx runs as www-data." }
JSON
  host edge-2
  mkdir -p /etc/edge /var/cache/edge && chown www-data /var/cache/edge
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=shop.example.com -keyout /etc/edge/tls.key -out /etc/edge/tls.crt 2>/dev/null
  chmod 600 /etc/edge/tls.key && chown www-data /etc/edge/tls.key
  cat >/etc/edge/nginx.conf <<'X'
pid /var/cache/edge/nginx.pid;
error_log /var/cache/edge/error.log notice;
events {}
http {
  access_log off;
  client_body_temp_path /var/cache/edge/body; proxy_temp_path /var/cache/edge/proxy; fastcgi_temp_path /var/cache/edge/fcgi;
  uwsgi_temp_path /var/cache/edge/uwsgi; scgi_temp_path /var/cache/edge/scgi;
  server { listen 8443 ssl; ssl_certificate /etc/edge/tls.crt; ssl_certificate_key /etc/edge/tls.key; return 200 ok; }
}
X
  as_www() { setpriv --reuid www-data --regid www-data --clear-groups "$@"; }
  as_www nginx -c /etc/edge/nginx.conf
  wait_port 8443
  hit https://127.0.0.1:8443/ 2 -k
  as_www nginx -c /etc/edge/nginx.conf -s reload 2>>/var/cache/edge/error.log
  sleep 1
  chown root /etc/edge/tls.key
  as_www nginx -c /etc/edge/nginx.conf -s stop
  sleep 1
  as_www nginx -c /etc/edge/nginx.conf 2>>/var/cache/edge/error.log || true
  cp /var/cache/edge/error.log "$evidence/error.log"
}

case_permission_denied_postgres_datadir() {
  about <<'JSON'
{ "category": "permission-denied", "app": null, "log": "postgresql.log",
  "proof": ["Permission denied"],
  "program": "postgresql 15", "form": "application-log", "hides": "PANIC / checkpoint request failed",
  "split": "tune",
  "why": "A restore as root left the tablespace files owned by root; the server cannot open them and statements fail." }
JSON
  host orders-db-1
  pg_new 'log_checkpoints = on' && pg_start
  sql 'CREATE TABLE orders (id int); CREATE TABLE items (id int); INSERT INTO orders VALUES (1)'
  sql 'CHECKPOINT'
  pg_stop
  chown -R root:root /var/lib/postgresql/15/main/base/*/
  pg_start
  for n in 1 2 3; do sql 'SELECT * FROM orders' || true; sleep 0.5; done 2>/dev/null
  sql 'SELECT 1' template1 2>/dev/null || true
  pg_stop || true
  cp $pg_log "$evidence/postgresql.log"
}

case_permission_denied_node_eacces_journald() {
  about <<'JSON'
{ "category": "permission-denied", "app": "notifications", "log": "journal.log",
  "proof": ["EACCES: permission denied"],
  "program": "node 20.20.2 under systemd 252", "form": "journald", "hides": "job failed, retrying (retry storm)",
  "split": "held-out",
  "why": "The outbox was recreated by root, the worker runs as www-data; each job is retried and fails with EACCES." }
JSON
  host notify-2
  app notifications notifications
  install -d -o www-data /var/spool/notifications
  unit notifications <<'X'
[Unit]
Description=Notifications worker
[Service]
User=www-data
WorkingDirectory=/srv/notifications
Environment=REDIS_URL=redis://127.0.0.1:6379 EVERY_MS=500
ExecStart=/usr/bin/node worker.js
X
  redis-server --port 6379 --save '' --daemonize yes >/dev/null
  wait_port 6379
  systemctl start notifications
  sleep 3
  mv /var/spool/notifications /var/spool/notifications.old
  install -d -o root -m 755 /var/spool/notifications
  sleep 4
  systemctl stop notifications
  journal journal.log -u notifications
}

case_permission_denied_python_key_json() {
  about <<'JSON'
{ "category": "permission-denied", "app": "auth", "log": "auth.json.log",
  "proof": ["PermissionError: [Errno 13] Permission denied: '/etc/auth/signing.pem'"],
  "program": "python 3.11, structlog", "form": "json-lines", "hides": "request_failed, status 500",
  "split": "held-out",
  "why": "The signing key was rotated with mode 0600 of root; the service, running as nobody, answers 500." }
JSON
  host auth-1
  python_packages
  app auth auth
  mkdir -p /etc/auth
  echo key-one >/etc/auth/signing.pem
  export SIGNING_KEY_FILE=/etc/auth/signing.pem
  start auth.json.log setpriv --reuid nobody --regid nogroup --clear-groups /usr/bin/python3 -u auth.py
  wait_port 9000
  hit http://127.0.0.1:9000/token/u-7 3
  install -m 600 /dev/null /etc/auth/signing.new && echo key-two >/etc/auth/signing.new && mv /etc/auth/signing.new /etc/auth/signing.pem
  hit http://127.0.0.1:9000/token/u-8 3
  hit http://127.0.0.1:9000/health 1
  sleep 1
}

case_permission_denied_go_low_port() {
  about <<'JSON'
{ "category": "permission-denied", "app": "api-gateway", "log": "gateway.log",
  "proof": ["listen tcp :443: bind: permission denied"],
  "program": "go 1.26", "form": "application-log", "hides": null, "split": "tune",
  "why": "The gateway was moved from port 8443 to 443 but may not bind ports below 1024 as user nobody." }
JSON
  host gw-1
  go_app gateway
  export ROUTES='/orders=http://127.0.0.1:3000 /users=http://127.0.0.1:8020'
  for port in 3000 8020; do /usr/bin/python3 -m http.server $port --directory /srv >/dev/null 2>&1 & done
  mkdir -p /srv/health && touch /srv/health/index.html
  wait_port 8020
  run() { LISTEN=$1 timeout 3 setpriv --reuid nobody --regid nogroup --clear-groups gateway >>"$evidence/gateway.log" 2>&1; }
  run :8443
  run :443
  run :443
}

case_permission_denied_redis_rdb() {
  about <<'JSON'
{ "category": "permission-denied", "app": null, "log": "redis.log",
  "proof": ["Permission denied"],
  "program": "redis 7.0", "form": "application-log", "hides": "MISCONF Redis is configured to save RDB snapshots",
  "split": "tune",
  "why": "The data folder is no longer writable for redis, so background saves fail; clients get MISCONF for every write." }
JSON
  host cache-1
  install -d -o redis /var/lib/session
  start redis.log setpriv --reuid redis --regid redis --clear-groups redis-server --port 6379 --dir /var/lib/session --save 2 1
  wait_port 6379
  redis-cli set s:1 a >/dev/null
  sleep 4
  chown root /var/lib/session
  for n in 2 3 4 5; do redis-cli set s:$n a; sleep 2; done >"$evidence/client.txt" 2>&1
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
