#!/bin/bash
# Servers of Debian: icecast, knot and nsd, PowerDNS, Kerberos, tarantool, pgpool, kea, privoxy, socat,
# transmission, in several categories.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_unauthorized_icecast_studio() {
  about <<'JSON'
{ "category": "unauthorized", "app": "icecast", "log": "error.log",
  "proof": ["attempted to login with invalid or missing password"],
  "program": "icecast 2.4", "form": "application-log", "hides": "level INFO of the failed login, listeners that are served, studio says trying again", "split": "held-out",
  "why": "The studio's encoder sends the old source password; the stream server turns each attempt away." }
JSON
  host radio-1
  address 10.0.11.10 stream.radio.example
  mkdir -p /var/log/icecast2 && chown -R nobody /var/log/icecast2 && rm -f /var/log/icecast2/*
  cat >/tmp/icecast.xml <<'X'
<icecast><limits><clients>20</clients><sources>2</sources><source-timeout>10</source-timeout></limits>
<authentication><source-password>new-secret</source-password><admin-user>admin</admin-user><admin-password>adm</admin-password></authentication>
<hostname>stream.radio.example</hostname><listen-socket><port>8000</port></listen-socket>
<paths><basedir>/usr/share/icecast2</basedir><logdir>/var/log/icecast2</logdir><webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot></paths>
<logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>3</loglevel></logging>
<security><chroot>0</chroot><changeowner><user>nobody</user><group>nogroup</group></changeowner></security></icecast>
X
  icecast2 -c /tmp/icecast.xml >/dev/null 2>&1 &
  wait_port 8000
  hit http://127.0.0.1:8000/status-json.xsl 2
  for n in 1 2 3 4 5; do
    { echo "$(date -u +%FT%TZ) studio: connecting to stream.radio.example:8000/live, try $n"
      head -c 4000 /dev/zero | curl -sS -m 4 -u source:old-secret -H 'Content-Type: audio/mpeg' -T - -o /dev/null -w 'studio: answer %{http_code}, trying again in 3 s, programme goes on in house\n' http://stream.radio.example:8000/live; } >>"$evidence/studio.log" 2>&1
    hit http://127.0.0.1:8000/status-json.xsl 1
    hit "http://127.0.0.1:8000/admin/metadata?mount=/live&mode=updinfo&song=news" 1 -u source:old-secret
    sleep 1
  done
  cp /var/log/icecast2/*.log "$evidence/"
}

case_forbidden_knot_zone_transfer() {
  about <<'JSON'
{ "category": "forbidden", "app": "knot", "log": "knot.log",
  "proof": ["server responded with error 'REFUSED'"],
  "program": "knot 3.2, nsd 4.6", "form": "application-log", "hides": "zone shop.example loaded, retry in N s, zone file parsed, warning: signatures", "split": "held-out",
  "why": "The primary was given a new list of who may fetch the zone, and this secondary is not on it: each transfer is refused." }
JSON
  host ns-2
  address 10.0.11.12 ns-1.shop.example
  ip address add 10.0.11.13/32 dev lo
  mkdir -p /tmp/nsd /tmp/knot && cd /tmp/nsd || exit 1
  printf '$ORIGIN shop.example.\n$TTL 5\n@ SOA ns-1 root 7 3 2 900 5\n@ NS ns-1\nns-1 A 10.0.11.12\nerror A 10.0.11.9\n' | tee shop.zone >/dev/null
  sed 's/shop/stock/' shop.zone >stock.zone
  nsd_conf() { printf 'server:\n  ip-address: 10.0.11.12\n  username: ""\n  chroot: ""\n  zonesdir: "/tmp/nsd"\n  zonelistfile: "/tmp/nsd/list"\n  database: ""\n  logfile: "/tmp/nsd/log"\n  pidfile: "/tmp/nsd/pid"\n  xfrdfile: "/tmp/nsd/xfrd"\n  xfrdir: "/tmp/nsd"\n  verbosity: 2\nremote-control:\n  control-enable: no\nzone:\n  name: shop.example\n  zonefile: shop.zone\n  provide-xfr: %s NOKEY\nzone:\n  name: stock.example\n  zonefile: stock.zone\n  provide-xfr: 10.0.11.13 NOKEY\n' "$1" >/tmp/nsd/nsd.conf; }
  nsd_conf 10.0.11.13
  nsd -d -c /tmp/nsd/nsd.conf >/dev/null 2>&1 &
  primary=$!
  printf 'server:\n  rundir: /tmp/knot\n  listen: 10.0.11.13@53\nlog:\n  - target: /tmp/knot/log\n    any: info\ndatabase:\n  storage: /tmp/knot\nremote:\n  - id: primary\n    address: 10.0.11.12@53\n    via: 10.0.11.13\nacl:\n  - id: notify\n    address: 10.0.11.12\n    action: notify\ntemplate:\n  - id: default\n    storage: /tmp/knot\n    refresh-min-interval: 2\n    retry-min-interval: 2\nzone:\n  - domain: shop.example\n    master: primary\n    acl: notify\n  - domain: stock.example\n    master: primary\n    acl: notify\n' >/tmp/knot/knot.conf
  sleep 1
  knotd -c /tmp/knot/knot.conf &
  sleep 6
  kill $primary; sleep 1
  nsd_conf 10.0.11.99
  sed -i 's/root 7 /root 8 /' shop.zone stock.zone
  nsd -d -c /tmp/nsd/nsd.conf >/dev/null 2>&1 &
  sleep 14
  cp /tmp/knot/log "$evidence/knot.log"
  cp /tmp/nsd/log "$evidence/nsd.log"
}

case_port_in_use_pdns_resolver() {
  about <<'JSON'
{ "category": "port-in-use", "app": "pdns", "log": "journal.log",
  "proof": ["Address already in use"],
  "program": "pdns 4.7 under systemd 252", "form": "journald", "hides": "Fatal error: Unable to bind to UDP socket, status=1/FAILURE, start request repeated too quickly, dnsmasq that serves", "split": "held-out",
  "why": "A small resolver that came with another package has port 53 of the address; the name server cannot take it." }
JSON
  host ns-5
  printf '[Unit]\nDescription=Small resolver\n[Service]\nExecStart=/usr/sbin/dnsmasq -k -u root --listen-address=127.0.0.1 --bind-interfaces --no-resolv --log-queries --address=/acme.internal/10.1.2.3\nSyslogIdentifier=dnsmasq\n' | unit resolver
  mkdir -p /tmp/pdns && printf 'launch=gsqlite3\ngsqlite3-database=/tmp/pdns/zones.db\nlocal-address=127.0.0.1\nsocket-dir=/tmp/pdns\nguardian=no\ndaemon=no\nlog-timestamp=no\nloglevel=4\n' >/tmp/pdns/pdns.conf
  unit pdns <<'U'
[Unit]
Description=PowerDNS Authoritative Server
StartLimitBurst=4
[Service]
ExecStart=/usr/sbin/pdns_server --config-dir=/tmp/pdns --disable-syslog
SyslogIdentifier=pdns
Restart=on-failure
RestartSec=1
U
  systemctl start resolver
  sleep 1
  for n in 1 2; do dig +tries=1 +time=1 @127.0.0.1 db$n.acme.internal >/dev/null; done
  systemctl start pdns
  sleep 3
  dig +tries=1 +time=1 @127.0.0.1 errors.acme.internal >/dev/null
  sleep 6
  journal journal.log -u pdns -u resolver
}

case_unauthorized_krb5_batch_password() {
  about <<'JSON'
{ "category": "unauthorized", "app": "krb5kdc", "log": "krb5kdc.log",
  "proof": ["CLIENT EXPIRED: batch@ACME.EXAMPLE for krbtgt/ACME.EXAMPLE@ACME.EXAMPLE, Client's entry in database has expired"],
  "program": "krb5-kdc 1.20", "form": "application-log", "hides": "(info) as the level of all lines, NEEDED_PREAUTH of those who get in, batch says kinit: again in 1 s", "split": "tune",
  "why": "The account of the nightly batch ran out on the date it was given; everybody else gets tickets." }
JSON
  host kdc-1
  mkdir -p /tmp/kdc
  printf '[libdefaults]\ndefault_realm = ACME.EXAMPLE\ndns_lookup_kdc = false\n[realms]\nACME.EXAMPLE = {\n kdc = 127.0.0.1:88\n}\n[logging]\nkdc = FILE:/tmp/kdc/krb5kdc.log\n' >/etc/krb5.conf
  mkdir -p /etc/krb5kdc && printf '[kdcdefaults]\nkdc_listen = 127.0.0.1:88\nkdc_tcp_listen = 127.0.0.1:88\n[realms]\nACME.EXAMPLE = {\n database_name = /tmp/kdc/principal\n key_stash_file = /tmp/kdc/stash\n acl_file = /tmp/kdc/acl\n default_principal_flags = +preauth\n}\n' >/etc/krb5kdc/kdc.conf
  kdb5_util create -s -P master >/dev/null 2>&1
  for user in ann bob batch; do kadmin.local -q "addprinc -pw pw-$user $user" >/dev/null 2>&1; done
  krb5kdc -n -P /tmp/kdc/pid >/dev/null 2>&1 &
  wait_port 88
  login() { echo "pw-$1" | KRB5CCNAME=/tmp/kdc/cc-$1 kinit "$1" >/tmp/kdc/out 2>&1; status=$?; [ "$1" = batch ] && { echo "$(date -u +%FT%TZ) batch: kinit $(sed 's/Password for [^:]*: *//' /tmp/kdc/out | tr '\n' ' ')(status $status)" >>"$evidence/batch.log"; }; sleep 0.4; }
  for user in ann batch bob ann; do login $user; done
  kadmin.local -q 'modprinc -expire yesterday batch' >/dev/null 2>&1
  for user in bob batch ann batch batch bob batch ann; do login $user; done
  cp /tmp/kdc/krb5kdc.log "$evidence/"
}

case_heap_exhausted_tarantool_sessions() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "sessions", "log": "sessions.log",
  "proof": ["in slab allocator for memtx_tuple"],
  "program": "tarantool 2.6", "form": "application-log", "hides": "I> sessions stored, E> of one bad session, snapshot done, disk 3%", "split": "held-out",
  "why": "The memory that the store was given for its data is used up; the machine has plenty, and each new session is refused." }
JSON
  host sessions-2
  mkdir -p /tmp/tt && cd /tmp/tt || exit 1
  cat >sessions.lua <<'L'
box.cfg{ memtx_memory = 33554432, memtx_max_tuple_size = 1048576, wal_mode = 'none', slab_alloc_factor = 1.1, feedback_enabled = false }
local log, fiber = require('log'), require('fiber')
box.schema.space.create('sessions'):create_index('id')
log.info('sessions 1.6 takes sessions, failed: 0')
local kept, refused = 0, 0
for n = 1, 48 do
  local ok, err = pcall(box.space.sessions.replace, box.space.sessions, { n, string.rep('s', 900000) })
  if ok then kept = kept + 1 else refused = refused + 1 end
  if not ok then log.info('session %d not stored: %s', n, tostring(err)) end
  if n % 10 == 0 then log.info('%d sessions stored, %d refused, disk 3%% used', kept, refused) end
  if n == 14 then log.error('session 14 has no browser, kept all the same') end
  fiber.sleep(0.15)
end
os.exit(0)
L
  timeout 60 tarantool sessions.lua >"$evidence/sessions.log" 2>&1
}

case_database_unavailable_pgpool_shop() {
  about <<'JSON'
{ "category": "database-unavailable", "app": "pgpool", "log": "pgpool.log",
  "proof": ["failed to connect to PostgreSQL server on \"10.0.11.19:5432\""],
  "program": "pgpool2 4.3 against postgresql 15", "form": "application-log", "hides": "LOG lines that tell the failure, all backend nodes are down, psql: server closed the connection", "split": "held-out",
  "why": "The only database behind the pool was stopped; the pool marks it as down and has nothing to give to clients." }
JSON
  host pool-1
  address 10.0.11.19 db.internal
  pg_new && pg_start
  mkdir -p /tmp/pgpool && printf "listen_addresses = '127.0.0.1'\nport = 9999\npcp_port = 9898\nunix_socket_directories = '/tmp/pgpool'\npcp_socket_dir = '/tmp/pgpool'\nbackend_hostname0 = '10.0.11.19'\nbackend_port0 = 5432\nbackend_weight0 = 1\nnum_init_children = 2\nmax_pool = 1\nhealth_check_period = 2\nhealth_check_timeout = 2\nhealth_check_user = 'postgres'\nsr_check_period = 0\nsr_check_user = 'postgres'\npid_file_name = '/tmp/pgpool/pid'\nlogdir = '/tmp/pgpool'\nlog_connections = on\nenable_pool_hba = off\nfailover_on_backend_error = on\n" >/tmp/pgpool/pgpool.conf
  : >/tmp/pgpool/hba; : >/tmp/pgpool/pcp
  start pgpool.log pgpool -n -f /tmp/pgpool/pgpool.conf -a /tmp/pgpool/hba -F /tmp/pgpool/pcp
  wait_port 9999
  shop() { { echo "$(date -u +%T) shop: stock of the day"; psql -X -h 127.0.0.1 -p 9999 -U postgres -At -c "SELECT 'stock rows 40, errors 0'" postgres; } >>"$evidence/shop.log" 2>&1; sleep 0.7; }
  for _ in 1 2 3 4; do shop; done
  pg_stop
  for _ in 1 2 3 4 5 6 7; do shop; done
  kill $last
  tail -n 90 "$evidence/pgpool.log" >/tmp/p && cp /tmp/p "$evidence/pgpool.log"
}

case_invalid_config_kea_subnets() {
  about <<'JSON'
{ "category": "invalid-config", "app": "kea-dhcp4", "log": "journal.log",
  "proof": ["DHCP4_CONFIG_LOAD_FAIL"],
  "program": "kea 2.2 under systemd 252", "form": "journald", "hides": "DHCP4_INIT_FAIL, INFO lines of the leases that were loaded, status=1/FAILURE", "split": "tune",
  "why": "The pool of the new floor lies outside its own subnet; the server does not take the file and does not start." }
JSON
  host dhcp-1
  install -d -m 777 /run/kea /tmp/kea
  kea_conf() { printf '{ "Dhcp4": { "interfaces-config": { "interfaces": [] }, "lease-database": { "type": "memfile", "persist": false }, "valid-lifetime": 600, "subnet4": [ { "id": 1, "subnet": "10.20.0.0/24", "pools": [ { "pool": "10.20.0.10 - 10.20.0.90" } ] }, { "id": 2, "subnet": "10.21.0.0/24", "pools": [ { "pool": "%s" } ] } ], "loggers": [ { "name": "kea-dhcp4", "severity": "INFO", "output_options": [ { "output": "stdout" } ] } ] } }\n' "$1" >/tmp/kea/kea.json; }
  kea_conf '10.21.0.10 - 10.21.0.90'
  unit kea <<'U'
[Unit]
Description=Kea IPv4 DHCP daemon
StartLimitBurst=3
[Service]
Environment=KEA_PIDFILE_DIR=/tmp/kea KEA_LOCKFILE_DIR=/tmp/kea
ExecStart=/usr/sbin/kea-dhcp4 -c /tmp/kea/kea.json
SyslogIdentifier=kea-dhcp4
Restart=on-failure
RestartSec=1
U
  systemctl start kea
  sleep 3
  kea_conf '10.22.0.10 - 10.22.0.90'
  systemctl restart kea
  sleep 8
  journal journal.log -u kea
}

case_missing_config_ref_privoxy_actions() {
  about <<'JSON'
{ "category": "missing-config-ref", "app": "privoxy", "log": "journal.log",
  "proof": ["No such file or directory"],
  "program": "privoxy 3.0 under systemd 252", "form": "journald", "hides": "Fatal error: can't load actions file, status=1/FAILURE, requests that were served", "split": "held-out",
  "why": "The settings name a file of actions that the clean-up took away; the proxy does not start without it." }
JSON
  host proxy-7
  address 10.0.11.25 pages.internal
  mkdir -p /tmp/px && printf '{+block{ads}}\n.ads.example\n' >/tmp/px/site.action && printf '{+block{ads}}\n.track.example\n' >/tmp/px/branch.action
  printf 'confdir /tmp/px\nlogdir /tmp/px\nlisten-address 127.0.0.1:8118\nactionsfile site.action\nactionsfile branch.action\ndebug 1\ndebug 4096\ndebug 8192\n' >/tmp/px/config
  unit privoxy <<'U'
[Unit]
Description=Privoxy
StartLimitBurst=3
[Service]
ExecStart=/usr/sbin/privoxy --no-daemon /tmp/px/config
SyslogIdentifier=privoxy
Restart=on-failure
RestartSec=1
U
  systemctl start privoxy
  wait_port 8118
  http_proxy=http://127.0.0.1:8118 hit http://pages.internal/error-report 2
  rm /tmp/px/branch.action
  systemctl restart privoxy
  sleep 1
  http_proxy=http://127.0.0.1:8118 hit http://pages.internal/ 1
  sleep 7
  journal journal.log -u privoxy
}

case_thread_exhausted_socat_relay() {
  about <<'JSON'
{ "category": "thread-exhausted", "app": "relay", "log": "journal.log",
  "proof": ["Resource temporarily unavailable"],
  "program": "socat 1.7 under systemd 252 with TasksMax", "form": "journald", "hides": "N accepting connection, W and E as levels, relays that go on", "split": "held-out",
  "why": "Each connection is a process of its own and the unit may have twelve; from then on it cannot make another one." }
JSON
  host relay-5
  address 10.0.11.27 till.internal
  /usr/bin/python3 -c "
import socketserver, time
class Till(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b'till ready, 0 errors\n'); time.sleep(60)
socketserver.ThreadingTCPServer(('10.0.11.27', 7100), Till).serve_forever()" &
  unit relay <<'U'
[Unit]
Description=Relay to the tills
[Service]
ExecStart=/usr/bin/socat -d -d -lu TCP-LISTEN:7000,bind=127.0.0.1,reuseaddr,fork TCP:till.internal:7100
SyslogIdentifier=relay
TasksMax=12
U
  wait_port 7100 10.0.11.27
  systemctl start relay
  wait_port 7000
  for n in $(seq 22); do (exec 3<>/dev/tcp/127.0.0.1/7000; timeout 20 cat <&3 >/dev/null) 2>/dev/null & sleep 0.25; done
  sleep 2
  journal journal.log -u relay
}

case_no_incident_transmission_images() {
  about <<'JSON'
{ "category": "no-incident", "app": "transmission", "log": "journal.log", "proof": [],
  "program": "transmission 3.00 under systemd 252", "form": "journald", "hides": "Port Forwarding Stopped, Closing transmission session, Stopping and started again, Whitelist enabled", "split": "held-out",
  "why": "The program starts and stops as it is told; what it says of ports and settings is the ordinary." }
JSON
  host images-1
  mkdir -p /tmp/tr && chmod 777 /tmp/tr
  unit transmission <<'U'
[Unit]
Description=Transmission BitTorrent Daemon
[Service]
ExecStart=/usr/bin/transmission-daemon -f --log-info -g /tmp/tr -w /tmp/tr -p 9091 -r 127.0.0.1 --no-portmap --no-dht --no-lpd --no-utp
SyslogIdentifier=transmission
ExecReload=/bin/kill -s HUP $MAINPID
U
  systemctl start transmission
  sleep 4
  systemctl reload transmission
  sleep 2
  systemctl stop transmission
  systemctl start transmission
  sleep 3
  journal journal.log -u transmission
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
