#!/bin/bash
# Programs in Python at their databases and brokers: asyncpg, peewee, pymongo, nats-py, aio-pika, in
# several categories.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

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

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
