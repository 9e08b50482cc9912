#!/bin/bash
# What a peer over HTTP (or MQTT) does: connection-timeout, connection-reset, upstream-5xx,
# unauthorized, forbidden, rate-limited.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# unreachable NAME: an address whose packets are dropped without an answer.
unreachable() {
  address 10.0.9.40 "$1"
  iptables -A INPUT -d 10.0.9.40 -j DROP
}

# peer IP NAME STATUS BODY [DIRECTIVES OF THE SERVER] [DIRECTIVES OF HTTP]: an nginx that answers all the same;
# called again it changes its answer.
peer() {
  [ -f /tmp/peer.conf ] || address "$1" "$2"
  printf 'pid /tmp/peer.pid;\nerror_log /tmp/peer.log;\nevents {}\nhttp { access_log off; default_type application/json; %s server { listen %s:80; %s location / { return %s '"'%s'"'; } } }\n' \
    "${6:-}" "$1" "${5:-}" "$3" "$4" >/tmp/peer.conf
  if [ -f /tmp/peer.pid ]; then nginx -c /tmp/peer.conf -s reload 2>/dev/null; else nginx -c /tmp/peer.conf; fi
  sleep 0.5
}

# resetter IP NAME PORT HEALTHY: answers so many requests, then resets each connection after the request.
resetter() {
  address "$1" "$2"
  /usr/bin/python3 -c '
import socket, struct, sys
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{\"price\":9.9}"
left = int(sys.argv[3])
while True:
    link, _ = server.accept()
    link.recv(65536)
    if left > 0:
        left -= 1
        link.sendall(answer)
    else:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.close()' "$1" "$3" "$4" &
  wait_port "$3" 2>/dev/null & sleep 1
}

case_connection_timeout_webhooks_node_fetch() {
  about <<'JSON'
{ "category": "connection-timeout", "app": "webhooks", "log": "webhooks.json.log",
  "proof": ["ConnectTimeoutError"],
  "program": "node 20.20.2, fetch", "form": "json-lines", "hides": "delivery failed, TypeError: fetch failed", "split": "tune",
  "why": "Packets to the receiver's address are never answered: no refusal, the attempt to connect runs into its time limit." }
JSON
  host webhooks-1
  unreachable hooks.partner.example
  peer 10.0.7.30 hooks.shop.example 200 '{}'
  app checkout webhooks
  cat >webhooks.js <<'X'
const log = require('pino')({ name: 'webhooks' });
async function deliver(id, url) {
  const began = Date.now();
  try {
    const { status } = await fetch(url, { method: 'POST', body: '{}' });
    log.info({ id, url, status, ms: Date.now() - began }, 'delivered');
  } catch (err) {
    log.error({ id, url, err: { type: err.name, message: err.message, cause: String(err.cause), code: err.cause?.code }, ms: Date.now() - began }, 'delivery failed');
  }
}
(async () => {
  log.info('webhooks 1.7.0 ready');
  for (let id = 1; id < 5; id += 1) await deliver(id, 'http://hooks.shop.example/orders');
  for (let id = 5; id < 7; id += 1) await deliver(id, 'http://hooks.partner.example/orders');
  process.exit(0);
})();
X
  start webhooks.json.log node webhooks.js
  wait $last
}

case_connection_timeout_shipping_go_dial() {
  about <<'JSON'
{ "category": "connection-timeout", "app": "tracking", "log": "journal.log",
  "proof": ["dial tcp 10.0.9.40:80: i/o timeout"],
  "program": "go net/http", "form": "journald", "hides": "queue of parcels grows", "split": "tune",
  "why": "The carrier's address does not answer the SYN; Go reports an i/o timeout of the dial." }
JSON
  host tracking-1
  unreachable api.carrier.example
  mkdir -p /srv/tracking && cd /srv/tracking || exit
  cat >main.go <<'X'
package main

import (
	"log"
	"net"
	"net/http"
	"time"
)

func main() {
	client := http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: 3 * time.Second}).DialContext}}
	log.Printf("tracking 0.9.0: 3 parcels in transit")
	for waiting := 3; waiting < 6; waiting++ {
		res, err := client.Get("http://api.carrier.example/parcels")
		if err != nil {
			log.Printf("ERROR poll: %v", err)
			log.Printf("WARN %d parcels wait for a status", waiting)
			continue
		}
		res.Body.Close()
	}
	log.Fatal("ERROR carrier not reached three times, giving up")
}
X
  GOCACHE=$cache/go GO111MODULE=off GOTOOLCHAIN=local PATH=/usr/local/go/bin:$PATH go build -o /usr/local/bin/tracking main.go
  unit tracking <<'X'
[Unit]
Description=tracking
[Service]
ExecStart=/usr/local/bin/tracking
X
  systemctl start tracking
  sleep 11
  journal journal.log -u tracking
}

case_connection_timeout_edge_nginx_connecting() {
  about <<'JSON'
{ "category": "connection-timeout", "app": "storefront-edge", "log": "error.log",
  "proof": ["upstream timed out (110: Connection timed out) while connecting to upstream"],
  "program": "nginx 1.22", "form": "application-log", "hides": "504 Gateway Time-out in the access log", "split": "tune",
  "why": "nginx cannot even connect to the recommendations host, packets to it are lost; other locations answer." }
JSON
  host edge-2
  unreachable recommendations.internal
  peer 10.0.7.31 catalog.internal 200 '{}'
  cat >/tmp/edge.conf <<X
pid /run/edge.pid;
error_log $evidence/error.log warn;
events {}
http {
  access_log $evidence/access.log;
  server { listen 127.0.0.1:8080; server_name storefront-edge; proxy_connect_timeout 3s;
    location /recommendations { proxy_pass http://recommendations.internal; }
    location / { proxy_pass http://catalog.internal; } }
}
X
  nginx -c /tmp/edge.conf
  hit http://127.0.0.1:8080/catalog/7 4
  hit http://127.0.0.1:8080/recommendations/u-7 3
  hit http://127.0.0.1:8080/catalog/8 1
}

case_connection_timeout_rates_python_requests() {
  about <<'JSON'
{ "category": "connection-timeout", "app": "rates-import", "log": "rates-import.log",
  "proof": ["ConnectTimeoutError"],
  "program": "python 3.11, requests", "form": "application-log", "hides": "Max retries exceeded with url, exit after traceback", "split": "held-out",
  "why": "The bank's host does not answer the connection attempt within its limit." }
JSON
  host rates-2
  unreachable fx.bank.example
  peer 10.0.7.32 fx.shop.example 200 '{}'
  python_packages
  cat >/srv/rates.py <<'X'
import logging

import requests

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)-7s rates-import %(message)s")
for source in ("fx.shop.example", "fx.bank.example"):
    logging.info("source %s", source)
    for pair in ("EURUSD", "EURKRW"):
        answer = requests.get(f"http://{source}/{pair}", timeout=(3, 10))
        logging.info("%s: %d", pair, answer.status_code)
X
  start rates-import.log /usr/bin/python3 /srv/rates.py
  wait $last
}

case_connection_reset_checkout_node_axios() {
  about <<'JSON'
{ "category": "connection-reset", "app": "checkout", "log": "checkout.json.log",
  "proof": ["ECONNRESET"],
  "program": "node 20.20.2, axios", "form": "json-lines", "hides": "request failed, statusCode 500", "split": "tune",
  "why": "Pricing accepts connections and then resets them in the middle of the request." }
JSON
  host checkout-3
  resetter 10.0.7.33 pricing 8085 3
  app checkout checkout
  PRICING_URL=http://pricing:8085 start checkout.json.log node server.js
  wait_port 3000
  hit http://127.0.0.1:3000/quote/mug 6
  hit http://127.0.0.1:3000/healthz 1
}

case_connection_reset_gateway_nginx() {
  about <<'JSON'
{ "category": "connection-reset", "app": "api-gateway", "log": "error.log",
  "proof": ["recv() failed (104: Connection reset by peer) while reading response header from upstream"],
  "program": "nginx 1.22", "form": "application-log", "hides": "502 Bad Gateway in the access log", "split": "tune",
  "why": "The upstream takes the connection and resets it before a response header." }
JSON
  host gateway-1
  resetter 10.0.7.34 accounts 8000 4
  cat >/tmp/edge.conf <<X
pid /run/edge.pid;
error_log $evidence/error.log warn;
events {}
http { access_log $evidence/access.log; server { listen 127.0.0.1:80; server_name api-gateway; location / { proxy_pass http://accounts:8000; } } }
X
  nginx -c /tmp/edge.conf
  hit http://127.0.0.1/accounts/4 7
}

case_connection_reset_inventory_spring() {
  about <<'JSON'
{ "category": "connection-reset", "app": "inventory", "log": "inventory.log",
  "proof": ["java.net.SocketException: Connection reset"],
  "program": "Spring Boot 3.3.5, RestTemplate", "form": "application-log", "hides": "Servlet.service() for servlet [dispatcherServlet] threw exception, ResourceAccessException", "split": "held-out",
  "why": "The supplier's host resets the connection after each request; Spring wraps it in an I/O error." }
JSON
  host inventory-3
  resetter 10.0.7.35 supplier 9000 2
  pg_new && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://supplier:9000 \
    --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres --spring.datasource.username=postgres
  wait_port 8081
  hit http://127.0.0.1:8081/restock/mug 4
  sleep 1
}

case_upstream_5xx_checkout_node_axios() {
  about <<'JSON'
{ "category": "upstream-5xx", "app": "checkout", "log": "checkout.json.log",
  "proof": ["Request failed with status code 503"],
  "program": "node 20.20.2, axios", "form": "json-lines", "hides": "request failed, statusCode 500 of checkout itself", "split": "tune",
  "why": "Pricing answers 503 to checkout; checkout turns it into a 500 of its own." }
JSON
  host checkout-5
  peer 10.0.7.36 pricing 200 '{"price":9.9}'
  app checkout checkout
  PRICING_URL=http://pricing start checkout.json.log node server.js
  wait_port 3000
  hit http://127.0.0.1:3000/quote/mug 3
  peer 10.0.7.36 pricing 503 '{"error":"overloaded"}'
  hit http://127.0.0.1:3000/quote/mug 3
  hit http://127.0.0.1:3000/healthz 1
}

case_upstream_5xx_newsletter_python() {
  about <<'JSON'
{ "category": "upstream-5xx", "app": "newsletter", "log": "journal.log",
  "proof": ["500 Server Error: Internal Server Error for url: http://mail-api.internal/v3/send"],
  "program": "python 3.11, requests", "form": "journald", "hides": "Main process exited, code=exited, status=1/FAILURE", "split": "tune",
  "why": "The mail API fails with a 500 in the middle of the run; the job ends on it." }
JSON
  host news-1
  peer 10.0.7.37 mail-api.internal 202 '{}'
  python_packages
  cat >/srv/newsletter.py <<'X'
import time

import requests

print("newsletter 2026-47: 10 groups", flush=True)
for group in range(1, 11):
    answer = requests.post("http://mail-api.internal/v3/send", json={"group": group}, timeout=5)
    answer.raise_for_status()
    print(f"group {group} accepted ({answer.status_code})", flush=True)
    time.sleep(1)
X
  unit newsletter <<'X'
[Unit]
Description=Weekly newsletter
[Service]
ExecStart=/usr/bin/python3 /srv/newsletter.py
X
  systemctl start newsletter
  sleep 4
  peer 10.0.7.37 mail-api.internal 500 '{"message":"internal"}'
  sleep 3
  journal journal.log -u newsletter
}

case_upstream_5xx_inventory_spring() {
  about <<'JSON'
{ "category": "upstream-5xx", "app": "inventory", "log": "inventory.log",
  "proof": ["HttpServerErrorException$BadGateway: 502 Bad Gateway"],
  "program": "Spring Boot 3.3.5, RestTemplate", "form": "application-log", "hides": "Servlet.service() threw exception", "split": "held-out",
  "why": "The supplier's gateway answers 502; inventory has no other fault." }
JSON
  host inventory-4
  peer 10.0.7.38 supplier 200 '{"eta":"2026-12-01"}'
  pg_new && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://supplier \
    --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres --spring.datasource.username=postgres
  wait_port 8081
  hit http://127.0.0.1:8081/restock/mug 2
  peer 10.0.7.38 supplier 502 '{"message":"bad gateway"}'
  hit http://127.0.0.1:8081/restock/mug 2
  sleep 1
}

case_unauthorized_checkout_node_401() {
  about <<'JSON'
{ "category": "unauthorized", "app": "checkout", "log": "checkout.json.log",
  "proof": ["Request failed with status code 401"],
  "program": "node 20.20.2, axios", "form": "json-lines", "hides": "request failed, statusCode 500 of checkout itself", "split": "tune",
  "why": "Pricing no longer takes the credentials of checkout and answers 401." }
JSON
  host checkout-6
  peer 10.0.7.39 pricing 200 '{"price":9.9}'
  app checkout checkout
  PRICING_URL=http://pricing start checkout.json.log node server.js
  wait_port 3000
  hit http://127.0.0.1:3000/quote/mug 3
  peer 10.0.7.39 pricing 401 '{"error":"invalid_token"}'
  hit http://127.0.0.1:3000/quote/mug 3
  hit http://127.0.0.1:3000/healthz 1
}

case_unauthorized_sensor_mosquitto() {
  about <<'JSON'
{ "category": "unauthorized", "app": "sensor-bridge", "log": "sensor-bridge.log",
  "proof": ["Connection Refused: not authorised"],
  "program": "mosquitto 2.0 broker and client", "form": "application-log", "hides": "readings are dropped, buffer full", "split": "tune",
  "why": "The broker runs and refuses the password of the bridge; the bridge complains about its full buffer." }
JSON
  host sensor-1
  address 10.0.7.40 mqtt
  touch /tmp/passwords; mosquitto_passwd -b /tmp/passwords bridge summer 2>/dev/null
  chown mosquitto /tmp/passwords
  printf 'listener 1883\npassword_file /tmp/passwords\nlog_dest stderr\nlog_timestamp_format %%Y-%%m-%%dT%%H:%%M:%%S\nuser mosquitto\n' >/tmp/mosquitto.conf
  start mosquitto.log mosquitto -c /tmp/mosquitto.conf
  wait_port 1883
  cat >/srv/bridge.sh <<'X'
say() { echo "$(date -u +%FT%TZ) sensor-bridge $*"; }
buffer=0
for n in $(seq 8); do
  if mosquitto_pub -h mqtt -u bridge -P "$(cat /tmp/secret)" -t plant/temp -m "$n"; then
    say "reading $n published"
  else
    buffer=$((buffer + 1))
    say "reading $n kept, buffer $buffer of 4"
    [ $buffer -lt 4 ] || { say "ERROR buffer full, readings are dropped"; exit 1; }
  fi
  sleep 0.5
done
X
  echo summer >/tmp/secret
  (sleep 2; echo winter >/tmp/secret) &
  start sensor-bridge.log bash /srv/bridge.sh
  wait $last
}

case_unauthorized_invoices_python_requests() {
  about <<'JSON'
{ "category": "unauthorized", "app": "invoice-export", "log": "invoice-export.log",
  "proof": ["401 Client Error: Unauthorized for url: http://books.internal/api/invoices"],
  "program": "python 3.11, requests against nginx basic authentication", "form": "application-log", "hides": "export incomplete, traceback", "split": "held-out",
  "why": "The password of the export was changed on the other side; the API asks for valid credentials." }
JSON
  host invoices-1
  echo "export:$(openssl passwd -apr1 old)" >/tmp/htpasswd
  peer 10.0.7.41 books.internal 200 '{}' 'auth_basic books; auth_basic_user_file /tmp/htpasswd; location /api/ { alias /tmp/api/; }'
  mkdir -p /tmp/api && echo '{}' >/tmp/api/invoices
  python_packages
  cat >/srv/export.py <<'X'
import logging
import time

import requests

logging.basicConfig(level="INFO", format="%(asctime)s [%(levelname)s] invoice-export: %(message)s")
for page in range(1, 9):
    answer = requests.get("http://books.internal/api/invoices", auth=("export", "old"), timeout=5)
    answer.raise_for_status()
    logging.info("page %d exported", page)
    time.sleep(0.5)
X
  (sleep 2.5; echo "export:$(openssl passwd -apr1 new)" >/tmp/htpasswd) &
  start invoice-export.log /usr/bin/python3 /srv/export.py
  wait $last
}

case_forbidden_assets_nginx_rule() {
  about <<'JSON'
{ "category": "forbidden", "app": "assets", "log": "error.log",
  "proof": ["access forbidden by rule"],
  "program": "nginx 1.22", "form": "application-log", "hides": "403 for the health checks of the load balancer", "split": "tune",
  "why": "After a reload the allow list does not hold the address of the clients any more; nginx denies them by its rule." }
JSON
  host assets-1
  mkdir -p /srv/assets && echo ok >/srv/assets/logo.svg
  conf() { printf 'pid /run/assets.pid;\nerror_log %s/error.log notice;\nevents {}\nhttp { access_log %s/access.log; server { listen 80; server_name assets; root /srv/assets; location / { allow %s; deny all; } } }\n' "$evidence" "$evidence" "$1" >/tmp/assets.conf; }
  conf 127.0.0.0/8
  nginx -c /tmp/assets.conf
  wait_port 80
  hit http://127.0.0.1/logo.svg 5
  conf 10.20.0.0/16
  nginx -c /tmp/assets.conf -s reload
  sleep 1
  hit http://127.0.0.1/logo.svg 6
}

case_forbidden_uploader_python_scope() {
  about <<'JSON'
{ "category": "forbidden", "app": "photo-uploader", "log": "photo-uploader.json.log",
  "proof": ["403 Client Error: Forbidden for url: http://objects.internal/photos/"],
  "program": "python 3.11, requests, structlog", "form": "json-lines", "hides": "upload failed, retry 1 2 3, 3 files left", "split": "tune",
  "why": "The object store knows the caller and denies it the write: reading works, each upload is answered with 403." }
JSON
  host photos-1
  mkdir -p /srv/store/photos && echo '[]' >/srv/store/photos/list
  peer 10.0.7.42 objects.internal 404 '{}' 'location /photos/ { root /srv/store; limit_except GET { deny all; } }'
  python_packages
  cat >/srv/uploader.py <<'X'
import time

import requests
import structlog

structlog.configure(processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()])
log = structlog.get_logger(app="photo-uploader")
log.info("start", listed=requests.get("http://objects.internal/photos/list", timeout=5).status_code)
for name in ("a.jpg", "b.jpg", "c.jpg"):
    for attempt in (1, 2, 3):
        answer = requests.put(f"http://objects.internal/photos/{name}", data=b"x" * 900, timeout=5)
        try:
            answer.raise_for_status()
            break
        except requests.HTTPError as error:
            log.error("upload failed", file=name, attempt=attempt, error=str(error))
            time.sleep(0.2)
log.error("finished", files_left=3)
X
  start photo-uploader.json.log /usr/bin/python3 /srv/uploader.py
  wait $last
}

case_forbidden_inventory_spring_403() {
  about <<'JSON'
{ "category": "forbidden", "app": "inventory", "log": "inventory.log",
  "proof": ["HttpClientErrorException$Forbidden: 403 Forbidden"],
  "program": "Spring Boot 3.3.5, RestTemplate", "form": "application-log", "hides": "Servlet.service() threw exception, HTTP 500", "split": "held-out",
  "why": "The supplier took the right to order away from this client; inventory answers 500." }
JSON
  host inventory-6
  peer 10.0.7.43 supplier 200 '{"eta":"2026-12-01"}'
  pg_new && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://supplier \
    --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres --spring.datasource.username=postgres
  wait_port 8081
  hit http://127.0.0.1:8081/restock/mug 2
  peer 10.0.7.43 supplier 403 '{"error":"insufficient_scope","error_description":"orders:write is required"}'
  hit http://127.0.0.1:8081/restock/mug 2
  sleep 1
}

limits='limit_req_zone $binary_remote_addr zone=clients:1m rate=2r/s;'

case_rate_limited_geocoder_node_429() {
  about <<'JSON'
{ "category": "rate-limited", "app": "geocoder", "log": "geocoder.json.log",
  "proof": ["Request failed with status code 429"],
  "program": "node 20.20.2, axios against nginx limit_req", "form": "json-lines", "hides": "address not resolved, order without coordinates", "split": "tune",
  "why": "The maps API lets two requests a second through and answers 429 to the burst." }
JSON
  host geo-1
  peer 10.0.7.44 maps.example 200 '{"lat":37.5}' 'limit_req zone=clients burst=1 nodelay; limit_req_status 429; rewrite_log off; location /v1 { try_files /none @ok; } location @ok { proxy_pass http://127.0.0.1:81; } ' "$limits server { listen 127.0.0.1:81; return 200 '{}'; }"
  app checkout geocoder
  cat >geocoder.js <<'X'
const axios = require('axios');
const log = require('pino')({ name: 'geocoder' });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
async function resolve(order) {
  try {
    const { status } = await axios.get('http://maps.example/v1/geocode', { params: { order } });
    log.info({ order, status }, 'address resolved');
  } catch (err) {
    log.error({ order, err: { message: err.message, code: err.code } }, 'address not resolved');
    log.warn({ order }, 'order without coordinates');
  }
}
(async () => {
  log.info('geocoder 1.1.0 ready');
  for (let n = 1; n < 5; n += 1) { await resolve(n); await pause(700); }
  log.info({ orders: 12 }, 'batch of the warehouse received');
  for (let n = 5; n < 17; n += 1) await resolve(n);
})();
X
  start geocoder.json.log node geocoder.js
  wait $last
}

case_rate_limited_crm_python_retries() {
  about <<'JSON'
{ "category": "rate-limited", "app": "crm-sync", "log": "journal.log",
  "proof": ["too many 429 error responses"],
  "program": "python 3.11, requests with urllib3 retries against nginx limit_req", "form": "journald", "hides": "Max retries exceeded with url, Main process exited, status=1", "split": "tune",
  "why": "The CRM answers 429 to more than its rate; the retries come at once and are refused as well." }
JSON
  host crm-1
  peer 10.0.7.45 crm.example 200 '{}' 'limit_req zone=clients; limit_req_status 429; location /contacts { try_files /none @ok; } location @ok { proxy_pass http://127.0.0.1:81; } ' "$limits server { listen 127.0.0.1:81; return 200 '{}'; }"
  python_packages
  cat >/srv/crm.py <<'X'
import time

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

session = requests.Session()
session.mount("http://", HTTPAdapter(max_retries=Retry(total=3, status_forcelist=[429, 502])))
print("crm-sync: 40 contacts changed", flush=True)
for contact in range(1, 41):
    session.get(f"http://crm.example/contacts/{contact}", timeout=5)
    print(f"contact {contact} synchronised", flush=True)
    time.sleep(0.8 if contact < 5 else 0)
X
  unit crm-sync <<'X'
[Unit]
Description=CRM synchronisation
[Service]
ExecStart=/usr/bin/python3 /srv/crm.py
X
  systemctl start crm-sync
  sleep 7
  journal journal.log -u crm-sync
}

case_rate_limited_edge_nginx_limit_req() {
  about <<'JSON'
{ "category": "rate-limited", "app": "public-api", "log": "error.log",
  "proof": ["limiting requests, excess: "],
  "program": "nginx 1.22, limit_req", "form": "application-log", "hides": "503 in the access log", "split": "held-out",
  "why": "The gateway's own limit of requests a second turns one partner's calls away with 503." }
JSON
  host api-1
  printf 'pid /run/api.pid;\nerror_log %s/error.log warn;\nevents {}\nhttp { access_log %s/access.log; limit_req_zone $http_x_partner zone=partners:1m rate=3r/s; server { listen 80; server_name public-api; location / { limit_req zone=partners burst=2 nodelay; proxy_pass http://127.0.0.1:81; } } server { listen 127.0.0.1:81; access_log off; return 200 "{}"; } }\n' "$evidence" "$evidence" >/tmp/api.conf
  nginx -c /tmp/api.conf
  wait_port 80
  for _ in 1 2 3; do hit http://127.0.0.1/v1/stock 1 -H 'X-Partner: north'; sleep 0.5; done
  curl -s -o /dev/null -H 'X-Partner: south' 'http://127.0.0.1/v1/stock?page=[1-16]'
  hit http://127.0.0.1/v1/stock 1 -H 'X-Partner: north'
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
