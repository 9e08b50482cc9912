#!/bin/bash
# insufficient-evidence: what beanstalkd, prometheus, systemd and tomcat show of a failure from outside.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_insufficient_evidence_beanstalkd_buried() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "tubes.log", "proof": [],
  "program": "beanstalkd 1.12", "form": "application-log", "hides": "current-jobs-buried", "split": "held-out",
  "why": "More and more jobs of one tube are buried by the workers; why a worker gives them up is in its log." }
JSON
  host queue-1
  beanstalkd -l 127.0.0.1 -p 11300 &
  wait_port 11300
  /usr/bin/python3 - >"$evidence/tubes.log" <<'P'
import socket, time
bus = socket.create_connection(('127.0.0.1', 11300)).makefile('rwb')
def ask(line, body=None):
    bus.write(line.encode() + b'\r\n' + (body + b'\r\n' if body else b'')); bus.flush()
    head = bus.readline().decode().split()
    return head, (bus.read(int(head[-1]) + 2) if head[0] in ('OK', 'RESERVED') else b'').decode()
ask('use invoices'); ask('watch invoices')
for round in range(4):
    for n in range(6): ask('put 10 0 60 2', b'{}')
    for n in range(5):
        job = ask('reserve-with-timeout 1')[0][1]
        ask(f'bury {job} 10' if round and n > 1 else f'delete {job}')
    print(f'$ stats-tube invoices   # {time.strftime("%H:%M:%S")}')
    print('\n'.join(line for line in ask('stats-tube invoices')[1].split('\n') if line[:1] not in ('-', '\r', '')))
    time.sleep(1)
P
}

case_insufficient_evidence_prometheus_alerts() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "alerts.json", "proof": [],
  "program": "prometheus 2.42", "form": "json-lines", "hides": "ErrorBudgetBurn firing, critical", "split": "held-out",
  "why": "An alert about a rate of errors fires; nothing of the service that makes them is here." }
JSON
  host metrics-9
  . "$programs/observers.sh"
  mkdir -p /etc/prometheus/rules /srv/shop && cd /srv/shop || exit 1
  cat >/etc/prometheus/rules/shop.yml <<'Y'
groups:
  - name: shop
    rules:
      - { alert: ErrorBudgetBurn, expr: 'rate(http_errors_total[10s]) > 0.2', labels: { severity: critical }, annotations: { summary: 'More than one request of five fails in {{ $labels.job }}' } }
      - { alert: QueueLong, expr: queue_length > 500, labels: { severity: warning } }
      - { record: job:errors:rate10s, expr: 'rate(http_errors_total[10s])' }
Y
  printf 'http_errors_total 0\nqueue_length 12\n' >metrics
  /usr/bin/python3 -m http.server 9300 >/dev/null 2>&1 &
  metrics all.log <<<"$config
  - job_name: shop-api
    static_configs: [{ targets: [\"127.0.0.1:9300\"], labels: { zone: a } }]"
  wait_port 9091
  for n in $(seq 12); do printf 'http_errors_total %s\nqueue_length 1%s\n' $((n * 3)) $n >metrics; sleep 1; done
  ask() { echo "\$ curl /api/v1/$1"; curl -s -G "http://127.0.0.1:9091/api/v1/$1" --data-urlencode "query=${2:-}" | /usr/bin/python3 -m json.tool; }
  { ask alerts; ask query job:errors:rate10s; ask query up; } >"$evidence/alerts.json"
  rm "$evidence/all.log"
}

case_insufficient_evidence_systemctl_failed_units() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "status.txt", "proof": [],
  "program": "systemd 252", "form": "application-log", "hides": "failed, Result: exit-code", "split": "held-out",
  "why": "Two units are in the state failed with status 1; of their own lines none was copied." }
JSON
  host app-31
  for name in tariff-sync label-cache; do
    printf '[Unit]\nDescription=%s\n[Service]\nExecStart=/bin/sh -c "sleep 1; exit 1"\n' "${name/-/ }" | unit $name
  done
  printf '[Service]\nExecStart=/bin/sleep 900\n' | unit tariff-web
  systemctl start tariff-web tariff-sync label-cache
  sleep 3
  {
    echo '$ systemctl --failed'; systemctl --failed --no-pager --plain
    echo '$ systemctl list-units "tariff*" "label*" --all'; systemctl list-units 'tariff*' 'label*' --all --no-pager --plain
    echo '$ systemctl show tariff-sync label-cache'; systemctl show tariff-sync label-cache -p Id,Result,ExecMainStatus,ExecMainCode,NRestarts,ActiveState,SubState,MemoryCurrent
  } >"$evidence/status.txt"
}

case_insufficient_evidence_tomcat_slow_access() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "access.log", "proof": [],
  "program": "tomcat 10.1, OpenJDK 17", "form": "application-log", "hides": "503, 4 seconds and more", "split": "held-out",
  "why": "One page became slow and then answers 503; the access log does not know what it waits for." }
JSON
  host intake-31
  . "$programs/tomcat.sh"
  tomcat_base
  sed -i 's#pattern="[^"]*"#pattern="%t %a %m %U %s %{ms}T ms %I"#' /srv/tomcat/conf/server.xml
  cat >$site/rates.jsp <<'X'
<% java.io.File late = new java.io.File("/tmp/late"); if (late.exists()) { Thread.sleep(System.currentTimeMillis() - late.lastModified() > 6000 ? 50 : 2500); if (System.currentTimeMillis() - late.lastModified() > 6000) response.sendError(503); } %>
X
  tomcat all.log
  wait_port 8080
  asks() { hit http://127.0.0.1:8080/intake/rates.jsp "$1" -m 30; hit http://127.0.0.1:8080/intake/ 2 -m 30; }
  asks 6
  touch /tmp/late
  for n in 1 2 3; do asks 2; done
  asks 6
  sleep 1
  kill $last
  sleep 4
  cp /srv/tomcat/logs/localhost_access_log*.txt "$evidence/access.log"
  rm "$evidence/all.log"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
