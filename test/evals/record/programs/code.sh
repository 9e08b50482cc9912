#!/bin/bash
# What is in the program or its version: stack-overflow, segfault, version-incompatible,
# regression-after-deploy.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_stack_overflow_menu_node_json() {
  about <<'JSON'
{ "category": "stack-overflow", "app": "menu", "log": "menu.json.log",
  "proof": ["RangeError: Maximum call stack size exceeded"],
  "program": "node 20.20.2, fastify", "form": "json-lines", "hides": "GET /menu/7 500", "split": "tune",
  "why": "A category that is its own ancestor makes the walk over the tree endless; every other menu is served." }
JSON
  host menu-1
  app payments-api menu
  cat >menu.js <<'X'
const app = require('fastify')({ logger: true });
const parents = { 2: 1, 3: 2, 6: 7, 7: 6 };
function path(id) {
  return parents[id] === undefined ? [id] : [...path(parents[id]), id];
}
app.get('/menu/:id', async (req) => ({ path: path(Number(req.params.id)) }));
app.listen({ port: 8091 });
X
  start menu.json.log node menu.js
  wait_port 8091
  hit http://127.0.0.1:8091/menu/3 3
  hit http://127.0.0.1:8091/menu/7 2
  hit http://127.0.0.1:8091/menu/2 1
}

case_stack_overflow_exporter_python() {
  about <<'JSON'
{ "category": "stack-overflow", "app": "tree-export", "log": "journal.log",
  "proof": ["RecursionError: maximum recursion depth exceeded"],
  "program": "python 3.11 in systemd", "form": "journald", "hides": "Main process exited, code=exited, status=1/FAILURE", "split": "tune",
  "why": "The export follows folders that link to each other until the interpreter's limit of recursion." }
JSON
  host export-1
  cat >/srv/export.py <<'X'
folders = {"home": ["music", "photos"], "music": [], "photos": ["2026"], "2026": [], "shared": ["team"], "team": ["shared"]}


def size(name, depth=0):
    total = 1
    for child in folders[name]:
        total += size(child, depth + 1)
    return total


print("tree-export: 6 folders", flush=True)
for root in ("home", "music", "shared"):
    print(f"exporting {root}", flush=True)
    print(f"exported {root}: {size(root)} entries", flush=True)
X
  unit tree-export <<'X'
[Unit]
Description=tree export
[Service]
ExecStart=/usr/bin/python3 /srv/export.py
X
  systemctl start tree-export
  sleep 2
  journal journal.log -u tree-export
}

case_stack_overflow_rules_java() {
  about <<'JSON'
{ "category": "stack-overflow", "app": "discount-rules", "log": "discount-rules.log",
  "proof": ["java.lang.StackOverflowError"],
  "program": "OpenJDK 17", "form": "application-log", "hides": "rule set not evaluated, basket 4710 without discount", "split": "held-out",
  "why": "Two rules refer to each other; evaluating one of them recurses until the thread's stack is used up." }
JSON
  host rules-1
  mkdir -p /srv/rules && cd /srv/rules || exit
  cat >Rules.java <<'X'
import java.time.Instant;
import java.util.Map;

public class Rules {
    static final Map<String, String> next = Map.of("summer", "members", "members", "none", "loyal", "gold", "gold", "loyal");

    static int evaluate(String rule) {
        return "none".equals(rule) ? 0 : 1 + evaluate(next.get(rule));
    }

    public static void main(String[] args) throws Exception {
        System.out.println(Instant.now() + " INFO discount-rules 2.2.0, 4 rules");
        int basket = 4707;
        for (String rule : new String[] {"summer", "members", "summer", "loyal", "members"}) {
            try {
                System.out.println(Instant.now() + " INFO basket " + basket + ": " + evaluate(rule) + " steps of " + rule);
            } catch (Throwable failure) {
                System.out.println(Instant.now() + " ERROR rule set " + rule + " not evaluated, basket " + basket + " without discount");
                failure.printStackTrace(System.out);
            }
            basket++;
            Thread.sleep(300);
        }
    }
}
X
  javac Rules.java
  start discount-rules.log java -Xss256k -XX:MaxJavaStackTraceDepth=60 -cp . Rules
  wait $last
}

case_stack_overflow_planner_postgresql() {
  about <<'JSON'
{ "category": "stack-overflow", "app": "postgresql", "log": "postgresql.log",
  "proof": ["stack depth limit exceeded"],
  "program": "postgresql 15", "form": "application-log", "hides": "current transaction is aborted, commands ignored", "split": "tune",
  "why": "A function of the application calls itself without end; PostgreSQL stops it at max_stack_depth." }
JSON
  host plan-db
  pg_new 'log_connections = on' 'max_stack_depth = 100kB' && pg_start
  sql "CREATE FUNCTION price_of(item int) RETURNS int LANGUAGE plpgsql AS 'BEGIN IF item < 5 THEN RETURN item * 10; END IF; RETURN price_of(item + 1) - 1; END'"
  for n in 9 4; do sql "SELECT price_of($n)" >/dev/null 2>&1; done
  (echo 'BEGIN;'; echo 'SELECT price_of(7);'; echo 'SELECT 1;'; echo 'COMMIT;') | as_postgres psql -q -d postgres >/dev/null 2>&1
  pg_stop
  cp $pg_log "$evidence/postgresql.log"
}

case_segfault_resizer_c_journal() {
  about <<'JSON'
{ "category": "segfault", "app": "resizer", "log": "journal.log",
  "proof": ["code=killed, status=11/SEGV"],
  "program": "a C program in systemd", "form": "journald", "hides": "Scheduled restart job, restart counter is at 3", "split": "tune",
  "why": "An image without pixels makes the program read a null pointer; each restart takes the same image again." }
JSON
  host resizer-1
  mkdir -p /srv/resizer && cd /srv/resizer || exit
  cat >resizer.c <<'X'
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static int average(const int *pixels, int n) { int sum = 0; for (int i = 0; i < n; i++) sum += pixels[i]; return sum / n; }
int main(void) {
    int *pixels = calloc(64, sizeof *pixels);
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("resizer 1.3 started, 5 images in the queue\n");
    for (int image = 1; image <= 5; image++) {
        printf("image %d: %d\n", image, average(image == 4 ? NULL : pixels, 64));
        usleep(200000);
    }
    return 0;
}
X
  gcc -O0 -o /usr/local/bin/resizer resizer.c
  unit resizer <<'X'
[Unit]
Description=image resizer
[Service]
ExecStart=/usr/local/bin/resizer
LimitCORE=0
Restart=on-failure
RestartSec=1
X
  systemctl start resizer
  sleep 7
  journal journal.log -u resizer
}

case_segfault_scorer_gunicorn() {
  about <<'JSON'
{ "category": "segfault", "app": "scorer", "log": "scorer.log",
  "proof": ["Fatal Python error: Segmentation fault"],
  "program": "flask, gunicorn, faulthandler; a native library through ctypes", "form": "application-log", "hides": "Worker was sent SIGSEGV, Booting worker, empty replies", "split": "tune",
  "why": "The native part of the scorer reads a wild address on one input; gunicorn only sees workers that die and starts others." }
JSON
  host scorer-1
  python_packages
  mkdir -p /srv/scorer && cd /srv/scorer || exit
  echo 'int score(const int *f, int n) { return f[n]; }' >score.c
  gcc -shared -fPIC -O0 -o libscore.so score.c
  cat >app.py <<'X'
import ctypes

from flask import Flask

native = ctypes.CDLL("/srv/scorer/libscore.so")
features = (ctypes.c_int * 16)(*range(16))
app = Flask("scorer")


@app.get("/score/<int:number>")
def score(number):
    return str(native.score(features, ctypes.c_int(number)))
X
  PYTHONFAULTHANDLER=1 start scorer.log /usr/bin/python3 -m gunicorn -w 1 -b 127.0.0.1:8000 --access-logfile - app:app
  wait_port 8000
  hit http://127.0.0.1:8000/score/3 4
  for _ in 1 2 3; do hit http://127.0.0.1:8000/score/900000000 1; sleep 1; done
  hit http://127.0.0.1:8000/score/4 1
}

case_segfault_imaging_jvm_hs_err() {
  about <<'JSON'
{ "category": "segfault", "app": "imaging", "log": "imaging.log",
  "proof": ["SIGSEGV (0xb) at pc="],
  "program": "OpenJDK 17, sun.misc.Unsafe", "form": "application-log", "hides": "Aborted, core dumps are disabled", "split": "held-out",
  "why": "Off-heap memory is read at a wrong address, the JVM itself dies of a segmentation fault." }
JSON
  host imaging-1
  mkdir -p /srv/imaging && cd /srv/imaging || exit
  cat >Imaging.java <<'X'
import java.lang.reflect.Field;
import java.time.Instant;
import sun.misc.Unsafe;

public class Imaging {
    static Unsafe unsafe;

    static long decode(long address) { return unsafe.getLong(address); }

    public static void main(String[] args) throws Exception {
        Field field = Unsafe.class.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        unsafe = (Unsafe) field.get(null);
        long buffer = unsafe.allocateMemory(4096);
        System.out.println(Instant.now() + " INFO imaging 8.0.0 ready");
        for (int n = 1; n <= 6; n++) {
            decode(n < 5 ? buffer : 8);
            System.out.println(Instant.now() + " INFO image " + n + " decoded");
            Thread.sleep(200);
        }
    }
}
X
  javac -nowarn Imaging.java 2>/dev/null
  start imaging.log java -XX:-CreateCoredumpOnCrash -cp . Imaging
  wait $last
}

case_version_incompatible_billing_java_class_version() {
  about <<'JSON'
{ "category": "version-incompatible", "app": "billing", "log": "journal.log",
  "proof": ["has been compiled by a more recent version of the Java Runtime (class file version 65.0)"],
  "program": "OpenJDK 17 with a class for Java 21", "form": "journald", "hides": "Main process exited, status=1, Start request repeated too quickly", "split": "tune",
  "why": "The new release was built for Java 21, the machine runs Java 17." }
JSON
  host billing-1
  mkdir -p /srv/billing && cd /srv/billing || exit
  echo 'public class Billing { public static void main(String[] a) throws Exception { System.out.println("billing 11.4 ready"); Thread.sleep(1500); } }' >Billing.java
  javac Billing.java
  unit billing <<'X'
[Unit]
Description=billing
[Service]
ExecStart=/usr/bin/java -cp /srv/billing Billing
Restart=on-failure
RestartSec=500ms
StartLimitBurst=3
X
  systemctl start billing
  sleep 3
  # What javac of 21 writes differs for this class in the version alone.
  /usr/bin/python3 -c "
f = open('/srv/billing/Billing.class', 'r+b'); f.seek(7); f.write(bytes([65]))"
  systemctl start billing
  sleep 6
  journal journal.log -u billing
}

case_version_incompatible_postgres_datadir() {
  about <<'JSON'
{ "category": "version-incompatible", "app": "postgresql", "log": "postgresql.log",
  "proof": ["The data directory was initialized by PostgreSQL version 13, which is not compatible with this version 15"],
  "program": "postgresql 15 on a data directory that says 13", "form": "docker-logs", "hides": "the server ends at once, three times", "split": "tune",
  "why": "The image was raised from 13 to 15 over the old volume; the server refuses data of another major version." }
JSON
  host orders-db-0
  pg_new
  echo 13 >/var/lib/postgresql/15/main/PG_VERSION
  for _ in 1 2 3; do
    echo "PostgreSQL Database directory appears to contain a database; Skipping initialization" >>"$evidence/postgresql.log"
    start postgresql.log as_postgres $pg_bin/postgres -D /var/lib/postgresql/15/main
    wait $last
    sleep 1
  done
}

case_version_incompatible_worker_pip_requires_python() {
  about <<'JSON'
{ "category": "version-incompatible", "app": "ledger-worker", "log": "deploy.log",
  "proof": ["requires a different Python: 3.11.2 not in '>=3.12'"],
  "program": "pip 23 on python 3.11", "form": "application-log", "hides": "deploy failed, rolled back to 1.8.0", "split": "held-out",
  "why": "The release asks for Python 3.12 or later, the machine has 3.11." }
JSON
  host ledger-1
  python_packages
  mkdir -p /srv/releases/ledger-worker-1.9.0/ledger_worker && cd /srv/releases/ledger-worker-1.9.0 || exit
  touch ledger_worker/__init__.py
  printf '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "ledger-worker"\nversion = "1.9.0"\nrequires-python = ">=3.12"\n' >pyproject.toml
  cat >/usr/local/bin/deploy <<'X'
#!/bin/bash
say() { echo "$(date -u +%FT%TZ) deploy: $*"; }
say "ledger-worker 1.8.0 -> 1.9.0 on ledger-1"
say "fetched release ledger-worker-1.9.0 (4 files)"
if ! /usr/bin/python3 -m pip install --no-index --no-deps --no-build-isolation --target /srv/site /srv/releases/ledger-worker-1.9.0; then
  say "deploy failed, rolled back to 1.8.0"
  exit 1
fi
X
  chmod +x /usr/local/bin/deploy
  start deploy.log deploy
  wait $last
}

case_version_incompatible_thumbs_node_abi() {
  about <<'JSON'
{ "category": "version-incompatible", "app": "thumbs", "log": "thumbs.log",
  "proof": ["was compiled against a different Node.js version using"],
  "program": "node 20.20.2 with an add-on for node 18", "form": "docker-logs", "hides": "ERR_DLOPEN_FAILED, the container ends at once", "split": "tune",
  "why": "The native add-on in node_modules was built with Node 18 (ABI 108), the image runs Node 20 (ABI 115)." }
JSON
  host thumbs-1
  mkdir -p /srv/thumbs/node_modules/fast-thumbs/build/Release && cd /srv/thumbs || exit
  # The structure with which an add-on registers itself, with the ABI number of Node 18.
  cat >addon.c <<'X'
struct module { int version; unsigned flags; void *handle; const char *file; void *init; void *context; const char *name; void *priv; void *link; };
static void init(void) {}
static struct module module = { 108, 0, 0, "addon.c", (void *)init, 0, "thumbs", 0, 0 };
extern void node_module_register(void *);
__attribute__((constructor)) static void enter(void) { node_module_register(&module); }
X
  gcc -shared -fPIC -o node_modules/fast-thumbs/build/Release/thumbs.node addon.c
  echo "module.exports = require('./build/Release/thumbs.node');" >node_modules/fast-thumbs/index.js
  echo "console.log('thumbs 3.0.1 starting, node ' + process.version); require('fast-thumbs'); console.log('ready');" >index.js
  for _ in 1 2; do start thumbs.log node index.js; wait $last; sleep 1; done
}

# release NAME VERSION: what the deployment prints.
release() { echo "$(date -u +%FT%TZ) deploy[$$]: $*" >>"$evidence/deploy.log"; }

# shop_version VERSION STATUS: one release of the shop on port 3000.
shop_version() {
  node -e "
const http = require('node:http');
let n = 0;
http.createServer((req, res) => {
  n += 1;
  const bad = $2 !== 200 && req.url.startsWith('/checkout');
  res.writeHead(bad ? $2 : 200, { 'x-release': '$1' });
  res.end('{}');
}).listen(3000)" >/dev/null 2>&1 &
  shop=$!
  wait_port 3000
}

case_regression_after_deploy_shop_access_log() {
  about <<'JSON'
{ "category": "regression-after-deploy", "app": "shop", "log": "access.log",
  "proof": ["shop 4.18.2 -> 4.19.0", "\" 500 12 release=4.19.0"],
  "program": "node 20.20.2 behind nginx 1.22, a deployment script", "form": "application-log", "hides": "HTTP 500 on /checkout", "split": "tune",
  "why": "Every checkout worked under 4.18.2 and each one fails with 500 since 4.19.0 was put live; nothing says what in it is wrong." }
JSON
  host shop-1
  printf 'pid /run/shop.pid;\nerror_log /tmp/shop.log;\nevents {}\nhttp { log_format r %s; access_log %s/access.log r; server { listen 80; location / { proxy_pass http://127.0.0.1:3000; } } }\n' \
    "'\$remote_addr [\$time_iso8601] \"\$request\" \$status \$body_bytes_sent release=\$upstream_http_x_release'" "$evidence" >/tmp/shop.conf
  release 'shop 4.18.2 is live (since 2026-11-18)'
  shop_version 4.18.2 200
  nginx -c /tmp/shop.conf
  wait_port 80
  for n in 1 2 3; do hit http://127.0.0.1/products/$n 2; hit http://127.0.0.1/checkout/$n 2; done
  release 'shop 4.18.2 -> 4.19.0: started'
  kill $shop; wait $shop
  shop_version 4.19.0 500
  release 'shop 4.18.2 -> 4.19.0: live'
  for n in 4 5 6; do hit http://127.0.0.1/products/$n 2; hit http://127.0.0.1/checkout/$n 2; done
}

case_regression_after_deploy_accounts_haproxy() {
  about <<'JSON'
{ "category": "regression-after-deploy", "app": "accounts", "log": "journal.log",
  "proof": ["switched accounts to release 2026.47", "accounts/green"],
  "program": "haproxy 2.6, blue and green servers", "form": "journald", "hides": "HTTP 500", "split": "tune",
  "why": "The blue release answered all logins; since the switch to green each login is a 500 while its health check passes." }
JSON
  host accounts-lb
  for release in blue:8001:200 green:8002:500; do
    IFS=: read -r _ port status <<<"$release"
    /usr/bin/python3 -c '
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2]) if self.path.startswith("/login") else 200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *a): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()' "$port" "$status" 2>/dev/null &
  done
  cat >/etc/haproxy/lb.cfg <<'X'
global
  log stdout format raw local0 info
  stats socket /run/haproxy-admin.sock level admin
defaults
  mode http
  log global
  option httplog
  option dontlognull
  timeout connect 2s
  timeout client 10s
  timeout server 10s
frontend web
  bind :80
  default_backend accounts
backend accounts
  option httpchk GET /health
  server blue 127.0.0.1:8001 check
  server green 127.0.0.1:8002 check disabled
X
  unit haproxy-lb <<'X'
[Unit]
Description=haproxy load balancer
[Service]
ExecStart=/usr/sbin/haproxy -W -f /etc/haproxy/lb.cfg
X
  cat >/usr/local/bin/switch-release <<'X'
#!/usr/bin/python3
import socket
for command in ("enable server accounts/green", "disable server accounts/blue"):
    link = socket.socket(socket.AF_UNIX); link.connect("/run/haproxy-admin.sock"); link.sendall(command.encode() + b"\n"); link.recv(100)
print("switched accounts to release 2026.47 (green), previous 2026.46 (blue)")
X
  chmod +x /usr/local/bin/switch-release
  unit switch-release <<'X'
[Unit]
Description=Release switch
[Service]
Type=oneshot
ExecStart=/usr/local/bin/switch-release
X
  wait_port 8002
  systemctl start haproxy-lb
  wait_port 80
  for n in 1 2 3; do hit http://127.0.0.1/login/$n 2; hit http://127.0.0.1/profile/$n 1; done
  systemctl start switch-release
  sleep 1
  for n in 4 5 6; do hit http://127.0.0.1/login/$n 2; hit http://127.0.0.1/profile/$n 1; done
  journal journal.log -u haproxy-lb -u switch-release
}

case_regression_after_deploy_search_latency_json() {
  about <<'JSON'
{ "category": "regression-after-deploy", "app": "search", "log": "search.json.log",
  "proof": ["\"version\":\"3.9.0\"", "deadline of 800 ms exceeded"],
  "program": "node 20.20.2, fastify", "form": "json-lines", "hides": "search deadline exceeded, HTTP 504", "split": "held-out",
  "why": "Version 3.8.4 answers in a few milliseconds; the same searches run over their deadline from the first request after 3.9.0 was started." }
JSON
  host search-2
  app payments-api search
  cat >search.js <<'X'
const version = process.argv[2];
const app = require('fastify')({ logger: { base: { version, pid: process.pid } } });
app.get('/search', async (req, reply) => {
  // 3.9.0 ranks by each pair of documents.
  await new Promise((done) => setTimeout(done, version === '3.9.0' ? 800 : 6));
  if (version !== '3.9.0') return { hits: 12 };
  req.log.error({ q: req.query.q }, 'search failed: deadline of 800 ms exceeded');
  return reply.code(504).send({ error: 'deadline' });
});
process.on('SIGTERM', () => { app.log.info('SIGTERM, closing'); app.close().then(() => process.exit(0)); });
app.listen({ port: 8095 }).then(() => app.log.info(`search ${version} ready`));
X
  start search.json.log node search.js 3.8.4
  wait_port 8095
  for q in mug cup pot; do hit "http://127.0.0.1:8095/search?q=$q" 2; done
  kill $last; wait $last
  start search.json.log node search.js 3.9.0
  wait_port 8095
  for q in mug cup pot; do hit "http://127.0.0.1:8095/search?q=$q" 2; done
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
