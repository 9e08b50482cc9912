#!/bin/bash
# Services and tools of Debian: icecast, collectd, rrdcached, carbon, knot and nsd, PowerDNS,
# freshclam, msmtp, fetchmail, Kerberos, Subversion, pgbackrest, pgpool, tarantool, blackbox
# exporter, meson, ninja, zabbix-agent, kea, transmission, graphviz, pandoc, socat, privoxy,
# mercurial, rsnapshot.
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

case_dns_failure_freshclam_signatures() {
  about <<'JSON'
{ "category": "dns-failure", "app": "freshclam", "log": "freshclam.log",
  "proof": ["Can't query current.cvd.clamav.net"],
  "program": "freshclam 1.4", "form": "application-log", "hides": "Download failed (6), No local copy of daily database, Giving up on", "split": "held-out",
  "why": "The scanner's host gets no answer from its resolver: neither the version record nor the server's name can be found." }
JSON
  host mailscan-1
  ip address add 10.96.0.10/32 dev lo
  mkdir -p /tmp/clam && chown clamav /tmp/clam 2>/dev/null
  printf 'DatabaseDirectory /tmp/clam\nDatabaseOwner root\nLogTime yes\nLogVerbose yes\nMaxAttempts 2\nConnectTimeout 3\nDNSDatabaseInfo current.cvd.clamav.net\nDatabaseMirror database.clamav.net\nUpdateLogFile /tmp/clam/freshclam.log\n' >/tmp/freshclam.conf
  for _ in 1 2; do
    timeout 60 freshclam --config-file=/tmp/freshclam.conf --foreground >/dev/null 2>&1
    sleep 1
  done
  cp /tmp/clam/freshclam.log "$evidence/"
}

case_tls_expired_msmtp_reports() {
  about <<'JSON'
{ "category": "tls-expired", "app": "reports", "log": "msmtp.log",
  "proof": ["The certificate chain uses expired certificate."],
  "program": "msmtp 1.8", "form": "application-log", "hides": "The certificate is NOT trusted, exitcode, reports that were sent earlier in the day, report kept", "split": "held-out",
  "why": "The mail relay's certificate ran out during the day; the sender checks it and keeps the reports." }
JSON
  host reports-6
  . "$programs/certificates.sh"
  authority 'Acme Mail CA'
  certificate relay.acme.example 'now + 14 seconds'
  address 10.0.11.15 relay.acme.example
  cat >/tmp/relay.py <<'P'
import sys, time
sys.path.insert(0, '/run/recorder/cache/workers')
import ssl
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(sys.argv[1] + '/relay.acme.example.crt', sys.argv[1] + '/relay.acme.example.key')
Controller(Sink(), hostname='10.0.11.15', port=465, ssl_context=context).start()
time.sleep(200)
P
  /usr/bin/python3 /tmp/relay.py $pki >/dev/null 2>&1 &
  wait_port 465 10.0.11.15
  printf 'account default\nhost relay.acme.example\nport 465\ntls on\ntls_starttls off\ntls_trust_file %s/ca.crt\nfrom reports@acme.example\nlogfile %s\ntimeout 4\n' $pki "$evidence/msmtp.log" >/tmp/msmtprc && chmod 600 /tmp/msmtprc
  for n in $(seq 12); do
    { echo "$(date -u +%FT%TZ) report $n: 0 failed orders, to board@acme.example"
      if printf 'Subject: report %s\n\n0 failed orders\n' "$n" | msmtp -C /tmp/msmtprc board@acme.example; then echo "report $n sent"; else echo "report $n kept, relay said no ($?)"; fi; } >>"$evidence/reports.log" 2>&1
    sleep 1.6
  done
}

case_connection_timeout_fetchmail_invoices() {
  about <<'JSON'
{ "category": "connection-timeout", "app": "fetchmail", "log": "fetchmail.log",
  "proof": ["fetchmail: timeout after 4 seconds waiting to connect to server mail.supplier.example"],
  "program": "fetchmail 6.4", "form": "application-log", "hides": "Query status=2 (SOCKET), mails of the own server fetched, sleeping for N seconds", "split": "tune",
  "why": "Nothing comes back from the supplier's mail server, not even a refusal; the own server is read as always." }
JSON
  host desk-3
  ip link add eth0 type veth peer name uplink && ip link set uplink up && ip address add 10.0.12.1/24 dev eth0 && ip link set eth0 up
  echo '10.0.12.77 mail.supplier.example' >>/etc/hosts
  ip neigh replace 10.0.12.77 lladdr 02:00:00:00:00:77 dev eth0
  cat >/tmp/pop.py <<'P'
import socketserver
class Pop(socketserver.StreamRequestHandler):
    def handle(self):
        say = lambda text: self.wfile.write(text.encode() + b'\r\n')
        say('+OK ready')
        for line in self.rfile:
            word = line.split()[0].upper() if line.split() else b''
            if word == b'CAPA': say('+OK\r\nUSER\r\n.')
            elif word == b'STAT': say('+OK 0 0')
            elif word == b'LAST': say('+OK 0')
            else: say('+OK')
            if word == b'QUIT': return
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(('127.0.0.1', 110), Pop).serve_forever()
P
  /usr/bin/python3 /tmp/pop.py &
  wait_port 110
  printf 'set daemon 3\nset no syslog\npoll 127.0.0.1 protocol pop3 timeout 4: user "desk" password "pw" sslproto "" no sslcertck keep\npoll mail.supplier.example protocol pop3 timeout 4: user "invoices" password "pw" sslproto "" no sslcertck keep\n' >/tmp/fetchmailrc && chmod 600 /tmp/fetchmailrc
  start fetchmail.log env HOME=/tmp FETCHMAILHOME=/tmp fetchmail -f /tmp/fetchmailrc --nodetach --pidfile /tmp/fetchmail.pid -v
  sleep 30
  kill $last
  sleep 1
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

case_disk_full_subversion_commit() {
  about <<'JSON'
{ "category": "disk-full", "app": "plans", "log": "commits.log",
  "proof": ["No space left on device"],
  "program": "svnserve 1.14", "form": "application-log", "hides": "Transmitting file data ...done, svn: E-numbers, Your commit message was left in a temporary file", "split": "held-out",
  "why": "The volume of the repository is full; reading works, and each commit with a new plan ends in the middle." }
JSON
  host plans-1
  address 10.0.11.17 svn.acme.example
  tiny /data/svn 3m
  svnadmin create /data/svn/plans
  printf '[general]\nanon-access = write\n' >/data/svn/plans/conf/svnserve.conf
  svnserve -d --foreground --listen-host 10.0.11.17 -r /data/svn >/dev/null 2>&1 &
  wait_port 3690 10.0.11.17
  mkdir -p /srv/desk && cd /srv/desk && export HOME=/srv
  svn checkout -q svn://svn.acme.example/plans . 2>/dev/null
  for n in $(seq 9); do
    head -c 420000 /dev/urandom >plan-$n.dwg
    { echo "$(date -u +%FT%TZ) plan $n, 420 kB, errors in drawing: 0"
      svn add -q plan-$n.dwg; svn commit --non-interactive -m "plan $n" plan-$n.dwg; svn log -q -r HEAD 2>&1 | sed -n 2p; } >>"$evidence/commits.log" 2>&1
    sleep 0.5
  done
}

case_permission_denied_pgbackrest_archive() {
  about <<'JSON'
{ "category": "permission-denied", "app": "pgbackrest", "log": "postgresql.log",
  "proof": ["[13] Permission denied"],
  "program": "pgbackrest 2.45 against postgresql 15", "form": "application-log", "hides": "archive command failed with exit code 104, warning that the archiving is given up and tried again, checkpoint complete", "split": "held-out",
  "why": "The backup folder was handed to root in a clean-up; the database's user cannot put its journal there." }
JSON
  host db-6
  install -d -o postgres /tmp/backrest /tmp/backrest/log /tmp/backrest/lock /tmp/backrest/spool
  printf '[global]\nrepo1-path=/tmp/backrest/repo\nlog-path=/tmp/backrest/log\nlock-path=/tmp/backrest/lock\nspool-path=/tmp/backrest/spool\nlog-level-console=info\nlog-level-file=off\n[main]\npg1-path=/var/lib/postgresql/15/main\npg1-socket-path=/var/run/postgresql\n' >/etc/pgbackrest.conf
  pg_new 'archive_mode = on' "archive_command = 'pgbackrest --stanza=main archive-push %p'" 'log_checkpoints = on' && pg_start
  as_postgres pgbackrest --stanza=main stanza-create >/dev/null 2>&1
  for n in 1 2; do sql "SELECT pg_switch_wal(), txid_current()" >/dev/null; sleep 2; done
  chown -R root /tmp/backrest/repo && find /tmp/backrest/repo -type d -exec chmod 755 {} +
  for n in 1 2 3; do sql "CREATE TABLE t$n AS SELECT 1; SELECT pg_switch_wal()" >/dev/null; sleep 3; done
  sql CHECKPOINT
  sleep 2
  cp $pg_log "$evidence/postgresql.log"
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

case_dependency_missing_meson_player() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "player", "log": "build.log",
  "proof": ["ERROR: Dependency \"libacme-codec\" not found"],
  "program": "meson 1.0", "form": "application-log", "hides": "Checking for function errc : NO, warning: unused variable, A full log can be found at", "split": "held-out",
  "why": "The build needs a library that the builder's image does not have any more; the optional ones that are missing too do no harm." }
JSON
  host ci-6
  mkdir -p /srv/player /usr/local/lib/pkgconfig && cd /srv/player || exit 1
  printf 'Name: libacme-codec\nDescription: codec\nVersion: 2.1\nLibs:\nCflags:\n' >/usr/local/lib/pkgconfig/libacme-codec.pc
  printf "project('player', 'c', version: '1.4')\ncc = meson.get_compiler('c')\nforeach f : ['errc', 'err', 'strerror_r']\n  cc.has_function(f)\nendforeach\ndependency('libgtk-optional', required: false)\ndependency('failed-login', required: false)\ncodec = dependency('libacme-codec')\nexecutable('player', 'player.c', dependencies: codec)\n" >meson.build
  printf 'int main(void) { int unused; return 0; }\n' >player.c
  build() { { echo "== job $1: configure and build"; LC_ALL=C.UTF-8 meson setup build --warnlevel 2 && ninja -C build; echo "== job $1: ended with status $?"; } >>"$evidence/build.log" 2>&1; rm -rf build; }
  build 88
  rm /usr/local/lib/pkgconfig/libacme-codec.pc
  build 89
  build 90
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

case_heap_exhausted_pandoc_handbook() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "handbook", "log": "handbook.log",
  "proof": ["pandoc: Heap exhausted;"],
  "program": "pandoc 2.17", "form": "application-log", "hides": "[WARNING] This document format requires a nonempty title element, chapters that are made, Current maximum heap size is", "split": "tune",
  "why": "The converter may use 120 MB, and the chapter with all error codes needs more; the others are made." }
JSON
  host docs-2
  mkdir -p /srv/handbook && cd /srv/handbook || exit 1
  for chapter in 1-start 2-errors 3-failures 5-glossary; do { echo "# $chapter"; for n in $(seq 20); do echo "Error $n is explained in *chapter $n*."; done; } >$chapter.md; done
  { echo '# 4-codes'; for n in $(seq 30000); do echo "- **E$n** \`code $n\` is told when [step $n](#$n) fails *badly* in _part ${n}_"; done; } >4-codes.md
  for chapter in *.md; do
    { echo "handbook: $chapter, $(stat -c %s $chapter) bytes"; pandoc +RTS -M120m -RTS -s -f markdown -t html -o out.html $chapter; echo "handbook: $chapter ended with status $?"; } >>"$evidence/handbook.log" 2>&1
  done
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

case_insufficient_evidence_ninja_assets() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "assets.log", "proof": [],
  "program": "ninja 1.11", "form": "application-log", "hides": "FAILED: fonts.pack, ninja: build stopped: cannot make progress due to previous errors, error-pages.pack that is made", "split": "tune",
  "why": "A packing step fails without a word; which command it was is told, what it met is not." }
JSON
  host ci-11
  mkdir -p /srv/assets && cd /srv/assets || exit 1
  for part in icons fonts error-pages sounds; do echo $part >$part.src; done
  printf '#!/bin/sh\nsleep 0.3\n[ "$2" = fonts.pack ] && [ -e /tmp/bad ] && exit 1\ncp "$1" "$2"\n' >/usr/local/bin/pack-assets && chmod +x /usr/local/bin/pack-assets
  printf 'rule pack\n  command = pack-assets $in $out\n  description = PACK $out\nbuild icons.pack: pack icons.src\nbuild fonts.pack: pack fonts.src\nbuild error-pages.pack: pack error-pages.src\nbuild sounds.pack: pack sounds.src\n' >build.ninja
  for n in 61 62 63; do
    [ $n = 62 ] && touch /tmp/bad
    rm -f ./*.pack
    { echo "== assets $n: ninja"; ninja -j 1 -k 0; echo "== assets $n: status $?"; } >>"$evidence/assets.log" 2>&1
  done
}

case_insufficient_evidence_mercurial_hook() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "push.log", "proof": [],
  "program": "mercurial 6.3", "form": "application-log", "hides": "transaction abort!, rollback completed, abort: pretxnchangegroup.policy hook exited with status 5", "split": "tune",
  "why": "A check of the server ends with a status and without a word; what it found wrong in the change is not told." }
JSON
  host code-2
  export HOME=/srv HGUSER=ann
  mkdir -p /srv/central /srv/desk && cd /srv/central && hg init -q .
  printf '#!/bin/sh\n[ ! -e /srv/strict ] || exit 5\n' >/usr/local/bin/policy && chmod +x /usr/local/bin/policy
  printf '[hooks]\npretxnchangegroup.policy = policy\n' >.hg/hgrc
  cd /srv/desk && hg init -q . && printf '[paths]\ndefault = /srv/central\n' >.hg/hgrc
  for n in 1 2 3 4 5; do
    [ $n = 3 ] && touch /srv/strict
    echo "fix error $n" >>notes && hg add -q notes 2>/dev/null; hg commit -q -m "fix error $n"
    { echo "\$ hg push   # $(date -u +%FT%TZ)"; hg push; echo "push ended with status $?"; } >>"$evidence/push.log" 2>&1
    sleep 1
  done
}

case_insufficient_evidence_rsnapshot_script() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "rsnapshot.log", "proof": [],
  "program": "rsnapshot 1.4", "form": "application-log", "hides": "ERROR: backup_script returned 4, rsnapshot encountered an error!, completed, but with some errors", "split": "held-out",
  "why": "The script that writes out the shop's data ended with a status; what it met stands nowhere, the files were saved well." }
JSON
  host backup-5
  mkdir -p /data/shop /data/snap && for n in 1 2 3; do echo "order $n" >/data/shop/$n.txt; done
  printf '#!/bin/sh\n[ -e /tmp/bad ] && exit 4\necho ok >dump.sql\n' >/usr/local/bin/dump-shop && chmod +x /usr/local/bin/dump-shop
  printf 'config_version\t1.2\nsnapshot_root\t/data/snap/\ncmd_rsync\t/usr/bin/rsync\ncmd_cp\t/bin/cp\ncmd_rm\t/bin/rm\nretain\thourly\t4\nverbose\t4\nloglevel\t4\nlogfile\t/tmp/rsnapshot.log\nlockfile\t/tmp/rsnapshot.pid\nbackup\t/data/shop/\tlocalhost/\nbackup_script\t/usr/local/bin/dump-shop\tdump/\n' >/tmp/rsnapshot.conf
  for n in 1 2 3 4; do [ $n = 3 ] && touch /tmp/bad; { echo "\$ rsnapshot hourly   # $n"; rsnapshot -c /tmp/rsnapshot.conf hourly; } >>"$evidence/cron.out" 2>&1; sleep 1; done
  cp /tmp/rsnapshot.log "$evidence/"
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

case_no_incident_graphviz_error_map() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "maps.log", "proof": [],
  "program": "graphviz 2.43", "form": "application-log", "hides": "Warning: node of unknown port, Error map drawn, lost edges that were asked to be left out, failed-login.svg", "split": "held-out",
  "why": "Maps are drawn, each of them; the warnings are about how they look." }
JSON
  host docs-4
  mkdir -p /srv/maps && cd /srv/maps || exit 1
  printf 'digraph errors { a -> b:nowhere; b -> c [label="timeout"]; c -> a:lost; }\n' >errors.dot
  printf 'digraph f { splines=ortho; login -> failed [label="killed"]; failed -> login [label="retry"]; x [shape=crashed]; }\n' >failed-login.dot
  printf 'graph g { a -- b -- c; node [fontname="Nothing"]; d [shape=box, width=0.1, fixedsize=true, label="connection refused by policy of the house"]; }\n' >refused.dot
  for map in errors failed-login refused; do
    { echo "$(date -u +%FT%TZ) drawing $map"; dot -Tsvg -o $map.svg $map.dot; echo "$(date -u +%FT%TZ) $map.svg drawn, $(grep -c '<g ' $map.svg) parts, status $?"; } >>"$evidence/maps.log" 2>&1
  done
  echo "$(date -u +%FT%TZ) 3 of 3 maps drawn, 0 failed" >>"$evidence/maps.log"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
