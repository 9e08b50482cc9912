#!/bin/bash
# read-only-filesystem: the file system that a program writes to lets nobody write.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# read_only PATH: what is there stays and can no longer be changed.
read_only() { mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"; }

case_read_only_filesystem_nginx_proxy_temp() {
  about <<'JSON'
{ "category": "read-only-filesystem", "app": null, "log": "error.log",
  "proof": ["(30: Read-only file system)"],
  "program": "nginx 1.22", "form": "application-log", "hides": "500 for uploads in the access log",
  "split": "tune",
  "why": "The folder for request bodies came back read-only after maintenance; every upload ends with 500, pages are still served." }
JSON
  host edge-12
  mkdir -p /srv/www /var/cache/edge && echo hello >/srv/www/index.html
  cat >/tmp/nginx.conf <<'N'
user www-data;
error_log /tmp/error.log notice;
events {}
http {
  access_log /tmp/access.log;
  client_body_temp_path /var/cache/edge/body; client_body_buffer_size 1k;
  server { listen 80; root /srv/www; location /upload { proxy_pass http://127.0.0.1:80/; } }
}
N
  nginx -c /tmp/nginx.conf
  wait_port 80
  head -c 20000 /dev/zero >/tmp/picture
  hit http://127.0.0.1/ 5
  hit http://127.0.0.1/upload 2 --data-binary @/tmp/picture
  read_only /var/cache/edge
  hit http://127.0.0.1/upload 4 --data-binary @/tmp/picture
  hit http://127.0.0.1/ 2
  cp /tmp/error.log /tmp/access.log "$evidence/"
}

case_read_only_filesystem_postgresql_journal() {
  about <<'JSON'
{ "category": "read-only-filesystem", "app": "orders-db", "log": "journal.log",
  "proof": ["Read-only file system"],
  "program": "postgresql 15 under systemd 252", "form": "journald", "hides": "Failed with result 'exit-code', restart counter",
  "split": "held-out",
  "why": "The volume of the data came back read-only after a reboot, so the server cannot write its lock file and is started in vain again and again." }
JSON
  host db-9
  pg_new && pg_start
  sql 'CREATE TABLE orders (id int)'
  pg_stop
  unit orders-db <<U
[Unit]
Description=orders database
[Service]
User=postgres
ExecStart=$pg_bin/postgres -D /var/lib/postgresql/15/main
Restart=on-failure
RestartSec=1
U
  systemctl start orders-db
  sleep 3
  systemctl stop orders-db
  read_only /var/lib/postgresql
  systemctl start orders-db
  sleep 6
  journal journal.log
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
