#!/bin/bash
# stunnel in front of servers that speak no TLS themselves.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# proven NAME UNTIL: a certificate of our own authority that ends at UNTIL.
proven() {
  . "$programs/certificates.sh"
  authority 'Acme internal CA'
  certificate "$1" "$2"
  cat "$pki/$1.key" "$pki/$1.crt" >"$pki/$1.both"
}
tunnel() { local conf; conf=$(mktemp) && cat >"$conf" && { stunnel "$conf" >>"$1" 2>&1 & }; }

# far NAME PORT: the other end, which wraps a redis.
far() {
  redis-server --port 6380 --save '' --daemonize yes >/dev/null
  tunnel /tmp/far.log <<X
foreground = yes
pid =
[redis]
accept = $2
connect = 127.0.0.1:6380
cert = $pki/$1.both
X
}
# near CHECK: this end; applications connect to 127.0.0.1:6379.
near() {
  tunnel "$evidence/stunnel.log" <<X
foreground = yes
pid =
debug = info
[redis-out]
client = yes
accept = 127.0.0.1:6379
connect = sessions.example.com:6390
CAfile = $pki/ca.crt
verifyChain = yes
checkHost = $1
X
  wait_port 6379
}
ask() { local _; for _ in $(seq "$1"); do timeout 3 redis-cli -p 6379 ping >/dev/null 2>&1; sleep 0.4; done; }

case_tls_expired_stunnel_peer() {
  about <<'JSON'
{ "category": "tls-expired", "app": "stunnel", "log": "stunnel.log",
  "proof": ["certificate has expired"],
  "program": "stunnel 5.68", "form": "application-log", "hides": "SSL_connect certificate verify failed, Connection reset", "split": "held-out",
  "why": "The certificate of the far end ran out; the chain and the name are right." }
JSON
  host app-12
  address 10.0.8.6 sessions.example.com
  proven sessions.example.com "3 days ago"
  far sessions.example.com 10.0.8.6:6390
  near sessions.example.com
  ask 5
}

case_tls_name_mismatch_stunnel_peer() {
  about <<'JSON'
{ "category": "tls-name-mismatch", "app": "stunnel", "log": "stunnel.log",
  "proof": ["CERT: Subject checks failed"],
  "program": "stunnel 5.68", "form": "application-log", "hides": "Rejected by CERT, SSL_connect certificate verify failed", "split": "held-out",
  "why": "The far end shows the certificate of another service of the same authority." }
JSON
  host app-14
  address 10.0.8.7 sessions.example.com
  proven carts.example.com "60 days"
  far carts.example.com 10.0.8.7:6390
  near sessions.example.com
  ask 5
}

case_connection_refused_stunnel_target() {
  about <<'JSON'
{ "category": "connection-refused", "app": "stunnel", "log": "stunnel.log",
  "proof": ["s_connect: connect 10.0.8.8:6390: Connection refused (111)"],
  "program": "stunnel 5.68", "form": "application-log", "hides": "No more addresses to connect, Connection reset: 0 byte(s) sent", "split": "held-out",
  "why": "The far end was stopped; nothing listens on its port." }
JSON
  host app-16
  address 10.0.8.8 sessions.example.com
  proven sessions.example.com "60 days"
  far sessions.example.com 10.0.8.8:6390
  far_end=$!
  near sessions.example.com
  ask 4
  kill $far_end
  ask 5
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
