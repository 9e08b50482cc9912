#!/bin/bash
# prometheus, alertmanager and influxdb: programs that watch others.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# metrics LOG [option…]: prometheus on 9091 with the configuration of standard input.
metrics() {
  local log=$1
  shift
  cat >/etc/prometheus/site.yml
  mkdir -p "${data:-/var/lib/metrics}"
  start "$log" prometheus --config.file=/etc/prometheus/site.yml --storage.tsdb.path="${data:-/var/lib/metrics}" \
    --web.listen-address=127.0.0.1:9091 --web.enable-lifecycle "$@"
}
config='global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [/etc/prometheus/rules/*.yml]
scrape_configs:
  - job_name: prometheus
    static_configs: [{ targets: ["127.0.0.1:9091"] }]'

case_permission_denied_prometheus_data() {
  about <<'JSON'
{ "category": "permission-denied", "app": "prometheus", "log": "journal.log",
  "proof": ["open /var/lib/metrics/queries.active: permission denied"],
  "program": "prometheus 2.42 under systemd 252", "form": "journald", "hides": "panic: Unable to create mmap-ed active query log, goroutine 1", "split": "held-out",
  "why": "The data folder was restored as root; the server runs as prometheus and panics when it may not write there." }
JSON
  host metrics-1
  useradd -r metrics
  mkdir -p /var/lib/metrics && echo "$config" >/etc/prometheus/site.yml
  unit metrics <<'U'
[Unit]
Description=Metrics
[Service]
User=metrics
ExecStart=/usr/bin/prometheus --config.file=/etc/prometheus/site.yml --storage.tsdb.path=/var/lib/metrics --web.listen-address=127.0.0.1:9091
Restart=on-failure
RestartSec=2
U
  systemctl start metrics
  sleep 6
  journal journal.log -u metrics
}

case_disk_full_prometheus_wal() {
  about <<'JSON'
{ "category": "disk-full", "app": "prometheus", "log": "prometheus.log",
  "proof": ["no space left on device"],
  "program": "prometheus 2.42", "form": "application-log", "hides": "fatal error: fault, SIGBUS in a mapped file, a hundred goroutines", "split": "held-out",
  "why": "The volume of the time series is full; nothing that is scraped can be written, and the server dies in a file that it mapped." }
JSON
  host metrics-2
  tiny /var/lib/metrics 3m
  metrics all.log <<<"$config"
  wait_port 9091
  sleep 4
  head -c 4000000 /dev/zero >/var/lib/metrics/heap.dump 2>/dev/null
  for n in $(seq 45); do hit "http://127.0.0.1:9091/api/v1/query?query=up"; sleep 0.4; done
  kill -KILL $last 2>/dev/null
  head -90 "$evidence/all.log" >"$evidence/prometheus.log"
  rm "$evidence/all.log"
}

case_invalid_config_prometheus_rules() {
  about <<'JSON'
{ "category": "invalid-config", "app": "prometheus", "log": "prometheus.log",
  "proof": ["could not parse expression"],
  "program": "prometheus 2.42", "form": "application-log", "hides": "error loading config, See you next time!", "split": "held-out",
  "why": "An expression of the alert rules was cut off in the middle; the server refuses its rules and stops." }
JSON
  host metrics-3
  mkdir -p /etc/prometheus/rules
  cat >/etc/prometheus/rules/shop.yml <<'Y'
groups:
  - name: shop
    rules:
      - alert: TooSlow
        expr: histogram_quantile(0.99, sum by (le) (rate(http_seconds_bucket[5m])) > 2
        for: 5m
Y
  metrics prometheus.log <<<"$config"
  wait $last
}

case_docker_unreachable_prometheus_discovery() {
  about <<'JSON'
{ "category": "docker-unreachable", "app": "prometheus", "log": "prometheus.log",
  "proof": ["Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"],
  "program": "prometheus 2.42, docker_sd_configs", "form": "application-log", "hides": "Unable to refresh target groups", "split": "held-out",
  "why": "Targets are discovered from a Docker engine that is not running." }
JSON
  host metrics-5
  metrics prometheus.log <<<"$config
  - job_name: containers
    docker_sd_configs: [{ host: \"unix:///var/run/docker.sock\", refresh_interval: 2s }]"
  wait_port 9091
  sleep 7
  hit http://127.0.0.1:9091/-/reload 1 -X POST
  sleep 5
  kill -KILL $last
}

case_no_incident_prometheus_reload_and_compaction() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "prometheus.log", "proof": [],
  "program": "prometheus 2.42", "form": "application-log", "hides": "Found healthy block, A lockfile from a previous execution already existed", "split": "held-out",
  "why": "The server was killed with its machine, found its lock file and log again, replayed it, and has scraped and answered since." }
JSON
  host metrics-7
  metrics prometheus.log <<<"$config"
  wait_port 9091
  sleep 5
  kill -KILL $last
  sleep 1
  metrics prometheus.log --log.level=info <<<"$config"
  wait_port 9091
  sleep 4
  hit http://127.0.0.1:9091/-/reload 2 -X POST
  sleep 4
  hit 'http://127.0.0.1:9091/api/v1/query?query=up' 3
  cp "$evidence/prometheus.log" /tmp/kept
  kill $last
  sleep 1
  cp /tmp/kept "$evidence/prometheus.log"
}

# alerts LOG URL: alertmanager on 9093 that posts to URL; `fire NAME` gives it an alert.
alerts() {
  printf 'route: { receiver: chat, group_wait: 1s, group_interval: 1s, repeat_interval: 1h }\nreceivers: [{ name: chat, webhook_configs: [{ url: "%s" }] }]\n' "$2" >/etc/prometheus/am.yml
  start "$1" prometheus-alertmanager --config.file=/etc/prometheus/am.yml --storage.path=/var/lib/alerts --web.listen-address=127.0.0.1:9093 --cluster.listen-address= --log.level="${level:-info}"
  wait_port 9093
}
fire() { curl -s -o /dev/null -H 'content-type: application/json' -d "[{\"labels\":{\"alertname\":\"$1\"}}]" http://127.0.0.1:9093/api/v2/alerts; }
hook() { /usr/bin/python3 -c "
import http.server, sys
class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers['content-length']))
        self.send_response($2); self.end_headers()
    def log_message(self, *what): pass
http.server.HTTPServer(('10.0.7.60', $1), Hook).serve_forever()" & }

case_forbidden_alertmanager_chat_hook() {
  about <<'JSON'
{ "category": "forbidden", "app": "alertmanager", "log": "alertmanager.log",
  "proof": ["unexpected status code 403"],
  "program": "alertmanager 0.25", "form": "application-log", "hides": "Notify for alerts failed", "split": "held-out",
  "why": "The chat's hook answers 403 to each notification; it was reached and it refuses." }
JSON
  host alerts-1
  address 10.0.7.60 chat.example.com
  hook 8065 403
  alerts alertmanager.log http://chat.example.com:8065/hooks/oncall
  for n in DiskSlow QueueLong CertSoon; do fire $n; sleep 2; done
  sleep 2
  kill -KILL $last
}

case_no_incident_alertmanager_hook_back() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "alertmanager.log", "proof": [],
  "program": "alertmanager 0.25", "form": "application-log", "hides": "Notify attempt failed, will retry later, connect: connection refused", "split": "held-out",
  "why": "The hook was restarted; the next attempt got through, and all notifications since were delivered." }
JSON
  host alerts-3
  address 10.0.7.60 chat.example.com
  level=debug alerts alertmanager.log http://chat.example.com:8066/hooks/oncall
  fire DiskSlow
  sleep 2.2
  hook 8066 200
  wait_port 9093
  sleep 3
  for n in QueueLong CertSoon BackupLate; do fire $n; sleep 2; done
  cp "$evidence/alertmanager.log" /tmp/kept
  kill $last
  sleep 1
  cp /tmp/kept "$evidence/alertmanager.log"
}

case_disk_full_influxdb() {
  about <<'JSON'
{ "category": "disk-full", "app": "influxdb", "log": "influxd.log",
  "proof": ["no space left on device"],
  "program": "influxdb 1.6", "form": "application-log", "hides": "500 in the access lines", "split": "held-out",
  "why": "The volume of the write-ahead log is full; every write is answered with 500." }
JSON
  host series-1
  tiny /srv/influx 2m
  sed -e 's#/var/lib/influxdb#/srv/influx#; s/.*reporting-disabled.*/reporting-disabled = true/' /etc/influxdb/influxdb.conf >/tmp/influx.conf
  start influxd.log influxd -config /tmp/influx.conf
  wait_port 8086
  hit 'http://127.0.0.1:8086/query' 1 -X POST --data-urlencode 'q=CREATE DATABASE plant'
  write() { /usr/bin/python3 -c "
import random
print('\n'.join(f'temp,sensor=s{n},batch=b$1 value={random.random()},note=\"{random.random()}{random.random()}{random.random()}\"' for n in range(1500)))" >/tmp/points; hit 'http://127.0.0.1:8086/write?db=plant' 1 -X POST --data-binary @/tmp/points; }
  for n in $(seq 24); do write $n; done
  sleep 1
  kill -KILL $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
