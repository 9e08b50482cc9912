#!/bin/bash
# bind, slapd, zookeeper and nats: what others ask for names, people, leaders and messages.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# names: bind for the zone corp.example on port 53, its log is $evidence/named.log. Standard input is more of its options.
names() {
  mkdir -p /srv/named && cd /srv/named || exit 1
  [ -e corp.zone ] || cat >corp.zone <<'Z'
$TTL 60
@ SOA ns hostmaster 2026112201 60 60 600 60
@ NS ns
ns A 127.0.0.1
www A 10.0.3.4
shop CNAME www
Z
  { printf 'options { directory "/srv/named"; listen-on { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; pid-file none; session-keyfile none;'; cat; printf '};\ncontrols {};\nzone "corp.example" { type primary; file "corp.zone"; };\n'; } >named.conf
  start named.log named -g -c /srv/named/named.conf
  sleep 2
}
lookup() { dig +tries=1 +time=1 @127.0.0.1 "$@" >/dev/null; }

case_port_in_use_bind_resolver_there() {
  about <<'JSON'
{ "category": "port-in-use", "app": "named", "log": "named.log",
  "proof": ["creating TCP socket: address in use"],
  "program": "bind 9.18", "form": "application-log", "hides": "all zones loaded, running", "split": "held-out",
  "why": "dnsmasq already answers on 127.0.0.1:53, and bind cannot listen there over TCP; it starts all the same." }
JSON
  host ns-1
  dnsmasq -k -u root --listen-address=127.0.0.1 --bind-interfaces --no-resolv &
  wait_port 53
  names <<<''
  sleep 2
}

case_invalid_config_bind_zone() {
  about <<'JSON'
{ "category": "invalid-config", "app": "named", "log": "named.log",
  "proof": ["www.corp.example: CNAME and other data"],
  "program": "bind 9.18", "form": "application-log", "hides": "not loaded due to errors, disabled ('none'), query (SERVFAIL)", "split": "held-out",
  "why": "A record was added to the zone file that its other records forbid; the zone is not loaded and its names are not answered." }
JSON
  host ns-2
  names </dev/null
  for n in 1 2 3; do lookup www.corp.example; done
  kill -KILL $last
  sed -i 's/^www A.*/&\nwww CNAME shop.partner.example./; s/^shop.*/mail A 10.0.3.9/' corp.zone
  rm -f "$evidence/named.log"
  names <<<'querylog yes;'
  for n in 1 2 3 4; do lookup www.corp.example; lookup mail.corp.example; done
  kill -KILL $last
}

case_no_incident_bind_refused_strangers() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "named.log", "proof": [],
  "program": "bind 9.18", "form": "application-log", "hides": "query (cache) denied, configuring command channel … file not found, client: query failed (REFUSED)", "split": "held-out",
  "why": "Strangers ask an authoritative server for names that are not its own and are refused; its zone was reloaded and is served." }
JSON
  host ns-3
  names <<<'querylog yes;'
  for n in 1 2 3 4; do lookup shop.corp.example; lookup isc.org ANY; lookup "x$n.example.net"; lookup www.corp.example AAAA; done
  sed -i 's/2026112201/2026112202/; $a api A 10.0.3.8' corp.zone
  kill -HUP $last
  sleep 2
  for n in 1 2 3; do lookup api.corp.example; lookup www.corp.example; lookup google.com; done
  kill -KILL $last
}

# people LOG: slapd for dc=example on 3890.
people() {
  mkdir -p /srv/ldap/db
  cat >/srv/ldap/slapd.conf <<'L'
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile /srv/ldap/pid
database mdb
suffix "dc=example"
rootdn "cn=admin,dc=example"
rootpw right
directory /srv/ldap/db
L
  start "$1" slapd -d stats -f /srv/ldap/slapd.conf -h ldap://127.0.0.1:3890
  wait_port 3890
  printf 'dn: dc=example\nobjectClass: domain\n\ndn: ou=people,dc=example\nobjectClass: organizationalUnit\n\ndn: uid=ada,ou=people,dc=example\nobjectClass: inetOrgPerson\ncn: Ada\nsn: L\nuserPassword: pw\n' |
    ldapadd -x -H ldap://127.0.0.1:3890 -D cn=admin,dc=example -w right >/dev/null
}
whoami_as() { ldapwhoami -x -H ldap://127.0.0.1:3890 -D "uid=$1,ou=people,dc=example" -w "$2" >/dev/null 2>&1; }

case_no_incident_slapd_one_typo() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "slapd.log", "proof": [],
  "program": "openldap 2.5", "form": "application-log", "hides": "RESULT err=49, err=32, connection lost", "split": "held-out",
  "why": "One person mistyped a password and then had it right, and a search named somebody who is not there; all other requests are answered with err=0." }
JSON
  host ldap-1
  people slapd.log
  for n in 1 2 3; do whoami_as ada pw; done
  whoami_as ada pv
  whoami_as ada pw
  ldapsearch -x -H ldap://127.0.0.1:3890 -b uid=grace,ou=people,dc=example >/dev/null 2>&1
  for n in 1 2 3 4 5; do ldapsearch -x -H ldap://127.0.0.1:3890 -b dc=example '(cn=Ada)' cn >/dev/null; done
  kill -KILL $last
}

case_read_only_filesystem_slapd() {
  about <<'JSON'
{ "category": "read-only-filesystem", "app": "slapd", "log": "slapd.log",
  "proof": ["Read-only file system"],
  "program": "openldap 2.5", "form": "application-log", "hides": "slapd stopped, try 2, try 3", "split": "held-out",
  "why": "The volume of the directory was mounted read-only after an error of its disk; the database cannot be opened for writing." }
JSON
  host ldap-3
  mkdir -p /srv/ldap/db && tiny /srv/ldap/db 30m
  people before.log
  kill $last
  sleep 2
  mount -o remount,ro /srv/ldap/db
  for n in 1 2 3; do echo "ldap-3 entrypoint: starting slapd (try $n)" >>"$evidence/slapd.log"; start slapd.log slapd -d stats -f /srv/ldap/slapd.conf -h ldap://127.0.0.1:3890; sleep 3; kill $last 2>/dev/null; done
  rm "$evidence/before.log"
}

# ensemble LOG: one zookeeper on 2181.
ensemble() {
  mkdir -p /srv/zk
  printf 'tickTime=500\ndataDir=/srv/zk\nclientPort=2181\nmaxClientCnxns=%s\nadmin.enableServer=false\n4lw.commands.whitelist=*\n' "${clients:-60}" >/srv/zoo.cfg
  start "$1" java -Xmx128m -cp "/etc/zookeeper/conf:/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-log4j12.jar:/usr/share/java/log4j-1.2.jar" -Dzookeeper.log.dir=/tmp -Dzookeeper.root.logger=INFO,CONSOLE \
    org.apache.zookeeper.server.quorum.QuorumPeerMain /srv/zoo.cfg
  wait_port 2181
}
session() { (exec java -Xmx64m -cp /usr/share/java/zookeeper.jar:/usr/share/java/slf4j-nop.jar org.apache.zookeeper.ZooKeeperMain -timeout 3000 -server 127.0.0.1:2181 "$@" >/dev/null 2>&1); }

case_no_incident_zookeeper_sessions_expire() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "zookeeper.log", "proof": [],
  "program": "zookeeper 3.8", "form": "application-log", "hides": "EndOfStreamException: Unable to read additional data from client, Expiring session, Exception causing close of session", "split": "held-out",
  "why": "Clients come and go, and one was killed so that its session expired, which is what sessions are for; the server serves all the time." }
JSON
  host zk-1
  ensemble zookeeper.log
  session create /app first
  (exec java -Xmx64m -cp /usr/share/java/zookeeper.jar:/usr/share/java/slf4j-nop.jar org.apache.zookeeper.ZooKeeperMain -timeout 3000 -server 127.0.0.1:2181 < <(sleep 30) >/dev/null 2>&1) & lost=$!
  sleep 4
  kill -KILL $lost
  sleep 6
  session get /app
  echo ruok | timeout 3 bash -c 'exec 3<>/dev/tcp/127.0.0.1/2181; cat >&3; cat <&3' >/dev/null
  session set /app second
  kill -KILL $last
}

case_broker_unavailable_nats_worker() {
  about <<'JSON'
{ "category": "broker-unavailable", "app": "metering", "log": "metering.log",
  "proof": ["nats: server 10.0.6.60:4222 closed the connection", "nats: connect: Connection refused"],
  "program": "ruby 3.1 against nats-server 2.9", "form": "application-log", "hides": "readings kept in memory: N", "split": "held-out",
  "why": "The message server was stopped; the program keeps its readings and tries again and again." }
JSON
  host metering-1
  address 10.0.6.60 bus
  nats-server -a 10.0.6.60 >/dev/null 2>&1 & bus=$!
  cat >/srv/metering.rb <<'R'
require 'socket'
require 'logger'
log = Logger.new($stdout, progname: 'metering')
$stdout.sync = true
kept, bus = [], nil
(1..40).each do |n|
  kept << "r#{n}"
  begin
    unless bus
      bus = Socket.tcp('bus', 4222, connect_timeout: 1)
      bus.gets
      bus.write("CONNECT {\"verbose\":false}\r\n")
      log.info('nats: connected to bus, subject meters.raw')
    end
    kept.each { |reading| bus.write("PUB meters.raw #{reading.size}\r\n#{reading}\r\n") }
    bus.write("PING\r\n")
    raise EOFError unless bus.gets
    log.info("reading #{n} published") if kept.size == 1
    kept.clear
  rescue EOFError, Errno::ECONNRESET, Errno::EPIPE
    bus = nil
    log.error('nats: server 10.0.6.60:4222 closed the connection')
  rescue SystemCallError => e
    log.error("nats: connect: #{e.message}")
    log.warn("readings kept in memory: #{kept.size}") if (n % 5).zero?
  end
  sleep 0.25
end
R
  sleep 1
  start metering.log ruby /srv/metering.rb
  sleep 4
  kill $bus
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
