#!/bin/bash
# squid, varnish and stunnel: what stands between a client and a server.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# squid_up: a proxy on 3128; more of its configuration is read from standard input.
squid_up() {
  {
    cat
    echo 'http_port 3128
access_log stdio:/var/log/squid/access.log
cache_log /var/log/squid/cache.log
acl local src 127.0.0.0/8 10.0.0.0/8
http_access allow local
http_access deny all
pinger_enable off
logfile_rotate 2
shutdown_lifetime 1 seconds'
  } >/etc/squid/squid.conf
  rm -f /var/log/squid/*
  squid -z --foreground >/dev/null 2>&1
  rm -f /var/log/squid/* /run/squid.pid
  squid
}
through() { hit "$1" "${2:-1}" -x http://127.0.0.1:3128 -A "${3:-curl/7.88.1}"; }
web() { mkdir -p /srv/web && echo ok >/srv/web/index.html && (cd /srv/web && exec /usr/bin/python3 -m http.server "$1" --bind "$2" >/dev/null 2>&1) & }

case_invalid_config_squid_bungled() {
  about <<'JSON'
{ "category": "invalid-config", "app": "squid", "log": "journal.log",
  "proof": ["FATAL: Bungled /etc/squid/squid.conf line"],
  "program": "squid 5.7 under systemd 252", "form": "journald", "hides": "WARNING: You should probably remove, Failed with result 'exit-code'", "split": "held-out",
  "why": "A refresh pattern was written without its numbers; squid does not read its configuration and ends." }
JSON
  host proxy-2
  squid_up <<<'# egress'
  squid -k shutdown
  sleep 2
  { echo 'acl updates dstdomain .example.com .www.example.com'; echo 'refresh_pattern -i \.deb$ never'; cat /etc/squid/squid.conf; } >/tmp/squid.conf && cp /tmp/squid.conf /etc/squid/squid.conf
  mkdir -p /run/systemd/system/squid.service.d && printf '[Service]\nRestart=on-failure\nRestartSec=1\n[Unit]\nStartLimitBurst=3\n' >/run/systemd/system/squid.service.d/r.conf
  systemctl daemon-reload
  systemctl start squid
  sleep 6
  journal journal.log
}

case_unauthorized_squid_proxy_password() {
  about <<'JSON'
{ "category": "unauthorized", "app": "mirror-sync", "log": "mirror-sync.log",
  "proof": ["CONNECT tunnel failed, response 407"],
  "program": "curl 7.88 through squid 5.7", "form": "application-log", "hides": "curl: (56), 0 of 4 suites synced", "split": "held-out",
  "why": "The proxy wants a password, and the job still sends the one of last year; its own log says 407." }
JSON
  host sync-2
  address 10.0.7.9 packages.example.com
  web 8443 10.0.7.9
  printf '#!/bin/sh\nwhile read user pass; do [ "$pass" = winter26 ] && echo OK || echo ERR; done\n' >/usr/local/bin/check && chmod 755 /usr/local/bin/check
  squid_up <<'X'
auth_param basic program /usr/local/bin/check
auth_param basic realm egress
acl known proxy_auth REQUIRED
acl SSL_ports port 8443
http_access deny !known
X
  wait_port 3128
  cat >/srv/mirror-sync.sh <<'X'
echo "$(date -Is) mirror-sync: 4 suites, proxy http://mirror@127.0.0.1:3128"
for suite in stable updates security backports; do
  for try in 1 2 3; do
    echo "$(date -Is) mirror-sync: fetching $suite (try $try)"
    curl -sS -x http://mirror:winter25@127.0.0.1:3128 -p "http://packages.example.com:8443/$suite/Release" -o /tmp/Release && break
    sleep 0.4
  done || echo "$(date -Is) mirror-sync: giving up on $suite, index of yesterday kept"
done
echo "$(date -Is) mirror-sync: 0 of 4 suites synced"
exit 2
X
  start mirror-sync.log bash /srv/mirror-sync.sh
  wait $last
  cp /var/log/squid/access.log "$evidence/"
}

case_fd_exhausted_squid() {
  about <<'JSON'
{ "category": "fd-exhausted", "app": "squid", "log": "cache.log",
  "proof": ["WARNING! Your cache is running out of filedescriptors"],
  "program": "squid 5.7", "form": "application-log", "hides": "slow answers", "split": "held-out",
  "why": "Few descriptors and many slow requests: squid says that it runs out of them and accepts nobody." }
JSON
  host proxy-5
  address 10.0.7.20 slow.example.com
  squid_up <<<'max_filedescriptors 64'
  wait_port 3128
  /usr/bin/python3 -c "
import socket
s = socket.create_server(('10.0.7.20', 80), backlog=200); held = []
while True: held.append(s.accept())" &
  for n in $(seq 70); do curl -s -o /dev/null -m 20 -x http://127.0.0.1:3128 "http://slow.example.com/$n" & done
  sleep 9
  cp /var/log/squid/cache.log "$evidence/"
}

case_no_incident_squid_rotated() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "cache.log", "proof": [],
  "program": "squid 5.7", "form": "application-log", "hides": "WARNING: no_suid: setuid(0), HTTP/1.1 404, TCP_DENIED/403, TCP_TUNNEL", "split": "held-out",
  "why": "The proxy started, rotated its logs and read its configuration again; clients got what there is." }
JSON
  host proxy-1
  address 10.0.7.30 docs.example.com
  web 80 10.0.7.30
  squid_up <<<'# docs mirror
acl blocked dstdomain .tracker.test
http_access deny blocked'
  wait_port 3128
  through http://docs.example.com/ 8 'Mozilla/5.0'
  through http://docs.example.com/old.html 3 'Mozilla/5.0'
  through http://pixel.tracker.test/i.gif 3 'Mozilla/5.0'
  squid -k rotate
  sleep 1
  through http://docs.example.com/ 6 'Mozilla/5.0'
  squid -k reconfigure
  sleep 2
  through http://docs.example.com/ 9 'Mozilla/5.0'
  sleep 1
  cat /var/log/squid/access.log.0 /var/log/squid/access.log >"$evidence/access.log" 2>/dev/null
  cat /var/log/squid/cache.log.0 /var/log/squid/cache.log >"$evidence/cache.log" 2>/dev/null
}

# varnish_up NAME PORT: a cache on 6081 for that backend, probed each second; `varnish_log FILE` keeps what it says.
varnish_up() {
  cat >/etc/varnish/site.vcl <<X
vcl 4.1;
backend $1 { .host = "127.0.0.1"; .port = "$2"; .probe = { .url = "/ready"; .interval = 1s; .timeout = 0.8s; .window = 4; .threshold = 2; } }
X
  varnishd -a :6081 -f /etc/varnish/site.vcl -s malloc,32m -n /var/lib/varnish/site -T none >/dev/null 2>&1
  wait_port 6081
  varnishlog -n /var/lib/varnish/site -g raw -t off -i Backend_health,BackendReuse,FetchError,VCL_call,RespStatus,RespReason,ReqURL,Begin >/srv/varnish.log 2>&1 &
  sleep 1
}

case_readiness_failed_varnish_probe() {
  about <<'JSON'
{ "category": "readiness-failed", "app": "catalog", "log": "varnish.log",
  "proof": ["Backend_health - catalog Still sick", "503"],
  "program": "varnish 7.1, probe of a python 3.11 server", "form": "application-log", "hides": "FetchError backend catalog: unhealthy, 503 Backend fetch failed", "split": "held-out",
  "why": "The probe of the backend is answered with 503 and the cache takes it out; nothing tells why the backend is not ready." }
JSON
  host cache-4
  /usr/bin/python3 -c "
import http.server, time
began = time.time()
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        late = time.time() - began > 6 and self.path == '/ready'
        self.send_response(503 if late else 200); self.end_headers(); self.wfile.write(b'catalog')
    def log_message(self, *what): pass
http.server.ThreadingHTTPServer(('127.0.0.1', 8090), Page).serve_forever()" &
  wait_port 8090
  varnish_up catalog 8090
  for n in $(seq 12); do hit "http://127.0.0.1:6081/p/$n"; sleep 0.9; done
  cp /srv/varnish.log "$evidence/"
}

case_no_incident_varnish_backend_back() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "varnish.log", "proof": [],
  "program": "varnish 7.1", "form": "application-log", "hides": "Went sick, Still sick, Connection refused", "split": "held-out",
  "why": "The backend was restarted; its probe failed some seconds, then it went healthy and every request since is a 200." }
JSON
  host cache-6
  mkdir -p /srv/site && echo ok >/srv/site/ready && cd /srv/site
  /usr/bin/python3 -m http.server 8091 >/dev/null 2>&1 & site=$!
  wait_port 8091
  varnish_up site 8091
  sleep 4
  for n in $(seq 4); do hit http://127.0.0.1:6081/ready; done
  kill $site; sleep 4
  /usr/bin/python3 -m http.server 8091 >/dev/null 2>&1 &
  sleep 4
  for n in $(seq 10); do hit "http://127.0.0.1:6081/ready?$n"; sleep 0.6; done
  cp /srv/varnish.log "$evidence/"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
