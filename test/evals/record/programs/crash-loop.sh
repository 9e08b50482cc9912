#!/bin/bash
# crash-loop: it restarts again and again and nothing says why.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# A program that starts well and leaves without a word after a while.
silent() {
  cat >"/usr/local/bin/$1" <<X
#!/bin/bash
echo "$1 4.1 starting"
echo "configuration loaded, 12 routes"
echo "ready"
sleep $2
exit $3
X
  chmod +x "/usr/local/bin/$1"
}

case_crash_loop_systemd() {
  about <<'JSON'
{ "category": "crash-loop", "app": "recommender", "log": "journal.log",
  "proof": ["Scheduled restart job, restart counter is at", "Start request repeated too quickly", "Main process exited, code=exited, status=3"],
  "program": "systemd 252", "form": "journald", "hides": null, "split": "tune",
  "why": "The program says that it is ready and then ends with status 3 each time; no line tells the cause." }
JSON
  host rec-1
  silent recommender 0.8 3
  unit recommender <<'X'
[Unit]
Description=Recommender
StartLimitIntervalSec=60
StartLimitBurst=6
[Service]
ExecStart=/usr/local/bin/recommender
Restart=on-failure
RestartSec=500ms
X
  systemctl start recommender
  sleep 11
  journal journal.log -u recommender
}

case_crash_loop_supervisord() {
  about <<'JSON'
{ "category": "crash-loop", "app": "feed-sync", "log": "supervisord.log",
  "proof": ["exited: feed-sync (exit status 1; not expected)", "gave up: feed-sync entered FATAL state, too many start retries too quickly"],
  "program": "supervisord 4.2", "form": "application-log", "hides": null, "split": "held-out",
  "why": "supervisord starts the program four times and gives up; neither its log nor the program's says why." }
JSON
  host feed-3
  silent feed-sync 0.5 1
  cat >/tmp/supervisord.conf <<X
[supervisord]
nodaemon=true
logfile=$evidence/supervisord.log
pidfile=/tmp/supervisord.pid
[program:feed-web]
command=/usr/bin/sleep 3600
[program:feed-sync]
command=/usr/local/bin/feed-sync
redirect_stderr=true
stdout_logfile=$evidence/feed-sync.log
startsecs=2
X
  (cd /tmp && timeout 14 supervisord -c /tmp/supervisord.conf >/dev/null 2>&1)
}

case_crash_loop_behind_nginx() {
  about <<'JSON'
{ "category": "crash-loop", "app": "session-api", "log": "journal.log",
  "proof": ["restart counter is at", "Main process exited, code=exited, status=1/FAILURE"],
  "program": "node 20.20.2 under systemd 252, nginx 1.22", "form": "journald", "hides": "connect() failed (111: Connection refused), 502 Bad Gateway", "split": "held-out",
  "why": "nginx blames the refused upstream, but the upstream is restarting all the time without a message." }
JSON
  host sess-2
  cat >/srv/session-api.js <<'X'
const http = require('node:http');
console.log('session-api 0.9.2 starting');
http.createServer((req, res) => res.end('ok')).listen(4000, () => console.log('listening on 4000'));
setTimeout(() => process.exit(1), 1200);
X
  unit session-api <<'X'
[Unit]
Description=Session API
StartLimitIntervalSec=0
[Service]
ExecStart=/usr/bin/node /srv/session-api.js
Restart=always
RestartSec=1
X
  nginx_front 4000
  systemctl start session-api nginx-front
  wait_port 80
  for n in $(seq 24); do hit http://127.0.0.1/session/$n; sleep 0.3; done
  journal journal.log -u session-api -u nginx-front
}

case_crash_loop_runit_only_starts() {
  about <<'JSON'
{ "category": "crash-loop", "app": "recommender", "log": "current.log",
  "proof": ["recommender 4.1 starting"],
  "program": "runit 2.1 (runsv with svlogd)", "form": "docker-logs", "hides": null, "split": "tune",
  "why": "The only sign is that the lines of the start come again and again; runit itself says nothing." }
JSON
  host rec-2
  silent recommender 1.2 1
  mkdir -p /tmp/sv/recommender/log /tmp/log
  printf '#!/bin/sh\nexec 2>&1 recommender\n' >/tmp/sv/recommender/run
  printf '#!/bin/sh\nexec svlogd -tt /tmp/log\n' >/tmp/sv/recommender/log/run
  chmod +x /tmp/sv/recommender/run /tmp/sv/recommender/log/run
  timeout 14 runsv /tmp/sv/recommender
  cp /tmp/log/current "$evidence/current.log"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
