#!/bin/bash
# tls-expired, tls-untrusted, tls-name-mismatch: the certificate of a peer does not hold.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

pki=/etc/pki/shop

# authority NAME: a certificate authority of the company in $pki.
authority() {
  mkdir -p $pki/new
  : >$pki/index.txt
  openssl rand -hex 8 >$pki/serial
  openssl req -x509 -newkey rsa:2048 -nodes -keyout $pki/ca.key -out $pki/ca.crt -days 3650 -subj "/O=Acme/CN=$1" 2>/dev/null
  printf '[ca]\ndefault_ca=a\n[a]\ndatabase=%s\nserial=%s\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' \
    $pki/index.txt $pki/serial $pki/new >$pki/ca.cnf
}

# certificate HOST UNTIL: $pki/HOST.crt and .key, for 90 days that end at UNTIL.
certificate() {
  openssl req -newkey rsa:2048 -nodes -keyout "$pki/$1.key" -out "$pki/$1.csr" -subj "/CN=$1" 2>/dev/null
  openssl ca -batch -notext -config $pki/ca.cnf -cert $pki/ca.crt -keyfile $pki/ca.key -in "$pki/$1.csr" -out "$pki/$1.crt" \
    -startdate "$(date -u -d "$2 90 days ago" +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d "$2" +%Y%m%d%H%M%SZ)" \
    -extfile <(echo "subjectAltName=DNS:$1") 2>/dev/null
}

# tls_peer IP NAME CERTIFICATE [BODY]: an nginx with that certificate answers as NAME.
tls_peer() {
  address "$1" "$2"
  printf 'pid /tmp/peer.pid;\nerror_log /tmp/peer.log;\nevents {}\nhttp { access_log off; server { listen %s:443 ssl; ssl_certificate %s; ssl_certificate_key %s; location / { return 200 "%s"; } } }\n' \
    "$1" "$pki/$3.crt" "$pki/$3.key" "${4:-{\}}" >/tmp/peer.conf
  nginx -c /tmp/peer.conf
}
# The handshake is checked anew only on a new connection.
tls_peer_reload() { nginx -c /tmp/peer.conf -s reload; }

case_tls_expired_payments_node_fetch_json() {
  about <<'JSON'
{ "category": "tls-expired", "app": "payments-api", "log": "payments.json.log",
  "proof": ["certificate has expired"],
  "program": "node 20.20.2, fetch", "form": "json-lines", "hides": "TypeError: fetch failed, statusCode 500", "split": "tune",
  "why": "The card provider's certificate ran out between two requests; fetch hides it behind 'fetch failed'." }
JSON
  host payments-2
  authority 'Acme Internal CA'
  certificate cards.provider.example 'now + 12 seconds'
  tls_peer 10.0.7.20 cards.provider.example cards.provider.example '{}'
  app payments-api payments-api
  NODE_EXTRA_CA_CERTS=$pki/ca.crt STRIPE_WEBHOOK_SECRET=x PROVIDER_URL=https://cards.provider.example start payments.json.log node index.js
  wait_port 8080
  hit http://127.0.0.1:8080/authorise/78 3
  sleep 12
  tls_peer_reload
  sleep 1
  hit http://127.0.0.1:8080/authorise/79 3
  sleep 0.5
}

case_tls_expired_shipping_go() {
  about <<'JSON'
{ "category": "tls-expired", "app": "shipping", "log": "journal.log",
  "proof": ["x509: certificate has expired or is not yet valid"],
  "program": "go net/http", "form": "journald", "hides": "502 Bad Gateway in the proxy in front", "split": "tune",
  "why": "The carrier's certificate expired; shipping answers 502 and the proxy in front logs only that." }
JSON
  host shipping-1
  authority 'Acme Internal CA'
  certificate api.carrier.example '3 hours ago'
  tls_peer 10.0.7.21 api.carrier.example api.carrier.example
  go_app shipping
  unit shipping <<X
[Unit]
Description=shipping
[Service]
Environment=PORT=7070 CARRIER_URL=https://api.carrier.example SSL_CERT_FILE=$pki/ca.crt LABEL_DIR=/tmp
ExecStart=/usr/local/bin/shipping
X
  nginx_front 7070
  systemctl start shipping nginx-front
  wait_port 7070; wait_port 80
  hit http://127.0.0.1/label/81 3
  hit http://127.0.0.1/track/81 4
  hit http://127.0.0.1/label/82 1
  journal journal.log
}

case_tls_expired_edge_nginx_upstream() {
  about <<'JSON'
{ "category": "tls-expired", "app": "edge", "log": "error.log",
  "proof": ["upstream SSL certificate verify error: (10:certificate has expired)"],
  "program": "nginx 1.22, proxy_ssl_verify", "form": "application-log", "hides": "502 in the access log", "split": "tune",
  "why": "nginx checks the certificate of its upstream, which ran out while it was serving." }
JSON
  host edge-1
  authority 'Acme Internal CA'
  certificate accounts.internal 'now + 8 seconds'
  tls_peer 10.0.7.22 accounts.internal accounts.internal
  cat >/tmp/edge.conf <<X
pid /run/edge.pid;
error_log $evidence/error.log notice;
events {}
http {
  access_log $evidence/access.log;
  server { listen 80; server_name edge; location / { proxy_pass https://accounts.internal; proxy_ssl_name accounts.internal; proxy_ssl_verify on; proxy_ssl_trusted_certificate $pki/ca.crt; proxy_ssl_session_reuse off; } }
}
X
  nginx -c /tmp/edge.conf
  wait_port 80
  hit http://127.0.0.1/accounts/1 5
  sleep 9
  hit http://127.0.0.1/accounts/1 4
}

case_tls_expired_reports_python_requests() {
  about <<'JSON'
{ "category": "tls-expired", "app": "report-sync", "log": "report-sync.log",
  "proof": ["certificate verify failed: certificate has expired"],
  "program": "python 3.11, requests", "form": "application-log", "hides": "Max retries exceeded, the run ends after a stack trace of four chained exceptions", "split": "held-out",
  "why": "The files host's certificate expired during the run; urllib3 reports it as exhausted retries." }
JSON
  host reports-1
  authority 'Acme Internal CA'
  certificate files.partner.example 'now + 10 seconds'
  tls_peer 10.0.7.23 files.partner.example files.partner.example
  python_packages
  mkdir -p /srv/report_sync && cd /srv/report_sync || exit
  cat >sync.py <<'X'
import logging
import time

import requests

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")
log = logging.getLogger("report-sync")
log.info("report-sync 1.9.2, 12 reports to fetch")
for number in range(1, 13):
    answer = requests.get(f"https://files.partner.example/reports/2026-11-{number:02d}.csv", timeout=5)
    log.info("report %d: HTTP %d, %d bytes", number, answer.status_code, len(answer.content))
    time.sleep(2)
X
  REQUESTS_CA_BUNDLE=$pki/ca.crt start report-sync.log /usr/bin/python3 sync.py
  wait $last
}

case_tls_untrusted_catalog_python() {
  about <<'JSON'
{ "category": "tls-untrusted", "app": "catalog-import", "log": "journal.log",
  "proof": ["certificate verify failed: unable to get local issuer certificate"],
  "program": "python 3.11, urllib", "form": "journald", "hides": "Main process exited, status=1; Failed with result 'exit-code'", "split": "tune",
  "why": "The supplier's API presents a certificate of a company authority that this machine does not have." }
JSON
  host catalog-1
  authority 'Acme Internal CA'
  certificate api.supplier.example 'now + 60 days'
  tls_peer 10.0.7.24 api.supplier.example api.supplier.example
  mkdir -p /srv/catalog && cat >/srv/catalog/importer.py <<'X'
import json
import sys
import urllib.request

print("catalog-import 4.0: 1810 products known", flush=True)
for page in (1, 2):
    print(f"fetching page {page}", flush=True)
    with urllib.request.urlopen(f"https://api.supplier.example/products?page={page}", timeout=5) as answer:
        json.load(answer)
X
  unit catalog-import <<'X'
[Unit]
Description=Nightly import of the catalogue
[Service]
Type=oneshot
ExecStart=/usr/bin/python3 /srv/catalog/importer.py
X
  systemctl start catalog-import 2>/dev/null
  journal journal.log
}

case_tls_untrusted_pricing_java_pkix() {
  about <<'JSON'
{ "category": "tls-untrusted", "app": "pricing", "log": "pricing.json.log",
  "proof": ["unable to find valid certification path to requested target"],
  "program": "OpenJDK 17, java.net.http", "form": "json-lines", "hides": "GET /price 500", "split": "tune",
  "why": "The tax service moved behind a certificate of the company's own authority, which the JVM's trust store does not hold." }
JSON
  host pricing-3
  authority 'Acme Internal CA'
  certificate tax.internal 'now + 60 days'
  tls_peer 10.0.7.25 tax.internal tax.internal
  java_app pricing pricing com.acme.pricing.Main
  TAX_URL=https://tax.internal start pricing.json.log java_run pricing
  wait_port 8085
  hit http://127.0.0.1:8085/price/mug 3
  sleep 1
}

case_tls_untrusted_backup_curl_self_signed() {
  about <<'JSON'
{ "category": "tls-untrusted", "app": "backup-upload", "log": "backup-upload.log",
  "proof": ["curl: (60) SSL certificate problem: self-signed certificate"],
  "program": "curl 7.88 in a shell job", "form": "application-log", "hides": "upload of db.dump failed after 3 attempts, exit 1", "split": "tune",
  "why": "The store presents a certificate that it signed itself; curl refuses it, the script only says that the upload failed." }
JSON
  host backup-1
  mkdir -p $pki
  openssl req -x509 -newkey rsa:2048 -nodes -keyout $pki/store.key -out $pki/store.crt -days 365 -subj /CN=store.internal -addext subjectAltName=DNS:store.internal 2>/dev/null
  tls_peer 10.0.7.26 store.internal store
  cat >/usr/local/bin/backup-upload <<'X'
#!/bin/bash
say() { echo "$(date -u +%FT%TZ) backup-upload: $*"; }
say "dumping database shop"
head -c 30000 /dev/urandom >/tmp/db.dump
say "dump written, $(stat -c %s /tmp/db.dump) bytes"
for try in 1 2 3; do
  curl -sS --fail -T /tmp/db.dump https://store.internal/backups/db.dump && exit 0
  say "attempt $try failed, status $?"
  sleep 1
done
say "upload of db.dump failed after 3 attempts"
exit 1
X
  chmod +x /usr/local/bin/backup-upload
  start backup-upload.log backup-upload
  wait $last
}

case_tls_untrusted_shipping_go_unknown_authority() {
  about <<'JSON'
{ "category": "tls-untrusted", "app": "shipping", "log": "shipping.log",
  "proof": ["x509: certificate signed by unknown authority"],
  "program": "go net/http", "form": "application-log", "hides": "bad gateway", "split": "held-out",
  "why": "The carrier's certificate comes from an authority that the system store does not hold." }
JSON
  host shipping-2
  authority 'Acme Internal CA'
  certificate api.carrier.example 'now + 60 days'
  tls_peer 10.0.7.21 api.carrier.example api.carrier.example
  go_app shipping
  PORT=7070 CARRIER_URL=https://api.carrier.example LABEL_DIR=/tmp start shipping.log shipping
  wait_port 7070
  hit http://127.0.0.1:7070/label/81 2
  hit http://127.0.0.1:7070/track/81 3
  hit http://127.0.0.1:7070/label/83 1
}

case_tls_name_mismatch_checkout_node_axios() {
  about <<'JSON'
{ "category": "tls-name-mismatch", "app": "checkout", "log": "checkout.json.log",
  "proof": ["Hostname/IP does not match certificate's altnames"],
  "program": "node 20.20.2, axios", "form": "json-lines", "hides": "request failed, statusCode 500", "split": "tune",
  "why": "Checkout reaches pricing under an internal name, the certificate is for the public one." }
JSON
  host checkout-1
  authority 'Acme Internal CA'
  certificate pricing.shop.example 'now + 60 days'
  tls_peer 10.0.7.27 pricing.prod.internal pricing.shop.example
  app checkout checkout
  NODE_EXTRA_CA_CERTS=$pki/ca.crt PRICING_URL=https://pricing.prod.internal start checkout.json.log node server.js
  wait_port 3000
  hit http://127.0.0.1:3000/cart/u-1001 3
  hit http://127.0.0.1:3000/quote/mug 3
  hit http://127.0.0.1:3000/healthz 1
}

case_tls_name_mismatch_cron_curl() {
  about <<'JSON'
{ "category": "tls-name-mismatch", "app": "exchange-rates", "log": "journal.log",
  "proof": ["no alternative certificate subject name matches target host name 'rates.internal'"],
  "program": "curl 7.88 in a systemd job", "form": "journald", "hides": "rates are 1 day old, exit status 60", "split": "tune",
  "why": "The host behind rates.internal presents a certificate for another name." }
JSON
  host rates-1
  authority 'Acme Internal CA'
  certificate wiki.internal 'now + 60 days'
  tls_peer 10.0.7.28 rates.internal wiki.internal
  cat >/usr/local/bin/exchange-rates <<X
#!/bin/bash
echo "exchange-rates: 31 currencies, last update 2026-11-20"
curl -sS --cacert $pki/ca.crt -o /tmp/rates.json https://rates.internal/daily.json
status=\$?
[ \$status = 0 ] || { echo "exchange-rates: not updated, rates are 1 day old"; exit \$status; }
X
  chmod +x /usr/local/bin/exchange-rates
  unit exchange-rates <<'X'
[Unit]
Description=Daily exchange rates
[Service]
Type=oneshot
ExecStart=/usr/local/bin/exchange-rates
X
  systemctl start exchange-rates 2>/dev/null
  journal journal.log
}

case_tls_name_mismatch_loyalty_python_gunicorn() {
  about <<'JSON'
{ "category": "tls-name-mismatch", "app": "loyalty", "log": "loyalty.log",
  "proof": ["Hostname mismatch, certificate is not valid for 'points.prod.internal'"],
  "program": "flask, requests", "form": "application-log", "hides": "500, Max retries exceeded with url", "split": "held-out",
  "why": "The points service is reached by a name that its certificate does not carry." }
JSON
  host loyalty-1
  authority 'Acme Internal CA'
  certificate points.shop.example 'now + 60 days'
  tls_peer 10.0.7.29 points.prod.internal points.shop.example
  python_packages
  mkdir -p /srv/loyalty && cd /srv/loyalty || exit
  cat >app.py <<'X'
import logging

import requests
from flask import Flask, jsonify

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(name)s %(message)s")
app = Flask("loyalty")


@app.get("/tiers")
def tiers():
    app.logger.info("tiers listed")
    return jsonify(["silver", "gold"])


@app.get("/points/<user>")
def points(user):
    return requests.get(f"https://points.prod.internal/v1/{user}", timeout=3).json()
X
  REQUESTS_CA_BUNDLE=$pki/ca.crt start loyalty.log /usr/bin/python3 -m gunicorn -w 1 -b 127.0.0.1:8000 --access-logfile - app:app
  wait_port 8000
  hit http://127.0.0.1:8000/tiers 3
  hit http://127.0.0.1:8000/points/u-7 2
  hit http://127.0.0.1:8000/tiers 1
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
