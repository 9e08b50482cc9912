#!/bin/bash
# Services in Node, Java, Ruby, R, Rust, COBOL and Tcl, and two chat servers.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# routes NAME MAIN: a Java program from standard input, with vert.x, camel, liquibase and quartz on its path.
routes() {
  mkdir -p "/srv/$1" /opt/lib && cd "/srv/$1" || exit 1
  mount --bind "$cache/routes" /opt/lib
  cat >"$2.java"
  javac -nowarn -cp '/opt/lib/*' "$2.java" 2>/dev/null
  printf '<configuration><appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%%d{HH:mm:ss.SSS} [%%thread] %%-5level %%logger{36} - %%msg%%n</pattern></encoder></appender><root level="INFO"><appender-ref ref="out"/></root></configuration>\n' >logback.xml
}

case_missing_env_nest_payments() {
  about <<'JSON'
{ "category": "missing-env", "app": "payments", "log": "journal.log",
  "proof": ["Config validation error: \"ACQUIRER_KEY\" is required"],
  "program": "nest 10, node 20 under systemd 252", "form": "journald", "hides": "Starting Nest application, status=1/FAILURE, start request repeated too quickly", "split": "tune",
  "why": "The new release reads a variable that the unit's environment file does not have." }
JSON
  host payments-6
  node_app payments
  cat >main.js <<'J'
require('reflect-metadata');
const { NestFactory } = require('@nestjs/core');
const { Module, Logger } = require('@nestjs/common');
const { ConfigModule } = require('@nestjs/config');
const Joi = require('joi');
const rules = { DATABASE_URL: Joi.string().required(), PORT: Joi.number().default(3000) };
if (require('fs').existsSync('release-9')) rules.ACQUIRER_KEY = Joi.string().required();
class AppModule {}
Module({})(AppModule);
const start = async () => {
  Reflect.decorate([Module({ imports: [ConfigModule.forRoot({ ignoreEnvFile: true, validationSchema: Joi.object(rules) })] })], AppModule);
  const app = await NestFactory.create(AppModule, { abortOnError: false });
  await app.listen(3000, '127.0.0.1');
  new Logger('Bootstrap').log('payments listens on 3000, 0 errors at start');
};
start().catch((error) => { new Logger('Bootstrap').error(error.message); process.exit(1); });
J
  printf 'DATABASE_URL=postgres://payments@db/payments\nNO_COLOR=1\n' >payments.env
  unit payments <<'U'
[Unit]
Description=Payments
StartLimitBurst=3
[Service]
WorkingDirectory=/srv/payments
EnvironmentFile=/srv/payments/payments.env
ExecStart=/usr/bin/node main.js
SyslogIdentifier=payments
Restart=on-failure
RestartSec=1
U
  systemctl start payments
  sleep 5
  touch release-9
  systemctl restart payments
  sleep 9
  journal journal.log -u payments
}

case_consumer_lag_bullmq_thumbnails() {
  about <<'JSON'
{ "category": "consumer-lag", "app": "thumbnails", "log": "thumbnails.log",
  "proof": ["waiting=", "oldest_ms="],
  "program": "bullmq 5, node 20 against redis 7.0", "form": "logfmt", "hides": "level=info completed, level=error of a picture without a title, failed=0", "split": "tune",
  "why": "Pictures come five times as fast as the one worker makes them; nothing fails, and what waits grows and gets older." }
JSON
  host thumbs-1
  redis-server --port 6379 --save '' --daemonize yes >/dev/null
  wait_port 6379
  node_app thumbnails
  cat >worker.js <<'J'
const { Queue, Worker } = require('bullmq');
const connection = { host: '127.0.0.1', port: 6379, maxRetriesPerRequest: null };
const queue = new Queue('thumbnails', { connection });
const say = (level, msg, more = {}) => console.log(['time=' + new Date().toISOString(), 'level=' + level, `msg="${msg}"`, ...Object.entries(more).map(([key, value]) => `${key}=${value}`)].join(' '));
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
let made = 0;
const worker = new Worker('thumbnails', async (job) => {
  await pause(400);
  made++;
  if (made % 9 === 0) say('error', 'picture without a title, named by its number', { job: job.id });
}, { connection, concurrency: 1 });
worker.on('completed', (job) => say('info', 'completed', { job: job.id, took_ms: job.finishedOn - job.processedOn }));
setInterval(() => queue.add('picture', {}), 80);
setInterval(async () => {
  const { waiting, failed } = await queue.getJobCounts('waiting', 'failed');
  const [oldest] = await queue.getWaiting(0, 0);
  say('info', 'queue thumbnails', { workers: 1, waiting, oldest_ms: oldest ? Date.now() - oldest.timestamp : 0, failed });
}, 1500);
say('info', 'thumbnails 2.0 started', { concurrency: 1 });
J
  start thumbnails.log node worker.js
  sleep 22
  kill -KILL $last
}

case_application_hung_vertx_pricing() {
  about <<'JSON'
{ "category": "application-hung", "app": "pricing", "log": "pricing.log",
  "proof": ["Thread[vert.x-eventloop-thread-", "has been blocked for"],
  "program": "vert.x 4.5, OpenJDK 17", "form": "application-log", "hides": "io.vertx.core.VertxException: Thread blocked, prices are fresh, curl: (28)", "split": "tune",
  "why": "A request makes the event loop wait for a lock that nobody gives back; the process lives and answers nobody." }
JSON
  host pricing-3
  routes pricing Pricing <<'J'
import io.vertx.core.*;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
public class Pricing extends AbstractVerticle {
  static final org.slf4j.Logger log = LoggerFactory.getLogger("com.acme.pricing.Pricing");
  final CountDownLatch table = new CountDownLatch(1);
  public void start() {
    vertx.createHttpServer().requestHandler(request -> {
      if (request.path().equals("/prices/special")) readTable();
      log.info("{} {} 200", request.method(), request.path());
      request.response().end("{\"errors\":0}");
    }).listen(8400, "127.0.0.1").onSuccess(server -> log.info("pricing 4.0 on port {}", server.actualPort()));
    vertx.setPeriodic(1000, n -> log.info("prices are fresh, age {} s", n));
  }
  void readTable() { try { table.await(); } catch (InterruptedException e) { log.warn("interrupted"); } }
  public static void main(String[] args) {
    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWarningExceptionTime(6_000_000_000L)).deployVerticle(new Pricing());
  }
}
J
  start pricing.log java -Dvertx.logger-delegate-factory-class-name=io.vertx.core.logging.SLF4JLogDelegateFactory -cp '.:/opt/lib/*' Pricing
  wait_port 8400
  hit http://127.0.0.1:8400/prices/41 5
  sleep 1
  (hit http://127.0.0.1:8400/prices/special 1 -m 14) &
  sleep 1
  for n in 1 2 3; do { echo "$(date -u +%T) check: GET /health"; curl -sS -m 3 http://127.0.0.1:8400/health; } >>"$evidence/check.log" 2>&1; sleep 1; done
  kill -KILL $last
}

case_connection_refused_camel_orders() {
  about <<'JSON'
{ "category": "connection-refused", "app": "order-route", "log": "route.log",
  "proof": ["Connect to http://warehouse.internal:8500 [warehouse.internal/10.0.9.84] failed: Connection refused"],
  "program": "camel 4.4, OpenJDK 17", "form": "application-log", "hides": "Failed delivery for (MessageId), Exhausted after delivery attempt: 3, Message History", "split": "held-out",
  "why": "Nothing listens on the warehouse's port any more; each order is tried three times and given up." }
JSON
  host route-1
  address 10.0.9.84 warehouse.internal
  (cd /tmp && exec /usr/bin/python3 -m http.server --bind 10.0.9.84 8500 >/dev/null 2>&1) &
  warehouse=$!
  wait_port 8500 10.0.9.84
  routes order-route Orders <<'J'
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
public class Orders extends RouteBuilder {
  public void configure() {
    errorHandler(defaultErrorHandler().maximumRedeliveries(2).redeliveryDelay(200).retryAttemptedLogLevel(org.apache.camel.LoggingLevel.INFO));
    from("timer:orders?includeMetadata=true&period=1200&repeatCount=9").routeId("orders").setHeader("order", simple("${header.CamelTimerCounter}"))
        .log("order ${exchangeProperty.CamelTimerCounter} to the warehouse").to("http://warehouse.internal:8500/").log("order ${exchangeProperty.CamelTimerCounter} taken: ${header.CamelHttpResponseCode}");
    from("timer:stock?period=2500&repeatCount=5").routeId("stock").log("stock report: 0 errors, 14 shelves");
  }
  public static void main(String[] args) throws Exception {
    Main main = new Main();
    main.configure().addRoutesBuilder(new Orders());
    main.configure().withDurationMaxSeconds(14);
    main.run();
  }
}
J
  start route.log java -cp '.:/opt/lib/*' Orders
  for _ in $(seq 60); do grep -q 'order 3 taken' "$evidence/route.log" && break; sleep 0.3; done
  kill $warehouse
  wait $last
}

case_database_locked_liquibase_release() {
  about <<'JSON'
{ "category": "database-locked", "app": "tickets", "log": "release.log",
  "proof": ["Could not acquire change log lock.  Currently locked by"],
  "program": "liquibase 4.29, OpenJDK 17 against postgresql 15", "form": "application-log", "hides": "Waiting for changelog lock...., LockException, release not rolled out", "split": "held-out",
  "why": "A run of the morning was ended in its middle and left the lock of the change log; every later run waits and gives up." }
JSON
  host tickets-1
  address 10.0.9.86 tickets-db
  pg_new && pg_start
  routes tickets Release <<'J'
import java.sql.DriverManager;
import liquibase.*;
import liquibase.database.*;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import org.slf4j.LoggerFactory;
public class Release {
  public static void main(String[] args) throws Exception {
    var log = LoggerFactory.getLogger("com.acme.Release");
    log.info("release {} of tickets: changing the database", args[0]);
    try (var connection = DriverManager.getConnection("jdbc:postgresql://tickets-db/postgres", "postgres", "")) {
      var database = DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
      new Liquibase("changes.sql", new DirectoryResourceAccessor(new java.io.File(".")), database).update(new Contexts());
      log.info("release {} rolled out, 0 errors", args[0]);
    } catch (Exception e) {
      log.info("release {} not rolled out: {}", args[0], e.toString());
    }
  }
}
J
  printf -- '--liquibase formatted sql\n--changeset ann:1\nCREATE TABLE ticket (id int PRIMARY KEY);\n--changeset ann:2\nALTER TABLE ticket ADD COLUMN failed_logins int DEFAULT 0;\n' >changes.sql
  release() { java -Dliquibase.changelogLockWaitTimeInMinutes=0 -Dliquibase.changelogLockPollRate=2 -cp '.:/opt/lib/*' Release "$1" >>"$evidence/release.log" 2>&1; }
  release 5.0
  sql "UPDATE databasechangeloglock SET locked = true, lockgranted = now() - interval '5 hours', lockedby = 'build-3 (10.0.3.9)'"
  printf -- '--changeset ann:3\nALTER TABLE ticket ADD COLUMN owner text;\n' >>changes.sql
  release 5.1
  release 5.1
}

case_connection_timeout_sidekiq_mails() {
  about <<'JSON'
{ "category": "connection-timeout", "app": "mailer", "log": "sidekiq.log",
  "proof": ["Net::OpenTimeout: Timeout to open TCP connection to relay.mail.example:2525"],
  "program": "sidekiq 6.4, ruby 3.1", "form": "application-log", "hides": "fail after elapsed, WARN with the job as JSON, done of other jobs, a deprecated timeout argument of redis.brpop", "split": "held-out",
  "why": "The mail relay's address was resolved and does not answer the connection; jobs that do not need it are done." }
JSON
  host mailer-5
  address 10.0.9.88 relay.mail.example
  iptables -A OUTPUT -d 10.0.9.88 -p tcp --dport 2525 -j DROP
  redis-server --port 6379 --save '' --daemonize yes >/dev/null
  wait_port 6379
  mkdir -p /srv/mailer && cd /srv/mailer || exit 1
  cat >jobs.rb <<'R2'
require 'sidekiq'
require 'net/smtp'
class MailJob
  include Sidekiq::Worker
  sidekiq_options retry: 3
  def perform(n)
    smtp = Net::SMTP.new('relay.mail.example', 2525)
    smtp.open_timeout = 2
    smtp.start { |s| s.finish }
  end
end
class ReceiptJob
  include Sidekiq::Worker
  def perform(n)
    logger.info("receipt #{n} printed, 0 errors")
    logger.error("receipt #{n}: printer has little paper") if (n % 3).zero?
  end
end
R2
  start sidekiq.log sidekiq -r ./jobs.rb -c 2 -e production
  sleep 4
  ruby -r ./jobs.rb -e '6.times { |n| ReceiptJob.perform_async(n + 1); MailJob.perform_async(n + 1) if n > 1 }' >/dev/null 2>&1
  sleep 16
  kill $last
  wait $last
}

case_segfault_r_scoring() {
  about <<'JSON'
{ "category": "segfault", "app": "scoring", "log": "scoring.log",
  "proof": ["*** caught segfault ***"],
  "program": "R 4.2 with native code", "form": "application-log", "hides": "An irrecoverable exception occurred, R is aborting now, a second try that ends alike", "split": "held-out",
  "why": "The native part of the scoring reads behind the end of an empty vector; R dies in it, both times." }
JSON
  host scoring-1
  mkdir -p /srv/scoring && cd /srv/scoring || exit 1
  printf '#include <stdlib.h>\nvoid score(double *in, int *n, double *out) { double *weights = *n > 2 ? in : NULL; for (int i = 0; i < 3; i++) out[0] += weights[i] * 0.3; }\n' >score.c
  gcc -shared -fPIC -o score.so score.c
  cat >scoring.R <<'R2'
dyn.load("/srv/scoring/score.so")
say <- function(...) cat(format(Sys.time(), "%H:%M:%S"), "scoring:", ..., "\n")
say("R", as.character(getRversion()), "- 5 lists")
for (list in 1:5) {
  rows <- if (list < 4) as.numeric(1:(3 + list)) else numeric(0)
  if (list == 2) warning("list 2: NAs introduced by coercion")
  result <- .C("score", rows, length(rows), out = double(1))$out
  say("list", list, "scored:", round(result, 2), "(0 errors)")
}
R2
  cat >run.sh <<'S'
for try in 1 2; do
  Rscript scoring.R && break
  echo "scoring: Rscript ended with status $?, try $try of 2"
done
S
  start scoring.log bash run.sh
  wait $last
}

case_stack_overflow_rust_menus() {
  about <<'JSON'
{ "category": "stack-overflow", "app": "menus", "log": "journal.log",
  "proof": ["has overflowed its stack"],
  "program": "rust under systemd 252", "form": "journald", "hides": "Main process exited, code=killed, status=6/ABRT, fatal runtime error, menus that are fine", "split": "tune",
  "why": "A menu is its own submenu since it was edited; the program descends without end until its stack is used up." }
JSON
  host menus-1
  app menus menus
  install -m 755 "$cache/bin/menus" /usr/local/bin/menus
  printf 'breakfast eggs\nlunch soups\nsoups lentil\ndinner starters\nstarters salads\n' >menus.txt
  unit menus <<'U'
[Unit]
Description=Menus
[Service]
ExecStart=/usr/local/bin/menus
Restart=on-failure
RestartSec=2
LimitCORE=0
U
  systemctl start menus
  sleep 3
  echo 'salads starters' >>menus.txt
  systemctl start menus
  sleep 9
  systemctl stop menus
  journal journal.log -u menus
}

case_invalid_config_ejabberd_listen() {
  about <<'JSON'
{ "category": "invalid-config", "app": "ejabberd", "log": "ejabberd.log",
  "proof": ["Invalid value of option"],
  "program": "ejabberd 23.01 on erlang 25", "form": "application-log", "hides": "Loading configuration, SIGTERM received of the stop before", "split": "tune",
  "why": "A port in the configuration is written as a word; the server says so and does not start." }
JSON
  host chat-1
  mkdir -p /srv/ejabberd/{log,spool} && cd /srv/ejabberd || exit 1
  config() { printf 'hosts:\n  - chat.acme.example\nloglevel: info\nlisten:\n  -\n    port: %s\n    ip: "127.0.0.1"\n    module: ejabberd_c2s\n    max_stanza_size: 262144\n    shaper: c2s_shaper\nshaper:\n  normal: 3000\nshaper_rules:\n  c2s_shaper: normal\nmodules:\n  mod_ping: {}\n  mod_roster: {}\n' "$1" >ejabberd.yml; }
  run() { timeout -k 2 "$1" erl -noinput -sname "$2@localhost" -pa $(find / -xdev -type d -path '*ejabberd*/ebin' 2>/dev/null) -mnesia dir '"/srv/ejabberd/spool"' -ejabberd config '"/srv/ejabberd/ejabberd.yml"' log_path '"/srv/ejabberd/log/ejabberd.log"' -s ejabberd >/tmp/ejabberd.out 2>&1; }
  export HOME=/srv ERL_CRASH_DUMP=/tmp/erl.dump EJABBERD_CONFIG_PATH=/srv/ejabberd/ejabberd.yml EJABBERD_LOG_PATH=/srv/ejabberd/log/ejabberd.log
  epmd -daemon
  config 5222
  run 14 a
  config '"client"'
  for n in 1 2; do run 14 a; done
  cp log/ejabberd.log "$evidence/ejabberd.log"
  [ ! -s log/error.log ] || cp log/error.log "$evidence/error.log"
}

case_port_in_use_prosody_second() {
  about <<'JSON'
{ "category": "port-in-use", "app": "prosody", "log": "prosody.log",
  "proof": ["Failed to open server port 5222 on 127.0.0.1, check that Prosody or another XMPP server is not already running"],
  "program": "prosody 0.12", "form": "application-log", "hides": "Activated service c2s on no ports, Certificates loaded, the server goes on", "split": "held-out",
  "why": "Another chat server has the clients' port; prosody starts all the same, and nobody can come in." }
JSON
  host chat-2
  /usr/bin/python3 -m http.server 5222 >/dev/null 2>&1 &
  wait_port 5222
  mkdir -p /tmp/prosody && chown prosody /tmp/prosody
  printf 'pidfile = "/tmp/prosody/prosody.pid"\ndata_path = "/tmp/prosody"\nmodules_enabled = { "roster", "saslauth", "tls", "disco", "ping", "posix" }\nmodules_disabled = { "s2s" }\nauthentication = "internal_hashed"\nstorage = "internal"\nlog = { info = "/tmp/prosody/prosody.log" }\ninterfaces = { "127.0.0.1" }\nVirtualHost "chat.acme.example"\n' >/etc/prosody/prosody.cfg.lua
  (cd /tmp && timeout -k 2 6 setpriv --reuid prosody --regid prosody --clear-groups env HOME=/tmp/prosody prosody -F >/dev/null 2>&1)
  (cd /tmp && timeout -k 2 6 setpriv --reuid prosody --regid prosody --clear-groups env HOME=/tmp/prosody prosody -F >/dev/null 2>&1)
  cp /tmp/prosody/prosody.log "$evidence/prosody.log"
}

case_missing_config_ref_cobol_billing() {
  about <<'JSON'
{ "category": "missing-config-ref", "app": "billing", "log": "journal.log",
  "proof": ["Failed to load environment files: No such file or directory"],
  "program": "GnuCOBOL 4 under systemd 252", "form": "journald", "hides": "Failed to run start task, Failed with result resources, start request repeated too quickly", "split": "held-out",
  "why": "The unit refers to a file of settings that was not brought to the new host; the program is never started." }
JSON
  host billing-2
  mkdir -p /srv/billing /etc/billing && cd /srv/billing || exit 1
  printf '       IDENTIFICATION DIVISION.\n       PROGRAM-ID. BILLING.\n       PROCEDURE DIVISION.\n           DISPLAY "BILLING RUN OK, ERRORS: 0".\n           STOP RUN.\n' >billing.cob
  cobc -x -o /usr/local/bin/billing billing.cob 2>/dev/null
  echo TARIFF=2026-11 >/etc/billing/billing.env
  unit billing <<'U'
[Unit]
Description=Billing run
StartLimitBurst=3
[Service]
Type=exec
EnvironmentFile=/etc/billing/billing.env
ExecStart=/usr/local/bin/billing
Restart=on-failure
RestartSec=1
U
  systemctl start billing
  sleep 2
  rm /etc/billing/billing.env
  systemctl start billing 2>/dev/null
  sleep 6
  journal journal.log -u billing
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
