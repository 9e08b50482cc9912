#!/bin/bash
# dependency-missing: a library or module that the program was built against is not there.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_dependency_missing_node_cjs() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "checkout", "log": "container.log",
  "proof": ["Error: Cannot find module 'pino-http'"],
  "program": "node 20.20.2 in a start script", "form": "docker-logs", "hides": "the same stack trace at each restart", "split": "tune",
  "why": "pino-http is missing from the installed modules, so require fails before the server starts." }
JSON
  host checkout-6
  app checkout checkout
  umount node_modules
  cp -r "$cache/node/node_modules/." node_modules/
  rm -rf node_modules/pino-http
  printf '#!/bin/sh\necho "[entrypoint] checkout 2.14.1, node $(node -v)"\necho "[entrypoint] migrations: nothing to do"\nexec node server.js\n' >start.sh
  for n in 1 2 3; do sh start.sh >>"$evidence/container.log" 2>&1; sleep 1; done
}

case_dependency_missing_node_esm_journald() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "storefront", "log": "journal.log",
  "proof": ["ERR_MODULE_NOT_FOUND"],
  "program": "node 20.20.2 (ES modules), nginx 1.22 under systemd 252", "form": "journald", "hides": "connect() failed (111: Connection refused), 502", "split": "held-out",
  "why": "The new release imports sharp, which was not installed; the process ends at once and nginx reports 502." }
JSON
  host shop-web-3
  app storefront storefront
  unit storefront <<'X'
[Unit]
Description=Storefront web server
[Service]
WorkingDirectory=/srv/storefront
ExecStart=/usr/bin/node server.js
Restart=on-failure
RestartSec=2
X
  nginx_front 4000
  systemctl start storefront nginx-front
  wait_port 4000
  wait_port 80
  hit http://127.0.0.1/ 3
  sed -i "3i import sharp from 'sharp';" server.js
  systemctl restart storefront
  for n in 1 2 3 4; do hit http://127.0.0.1/ 1; sleep 1; done
  journal journal.log -u storefront -u nginx-front
}

case_dependency_missing_python_gunicorn() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "blog_service", "log": "blog_service.log",
  "proof": ["ModuleNotFoundError: No module named 'bleach'"],
  "program": "gunicorn, flask, python 3.11", "form": "application-log", "hides": "Worker failed to boot, Shutting down: Master", "split": "tune",
  "why": "gunicorn stops with Worker failed to boot; the traceback above it names the module that is not installed." }
JSON
  host blog-3
  python_packages
  app blog_service blog_service
  start blog_service.log timeout 4 /usr/bin/python3 -m gunicorn -w 1 -b 127.0.0.1:8000 app:app
  wait_port 8000
  hit http://127.0.0.1:8000/health 2
  wait $last
  sed -i 's/^import redis$/import bleach\nimport redis/' app.py
  /usr/bin/python3 -m gunicorn -w 2 -b 127.0.0.1:8000 app:app >>"$evidence/blog_service.log" 2>&1
}

case_dependency_missing_java_noclassdef() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "pricing", "log": "pricing.log",
  "proof": ["java.lang.NoClassDefFoundError: org/slf4j/LoggerFactory", "java.lang.ClassNotFoundException: org.slf4j.LoggerFactory"],
  "program": "OpenJDK 17", "form": "application-log", "hides": "Exception in thread \"main\"", "split": "held-out",
  "why": "The slimmed class path has no slf4j jar, so the main class cannot be initialised." }
JSON
  host pricing-3
  java_app pricing pricing com.acme.pricing.Main
  mkdir lib && cp /opt/lib/{logback-classic,logback-core,logstash-logback-encoder,jackson-}*.jar lib/
  printf '#!/bin/sh\necho "pricing: starting with $(ls lib | wc -l) jars"\nexec java -Xmx128m -cp "classes:lib/*" com.acme.pricing.Main\n' >run.sh
  for n in 1 2; do sh run.sh >>"$evidence/pricing.log" 2>&1; sleep 1; done
}

case_dependency_missing_shared_library() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "thumbnailer", "log": "journal.log",
  "proof": ["error while loading shared libraries: libthumb.so.2: cannot open shared object file"],
  "program": "glibc 2.36 dynamic loader under systemd 252", "form": "journald", "hides": "status=127, Start request repeated too quickly", "split": "tune",
  "why": "After the library package was removed the loader ends each start with status 127." }
JSON
  host img-2
  cd /tmp || exit
  echo 'int quality(void) { return 82; }' >thumb.c
  gcc -shared -fPIC -Wl,-soname,libthumb.so.2 -o /usr/lib/libthumb.so.2 thumb.c
  printf '#include <stdio.h>\n#include <unistd.h>\nint quality(void);\nint main(void) { setvbuf(stdout, 0, _IONBF, 0); printf("thumbnaild 2.1 ready, quality %%d\\n", quality()); for (int n = 1;; n++) { sleep(1); printf("thumbnail %%d written\\n", n); } }\n' >main.c
  gcc -o /usr/local/bin/thumbnaild main.c /usr/lib/libthumb.so.2
  unit thumbnailer <<'X'
[Unit]
Description=Thumbnailer
StartLimitIntervalSec=60
StartLimitBurst=3
[Service]
ExecStart=/usr/local/bin/thumbnaild
Restart=on-failure
RestartSec=1
X
  systemctl start thumbnailer
  sleep 3
  rm /usr/lib/libthumb.so.2
  systemctl restart thumbnailer
  sleep 5
  journal journal.log -u thumbnailer
}

case_dependency_missing_ruby_gem() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "mailer", "log": "mailer.log",
  "proof": ["cannot load such file -- premailer (LoadError)"],
  "program": "ruby 3.1", "form": "application-log", "hides": null, "split": "tune",
  "why": "The new release needs the gem premailer, which is not installed." }
JSON
  host mail-3
  app mailer mailer
  echo '[{"template":"welcome","subject":"Welcome","body":"Hi"}]' >mails.json
  ruby mailer.rb mails.json >>"$evidence/mailer.log" 2>&1
  sed -i "s/^require 'json'$/require 'json'\nrequire 'premailer'/" mailer.rb
  ruby mailer.rb mails.json >>"$evidence/mailer.log" 2>&1
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
