#!/bin/bash
# unhandled-exception: a defect in the program's own code.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_unhandled_exception_node_typeerror() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "checkout", "log": "checkout.json.log",
  "proof": ["Cannot read properties of undefined (reading 'mug')"],
  "program": "node 20.20.2, express, pino", "form": "json-lines", "hides": "request failed, statusCode 500", "split": "tune",
  "why": "Carts of guests have no discounts; the handler throws a TypeError in server.js." }
JSON
  host checkout-5
  app checkout checkout
  start checkout.json.log node server.js
  wait_port 3000
  hit http://127.0.0.1:3000/healthz 2
  hit http://127.0.0.1:3000/cart/u-1001 3
  hit http://127.0.0.1:3000/cart/guest 3
  hit http://127.0.0.1:3000/cart/u-1001 1
  sleep 0.5
}

case_unhandled_exception_node_rejection() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "price-feed", "log": "journal.log",
  "proof": ["TypeError: quote.price.toFixed is not a function"],
  "program": "node 20.20.2 under systemd 252", "form": "journald", "hides": "Main process exited, Scheduled restart job (crash loop)", "split": "tune",
  "why": "A price arrives as text; the rejection is not handled, so node ends and systemd restarts it." }
JSON
  host feed-1
  app checkout price-feed
  cat >feed.js <<'X'
const quotes = [{ sku: 'mug', price: 9.9 }, { sku: 'cup', price: 4.5 }, { sku: 'bowl', price: '12,00' }];
async function publish(quote) {
  await new Promise((done) => setTimeout(done, 300));
  const label = `${quote.sku} ${quote.price.toFixed(2)} EUR`;
  console.log(`published ${label}`);
}
async function main() {
  console.log(`price-feed 1.2.0, ${quotes.length} instruments`);
  for (const quote of quotes) await publish(quote);
}
main();
X
  unit price-feed <<'X'
[Unit]
Description=Price feed
[Service]
WorkingDirectory=/srv/price-feed
ExecStart=/usr/bin/node feed.js
Restart=always
RestartSec=1
X
  systemctl start price-feed
  sleep 6
  systemctl stop price-feed
  journal journal.log -u price-feed
}

case_unhandled_exception_python_chained() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "invoice-worker", "log": "invoice.log",
  "proof": ["decimal.InvalidOperation", "InvoiceError: invoice 1004 cannot be totalled"],
  "program": "python 3.11", "form": "application-log", "hides": "During handling of the above exception, another exception occurred", "split": "held-out",
  "why": "An amount with a comma breaks the decimal conversion; the cleanup raises a second error and the program ends with the last of three tracebacks." }
JSON
  host batch-5
  mkdir -p /srv/invoice && cd /srv/invoice || exit
  cat >worker.py <<'X'
import logging
import time
from decimal import Decimal

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(message)s")
log = logging.getLogger()


class InvoiceError(Exception):
    pass


def total(invoice):
    try:
        return sum(Decimal(line) for line in invoice["lines"])
    except ArithmeticError as error:
        raise InvoiceError(f"invoice {invoice['id']} cannot be totalled") from error


def release(lock):
    del lock["token"]


def work(invoices):
    for invoice in invoices:
        lock = {"owner": "worker-1"}
        try:
            log.info("invoice %d total %s EUR", invoice["id"], total(invoice))
        except InvoiceError:
            release(lock)
        time.sleep(0.3)


log.info("invoice-worker 2.0.1, 5 invoices in the queue")
work([{"id": 1000 + n, "lines": ["10.00", "2.50"] if n != 4 else ["10.00", "2,50"]} for n in range(5)])
X
  start invoice.log /usr/bin/python3 worker.py
  wait $last
}

case_unhandled_exception_java_json() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "pricing", "log": "pricing.json.log",
  "proof": ["java.lang.NullPointerException"],
  "program": "OpenJDK 17, logback 1.5 (logstash encoder)", "form": "json-lines", "hides": "IllegalStateException: cannot price, status 500", "split": "tune",
  "why": "No rule exists for the new article; the NullPointerException of the parser is wrapped in an IllegalStateException." }
JSON
  host pricing-2
  java_app pricing pricing com.acme.pricing.Main
  start pricing.json.log java_run pricing
  wait_port 8085
  hit http://127.0.0.1:8085/price/mug 4
  hit http://127.0.0.1:8085/price/teapot 2
  hit http://127.0.0.1:8085/price/mug 1
  sleep 0.5
}

case_unhandled_exception_go_panic() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "shipping", "log": "shipping.log",
  "proof": ["panic: runtime error: invalid memory address or nil pointer dereference"],
  "program": "go 1.26", "form": "application-log", "hides": "signal SIGSEGV: segmentation violation", "split": "held-out",
  "why": "A carrier that is not configured gives a nil pointer in rate(); the goroutine panics and ends the program." }
JSON
  host shipping-1
  go_app shipping
  start shipping.log shipping
  wait_port 7070
  hit http://127.0.0.1:7070/rate/dhl/de 3
  hit http://127.0.0.1:7070/rate/dhl/kr 2
  hit http://127.0.0.1:7070/rate/ups/de 1
  sleep 1
}

case_unhandled_exception_ruby_supervised() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "mailer", "log": "mailer.log",
  "proof": ["job 2 cannot be rendered (ArgumentError)", "key not found: \"subject\" (KeyError)"],
  "program": "ruby 3.1 under runit", "form": "application-log", "hides": null, "split": "tune",
  "why": "The second mail has no subject; the KeyError is wrapped in an ArgumentError and nothing catches that." }
JSON
  host mail-2
  app mailer mailer
  echo '[{"template":"welcome","subject":"Welcome","body":"Hi"},{"template":"receipt","body":"Paid"}]' >mails.json
  mkdir -p /tmp/sv/mailer
  printf '#!/bin/sh\ncd /srv/mailer\nexec 2>&1 ruby mailer.rb mails.json\n' >/tmp/sv/mailer/run
  chmod +x /tmp/sv/mailer/run
  start mailer.log timeout 4 runsv /tmp/sv/mailer
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
