#!/bin/bash
# Clients in Python of services over the network: twisted, httpx, paramiko, elasticsearch-py, in
# several categories.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_connection_reset_twisted_telemetry() {
  about <<'JSON'
{ "category": "connection-reset", "app": "telemetry", "log": "telemetry.log",
  "proof": ["Connection to the other side was lost in a non-clean fashion"],
  "program": "twisted 22", "form": "application-log", "hides": "Starting factory, Stopping factory, batches that arrive, will retry in", "split": "held-out",
  "why": "The collector cuts each connection hard after a few lines; the relay connects again and part of the batches is lost." }
JSON
  host telemetry-1
  address 10.0.10.11 collector.internal
  mkdir -p /srv/telemetry && cd /srv/telemetry || exit 1
  cat >collector.py <<'P'
import socket, struct
server = socket.create_server(('10.0.10.11', 4510))
taken = 0
while True:
    peer, _ = server.accept()
    limit = 900 if taken == 0 else 200
    got = 0
    while got < limit:
        data = peer.recv(400)
        if not data: break
        got += len(data)
    taken += 1
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    peer.close()
P
  cat >relay.py <<'P'
import sys
from twisted.internet import protocol, reactor, task
from twisted.python import log
log.startLogging(sys.stdout)
class Relay(protocol.Protocol):
    def connectionMade(self):
        log.msg('collector.internal:4510 connected')
        self.loop = task.LoopingCall(self.send)
        self.loop.start(0.5)
    def send(self):
        self.factory.number += 1
        self.transport.write(b'x' * 80 + b'\n')
        log.msg(f'batch {self.factory.number} sent, 0 errors in 12 readings')
    def connectionLost(self, reason):
        self.loop.stop()
        log.msg(f'batch {self.factory.number} may be lost: {reason.getErrorMessage()}')
class Factory(protocol.ReconnectingClientFactory):
    protocol, number, maxDelay, initialDelay = Relay, 0, 2, 0.5
reactor.connectTCP('collector.internal', 4510, Factory())
reactor.run()
P
  py collector.py &
  collector=$!
  sleep 1
  start telemetry.log /usr/bin/python3 -u relay.py
  sleep 18
  kill -KILL $last $collector
  sleep 1
}

case_tls_name_mismatch_httpx_customs() {
  about <<'JSON'
{ "category": "tls-name-mismatch", "app": "customs", "log": "customs.json.log",
  "proof": ["Hostname mismatch, certificate is not valid for 'gateway.customs.example'"],
  "program": "httpx 0.28, loguru", "form": "json-lines", "hides": "level INFO declaration kept for later, retry in 1 s, certificate verify failed", "split": "held-out",
  "why": "The customs office moved its service under a new certificate that names another host; the client refuses to speak with it." }
JSON
  host customs-1
  . "$programs/certificates.sh"
  authority 'Customs Root'
  certificate gateway.customs.example 'now + 60 days'
  certificate portal.customs.example 'now + 80 days'
  tls_peer 10.0.10.12 gateway.customs.example gateway.customs.example '{}'
  work customs
  cat >customs.py <<'P'
import httpx, ssl, sys, time
from loguru import logger
logger.remove()
logger.add(sys.stdout, format=lambda r: '{{"ts":"{time:YYYY-MM-DDTHH:mm:ss.SSS}Z","level":"{level}","service":"customs","msg":"{message}"}}\n')
context = ssl.create_default_context(cafile=sys.argv[1])
logger.info('customs 5.1, gateway.customs.example, 0 declarations waiting')
waiting = 0
for n in range(1, 13):
    for attempt in (1, 2):
        try:
            with httpx.Client(verify=context, timeout=3, trust_env=False) as client:
                client.post('https://gateway.customs.example/declarations', json={'n': n}).raise_for_status()
            logger.info('declaration {} handed in', n)
            break
        except httpx.HTTPError as error:
            logger.info('declaration {}: attempt {}: {}, retry in 1 s', n, attempt, str(error).replace('"', "'"))
            time.sleep(0.4)
    else:
        waiting += 1
        logger.info('declaration {} kept for later, {} waiting', n, waiting)
    if n == 5: logger.error('declaration 5: no tariff number, 9999 9999 assumed')
    time.sleep(0.5)
P
  start customs.json.log /usr/bin/python3 customs.py $pki/ca.crt
  sleep 3
  sed -i 's/gateway.customs.example.crt/portal.customs.example.crt/; s/gateway.customs.example.key/portal.customs.example.key/' /tmp/peer.conf
  tls_peer_reload
  wait $last
}

case_unauthorized_paramiko_statements() {
  about <<'JSON'
{ "category": "unauthorized", "app": "statements", "log": "statements.log",
  "proof": ["paramiko.transport INFO Authentication (publickey) failed."],
  "program": "paramiko 5 against OpenSSH 9.2", "form": "application-log", "hides": "Connected (version 2.0, 0 rows rejected, no statements today", "split": "held-out",
  "why": "The bank took the key of the house off its list; the server is reached and does not let the job in." }
JSON
  host statements-1
  address 10.0.10.13 sftp.bank.example
  work statements
  mkdir -p /run/sshd /srv/.ssh /home/acme/.ssh && useradd -d /home/acme -s /bin/sh acme 2>/dev/null
  usermod -p '*' acme
  ssh-keygen -q -t ed25519 -N '' -f /srv/.ssh/id && ssh-keygen -A >/dev/null
  cp /srv/.ssh/id.pub /home/acme/.ssh/authorized_keys
  for day in 18 19 20; do echo "day;$day" >/home/acme/statement-$day.csv; done
  chown -R acme /home/acme && chmod 700 /home/acme/.ssh
  /usr/sbin/sshd -D -e -o ListenAddress=10.0.10.13 -o LogLevel=VERBOSE >/tmp/sshd.log 2>&1 &
  wait_port 22 10.0.10.13
  cat >statements.py <<'P'
import logging, sys, time, paramiko
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s %(name)s %(levelname)s %(message)s')
log = logging.getLogger('statements')
for attempt in range(1, 4):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    try:
        client.connect('sftp.bank.example', username='acme', key_filename='/srv/.ssh/id', allow_agent=False, look_for_keys=False)
        sftp = client.open_sftp()
        for name in sorted(name for name in sftp.listdir('.') if name.endswith('.csv')):
            log.info('%s: %d bytes, 0 rows rejected', name, sftp.stat(name).st_size)
        break
    except Exception as error:
        log.warning('run %s, attempt %d of 3: %s', sys.argv[1], attempt, error)
        time.sleep(1)
    finally:
        client.close()
else:
    log.info('no statements today, the ones of yesterday stay on the page')
P
  for day in 20 21; do start statements.log /usr/bin/python3 statements.py $day; wait $last; done
  : >/home/acme/.ssh/authorized_keys
  start statements.log /usr/bin/python3 statements.py 22
  wait $last
  grep -v 'Server listening' /tmp/sshd.log | tr -d '\r' >"$evidence/bank-sshd.log"
}

case_rate_limited_elasticsearch_py_index() {
  about <<'JSON'
{ "category": "rate-limited", "app": "indexer", "log": "indexer.log",
  "proof": ["[status:429"],
  "program": "elasticsearch-py 9 against nginx 1.22 limit_req", "form": "application-log", "hides": "Retrying request after non-successful status, documents indexed, ApiError", "split": "held-out",
  "why": "The search service in front allows two writes a second from one client and the indexer sends ten; most are turned away with 429." }
JSON
  host indexer-3
  address 10.0.10.16 search.internal
  printf 'pid /tmp/e.pid;\nerror_log /tmp/e.log;\nevents {}\nhttp { access_log off; limit_req_zone $binary_remote_addr zone=w:1m rate=2r/s; limit_req_status 429; server { listen 10.0.10.16:9200; default_type application/json; add_header X-Elastic-Product Elasticsearch always; error_page 429 = @busy; location @busy { add_header X-Elastic-Product Elasticsearch always; return 429 "{\\"error\\":\\"too many writes from this client\\",\\"status\\":429}"; } location / { limit_req zone=w burst=2 nodelay; try_files /none @ok; } location @ok { return 201 "{\\"result\\":\\"created\\"}"; } } }\n' >/tmp/e.conf
  nginx -c /tmp/e.conf
  work indexer
  cat >indexer.py <<'P'
import logging, sys, time
from elasticsearch import ApiError, Elasticsearch
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='[%(asctime)s][%(levelname)s][%(name)s] %(message)s')
log = logging.getLogger('indexer')
client = Elasticsearch('http://search.internal:9200', retry_on_timeout=True, max_retries=1)
done = 0
for n in range(1, 41):
    try:
        client.index(index='goods', document={'n': n, 'title': 'error-free clock'})
        done += 1
    except ApiError as error:
        log.info('document %d put back: %s', n, error)
    if n % 10 == 0: log.info('%d of %d documents indexed, 0 malformed', done, n)
    time.sleep(0.1 if n > 6 else 0.6)
P
  start indexer.log /usr/bin/python3 indexer.py
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
