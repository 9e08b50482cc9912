#!/bin/bash
# docker-unreachable: the Docker engine does not answer, or not to this user.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_docker_unreachable_cli_deploy() {
  about <<'JSON'
{ "category": "docker-unreachable", "app": "deploy-agent", "log": "journal.log",
  "proof": ["Cannot connect to the Docker daemon at unix:///var/run/docker.sock"],
  "program": "docker CLI in a deploy script under systemd 252", "form": "journald", "hides": "Main process exited, status=1, deploy of blog_service failed", "split": "tune",
  "why": "The deploy script stops at docker pull since no engine listens on the socket." }
JSON
  host build-1
  cat >/usr/local/bin/deploy-agent <<'X'
#!/bin/bash
echo "deploy-agent: release blog_service 3.2.1 requested by ci"
echo "deploy-agent: manifest verified, 4 images"
for image in blog_service user_service auth; do
  docker pull --quiet "registry.example.com/$image:3.2.1" || { echo "deploy-agent: deploy of $image failed, rolling back"; exit 1; }
done
X
  chmod +x /usr/local/bin/deploy-agent
  unit deploy-agent <<'X'
[Unit]
Description=Deploy agent
[Service]
ExecStart=/usr/local/bin/deploy-agent
Restart=on-failure
RestartSec=2
X
  systemctl start deploy-agent
  sleep 5
  journal journal.log -u deploy-agent
}

case_docker_unreachable_python_sdk() {
  about <<'JSON'
{ "category": "docker-unreachable", "app": "ci-runner", "log": "runner.log",
  "proof": ["Error while fetching server API version"],
  "program": "docker SDK for Python 7 with a dead socket", "form": "application-log", "hides": "four chained tracebacks, RuntimeError: job 88 could not be started", "split": "held-out",
  "why": "The socket file is there but nothing accepts on it: ConnectionRefused becomes DockerException and then the runner's own error." }
JSON
  host ci-2
  python_packages
  /usr/bin/python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('/run/docker.sock')"
  mkdir -p /srv/ci && cd /srv/ci || exit
  cat >runner.py <<'X'
import logging

import docker

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s ci-runner %(message)s")
logging.info("runner 12 registered, labels linux,amd64")
logging.info("job 88 taken: shop/checkout #412")


def start(job):
    try:
        engine = docker.from_env()
        engine.containers.run("node:20", "npm test", detach=True)
    except docker.errors.DockerException as error:
        raise RuntimeError(f"job {job} could not be started") from error


start(88)
X
  start runner.log /usr/bin/python3 runner.py
  wait $last
}

case_docker_unreachable_dockerode_json() {
  about <<'JSON'
{ "category": "docker-unreachable", "app": "sandbox-pool", "log": "pool.json.log",
  "proof": ["connect ENOENT /var/run/docker.sock"],
  "program": "node 20.20.2, dockerode 4, pino", "form": "json-lines", "hides": "warm-up failed, retry (retry storm), pool empty", "split": "held-out",
  "why": "The pool cannot start containers because the engine's socket does not exist; it only repeats its warm-up." }
JSON
  host pool-1
  rm -f /run/docker.sock
  app checkout sandbox-pool
  cat >pool.js <<'X'
const Docker = require('dockerode');
const log = require('pino')({ name: 'sandbox-pool' });
const docker = new Docker({ socketPath: '/var/run/docker.sock' });
log.info({ size: 4 }, 'pool starting');
log.info({ images: ['node:20', 'python:3.12'] }, 'image list loaded');
let tries = 0;
const timer = setInterval(async () => {
  tries += 1;
  try {
    const made = await docker.createContainer({ Image: 'node:20', Cmd: ['sleep', '60'] });
    log.info({ id: made.id }, 'container warm');
  } catch (err) {
    log.warn({ tries, err }, 'warm-up failed, retry');
    if (tries === 6) {
      log.error({ ready: 0, wanted: 4 }, 'pool empty, requests will be rejected');
      clearInterval(timer);
    }
  }
}, 500);
X
  start pool.json.log node pool.js
  wait $last
}

case_docker_unreachable_tcp_engine() {
  about <<'JSON'
{ "category": "docker-unreachable", "app": null, "log": "build.log",
  "proof": ["Cannot connect to the Docker daemon at tcp://docker-engine:2375. Is the docker daemon running?"],
  "program": "docker CLI, DOCKER_HOST over TCP", "form": "application-log", "hides": "ERROR: build step 3/5 exited with 1", "split": "tune",
  "why": "The build service uses a remote engine whose port refuses; the step only reports exit status 1." }
JSON
  host builder-3
  address 10.0.11.2 docker-engine
  cat >/tmp/build.sh <<'X'
#!/bin/bash
step() { echo "[$(date -u +%T)] step $1: $2"; }
step 1/5 "checkout of shop/payments-api at 5.3.1"
step 2/5 "unit tests"
echo "  214 passed, 0 failed"
step 3/5 "docker build"
docker build -t payments-api:5.3.1 /srv || { code=$?; echo "[$(date -u +%T)] ERROR: build step 3/5 exited with $code"; exit $code; }
X
  mkdir -p /srv && printf 'FROM node:20\n' >/srv/Dockerfile
  DOCKER_HOST=tcp://docker-engine:2375 start build.log bash /tmp/build.sh
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
