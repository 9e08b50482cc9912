#!/bin/bash
# Programs that measure: collectd, rrdcached, carbon, blackbox exporter, zabbix-agent, in several
# categories.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_cache_unavailable_collectd_memcached() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "collectd", "log": "collectd.log",
  "proof": ["memcached plugin: Instance \"sessions\" could not connect to daemon."],
  "program": "collectd 5.12, memcached 1.6", "form": "application-log", "hides": "read-function of plugin failed. Will suspend it, load and users read well, [info]", "split": "tune",
  "why": "The cache ended and cannot be reached any more; the watcher's reads of it fail one after another." }
JSON
  host cache-3
  memcached -u nobody -l 127.0.0.1 -p 11211 &
  cache=$!
  mkdir -p /tmp/collectd
  cat >/tmp/collectd.conf <<'C'
Hostname "cache-3"
BaseDir "/tmp/collectd"
Interval 2
MaxReadInterval 6
LoadPlugin logfile
<Plugin logfile>
  LogLevel info
  File "/tmp/collectd.log"
  Timestamp true
  PrintSeverity true
</Plugin>
LoadPlugin load
LoadPlugin memcached
<Plugin memcached>
  <Instance "sessions">
    Host "127.0.0.1"
    Address "127.0.0.1"
    Port "11211"
  </Instance>
</Plugin>
LoadPlugin csv
<Plugin csv>
  DataDir "/tmp/collectd/csv"
</Plugin>
C
  collectd -f -C /tmp/collectd.conf >/dev/null 2>&1 &
  collectd=$!
  sleep 6
  kill $cache
  sleep 24
  kill $collectd
  sleep 1
  cp /tmp/collectd.log "$evidence/"
}

case_read_only_filesystem_rrdcached_graphs() {
  about <<'JSON'
{ "category": "read-only-filesystem", "app": "rrdcached", "log": "journal.log",
  "proof": ["Read-only file system"],
  "program": "rrdcached 1.7 under systemd 252", "form": "journald", "hides": "queue_thread_main: rrd_update_r failed, values that are taken, 0 OK errors", "split": "held-out",
  "why": "The volume of the measurements is mounted read-only; values are taken from the network and cannot be written." }
JSON
  host graphs-2
  tiny /data/rrd 20m
  mkdir -p /data/rrd/db
  for name in load disk errors; do rrdtool create /data/rrd/db/$name.rrd -s 1 DS:v:GAUGE:60:U:U RRA:AVERAGE:0.5:1:100; done
  unit rrdcached <<'U'
[Unit]
Description=Cache of measurements
[Service]
ExecStart=/usr/bin/rrdcached -g -V LOG_INFO -l unix:/tmp/rrd.sock -p /tmp/rrd.pid -b /data/rrd/db -w 2 -f 4
SyslogIdentifier=rrdcached
U
  unit feeder <<'U'
[Unit]
Description=Feeder of measurements
[Service]
WorkingDirectory=/data/rrd/db
ExecStart=/bin/sh -c 'while sleep 1; do for m in load disk errors; do rrdtool update --daemon unix:/tmp/rrd.sock $m.rrd N:0 && echo "$m: 1 value handed over, 0 errors"; done; done'
SyslogIdentifier=feeder
U
  systemctl start rrdcached
  sleep 1
  systemctl start feeder
  sleep 6
  mount -o remount,ro /data/rrd || { sleep 1; mount -o remount,ro /data/rrd; }
  sleep 11
  journal journal.log -u rrdcached -u feeder
}

case_permission_denied_carbon_storage() {
  about <<'JSON'
{ "category": "permission-denied", "app": "carbon-cache", "log": "carbon.log",
  "proof": ["Permission denied"],
  "program": "carbon 1.1 on twisted", "form": "application-log", "hides": "MetricLineReceiver connection established, error creating database, Unhandled Error", "split": "held-out",
  "why": "The storage was laid back from a backup as root; the service, which runs as its own user, cannot write a metric." }
JSON
  host metrics-1
  id _graphite >/dev/null 2>&1 || useradd -r _graphite
  mkdir -p /tmp/carbon/{conf,storage/whisper,log} && chown -R _graphite /tmp/carbon
  printf '[cache]\nUSER =\nLOCAL_DATA_DIR = /tmp/carbon/storage/whisper/\nSTORAGE_DIR = /tmp/carbon/storage/\nCONF_DIR = /tmp/carbon/conf/\nLOG_DIR = /tmp/carbon/log/\nPID_DIR = /tmp/carbon/\nLINE_RECEIVER_INTERFACE = 127.0.0.1\nLINE_RECEIVER_PORT = 2003\nENABLE_UDP_LISTENER = False\nPICKLE_RECEIVER_PORT = 0\nCACHE_QUERY_INTERFACE = 127.0.0.1\nCACHE_QUERY_PORT = 7002\nMAX_CREATES_PER_MINUTE = inf\nMAX_UPDATES_PER_SECOND = 500\nLOG_UPDATES = True\nLOG_CREATES = True\nWHISPER_AUTOFLUSH = False\nCARBON_METRIC_INTERVAL = 0\n' >/tmp/carbon/conf/carbon.conf
  printf '[all]\npattern = .*\nretentions = 1s:5m\n' >/tmp/carbon/conf/storage-schemas.conf
  (cd /tmp/carbon && exec setpriv --reuid _graphite --regid nogroup --clear-groups env HOME=/tmp/carbon /usr/bin/carbon-cache --config=/tmp/carbon/conf/carbon.conf --nodaemon start) >"$evidence/carbon.log" 2>&1 &
  carbon=$!
  wait_port 2003
  send() { for host in web-1 web-2 db-1; do echo "$host.errors.count $1 $(date +%s)"; done >/dev/tcp/127.0.0.1/2003; }
  for n in 1 2 3 4; do send $n; sleep 1; done
  chown -R root /tmp/carbon/storage && find /tmp/carbon/storage -name '*.wsp' -exec chmod 644 {} +
  for n in 5 6 7 8; do send $n; sleep 1; done
  kill $carbon
  sleep 1
}

case_upstream_5xx_blackbox_shop() {
  about <<'JSON'
{ "category": "upstream-5xx", "app": "shop", "log": "blackbox.log",
  "proof": ["Invalid HTTP response status code", "status_code=502"],
  "program": "blackbox exporter 0.23", "form": "logfmt", "hides": "level=info of what fails, level=error of one probe, probe succeeded of the other pages", "split": "held-out",
  "why": "Seen from outside the basket's page answers 502 each time since the change, the other pages answer as before." }
JSON
  host watch-2
  address 10.0.11.21 shop.example.com
  printf 'pid /tmp/s.pid;\nerror_log /tmp/s.log;\nevents {}\nhttp { access_log off; server { listen 10.0.11.21:80; location = /basket { return %s; } location / { return 200 ok; } } }\n' 200 >/tmp/s.conf
  nginx -c /tmp/s.conf
  printf 'modules:\n  page:\n    prober: http\n    timeout: 3s\n    http: { preferred_ip_protocol: ip4 }\n' >/tmp/blackbox.yml
  start blackbox.log prometheus-blackbox-exporter --config.file=/tmp/blackbox.yml --web.listen-address=127.0.0.1:9115 --log.level=debug
  wait_port 9115
  for n in $(seq 6); do
    [ $n = 3 ] && sed -i 's/return 200;/return 502;/' /tmp/s.conf && nginx -c /tmp/s.conf -s reload && sleep 0.5
    for page in / /basket /error-help; do hit "http://127.0.0.1:9115/probe?module=page&target=http://shop.example.com$page"; done
    sleep 0.6
  done
  kill $last
}

case_connection_refused_zabbix_agent() {
  about <<'JSON'
{ "category": "connection-refused", "app": "zabbix-agent", "log": "agent.log",
  "proof": ["[111] Connection refused"],
  "program": "zabbix-agent 6.0", "form": "application-log", "hides": "lines without a level, agents that started, started to fail, an ordered end", "split": "held-out",
  "why": "Nothing listens on the port of the server that the agent reports to; it gets no list of what to watch." }
JSON
  host web-8
  address 10.0.11.23 zabbix.internal
  printf 'LogFile=/tmp/agent.log\nPidFile=/tmp/agent.pid\nServer=127.0.0.1\nServerActive=zabbix.internal\nHostname=web-8\nListenIP=127.0.0.1\nRefreshActiveChecks=60\nStartAgents=1\nAllowRoot=1\nBufferSend=2\nUserParameter=shop.errors,echo 0\n' >/tmp/agent.conf
  zabbix_agentd -f -c /tmp/agent.conf >/dev/null 2>&1 &
  agent=$!
  sleep 24
  kill $agent
  sleep 1
  cp /tmp/agent.log "$evidence/"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
