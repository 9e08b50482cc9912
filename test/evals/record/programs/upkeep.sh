#!/bin/bash
# no-incident: starts, reloads, rotations, upgrades and ordinary noise.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_no_incident_nginx_reload_rotation() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "error.log", "proof": [],
  "program": "nginx 1.22", "form": "application-log", "hides": "signal 17 (SIGCHLD) received, worker process exited, open() favicon.ico failed (2: No such file or directory)", "split": "tune",
  "why": "The configuration was reloaded and the logs were rotated; old workers left gracefully, and the missing icon is nobody's fault." }
JSON
  host edge-10
  mkdir -p /srv/www && echo hello >/srv/www/index.html
  cat >/tmp/nginx.conf <<'N'
error_log /tmp/error.log notice;
worker_processes 2;
events {}
http { access_log /tmp/access.log; server { listen 80; root /srv/www; } }
N
  nginx -c /tmp/nginx.conf
  wait_port 80
  hit http://127.0.0.1/ 4 && hit http://127.0.0.1/favicon.ico 2
  nginx -c /tmp/nginx.conf -s reload
  sleep 1
  hit http://127.0.0.1/ 6 && hit http://127.0.0.1/apple-touch-icon.png 1 && hit http://127.0.0.1/.env 2 && hit http://127.0.0.1/ 3
  nginx -c /tmp/nginx.conf -s reopen
  hit http://127.0.0.1/ 4
  sleep 1
  cp /tmp/error.log /tmp/access.log "$evidence/"
}

case_no_incident_gunicorn_hup_deprecations() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "blog_service.log", "proof": [],
  "program": "flask under gunicorn, python 3.11", "form": "application-log", "hides": "DeprecationWarning, Worker exiting, 404", "split": "tune",
  "why": "A reload for a new release: workers exit and new ones boot; the library warns of what it will drop some day." }
JSON
  host blog-8
  redis-server --port 6379 --save '' --daemonize yes --logfile /tmp/redis.log >/dev/null
  python_packages
  app blog_service blog_service
  sed -i '1i import warnings\nwarnings.simplefilter("always")\nimport cgi, imghdr, telnetlib\nfrom datetime import datetime\nfrom collections import OrderedDict\nimport asyncio\nwarnings.warn("comments_v1 is deprecated and will be removed in blog 7; an error page is shown for it then", DeprecationWarning)' app.py
  CACHE_URL=redis://127.0.0.1:6379/0 start blog_service.log /usr/bin/python3 -m gunicorn -w 2 -b 127.0.0.1:8000 --access-logfile - app:app
  wait_port 8000
  hit http://127.0.0.1:8000/posts/1 3
  hit http://127.0.0.1:8000/wp-login.php 2
  kill -HUP $last
  sleep 3
  for n in $(seq 8); do hit http://127.0.0.1:8000/posts/$n 1; done
  kill $last
  wait $last
}

case_no_incident_php_fpm_reload() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "php-fpm.log", "proof": [],
  "program": "php-fpm 8.2", "form": "application-log", "hides": "Terminating, exiting, unable to set, child exited on signal", "split": "tune",
  "why": "The pool was started, reloaded after a change of its settings, and stopped for a release; each is by the book." }
JSON
  host php-3
  fpm=$(ls /usr/sbin/php-fpm* | head -1)
  cat >/tmp/fpm.conf <<'N'
[global]
error_log = /tmp/php-fpm.log
log_level = notice
pid = /tmp/fpm.pid
daemonize = yes
[www]
user = www-data
listen = 127.0.0.1:9000
pm = dynamic
pm.max_children = 4
pm.start_servers = 2
pm.min_spare_servers = 1
pm.max_spare_servers = 3
N
  $fpm -y /tmp/fpm.conf
  sleep 2
  kill -USR2 $(cat /tmp/fpm.pid)
  sleep 2
  kill -USR1 $(cat /tmp/fpm.pid)
  sleep 1
  kill -QUIT $(cat /tmp/fpm.pid)
  sleep 1
  $fpm -y /tmp/fpm.conf
  sleep 1
  cp /tmp/php-fpm.log "$evidence/"
}

case_no_incident_pricing_gc_log() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "gc.log", "proof": [],
  "program": "OpenJDK 17", "form": "application-log", "hides": "Pause Full, Concurrent Mark Abort, Allocation Failure", "split": "tune",
  "why": "The collector of a busy service with a small heap: it collects all the time and always gets most of the heap back." }
JSON
  host pricing-8
  java_app pricing pricing com.acme.pricing.Main
  JAVA_OPTS="-Xmx48m -XX:+UseSerialGC -Xlog:gc*=info:file=$evidence/gc.log:uptime,level,tags" PORT=8085 start pricing.log java_run pricing
  wait_port 8085
  for n in $(seq 60); do hit http://127.0.0.1:8085/price/mug 1; done
  jcmd $last GC.run >/dev/null
  for n in $(seq 20); do hit http://127.0.0.1:8085/price/mug 1; done
  kill $last
  wait $last
}

case_no_incident_systemd_boot() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "journal.log", "proof": [],
  "program": "systemd 252", "form": "journald", "hides": "Failed to, not supported, skipped because of an unmet condition check", "split": "tune",
  "why": "A container boots: what its kernel does not let it do is skipped, and every unit that was asked for is up." }
JSON
  local was
  was=$(hostname)
  host web-12
  cat >/etc/systemd/system/recorder-boot.target <<'U'
[Unit]
Requires=basic.target
Wants=redis-server.service nginx.service cron.service systemd-logind.service dbus.service rsyslog.service systemd-tmpfiles-clean.service
After=basic.target
U
  systemctl daemon-reload
  systemctl start recorder-boot.target
  sleep 5
  journalctl --no-pager -o short -b | grep -v -e '^-- ' -e 'systemd-journald\[' -e ' kernel: ' -e recorder | sed "s/^\(.\{15\}\) $was /\1 web-12 /" >"$evidence/journal.log"
}

case_no_incident_dpkg_install_log() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "upgrade.log", "proof": [],
  "program": "dpkg 1.21, debconf 1.5", "form": "application-log", "hides": "debconf: unable to initialize frontend, invoke-rc.d: policy-rc.d denied execution, update-alternatives: warning", "split": "tune",
  "why": "A package is installed again in an image build; debconf falls back to a simpler front end and everything is set up." }
JSON
  host builder-3
  mkdir -p /tmp/pkg/DEBIAN /tmp/pkg/usr/bin /tmp/pkg/usr/share/man/man1
  cat >/tmp/pkg/DEBIAN/control <<'C'
Package: error-reporter
Version: 2.1.4
Architecture: all
Maintainer: Operations <ops@example.com>
Depends: debconf
Description: sends reports of failed jobs
C
  printf 'Template: error-reporter/address\nType: string\nDefault: ops@example.com\nDescription: Address:\n' >/tmp/pkg/DEBIAN/templates
  printf '#!/bin/sh\n. /usr/share/debconf/confmodule\ndb_input medium error-reporter/address || true\ndb_go || true\n' >/tmp/pkg/DEBIAN/config
  printf '#!/bin/sh\n. /usr/share/debconf/confmodule\nupdate-alternatives --install /usr/bin/report report /usr/bin/error-reporter 10 --slave /usr/share/man/man1/report.1.gz report.1.gz /usr/share/man/man1/error-reporter.1.gz >&2\ninvoke-rc.d rsyslog reload >&2 || true\necho "failed jobs are reported to ops@example.com" >&2\n' >/tmp/pkg/DEBIAN/postinst
  chmod 755 /tmp/pkg/DEBIAN/{config,postinst}
  printf '#!/bin/sh\n' >/tmp/pkg/usr/bin/error-reporter && chmod 755 /tmp/pkg/usr/bin/error-reporter
  dpkg-deb --build --root-owner-group /tmp/pkg /tmp/error-reporter_2.1.4_all.deb >/dev/null
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
  unset DEBIAN_FRONTEND
  {
    dpkg --install /tmp/error-reporter_2.1.4_all.deb
    dpkg --remove error-reporter
    dpkg --install /tmp/error-reporter_2.1.4_all.deb
  } >"$evidence/upgrade.log" 2>&1 </dev/null
}

case_no_incident_haproxy_reload_journal() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "journal.log", "proof": [],
  "program": "haproxy 2.6 under systemd 252", "form": "journald", "hides": "[WARNING] Stopping frontend, exiting Master process, Former worker exited with code 143", "split": "tune",
  "why": "haproxy was reloaded with a new configuration: the old worker finishes, the new one serves." }
JSON
  host lb-4
  cat >/etc/haproxy/shop.cfg <<'N'
global
  log /dev/log local0
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
  log global
  option httplog
frontend shop
  bind :80
  default_backend pages
backend pages
  http-request return status 200 content-type text/plain string ok
N
  unit lb <<'U'
[Unit]
Description=load balancer of the shop
[Service]
ExecStart=/usr/sbin/haproxy -Ws -f /etc/haproxy/shop.cfg
ExecReload=/bin/kill -USR2 $MAINPID
KillMode=mixed
Type=notify
U
  systemctl start lb
  wait_port 80
  hit http://127.0.0.1/ 4
  echo '  http-request set-header X-Shop eu' >>/etc/haproxy/shop.cfg
  systemctl reload lb
  sleep 2
  hit http://127.0.0.1/ 8
  sleep 1
  journal journal.log -u lb
}

case_no_incident_slurm_jobs_done() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "slurmctld.log", "proof": [],
  "program": "slurm 22.05", "form": "application-log", "hides": "error: lines of a first start, Could not open node state file, No such file or directory", "split": "tune",
  "why": "A controller that starts for the first time finds no saved state and says so; then it runs every job to its end." }
JSON
  . /run/recorder/programs/unschedulable.sh
  host render-4
  slurm_cluster "NodeName=$(hostname) CPUs=2 RealMemory=4000 State=UNKNOWN" \
    'PartitionName=batch Nodes=ALL Default=YES MaxTime=INFINITE State=UP'
  for name in frames preview thumbnails titles; do batch $name 1 --mem=200 >/dev/null; done
  for _ in $(seq 60); do [ -z "$(squeue -h)" ] && break; sleep 1; done
  sleep 2
  cp /var/log/slurmctld.log "$evidence/"
}

case_no_incident_sshd_scanners() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "sshd.log", "proof": [],
  "program": "OpenSSH 9.2", "form": "application-log", "hides": "error: kex_exchange_identification, Invalid user, Connection closed", "split": "held-out",
  "why": "Scanners of the internet knock and are sent away; the deploy user logs in as every day." }
JSON
  host jump-1
  mkdir -p /run/sshd /srv/k && ssh-keygen -q -t ed25519 -N '' -f /srv/k/host && ssh-keygen -q -t ed25519 -N '' -f /srv/k/deploy
  useradd -m -s /bin/bash deploy && usermod -p '*' deploy
  install -d -o deploy -m 700 /home/deploy/.ssh && install -o deploy -m 600 /srv/k/deploy.pub /home/deploy/.ssh/authorized_keys
  chmod 755 /srv /srv/k
  /usr/sbin/sshd -D -e -p 2222 -h /srv/k/host -o LogLevel=VERBOSE 2>"$evidence/sshd.log" &
  wait_port 2222
  opts='-p 2222 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes -q'
  for n in 1 2 3; do ssh $opts -i /srv/k/deploy deploy@127.0.0.1 true; done
  for name in admin oracle test root; do ssh $opts $name@127.0.0.1 true </dev/null; done
  for n in 1 2 3; do (exec 3<>/dev/tcp/127.0.0.1/2222; printf 'GET / HTTP/1.0\r\n\r\n' >&3; head -c 20 <&3 >/dev/null); done
  for n in 1 2; do (exec 3<>/dev/tcp/127.0.0.1/2222); done
  for n in 1 2 3; do ssh $opts -i /srv/k/deploy deploy@127.0.0.1 true; done
  sleep 1
}

case_no_incident_caddy_reload() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "caddy.log", "proof": [],
  "program": "caddy 2.6", "form": "json-lines", "hides": "level warn, logger names with error, shutting down", "split": "held-out",
  "why": "Caddy starts, is reloaded with a new configuration, serves, and is stopped in order." }
JSON
  host edge-11
  mkdir -p /srv/www && echo hello >/srv/www/index.html
  printf '{\n  admin 127.0.0.1:2019\n}\n:8080 {\n  root * /srv/www\n  log\n  file_server\n}\n' >/tmp/Caddyfile
  cd /tmp
  HOME=/srv start caddy.log caddy run --config /tmp/Caddyfile --adapter caddyfile
  wait_port 8080
  hit http://127.0.0.1:8080/ 4 && hit http://127.0.0.1:8080/missing.png 2
  sed -i 's/  log/  log\n  header X-Shop eu/' /tmp/Caddyfile
  caddy reload --config /tmp/Caddyfile --adapter caddyfile >/dev/null 2>&1
  sleep 1
  hit http://127.0.0.1:8080/ 8
  kill $last
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
