#!/bin/bash
# Utilities of Debian: freshclam, msmtp, fetchmail, Subversion, pgbackrest, meson, ninja, pandoc,
# mercurial, rsnapshot, graphviz, in several categories.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

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
  uplink 10.0.12.1/24
  silent_host 10.0.12.77 mail.supplier.example
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
