#!/bin/bash
# Python servers, clients and job runners: hypercorn, sanic, falcon under waitress, bottle, cherrypy,
# twisted, httpx, paramiko, asyncpg, peewee, huey, luigi, apscheduler, nats-py, elasticsearch-py, pytest, mkdocs,
# nbconvert, pymongo, aio-pika, uv.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# work NAME: a folder in /srv with the packages of these programs; goes there.
work() {
  mount --bind "$cache/workers" /usr/local/lib/python3.11/dist-packages
  mkdir -p "/srv/$1" && cd "/srv/$1" || exit 1
  export PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/srv
}
py() { /usr/bin/python3 "$@"; }

case_startup_failed_hypercorn_search() {
  about <<'JSON'
{ "category": "startup-failed", "app": "search", "log": "journal.log",
  "proof": ["Timeout whilst awaiting startup"],
  "program": "hypercorn 0.18 under systemd 252", "form": "journald", "hides": "Your application may not support the ASGI Lifespan protocol correctly, status=1/FAILURE, start request repeated too quickly", "split": "held-out",
  "why": "The index has grown: loading it takes longer than the five seconds that the server gives the start, so it ends it each time." }
JSON
  host search-4
  work search
  cat >app.py <<'P'
import asyncio, json, logging, pathlib
logging.basicConfig(level=logging.INFO, format='%(levelname)s %(name)s %(message)s')
log = logging.getLogger('search')
async def app(scope, receive, send):
    if scope['type'] == 'lifespan':
        await receive()
        parts = int(pathlib.Path('/srv/search/parts').read_text())
        for part in range(parts):
            log.info('index part %d of %d loaded, 0 errors', part + 1, parts)
            await asyncio.sleep(0.9)
        await send({'type': 'lifespan.startup.complete'})
        log.info('index ready')
        await receive()
        await send({'type': 'lifespan.shutdown.complete'})
        return
    if scope['type'] == 'http':
        await send({'type': 'http.response.start', 'status': 200, 'headers': []})
        await send({'type': 'http.response.body', 'body': b'{"hits":[]}'})
P
  printf 'bind = "127.0.0.1:8500"\nstartup_timeout = 5\nworkers = 0\naccesslog = "-"\n' >hypercorn.toml
  echo 3 >parts
  unit search <<'U'
[Unit]
Description=Search
StartLimitBurst=3
[Service]
WorkingDirectory=/srv/search
Environment=PYTHONUNBUFFERED=1
ExecStart=/usr/bin/python3 -m hypercorn -c hypercorn.toml app:app
SyslogIdentifier=search
Restart=on-failure
RestartSec=1
U
  systemctl start search
  sleep 5
  hit 'http://127.0.0.1:8500/?q=error' 3
  echo 9 >parts
  systemctl restart search
  sleep 24
  journal journal.log -u search
}

case_no_incident_sanic_reviews() {
  about <<'JSON'
{ "category": "no-incident", "app": "reviews", "log": "reviews.log", "proof": [],
  "program": "sanic 25", "form": "application-log", "hides": "404 and 400 of what customers ask, Killing and stopping lines of an ordered end, words like failed in titles of reviews", "split": "held-out",
  "why": "The server starts, answers, says no to what is not there, and is stopped as the release plan wants it." }
JSON
  host reviews-1
  work reviews
  cat >reviews.py <<'P'
from sanic import Sanic
from sanic.exceptions import BadRequest, NotFound
from sanic.response import json
import logging
app = Sanic('reviews')
log = logging.getLogger('sanic.root')
titles = ['Failed me twice, love it now', 'Crashed my expectations', 'Killer value']
@app.get('/reviews/<number:int>')
async def one(request, number):
    if number >= len(titles):
        raise NotFound(f'review {number} does not exist', quiet=True)
    log.info('review shown: %s', titles[number])
    return json({'title': titles[number]})
@app.post('/reviews')
async def add(request):
    if not request.body:
        raise BadRequest('empty review refused', quiet=True)
    log.info('review taken, rejected by filter: 0, errors: 0')
    return json({}, status=201)
@app.before_server_stop
async def stop(app):
    log.info('stop was asked for: letting 0 open requests end')
if __name__ == '__main__':
    app.run(host='127.0.0.1', port=8510, access_log=True, motd=False, workers=2)
P
  start reviews.log /usr/bin/python3 reviews.py
  wait_port 8510
  sleep 2
  for n in 0 1 2 7 0; do hit http://127.0.0.1:8510/reviews/$n; done
  hit http://127.0.0.1:8510/reviews 2 -X POST -d stars=1
  hit http://127.0.0.1:8510/reviews 1 -X POST
  hit http://127.0.0.1:8510/failed-payments 1
  kill -INT $last
  sleep 4
}

case_traffic_overload_waitress_labels() {
  about <<'JSON'
{ "category": "traffic-overload", "app": "labels", "log": "labels.log",
  "proof": ["Task queue depth is"],
  "program": "falcon 4 under waitress 3", "form": "application-log", "hides": "INFO label printed, ERROR of one label without a weight", "split": "held-out",
  "why": "Parcels come in much faster than two threads print their labels; the queue in front of the threads grows all the time." }
JSON
  host labels-2
  work labels
  cat >labels.py <<'P'
import falcon, logging, sys, time, waitress
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s %(levelname)-7s %(name)s: %(message)s')
log = logging.getLogger('labels')
class Label:
    def on_get(self, request, response, number):
        begun = time.monotonic()
        time.sleep(0.35)
        if number % 11 == 0: log.error('label %d: no weight given, 1 kg assumed', number)
        log.info('label %d printed in %d ms', number, (time.monotonic() - begun) * 1000)
        response.media = {'label': number}
app = falcon.App()
app.add_route('/labels/{number:int}', Label())
waitress.serve(app, host='127.0.0.1', port=8520, threads=2)
P
  start labels.log /usr/bin/python3 labels.py
  wait_port 8520
  for n in 1 2 3 4; do hit http://127.0.0.1:8520/labels/$n; done
  for n in $(seq 5 54); do hit http://127.0.0.1:8520/labels/$n & sleep 0.06; done
  sleep 7
  kill -KILL $last
}

case_read_only_filesystem_bottle_uploads() {
  about <<'JSON'
{ "category": "read-only-filesystem", "app": "uploads", "log": "uploads.log",
  "proof": ["[Errno 30] Read-only file system"],
  "program": "bottle 0.13", "form": "application-log", "hides": "500 of the uploads, 200 of the pages, disk 3% full", "split": "held-out",
  "why": "The volume of the pictures went read-only after a maintenance; pages are shown, nothing can be taken in." }
JSON
  host uploads-1
  work uploads
  tiny /data/pictures 20m
  cat >uploads.py <<'P'
from bottle import Bottle, request
import shutil
app = Bottle()
@app.get('/pictures')
def pictures():
    usage = shutil.disk_usage('/data/pictures')
    return {'used_percent': round(100 * usage.used / usage.total)}
@app.put('/pictures/<name>')
def take(name):
    with open(f'/data/pictures/{name}', 'wb') as target:
        target.write(request.body.read())
    return {'taken': name}
app.run(host='127.0.0.1', port=8530)
P
  start uploads.log /usr/bin/python3 uploads.py
  wait_port 8530
  head -c 30000 /dev/urandom >/tmp/picture
  for n in 1 2 3; do hit http://127.0.0.1:8530/pictures/p$n.jpg 1 -T /tmp/picture; hit http://127.0.0.1:8530/pictures; done
  mount -o remount,ro /data/pictures
  for n in 4 5 6 7; do hit http://127.0.0.1:8530/pictures/p$n.jpg 1 -T /tmp/picture; hit http://127.0.0.1:8530/pictures 2; done
  kill $last
}

case_shutdown_timeout_cherrypy_exports() {
  about <<'JSON'
{ "category": "shutdown-timeout", "app": "exports", "log": "journal.log",
  "proof": ["State 'stop-sigterm' timed out. Killing."],
  "program": "cherrypy 18 under systemd 252", "form": "journald", "hides": "Waiting for child threads to terminate, Failed with result timeout, 200 of all requests", "split": "tune",
  "why": "An export that goes on for a minute keeps the server from ending in the six seconds that the unit allows; it is killed at each stop." }
JSON
  host exports-1
  work exports
  cat >exports.py <<'P'
import cherrypy, threading, time
class Exports:
    @cherrypy.expose
    def index(self): return 'exports: 0 failed'
    @cherrypy.expose
    def year(self):
        cherrypy.log('export of the year begun, 600000 rows')
        for n in range(60):
            time.sleep(1)
            if n % 4 == 3: cherrypy.log(f'export of the year: {(n + 1) * 10000} rows written')
        return 'done'
cherrypy.config.update({'server.socket_host': '127.0.0.1', 'server.socket_port': 8540, 'engine.autoreload.on': False, 'server.shutdown_timeout': 60})
cherrypy.quickstart(Exports())
P
  unit exports <<'U'
[Unit]
Description=Exports
[Service]
WorkingDirectory=/srv/exports
ExecStart=/usr/bin/python3 -u exports.py
SyslogIdentifier=exports
TimeoutStopSec=6
U
  systemctl start exports
  wait_port 8540
  hit http://127.0.0.1:8540/ 3
  for _ in 1 2; do
    (hit http://127.0.0.1:8540/year 1 -m 60) &
    sleep 2
    hit http://127.0.0.1:8540/ 2
    systemctl restart exports
    wait_port 8540
    hit http://127.0.0.1:8540/ 2
  done
  journal journal.log -u exports
}

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

case_database_connections_exhausted_asyncpg_bookings() {
  about <<'JSON'
{ "category": "database-connections-exhausted", "app": "bookings", "log": "bookings.log",
  "proof": ["remaining connection slots are reserved"],
  "program": "asyncpg 0.32 against postgresql 15", "form": "application-log", "hides": "booking N stored, task ended with an exception, retried in 0.5 s", "split": "tune",
  "why": "Each of the workers opens a connection of its own and the database takes twelve; with the evening's workers there are more." }
JSON
  host bookings-1
  address 10.0.10.14 bookings-db
  pg_new 'max_connections = 12' && pg_start
  sql 'CREATE ROLE bookings LOGIN; CREATE TABLE booking (n int, at timestamptz DEFAULT now()); GRANT ALL ON booking TO bookings'
  work bookings
  cat >bookings.py <<'P'
import asyncio, asyncpg, logging, sys
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s | %(levelname)s | %(message)s')
log = logging.getLogger('bookings')
async def worker(name, length):
    await asyncio.sleep(length * 0.1)
    for attempt in range(4):
        try:
            connection = await asyncpg.connect('postgresql://bookings@bookings-db/postgres')
            break
        except asyncpg.PostgresError as error:
            log.warning('worker %d not ready: %s: %s', name, type(error).__name__, error)
            await asyncio.sleep(0.6)
    else:
        log.info('worker %d goes home, its bookings wait', name)
        return
    for n in range(6):
        await connection.execute('INSERT INTO booking VALUES ($1)', n)
        log.info('worker %d stored booking %d', name, n)
        await asyncio.sleep(1)
    await connection.close()
async def main():
    log.info('bookings 1.4, workers of the day: 6')
    await asyncio.gather(*(worker(n, n) for n in range(1, 7)))
    log.info('bookings 1.4, workers of the evening: 16')
    await asyncio.gather(*(worker(n, n) for n in range(1, 17)))
asyncio.run(main())
P
  start bookings.log /usr/bin/python3 bookings.py
  wait $last
  cp $pg_log "$evidence/postgresql.log"
}

case_database_locked_peewee_tickets() {
  about <<'JSON'
{ "category": "database-locked", "app": "tickets", "log": "tickets.log",
  "proof": ["peewee.OperationalError: database is locked"],
  "program": "peewee 4, sqlite 3.40", "form": "application-log", "hides": "Traceback, ticket N could not be closed, backup 40% done", "split": "tune",
  "why": "The backup holds the file for as long as it copies; the desk's writes wait their second and give up." }
JSON
  host tickets-1
  work tickets
  cat >desk.py <<'P'
import logging, sys, time
from peewee import CharField, Model, SqliteDatabase
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s desk[%(process)d] %(levelname)s %(message)s')
db = SqliteDatabase('tickets.db', timeout=1)
class Ticket(Model):
    title = CharField()
    class Meta: database = db
db.create_tables([Ticket])
for n in range(1, 13):
    try:
        with db.atomic('IMMEDIATE'):
            Ticket.create(title=f'error report {n}')
        logging.info('ticket %d opened: error report %d', n, n)
    except Exception:
        logging.exception('ticket %d stays in the outbox', n)
    time.sleep(0.5)
P
  cat >backup.py <<'P'
import logging, sqlite3, sys, time
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s backup[%(process)d] %(levelname)s %(message)s')
db = sqlite3.connect('tickets.db', isolation_level=None)
logging.info('backup of tickets.db begins, holding it')
db.execute('BEGIN EXCLUSIVE')
for done in range(0, 101, 20):
    logging.info('backup %d%% done, 0 pages damaged', done)
    time.sleep(1.2)
db.execute('COMMIT')
logging.info('backup ended')
P
  start tickets.log /usr/bin/python3 desk.py
  desk=$last
  sleep 2.5
  start tickets.log /usr/bin/python3 backup.py
  wait $last $desk
}

case_unhandled_exception_huey_invoices() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "invoices", "log": "invoices.log",
  "proof": ["decimal.InvalidOperation"],
  "program": "huey 3 against redis 7.0", "form": "application-log", "hides": "Unhandled exception in task, Requeueing, invoices that are written", "split": "held-out",
  "why": "Orders from the new shop write the amount with a comma; the task cannot read that as a number, however often it is tried." }
JSON
  host invoices-3
  redis-server --port 6379 --save '' --daemonize yes >/dev/null
  wait_port 6379
  work invoices
  cat >invoices.py <<'P'
from decimal import Decimal
from huey import RedisHuey
huey = RedisHuey('invoices')
@huey.task(retries=2, retry_delay=1)
def write(order, amount):
    total = Decimal(amount) * Decimal('1.19')
    return f'{order}: {total:.2f}'
P
  start invoices.log /usr/bin/python3 -m huey.bin.huey_consumer invoices.huey -w 2
  sleep 2
  py -c "
from invoices import write
import time
for n, amount in enumerate(('12.40', '8.00', '99.95', '17,20', '3.10', '24,00', '5.55', '1,99', '40.00'), start=410):
    write(n, amount); time.sleep(0.5)"
  sleep 4
  kill -INT $last
  sleep 1
}

case_insufficient_evidence_luigi_nightly() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "nightly.log", "proof": [],
  "program": "luigi 3", "form": "application-log", "hides": "Program failed with return code=3, This progress looks :( because there were failed tasks", "split": "held-out",
  "why": "One step of the night calls a program that ends with a status and prints nothing; what it met is not told." }
JSON
  host nightly-2
  work nightly
  printf '#!/bin/sh\nsleep 1\ncase $1 in returns) exit 3 ;; esac\ntouch "/srv/nightly/$1.done"\n' >/usr/local/bin/load-table && chmod +x /usr/local/bin/load-table
  cat >nightly.py <<'P'
import luigi
from luigi.contrib.external_program import ExternalProgramTask
class Load(ExternalProgramTask):
    table = luigi.Parameter()
    def program_args(self): return ['load-table', self.table]
    def output(self): return luigi.LocalTarget(f'/srv/nightly/{self.table}.done')
class Report(luigi.Task):
    def requires(self): return [Load(table) for table in ('orders', 'customers', 'returns', 'stock')]
    def output(self): return luigi.LocalTarget('/srv/nightly/report.csv')
    def run(self):
        with self.output().open('w') as report: report.write('ok\n')
P
  start nightly.log env PYTHONPATH=/srv/nightly /usr/bin/python3 -W ignore -m luigi --module nightly Report --local-scheduler
  wait $last
}

case_insufficient_evidence_apscheduler_sync() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "scheduler.log", "proof": [],
  "program": "apscheduler 3", "form": "application-log", "hides": "Job raised an exception, CalledProcessError: returned non-zero exit status 7, jobs that executed successfully", "split": "held-out",
  "why": "The plan starts a command that ends with a status; what the command prints is thrown away, so why it fails is not known." }
JSON
  host planner-2
  work planner
  printf '#!/bin/sh\n[ "$1" = branch-2 ] && exit 7\nexit 0\n' >/usr/local/bin/sync-branch && chmod +x /usr/local/bin/sync-branch
  cat >planner.py <<'P'
import logging, subprocess, sys
from apscheduler.schedulers.blocking import BlockingScheduler
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s %(levelname)s %(name)s: %(message)s')
def sync(branch): subprocess.run(['sync-branch', branch], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
def tidy(): logging.getLogger('tidy').info('0 files of failed runs removed')
plan = BlockingScheduler(timezone='UTC')
for n in (1, 2, 3): plan.add_job(sync, 'interval', seconds=4, args=[f'branch-{n}'], name=f'sync branch-{n}')
plan.add_job(tidy, 'interval', seconds=5, name='tidy')
plan.start()
P
  start scheduler.log /usr/bin/python3 planner.py
  sleep 14
  kill -KILL $last
}

case_broker_unavailable_nats_py_doors() {
  about <<'JSON'
{ "category": "broker-unavailable", "app": "doors", "log": "doors.log",
  "proof": ["[Errno 111] Connect call failed ('10.0.10.15', 4222)"],
  "program": "nats-py 2 against nats-server 2.9", "form": "application-log", "hides": "disconnected, reconnecting, door events kept in memory, unexpected EOF", "split": "held-out",
  "why": "The message server was shut down and not started again; the doors' events pile up in the program." }
JSON
  host doors-1
  address 10.0.10.15 nats.internal
  nats-server -a 10.0.10.15 -p 4222 -l /tmp/nats.log &
  server=$!
  wait_port 4222 10.0.10.15
  work doors
  cat >doors.py <<'P'
import asyncio, logging, sys, nats
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s.%(msecs)03d %(levelname).1s doors: %(message)s', datefmt='%d.%m.%Y %H:%M:%S')
log = logging.getLogger('doors')
async def on_error(error): log.info('nats: %s: %s', type(error).__name__, error)
async def on_lost(): log.info('nats: connection is gone, trying again')
async def main():
    client = await nats.connect('nats://nats.internal:4222', error_cb=on_error, disconnected_cb=on_lost, reconnect_time_wait=1, max_reconnect_attempts=30, pending_size=4000)
    log.info('connected to %s', client.connected_url.netloc)
    kept = 0
    for n in range(1, 40):
        if client.is_connected:
            await client.publish('doors.opened', b'%d' % n)
            log.info('door %d opened, told', n % 7)
        else:
            kept += 1
            log.info('door %d opened, %d events kept', n % 7, kept)
        if n % 15 == 0: log.error('door %d: battery at 20%%, change it this month', n % 7)
        await asyncio.sleep(0.5)
asyncio.run(main())
P
  start doors.log /usr/bin/python3 doors.py
  sleep 6
  kill -INT $server
  sleep 10
  kill -KILL $last
  cp /tmp/nats.log "$evidence/nats-server.log"
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

case_no_incident_pytest_errors_module() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "tests.log", "proof": [],
  "program": "pytest 9", "form": "application-log", "hides": "XFAIL, ERROR lines that tests expect, Traceback of a captured log, DeprecationWarning, names like test_connection_refused", "split": "tune",
  "why": "Every test that should pass passes; the errors in it are those that the tests ask for." }
JSON
  host ci-4
  work errors
  cat >test_errors.py <<'P'
import logging, socket, warnings
import pytest
log = logging.getLogger('client')
def fetch(port):
    try:
        socket.create_connection(('127.0.0.1', port), timeout=1)
    except OSError:
        log.exception('connection to 127.0.0.1:%d failed', port)
        raise
def test_connection_refused():
    with pytest.raises(ConnectionRefusedError):
        fetch(9)
def test_out_of_memory_is_told(caplog):
    log.error('out of memory, worker killed')
    assert 'out of memory' in caplog.text
@pytest.mark.parametrize('status', [500, 502, 503])
def test_upstream_error(status):
    log.warning('upstream answered %d', status)
    assert status >= 500
@pytest.mark.xfail(reason='crash of the old parser, kept as a reminder')
def test_old_parser_crash():
    raise ValueError('could not parse')
@pytest.mark.skip(reason='needs a database')
def test_database_unavailable(): pass
def test_old_call():
    warnings.warn('fetch(port) is deprecated', DeprecationWarning)
P
  { echo '$ pytest -rA'; py -m pytest -rA -p no:cacheprovider --color=no; echo "ci: step tests ended with status $?"; } >"$evidence/tests.log" 2>&1
}

case_no_incident_mkdocs_handbook() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "docs.log", "proof": [],
  "program": "mkdocs 1", "form": "application-log", "hides": "WARNING of a link without a target, pages named after outages and crashes that are not in the menu, absolute link left as it is", "split": "tune",
  "why": "The handbook is built each time; what is remarked are links and pages outside the menu." }
JSON
  host docs-5
  work handbook
  mkdir -p docs/runbooks
  printf 'site_name: Handbook of failures\ntheme:\n  name: mkdocs\nnav:\n  - index.md\n  - runbooks/crash.md\n' >mkdocs.yml
  printf '# Handbook\n\n[crash](runbooks/crash.md#killed) and [outage](runbooks/outage.md), [lost](lost.md), [old](/old/errors)\n' >docs/index.md
  printf '# Crash\n\nWhat to do when a process was killed.\n' >docs/runbooks/crash.md
  printf '# Outage\n\nFATAL: database unavailable, and what then.\n' >docs/runbooks/outage.md
  for n in 1 2; do
    [ $n = 2 ] && printf '# Disk full\n' >docs/runbooks/disk-full.md
    { echo "== docs $n: mkdocs build"; py -W ignore -m mkdocs build --clean; echo "== docs $n: status $?, published"; } >>"$evidence/docs.log" 2>&1
  done
}

case_job_deadline_exceeded_nbconvert_forecast() {
  about <<'JSON'
{ "category": "job-deadline-exceeded", "app": "forecast", "log": "forecast.log",
  "proof": ["A cell timed out while it was being executed, after 6 seconds."],
  "program": "nbconvert 7, ipykernel 7", "form": "application-log", "hides": "Timeout waiting for execute reply, Traceback, Interrupting kernel", "split": "held-out",
  "why": "The notebook's last cell computes longer than the run may take; nothing in it is wrong, the days before it was quick." }
JSON
  host forecast-1
  work forecast
  cat >make.py <<'P'
import json, sys
def cell(text): return {'cell_type': 'code', 'execution_count': None, 'metadata': {}, 'outputs': [], 'source': text, 'id': f'c{abs(hash(text)) % 99999}'}
cells = ['rows = 40000\nprint("rows", rows, "errors 0")', 'import time', f'for season in range({sys.argv[1]}):\n    time.sleep(0.5)\nprint("forecast written")']
json.dump({'cells': [cell(c) for c in cells], 'metadata': {'kernelspec': {'name': 'python3', 'display_name': 'Python 3', 'language': 'python'}}, 'nbformat': 4, 'nbformat_minor': 5}, open('forecast.ipynb', 'w'))
P
  mkdir -p /srv/.local/share/jupyter/kernels/python3
  echo '{"argv":["/usr/bin/python3","-m","ipykernel_launcher","-f","{connection_file}"],"display_name":"Python 3","language":"python"}' >/srv/.local/share/jupyter/kernels/python3/kernel.json
  for seasons in 2 60; do
    py make.py $seasons
    { echo "\$ jupyter nbconvert --execute forecast.ipynb   # seasons: $seasons"; py -W ignore -m nbconvert --to notebook --execute --ExecutePreprocessor.timeout=6 --output out forecast.ipynb; echo "forecast: run ended with status $?"; } >>"$evidence/forecast.log" 2>&1
  done
}

case_database_unavailable_pymongo_profiles() {
  about <<'JSON'
{ "category": "database-unavailable", "app": "profiles", "log": "profiles.json.log",
  "proof": ["mongo.internal:27017: [Errno 111] Connection refused"],
  "program": "pymongo 4", "form": "json-lines", "hides": "ServerSelectionTimeoutError, profile served from memory, Server selection", "split": "held-out",
  "why": "Nothing listens on the database's port; the profiles come from an old copy in memory and nothing is written." }
JSON
  host profiles-1
  address 10.0.10.17 mongo.internal
  work profiles
  cat >profiles.py <<'P'
import json, logging, sys, time
from pymongo import MongoClient
from pymongo.errors import PyMongoError
class Lines(logging.Formatter):
    def format(self, record): return json.dumps({'time': self.formatTime(record), 'severity': record.levelname, 'logger': record.name, 'text': record.getMessage()})
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(Lines())
logging.basicConfig(level=logging.INFO, handlers=[handler])
log = logging.getLogger('profiles')
users = MongoClient('mongodb://mongo.internal:27017', serverSelectionTimeoutMS=1500).shop.users
log.info('profiles 8.2 started, 214 profiles in memory')
for n in range(1, 8):
    try:
        users.update_one({'_id': n}, {'$set': {'seen': time.time()}}, upsert=True)
    except PyMongoError as error:
        log.info('profile %d: last visit not written: %s', n, error)
    log.info('profile %d served from memory in 1 ms', n)
log.error('profile 5 has no picture')
P
  start profiles.json.log /usr/bin/python3 profiles.py
  wait $last
}

case_forbidden_aio_pika_refunds() {
  about <<'JSON'
{ "category": "forbidden", "app": "refunds", "log": "refunds.log",
  "proof": ["ACCESS_REFUSED - "],
  "program": "aio-pika 10 against RabbitMQ 3.10", "form": "application-log", "hides": "Channel closed, user authenticated and granted access to vhost, refund N waits", "split": "held-out",
  "why": "The user of the refunds logs in but may not write to the exchange of the bookings any more, after its rights were narrowed." }
JSON
  host refunds-1
  . "$programs/brokers.sh"
  address 10.0.10.18 rabbit.internal
  rabbit rabbit 5672
  ctl() { rabbit_ctl -n "rabbit@$(hostname)" "$@" >/dev/null 2>&1; }
  ctl add_user refunds pw
  ctl set_permissions -p / refunds '.*' '.*' '.*'
  work refunds
  cat >refunds.py <<'P'
import asyncio, logging, sys, aio_pika
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s %(levelname)s [%(name)s] %(message)s')
logging.getLogger('aiormq').setLevel(logging.WARNING)
log = logging.getLogger('refunds')
async def main():
    connection = await aio_pika.connect_robust('amqp://refunds:pw@rabbit.internal/')
    async with connection.channel() as channel:
        await channel.declare_exchange('bookings', 'topic')
    log.info('refunds 2.2 connected as refunds')
    for n in range(1, 27):
        try:
            channel = await connection.channel()
            exchange = await channel.get_exchange('bookings', ensure=False)
            await exchange.publish(aio_pika.Message(b'%d' % n), routing_key='refund', timeout=3)
            log.info('refund %d told to bookings', n)
            await channel.close()
        except Exception as error:
            log.info('refund %d waits: %s', n, error)
        await asyncio.sleep(0.6)
asyncio.run(main())
P
  start refunds.log /usr/bin/python3 refunds.py
  sleep 5
  ctl set_permissions -p / refunds '.*' '^refunds$' '.*'
  wait $last
  tail -n 30 /tmp/rabbit.log >"$evidence/rabbit.log"
}

case_version_incompatible_uv_release() {
  about <<'JSON'
{ "category": "version-incompatible", "app": null, "log": "build.log",
  "proof": ["your requirements are unsatisfiable"],
  "program": "uv 0.13", "form": "application-log", "hides": "No solution found when resolving dependencies, error counts of the lint before, exit status 1", "split": "tune",
  "why": "The basket in the new release wants the price library of the second generation, the shop's own code the first; both together cannot be installed." }
JSON
  host ci-5
  work release
  wheel() {
    mkdir -p "w/$1-$2.dist-info" wheels
    echo "version = '$2'" >"w/$1.py"
    { printf 'Metadata-Version: 2.1\nName: %s\nVersion: %s\n' "$1" "$2"; [ -z "${3:-}" ] || echo "Requires-Dist: $3"; } >"w/$1-$2.dist-info/METADATA"
    printf 'Wheel-Version: 1.0\nGenerator: acme\nRoot-Is-Purelib: true\nTag: py3-none-any\n' >"w/$1-$2.dist-info/WHEEL"
    printf '%s.py,,\n%s-%s.dist-info/METADATA,,\n%s-%s.dist-info/WHEEL,,\n%s-%s.dist-info/RECORD,,\n' "$1" "$1" "$2" "$1" "$2" "$1" "$2" >"w/$1-$2.dist-info/RECORD"
    (cd w && py -m zipfile -c "../wheels/$1-$2-py3-none-any.whl" "$1.py" "$1-$2.dist-info") && rm -r w
  }
  wheel acme_prices 1.4.0; wheel acme_prices 2.0.0
  wheel acme_basket 3.0.0 'acme_prices>=1,<2'; wheel acme_basket 3.1.0 'acme_prices>=2'
  uv=/usr/local/lib/python3.11/dist-packages/bin/uv
  build() {
    { echo "== build $1"; echo 'lint: 88 files, 0 errors, 4 warnings'; echo "uv pip install --target site acme_basket==$2 'acme_prices<2'"
      UV_NO_CACHE=1 $uv pip install --python /usr/bin/python3 --no-index --find-links wheels --target site "acme_basket==$2" 'acme_prices<2'; echo "build $1: install ended with status $?"; } >>"$evidence/build.log" 2>&1
  }
  build 411 3.0.0
  rm -rf site
  build 412 3.1.0
  build 413 3.1.0
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
