#!/bin/bash
# Installs what the recorders run: Debian packages, and npm, pip and Maven packages in a cache
# folder outside the project. Safe to run again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${RECORD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/war-room-record}
mkdir -p "$cache"/{node,python,jobs,workers,desk,java,flyway,kafka,routes,desks,bin}

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
  elixir ocaml-nox sbcl s6 sqitch libdbd-pg-perl libredis-perl beanstalkd dnsmasq-base \
  vsftpd lftp rsync borgbackup rclone git cron parallel snakemake logrotate cmake \
  unbound openvpn chrony fail2ban tinyproxy freeradius freeradius-utils keepalived samba smbclient \
  prosody ejabberd pgbouncer barman postgresql-client php-mysql composer \
  ruby-sidekiq bundler r-base-core gnucobol4 tcl \
  icecast2 collectd-core rrdcached rrdtool graphite-carbon nsd knot pdns-server pdns-backend-sqlite3 \
  clamav-freshclam msmtp fetchmail krb5-kdc krb5-admin-server krb5-user subversion mercurial rsnapshot \
  pgbackrest pgpool2 tarantool prometheus-blackbox-exporter meson ninja-build pkg-config zabbix-agent \
  kea-dhcp4-server privoxy pandoc socat transmission-daemon graphviz unicorn ruby-activerecord ruby-pg \
  ruby-delayed-job-active-record ruby-faraday rake php-guzzlehttp-guzzle php-monolog swi-prolog-nox

npm install --prefix "$cache/node" --legacy-peer-deps --no-audit --no-fund --silent \
  express@4 fastify@5 pino@9 pino-http@10 winston@3 pg@8 mysql2@3 ioredis@5 redis@4 axios@1 \
  zod@3 envalid@8 dockerode@4 memjs@1 knex@3 kafkajs@2 mqtt@5 pm2@5 \
  @nestjs/core@10 @nestjs/common@10 @nestjs/platform-express@10 @nestjs/config@3 joi@17 reflect-metadata@0.2 \
  rxjs@7 bullmq@5 sequelize@6 typeorm@0.3 typescript@5 vite@5 esbuild@0.21 jest@29 koa@2 nodemon@3

/usr/bin/python3 -m pip install --quiet --upgrade --target "$cache/python" \
  flask gunicorn fastapi uvicorn sqlalchemy psycopg2-binary pg8000 pymysql redis pymemcache \
  structlog requests docker honcho alembic celery pika kafka-python

/usr/bin/python3 -m pip install --quiet --upgrade --target "$cache/jobs" \
  django scrapy pandas aiohttp boto3 grpcio 'dbt-core<1.10' 'dbt-postgres<1.10' 'dramatiq[rabbitmq]' tornado duckdb rq \
  psycopg2-binary

/usr/bin/python3 -m pip install --quiet --upgrade --target "$cache/workers" \
  hypercorn sanic falcon waitress bottle cherrypy httpx loguru paramiko asyncpg peewee huey redis luigi \
  apscheduler nats-py elasticsearch pytest mkdocs nbconvert ipykernel pymongo pyopenssl aio-pika uv aiosmtpd

npm install --prefix "$cache/desk" --legacy-peer-deps --ignore-scripts --no-audit --no-fund --silent \
  @hapi/hapi@21 @feathersjs/feathers@5.0.30 @feathersjs/errors@5.0.30 nodemailer@6 bree@9 rollup@4 \
  mocha@10 eslint@9 got@11 @grpc/grpc-js@1 ioredis@5

mvn -q -f "$here/apps/java/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/java"
mvn -q -f "$here/apps/migrations/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/flyway"
mvn -q -f "$here/apps/broker/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/kafka"
mvn -q -f "$here/apps/routes/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/routes"
mvn -q -f "$here/apps/desks/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/desks"
mvn -q -f "$here/apps/tariffs/pom.xml" -Dmaven.repo.local="$cache/m2" -DbuildDirectory="$cache/tariffs" compile

rustc --remap-path-prefix "$here=/srv" -o "$cache/bin/menus" "$here/apps/menus/menus.rs"
(cd "$here/apps/clearing" && go build -o "$cache/bin/clearing" .)
(cd "$here/apps/counter" && go build -trimpath -o "$cache/bin/counter" .)
