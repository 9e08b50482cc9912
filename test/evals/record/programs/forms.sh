#!/bin/bash
# Failures in other clothes: rsyslog files, the journal as JSON, colours of a terminal.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# syslog_start: rsyslogd that writes /var/log/syslog with its default (ISO) time stamps.
syslog_start() {
  rm -f /run/systemd/journal/syslog /var/log/syslog
  printf 'module(load="imuxsock" SysSock.Name="/run/app.log.sock")\n*.* /var/log/syslog\n' >/etc/rsyslog-recorder.conf
  rsyslogd -n -f /etc/rsyslog-recorder.conf -i /run/rsyslog-recorder.pid &
  local _
  for _ in $(seq 50); do [ -S /run/app.log.sock ] && return; sleep 0.1; done
}
to_syslog() { logger --socket /run/app.log.sock --id="$BASHPID" -t "$1"; }

case_dns_failure_php_cron_syslog() {
  about <<'JSON'
{ "category": "dns-failure", "app": "newsletter", "log": "syslog",
  "proof": ["php_network_getaddresses: getaddrinfo for lists.marketing.internal failed"],
  "program": "PHP 8.2 command line, rsyslog 8", "form": "journald", "hides": "newsletter: 0 of 3 lists loaded, giving up", "split": "held-out",
  "why": "The job logs that no list was loaded; PHP's warning names the host that could not be resolved." }
JSON
  host cron-1
  syslog_start
  cat >/srv/newsletter.php <<'X'
<?php
ini_set('display_errors', 'stderr');
ini_set('html_errors', '0');
echo "newsletter 1.9 starting\n";
echo "templates: 14 loaded\n";
$loaded = 0;
foreach (['eu', 'us', 'kr'] as $region) {
    $list = file_get_contents("http://lists.marketing.internal/{$region}.json");
    if ($list === false) { echo "list {$region} not loaded, next\n"; continue; }
    $loaded++;
}
echo "{$loaded} of 3 lists loaded, giving up\n";
exit(1);
X
  echo '(root) CMD (php /srv/newsletter.php)' | to_syslog CRON
  php /srv/newsletter.php 2>&1 | to_syslog newsletter
  sleep 1
  cp /var/log/syslog "$evidence/syslog"
}

case_disk_full_syslog_backup() {
  about <<'JSON'
{ "category": "disk-full", "app": "backup", "log": "syslog",
  "proof": ["No space left on device"],
  "program": "GNU tar 1.34 in a cron job, rsyslog 8", "form": "journald", "hides": "backup: FAILED with status 2, retry", "split": "held-out",
  "why": "tar cannot write its archive; the script retries twice and only reports its exit status." }
JSON
  host files-1
  syslog_start
  tiny /backup 3m
  head -c 1500000 /dev/urandom >/srv/a.bin
  head -c 2500000 /dev/urandom >/srv/b.bin
  for n in 1 2 3; do
    {
      echo "backup run $n of /srv started"
      tar -cf "/backup/nightly-$n.tar" -C /srv "$([ $n = 1 ] && echo a.bin || echo b.bin)" 2>&1
      code=$?
      [ $code = 0 ] && echo "backup run $n ok, $(du -k "/backup/nightly-$n.tar" | cut -f1) KiB" || echo "backup run $n FAILED with status $code, retry"
    } | to_syslog backup
    sleep 1
  done
  cp /var/log/syslog "$evidence/syslog"
}

case_oom_killed_node_journal_json() {
  about <<'JSON'
{ "category": "oom-killed", "app": "storefront", "log": "journal.json",
  "proof": ["Memory cgroup out of memory: Killed process"],
  "program": "node 20.20.2 under systemd 252 with MemoryMax", "form": "json-lines", "hides": "status=9/KILL, Scheduled restart job", "split": "tune",
  "why": "The journal exported as JSON: the kernel's message about the control group stands between the lines of systemd." }
JSON
  host shop-web-8
  app storefront storefront
  unit storefront <<'X'
[Unit]
Description=Storefront web server
[Service]
WorkingDirectory=/srv/storefront
Environment=SESSION_STORE=memory
ExecStart=/usr/bin/node --max-old-space-size=900 server.js
MemoryMax=110M
Restart=on-failure
RestartSec=1
X
  systemctl start storefront
  wait_port 4000
  for n in $(seq 60); do curl -s -m 5 -o /dev/null "http://127.0.0.1:4000/p/$n" || break; done
  sleep 3
  journalctl --sync
  journalctl --no-pager -o json --output-fields=MESSAGE,SYSLOG_IDENTIFIER,_PID,PRIORITY,_HOSTNAME,_SYSTEMD_UNIT,UNIT,EXIT_STATUS --after-cursor="$cursor" \
    _SYSTEMD_UNIT=storefront.service + UNIT=storefront.service + _TRANSPORT=kernel | grep -v '"_SYSTEMD_UNIT":"init.scope".*reload' >"$evidence/journal.json"
}

case_missing_env_node_ansi_terminal() {
  about <<'JSON'
{ "category": "missing-env", "app": "booking-web", "log": "terminal.log",
  "proof": ["SESSION_SECRET"],
  "program": "node 20.20.2, winston with colours in a terminal", "form": "application-log", "hides": "unhandled error in boot(), exit code 1", "split": "tune",
  "why": "Copied from a terminal with colour codes; the settings check says which variable is empty." }
JSON
  host dev-laptop
  app notifications booking-web
  cat >boot.js <<'X'
const winston = require('winston');
const { combine, colorize, timestamp, printf, errors } = winston.format;
const log = winston.createLogger({
  level: 'debug',
  format: combine(errors({ stack: true }), colorize({ all: true }), timestamp({ format: 'HH:mm:ss.SSS' }), printf((i) => `${i.timestamp} ${i.level} ${i.message}${i.stack ? '\n' + i.stack : ''}`)),
  transports: [new winston.transports.Console()],
});
log.info('booking-web 7.2.0 boot, profile local');
log.debug('plugins: seats, vouchers, newsletter');
log.warn('feature flag service not configured, using defaults');
function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is required but was empty or not set`);
  return value;
}
try {
  log.info(`tracing ${process.env.TRACING ?? 'off'}`);
  required('SESSION_SECRET');
} catch (err) {
  log.error('unhandled error in boot()', err);
  log.error('exit code 1');
  process.exitCode = 1;
}
X
  script -qec 'TERM=xterm-256color FORCE_COLOR=1 node boot.js' "$evidence/terminal.log" >/dev/null </dev/null
  sed -i '/^Script \(started\|done\)/d' "$evidence/terminal.log"
}

case_cache_unavailable_python_ecs_json() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "quota", "log": "quota.ecs.json",
  "proof": ["redis.exceptions.ConnectionError", "Error 111 connecting to quota-redis:6379"],
  "program": "python 3.11, structlog in ECS form, redis-py against redis 7.0", "form": "json-lines", "hides": "event.outcome failure, http.response.status_code 503 for every request", "split": "held-out",
  "why": "The request lines only say 503; error.stack_trace of the first one names the Redis that refuses." }
JSON
  host quota-1
  python_packages
  address 10.0.6.21 quota-redis
  redis-server --port 6379 --save '' --daemonize yes --protected-mode no >/dev/null
  wait_port 6379
  cat >/srv/quota.py <<'X'
import sys
import time
import traceback

import redis
import structlog

structlog.configure(
    processors=[structlog.processors.TimeStamper(fmt="iso", key="@timestamp"), structlog.processors.EventRenamer("message"), structlog.processors.JSONRenderer()],
    logger_factory=structlog.WriteLoggerFactory(sys.stdout),
)
log = structlog.get_logger().bind(**{"ecs.version": "8.11", "service.name": "quota", "service.version": "1.1.0"})
cache = redis.Redis(host="quota-redis", socket_timeout=1, retry=None)
log.info("quota started", **{"log.level": "info"})
shown = False
for number in range(1, 21):
    fields = {"log.level": "info", "url.path": f"/quota/u-{number % 5}", "event.outcome": "success", "http.response.status_code": 200}
    try:
        cache.incr(f"quota:u-{number % 5}")
    except redis.RedisError as error:
        fields.update({"log.level": "error", "event.outcome": "failure", "http.response.status_code": 503})
        if not shown:
            shown = True
            fields.update({"error.type": type(error).__name__, "error.stack_trace": traceback.format_exc()})
    log.info("request", **fields)
    time.sleep(0.25)
X
  start quota.ecs.json /usr/bin/python3 -u /srv/quota.py
  sleep 3
  redis-cli shutdown nosave
  wait $last
}

case_unhandled_exception_journal_short_iso() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "currency", "log": "journal.log",
  "proof": ["ZeroDivisionError: float division by zero"],
  "program": "python 3.11 asyncio under systemd 252", "form": "journald", "hides": "Task exception was never retrieved; watch: rates are stale", "split": "tune",
  "why": "A background task ended with a division by zero; the program lives on and only warns that its rates are stale." }
JSON
  host fx-1
  cat >/srv/currency.py <<'X'
import asyncio
import gc
import logging

logging.basicConfig(level="INFO", format="%(levelname)s %(name)s: %(message)s")
log = logging.getLogger("currency")
FEED = [("EUR", 1.0), ("KRW", 1478.2), ("JPY", 163.9), ("XTS", 0.0)]
age = 0


async def refresh():
    global age
    for code, rate in FEED:
        await asyncio.sleep(0.5)
        log.info("1 %s is %.6f EUR", code, 1 / rate)
        age = 0


async def main():
    global age
    log.info("currency 2.3.1 starting, %d currencies", len(FEED))
    task = asyncio.create_task(refresh())
    for _ in range(9):
        await asyncio.sleep(0.6)
        age += 1
        if task is not None and task.done():
            task = None
            gc.collect()
        if age > 1:
            log.warning("watch: rates are stale for %d checks", age)


asyncio.run(main())
X
  unit currency <<'X'
[Unit]
Description=Currency rates
[Service]
ExecStart=/usr/bin/python3 -u /srv/currency.py
X
  systemctl start currency
  sleep 8
  journalctl --sync
  journalctl --no-pager -q -o short-iso --after-cursor="$cursor" -u currency >"$evidence/journal.log"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
