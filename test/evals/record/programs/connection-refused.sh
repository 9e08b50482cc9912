#!/bin/bash
# connection-refused: the peer (neither database nor cache) does not listen.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_connection_refused_node_axios() {
  about <<'JSON'
{ "category": "connection-refused", "app": "checkout", "log": "checkout.json.log",
  "proof": ["connect ECONNREFUSED 10.0.4.17:8085"],
  "program": "node 20.20.2, axios", "form": "json-lines", "hides": "request failed, statusCode 500", "split": "tune",
  "why": "The pricing service stopped; checkout's quotes fail with a refused connection to its address." }
JSON
  host checkout-2
  address 10.0.4.17 pricing
  java_app pricing pricing com.acme.pricing.Main
  java_run pricing >/dev/null 2>&1 &
  pricing=$!
  wait_port 8085
  app checkout checkout
  PRICING_URL=http://pricing:8085 start checkout.json.log node server.js
  wait_port 3000
  hit http://127.0.0.1:3000/quote/mug 3
  kill $pricing; wait $pricing
  hit http://127.0.0.1:3000/quote/mug 5
  sleep 0.5
}

case_connection_refused_node_fetch() {
  about <<'JSON'
{ "category": "connection-refused", "app": "payments-api", "log": "payments.json.log",
  "proof": ["connect ECONNREFUSED 10.0.7.3:9400"],
  "program": "node 20.20.2, fastify, undici", "form": "json-lines", "hides": "TypeError: fetch failed", "split": "tune",
  "why": "fetch failed is a wrapper; the cause in the stack is a refused connection to the card provider's sandbox." }
JSON
  host payments-2
  address 10.0.7.3 provider-sandbox
  mkdir -p /srv/fake/v2/authorise && echo '{"ok":true}' >/srv/fake/v2/authorise/78
  /usr/bin/python3 -m http.server 9400 --directory /srv/fake >/dev/null 2>&1 &
  provider=$!
  wait_port 9400
  app payments-api payments-api
  STRIPE_WEBHOOK_SECRET=x start payments.json.log node index.js
  wait_port 8080
  hit http://127.0.0.1:8080/authorise/78 3
  kill $provider
  sleep 0.5
  hit http://127.0.0.1:8080/authorise/78 3
  hit http://127.0.0.1:8080/health 1
  sleep 0.5
}

case_connection_refused_python_chained() {
  about <<'JSON'
{ "category": "connection-refused", "app": "auth", "log": "auth.json.log",
  "proof": ["ConnectionRefusedError: [Errno 111] Connection refused"],
  "program": "python 3.11, urllib, structlog", "form": "json-lines", "hides": "request_failed with status 500", "split": "held-out",
  "why": "The identity provider is down; urllib raises URLError from ConnectionRefusedError inside the exception field." }
JSON
  host auth-3
  address 10.0.9.9 idp
  mkdir -p /srv/idp && echo '{"active": true}' >/srv/idp/introspect
  /usr/bin/python3 -m http.server 8700 --directory /srv/idp >/dev/null 2>&1 &
  idp=$!
  wait_port 8700
  python_packages
  app auth auth
  IDP_URL=http://idp:8700 start auth.json.log /usr/bin/python3 -u auth.py
  wait_port 9000
  hit http://127.0.0.1:9000/introspect/abc 3
  kill $idp
  sleep 0.5
  hit http://127.0.0.1:9000/introspect/abc 3
  hit http://127.0.0.1:9000/health 1
  sleep 0.5
}

case_connection_refused_java_http() {
  about <<'JSON'
{ "category": "connection-refused", "app": "inventory", "log": "inventory.log",
  "proof": ["java.net.ConnectException: Connection refused"],
  "program": "Spring Boot 3.3.5, OpenJDK 17", "form": "application-log", "hides": "ResourceAccessException, Servlet.service() threw exception", "split": "tune",
  "why": "The supplier gateway does not listen; Spring logs a long servlet error; its root cause is the refused connection." }
JSON
  host inventory-4
  address 10.0.3.30 supplier-gateway
  pg_new && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://supplier-gateway:8600 \
    --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres --spring.datasource.username=postgres
  wait_port 8081
  hit http://127.0.0.1:8081/stock/mug 2
  hit http://127.0.0.1:8081/restock/mug 1
  sleep 1
}

case_connection_refused_nginx_502() {
  about <<'JSON'
{ "category": "connection-refused", "app": "edge", "log": "error.log",
  "proof": ["connect() failed (111: Connection refused) while connecting to upstream"],
  "program": "nginx 1.22", "form": "application-log", "hides": "HTTP 502 in the access log", "split": "held-out",
  "why": "nginx says which upstream refused the connection; the access log has only 502." }
JSON
  host edge-3
  address 10.0.5.11 storefront
  app storefront storefront
  node server.js >/dev/null 2>&1 &
  shop=$!
  cat >/tmp/nginx.conf <<'X'
error_log /tmp/error.log notice;
events {}
http {
  access_log /tmp/access.log;
  upstream storefront { server 10.0.5.11:4000 max_fails=0; }
  server { listen 80; server_name shop.example.com; location / { proxy_pass http://storefront; } }
}
X
  wait_port 4000
  nginx -c /tmp/nginx.conf
  wait_port 80
  hit http://127.0.0.1/ 3
  hit http://127.0.0.1/p/mug 3
  kill $shop; wait $shop
  hit http://127.0.0.1/ 3
  hit http://127.0.0.1/p/mug 3
  sleep 0.5
  cp /tmp/error.log /tmp/access.log "$evidence/"
}

case_connection_refused_ruby_smtp() {
  about <<'JSON'
{ "category": "connection-refused", "app": "mailer", "log": "journal.log",
  "proof": ["Connection refused - connect(2) for 10.0.2.25:25 (Errno::ECONNREFUSED)"],
  "program": "ruby 3.1 under systemd 252", "form": "journald", "hides": "Main process exited, Scheduled restart job", "split": "tune",
  "why": "The mail relay does not listen on port 25; the Ruby process ends with Errno::ECONNREFUSED and is restarted." }
JSON
  host mail-1
  address 10.0.2.25 mail-relay
  app mailer mailer
  echo '[{"template":"welcome","subject":"Welcome","body":"Hi","from":"shop@example.com","to":"a@example.org"}]' >mails.json
  unit mailer <<'X'
[Unit]
Description=Outgoing mail
[Service]
WorkingDirectory=/srv/mailer
Environment=SMTP_HOST=mail-relay SMTP_PORT=25
ExecStart=/usr/bin/ruby mailer.rb mails.json
Restart=on-failure
RestartSec=1
X
  systemctl start mailer
  sleep 5
  journal journal.log -u mailer
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
