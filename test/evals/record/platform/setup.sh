#!/bin/bash
# Starts what the platform recorders need, and prints the settings they read:
#   eval "$(test/evals/record/platform/setup.sh CLUSTER_TOOLS)"
# CLUSTER_TOOLS: folder with the scripts start, image and build of a one-node cluster (real
# API server, kubelet and containerd; `start` prints a kubeconfig, `image NAME FOLDER COMMAND`
# makes an image known to the node).
# Needs root, javac, Python 3.11 or later, Debian 12 with docker.io, docker-compose, debootstrap, apache2-utils, busybox-static and docker-registry
# (the binary is enough: DOCKER_REGISTRY_BINARY), about 6 GB of disk.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=$1
dir=${RECORD_DIR:-/tmp/rec}
docker_dir=${RECORD_DOCKER_DIR:-/tmp/wr-docker}
registry=${DOCKER_REGISTRY_BINARY:-$(command -v docker-registry || echo "$dir/deb/x/usr/bin/docker-registry")}
mkdir -p "$dir/tls" "$docker_dir"

# --- certificates: two registries of a company, trusted by the engines started here
if [ ! -e "$dir/tls/bundle.pem" ]; then
  cd "$dir/tls"
  curve=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
  openssl req -x509 "${curve[@]}" -days 365 -subj "/CN=Corp Example Root CA" -keyout ca.key -out ca.crt 2>/dev/null
  openssl req "${curve[@]}" -subj /CN=registry.corp.example -keyout srv.key -out srv.csr 2>/dev/null
  openssl x509 -req -in srv.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -out srv.crt \
    -extfile <(echo "subjectAltName=DNS:registry.corp.example,DNS:images.corp.example") 2>/dev/null
  cat /etc/ssl/certs/ca-certificates.crt ca.crt > bundle.pem
fi
export SSL_CERT_FILE=$dir/tls/bundle.pem
grep -q registry.corp.example /etc/hosts || printf '127.0.0.2 registry.corp.example\n172.17.0.1 images.corp.example\n' >> /etc/hosts

run() { # NAME COMMAND…: in the background unless it runs, its output in NAME.log
  local name=$1; shift
  [ ! -e "$dir/$name.pid" ] || ! kill -0 "$(cat "$dir/$name.pid")" 2>/dev/null || return 0
  setsid "$@" >"$dir/$name.log" 2>&1 </dev/null &
  echo $! > "$dir/$name.pid"
}
# --- the Docker engine, under a host name of its own, which a swarm prints
run dockerd unshare --uts sh -c 'hostname node-1; exec "$@"' dockerd dockerd --data-root "$docker_dir/data" --exec-root "$docker_dir/exec" -H "unix://$docker_dir/docker.sock" -p "$docker_dir/pid"
export DOCKER_HOST=unix://$docker_dir/docker.sock
for _ in $(seq 100); do docker version >/dev/null 2>&1 && break; sleep 0.2; done

# --- a registry with tokens (401, 403, 404), and Docker's own with user and password
# (that one on Docker's bridge: Docker falls back to plain HTTP for loopback addresses)
run token-registry node "$here/fixtures/tokenRegistry.mjs" 127.0.0.2 "$dir/tls/srv.crt" "$dir/tls/srv.key"
[ -e "$dir/htpasswd" ] || htpasswd -Bbc "$dir/htpasswd" deployer deployer-pass 2>/dev/null
cat > "$dir/registry.yml" <<C
version: 0.1
log: { level: warn }
storage: { filesystem: { rootdirectory: $dir/registry } }
http: { addr: "172.17.0.1:443", tls: { certificate: $dir/tls/srv.crt, key: $dir/tls/srv.key } }
auth: { htpasswd: { realm: images.corp.example, path: $dir/htpasswd } }
C
run docker-registry "$registry" serve "$dir/registry.yml"

# --- a small Debian with the programs that are broken here
if [ ! -e "$dir/rootfs/ready" ]; then
  mirror=$(sed -n 's/^URIs: //p' /etc/apt/sources.list.d/debian.sources | head -1)
  [ -e "$dir/rootfs/usr/bin/gunicorn" ] || debootstrap --variant=minbase --include=ca-certificates,curl,procps,busybox-static,python3,nginx-light,redis-server,prometheus,prometheus-alertmanager,haproxy,openjdk-17-jre-headless,python3-flask,gunicorn,docker-compose,ruby,netcat-openbsd,caddy,mariadb-server,memcached,mosquitto,mosquitto-clients,celery,python3-redis,python3-django,python3-mysqldb,pgbouncer,postgresql,python3-psycopg2,python3-tornado,python3-paho-mqtt,tinyproxy \
    bookworm "$dir/rootfs" $mirror >&2
  install -m 755 "$(node -p process.execPath)" "$dir/rootfs/usr/bin/node"
  rm -rf "$dir/rootfs/var/cache/apt" "$dir/rootfs/var/lib/apt/lists" "$dir/rootfs/var/cache/debconf" "$dir/rootfs/usr/share/doc" "$dir/rootfs/usr/share/locale"
  touch "$dir/rootfs/ready"
fi
mkdir -p "$dir/rootfs/srv/app"
cp -r "$here"/apps/* "$dir/rootfs/srv/app/"
[ -e "$dir/rootfs/srv/app/node_modules/koa" ] || npm install --silent --prefix "$dir/rootfs/srv/app" koa@2 >&2
javac --release 17 -d "$dir/rootfs/srv/app" "$here"/apps/*.java
tar -C "$dir/rootfs" --numeric-owner --exclude=./dev -cf - . | docker import -c 'CMD ["/bin/sh"]' -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - base/debian:12 >/dev/null

# --- clients of the API that run on this host
if [ ! -e "$dir/clients/ready" ]; then
  python3 -m venv "$dir/clients/venv"
  "$dir/clients/venv/bin/pip" install -q kopf==1.45.* kubernetes ansible==12.* >&2
  npm install --silent --prefix "$dir/clients" @kubernetes/client-node@1 >&2
  touch "$dir/clients/ready"
fi

# --- the cluster
KUBECONFIG=$("$tools/start" | tail -1)
cluster=$(dirname "$KUBECONFIG")
docker save base/debian:12 | ctr -a "$cluster/run/containerd.sock" -n k8s.io images import - >/dev/null
bin=$(dirname "$("$tools/build" | tail -1)")
echo "export KUBECONFIG=$KUBECONFIG DOCKER_HOST=$DOCKER_HOST PATH=$bin/bin:\$PATH CONTAINERD_SOCKET=$cluster/run/containerd.sock KUBE_BINARY=$bin/kube RECORD_CLIENTS=$dir/clients"
