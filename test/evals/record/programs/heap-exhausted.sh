#!/bin/bash
# heap-exhausted: a language runtime reaches the limit of its own heap.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_heap_exhausted_node_text() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "storefront", "log": "app.log",
  "proof": ["JavaScript heap out of memory"],
  "program": "node 20.20.2", "form": "application-log", "hides": null, "split": "tune",
  "why": "Sessions are kept in memory, the old space reaches --max-old-space-size and V8 aborts." }
JSON
  host shop-web-2
  app storefront storefront
  SESSION_STORE=memory start app.log node --max-old-space-size=64 server.js
  wait_port 4000
  hit http://127.0.0.1:4000/ 3
  for n in $(seq 60); do curl -s -m 5 -o /dev/null "http://127.0.0.1:4000/p/$n" || break; done
  wait $last
}

case_heap_exhausted_node_behind_nginx() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "storefront", "log": "journal.log",
  "proof": ["JavaScript heap out of memory"],
  "program": "node 20.20.2 under systemd 252, nginx 1.22", "form": "journald", "hides": "502 Bad Gateway",
  "split": "held-out",
  "why": "nginx answers 502 and systemd restarts the unit with signal ABRT; the fatal line of V8 in between says that its heap was full." }
JSON
  host shop-web-1
  app storefront storefront
  unit storefront <<'X'
[Unit]
Description=Storefront web server
[Service]
WorkingDirectory=/srv/storefront
Environment=SESSION_STORE=memory
ExecStart=/usr/bin/node --max-old-space-size=48 server.js
Restart=on-failure
RestartSec=2
LimitCORE=0
X
  nginx_front 4000 'access_log syslog:server=unix:/dev/log,nohostname; error_log stderr;'
  systemctl start storefront nginx-front
  wait_port 4000
  wait_port 80
  for n in $(seq 45); do curl -s -m 5 -o /dev/null "http://127.0.0.1/p/$n"; done
  sleep 1
  journal journal.log -u storefront -u nginx-front
}

case_heap_exhausted_java_spring() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "inventory", "log": "inventory.log",
  "proof": ["java.lang.OutOfMemoryError: Java heap space"],
  "program": "Spring Boot 3.3.5, OpenJDK 17", "form": "application-log", "hides": "Servlet.service() threw exception",
  "split": "tune",
  "why": "The forecast keeps every series, -Xmx is reached; the web framework wraps the error as a handler dispatch failure of one request." }
JSON
  host inventory-1
  pg_new && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  JAVA_OPTS='-Xmx96m -Xms64m' start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 \
    --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres --spring.datasource.username=postgres --supplier.url=http://supplier
  wait_port 8081
  hit http://127.0.0.1:8081/stock/mug 3
  for n in 4 8 16 24 32; do hit http://127.0.0.1:8081/forecast/$n; done
  hit http://127.0.0.1:8081/stock/mug 2
  sleep 1
}

case_heap_exhausted_java_json() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "pricing", "log": "pricing.json.log",
  "proof": ["java.lang.OutOfMemoryError"],
  "program": "OpenJDK 17, logback 1.5", "form": "json-lines", "hides": "request /price failed with status 500",
  "split": "tune",
  "why": "Every request memoises a rule table until the heap is full; the log shows failed requests with the error inside the stack_trace field." }
JSON
  host pricing-0
  java_app pricing pricing com.acme.pricing.Main
  export MEMO=1
  JAVA_OPTS='-Xmx40m -XX:+UseSerialGC' start pricing.json.log java_run pricing
  wait_port 8085
  for n in $(seq 40); do curl -s -m 10 -o /dev/null http://127.0.0.1:8085/price/mug; grep -q OutOfMemory "$evidence/pricing.json.log" && break; done
  hit http://127.0.0.1:8085/price/mug 2
  sleep 1
}

case_heap_exhausted_python_ulimit() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "report-worker", "log": "report.log",
  "proof": ["MemoryError"],
  "program": "python 3.11 under ulimit -v", "form": "application-log", "hides": null, "split": "held-out",
  "why": "The aggregation grows with each day until the address space limit of the process refuses an allocation." }
JSON
  host batch-7
  python_packages
  app report-worker report-worker
  export OFFLINE=1 REPORT_BUCKET=finance-reports DAYS=8 ROWS=150 GROWTH=4
  start report.log bash -c 'ulimit -v 400000; exec /usr/bin/python3 worker.py'
  wait $last
}

case_heap_exhausted_php_fpm() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "catalog", "log": "error.log",
  "proof": ["Allowed memory size of"],
  "program": "PHP 8.2 FPM behind nginx 1.22", "form": "application-log", "hides": "HTTP 500 from nginx",
  "split": "held-out",
  "why": "The export of the whole catalogue needs more than memory_limit; the access log shows only a 500 for one URL." }
JSON
  host catalog-web
  mkdir -p /srv/catalog /run/php
  cat >/srv/catalog/index.php <<'X'
<?php
$rows = [];
for ($i = 0; $i < (int) ($_GET['rows'] ?? 10); $i++) {
    $rows[] = ['sku' => "sku-$i", 'text' => str_repeat("item $i ", 60)];
}
error_log('catalog: listed ' . count($rows) . ' rows');
echo count($rows);
X
  cat >/tmp/fpm.conf <<'X'
[global]
error_log = /tmp/fpm.log
[catalog]
user = www-data
group = www-data
listen = 127.0.0.1:9000
pm = static
pm.max_children = 2
catch_workers_output = yes
php_admin_value[memory_limit] = 32M
php_admin_value[log_errors] = on
X
  php-fpm8.2 --nodaemonize --fpm-config /tmp/fpm.conf >/dev/null 2>&1 &
  cat >/tmp/nginx.conf <<'X'
error_log /tmp/error.log info;
events {}
http {
  access_log /tmp/access.log;
  server { listen 80; location / { include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME /srv/catalog/index.php; fastcgi_pass 127.0.0.1:9000; } }
}
X
  wait_port 9000
  nginx -c /tmp/nginx.conf
  wait_port 80
  hit 'http://127.0.0.1/catalog?rows=10' 2
  hit 'http://127.0.0.1/catalog?rows=500' 2
  hit 'http://127.0.0.1/export?rows=200000' 2
  hit 'http://127.0.0.1/catalog?rows=20' 1
  sleep 1
  cp /tmp/error.log "$evidence/error.log"
  cp /tmp/access.log "$evidence/access.log"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
