#!/bin/bash
# uwsgi, puma and tomcat with small applications.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# labels LOG [option…]: the label service under uwsgi on 9090.
labels() {
  local log=$1
  shift
  app labels labels
  start "$log" uwsgi --plugin python3 --http-socket 127.0.0.1:9090 --master --need-app --processes 2 \
    --wsgi-file app.py --vacuum --die-on-term "$@"
}

case_crash_loop_uwsgi_workers() {
  about <<'JSON'
{ "category": "crash-loop", "app": "labels", "log": "uwsgi.log",
  "proof": ["DAMN ! worker", "Respawned uWSGI worker"],
  "program": "uwsgi 2.0, python 3.11", "form": "application-log", "hides": "nothing louder", "split": "held-out",
  "why": "Each worker ends a second or two after its start without a word, and is started again, for ever." }
JSON
  host labels-1
  LABELS_LEAVE=1.4 labels uwsgi.log --processes 1 --procname-prefix labels- --enable-threads --lazy-apps
  wait_port 9090
  for n in $(seq 16); do hit "http://127.0.0.1:9090/label/$n"; sleep 0.6; done
  kill -KILL $last $(pgrep -P $last)
}

case_segfault_uwsgi_barcode() {
  about <<'JSON'
{ "category": "segfault", "app": "labels", "log": "uwsgi.log",
  "proof": ["got Segmentation Fault !!!"],
  "program": "uwsgi 2.0, python 3.11", "form": "application-log", "hides": "DAMN ! worker died, Respawned", "split": "held-out",
  "why": "Native code of the barcode page reads from address zero; the worker dies on it each time." }
JSON
  host labels-2
  labels uwsgi.log --procname-prefix labels-
  wait_port 9090
  for n in 1 2 3; do hit "http://127.0.0.1:9090/label/$n" 4; hit "http://127.0.0.1:9090/barcode/$n"; sleep 1; done
  kill -KILL $last $(pgrep -P $last)
}

case_shutdown_timeout_uwsgi_no_mercy() {
  about <<'JSON'
{ "category": "shutdown-timeout", "app": "labels", "log": "uwsgi.log",
  "proof": ["is taking too much time to die...NO MERCY !!!"],
  "program": "uwsgi 2.0, python 3.11", "form": "application-log", "hides": "worker killed successfully, binary reloading", "split": "held-out",
  "why": "At a reload both workers were in a request of 40 seconds; after the time they are given they are killed, and those requests are lost." }
JSON
  host labels-3
  labels uwsgi.log --reload-mercy 3 --worker-reload-mercy 3
  wait_port 9090
  hit http://127.0.0.1:9090/label/7 8
  for n in 1 2; do curl -s -o /dev/null -m 9 "http://127.0.0.1:9090/bulk/$n" & done
  sleep 1
  kill -HUP $last
  sleep 6
  hit http://127.0.0.1:9090/label/8 3 || true
  kill -KILL $last $(pgrep -P $last)
}

case_dependency_missing_uwsgi_import() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "labels", "log": "uwsgi.log",
  "proof": ["ModuleNotFoundError: No module named 'pystrich'"],
  "program": "uwsgi 2.0, python 3.11", "form": "application-log", "hides": "no app loaded, GAME OVER", "split": "held-out",
  "why": "The environment of the release lacks the barcode package, so that the application is not imported." }
JSON
  host labels-4
  for n in 1 2 3; do LABELS_NEEDS=pystrich labels uwsgi.log; wait $last; sleep 1; done
}

case_no_incident_uwsgi_workers_recycled() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "uwsgi.log", "proof": [],
  "program": "uwsgi 2.0, python 3.11", "form": "application-log", "hides": "...The work of process is done. Seeya!, worker killed successfully, *** WARNING: you are running uWSGI as root", "split": "held-out",
  "why": "Workers are replaced after ten requests each, as configured, and one reload went well; every request is a 200." }
JSON
  host labels-6
  labels uwsgi.log --max-requests 10 --min-worker-lifetime 1 --max-worker-lifetime 600
  wait_port 9090
  for n in $(seq 26); do hit "http://127.0.0.1:9090/label/$n"; done
  kill -HUP $last
  sleep 3
  for n in $(seq 12); do hit "http://127.0.0.1:9090/label/$n"; done
  cp "$evidence/uwsgi.log" /tmp/kept
  kill -INT $last
  sleep 2
  cp /tmp/kept "$evidence/uwsgi.log"
}

# board LOG [puma option…]
board() {
  local log=$1
  shift
  app labels board
  start "$log" puma -e production "$@" config.ru
}

case_cache_unavailable_ruby_redis() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "board", "log": "board.log",
  "proof": ["Redis::CannotConnectError - Error connecting to Redis on board-cache:6379"],
  "program": "ruby 3.1, sinatra 3, puma 5.6, redis-rb 4 against redis 7.0", "form": "application-log", "hides": "a long backtrace of gems", "split": "held-out",
  "why": "Redis, which the board reads through, was stopped; each page of it fails." }
JSON
  host board-1
  address 10.0.6.50 board-cache
  redis-server --port 6379 --save '' --protected-mode no --daemonize yes >/dev/null
  wait_port 6379
  BOARD_CACHE=redis board board.log -b tcp://127.0.0.1:9292 -t 1:3
  wait_port 9292
  hit http://127.0.0.1:9292/today 8
  redis-cli shutdown nosave
  hit http://127.0.0.1:9292/up 2
  hit http://127.0.0.1:9292/today 2
  kill -KILL $last
}

case_cache_unavailable_ruby_memcached() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "board", "log": "board.log",
  "proof": ["Dalli::RingError - No server available"],
  "program": "ruby 3.1, sinatra 3, puma 5.6, dalli 3 against memcached 1.6", "form": "application-log", "hides": "a long backtrace of gems, Gracefully stopping", "split": "held-out",
  "why": "memcached was stopped for an upgrade of its host; the client marks its only server as down and each page fails." }
JSON
  host board-3
  address 10.0.6.51 board-cache
  memcached -u nobody -l 10.0.6.51 >/dev/null 2>&1 & cache_process=$!
  sleep 1
  BOARD_CACHE=memcached board board.log -b tcp://127.0.0.1:9292 -t 1:3
  wait_port 9292
  hit http://127.0.0.1:9292/today 8
  kill $cache_process
  sleep 1
  hit http://127.0.0.1:9292/today 2
  hit http://127.0.0.1:9292/up 2
  kill -KILL $last
}

case_port_in_use_puma() {
  about <<'JSON'
{ "category": "port-in-use", "app": "board", "log": "container.log",
  "proof": ["Address already in use - bind(2) for \"0.0.0.0\" port 9292 (Errno::EADDRINUSE)"],
  "program": "ruby 3.1, puma 5.6", "form": "docker-logs", "hides": "frames of puma/binder", "split": "held-out",
  "why": "A puma of the release before still holds 9292 on the host's network." }
JSON
  host board-5
  app labels old
  puma -q -e production -b tcp://0.0.0.0:9292 config.ru >/dev/null 2>&1 &
  wait_port 9292
  for n in 1 2; do
    echo "board entrypoint: bundle ok, $(date +%s) release 118" >>"$evidence/container.log"
    board container.log -b tcp://0.0.0.0:9292 -w 2 -t 1:3
    wait $last
    sleep 1
  done
}

case_no_incident_puma_phased_restart() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "board.log", "proof": [],
  "program": "ruby 3.1, sinatra 3, puma 5.6", "form": "application-log", "hides": "! WARNING: Detected running cluster mode with 1 worker, Early termination of worker", "split": "held-out",
  "why": "One worker was killed by hand and replaced, then all were replaced for a release; the board answered all the time." }
JSON
  host board-7
  board board.log -b tcp://127.0.0.1:9292 -w 2 -t 1:3
  wait_port 9292
  sleep 2
  hit http://127.0.0.1:9292/today 5
  kill -KILL "$(pgrep -P $last | head -1)"
  sleep 3
  hit http://127.0.0.1:9292/today 4
  kill -USR1 $last
  sleep 7
  hit http://127.0.0.1:9292/today 12
  cp "$evidence/board.log" /tmp/kept
  kill $last
  sleep 1
  cp /tmp/kept "$evidence/board.log"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
