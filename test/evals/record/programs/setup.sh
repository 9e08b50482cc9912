#!/bin/bash
# Installs what the recorders run: Debian packages, and npm, pip and Maven packages in a cache
# folder outside the project. Safe to run again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${RECORD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/war-room-record}
mkdir -p "$cache"/{node,python,java,flyway,kafka}

apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=600 \
  systemd dbus rsyslog iproute2 curl postgresql redis-server nginx-light memcached \
  mariadb-server-core mariadb-server haproxy supervisor runit dnsmasq-base ruby php-cli php-fpm \
  openjdk-17-jdk-headless maven python3-pip gcc libc6-dev \
  munge slurmctld slurmd slurm-client mosquitto mosquitto-clients etcd-server etcd-client caddy openssh-server \
  php-mysql iptables rabbitmq-server \
  apache2 apache2-utils lighttpd postfix dovecot-imapd squid varnish stunnel4 uwsgi uwsgi-plugin-python3 \
  puma ruby-sinatra ruby-redis ruby-dalli tomcat10 prometheus prometheus-alertmanager influxdb \
  bind9 bind9-dnsutils slapd ldap-utils zookeeper nats-server skopeo buildah docker-registry restic \
  monit make ansible-core monitoring-plugins-basic mono-runtime mono-mcs libmojolicious-perl lua5.4 \
  elixir ocaml-nox sbcl s6 sqitch libdbd-pg-perl libredis-perl beanstalkd dnsmasq-base

npm install --prefix "$cache/node" --legacy-peer-deps --no-audit --no-fund --silent \
  express@4 fastify@5 pino@9 pino-http@10 winston@3 pg@8 mysql2@3 ioredis@5 redis@4 axios@1 \
  zod@3 envalid@8 dockerode@4 memjs@1 knex@3 kafkajs@2 mqtt@5 pm2@5

/usr/bin/python3 -m pip install --quiet --upgrade --target "$cache/python" \
  flask gunicorn fastapi uvicorn sqlalchemy psycopg2-binary pg8000 pymysql redis pymemcache \
  structlog requests docker honcho alembic celery pika kafka-python

mvn -q -f "$here/apps/java/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/java"
mvn -q -f "$here/apps/migrations/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/flyway"
mvn -q -f "$here/apps/broker/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/kafka"
