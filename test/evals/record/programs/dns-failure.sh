#!/bin/bash
# dns-failure: a host name cannot be resolved.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# A name server at the address in resolv.conf that knows the given NAME=ADDRESS pairs and nothing else.
name_server() {
  ip address replace 10.96.0.10/32 dev lo
  local known=()
  for pair in "$@"; do known+=("--address=/${pair%%=*}/${pair#*=}"); done
  dnsmasq --keep-in-foreground --no-resolv --no-hosts --listen-address=10.96.0.10 --bind-interfaces --local=/#/ \
    --user=root "${known[@]}" >/dev/null 2>&1 &
  names=$!
  sleep 0.5
}

case_dns_failure_node_enotfound() {
  about <<'JSON'
{ "category": "dns-failure", "app": "checkout", "log": "checkout.json.log",
  "proof": ["getaddrinfo ENOTFOUND pricing.shop.svc.cluster.local"],
  "program": "node 20.20.2, axios", "form": "json-lines", "hides": "request failed, statusCode 500", "split": "tune",
  "why": "The service pricing was renamed; its name no longer resolves and each quote answers 500." }
JSON
  host checkout-1
  name_server pricing.shop.svc.cluster.local=127.0.0.1
  java_app pricing pricing com.acme.pricing.Main
  java_run pricing >/dev/null 2>&1 &
  wait_port 8085
  app checkout checkout
  PRICING_URL=http://pricing.shop.svc.cluster.local:8085 start checkout.json.log node server.js
  wait_port 3000
  hit http://127.0.0.1:3000/quote/mug 3
  kill $names
  name_server pricing-v2.shop.svc.cluster.local=127.0.0.1
  sleep 6
  hit http://127.0.0.1:3000/quote/mug 4
  hit http://127.0.0.1:3000/healthz 1
  sleep 0.5
}

case_dns_failure_node_eai_again() {
  about <<'JSON'
{ "category": "dns-failure", "app": "payments-api", "log": "payments.json.log",
  "proof": ["EAI_AGAIN"],
  "program": "node 20.20.2, fastify, undici", "form": "json-lines", "hides": "TypeError: fetch failed, statusCode 500", "split": "held-out",
  "why": "The name server itself does not answer: fetch failed is only the wrapper, its cause is getaddrinfo EAI_AGAIN." }
JSON
  host payments-1
  name_server provider-sandbox=127.0.0.1
  app payments-api payments-api
  sed -i 's/return answer.json();/return { status: answer.status };/' index.js
  mkdir -p /srv/fake/v2/authorise && touch /srv/fake/v2/authorise/77
  /usr/bin/python3 -m http.server 9400 --directory /srv/fake >/dev/null 2>&1 &
  wait_port 9400
  STRIPE_WEBHOOK_SECRET=x start payments.json.log node index.js
  wait_port 8080
  hit http://127.0.0.1:8080/authorise/77 2
  kill $names
  sleep 1
  hit http://127.0.0.1:8080/authorise/77 3
  sleep 1
}

case_dns_failure_python_requests() {
  about <<'JSON'
{ "category": "dns-failure", "app": "report-worker", "log": "report.log",
  "proof": ["Name or service not known", "Failed to resolve 'rates.finance.svc.cluster.local'"],
  "program": "python 3.11, requests", "form": "application-log", "hides": "RuntimeError: no rates for day after 3 attempts", "split": "tune",
  "why": "The worker dies of its own RuntimeError after three attempts; each attempt says that the host name is not known." }
JSON
  host batch-2
  name_server
  python_packages
  app report-worker report-worker
  REPORT_BUCKET=finance-reports start report.log /usr/bin/python3 worker.py
  wait $last
}

case_dns_failure_java_unknown_host() {
  about <<'JSON'
{ "category": "dns-failure", "app": "inventory", "log": "inventory.log",
  "proof": ["java.net.UnknownHostException: supplier.internal"],
  "program": "Spring Boot 3.3.5, OpenJDK 17", "form": "application-log", "hides": "ResourceAccessException: I/O error on GET request", "split": "tune",
  "why": "Spring wraps it as an I/O error of a servlet; Caused by names the unknown host." }
JSON
  host inventory-2
  name_server
  pg_new && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://supplier.internal:8600 \
    --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres --spring.datasource.username=postgres
  wait_port 8081
  hit http://127.0.0.1:8081/stock/mug 2
  hit http://127.0.0.1:8081/restock/mug 1
  hit http://127.0.0.1:8081/stock/cup 1
  sleep 1
}

case_dns_failure_nginx_upstream() {
  about <<'JSON'
{ "category": "dns-failure", "app": "load-balancer", "log": "journal.log",
  "proof": ["host not found in upstream \"blog-service.blog.svc:8000\""],
  "program": "nginx 1.22 under systemd 252", "form": "journald", "hides": "Start request repeated too quickly", "split": "tune",
  "why": "nginx resolves upstreams at start; the name of the blog service does not exist, so it never starts." }
JSON
  host lb-1
  name_server user-service.blog.svc=127.0.0.1
  cat >/etc/nginx/lb.conf <<'X'
daemon off;
error_log stderr notice;
events {}
http {
  access_log off;
  upstream users { server user-service.blog.svc:8020; }
  upstream posts { server blog-service.blog.svc:8000; }
  server { listen 80; location /users/ { proxy_pass http://users; } location /posts/ { proxy_pass http://posts; } location /lb-health { return 200 ok; } }
}
X
  unit load-balancer <<'X'
[Unit]
Description=Load balancer
StartLimitIntervalSec=60
StartLimitBurst=3
[Service]
ExecStart=/usr/sbin/nginx -c /etc/nginx/lb.conf
Restart=on-failure
RestartSec=1
X
  systemctl start load-balancer
  sleep 6
  journal journal.log -u load-balancer
}

case_dns_failure_go_gateway() {
  about <<'JSON'
{ "category": "dns-failure", "app": "api-gateway", "log": "gateway.log",
  "proof": ["lookup users.internal on 10.96.0.10:53: no such host"],
  "program": "go 1.26", "form": "application-log", "hides": "backend unhealthy, http: proxy error", "split": "held-out",
  "why": "One of two backends is called unhealthy every second because its name does not exist." }
JSON
  host gw-2
  name_server orders.internal=127.0.0.1
  mkdir -p /srv/www/health && touch /srv/www/health/index.html
  /usr/bin/python3 -m http.server 3000 --directory /srv/www >/dev/null 2>&1 &
  wait_port 3000
  go_app gateway
  export LISTEN=:8443 ROUTES='/orders=http://orders.internal:3000 /users=http://users.internal:8020'
  start gateway.log gateway
  wait_port 8443
  hit http://127.0.0.1:8443/orders/1 2
  hit http://127.0.0.1:8443/users/1 2
  sleep 3
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
