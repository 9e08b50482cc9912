#!/bin/bash
# pm2, s6 and systemd: what starts programs again, stops them, and gives them a time.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# pm2 ARGUMENT…: its daemon's home is /srv/pm2, its log there pm2.log.
pm2() { PM2_HOME=/srv/pm2 PM2_DISCRETE_MODE=true node "$cache/node/node_modules/pm2/bin/pm2" "$@" >/dev/null 2>&1; }

case_crash_loop_pm2_wishes() {
  about <<'JSON'
{ "category": "crash-loop", "app": "wishes", "log": "pm2.log",
  "proof": ["exited with code [7]"],
  "program": "pm2 5, node 20", "form": "application-log", "hides": "App online", "split": "held-out",
  "why": "The program leaves with code 7 half a second after each start; neither pm2 nor its own log says why." }
JSON
  host wishes-1
  mkdir -p /srv/wishes && cd /srv/wishes || exit 1
  echo 'console.log("wishes 3.1 starting"); console.log("2 stores configured"); setTimeout(() => process.exit(7), 500);' >wishes.js
  echo 'setInterval(() => console.log("tick"), 1000);' >clock.js
  pm2 start clock.js --name clock
  pm2 start wishes.js --name wishes
  sleep 12
  grep -v '/run/recorder' /srv/pm2/pm2.log >"$evidence/pm2.log"
  cp /srv/pm2/logs/wishes-out.log "$evidence/"
}

case_shutdown_timeout_pm2_reload() {
  about <<'JSON'
{ "category": "shutdown-timeout", "app": "gifts", "log": "pm2.log",
  "proof": ["still alive after 2000ms, sending it SIGKILL now"],
  "program": "pm2 5, node 20", "form": "application-log", "hides": "failed to kill - retrying in 100ms, exited with code [0] via signal [SIGKILL]", "split": "held-out",
  "why": "The program does not end when it is asked to; at each release pm2 kills it after its time." }
JSON
  host gifts-1
  mkdir -p /srv/gifts && cd /srv/gifts || exit 1
  echo 'process.on("SIGINT", () => console.log("closing, 3 orders are being written")); setInterval(() => console.log("order written"), 1000);' >gifts.js
  pm2 start gifts.js --name gifts --kill-timeout 2000
  sleep 2
  for n in 1 2 3; do pm2 restart gifts; sleep 2; done
  grep -v '/run/recorder' /srv/pm2/pm2.log >"$evidence/pm2.log"
  tail -20 /srv/pm2/logs/gifts-out.log >"$evidence/gifts.log"
}

case_bad_command_s6_interpreter() {
  about <<'JSON'
{ "category": "bad-command", "app": "mailroom", "log": "s6.log",
  "proof": ["unable to exec run"],
  "program": "s6 2.11", "form": "application-log", "hides": "the other service starts", "split": "held-out",
  "why": "The run script of the service names an interpreter that this host does not have." }
JSON
  host mailroom-1
  mkdir -p /srv/scan/{mailroom,clock}
  printf '#!/usr/local/bin/node18\nrequire("/srv/mailroom.js")\n' >/srv/scan/mailroom/run
  printf '#!/bin/sh\nexec 2>&1\necho clock up\nwhile sleep 1; do echo "clock: 60 jobs due"; done\n' >/srv/scan/clock/run
  chmod 755 /srv/scan/*/run
  start s6.log s6-svscan /srv/scan
  sleep 9
  kill -KILL $last
}

case_job_deadline_exceeded_systemd_perl() {
  about <<'JSON'
{ "category": "job-deadline-exceeded", "app": "price-import", "log": "journal.log",
  "proof": ["price-import.service: Service reached runtime time limit. Stopping."],
  "program": "perl 5.36 under systemd 252", "form": "journald", "hides": "Failed with result 'timeout', feed has no etag", "split": "held-out",
  "why": "The import may run for six seconds and had read half of its feeds by then." }
JSON
  host feeds-11
  app languages price-import
  sed -i 's/0\.3;/2.4;/' Feed.pl
  printf '[Unit]\nDescription=Price import\n[Service]\nExecStart=/usr/bin/perl /srv/price-import/Feed.pl once\nRuntimeMaxSec=6\n' | unit price-import
  for n in 1 2; do systemctl start price-import; sleep 8; done
  journal journal.log -u price-import
}

case_startup_failed_lighttpd_notify() {
  about <<'JSON'
{ "category": "startup-failed", "app": "static-web", "log": "journal.log",
  "proof": ["static-web.service: start operation timed out. Terminating."],
  "program": "lighttpd 1.4 under systemd 252", "form": "journald", "hides": "server stopped by UID = 0, Failed with result 'timeout'", "split": "held-out",
  "why": "The unit waits for a notice that the server is ready, which this server never sends; it is stopped at the end of its start time, though it answered." }
JSON
  host static-1
  mkdir -p /srv/static && echo ok >/srv/static/up
  printf 'server.document-root = "/srv/static"\nserver.port = 8089\nserver.errorlog-use-syslog = "enable"\n' >/etc/lighttpd/static.conf
  printf '[Unit]\nDescription=Static web\n[Service]\nType=notify\nTimeoutStartSec=5\nExecStart=/usr/sbin/lighttpd -D -f /etc/lighttpd/static.conf\nRestart=on-failure\nRestartSec=1\n' | unit static-web
  systemctl start --no-block static-web
  wait_port 8089
  hit http://127.0.0.1:8089/up 3
  sleep 13
  journal journal.log -u static-web
}

case_fd_exhausted_nats_clients() {
  about <<'JSON'
{ "category": "fd-exhausted", "app": "nats", "log": "nats.log",
  "proof": ["too many open files"],
  "program": "nats-server 2.9", "form": "application-log", "hides": "Temporary Client Accept Error, sleeping", "split": "held-out",
  "why": "The server may open 40 files and more clients than that want to connect." }
JSON
  host bus-1
  unit bus <<'U'
[Service]
LimitNOFILE=40
StandardOutput=file:/srv/nats.log
StandardError=file:/srv/nats.log
ExecStart=/usr/sbin/nats-server -a 127.0.0.1
U
  systemctl start bus
  wait_port 4222
  /usr/bin/python3 -c "
import socket, time
held = [socket.create_connection(('127.0.0.1', 4222)) for n in range(60)]
time.sleep(6)" &
  sleep 6
  cp /srv/nats.log "$evidence/"
}

case_tls_untrusted_stunnel_peer() {
  about <<'JSON'
{ "category": "tls-untrusted", "app": "stunnel", "log": "stunnel.log",
  "proof": ["CERT: Pre-verification error: self-signed certificate"],
  "program": "stunnel 5.68", "form": "application-log", "hides": "SSL_connect certificate verify failed, Connection reset", "split": "held-out",
  "why": "The far end shows a certificate that it signed itself; no authority that is known here vouches for it." }
JSON
  host app-18
  . "$programs/tunnels.sh"
  address 10.0.8.9 sessions.example.com
  proven sessions.example.com '60 days'
  openssl req -x509 -newkey rsa:2048 -nodes -days 60 -subj /CN=sessions.example.com -addext subjectAltName=DNS:sessions.example.com \
    -keyout /tmp/own.key -out /tmp/own.crt 2>/dev/null
  cat /tmp/own.key /tmp/own.crt >"$pki/sessions.example.com.both"
  far sessions.example.com 10.0.8.9:6390
  near sessions.example.com
  ask 5
}

case_port_exhausted_ruby_pings() {
  about <<'JSON'
{ "category": "port-exhausted", "app": "pings", "log": "pings.log",
  "proof": ["Cannot assign requested address"],
  "program": "ruby 3.1", "form": "application-log", "hides": "shop N not asked", "split": "held-out",
  "why": "Each question takes a new connection that is kept; the local ports of this host are used up, and the server asked is well." }
JSON
  host pings-1
  address 10.0.7.99 shops
  echo '40000 40030' >/proc/sys/net/ipv4/ip_local_port_range
  /usr/bin/python3 -c "
import socket
s = socket.create_server(('10.0.7.99', 8400), backlog=100); held = []
while True: held.append(s.accept()); held[-1][0].sendall(b'open\n')" &
  sleep 1
  cat >/srv/pings.rb <<'R'
require 'socket'
$stdout.sync = true
kept = []
puts "#{Time.now.utc} pings[#{$$}] 44 shops at shops:8400"
(1..44).each do |n|
  kept << TCPSocket.new('shops', 8400)
  puts "#{Time.now.utc} pings[#{$$}] shop #{n}: #{kept.last.gets.strip}"
  sleep 0.05
rescue SystemCallError => e
  puts "#{Time.now.utc} pings[#{$$}] shop #{n} not asked: #{e.message}"
end
R
  start pings.log ruby /srv/pings.rb
  wait $last
}

case_no_incident_nats_clients_reconnect() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "nats.log", "proof": [],
  "program": "nats-server 2.9", "form": "application-log", "hides": "Client parser ERROR, Unknown Protocol Operation", "split": "held-out",
  "why": "One scanner speaks HTTP to the port, clients come and go, and the configuration was read again; the server serves all of them." }
JSON
  host bus-3
  printf 'host: 127.0.0.1\nport: 4222\nmax_payload: 65536\nping_interval: "1s"\nping_max: 2\n' >/srv/nats.conf
  start nats.log nats-server -c /srv/nats.conf -D
  wait_port 4222
  talk() { /usr/bin/python3 -c "
import socket, time
c = socket.create_connection(('127.0.0.1', 4222)); c.sendall(b'CONNECT {\"verbose\":false,\"name\":\"$1\"}\r\nSUB orders 1\r\n')
for n in range($2): c.sendall(b'PONG\r\nPUB orders 2\r\nok\r\n'); time.sleep(0.4)"; }
  talk cart 5
  hit http://127.0.0.1:4222/ 2
  talk stock 5 &
  talk cart 6
  kill -HUP $last
  sleep 1
  talk cart 4
  kill -KILL $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
