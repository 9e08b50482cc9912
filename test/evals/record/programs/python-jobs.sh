#!/bin/bash
# Queues, plans and notebooks in Python: huey, luigi, apscheduler, nbconvert, in several categories.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

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

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
