# Sourced inside the machine before a case runs. Everything here may be thrown away.
set -uo pipefail
programs=/run/recorder/programs
cache=/run/recorder/cache
evidence=/run/recorder/out/evidence
mkdir -p "$evidence"

# Keeps the description of the case, read from standard input as JSON.
about() { cat >/run/recorder/out/case.json; }

host() { hostname "$1"; echo "127.0.1.1 $1" >>/etc/hosts; }

# app SOURCE NAME: a copy of apps/SOURCE in /srv/NAME with the packages of its language; goes there.
app() {
  mkdir -p "/srv/$2"
  cp -rp "$programs/apps/$1/." "/srv/$2/"
  cd "/srv/$2" || exit 1
  if [ -f package.json ]; then
    mkdir node_modules
    mount --bind "$cache/node/node_modules" node_modules
  fi
}

# node_app NAME [CACHE]: goes to a new folder /srv/NAME, with the packages of Node of that cache.
node_app() {
  mkdir -p "/srv/$1/node_modules" && cd "/srv/$1" || exit 1
  mount --bind "$cache/${2:-node}/node_modules" node_modules
}

python_packages() { mount --bind "$cache/${1:-python}" /usr/local/lib/python3.11/dist-packages; }

# python_app NAME CACHE: goes to a new folder /srv/NAME, with the packages of Python of that cache.
python_app() {
  python_packages "$2"
  mkdir -p "/srv/$1" && cd "/srv/$1" || exit 1
  export PYTHONUNBUFFERED=1 HOME=/srv
}
# work NAME: for the recorders python-*.sh.
work() { python_app "$1" workers && export PYTHONDONTWRITEBYTECODE=1; }
py() { /usr/bin/python3 "$@"; }

java_packages() { mkdir -p /opt/lib && mount --bind "$cache/java" /opt/lib; }

# start LOG COMMAND…: runs in the background, both outputs appended to the evidence file LOG.
start() {
  local log=$evidence/$1
  shift
  "$@" >>"$log" 2>&1 </dev/null &
  last=$!
}

# unit NAME: installs a systemd service from standard input.
unit() { cat >"/etc/systemd/system/$1.service" && systemctl daemon-reload; }

# journal FILE [journalctl arguments…]: keeps the journal from here on (the kernel's older lines
# are of the machine underneath).
journal() {
  local file=$1
  shift
  journalctl --sync 2>/dev/null
  journalctl --no-pager -o short --after-cursor="$cursor" "$@" | grep -v -e '^-- ' -e 'systemd-journald\[' >"$evidence/$file"
}
cursor=$(journalctl -n 1 --show-cursor -q | sed -n 's/^-- cursor: //p')

# wait_port PORT [ADDRESS]
wait_port() {
  local _
  for _ in $(seq 600); do
    (exec 3<>"/dev/tcp/${2:-127.0.0.1}/$1") 2>/dev/null && return
    sleep 0.2
  done
  echo "nothing listens on $1" >&2
  return 1
}

# hit URL [TIMES] [curl arguments…]: requests that may fail.
hit() {
  local url=$1 times=${2:-1} _
  shift
  [ $# -gt 0 ] && shift
  for _ in $(seq "$times"); do curl -s -o /dev/null -m 10 "$@" "$url"; sleep 0.1; done
  return 0
}

# tiny PATH SIZE [OWNER]: a file system of that size.
tiny() {
  mkdir -p "$1"
  mount -t tmpfs -o "size=$2" tmpfs "$1"
  [ -z "${3:-}" ] || chown "$3" "$1"
}

# uplink IP/BITS: a network card, eth0, with nobody at its other end.
uplink() { ip link add eth0 type veth peer name uplink && ip link set uplink up && ip address add "$1" dev eth0 && ip link set eth0 up; }

# silent_host IP NAME: a host at the uplink to which packets go and from which nothing comes back.
silent_host() { echo "$1 $2" >>/etc/hosts; ip neigh replace "$1" lladdr 02:00:00:00:00:77 dev eth0; }

# address IP NAME…: this machine answers to these names.
address() { echo "$*" >>/etc/hosts; ip address add "$1/32" dev lo 2>/dev/null; return 0; }

pg_bin=/usr/lib/postgresql/15/bin

# pg_new [OPTIONS…]: a new PostgreSQL cluster that listens on every address, log in /var/log/postgresql.
pg_new() {
  rm -rf /var/lib/postgresql/15/main
  install -d -o postgres -g postgres -m 700 /var/lib/postgresql/15/main
  install -d -o postgres -g postgres /var/run/postgresql /var/log/postgresql
  rm -f /var/log/postgresql/*
  as_postgres $pg_bin/initdb -A trust -D /var/lib/postgresql/15/main >/dev/null
  {
    echo "listen_addresses = '*'"
    echo "unix_socket_directories = '/var/run/postgresql'"
    echo "log_line_prefix = '%m [%p] %q%u@%d '"
    echo "log_timezone = 'Etc/UTC'"
    echo "host all all 0.0.0.0/0 trust" >>/var/lib/postgresql/15/main/pg_hba.conf
    printf '%s\n' "$@"
  } >>/var/lib/postgresql/15/main/postgresql.conf
}
as_postgres() { (cd / && setpriv --reuid postgres --regid postgres --clear-groups env HOME=/var/lib/postgresql "$@"); }
pg_start() { as_postgres $pg_bin/pg_ctl -s -w -D /var/lib/postgresql/15/main -l /var/log/postgresql/postgresql-15-main.log start; }
pg_stop() { as_postgres $pg_bin/pg_ctl -s -w -m "${1:-fast}" -D /var/lib/postgresql/15/main stop; }
pg_log=/var/log/postgresql/postgresql-15-main.log
sql() { as_postgres psql -q -d "${2:-postgres}" -c "$1"; }

# java_app SOURCE NAME MAIN: compiled classes and jars in /srv/NAME; `java_run` starts it.
java_app() {
  java_packages
  app "$1" "$2"
  local classes=$cache/classes/$1
  if [ ! -d "$classes" ] || [ -n "$(find . -name '*.java' -newer "$classes")" ]; then
    rm -rf "$classes"
    mkdir -p "$classes"
    javac -parameters -nowarn -cp '/opt/lib/*' -d "$classes" $(find . -name '*.java')
  fi
  mkdir classes
  cp -r "$classes/." classes/
  [ ! -f logback.xml ] || cp logback.xml classes/
  java_main=$3
}
java_run() { exec java ${JAVA_OPTS:-} -cp "/srv/$1/classes:/opt/lib/*" "$java_main" "${@:2}"; }

# go_app NAME: built to /usr/local/bin/NAME from /srv/NAME.
go_app() {
  app "$1" "$1"
  local binary=$cache/bin/$1
  if [ ! -f "$binary" ] || [ -n "$(find . -name '*.go' -newer "$binary")" ]; then
    mkdir -p "$cache/bin"
    GOCACHE=$cache/go GOTOOLCHAIN=local GOFLAGS=-mod=mod PATH=/usr/local/go/bin:$PATH go build -o "$binary" .
  fi
  install -m 755 "$binary" "/usr/local/bin/$1"
}

# nginx_front PORT [DIRECTIVES]: unit nginx-front, a proxy on port 80 to 127.0.0.1:PORT.
nginx_front() {
  cat >/etc/nginx/front.conf <<X
daemon off;
user www-data;
worker_processes 1;
error_log stderr notice;
events {}
http {
  ${2:-access_log syslog:server=unix:/dev/log,nohostname;}
  upstream backend { server 127.0.0.1:$1; }
  server { listen 80; server_name shop.example.com; location / { proxy_pass http://backend; proxy_read_timeout 5s; } }
}
X
  unit nginx-front <<'X'
[Unit]
Description=nginx front
[Service]
ExecStart=/usr/sbin/nginx -c /etc/nginx/front.conf
X
}
