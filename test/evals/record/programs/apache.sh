#!/bin/bash
# apache2 and lighttpd, as Debian packages them, behind the units of the package.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

apache_site() {
  sed -i '/^<\/VirtualHost>/d' /etc/apache2/sites-available/000-default.conf
  { cat; echo '</VirtualHost>'; } >>/etc/apache2/sites-available/000-default.conf
  rm -f /var/log/apache2/*
  mkdir -p /var/www/html && echo '<h1>shop</h1>' >/var/www/html/index.html
}

apache_modules() { a2enmod -q "$@" >/dev/null; }

case_port_in_use_apache_admin_listener() {
  about <<'JSON'
{ "category": "port-in-use", "app": "apache2", "log": "journal.log",
  "proof": ["AH00072: make_sock: could not bind to address 0.0.0.0:8081"],
  "program": "apache2 2.4 under systemd 252", "form": "journald", "hides": "AH00558 could not reliably determine the server's name", "split": "held-out",
  "why": "A new listener on 8081 was added for the admin pages, and the artifact cache has that port already." }
JSON
  host web-11
  apache_site <<<'ErrorLogFormat "[%t] [%l] [pid %P] %F: %E: %a %M"'
  unit artifact-cache <<'U'
[Unit]
Description=artifact cache
[Service]
Environment=PYTHONUNBUFFERED=1
ExecStart=/usr/bin/python3 -m http.server 8081 --directory /var/www/html
U
  systemctl start artifact-cache apache2
  wait_port 80
  wait_port 8081
  hit http://127.0.0.1:8081/ 4
  systemctl stop apache2
  echo 'Listen 0.0.0.0:8081' >>/etc/apache2/ports.conf
  systemctl start apache2
  hit http://127.0.0.1:8081/ 3
  systemctl reset-failed apache2
  systemctl start apache2
  sleep 1
  journal journal.log
}

case_missing_env_apache_without_envvars() {
  about <<'JSON'
{ "category": "missing-env", "app": "intranet", "log": "container.log",
  "proof": ["Config variable ${INTRANET_PORT} is not defined"],
  "program": "apache2 2.4 in a start script", "form": "docker-logs", "hides": "AH00526 Syntax error, Port must be specified", "split": "held-out",
  "why": "The site's configuration takes its port from INTRANET_PORT, which the start script's env file no longer sets." }
JSON
  host intranet-2
  apache_site </dev/null
  echo 'Listen ${INTRANET_PORT}' >/etc/apache2/ports.conf
  sed -i 's#^ErrorLog.*#ErrorLog /dev/stderr#' /etc/apache2/apache2.conf
  sed -i '/ErrorLog\|CustomLog/d' /etc/apache2/sites-available/000-default.conf
  cat >/srv/entrypoint.sh <<'X'
#!/bin/bash
set -e
echo "intranet-web: reading /etc/apache2/envvars"
. /etc/apache2/envvars
mkdir -p $APACHE_RUN_DIR $APACHE_LOCK_DIR
echo "intranet-web: apache configuration:"
apache2 -t || true
echo "intranet-web: starting httpd in the foreground"
exec apache2 -DFOREGROUND
X
  for n in 1 2 3; do start container.log bash /srv/entrypoint.sh; sleep 2; kill $last 2>/dev/null; wait $last; done
}

case_connection_refused_apache_proxy_backend() {
  about <<'JSON'
{ "category": "connection-refused", "app": "inventory", "log": "error.log",
  "proof": ["(111)Connection refused: AH00957"],
  "program": "apache2 2.4, mod_proxy", "form": "application-log", "hides": "AH01114 failed to make connection to backend, 503 in the access log", "split": "held-out",
  "why": "Nothing listens on the backend's port any more; Apache takes the worker out and answers 503." }
JSON
  host edge-14
  address 10.0.4.20 inventory
  apache_modules proxy proxy_http
  apache_site <<<'ServerName edge.example.com
ProxyPass /stock http://inventory:9090 retry=2'
  mkdir -p /srv/stock && echo '[]' >/srv/stock/items
  (cd /srv/stock && exec /usr/bin/python3 -m http.server 9090 >/dev/null 2>&1) & backend=$!
  wait_port 9090
  systemctl start apache2
  wait_port 80
  hit http://127.0.0.1/stock/items 12 -A 'Mozilla/5.0 (iPhone)'
  hit http://127.0.0.1/favicon.ico 2
  kill $backend
  for n in 1 2 3 4 5; do hit http://127.0.0.1/stock/items 2 -A 'okhttp/4.12'; hit http://127.0.0.1/ 2; sleep 1; done
  cp /var/log/apache2/{error,access}.log "$evidence/"
}

case_permission_denied_apache_upload_folder() {
  about <<'JSON'
{ "category": "permission-denied", "app": null, "log": "error.log",
  "proof": ["(13)Permission denied: [client", "search permissions are missing on a component of the path"],
  "program": "apache2 2.4", "form": "application-log", "hides": "File does not exist, 403 in the access log", "split": "held-out",
  "why": "A restore left /var/www/html/media with mode 700 of another user; every picture answers 403." }
JSON
  host web-6
  apache_site <<<'LogLevel info
ServerName media.example.com'
  mkdir -p /var/www/html/media && echo x >/var/www/html/media/a.jpg
  systemctl start apache2
  wait_port 80
  hit http://127.0.0.1/media/a.jpg 8
  hit http://127.0.0.1/robots.txt 3
  chown -R 1007 /var/www/html/media && chmod 700 /var/www/html/media
  hit http://127.0.0.1/media/a.jpg 12 -A 'Mozilla/5.0 (Windows NT 10.0)'
  hit http://127.0.0.1/ 4
  cp /var/log/apache2/{error,access}.log "$evidence/"
}

case_segfault_apache_children() {
  about <<'JSON'
{ "category": "segfault", "app": "apache2", "log": "error.log",
  "proof": ["exit signal Segmentation fault (11)"],
  "program": "apache2 2.4, mod_lua", "form": "application-log", "hides": "File does not exist", "split": "held-out",
  "why": "Children of the server die on signal 11 when they serve one page; the parent starts others." }
JSON
  host web-21
  printf '#include <lua.h>\nint luaopen_badge(lua_State *L) { volatile int *none = 0; return *none; }\n' >/tmp/badge.c
  sed -i 's#<lua.h>#<stddef.h>#; s/lua_State/void/' /tmp/badge.c
  mkdir -p /usr/local/lib/lua/5.3 && gcc -shared -fPIC -o /usr/local/lib/lua/5.3/badge.so /tmp/badge.c
  apache_modules lua
  apache_site <<<'ServerName badge.example.com
LuaPackageCPath /usr/local/lib/lua/5.3/?.so
LuaMapHandler /badge /var/www/page.lua'
  printf 'function handle(r)\n  local badge = require("badge")\n  r:puts("ok")\nend\n' >/var/www/page.lua
  systemctl start apache2
  wait_port 80
  for n in 1 2 3 4 5; do hit http://127.0.0.1/ 2; hit http://127.0.0.1/missing/$n.png 2; hit http://127.0.0.1/badge 2; done
  sleep 2
  cp /var/log/apache2/{error,access}.log "$evidence/"
}

case_traffic_overload_apache_workers() {
  about <<'JSON'
{ "category": "traffic-overload", "app": "apache2", "log": "error.log",
  "proof": ["AH00484: server reached MaxRequestWorkers setting"],
  "program": "apache2 2.4, mpm_event", "form": "application-log", "hides": "slow answers in the access log", "split": "held-out",
  "why": "More requests at a time than the server has workers; it says that it is at its limit." }
JSON
  host web-3
  apache_modules status cgid
  apache_site <<<'ServerName web.example.com
LogFormat "%h %t \"%r\" %>s %b %Dus" timed
CustomLog /var/log/apache2/timed.log timed
ScriptAlias /report /srv/report.cgi
<Directory /srv>
Require all granted
</Directory>'
  printf '#!/bin/sh\nsleep 2\nprintf "Content-Type: text/plain\\n\\nok\\n"\n' >/srv/report.cgi && chmod 755 /srv/report.cgi
  cat >/etc/apache2/mods-available/mpm_event.conf <<'X'
StartServers 1
ServerLimit 1
ThreadsPerChild 6
MaxRequestWorkers 6
MinSpareThreads 2
MaxSpareThreads 6
X
  systemctl start apache2
  wait_port 80
  hit http://127.0.0.1/ 6
  hit http://127.0.0.1/report 1
  for n in $(seq 40); do curl -s -o /dev/null -m 12 -A "Mozilla/5.0 ($n)" http://127.0.0.1/report & done
  sleep 14
  cp /var/log/apache2/{error,timed}.log "$evidence/"
}

case_exited_normally_lighttpd_daemonised() {
  about <<'JSON'
{ "category": "exited-normally", "app": "downloads", "log": "journal.log",
  "proof": ["downloads.service: Deactivated successfully"],
  "program": "lighttpd 1.4 under systemd 252", "form": "journald", "hides": "server stopped by UID = 0", "split": "held-out",
  "why": "The unit starts lighttpd without -D: it goes into the background, its first process ends with 0, and systemd takes the unit for ended and stops the rest." }
JSON
  host dl-1
  mkdir -p /srv/downloads && echo 1.4.2 >/srv/downloads/latest
  printf 'server.document-root = "/srv/downloads"\nserver.port = 8088\nserver.errorlog-use-syslog = "enable"\n' >/etc/lighttpd/downloads.conf
  unit downloads <<'U'
[Unit]
Description=Downloads
After=network.target
[Service]
Type=simple
ExecStartPre=/usr/sbin/lighttpd -tt -f /etc/lighttpd/downloads.conf
ExecStart=/usr/sbin/lighttpd -f /etc/lighttpd/downloads.conf
Restart=on-failure
U
  for n in 1 2 3; do systemctl start downloads; sleep 1.5; hit http://127.0.0.1:8088/latest 2; done
  systemctl status downloads --no-pager >"$evidence/status.txt"
  journal journal.log
}

case_no_incident_apache_reload_and_scanners() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "error.log", "proof": [],
  "program": "apache2 2.4", "form": "application-log", "hides": "script not found or unable to stat, AH00126 Invalid URI, denied by server configuration", "split": "held-out",
  "why": "A log rotation with a graceful restart, and scanners that ask for what is not there; all pages of the site are served." }
JSON
  host web-9
  apache_site <<<'LogLevel info
<Location /server-status>
Require ip 192.0.2.1
</Location>
ScriptAlias /cgi-bin/ /srv/cgi/'
  apache_modules cgid
  mkdir -p /srv/cgi
  systemctl start apache2
  wait_port 80
  visits() { for n in $(seq "$1"); do hit http://127.0.0.1/ 3 -A 'Mozilla/5.0 (Macintosh)'; hit "http://127.0.0.1/$2" 1 -A 'zgrab/0.x' --path-as-is; done; }
  visits 4 cgi-bin/luci.sh
  visits 3 server-status
  visits 3 '%%32%65/etc/passwd'
  systemctl reload apache2
  sleep 2
  visits 5 .env
  visits 4 cgi-bin/test-cgi
  cp /var/log/apache2/{error,access}.log "$evidence/"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
