#!/bin/bash
# Programs that carry files: rsync, borg, lftp, rclone, git.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# files FOLDER COUNT SIZE: files of that many bytes.
files() {
  local n
  mkdir -p "$1"
  for n in $(seq "$2"); do head -c "$3" /dev/urandom >"$1/part-$n.bin"; done
}

# say COMMAND…: the command line as a terminal shows it, and what it prints, in $evidence/$log.
say() {
  { echo "+ $*"; "$@"; } >>"$evidence/$log" 2>&1
}

case_permission_denied_rsync_mirror() {
  about <<'JSON'
{ "category": "permission-denied", "app": "mirror", "log": "mirror.log",
  "proof": ["failed: Permission denied (13)"],
  "program": "rsync 3, daemon and client", "form": "application-log", "hides": "rsync error: some files/attrs were not transferred (code 23), total size is N speedup is N", "split": "held-out",
  "why": "The daemon writes as nobody and one folder of the mirror belongs to root since somebody unpacked it by hand." }
JSON
  host mirror-1
  address 10.0.9.10 mirror.example.com
  install -d -o nobody /data/mirror /data/mirror/{dists,pool,security}
  printf 'uid = nobody\ngid = nogroup\nlog file = /tmp/rsyncd.log\n[mirror]\npath = /data/mirror\nread only = no\nuse chroot = no\n' >/etc/rsyncd.conf
  rsync --daemon --no-detach --address=10.0.9.10 &
  wait_port 873 10.0.9.10
  for tree in dists pool security; do files /data/export/$tree 3 4000; done
  push() { { echo "mirror: push $1 started $(date -u +%FT%TZ)"; rsync -a --stats --human-readable /data/export/ rsync://mirror.example.com/mirror/; echo "mirror: push $1 ended with status $?"; } >>"$evidence/mirror.log" 2>&1; }
  push 1
  chown -R root: /data/mirror/security
  for n in 2 3 4; do
    for tree in dists pool security; do files /data/export/$tree 3 4000; done
    sleep 1
    push $n
  done
  cp /tmp/rsyncd.log "$evidence/rsyncd.log"
}

case_disk_full_borg_nightly() {
  about <<'JSON'
{ "category": "disk-full", "app": "backup", "log": "backup.log",
  "proof": ["Insufficient free space to complete transaction"],
  "program": "borg 1.2", "form": "application-log", "hides": "terminating with error status, rc 2, prune and compact that go on", "split": "tune",
  "why": "The archives outgrew the volume of the repository; borg says how much it needs and how much there is." }
JSON
  host backup-7
  export HOME=/srv BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
  tiny /backup 40m
  borg init -e none /backup/shop
  log=backup.log
  for day in 17 18 19 20 21 22; do
    files /data/shop 4 2200000
    say borg create --info --show-rc --stats --lock-wait 5 /backup/shop::nightly-2026-11-$day /data/shop
    say borg prune --info --show-rc --keep-daily 14 /backup/shop
  done
}

case_unauthorized_lftp_price_feed() {
  about <<'JSON'
{ "category": "unauthorized", "app": "price-feed", "log": "upload.log",
  "proof": ["Login failed: 530 Login incorrect."],
  "program": "lftp 4.9 against vsftpd 3.0", "form": "application-log", "hides": "upload N ended with status 1, Please login with USER and PASS", "split": "held-out",
  "why": "The partner set a new password; the server answers and takes nobody with the old one." }
JSON
  host feed-3
  address 10.0.9.12 ftp.partner.example
  mkdir -p /var/run/vsftpd/empty
  useradd -m -s /bin/bash feed && echo 'feed:first-one' | chpasswd
  printf 'listen=YES\nlocal_enable=YES\nwrite_enable=YES\nxferlog_enable=YES\nlog_ftp_protocol=YES\nvsftpd_log_file=/tmp/vsftpd.log\npam_service_name=vsftpd\nseccomp_sandbox=NO\nbackground=NO\n' >/etc/vsftpd-feed.conf
  vsftpd /etc/vsftpd-feed.conf &
  wait_port 21 10.0.9.12
  files /data/prices 3 900
  upload() {
    { echo "[$(date -u +%T)] upload $1: 3 files for ftp.partner.example"
      lftp -u feed,first-one -e 'set net:max-retries 2; set net:reconnect-interval-base 1; set ftp:ssl-allow no; mirror -R -v --ignore-time /data/prices incoming; bye' ftp.partner.example
      echo "upload $1 ended with status $?"; } >>"$evidence/upload.log" 2>&1
  }
  upload 1
  echo 'feed:second-one' | chpasswd
  for n in 2 3 4; do files /data/prices 3 900; upload $n; done
  cp /tmp/vsftpd.log "$evidence/vsftpd.log"
}

case_tls_untrusted_git_deploy() {
  about <<'JSON'
{ "category": "tls-untrusted", "app": "deploy", "log": "deploy.log",
  "proof": ["unable to get local issuer certificate"],
  "program": "git 2.39, openssl 3.0 against nginx 1.22", "form": "application-log", "hides": "fatal: unable to access, deploying the revision from yesterday", "split": "held-out",
  "why": "The repository's new certificate is signed by an authority that this host does not know; name and date are right." }
JSON
  host deploy-5
  . "$programs/certificates.sh"
  authority 'Acme Internal CA 2'
  certificate git.internal 'now + 60 days'
  address 10.0.9.14 git.internal
  export HOME=/srv GIT_AUTHOR_NAME=dev GIT_AUTHOR_EMAIL=dev@example.com GIT_COMMITTER_NAME=dev GIT_COMMITTER_EMAIL=dev@example.com
  git init -q -b main /data/shop && cd /data/shop || exit 1
  for n in 1 2 3; do echo $n >version; git add version; git commit -q -m "Release $n of the shop"; done
  git clone -q --bare /data/shop /data/www/shop.git && git -C /data/www/shop.git update-server-info
  chmod -R a+rX /data
  printf 'pid /tmp/git.pid;\nerror_log /tmp/git.log;\nevents {}\nhttp { access_log off; root /data/www; server { listen 10.0.9.14:443 ssl; ssl_certificate %s; ssl_certificate_key %s; } }\n' $pki/git.internal.crt $pki/git.internal.key >/tmp/git.conf
  nginx -c /tmp/git.conf
  cat >/srv/deploy.sh <<'S'
cd /srv/shop
for try in 1 2 3; do
  echo "deploy: fetching main from git.internal, try $try of 3"
  git fetch --prune origin main && break
  sleep 1
done
[ $try = 1 ] || openssl s_client -connect git.internal:443 -servername git.internal </dev/null 2>&1 | grep -E 'verify error|^(subject|issuer)|NotAfter'
git -c advice.detachedHead=false checkout --force origin/main
echo "deploy: $(git rev-parse --short HEAD) is live, 0 files changed, cache warmed in 41 ms"
S
  GIT_SSL_CAINFO=$pki/ca.crt git clone -q https://git.internal/shop.git /srv/shop
  GIT_SSL_CAINFO=$pki/ca.crt bash /srv/deploy.sh >>"$evidence/deploy.log" 2>&1
  (cd /data/shop && for n in 4 5; do echo $n >version; git commit -q -a -m "Release $n of the shop"; git push -q /data/www/shop.git main; done; git -C /data/www/shop.git update-server-info)
  for n in 1 2; do bash /srv/deploy.sh >>"$evidence/deploy.log" 2>&1; done
}

case_rate_limited_rclone_invoices() {
  about <<'JSON'
{ "category": "rate-limited", "app": "invoice-copy", "log": "copy.log",
  "proof": ["429 Too Many Requests"],
  "program": "rclone 1.60 against nginx 1.22", "form": "application-log", "hides": "ERROR : Attempt 3/3 failed with N errors, not deleting files as there were IO errors", "split": "tune",
  "why": "The supplier lets a client make two requests in a second; the copy makes eight at a time." }
JSON
  host copy-1
  address 10.0.9.16 docs.supplier.example
  files /data/www/invoices 14 30000
  chmod -R a+rX /data
  printf 'pid /tmp/d.pid;\nerror_log /tmp/d.log;\nevents {}\nhttp { access_log off; limit_req_zone $binary_remote_addr zone=a:1m rate=2r/s; limit_req_status 429; root /data/www; server { listen 10.0.9.16:80; autoindex on; location / { limit_req zone=a burst=16 nodelay; } } }\n' >/tmp/d.conf
  nginx -c /tmp/d.conf
  sleep 1
  HOME=/srv rclone sync -v --retries 3 --retries-sleep 3s --low-level-retries 2 --transfers 8 --http-url http://docs.supplier.example/ :http:invoices /data/in >"$evidence/copy.log" 2>&1
}

case_no_incident_rclone_second_attempt() {
  about <<'JSON'
{ "category": "no-incident", "app": "photo-copy", "log": "copy.log", "proof": [],
  "program": "rclone 1.60", "form": "application-log", "hides": "ERROR : Attempt 1/3 failed with N errors, 503 Service Unavailable", "split": "held-out",
  "why": "Two photos could not be read while their server was starting again; the second attempt has them and the copy is complete." }
JSON
  host copy-2
  address 10.0.9.18 photos.internal
  files /data/www/photos 12 9000
  cat >/srv/photos.py <<'P'
import http.server, time
began = time.time()
class Photos(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path.endswith(('part-7.bin', 'part-11.bin')) and time.time() - began < 8:
            self.send_error(503, 'Service Unavailable')
        else:
            super().do_GET()
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(('10.0.9.18', 80), Photos).serve_forever()
P
  (cd /data/www && exec /usr/bin/python3 /srv/photos.py) &
  wait_port 80 10.0.9.18
  HOME=/srv rclone copy -v --retries 3 --retries-sleep 8s --low-level-retries 1 --http-url http://photos.internal/ :http:photos /data/in >"$evidence/copy.log" 2>&1
  echo "photo-copy: rclone ended with status $?, $(ls /data/in | wc -l) of 12 photos are there" >>"$evidence/copy.log"
}

case_insufficient_evidence_git_silent_hook() {
  about <<'JSON'
{ "category": "insufficient-evidence", "app": null, "log": "push.log", "proof": [],
  "program": "git 2.39 over a bare repository", "form": "application-log", "hides": "! [remote rejected] main -> main (pre-receive hook declined)", "split": "tune",
  "why": "A hook of the other side says no and does not say why; that is all that the pushes tell." }
JSON
  host build-8
  export HOME=/srv GIT_AUTHOR_NAME=ci GIT_AUTHOR_EMAIL=ci@example.com GIT_COMMITTER_NAME=ci GIT_COMMITTER_EMAIL=ci@example.com
  git init -q --bare -b main /data/orders.git
  git clone -q /data/orders.git /srv/orders 2>/dev/null && cd /srv/orders || exit 1
  git checkout -q -b main 2>/dev/null
  log=push.log
  for n in $(seq 5); do
    echo $n >release && git add release && say git commit -m "Release 5.$n of orders"
    [ $n = 3 ] && printf '#!/bin/sh\ncat >/dev/null\necho "orders: checking the release"\necho "orders: 4 of 5 checks passed"\nexit 1\n' >/data/orders.git/hooks/pre-receive && chmod +x /data/orders.git/hooks/pre-receive
    say git push origin main
    echo "ci: push of release 5.$n ended" >>"$evidence/push.log"
  done
}

case_bad_command_rsync_remote_shell() {
  about <<'JSON'
{ "category": "bad-command", "app": "offsite", "log": "journal.log",
  "proof": ["Failed to exec sssh: No such file or directory (2)"],
  "program": "rsync 3 under systemd 252", "form": "journald", "hides": "error in IPC code (code 14), connection unexpectedly closed, status=14/n/a", "split": "tune",
  "why": "The unit names a remote shell that does not exist, since somebody changed its options; the peer was never called." }
JSON
  host offsite-1
  files /data/photos 4 3000
  mkdir -p /data/offsite
  printf '#!/bin/sh\nshift\nexec "$@"\n' >/usr/local/bin/offsite-shell && chmod +x /usr/local/bin/offsite-shell
  service() { printf '[Unit]\nDescription=Copy of the photos to the other site\n[Service]\nType=oneshot\nSyslogIdentifier=offsite\nExecStart=/usr/bin/rsync -a --stats --rsh=%s /data/photos/ offsite-2:/data/offsite/\n' "$1" | unit offsite; }
  service /usr/local/bin/offsite-shell
  systemctl start offsite
  service sssh
  for _ in 1 2 3; do files /data/photos 4 3000; systemctl start offsite 2>/dev/null; sleep 1; done
  journal journal.log -u offsite
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
