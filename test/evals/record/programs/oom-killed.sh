#!/bin/bash
# oom-killed: the kernel kills a program at the memory limit of its control group.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_oom_killed_python_journald() {
  about <<'JSON'
{ "category": "oom-killed", "app": "report-worker", "log": "journal.log",
  "proof": ["Memory cgroup out of memory: Killed process", "oom-kill:constraint=CONSTRAINT_MEMCG"],
  "program": "python 3.11 under systemd 252 with MemoryMax", "form": "journald", "hides": "status=9/KILL",
  "split": "tune",
  "why": "The kernel names the control group limit and the process it killed; systemd only reports a KILL signal and restarts." }
JSON
  host batch-3
  python_packages
  app report-worker report-worker
  unit report-worker <<'X'
[Unit]
Description=Nightly report worker
[Service]
WorkingDirectory=/srv/report-worker
Environment=OFFLINE=1 REPORT_BUCKET=finance-reports DAYS=9 ROWS=200 GROWTH=3 PYTHONUNBUFFERED=1
ExecStart=/usr/bin/python3 worker.py
MemoryMax=120M
Restart=on-failure
RestartSec=1
X
  systemctl start report-worker
  sleep 9
  journal journal.log _SYSTEMD_UNIT=report-worker.service + UNIT=report-worker.service + _TRANSPORT=kernel
}

case_oom_killed_java_behind_nginx() {
  about <<'JSON'
{ "category": "oom-killed", "app": "pricing", "log": "journal.log",
  "proof": ["Memory cgroup out of memory: Killed process"],
  "program": "OpenJDK 17 under systemd 252, nginx 1.22", "form": "journald", "hides": "connect() failed (111: Connection refused), 502",
  "split": "held-out",
  "why": "The heap may grow to 512 MB but the unit only has 160 MB, so the kernel kills the JVM; nginx then reports refused connections." }
JSON
  host pricing-1
  java_app pricing pricing com.acme.pricing.Main
  unit pricing <<'X'
[Unit]
Description=Pricing service
[Service]
WorkingDirectory=/srv/pricing
Environment=MEMO=1
ExecStart=/usr/bin/java -Xmx512m -XX:+UseSerialGC -cp /srv/pricing/classes:/opt/lib/* com.acme.pricing.Main
MemoryMax=160M
X
  nginx_front 8085 'access_log syslog:server=unix:/dev/log,nohostname;'
  systemctl start pricing nginx-front
  wait_port 8085
  wait_port 80
  for n in $(seq 70); do
    curl -s -m 10 -o /dev/null http://127.0.0.1/price/mug
    systemctl is-active -q pricing || break
  done
  hit http://127.0.0.1/price/mug 4
  sleep 1
  journal journal.log _SYSTEMD_UNIT=pricing.service + UNIT=pricing.service + _SYSTEMD_UNIT=nginx-front.service + _TRANSPORT=kernel
}

case_oom_killed_redis_dmesg() {
  about <<'JSON'
{ "category": "oom-killed", "app": "session-cache", "log": "kern.log",
  "proof": ["Memory cgroup out of memory: Killed process"],
  "program": "redis 7.0", "form": "journald", "hides": null, "split": "held-out",
  "why": "Redis without maxmemory outgrows its control group; its own log just ends, the kernel log has the kill." }
JSON
  host cache-2
  unit session-cache <<'X'
[Unit]
Description=Session cache
[Service]
ExecStart=/usr/bin/redis-server --port 6379 --save "" --logfile /var/log/session-cache.log
MemoryMax=48M
X
  systemctl start session-cache
  wait_port 6379
  redis-cli set warm 1 >/dev/null
  for n in $(seq 40); do
    redis-benchmark -q -n 20000 -r 10000000 -d 200 -t set >/dev/null 2>&1
    systemctl is-active -q session-cache || break
  done
  journal kern.log _TRANSPORT=kernel + UNIT=session-cache.service
  cp /var/log/session-cache.log "$evidence/redis.log"
}

case_oom_killed_gunicorn_worker() {
  about <<'JSON'
{ "category": "oom-killed", "app": "thumbnailer", "log": "journal.log",
  "proof": ["Memory cgroup out of memory: Killed process"],
  "program": "gunicorn, python 3.11", "form": "journald", "hides": "Worker (pid) was sent SIGKILL! Perhaps out of memory?",
  "split": "tune",
  "why": "Only one worker is killed, the master starts another and guesses; the kernel line proves the control group limit." }
JSON
  host img-1
  python_packages
  mkdir -p /srv/thumbnailer
  cat >/srv/thumbnailer/app.py <<'X'
import logging
from flask import Flask

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(message)s")
app = Flask("thumbnailer")

@app.get("/thumb/<int:megapixels>")
def thumb(megapixels):
    pixels = [bytearray(b"\x7f" * 1_000_000) for _ in range(megapixels * 3)]
    logging.info("thumbnail of %d MP done, %d rows", megapixels, len(pixels))
    return "ok"
X
  unit thumbnailer <<'X'
[Unit]
Description=Thumbnailer
[Service]
WorkingDirectory=/srv/thumbnailer
Environment=HOME=/srv/thumbnailer
ExecStart=/usr/bin/python3 -m gunicorn -w 2 -b 127.0.0.1:8000 app:app
MemoryMax=130M
X
  systemctl start thumbnailer
  wait_port 8000
  hit http://127.0.0.1:8000/thumb/2 3
  hit http://127.0.0.1:8000/thumb/12 2
  hit http://127.0.0.1:8000/thumb/108 2
  hit http://127.0.0.1:8000/thumb/2 1
  sleep 2
  journal journal.log _SYSTEMD_UNIT=thumbnailer.service + UNIT=thumbnailer.service + _TRANSPORT=kernel
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
