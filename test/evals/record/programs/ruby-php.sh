#!/bin/bash
# Programs in Ruby (unicorn, delayed_job, rake) and PHP (guzzle), in several categories.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_application_hung_unicorn_labels() {
  about <<'JSON'
{ "category": "application-hung", "app": "labels", "log": "unicorn.log",
  "proof": ["killing"],
  "program": "unicorn 6, ruby 3.1", "form": "application-log", "hides": "ERROR of the worker that was killed, worker=0 ready, 200 of the short labels, reaped", "split": "held-out",
  "why": "Labels with an empty second line send the worker round and round; the master sees no sign of life for four seconds and kills it." }
JSON
  host labels-7
  mkdir -p /srv/labels && cd /srv/labels || exit 1
  cat >config.ru <<'R'
run(lambda do |env|
  text = env['QUERY_STRING']
  $stderr.puts "#{Time.now.utc.strftime('%FT%TZ')} label #{text} begins, 0 failed"
  rest = text.dup
  rest = rest.delete_prefix('x') until rest.empty?
  $stderr.puts "#{Time.now.utc.strftime('%FT%TZ')} label #{text} printed"
  [200, {}, ['ok']]
end)
R
  printf 'worker_processes 2\ntimeout 4\nlisten "127.0.0.1:8740"\n' >unicorn.rb
  start unicorn.log unicorn -c unicorn.rb -E none config.ru
  wait_port 8740
  for text in x xx xxx; do hit "http://127.0.0.1:8740/?$text"; done
  for text in xxy xx xy x; do hit "http://127.0.0.1:8740/?$text" 1 -m 8; done
  kill $last
  sleep 1
}

case_connection_refused_delayed_job_webhooks() {
  about <<'JSON'
{ "category": "connection-refused", "app": "webhooks", "log": "worker.log",
  "proof": ["Faraday::ConnectionFailed"],
  "program": "delayed_job 4, faraday 1, ruby 3.1", "form": "application-log", "hides": "FAILED (N prior attempts), COMPLETED after, 6 jobs processed at, 3 failed", "split": "held-out",
  "why": "Nothing listens at the partner's address for orders; the calls to the other partner go through." }
JSON
  host webhooks-1
  address 10.0.13.30 hooks.partner.example
  address 10.0.13.31 hooks.good.example
  printf 'pid /tmp/h.pid;\nerror_log /tmp/h.log;\nevents {}\nhttp { access_log off; server { listen 10.0.13.31:80; location / { return 200 ok; } } }\n' >/tmp/h.conf
  nginx -c /tmp/h.conf
  pg_new && pg_start
  mkdir -p /srv/webhooks && cd /srv/webhooks || exit 1
  cat >work.rb <<'R'
require 'active_record'
require 'logger'
require 'delayed_job_active_record'
require 'faraday'
$stdout.sync = true
ActiveRecord::Base.establish_connection(adapter: 'postgresql', host: '/var/run/postgresql', username: 'postgres', database: 'postgres')
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table(:delayed_jobs) do |t|
    t.integer :priority, default: 0
    t.integer :attempts, default: 0
    t.text :handler
    t.text :last_error
    t.datetime :run_at, :locked_at, :failed_at
    t.string :locked_by, :queue
    t.timestamps null: true
  end
end
class Hook < Struct.new(:host, :order)
  def perform = Faraday.post("http://#{host}/orders", order.to_s)
  def max_attempts = 2
  def reschedule_at(now, _) = now + 1
end
6.times { |n| Delayed::Job.enqueue Hook.new(n.odd? ? 'hooks.partner.example' : 'hooks.good.example', 700 + n) }
Delayed::Worker.logger = Logger.new($stdout)
worker = Delayed::Worker.new(exit_on_complete: true, sleep_delay: 1)
worker.name = 'webhooks-1'
worker.start
R
  timeout 60 ruby -W0 work.rb >"$evidence/worker.log" 2>&1
}

case_bad_command_rake_invoices() {
  about <<'JSON'
{ "category": "bad-command", "app": "invoices", "log": "nightly.log",
  "proof": ["Command failed with status (127)"],
  "program": "rake 13, ruby 3.1", "form": "application-log", "hides": "rake aborted!, Tasks: TOP => nightly, steps that ended well, 0 errors", "split": "held-out",
  "why": "The task calls a converter that was not installed on the new host; the steps before it are done." }
JSON
  host batch-8
  mkdir -p /srv/invoices && cd /srv/invoices || exit 1
  printf 'task :collect do\n  puts "#{Time.now.utc} collect: 40 invoices, 0 errors"\nend\ntask :render => :collect do\n  puts "#{Time.now.utc} render: invoice 1 of 40"\n  sh "html-to-pdf --quiet in/1.html out/1.pdf && echo rendered"\nend\ntask :nightly => :render do\n  puts "nightly: done"\nend\n' >Rakefile
  cp /bin/true /usr/local/bin/html-to-pdf
  for host in old new; do
    [ $host = new ] && rm /usr/local/bin/html-to-pdf
    { echo "== nightly on the $host host"; rake nightly; echo "== nightly ended with status $?"; } >>"$evidence/nightly.log" 2>&1
  done
}

case_unauthorized_guzzle_ledger() {
  about <<'JSON'
{ "category": "unauthorized", "app": "ledger", "log": "ledger.log",
  "proof": ["401 Unauthorized"],
  "program": "guzzle 7 and monolog 2, PHP 8.2", "form": "application-log", "hides": "ledger.NOTICE of what fails, ledger.ERROR of one entry without a text, entries handed over", "split": "held-out",
  "why": "The bookkeeper's service took the token off its list; each entry after that comes back with 401." }
JSON
  host ledger-3
  address 10.0.13.34 books.example
  conf() { printf 'pid /tmp/b.pid;\nerror_log /tmp/b.log;\nevents {}\nhttp { access_log off; map $http_authorization $known { default 0; "Bearer %s" 1; } server { listen 10.0.13.34:80; location / { if ($known = 0) { return 401 "{\\"error\\":\\"token is not known\\"}"; } return 200 "{}"; } } }\n' "$1" >/tmp/b.conf; }
  conf t-1 && nginx -c /tmp/b.conf
  mkdir -p /srv/ledger && cd /srv/ledger || exit 1
  cat >ledger.php <<'P'
<?php
error_reporting(E_ALL & ~E_DEPRECATED);
require '/usr/share/php/GuzzleHttp/autoload.php';
require '/usr/share/php/Monolog/autoload.php';
$log = new Monolog\Logger('ledger', [new Monolog\Handler\StreamHandler('php://stdout')]);
$client = new GuzzleHttp\Client(['base_uri' => 'http://books.example/', 'timeout' => 3, 'headers' => ['Authorization' => 'Bearer t-1']]);
for ($n = 1; $n <= 12; $n++) {
    try {
        $client->post('entries', ['json' => ['entry' => $n]]);
        $log->info("entry $n handed over", ['errors' => 0]);
    } catch (GuzzleHttp\Exception\GuzzleException $e) {
        $log->notice("entry $n goes to the tray", ['why' => $e->getMessage()]);
    }
    if ($n === 3) $log->error('entry 3 has no text, "misc" written');
    usleep(600000);
}
P
  start ledger.log php ledger.php
  sleep 3
  conf t-2 && nginx -c /tmp/b.conf -s reload
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
