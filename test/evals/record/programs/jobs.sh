#!/bin/bash
# Python programs that work through a list: django, scrapy, pandas, aiohttp, boto3, grpcio, dbt,
# dramatiq, tornado, duckdb, rq; snakemake and GNU parallel around shell commands.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# job NAME: a folder in /srv with the packages of the jobs; goes there.
job() { python_app "$1" jobs; }

case_migration_failed_django_orders() {
  about <<'JSON'
{ "category": "migration-failed", "app": "orders", "log": "deploy.log",
  "proof": ["contains null values"],
  "program": "django 5 against postgresql 15", "form": "application-log", "hides": "Applying orders.0002... OK, django.db.utils.IntegrityError, the release that is not started", "split": "tune",
  "why": "The migration forbids an empty customer and the table has orders without one; the database refuses the change." }
JSON
  host orders-4
  address 10.0.9.70 orders-db
  pg_new && pg_start
  job orders
  mkdir -p orders/migrations && touch orders/__init__.py orders/migrations/__init__.py
  printf 'import django.conf, sys\ndjango.conf.settings.configure(INSTALLED_APPS=["orders"], SECRET_KEY="x", USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "orders-db", "NAME": "postgres", "USER": "postgres"}})\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n' >manage.py
  printf 'from django.db import models\n' >orders/models.py
  migration() { printf 'from django.db import migrations, models\nclass Migration(migrations.Migration):\n    dependencies = [%s]\n    operations = [%s]\n' "$2" "$3" >"orders/migrations/$1.py"; }
  migration 0001_initial '' 'migrations.CreateModel("Order", [("id", models.BigAutoField(primary_key=True)), ("customer", models.CharField(max_length=40, null=True))])'
  migration 0002_order_note '("orders", "0001_initial")' 'migrations.AddField("Order", "note", models.TextField(default=""))'
  deploy() { { echo "[deploy] release $1: migrating"; py manage.py migrate --no-color; status=$?; [ $status = 0 ] && echo "[deploy] release $1: started, healthy after 3 s" || { echo "[deploy] migrate ended with status $status"; echo "[deploy] release $1: not started, the one before goes on"; }; } >>"$evidence/deploy.log" 2>&1; }
  deploy 7.1
  sql "INSERT INTO orders_order (customer, note) VALUES ('ann', ''), (NULL, ''), ('bob', '')"
  migration 0003_order_weight '("orders", "0002_order_note")' 'migrations.AddField("Order", "weight", models.IntegerField(default=0))'
  migration 0004_customer_required '("orders", "0003_order_weight")' 'migrations.AlterField("Order", "customer", models.CharField(max_length=40))'
  deploy 7.2
  deploy 7.2
  cp $pg_log "$evidence/postgresql.log"
}

case_upstream_5xx_scrapy_catalogue() {
  about <<'JSON'
{ "category": "upstream-5xx", "app": "catalogue", "log": "crawl.log",
  "proof": ["Gave up retrying"],
  "program": "scrapy 2 against nginx 1.22", "form": "application-log", "hides": "Spider closed (finished), finish_reason finished, HTTP status code is not handled or not allowed", "split": "tune",
  "why": "The shelf pages of the supplier answer 502 each time; the crawl ends as finished and has a fifth of the goods." }
JSON
  host crawl-1
  address 10.0.9.72 catalogue.supplier.example
  printf 'pid /tmp/s.pid;\nerror_log /tmp/s.log;\nevents {}\nhttp { access_log off; server { listen 10.0.9.72:80; default_type text/html; location /page/ { return 200 "<html><h1>page</h1></html>"; } location /shelf/ { return 502; } location / { return 404; } } }\n' >/tmp/s.conf
  nginx -c /tmp/s.conf
  job catalogue
  cat >spider.py <<'P'
import scrapy
class Catalogue(scrapy.Spider):
    name = 'catalogue'
    custom_settings = {'DOWNLOAD_DELAY': 0.15, 'RETRY_TIMES': 2, 'ROBOTSTXT_OBEY': True, 'TELNETCONSOLE_ENABLED': False}
    def start_requests(self):
        for kind, count in (('page', 4), ('shelf', 8)):
            for n in range(1, count + 1):
                yield scrapy.Request(f'http://catalogue.supplier.example/{kind}/{n}')
    async def start(self):
        for request in self.start_requests(): yield request
    def parse(self, response):
        self.logger.info('read %s, %d bytes', response.url, len(response.body))
        yield {'url': response.url}
P
  start crawl.log /usr/bin/python3 -m scrapy runspider spider.py
  wait $last
}

case_unhandled_exception_pandas_revenue() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "revenue", "log": "journal.log",
  "proof": ["KeyError: 'Column not found: net_amount'"],
  "program": "python 3.11, pandas under systemd 252", "form": "journald", "hides": "0 errors in N rows, code 404 of the pages, status=1/FAILURE", "split": "tune",
  "why": "The file of the last branch has no column net_amount; nobody catches that and the report is not written." }
JSON
  host revenue-1
  job revenue
  cat >revenue.py <<'P'
import logging, pathlib, pandas as pd
logging.basicConfig(level=logging.INFO, format='%(levelname)s %(message)s')
log = logging.getLogger('revenue')
total = 0.0
for path in sorted(pathlib.Path('/srv/revenue/in').glob('*.csv')):
    frame = pd.read_csv(path)
    log.info('%s: %d rows, 0 errors in %d rows', path.name, len(frame), len(frame))
    if frame['day'].duplicated().any():
        log.warning('%s: days that come twice are added up', path.name)
    total += frame.groupby('day')['net_amount'].sum().sum()
log.info('written: revenue.csv, total %.2f', total)
P
  mkdir in
  for branch in aachen bremen celle; do { echo day,net_amount; for n in 1 2 3 3; do echo "$n,$n.50"; done; } >in/$branch.csv; done
  unit revenue <<'U'
[Unit]
Description=Revenue report of the day
[Service]
Type=oneshot
SyslogIdentifier=revenue
ExecStart=/usr/bin/python3 -u /srv/revenue/revenue.py
U
  printf '[Unit]\nDescription=Report pages\n[Service]\nWorkingDirectory=/srv\nSyslogIdentifier=pages\nExecStart=/usr/bin/python3 -u -m http.server 8081 --bind 127.0.0.1\n' | unit pages
  systemctl start pages
  systemctl start revenue
  { echo day,netamount; echo 1,2.50; } >in/dresden.csv
  for _ in 1 2; do hit http://127.0.0.1:8081/ 2; systemctl start revenue 2>/dev/null; hit http://127.0.0.1:8081/error-report.html 2; done
  journal journal.log -u revenue -u pages
}

case_connection_timeout_aiohttp_prices() {
  about <<'JSON'
{ "category": "connection-timeout", "app": "prices", "log": "prices.log",
  "proof": ["ConnectionTimeoutError: Connection timeout to host http://quotes.exchange.example/"],
  "program": "python 3.11, aiohttp 3", "form": "application-log", "hides": "price of yesterday is used, NOTICE retry", "split": "held-out",
  "why": "A firewall drops what is sent to the exchange; the name is resolved and nobody answers the connection." }
JSON
  host prices-1
  address 10.0.9.74 quotes.exchange.example
  /usr/bin/python3 -m http.server --bind 10.0.9.74 80 -d /tmp >/dev/null 2>&1 &
  wait_port 80 10.0.9.74
  job prices
  cat >prices.py <<'P'
import aiohttp, asyncio, logging, sys
logging.addLevelName(25, 'NOTICE')
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s.%(msecs)03d|%(levelname)s|%(name)s|%(message)s', datefmt='%d.%m.%Y %H:%M:%S')
log = logging.getLogger('prices')
async def price(session, share):
    for attempt in (1, 2):
        try:
            async with session.get('http://quotes.exchange.example/') as answer:
                log.info('%s: %d', share, answer.status)
                return
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            log.log(25, '%s: retry %d after %s: %s', share, attempt, type(error).__name__, error)
    log.info('%s: price of yesterday is used', share)
async def main():
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(sock_connect=1.2)) as session:
        log.info('prices 5.0, 14 shares')
        for n in range(14):
            await price(session, f'SH{100 + n}')
            if n == 6: log.error('currency file has 3 rows that are ignored, as always')
            await asyncio.sleep(0.3)
asyncio.run(main())
P
  start prices.log /usr/bin/python3 prices.py
  sleep 2.4
  iptables -A OUTPUT -d 10.0.9.74 -j DROP
  wait $last
}

case_forbidden_boto3_archive() {
  about <<'JSON'
{ "category": "forbidden", "app": "archive", "log": "archive.log",
  "proof": ["An error occurred (AccessDenied) when calling the PutObject operation"],
  "program": "python 3.11, boto3 against an object store's answer from nginx 1.22", "form": "json-lines", "hides": "parcel kept for the next run, index has 0 errors", "split": "held-out",
  "why": "The store knows the key and does not let it write into that bucket any more; reading it goes on." }
JSON
  host archive-1
  address 10.0.9.76 objects.internal
  printf 'pid /tmp/o.pid;\nerror_log /tmp/o.log;\nevents {}\nhttp { access_log off; client_max_body_size 9m; server { listen 10.0.9.76:80; default_type application/xml; location / { if (-e /tmp/denied) { set $deny $request_method; } if ($deny = PUT) { return 403 "<?xml version=\\"1.0\\"?><Error><Code>AccessDenied</Code><Message>User archive is not authorized to perform s3:PutObject on this resource</Message></Error>"; } return 200 ""; } } }\n' >/tmp/o.conf
  nginx -c /tmp/o.conf
  job archive
  cat >archive.py <<'P'
import boto3, json, sys, time
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import ClientError
def say(level, message, **more):
    print(json.dumps({'ts': round(time.time(), 3), 'severity': level, 'app': 'archive', 'msg': message, **more}), flush=True)
store = boto3.client('s3', endpoint_url='http://objects.internal', aws_access_key_id='archive', aws_secret_access_key='x', region_name='eu-1', config=Config(s3={'addressing_style': 'path'}, retries={'max_attempts': 2}))
say('info', 'archive 2.2', bucket='parcels')
for n in range(1, 25):
    try:
        store.put_object(Bucket='parcels', Key=f'2026/11/parcel-{n}.json', Body=b'{}')
        say('info', 'parcel stored', parcel=n)
    except (ClientError, Boto3Error) as error:
        say('info', 'parcel kept for the next run', parcel=n, cause=str(error))
    if n % 6 == 0:
        store.head_object(Bucket='parcels', Key='index.json')
        say('error', 'index has 0 errors, 0 parcels are lost')
    time.sleep(0.3)
P
  start archive.log /usr/bin/python3 archive.py
  sleep 3
  touch /tmp/denied
  wait $last
}

case_tls_name_mismatch_grpcio_fraud() {
  about <<'JSON'
{ "category": "tls-name-mismatch", "app": "fraud-check", "log": "fraud.log",
  "proof": ["Hostname Verification Check failed."],
  "program": "python 3.11, grpcio 1", "form": "application-log", "hides": "StatusCode.UNAVAILABLE failed to connect to all addresses, payment let through unchecked", "split": "held-out",
  "why": "The server's certificate is valid and trusted, and made out for another name than the one that is called." }
JSON
  host fraud-1
  . "$programs/certificates.sh"
  authority 'Acme Root'
  certificate fraud-old.internal 'now + 50 days'
  address 10.0.9.78 fraud.internal
  job fraud-check
  cat >server.py <<'P'
import grpc, sys, time
from concurrent import futures
pki = sys.argv[1]
server = grpc.server(futures.ThreadPoolExecutor(2))
read = lambda name: open(f'{pki}/{name}', 'rb').read()
server.add_secure_port('10.0.9.78:7700', grpc.ssl_server_credentials([(read('fraud-old.internal.key'), read('fraud-old.internal.crt'))]))
server.start(); time.sleep(200)
P
  cat >fraud.py <<'P'
import grpc, logging, sys, time
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s [%(levelname)s] %(name)s - %(message)s')
log = logging.getLogger('fraud')
log.info('fraud-check 0.9, rules of 2026-11, model fraud.internal:7700')
with grpc.secure_channel('fraud.internal:7700', grpc.ssl_channel_credentials(open(sys.argv[1] + '/ca.crt', 'rb').read())) as channel:
    call = channel.unary_unary('/fraud.Model/Score')
    for n in range(1, 13):
        try:
            call(b'', timeout=2)
        except grpc.RpcError as error:
            log.warning('payment %d let through unchecked: %s %s', 880 + n, error.code(), error.details())
        log.info('payment %d: 11 of 11 rules passed', 880 + n)
        time.sleep(0.4)
P
  py server.py $pki >/dev/null 2>&1 &
  sleep 2
  start fraud.log /usr/bin/python3 fraud.py $pki
  wait $last
}

case_database_auth_dbt_nightly() {
  about <<'JSON'
{ "category": "database-auth", "app": "warehouse", "log": "dbt.log",
  "proof": ["password authentication failed for user \"loader\""],
  "program": "dbt 1.9 against postgresql 15", "form": "application-log", "hides": "Encountered an error, Completed successfully of the run before, Registered adapter", "split": "held-out",
  "why": "The password of the loader was changed in the database and not in the profile; the run of the night before was fine." }
JSON
  host warehouse-1
  address 10.0.9.80 warehouse-db
  pg_new 'password_encryption = scram-sha-256' && pg_start
  sql "CREATE USER loader SUPERUSER PASSWORD 'pw-1'"
  sed -i '1i host all loader 0.0.0.0/0 scram-sha-256' /var/lib/postgresql/15/main/pg_hba.conf
  pg_stop && pg_start
  job warehouse
  mkdir -p models
  printf 'name: warehouse\nversion: "1.0"\nprofile: warehouse\nmodels:\n  warehouse:\n    +materialized: table\n' >dbt_project.yml
  printf 'warehouse:\n  target: prod\n  outputs:\n    prod: {type: postgres, host: warehouse-db, port: 5432, user: loader, password: pw-1, dbname: postgres, schema: mart, threads: 2}\n' >profiles.yml
  for table in orders customers failed_payments error_codes; do echo "select 1 as id, '$table' as kind" >models/$table.sql; done
  run() { { echo "\$ dbt run --profiles-dir ."; py -c 'from dbt.cli.main import cli; cli()' --no-use-colors --no-send-anonymous-usage-stats run --profiles-dir .; echo "nightly: dbt ended with status $?"; } >>"$evidence/dbt.log" 2>&1; }
  run
  sql "ALTER USER loader PASSWORD 'pw-2'"
  run
  run
  cp $pg_log "$evidence/postgresql.log"
}

case_broker_unavailable_dramatiq_mails() {
  about <<'JSON'
{ "category": "broker-unavailable", "app": "mails", "log": "mails.log",
  "proof": ["[CRITICAL] Consumer encountered a connection error"],
  "program": "dramatiq 2, RabbitMQ 3.10", "form": "application-log", "hides": "Restarting consumer in 3.00 seconds, mails that are sent", "split": "tune",
  "why": "RabbitMQ was stopped; the worker's consumers fall off one after another and connect again and again." }
JSON
  host mails-1
  . "$programs/brokers.sh"
  address 10.0.9.82 rabbit.internal
  rabbit rabbit 5672
  job mails
  cat >mails.py <<'P'
import dramatiq, logging, sys, time
from dramatiq.brokers.rabbitmq import RabbitmqBroker
dramatiq.set_broker(RabbitmqBroker(url='amqp://guest:guest@rabbit.internal:5672'))
@dramatiq.actor(queue_name='mails')
def send(n):
    logging.getLogger('mails').info('mail %d sent', n)
    if n % 4 == 0: logging.getLogger('mails').error('mail %d: address of the sender has no picture', n)
if __name__ == '__main__':
    for n in range(1, 13): send.send(n)
P
  start mails.log /usr/bin/python3 -m dramatiq mails --processes 1 --threads 2
  sleep 4
  py mails.py
  sleep 5
  rabbit_ctl -n "rabbit@$(hostname)" stop >/dev/null 2>&1
  sleep 14
  kill -KILL $last
  tail -n 40 /tmp/rabbit.log >"$evidence/rabbit.log"
}

case_fd_exhausted_tornado_board() {
  about <<'JSON'
{ "category": "fd-exhausted", "app": "live-board", "log": "board.log",
  "proof": ["OSError: [Errno 24] Too many open files"],
  "program": "python 3.11, tornado 6", "form": "application-log", "hides": "200 GET /health, Exception in callback", "split": "held-out",
  "why": "Each viewer keeps its connection; the process may have 40 files open and cannot take the next." }
JSON
  host board-4
  job board
  cat >board.py <<'P'
import asyncio, tornado.web, tornado.log
tornado.log.enable_pretty_logging()
class Health(tornado.web.RequestHandler):
    def get(self): self.write('ok')
class Live(tornado.web.RequestHandler):
    async def get(self):
        self.write('score 0:0\n'); await self.flush(); await asyncio.sleep(60)
async def main():
    tornado.web.Application([('/health', Health), ('/live', Live)]).listen(8300, '127.0.0.1')
    await asyncio.Event().wait()
asyncio.run(main())
P
  start board.log bash -c 'ulimit -n 40; exec /usr/bin/python3 board.py --logging=info'
  wait_port 8300
  hit http://127.0.0.1:8300/health 6
  for _ in $(seq 44); do curl -s -N -m 20 -o /dev/null http://127.0.0.1:8300/live & sleep 0.05; done
  sleep 0.4
  kill -KILL $last
  head -n 240 "$evidence/board.log" >/tmp/board.log && cp /tmp/board.log "$evidence/board.log"
}

case_heap_exhausted_duckdb_statistics() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "statistics", "log": "statistics.log",
  "proof": ["Out of Memory Error"],
  "program": "python 3.11, duckdb 2", "form": "application-log", "hides": "month N skipped, disk is 3% full", "split": "held-out",
  "why": "The engine may take 60 MB and not use the disk; sorting the large months needs more, the machine has plenty." }
JSON
  host statistics-1
  job statistics
  cat >statistics_job.py <<'P'
import duckdb, logging, sys
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format='%(asctime)s %(name)s %(levelname)s: %(message)s')
log = logging.getLogger('statistics')
db = duckdb.connect(config={'memory_limit': '60MB', 'max_temp_directory_size': '0KB', 'threads': '1'})
log.info('duckdb %s, memory_limit 60MB; disk is 3%% full', duckdb.__version__)
for month, rows in enumerate((20000, 24000, 31000, 28000, 4000000, 36000, 5000000, 22000, 4500000), start=1):
    try:
        count = db.execute(f"SELECT count(*) FROM (SELECT range AS n, md5(range::VARCHAR) AS sku FROM range({rows}) ORDER BY sku, n LIMIT {rows - 1} OFFSET 1)").fetchone()[0]
        top = db.execute(f"SELECT list(sku) FROM (SELECT md5(range::VARCHAR) AS sku FROM range({rows}) ORDER BY sku)").fetchone()
        log.info('month %d: %d rows sorted', month, count)
    except duckdb.Error as error:
        log.info('month %d skipped: %s', month, str(error).splitlines()[0])
log.error('4 customers without a region, as last year')
P
  start statistics.log /usr/bin/python3 statistics_job.py
  wait $last
}

case_job_deadline_exceeded_rq_report() {
  about <<'JSON'
{ "category": "job-deadline-exceeded", "app": "reports", "log": "worker.log",
  "proof": ["Task exceeded maximum timeout value (4 seconds)"],
  "program": "rq 3 against redis 7.0", "form": "application-log", "hides": "exception raised while executing, Job OK of the small reports", "split": "held-out",
  "why": "The report of the year takes longer than the four seconds that a job of this queue may take; small ones are done in time." }
JSON
  host reports-4
  redis-server --port 6379 --save '' --daemonize yes >/dev/null
  wait_port 6379
  job reports
  printf 'import time, logging\ndef report(kind, rows):\n    for n in range(rows):\n        time.sleep(0.2)\n    return f"{kind}: {rows} rows, 0 failed"\n' >reports.py
  start worker.log /usr/bin/python3 -c "
import logging, sys
from redis import Redis
from rq import Queue, Worker
from rq.logutils import setup_loghandlers
setup_loghandlers('INFO', date_format='%Y-%m-%d %H:%M:%S', log_format='%(asctime)s %(levelname)s %(message)s')
Worker([Queue('reports', connection=Redis())], connection=Redis(), name='reports-4').work(burst=False)"
  sleep 2
  py -c "
from redis import Redis
from rq import Queue
queue = Queue('reports', connection=Redis(), default_timeout=4)
for kind, rows in (('day', 2), ('week', 5), ('day', 2), ('year', 90), ('day', 3), ('year', 90), ('error-statistics', 2)):
    queue.enqueue('reports.report', kind, rows)"
  sleep 17
  kill $last
  wait $last
}

case_insufficient_evidence_snakemake_rule() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "pipeline.log", "proof": [],
  "program": "snakemake 7", "form": "application-log", "hides": "Error in rule align, (one of the commands exited with non-zero exit code), Removing output files of failed job", "split": "tune",
  "why": "A step of the pipeline ends with a status and prints nothing; its log file is not there." }
JSON
  host pipeline-1
  mkdir -p /srv/pipeline/in && cd /srv/pipeline && touch in/{a,b,c}.txt
  printf 'rule all:\n    input: expand("out/{s}.txt", s=["a", "b", "c"])\nrule trim:\n    input: "in/{s}.txt"\n    output: "tmp/{s}.txt"\n    shell: "sleep 1; cp {input} {output}"\nrule align:\n    input: "tmp/{s}.txt"\n    output: "out/{s}.txt"\n    log: "logs/align-{s}.log"\n    shell: "align-reads --quiet {input} {output}"\n' >Snakefile
  printf '#!/bin/sh\nsleep 1\ncp "$2" "$3"\n[ "$2" != tmp/b.txt ]\n' >/usr/local/bin/align-reads && chmod +x /usr/local/bin/align-reads
  HOME=/srv snakemake --cores 1 --keep-going --nocolor --restart-times 1 all >"$evidence/pipeline.log" 2>&1
}

case_insufficient_evidence_parallel_joblog() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "joblog.txt", "proof": [],
  "program": "GNU parallel 20221122", "form": "application-log", "hides": "Exitval 1, Signal 9, parallel ended with status 2", "split": "tune",
  "why": "A list of commands with times and statuses; what the ones that failed said was not kept." }
JSON
  host convert-1
  mkdir -p /srv/convert && cd /srv/convert || exit 1
  printf '#!/bin/sh\ncase $1 in film-4) sleep 1; exit 1 ;; film-9) kill -9 $$ ;; esac\nsleep 0.4\n' >/usr/local/bin/convert-film && chmod +x /usr/local/bin/convert-film
  HOME=/srv parallel --will-cite -j 2 --joblog "$evidence/joblog.txt" --retries 2 convert-film ::: film-{1..12} >/dev/null 2>"$evidence/stderr.txt"
  echo "convert: parallel ended with status $?" >>"$evidence/stderr.txt"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
