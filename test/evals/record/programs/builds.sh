#!/bin/bash
# Builds and tests that are started by hand or by a pipeline: tsc, vite, esbuild, jest, nodemon,
# npm, Maven, composer, bundler, gcc, ctest.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# node_build NAME: the packages of Node in /srv/NAME, as for a pipeline.
node_build() { node_app "$1" && export HOME=/srv CI=true NO_UPDATE_NOTIFIER=1; }
# step LOG COMMAND…: as a pipeline shows it, with its status.
step() {
  local log=$evidence/$1
  shift
  echo "\$ $*" >>"$log"
  "$@" </dev/null >>"$log" 2>&1
  echo "step ended with status $?" >>"$log"
}

case_heap_exhausted_tsc_build() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "web", "log": "build.log",
  "proof": ["JavaScript heap out of memory"],
  "program": "typescript 5, node 20", "form": "application-log", "hides": "Mark-Compact, native frames, step ended with status 134", "split": "tune",
  "why": "The compiler may use 60 MB of heap and the generated types need more; the machine has plenty." }
JSON
  host build-2
  node_build web
  mkdir src
  for n in $(seq 40); do
    { echo "export type Row$n = {"; for f in $(seq 600); do echo "  field_${n}_$f: { name: 'f$f'; value: string | number | null };"; done; echo "};"
      echo "export type Flat$n = { [K in keyof Row$n as \`\${K & string}_name\`]: Row$n[K]['name'] };"; } >src/row$n.ts
  done
  printf '{ "compilerOptions": { "strict": true, "outDir": "dist", "types": [], "skipLibCheck": true }, "include": ["src"] }\n' >tsconfig.json
  { for n in 1 2 3; do echo "[$(date -u +%T)] lint: src/row$n.ts 0 errors"; done; } >>"$evidence/build.log"
  step build.log node --max-old-space-size=60 node_modules/typescript/bin/tsc -p . --extendedDiagnostics
}

case_dependency_missing_vite_build() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "shop-web", "log": "build.log",
  "proof": ["Rollup failed to resolve import \"@acme/money\""],
  "program": "vite 5, node 20", "form": "application-log", "hides": "step ended with status 1, a lint warning that speaks of error-free order", "split": "held-out",
  "why": "The code imports a package of the company that is not installed and not in the list of dependencies." }
JSON
  host build-4
  node_build shop-web
  mkdir src
  printf '<!doctype html><div id="app"></div><script type="module" src="/src/main.js"></script>\n' >index.html
  printf 'import { cart } from "./cart.js";\ndocument.title = cart(3);\n' >src/main.js
  printf 'export const cart = (n) => `${n} mugs`;\n' >src/cart.js
  step build.log node_modules/.bin/vite build
  printf 'import { format } from "@acme/money";\nexport const cart = (n) => format(n);\n' >src/cart.js
  echo 'lint: src/cart.js 1:1 warning error-free import order' >>"$evidence/build.log"
  step build.log node_modules/.bin/vite build
}

case_exited_normally_esbuild_watch() {
  about <<'JSON'
{ "category": "exited-normally", "app": "assets", "log": "journal.log",
  "proof": ["assets.service: Deactivated successfully.", "stopped automatically because stdin was closed"],
  "program": "esbuild 0.21 under systemd 252", "form": "journald", "hides": "Scheduled restart job, restart counter is at N, Start request repeated too quickly", "split": "tune",
  "why": "The watcher ends by itself with status 0 as soon as nobody is at its standard input; there is no error." }
JSON
  host assets-1
  node_build assets
  printf 'console.log("shop");\n' >app.js
  cp node_modules/@esbuild/linux-x64/bin/esbuild /usr/local/bin/esbuild
  unit assets <<'U'
[Unit]
Description=Asset watcher
StartLimitBurst=6
StartLimitIntervalSec=60
[Service]
WorkingDirectory=/srv/assets
ExecStart=/usr/local/bin/esbuild app.js --bundle --outfile=out.js --watch
Restart=always
RestartSec=2
U
  printf '[Unit]\nDescription=Shop pages\n[Service]\nWorkingDirectory=/srv/assets\nExecStart=/usr/bin/python3 -u -m http.server 8080 --bind 127.0.0.1\n' | unit pages
  systemctl start pages assets
  for _ in 1 2 3 4; do sleep 2; hit http://127.0.0.1:8080/app.js 2; hit http://127.0.0.1:8080/error.css 1; done
  sleep 6
  journal journal.log -u assets -u pages
}

case_no_incident_jest_suite() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "test.log", "proof": [],
  "program": "jest 29, node 20", "form": "application-log", "hides": "console.error of a refused connection, names of tests that speak of crashes and timeouts, a stack", "split": "tune",
  "why": "All tests pass; what they print of refusals and timeouts is what they provoke." }
JSON
  host build-6
  node_build payments
  cat >retry.test.js <<'J'
const retry = async (work, tries) => {
  for (let n = 1; ; n++) {
    try { return await work(n); } catch (error) {
      if (n === tries) throw error;
      console.error(`try ${n} of ${tries} failed`, error);
    }
  }
};
const refused = () => Object.assign(new Error('connect ECONNREFUSED 10.2.0.9:5432'), { code: 'ECONNREFUSED' });
describe('retry', () => {
  test('gives up when the database stays unavailable', async () => {
    await expect(retry(() => { throw refused(); }, 2)).rejects.toThrow('ECONNREFUSED');
  });
  test('survives a timeout', async () => {
    expect(await retry((n) => { if (n < 2) throw new Error('timeout of 3000ms exceeded'); return 7; }, 3)).toBe(7);
  });
  test('out of memory is reported, not swallowed', async () => {
    await expect(retry(() => { throw new RangeError('Array buffer allocation failed'); }, 1)).rejects.toThrow(RangeError);
  });
});
J
  cat >crash.test.js <<'J'
const { spawnSync } = require('node:child_process');
describe('crash of the worker', () => {
  test.each([1, 137, 143])('status %i is passed on', (status) => {
    expect(spawnSync('sh', ['-c', `exit ${status}`]).status).toBe(status);
  });
  test('fatal error is written once', () => {
    console.warn('FATAL worker crashed: segmentation fault (simulated)');
    expect(true).toBe(true);
  });
  test.todo('a core dump is kept');
});
J
  echo '{ "name": "payments", "version": "1.0.0" }' >package.json
  step test.log node_modules/.bin/jest --verbose --no-color --watchman=false
}

case_no_incident_nodemon_restarts() {
  about <<'JSON'
{ "category": "no-incident", "app": "quotes", "log": "dev.log", "proof": [],
  "program": "nodemon 3, koa 2, node 20", "form": "application-log", "hides": "restarting due to changes, received SIGUSR2, closing, starting again and again", "split": "held-out",
  "why": "Somebody works on the program and saves a file from time to time; each time it is started anew, as wanted, and answers." }
JSON
  host dev-1
  node_build quotes
  cat >server.js <<'J'
const Koa = require('koa');
const app = new Koa();
app.use((ctx) => { ctx.body = 'quote'; console.log(`${new Date().toISOString()} ${ctx.method} ${ctx.path} 200, 0 errors`); });
const server = app.listen(3100, () => console.log('quotes 0.3.0-dev listening on 3100, crash reporter off'));
process.once('SIGUSR2', () => { console.log('received SIGUSR2, closing 0 connections'); server.close(() => process.kill(process.pid, 'SIGUSR2')); });
J
  echo '{ "name": "quotes", "version": "0.3.0" }' >package.json
  start dev.log node_modules/.bin/nodemon --watch server.js --delay 0.3 server.js
  wait_port 3100
  for n in 1 2 3 4; do
    hit http://127.0.0.1:3100/q/$n 3
    echo "// save $n" >>server.js
    sleep 2
    wait_port 3100
  done
  hit http://127.0.0.1:3100/error-page 2
  kill $last
  sleep 1
}

case_version_incompatible_npm_engines() {
  about <<'JSON'
{ "category": "version-incompatible", "app": "labels", "log": "ci.log",
  "proof": ["npm error notsup Required: {\"node\":\">=22.12\"}"],
  "program": "npm 10, node 20", "form": "application-log", "hides": "code EBADENGINE, code ELSPROBLEMS, A complete log of this run can be found in", "split": "held-out",
  "why": "The new release of a package wants node 22 and the build has node 20; the installation is refused." }
JSON
  host ci-5
  mkdir -p /srv/labels/barcode && cd /srv/labels || exit 1
  export HOME=/srv NO_UPDATE_NOTIFIER=1 npm_config_update_notifier=false npm_config_audit=false npm_config_fund=false npm_config_offline=true
  pack() { echo "{ \"name\": \"@acme/barcode\", \"version\": \"$1\", \"engines\": { \"node\": \"$2\" } }" >barcode/package.json; }
  printf '{ "name": "labels", "version": "3.0.0", "private": true, "dependencies": { "@acme/barcode": "file:barcode" } }\n' >package.json
  echo 'engine-strict=true' >.npmrc
  pack 4.9.0 '>=18'
  step ci.log npm install
  step ci.log npm ls
  pack 5.0.0 '>=22.12'
  rm -rf node_modules package-lock.json
  step ci.log npm install
  step ci.log npm ls
}

case_version_incompatible_maven_release() {
  about <<'JSON'
{ "category": "version-incompatible", "app": "tariffs", "log": "build.log",
  "proof": ["error: release version 21 not supported"],
  "program": "maven 3.8, OpenJDK 17", "form": "application-log", "hides": "BUILD FAILURE, Failed to execute goal, -> [Help 1]", "split": "tune",
  "why": "The project asks for Java 21 and the build runs on a JDK 17, whose compiler does not know that release." }
JSON
  host ci-7
  app tariffs tariffs
  mkdir /opt/m2 && mount --bind "$cache/m2" /opt/m2
  for release in 17 21; do
    rm -rf target
    sed -i "s/<maven.compiler.release>[0-9]*/<maven.compiler.release>$release/" pom.xml
    step build.log mvn -B -o -Dstyle.color=never -Dmaven.repo.local=/opt/m2 compile
  done
}

case_dependency_missing_composer_extension() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "portal", "log": "deploy.log",
  "proof": ["it is missing from your system. Install or enable PHP's imap extension."],
  "program": "composer 2.5, PHP 8.2", "form": "application-log", "hides": "Your lock file does not contain a compatible set of packages, Package operations of the release before", "split": "tune",
  "why": "The new release needs an extension of PHP that this host does not have; composer stops before it installs anything." }
JSON
  host portal-2
  mkdir -p /srv/portal/packages/mailbox/src && cd /srv/portal || exit 1
  export HOME=/srv COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_DISABLE_NETWORK=1
  package() { printf '{ "name": "acme/mailbox", "version": "%s", "require": { "php": ">=8.1"%s }, "autoload": { "psr-4": { "Acme\\\\": "src/" } } }\n' "$1" "$2" >packages/mailbox/composer.json; }
  printf '{ "name": "acme/portal", "repositories": [ { "type": "path", "url": "packages/*", "options": { "symlink": false } }, { "packagist.org": false } ], "require": { "acme/mailbox": "*" }, "config": { "platform-check": true } }\n' >composer.json
  package 1.4.0 ''
  composer -q update
  rm -rf vendor
  step deploy.log composer install --no-dev --no-interaction --no-ansi
  package 2.0.0 ', "ext-imap": "*"'
  composer -q update --ignore-platform-reqs
  rm -rf vendor
  step deploy.log composer install --no-dev --no-interaction --no-ansi
  echo 'deploy: release 2 has no vendor/autoload.php, the switch is skipped' >>"$evidence/deploy.log"
}

case_oom_killed_gcc_tables() {
  about <<'JSON'
{ "category": "oom-killed", "app": "firmware", "log": "journal.log",
  "proof": ["Memory cgroup out of memory: Killed process"],
  "program": "gcc 12, GNU make under systemd 252", "form": "journald", "hides": "fatal error: Killed signal terminated program cc1, make: *** Error 1, warnings of unused variables", "split": "held-out",
  "why": "The build unit may use 150 MB and the compiler needs more for one generated table; the kernel ends it." }
JSON
  host firmware-1
  mkdir -p /srv/firmware && cd /srv/firmware || exit 1
  for n in boot radio sensor; do printf 'int %s(void) { int unused; return 0; }\n' $n >$n.c; done
  { echo 'const char *table[] = {'; seq 900000 | sed 's/.*/"entry &",/'; echo '};'; } >table.c
  printf 'CFLAGS = -O2 -Wall\nall: boot.o radio.o sensor.o table.o\n\t@echo firmware linked\n' >Makefile
  unit firmware <<'U'
[Unit]
Description=Nightly firmware build
[Service]
Type=oneshot
WorkingDirectory=/srv/firmware
MemoryMax=150M
MemorySwapMax=0
ExecStart=/usr/bin/make -k
U
  for _ in 1 2; do systemctl start firmware; sleep 1; done
  sleep 2
  journal journal.log
}

case_no_incident_ctest_suite() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "test.log", "proof": [],
  "program": "ctest 3.25, cmake", "form": "application-log", "hides": "tests named crash, timeout and out_of_disk, FATAL injected, tests that are to fail", "split": "tune",
  "why": "All nine tests pass; some are there to provoke failures and say so in their names." }
JSON
  host build-9
  mkdir -p /srv/storage && cd /srv/storage || exit 1
  {
    echo 'cmake_minimum_required(VERSION 3.20)'
    echo 'project(storage NONE)'
    echo 'enable_testing()'
    for name in reads_block writes_block survives_crash recovers_from_timeout out_of_disk_is_reported corrupt_page_is_refused permission_denied_is_kept; do
      echo "add_test(NAME $name COMMAND sh -c \"echo storage: $name: FATAL injected, handled; sleep 0.1\")"
    done
    for name in exits_with_error_on_bad_flag segfault_handler_returns_nonzero; do
      echo "add_test(NAME $name COMMAND sh -c \"echo error: $name >&2; exit 3\")"
      echo "set_tests_properties($name PROPERTIES WILL_FAIL TRUE)"
    done
  } >CMakeLists.txt
  step test.log cmake -S . -B build
  step test.log ctest --test-dir build --verbose
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
