#!/bin/bash
# monit, make, ansible and check plugins: what runs things and tells how they went.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# monit_up NAME: monit looks after /etc/monit/NAME every two seconds.
monit_up() {
  { printf 'set daemon 2\nset log /var/log/monit.log\nset idfile /tmp/monit.id\nset statefile /tmp/monit.state\n'; cat; } >/etc/monit/site && chmod 600 /etc/monit/site
  rm -f /var/log/monit.log
  monit -c /etc/monit/site >/dev/null
}

case_insufficient_evidence_monit_failed_to_start() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "invoice-pdf", "log": "monit.log", "proof": [],
  "program": "monit 5.33", "form": "application-log", "hides": "failed to start (exit status 1) -- no output", "split": "held-out",
  "why": "monit cannot start the process, and the start script says nothing; the log of the service was not copied." }
JSON
  host pdf-1
  printf '#!/bin/sh\nexit 1\n' >/usr/local/bin/invoice-pdf-start && chmod 755 /usr/local/bin/invoice-pdf-start
  monit_up <<'M'
check process invoice-pdf with pidfile /run/invoice-pdf.pid
  start program = "/usr/local/bin/invoice-pdf-start" with timeout 3 seconds
  stop program = "/bin/true"
check filesystem rootfs with path /
  if space usage > 99% then alert
M
  sleep 22
  cp /var/log/monit.log "$evidence/"
}

case_insufficient_evidence_make_deploy() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "deploy.log", "proof": [],
  "program": "GNU make 4.3", "form": "application-log", "hides": "make: *** [Makefile:9: release] Error 2", "split": "held-out",
  "why": "A step of the release ended with status 2 and was told to be silent; nothing says what it met." }
JSON
  mkdir -p /srv/storefront && cd /srv/storefront || exit 1
  printf 'deploy: lint build release\nlint:\n\t@echo "lint: 214 files, 3 warnings"\n\t@echo "warning: src/cart.ts 41:7 unused variable"\nbuild:\n\t@sleep 1; echo "build: dist/app.js 412 kB"\n\t@echo "build: dist/app.css 38 kB"\nrelease:\n\t@echo "release: 2026.11.22-1 to production"\n\t@sh push.sh >/dev/null 2>&1\n\t@echo "release: done"\n' >Makefile
  echo 'exit 2' >push.sh
  for n in 1 2; do { echo "+ make deploy   # attempt $n"; make --no-print-directory deploy; } >>"$evidence/deploy.log" 2>&1; done
}

case_insufficient_evidence_ansible_no_log() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "play.log", "proof": [],
  "program": "ansible 2.14", "form": "application-log", "hides": "fatal: [localhost]: FAILED!", "split": "held-out",
  "why": "The task's result is hidden by no_log; that it failed is all that is known." }
JSON
  host deploy-2
  cat >/srv/site.yml <<'Y'
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - { name: Make the release folder, file: { path: /srv/release, state: directory } }
    - { name: Write the version, copy: { content: "2026.11.22", dest: /srv/release/VERSION } }
    - name: Rotate the token of the API
      command: sh -c 'sleep 1; exit 1'
      no_log: true
      retries: 2
      delay: 1
      register: rotated
      until: rotated is success
    - { name: Restart the service, command: "true" }
Y
  cd /srv && ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_REMOTE_TEMP=/tmp/ansible ANSIBLE_LOCAL_TEMP=/tmp/ansible ansible-playbook -v -i localhost, site.yml >"$evidence/play.log" 2>&1
}

case_insufficient_evidence_check_procs() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": "indexer", "log": "checks.log", "proof": [],
  "program": "monitoring-plugins 2.3", "form": "application-log", "hides": "PROCS CRITICAL: 0 processes", "split": "held-out",
  "why": "The checks tell that the process is not there any more, and that everything else is as always; why it went nobody says." }
JSON
  host search-2
  ln -s /bin/sleep /usr/local/bin/indexer
  indexer 300 & process=$!
  check() { local out status; out=$("/usr/lib/nagios/plugins/$1" "${@:2}"); status=$?; printf '%s %s[%s] %s\n' "$(date -Is)" "$1" "$status" "$out" >>"$evidence/checks.log"; }
  for n in $(seq 8); do
    [ "$n" = 4 ] && kill $process
    check check_procs -c 1: -C indexer
    check check_load -w 80,80,80 -c 90,90,90
    check check_disk -w 1% -c 1% -p /tmp
    check check_users -w 10 -c 20
    sleep 1
  done
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
