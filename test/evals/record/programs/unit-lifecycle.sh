#!/bin/bash
# startup-failed, shutdown-timeout, job-deadline-exceeded and invalid-config as systemd tells them.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_startup_failed_systemd_notify_timeout() {
  about <<'JSON'
{ "category": "startup-failed", "app": "catalog-index", "log": "journal.log",
  "proof": ["catalog-index.service: start operation timed out. Terminating."],
  "program": "systemd 252, python 3.11", "form": "journald", "hides": "Failed with result 'timeout', status=15/TERM", "split": "tune",
  "why": "The service loads its index for longer than TimeoutStartSec and never says READY; systemd ends it in its start." }
JSON
  host shop-7
  mkdir -p /srv/catalog-index
  cat >/srv/catalog-index/main.py <<'X'
import time
print("catalog-index 4.3.0 starting", flush=True)
for part in range(1, 60):
    print(f"loading segment {part}/60, 0 errors", flush=True)
    time.sleep(1)
X
  unit catalog-index <<'X'
[Unit]
Description=Catalog index
[Service]
Type=notify
TimeoutStartSec=7
ExecStart=/usr/bin/python3 -u /srv/catalog-index/main.py
X
  systemctl start catalog-index
  journal journal.log -u catalog-index
  systemctl status catalog-index --no-pager >"$evidence/status.txt" || true
}

case_shutdown_timeout_systemd_websocket() {
  about <<'JSON'
{ "category": "shutdown-timeout", "app": "presence", "log": "journal.log",
  "proof": ["presence.service: State 'stop-sigterm' timed out. Killing."],
  "program": "systemd 252, python 3.11", "form": "journald", "hides": "Main process exited, code=killed, status=9/KILL", "split": "held-out",
  "why": "The service was stopped, waited for its clients past TimeoutStopSec, and systemd killed it; status 9 here is not memory." }
JSON
  host chat-2
  mkdir -p /srv/presence
  cat >/srv/presence/main.py <<'X'
import signal, time
signal.signal(signal.SIGTERM, lambda *_: print("SIGTERM: waiting for 41 clients to leave", flush=True))
print("presence listening on :9090", flush=True)
while True:
    print("clients=41 rooms=12 errors=0", flush=True)
    end = time.time() + 2
    while time.time() < end: time.sleep(0.2)
X
  unit presence <<'X'
[Unit]
Description=Presence service
[Service]
TimeoutStopSec=5
ExecStart=/usr/bin/python3 -u /srv/presence/main.py
X
  systemctl start presence
  sleep 7
  systemctl stop presence
  journal journal.log -u presence
}

case_job_deadline_exceeded_systemd_runtime_max() {
  about <<'JSON'
{ "category": "job-deadline-exceeded", "app": "nightly-export", "log": "journal.log",
  "proof": ["nightly-export.service: Service reached runtime time limit. Stopping."],
  "program": "systemd 252, python 3.11", "form": "journald", "hides": "Failed with result 'timeout'", "split": "held-out",
  "why": "The export makes progress, and RuntimeMaxSec of its unit ends it before it is done." }
JSON
  host reports-1
  mkdir -p /srv/nightly-export
  cat >/srv/nightly-export/main.py <<'X'
import time
for n in range(1, 500):
    print(f"exported {n * 400}/200000 rows, rejected=0", flush=True)
    time.sleep(0.7)
X
  unit nightly-export <<'X'
[Unit]
Description=Nightly export
[Service]
Type=exec
RuntimeMaxSec=8
ExecStart=/usr/bin/python3 -u /srv/nightly-export/main.py
X
  systemctl start nightly-export
  sleep 11
  journal journal.log -u nightly-export
}

case_invalid_config_nginx_reload_journal() {
  about <<'JSON'
{ "category": "invalid-config", "app": "web-front", "log": "journal.log",
  "proof": ["unknown directive \"proxy_passs\""],
  "program": "nginx 1.22, systemd 252", "form": "journald", "hides": "Control process exited, Failed to start", "split": "tune",
  "why": "The configuration has a directive that nginx does not know (a typing error), so the restarted service does not come up." }
JSON
  host front-1
  cat >/etc/nginx/web-front.conf <<'X'
daemon off;
error_log stderr notice;
events {}
http {
  access_log off;
  server { listen 8080; location / { return 200 ok; } }
}
X
  unit web-front <<'X'
[Unit]
Description=Web front
[Service]
ExecStartPre=/usr/sbin/nginx -t -q -c /etc/nginx/web-front.conf
ExecStart=/usr/sbin/nginx -c /etc/nginx/web-front.conf
X
  systemctl start web-front
  wait_port 8080
  hit http://127.0.0.1:8080/ 4
  sed -i 's|return 200 ok;|proxy_passs http://127.0.0.1:9000;|' /etc/nginx/web-front.conf
  systemctl restart web-front
  journal journal.log -u web-front
}

case_invalid_config_unit_bad_setting() {
  about <<'JSON'
{ "category": "invalid-config", "app": "ticker", "log": "journal.log",
  "proof": ["ticker.service: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing."],
  "program": "systemd 252", "form": "journald", "hides": "Unit ticker.service has a bad unit file setting", "split": "tune",
  "why": "The unit file writes Execstart instead of ExecStart, so systemd finds nothing to start and refuses the unit." }
JSON
  host feed-3
  unit ticker <<'X'
[Unit]
Description=Price ticker
[Service]
Restart=always
Execstart=/usr/bin/python3 -m http.server 8800
X
  {
    echo '$ systemctl restart ticker'
    systemctl restart ticker
    echo "exit status $?"
  } >"$evidence/deploy.log" 2>&1
  journal journal.log
}

case_invalid_config_redis_directive() {
  about <<'JSON'
{ "category": "invalid-config", "app": "session-cache", "log": "session-cache.log",
  "proof": ["*** FATAL CONFIG FILE ERROR"],
  "program": "redis 7.0", "form": "application-log", "hides": "the restart that does not come back", "split": "held-out",
  "why": "The new configuration sets maxmemory to a value that Redis cannot parse; it leaves with the number of the line." }
JSON
  host cache-1
  printf 'port 6390\nmaxmemory 128mb\nsave ""\n' >/etc/session-cache.conf
  start session-cache.log redis-server /etc/session-cache.conf
  wait_port 6390
  redis-cli -p 6390 set session:1 a >/dev/null
  redis-cli -p 6390 shutdown nosave
  wait
  printf 'port 6390\nmaxmemory 2 gigabytes\nmaxmemory-policy allkeys-lru\nsave ""\n' >/etc/session-cache.conf
  start session-cache.log redis-server /etc/session-cache.conf
  wait
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
