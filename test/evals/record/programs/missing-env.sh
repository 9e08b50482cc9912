#!/bin/bash
# missing-env: a variable that the program needs is not set.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_missing_env_node_zod() {
  about <<'JSON'
{ "category": "missing-env", "app": "payments-api", "log": "app.log",
  "proof": ["STRIPE_WEBHOOK_SECRET"],
  "program": "node 20.20.2, zod", "form": "application-log", "hides": "Error: Invalid environment variables (stack trace)",
  "split": "tune",
  "why": "The validation of the environment names STRIPE_WEBHOOK_SECRET as required; the stack trace below it is only how the program stops." }
JSON
  host payments-0
  redis-server --port 6379 --save '' --daemonize yes >/dev/null
  app payments-api payments-api
  export REDIS_URL=redis://127.0.0.1:6379
  STRIPE_WEBHOOK_SECRET=whsec_x start app.log timeout -s TERM 4 node index.js
  wait_port 8080
  hit http://127.0.0.1:8080/health 2
  hit http://127.0.0.1:8080/payments/17 2
  wait $last
  start app.log node index.js
  wait $last
}

case_missing_env_node_envalid() {
  about <<'JSON'
{ "category": "missing-env", "app": "search-api", "log": "search-api.log",
  "proof": ["ELASTIC_API_KEY"],
  "program": "node 20.20.2, envalid 8", "form": "application-log", "hides": null, "split": "held-out",
  "why": "envalid prints the table of missing variables before it ends the process." }
JSON
  host search-1
  app checkout search-api
  cat >env.js <<'X'
const { cleanEnv, str, port, url } = require('envalid');
console.log(`[search-api] boot ${require('./package.json').version} on ${process.version}`);
console.log('[search-api] loading synonyms: 412 entries');
const env = cleanEnv(process.env, { PORT: port({ default: 3000 }), ELASTIC_URL: url(), ELASTIC_API_KEY: str({ desc: 'key of the search cluster' }) });
console.log(`[search-api] index at ${env.ELASTIC_URL}`);
X
  export ELASTIC_URL=http://elastic.search.svc:9200
  start search-api.log node env.js
  wait $last
}

case_missing_env_python_gunicorn() {
  about <<'JSON'
{ "category": "missing-env", "app": "blog_service", "log": "blog_service.log",
  "proof": ["KeyError: 'DATABASE_URL'"],
  "program": "python 3.11, flask, gunicorn", "form": "application-log", "hides": "Exception on /ready [GET], readiness answers 500",
  "split": "tune",
  "why": "The readiness endpoint raises KeyError because DATABASE_URL is not in the environment; flask reports it as an exception of the request." }
JSON
  host blog-0
  python_packages
  app blog_service blog_service
  start blog_service.log /usr/bin/python3 -m gunicorn -w 1 -b 127.0.0.1:8000 --access-logfile - app:app
  wait_port 8000
  hit http://127.0.0.1:8000/health 3
  hit http://127.0.0.1:8000/ready 3 -A 'kube-probe/1.34'
  hit http://127.0.0.1:8000/health 1
  sleep 1
}

case_missing_env_python_systemd() {
  about <<'JSON'
{ "category": "missing-env", "app": "report-worker", "log": "journal.log",
  "proof": ["KeyError: 'REPORT_BUCKET'"],
  "program": "python 3.11 under systemd 252", "form": "journald", "hides": "Start request repeated too quickly",
  "split": "tune",
  "why": "Each start ends with a KeyError for REPORT_BUCKET until systemd gives up." }
JSON
  host batch-1
  python_packages
  app report-worker report-worker
  unit report-worker <<'X'
[Unit]
Description=Nightly report worker
StartLimitIntervalSec=60
StartLimitBurst=4
[Service]
WorkingDirectory=/srv/report-worker
Environment=OFFLINE=1 PYTHONUNBUFFERED=1
EnvironmentFile=-/etc/default/report-worker
ExecStart=/usr/bin/python3 worker.py
Restart=on-failure
RestartSec=500ms
X
  echo 'REPORT_BUCKET=finance-reports' >/etc/default/report-worker
  systemctl start report-worker
  sleep 2
  echo '# managed by ansible' >/etc/default/report-worker
  systemctl restart report-worker
  sleep 5
  journal journal.log _SYSTEMD_UNIT=report-worker.service + UNIT=report-worker.service
}

case_missing_env_spring_placeholder() {
  about <<'JSON'
{ "category": "missing-env", "app": "inventory", "log": "inventory.log",
  "proof": ["Could not resolve placeholder 'SUPPLIER_URL'"],
  "program": "Spring Boot 3.3.5, OpenJDK 17", "form": "application-log", "hides": "UnsatisfiedDependencyException: Error creating bean",
  "split": "tune",
  "why": "Spring wraps the missing SUPPLIER_URL in two bean creation errors; the last cause names the variable." }
JSON
  host inventory-0
  java_app inventory inventory com.acme.inventory.InventoryApplication
  echo 'supplier.url=${SUPPLIER_URL}' >classes/application.properties
  start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres
  wait $last
}

case_missing_env_go_slog() {
  about <<'JSON'
{ "category": "missing-env", "app": "shipping", "log": "shipping.log",
  "proof": ["CARRIER_API_TOKEN must be set"],
  "program": "go 1.26", "form": "application-log", "hides": null, "split": "held-out",
  "why": "After the roll-out the new process stops at once because its token variable is gone." }
JSON
  host shipping-5
  go_app shipping
  export REQUIRE_TOKEN=1 LABEL_DIR=/tmp
  CARRIER_API_TOKEN=tok start shipping.log timeout 3 shipping
  wait_port 7070
  hit http://127.0.0.1:7070/label/A-100 2
  hit http://127.0.0.1:7070/rate/dhl/de 2
  wait $last
  for n in 1 2 3; do shipping >>"$evidence/shipping.log" 2>&1; sleep 1; done
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
