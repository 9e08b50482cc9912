#!/bin/bash
# Servers in Python: hypercorn, sanic, falcon under waitress, bottle, cherrypy, in several categories.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

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

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
