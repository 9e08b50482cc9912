#!/bin/bash
# What keeps a host and its network: unbound, openvpn, chrony, fail2ban, tinyproxy, freeradius,
# keepalived, samba, cron, logrotate, rsyslog, mount units.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_dns_failure_unbound_forwarder() {
  about <<'JSON'
{ "category": "dns-failure", "app": "unbound", "log": "unbound.log",
  "proof": ["SERVFAIL <rates.partner.example. A IN>"],
  "program": "unbound 1.17", "form": "application-log", "hides": "answers for the company's own names, cache statistics", "split": "tune",
  "why": "The resolver gets no answer from the server it forwards all foreign names to; names of partners cannot be resolved." }
JSON
  host resolver-1
  address 10.0.9.20 resolver.internal
  address 10.0.9.21 upstream.internal
  dnsmasq -k -u root --listen-address=10.0.9.20 --port=5300 --bind-interfaces --no-resolv --address=/acme.internal/10.1.2.3 --local=/internal/ &
  /usr/bin/python3 -c "
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('10.0.9.21', 53)); time.sleep(200)" &
  cat >/tmp/unbound.conf <<'U'
server:
  interface: 10.0.9.20
  access-control: 10.0.0.0/8 allow
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "/tmp"
  pidfile: ""
  logfile: "/tmp/unbound.log"
  log-time-ascii: yes
  log-queries: yes
  log-replies: yes
  log-servfail: yes
  statistics-interval: 15
  do-not-query-localhost: no
  local-zone: "internal." transparent
  module-config: "iterator"
  infra-host-ttl: 5
forward-zone:
  name: "acme.internal."
  forward-addr: 10.0.9.20@5300
forward-zone:
  name: "."
  forward-addr: 10.0.9.21
U
  unbound -d -c /tmp/unbound.conf &
  sleep 1
  for n in $(seq 24); do
    dig +tries=1 +time=1 @10.0.9.20 db$n.acme.internal >/dev/null
    case $n in 5 | 9 | 13 | 17 | 21) dig +tries=1 +time=1 @10.0.9.20 rates.partner.example >/dev/null & ;; esac
    sleep 2
  done
  sleep 3
  cp /tmp/unbound.log "$evidence/unbound.log"
}

case_no_incident_unbound_statistics() {
  about <<'JSON'
{ "category": "no-incident", "app": "unbound", "log": "unbound.log", "proof": [],
  "program": "unbound 1.17", "form": "application-log", "hides": "NXDOMAIN of names with error and failed in them, 0 exceeded, 0 jostled, histogram of recursion times", "split": "held-out",
  "why": "A resolver answers, names that do not exist among them, and counts; nothing is dropped and nothing fails." }
JSON
  host resolver-2
  address 10.0.9.22 resolver.internal
  dnsmasq -k -u root --listen-address=10.0.9.22 --port=5300 --bind-interfaces --no-resolv --address=/acme.internal/10.1.2.3 --local=/internal/ &
  printf 'server:\n  interface: 10.0.9.22\n  access-control: 10.0.0.0/8 allow\n  do-daemonize: no\n  username: ""\n  chroot: ""\n  directory: "/tmp"\n  pidfile: ""\n  logfile: "/tmp/unbound.log"\n  log-queries: yes\n  log-replies: yes\n  log-servfail: yes\n  statistics-interval: 5\n  do-not-query-localhost: no\n  local-zone: "internal." transparent\n  module-config: "iterator"\n  verbosity: 1\nforward-zone:\n  name: "."\n  forward-addr: 10.0.9.22@5300\n' >/tmp/unbound.conf
  unbound -d -c /tmp/unbound.conf &
  sleep 1
  for n in $(seq 18); do
    dig +tries=1 +time=2 @10.0.9.22 api$((n % 6)).acme.internal >/dev/null
    [ $((n % 4)) = 0 ] && dig +tries=1 +time=2 @10.0.9.22 error-reports.failed.internal >/dev/null
    sleep 1
  done
  kill %2
  sleep 1
  cp /tmp/unbound.log "$evidence/unbound.log"
}

case_tls_expired_openvpn_branch() {
  about <<'JSON'
{ "category": "tls-expired", "app": "branch-vpn", "log": "client.log",
  "proof": ["error=certificate has expired"],
  "program": "openvpn 2.6", "form": "application-log", "hides": "TLS handshake failed, TLS key negotiation failed to occur, SIGUSR1[soft,tls-error] received", "split": "tune",
  "why": "The gateway's certificate ran out; the client refuses it, and both sides complain of a failed handshake and start again." }
JSON
  host branch-4
  . "$programs/certificates.sh"
  authority 'Acme VPN CA'
  certificate gateway.acme.example '2 days ago'
  certificate branch-4.acme.example 'now + 80 days'
  address 10.0.9.24 gateway.acme.example
  vpn() { openvpn --dev null --proto udp --port 1194 --ca $pki/ca.crt --cert "$pki/$1.crt" --key "$pki/$1.key" --verb 3 --connect-retry 2 --connect-retry-max 4 --hand-window 6 "${@:2}"; }
  start gateway.log vpn gateway.acme.example --local 10.0.9.24 --tls-server --dh none
  sleep 1
  start client.log vpn branch-4.acme.example --tls-client --remote gateway.acme.example --nobind
  sleep 34
  kill $last
  sleep 1
}

case_no_incident_chrony_source_back() {
  about <<'JSON'
{ "category": "no-incident", "app": "chronyd", "log": "chronyd.log", "proof": [],
  "program": "chrony 4.3", "form": "application-log", "hides": "Can't synchronise: no selectable sources, System clock wrong by", "split": "held-out",
  "why": "The time server was started later and once again in between; the client chose it each time, as it should." }
JSON
  host clock-1
  address 10.0.9.26 ntp.internal
  install -d -m 750 /run/chrony-s /run/chrony-c
  printf 'local stratum 8\nallow\nbindaddress 10.0.9.26\npidfile /run/chrony-s/s.pid\nbindcmdaddress /\ncmdport 0\n' >/tmp/server.conf
  printf 'server 10.0.9.26 iburst minpoll 0 maxpoll 1\nport 0\npidfile /run/chrony-c/c.pid\nbindcmdaddress /run/chrony-c/c.sock\ncmdport 0\ndriftfile /run/chrony-c/drift\nlogchange 0.000001\n' >/tmp/client.conf
  start chronyd.log chronyd -u root -x -d -f /tmp/client.conf
  client=$last
  sleep 6
  for n in 1 2; do
    chronyd -u root -x -d -f /tmp/server.conf >/dev/null 2>&1 &
    server=$!
    sleep 14
    [ $n = 1 ] && kill $server && sleep 18
  done
  chronyc -h /run/chrony-c/c.sock -n tracking >"$evidence/tracking.txt" 2>&1
  kill $client
  wait $client
}

case_no_incident_fail2ban_scanners() {
  about <<'JSON'
{ "category": "no-incident", "app": "fail2ban", "log": "fail2ban.log", "proof": [],
  "program": "fail2ban 1.0, OpenSSH 9.2", "form": "application-log", "hides": "Invalid user, Ban, Connection closed by invalid user", "split": "held-out",
  "why": "Strangers try names, are counted and shut out for a while, and let in again: the guard does its work." }
JSON
  host bastion-1
  address 10.0.9.28 bastion
  mkdir -p /run/sshd /run/fail2ban /etc/fail2ban/jail.d
  ssh-keygen -A >/dev/null
  rm -f /etc/fail2ban/jail.d/*
  : >/tmp/auth.log
  printf '[DEFAULT]\nbanaction = iptables-multiport\nbackend = polling\n[sshd]\nenabled = true\nport = 22\nlogpath = /tmp/auth.log\nmaxretry = 3\nfindtime = 60\nbantime = 6\nignoreself = false\n' >/etc/fail2ban/jail.d/site.local
  # sshd's own lines, with the time and the name that syslog puts in front of them.
  (/usr/sbin/sshd -D -e -o ListenAddress=10.0.9.28 2>&1 | while IFS= read -r line; do echo "$(date '+%b %e %T') bastion-1 sshd[311]: ${line%$'\r'}" >>/tmp/auth.log; done) &
  sleep 1
  fail2ban-server -f -x --logtarget /tmp/fail2ban.log --loglevel INFO start &
  sleep 4
  for stranger in 61 62 63; do
    ip address add 10.0.9.$stranger/32 dev lo
    for name in admin oracle test backup; do
      ssh -b 10.0.9.$stranger -o BatchMode=yes -o ConnectTimeout=2 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null $name@10.0.9.28 true 2>/dev/null
      sleep 0.7
    done
    sleep 4
  done
  sleep 8
  cp /tmp/fail2ban.log /tmp/auth.log "$evidence/"
}

case_traffic_overload_tinyproxy() {
  about <<'JSON'
{ "category": "traffic-overload", "app": "tinyproxy", "log": "tinyproxy.log",
  "proof": ["Maximum number of connections reached"],
  "program": "tinyproxy 1.11", "form": "application-log", "hides": "Established connection to host, requests that are served", "split": "tune",
  "why": "Sixty clients come at once and the proxy may serve six; the pages behind it are quick, it is only too many." }
JSON
  host egress-3
  address 10.0.9.30 pages.internal
  mkdir -p /data/www && head -c 90000 /dev/urandom | base64 >/data/www/page.html && chmod -R a+rX /data
  printf 'pid /tmp/p.pid;\nerror_log /tmp/p.log;\nevents {}\nhttp { access_log off; server { listen 10.0.9.30:80; root /data/www; limit_rate 20k; } }\n' >/tmp/p.conf
  nginx -c /tmp/p.conf
  printf 'Port 8888\nListen 127.0.0.1\nTimeout 20\nLogFile "/tmp/tinyproxy.log"\nLogLevel Connect\nMaxClients 6\nAllow 127.0.0.1\nUser root\nGroup root\n' >/tmp/tinyproxy.conf
  tinyproxy -d -c /tmp/tinyproxy.conf >/dev/null 2>&1 &
  wait_port 8888
  http_proxy=http://127.0.0.1:8888 hit http://pages.internal/page.html 5
  for _ in $(seq 60); do http_proxy=http://127.0.0.1:8888 hit http://pages.internal/page.html 1 & sleep 0.05; done
  sleep 12
  tail -n 260 /tmp/tinyproxy.log >"$evidence/tinyproxy.log"
}

case_unauthorized_radius_shared_secret() {
  about <<'JSON'
{ "category": "unauthorized", "app": "freeradius", "log": "radius.log",
  "proof": ["Shared secret is incorrect."],
  "program": "freeradius 3.2", "form": "application-log", "hides": "Ready to process requests, Login OK of the other access point", "split": "held-out",
  "why": "The access point was reset and speaks with an old shared secret; the server drops what it sends, the users' passwords are right." }
JSON
  host radius-1
  address 10.0.9.32 radius.internal
  ip address add 10.0.9.33/32 dev lo
  conf=/etc/freeradius/3.0
  printf 'client ap-hall {\n ipaddr = 10.0.9.32\n secret = hall-secret\n require_message_authenticator = yes\n}\nclient ap-yard {\n ipaddr = 10.0.9.33\n secret = yard-secret\n require_message_authenticator = yes\n}\n' >>$conf/clients.conf
  for n in $(seq 8); do printf 'user%s Cleartext-Password := "pw%s"\n' $n $n; done >>$conf/mods-config/files/authorize
  sed -i 's/^\(\s*\)auth = no/\1auth = yes/' $conf/radiusd.conf
  freeradius -f -l /tmp/radius.log >/dev/null 2>&1 &
  sleep 5
  ask() {
    { echo "$(date -u +%FT%TZ) $1: asking for $2"
      printf 'User-Name = "%s"\nUser-Password = "%s"\nPacket-Src-IP-Address = %s\nMessage-Authenticator = 0x00\n' "$2" "$3" "$5" | radclient -r 1 -t 1 10.0.9.32:1812 auth "$4"; } >>"$evidence/access-points.log" 2>&1
  }
  for n in 1 2 3; do ask ap-hall user$n pw$n hall-secret 10.0.9.32; ask ap-yard user$n pw$n yard-secret 10.0.9.33; done
  for n in $(seq 4 8); do ask ap-hall user$n pw$n hall-secret 10.0.9.32; ask ap-yard user$n pw$n factory-default 10.0.9.33; sleep 0.5; done
  cp /tmp/radius.log "$evidence/radius.log"
}

case_insufficient_evidence_keepalived_fault() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "keepalived", "log": "keepalived.log", "proof": [],
  "program": "keepalived 2.2", "form": "application-log", "hides": "now returning 1, Entering FAULT STATE", "split": "tune",
  "why": "The check script's status changed and the address was given up; what the script found, nobody wrote." }
JSON
  host edge-1
  uplink 10.0.9.34/24
  printf '#!/bin/sh\n[ ! -e /tmp/bad ]\n' >/usr/local/bin/check-shop && chmod +x /usr/local/bin/check-shop
  cat >/tmp/keepalived.conf <<'K'
global_defs {
  router_id edge_1
  script_user root
  enable_script_security
}
vrrp_script check_shop {
  script "/usr/local/bin/check-shop"
  interval 1
  fall 2
  rise 2
}
vrrp_instance SHOP {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority 120
  advert_int 1
  virtual_ipaddress { 10.0.9.35/32 }
  track_script { check_shop }
}
K
  start keepalived.log keepalived -n -l -D -G -f /tmp/keepalived.conf
  sleep 8
  touch /tmp/bad
  sleep 5
  rm /tmp/bad
  sleep 7
  touch /tmp/bad
  sleep 5
  kill $last
}

case_forbidden_samba_photos() {
  about <<'JSON'
{ "category": "forbidden", "app": "scanner", "log": "scan.log",
  "proof": ["NT_STATUS_ACCESS_DENIED"],
  "program": "samba 4.17, smbclient", "form": "application-log", "hides": "scan N kept on the device, authentication that succeeded", "split": "tune",
  "why": "The scanner logs in, as before; the share has been given to another group and does not let it in." }
JSON
  host scans-1
  address 10.0.9.36 files.internal
  mkdir -p /data/scans /run/samba /var/log/samba /var/lib/samba/private /var/cache/samba && chmod 777 /data/scans
  useradd scanner && useradd clerk
  share() { printf '[global]\nworkgroup = ACME\nsecurity = user\nlog file = /tmp/smbd.log\nlog level = 1 auth:2\nmap to guest = never\ninterfaces = 10.0.9.36\nbind interfaces only = yes\ndisable netbios = yes\nsmb ports = 445\n[scans]\npath = /data/scans\nwriteable = yes\nvalid users = %s\n' "$1" >/etc/samba/smb.conf; }
  share 'scanner, clerk'
  printf 'pw\npw\n' | smbpasswd -s -a scanner >/dev/null
  smbd -F --no-process-group >/dev/null 2>&1 &
  wait_port 445 10.0.9.36
  for n in $(seq 9); do
    [ $n = 4 ] && share clerk && smbcontrol smbd reload-config && sleep 1
    head -c 50000 /dev/urandom >/tmp/scan.pdf
    { echo "$(date -u +%FT%TZ) scan $n: 50 kB for //files.internal/scans"
      if smbclient //files.internal/scans pw -U scanner -c "put /tmp/scan.pdf scan-$n.pdf"; then echo "scan $n stored"; else echo "scan $n kept on the device"; fi; } >>"$evidence/scan.log" 2>&1
    sleep 0.5
  done
  cp /tmp/smbd.log "$evidence/smbd.log"
}
case_insufficient_evidence_cron_no_output() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "settle", "log": "journal.log", "proof": [],
  "program": "cron 3.0 under systemd 252", "form": "journald", "hides": "error (grandchild failed with exit status 3), No MTA installed", "split": "held-out",
  "why": "The job ended with a status and what it printed was thrown away; that it failed is all one sees." }
JSON
  host batch-3
  rm -f /usr/sbin/sendmail /etc/cron.d/* && : >/etc/crontab
  printf '#!/bin/sh\necho "settling" >&2\nexit 3\n' >/usr/local/bin/settle
  printf '#!/bin/sh\nexit 0\n' >/usr/local/bin/tidy
  chmod +x /usr/local/bin/settle /usr/local/bin/tidy
  printf 'PATH=/usr/local/bin:/usr/bin:/bin\n* * * * * root settle --day yesterday\n* * * * * root tidy /tmp\n' >/etc/cron.d/site
  unit crond <<'U'
[Unit]
Description=Regular background program processing daemon
[Service]
ExecStart=/usr/sbin/cron -f -L 15
U
  systemctl start crond
  sleep 150
  journal journal.log -u crond
}

case_invalid_config_logrotate_orders() {
  about <<'JSON'
{ "category": "invalid-config", "app": "logrotate", "log": "journal.log",
  "proof": ["bad rotation count 'seven'"],
  "program": "logrotate 3.21 under systemd 252", "form": "journald", "hides": "status=1/FAILURE, Failed to start logrotate.service, logs of others that were rotated", "split": "tune",
  "why": "Somebody wrote the number as a word; logrotate skips that file, rotates the others and ends with an error." }
JSON
  host web-6
  rm -f /etc/logrotate.d/*
  mkdir -p /var/log/shop
  for app in web orders mailer; do
    head -c 4000 /dev/urandom | base64 >/var/log/shop/$app.log
    printf '/var/log/shop/%s.log {\n  size 1k\n  rotate 7\n  missingok\n  nocompress\n}\n' $app >/etc/logrotate.d/$app
  done
  unit logrotate <<'U'
[Unit]
Description=Rotate log files
[Service]
Type=oneshot
ExecStart=/usr/sbin/logrotate -v -s /tmp/logrotate.status /etc/logrotate.conf
U
  systemctl start logrotate
  sed -i 's/rotate 7/rotate seven/' /etc/logrotate.d/orders
  for _ in 1 2; do
    sleep 1
    for app in web orders mailer; do head -c 4000 /dev/urandom | base64 >/var/log/shop/$app.log; done
    systemctl start logrotate 2>/dev/null
  done
  journal journal.log -u logrotate
}

case_read_only_filesystem_rsyslog_central() {
  about <<'JSON'
{ "category": "read-only-filesystem", "app": "rsyslogd", "log": "rsyslogd.log",
  "proof": ["Read-only file system"],
  "program": "rsyslog 8", "form": "application-log", "hides": "start of the collector, exiting on signal 15", "split": "tune",
  "why": "The volume of the collected logs was made read-only; the collector takes the lines and cannot write them." }
JSON
  host logs-1
  tiny /data/central 8m
  cat >/tmp/rsyslog.conf <<'C'
global(processInternalMessages="on")
module(load="imtcp")
input(type="imtcp" port="10514" ruleset="central")
template(name="perhost" type="string" string="/data/central/%HOSTNAME%/%PROGRAMNAME%.log")
ruleset(name="central") {
  action(type="omfile" dynaFile="perhost" createDirs="on" action.resumeInterval="3" action.reportSuspension="on" dynaFileCacheSize="1")
}
syslog.* action(type="omfile" file="/tmp/own.log")
C
  collector() { rsyslogd -n -f /tmp/rsyslog.conf -i /run/rsyslog-central.pid & last=$!; wait_port 10514; }
  collector
  send() { logger -T -n 127.0.0.1 -P 10514 --rfc3164 -t "$1" "$2"; }
  for n in 1 2 3; do send orders "order $n booked"; send mailer "letter $n sent"; done
  sleep 1
  kill $last && wait $last
  mount -o remount,ro /data/central
  collector
  for n in $(seq 4 16); do send orders "order $n booked"; send mailer "letter $n deferred, error 451 of the peer"; sleep 0.8; done
  sleep 3
  cp /tmp/own.log "$evidence/rsyslogd.log"
}

case_volume_mount_failed_photos_unit() {
  about <<'JSON'
{ "category": "volume-mount-failed", "app": "photos", "log": "journal.log",
  "proof": ["special device /mnt/array/photos does not exist."],
  "program": "systemd 252 mount unit, util-linux 2.38", "form": "journald", "hides": "Dependency failed for Photo service, Job photos.service/start failed with result 'dependency'", "split": "tune",
  "why": "The folder that is to be mounted is not on the array any more; the service that needs the mount is never started." }
JSON
  host photos-2
  tiny /mnt/array 4m && mkdir -p /mnt/array/photos /srv/photos
  printf '[Unit]\nDescription=Photos of the array\n[Mount]\nWhat=/mnt/array/photos\nWhere=/srv/photos\nType=none\nOptions=bind\n' >/etc/systemd/system/srv-photos.mount
  unit photos <<'U'
[Unit]
Description=Photo service
Requires=srv-photos.mount
After=srv-photos.mount
[Service]
WorkingDirectory=/srv/photos
ExecStart=/usr/bin/python3 -u -m http.server 8080
U
  unit thumbs <<'U'
[Unit]
Description=Thumbnails of the photos
[Service]
ExecStart=/bin/sh -c 'while sleep 2; do curl -sf -o /dev/null http://127.0.0.1:8080/ && echo "14 thumbnails made" || echo "WARN no photos, 0 thumbnails made, retry in 2 s"; done'
U
  systemctl start photos thumbs
  sleep 5
  systemctl stop photos srv-photos.mount
  rmdir /mnt/array/photos && mount -o remount,ro /mnt/array
  for _ in 1 2; do systemctl start photos 2>/dev/null; sleep 4; done
  journal journal.log -u srv-photos.mount -u photos -u thumbs
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
