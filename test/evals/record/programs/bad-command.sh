#!/bin/bash
# bad-command: what should be started is not there, is not executable here, or has wrong arguments.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_bad_command_entrypoint_not_found() {
  about <<'JSON'
{ "category": "bad-command", "app": "image-resizer", "log": "container.log",
  "proof": ["imagemagick-server: not found"],
  "program": "dash entrypoint script", "form": "docker-logs", "hides": null, "split": "tune",
  "why": "The entrypoint prepares everything and then executes a program that is not in the image." }
JSON
  host image-resizer-7f6
  mkdir -p /srv/resizer
  cat >/srv/resizer/entrypoint.sh <<'X'
#!/bin/sh
set -e
echo "entrypoint: image-resizer 1.7.2"
echo "entrypoint: $(nproc) workers, cache in /tmp/resizer"
mkdir -p /tmp/resizer
echo "entrypoint: fonts ok (37 families)"
exec imagemagick-server --listen 0.0.0.0:8090 --workers "$(nproc)"
X
  for n in 1 2 3; do sh /srv/resizer/entrypoint.sh >>"$evidence/container.log" 2>&1; sleep 1; done
}

case_bad_command_systemd_no_such_file() {
  about <<'JSON'
{ "category": "bad-command", "app": "auth", "log": "journal.log",
  "proof": ["Failed at step EXEC spawning /opt/auth/bin/authd: No such file or directory", "Failed to locate executable /opt/auth/bin/authd"],
  "program": "systemd 252", "form": "journald", "hides": "nginx 502, connect() failed (111: Connection refused)",
  "split": "tune",
  "why": "After an upgrade the unit still names the old path of the program; nginx in front only sees a refused connection." }
JSON
  host auth-2
  python_packages
  app auth auth
  mkdir -p /opt/auth/bin
  printf '#!/bin/sh\ncd /srv/auth && exec /usr/bin/python3 auth.py\n' >/opt/auth/bin/authd
  chmod +x /opt/auth/bin/authd
  unit auth <<'X'
[Unit]
Description=Token issuer
StartLimitBurst=3
[Service]
Environment=PYTHONUNBUFFERED=1
ExecStart=/opt/auth/bin/authd
Restart=on-failure
RestartSec=1
X
  nginx_front 9000 'access_log syslog:server=unix:/dev/log,nohostname;'
  systemctl start auth nginx-front
  wait_port 9000
  wait_port 80
  hit http://127.0.0.1/token/u-1 3
  mv /opt/auth/bin/authd /opt/auth/bin/auth-server
  systemctl restart auth
  for n in 1 2 3 4 5; do hit http://127.0.0.1/token/u-1 2; sleep 1; done
  journal journal.log _SYSTEMD_UNIT=auth.service + UNIT=auth.service + _SYSTEMD_UNIT=nginx-front.service + SYSLOG_IDENTIFIER='(authd)'
}

case_bad_command_exec_format() {
  about <<'JSON'
{ "category": "bad-command", "app": "metrics-agent", "log": "journal.log",
  "proof": ["Exec format error"],
  "program": "systemd 252, a shell script without interpreter line", "form": "journald", "hides": "Start request repeated too quickly",
  "split": "held-out",
  "why": "The kernel refuses the file because it has no #! line; systemd reports EXEC and then only repeats." }
JSON
  host node-12
  printf 'set -e\necho metrics-agent up\nexec sleep 600\n' >/usr/local/bin/metrics-agent
  chmod +x /usr/local/bin/metrics-agent
  unit metrics-agent <<'X'
[Unit]
Description=Metrics agent
StartLimitIntervalSec=30
StartLimitBurst=3
[Service]
ExecStart=/usr/local/bin/metrics-agent --interval 15s
Restart=always
RestartSec=700ms
X
  systemctl start metrics-agent
  sleep 5
  journal journal.log
}

case_bad_command_supervisord() {
  about <<'JSON'
{ "category": "bad-command", "app": "checkout", "log": "supervisord.log",
  "proof": ["can't find command '/srv/checkout/bin/serve'"],
  "program": "supervisord 4.2", "form": "application-log", "hides": "spawnerr repeated, entered FATAL state", "split": "held-out",
  "why": "supervisord cannot find the configured command; its retries and the FATAL state follow from that." }
JSON
  host checkout-3
  app checkout checkout
  cat >/tmp/supervisord.conf <<X
[supervisord]
nodaemon=true
logfile=$evidence/supervisord.log
pidfile=/tmp/supervisord.pid
[program:checkout-worker]
command=/usr/bin/sleep 3600
[program:checkout]
command=/srv/checkout/bin/serve --port 3000
directory=/srv/checkout
startretries=3
X
  (cd /tmp && timeout 12 supervisord -c /tmp/supervisord.conf >/dev/null 2>&1)
}

case_bad_command_gunicorn_argument() {
  about <<'JSON'
{ "category": "bad-command", "app": "user_service", "log": "journal.log",
  "proof": ["unrecognized arguments: --wokers"],
  "program": "gunicorn under systemd 252", "form": "journald", "hides": "Main process exited, code=exited, status=2/INVALIDARGUMENT",
  "split": "tune",
  "why": "A misspelt argument on the new command line; the old one worked before the restart." }
JSON
  host user-4
  python_packages
  app blog_service user_service
  sed -i 's/blog_service/user_service/' app.py
  service() {
    unit user_service <<X
[Unit]
Description=User service
[Service]
WorkingDirectory=/srv/user_service
Environment=HOME=/srv/user_service PYTHONUNBUFFERED=1
ExecStart=/usr/bin/python3 -m gunicorn -b 127.0.0.1:8020 $1 app:app
Restart=on-failure
RestartSec=1
X
  }
  service '--workers 1 --access-logfile -'
  systemctl start user_service
  wait_port 8020
  hit http://127.0.0.1:8020/health 3
  service '--wokers 4 --access-logfile -'
  systemctl restart user_service
  sleep 4
  journal journal.log -u user_service
}

case_bad_command_java_jarfile() {
  about <<'JSON'
{ "category": "bad-command", "app": "billing", "log": "container.log",
  "proof": ["Error: Unable to access jarfile /app/billing-2.4.0.jar"],
  "program": "OpenJDK 17", "form": "docker-logs", "hides": null, "split": "tune",
  "why": "The start script still names the jar of the previous version." }
JSON
  host billing-0
  mkdir -p /app && touch /app/billing-2.5.0.jar
  cat >/app/run.sh <<'X'
#!/bin/bash
echo "$(date -u +%FT%TZ) billing: profile=prod zone=eu-1"
echo "$(date -u +%FT%TZ) billing: $(java -version 2>&1 | head -1)"
echo "$(date -u +%FT%TZ) billing: trust store imported, 3 certificates"
exec java -XX:MaxRAMPercentage=70 -jar /app/billing-2.4.0.jar --spring.profiles.active=prod
X
  for n in 1 2 3; do bash /app/run.sh >>"$evidence/container.log" 2>&1; sleep 2; done
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
