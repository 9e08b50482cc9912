#!/bin/bash
# postfix and dovecot.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# postfix_up SETTING…: a mail server that takes mail of this machine; its log is /var/log/mail.log.
postfix_up() {
  cat >/etc/postfix/main.cf <<X
compatibility_level = 3.6
maillog_file = /var/log/mail.log
myhostname = $(hostname).example.com
mydestination = localhost
inet_interfaces = all
inet_protocols = ipv4
alias_maps =
smtp_connect_timeout = 3s
smtp_host_lookup = ${lookup:-native}
minimal_backoff_time = 3s
maximal_backoff_time = 4s
queue_run_delay = 3s
X
  printf '%s\n' "$@" >>/etc/postfix/main.cf
  sed -i 's/^\(smtp .*\) y \(.* smtp\)$/\1 n \2/; s/^\(relay .*\) y \(.* smtp\)$/\1 n \2/' /etc/postfix/master.cf
  grep -q '^postlog' /etc/postfix/master.cf || echo 'postlog unix-dgram n - n - 1 postlogd' >>/etc/postfix/master.cf
  rm -f /var/log/mail.log
  postfix start >/dev/null 2>&1
  wait_port 25
}

letter() { printf 'Subject: %s\nFrom: shop@example.com\nTo: %s\n\nThank you.\n' "$1" "$2" | sendmail -f shop@example.com "$2"; }

case_dns_failure_postfix_relayhost() {
  about <<'JSON'
{ "category": "dns-failure", "app": "postfix", "log": "mail.log",
  "proof": ["Name service error for name=smtp-relay.corp.example type=A"],
  "program": "postfix 3.7", "form": "application-log", "hides": "status=deferred, queue grows", "split": "held-out",
  "why": "The relay's name is no longer answered by the resolver; every letter is deferred." }
JSON
  host mx-2
  ip address add 10.0.6.25/32 dev lo
  ip address add 10.96.0.10/32 dev lo
  dns() { dnsmasq -k -u root --listen-address=10.96.0.10 --bind-interfaces --no-resolv --address=/smtp-relay.corp.example/10.0.6.25 & resolver=$!; sleep 1; }
  dns
  lookup=dns postfix_up 'relayhost = [smtp-relay.corp.example]:2525'
  smtp-sink -u postfix -c 10.0.6.25:2525 20 >/dev/null 2>&1 &
  for n in 1 2 3; do letter "Order $n" "c$n@mail.test"; done
  sleep 3
  kill $resolver
  for n in 4 5 6 7; do letter "Order $n" "c$n@mail.test"; sleep 0.5; done
  sleep 5
  cp /var/log/mail.log "$evidence/"
  mailq >"$evidence/mailq.txt"
}

case_connection_timeout_postfix_relay() {
  about <<'JSON'
{ "category": "connection-timeout", "app": "postfix", "log": "mail.log",
  "proof": ["connect to relay.mailhub.test[10.0.6.40]:2525: Connection timed out"],
  "program": "postfix 3.7", "form": "application-log", "hides": "status=deferred", "split": "held-out",
  "why": "A firewall drops what goes to the relay; the name resolves and nothing refuses." }
JSON
  host mx-5
  address 10.0.6.40 relay.mailhub.test
  postfix_up 'relayhost = [relay.mailhub.test]:2525'
  smtp-sink -u postfix -c 10.0.6.40:2525 20 >/dev/null 2>&1 &
  for n in 1 2 3 4; do letter "Invoice $n" "a$n@mail.test"; done
  sleep 3
  iptables -A OUTPUT -p tcp --dport 2525 -j DROP
  for n in 5 6 7; do letter "Invoice $n" "a$n@mail.test"; sleep 1; done
  sleep 9
  cp /var/log/mail.log "$evidence/"
}

case_disk_full_postfix_queue() {
  about <<'JSON'
{ "category": "disk-full", "app": "postfix", "log": "mail.log",
  "proof": ["not enough free space in mail queue"],
  "program": "postfix 3.7", "form": "application-log", "hides": "NOQUEUE: reject, 452 4.3.1 Insufficient system storage", "split": "held-out",
  "why": "The file system of the mail queue is nearly full; the server refuses all letters until there is room." }
JSON
  host mx-1
  cp -a /var/spool/postfix /tmp/spool && tiny /var/spool/postfix 18m && cp -a /tmp/spool/. /var/spool/postfix/
  postfix_up 'relayhost = [127.0.0.1]:2525'
  smtp-sink -u postfix -c 127.0.0.1:2525 20 >/dev/null 2>&1 &
  send() { smtp-source -c -s 1 -m 1 -l 2000 -f shop@example.com -t "$1@mail.test" 127.0.0.1:25 >/dev/null 2>&1; }
  for n in 1 2 3 4; do send "b$n"; done
  sleep 2
  head -c 9000000 /dev/zero >/var/spool/postfix/core.1287
  for n in 5 6 7 8 9; do send "b$n"; sleep 0.4; done
  sleep 1
  cp /var/log/mail.log "$evidence/"
}

case_rate_limited_postfix_anvil() {
  about <<'JSON'
{ "category": "rate-limited", "app": null, "log": "mail.log",
  "proof": ["Message delivery request rate limit exceeded"],
  "program": "postfix 3.7", "form": "application-log", "hides": "disconnect from … commands=", "split": "held-out",
  "why": "One client sends more letters in a minute than the server allows a client; it is told to come back later." }
JSON
  host mx-7
  address 10.0.6.77 newsletter.corp.example
  postfix_up 'relayhost = [127.0.0.1]:2525' 'smtpd_client_message_rate_limit = 6' 'smtpd_client_event_limit_exceptions =' 'mynetworks = 10.0.0.0/8 127.0.0.0/8'
  smtp-sink -u postfix -c 127.0.0.1:2525 20 >/dev/null 2>&1 &
  for n in $(seq 11); do smtp-source -m 1 -f news@example.com -t "r$n@mail.test" 10.0.6.77:25 >/dev/null 2>&1; sleep 0.3; done
  sleep 1
  cp /var/log/mail.log "$evidence/"
}

case_unauthorized_postfix_relay_password() {
  about <<'JSON'
{ "category": "unauthorized", "app": "postfix", "log": "mail.log",
  "proof": ["SASL authentication failed; server relay.mailhub.test[10.0.6.41] said: 535 5.7.8 Username and Password not accepted"],
  "program": "postfix 3.7", "form": "application-log", "hides": "status=deferred", "split": "held-out",
  "why": "The relay's password was changed there, and here the old one is still sent." }
JSON
  host mx-4
  address 10.0.6.41 relay.mailhub.test
  app relay relay
  /usr/bin/python3 relay.py 2525 'spring-2026' >/dev/null 2>&1 & peer=$!
  echo '[relay.mailhub.test]:2525 shop:spring-2026' >/etc/postfix/sasl_passwd && postmap /etc/postfix/sasl_passwd
  postfix_up 'relayhost = [relay.mailhub.test]:2525' 'smtp_sasl_auth_enable = yes' \
    'smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd' 'smtp_sasl_security_options = noanonymous'
  for n in 1 2 3; do letter "Reset $n" "d$n@mail.test"; done
  sleep 3
  kill $peer
  /usr/bin/python3 relay.py 2525 'autumn-2026' >/dev/null 2>&1 &
  wait_port 2525
  for n in 4 5 6; do letter "Reset $n" "d$n@mail.test"; sleep 1; done
  sleep 4
  cp /var/log/mail.log "$evidence/"
}

case_no_incident_postfix_greylisted() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "mail.log", "proof": [],
  "program": "postfix 3.7", "form": "application-log", "hides": "status=deferred, 450 4.3.0 Error: command failed, lost connection after CONNECT", "split": "held-out",
  "why": "The other side takes letters of an unknown sender at the second try only; all were delivered, and the queue is empty." }
JSON
  host mx-3
  address 10.0.6.26 mx.partner.test
  postfix_up 'relayhost = [mx.partner.test]:2525'
  smtp-sink -u postfix -c -r rcpt 10.0.6.26:2525 20 >/dev/null 2>&1 & grey=$!
  for n in 1 2 3; do letter "Order $n" "e$n@partner.test"; done
  sleep 1
  kill $grey
  smtp-sink -u postfix -c 10.0.6.26:2525 20 >/dev/null 2>&1 &
  for n in 1 2; do (exec 3<>/dev/tcp/127.0.0.1/25); sleep 1; done
  sleep 6
  for n in 4 5 6; do letter "Order $n" "e$n@partner.test"; sleep 0.5; done
  sleep 1
  cp /var/log/mail.log "$evidence/"
  mailq >"$evidence/mailq.txt"
}

# dovecot_up [SETTING…]: imap for any user with the password `pw`; its log is /var/log/dovecot.log.
dovecot_up() {
  cat >/etc/dovecot/dovecot.conf <<'X'
protocols = imap
log_path = /var/log/dovecot.log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:/srv/mail/%u
auth_failure_delay = 0
auth_verbose = yes
first_valid_uid = 8
passdb {
  driver = static
  args = password=pw
}
userdb {
  driver = static
  args = uid=mail gid=mail home=/srv/mail/%u
}
X
  printf '%s\n' "$@" >>/etc/dovecot/dovecot.conf
  install -d -o mail -g mail /srv/mail
  rm -f /var/log/dovecot.log
  dovecot
}
inbox() { curl -s -o /dev/null -m 5 "imap://127.0.0.1/INBOX" -u "$1:${2:-pw}"; }

case_permission_denied_dovecot_maildir() {
  about <<'JSON'
{ "category": "permission-denied", "app": "dovecot", "log": "dovecot.log",
  "proof": ["failed: Permission denied (euid=8(mail) egid=8(mail) missing +"],
  "program": "dovecot 2.3", "form": "application-log", "hides": "Namespace inbox, Disconnected: Internal error", "split": "held-out",
  "why": "New mail folders belong to root after a migration; the imap process runs as mail and may not make the folders in them." }
JSON
  host imap-1
  dovecot_up
  wait_port 143
  for user in ada grace linus; do inbox $user; done
  inbox linus wrong
  for user in barbara edsger; do install -d -m 755 -o root /srv/mail/$user; done
  for user in ada barbara grace edsger barbara linus; do inbox $user; sleep 0.3; done
  sleep 1
  cp /var/log/dovecot.log "$evidence/"
}

case_no_incident_dovecot_guessed_passwords() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "dovecot.log", "proof": [],
  "program": "dovecot 2.3", "form": "application-log", "hides": "auth failed, Password mismatch, Aborted login", "split": "held-out",
  "why": "Somebody on the internet guesses passwords, as every day; the users log in and read their mail, and a reload went well." }
JSON
  host imap-2
  dovecot_up
  wait_port 143
  for user in ada grace; do inbox $user; done
  for user in admin test info root; do inbox $user 123456; inbox ada; done
  doveadm reload
  sleep 1
  for user in ada grace barbara linus; do inbox $user; done
  for user in sales web; do inbox $user letmein; done
  for user in grace ada; do inbox $user; done
  sleep 1
  cp /var/log/dovecot.log "$evidence/"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
