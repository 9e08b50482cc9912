#!/bin/bash
# cache-unavailable: Redis or memcached is down or refuses its service.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

redis_at() {
  address "$1" "$2"
  redis-server --port 6379 --save '' --daemonize yes --protected-mode no --logfile /tmp/redis.log >/dev/null
  wait_port 6379
}

case_cache_unavailable_ioredis_json() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "payments-api", "log": "payments.json.log",
  "proof": ["connect ECONNREFUSED 10.0.6.4:6379"],
  "program": "node 20.20.2, ioredis 5 against redis 7.0", "form": "json-lines", "hides": "MaxRetriesPerRequestError, statusCode 500", "split": "tune",
  "why": "Redis is gone; requests fail with ioredis' own MaxRetriesPerRequestError, the client errors name the refused port 6379." }
JSON
  host payments-3
  redis_at 10.0.6.4 payments-cache
  app payments-api payments-api
  export STRIPE_WEBHOOK_SECRET=x REDIS_URL=redis://payments-cache:6379 REDIS_RETRIES=2
  start payments.json.log node index.js
  wait_port 8080
  hit http://127.0.0.1:8080/payments/501 3
  redis-cli shutdown nosave
  hit http://127.0.0.1:8080/payments/502 2
  hit http://127.0.0.1:8080/health 2 -A 'kube-probe/1.34'
  sleep 0.5
}

case_cache_unavailable_node_redis_worker() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "notifications", "log": "worker.log",
  "proof": ["queue poll failed: connect ECONNREFUSED 10.0.6.5:6379"],
  "program": "node 20.20.2, redis 4 client, winston", "form": "application-log", "hides": null, "split": "tune",
  "why": "The worker logs a failed poll of its Redis queue at each reconnect." }
JSON
  host notify-3
  redis_at 10.0.6.5 jobs
  mkdir -p /var/spool/notifications
  app notifications notifications
  REDIS_URL=redis://jobs:6379 start worker.log node worker.js
  sleep 4
  redis-cli shutdown nosave
  sleep 4
}

case_cache_unavailable_flask_traceback() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "blog_service", "log": "blog_service.log",
  "proof": ["Error 111 connecting to page-cache:6379. Connection refused."],
  "program": "flask, redis-py against redis 7.0", "form": "application-log", "hides": "Exception on /posts/9 [GET], HTTP 500", "split": "held-out",
  "why": "Two chained tracebacks of one request; the exception that flask could not handle is redis refusing connections." }
JSON
  host blog-2
  redis_at 10.0.6.6 page-cache
  python_packages
  app blog_service blog_service
  CACHE_URL=redis://page-cache:6379/0 start blog_service.log /usr/bin/python3 -m gunicorn -w 1 -b 127.0.0.1:8000 --access-logfile - app:app
  wait_port 8000
  hit http://127.0.0.1:8000/posts/9 4
  redis-cli shutdown nosave
  hit http://127.0.0.1:8000/posts/9 2
  sleep 0.5
}

case_cache_unavailable_spring_lettuce() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "inventory", "log": "inventory.log",
  "proof": ["RedisConnectionFailureException: Unable to connect to Redis"],
  "program": "Spring Boot 3.3.5, Lettuce against redis", "form": "application-log", "hides": "root cause java.net.ConnectException: Connection refused, Servlet.service() threw exception", "split": "tune",
  "why": "The servlet error prints only the root cause, a refused connection without an address; the first line says that the peer is Redis." }
JSON
  host inventory-6
  address 10.0.6.7 reservations
  pg_new && pg_start
  java_app inventory inventory com.acme.inventory.InventoryApplication
  start inventory.log java_run inventory --spring.application.name=inventory --server.port=8081 --supplier.url=http://s --spring.data.redis.host=reservations \
    --spring.datasource.url=jdbc:postgresql://127.0.0.1:5432/postgres --spring.datasource.username=postgres
  wait_port 8081
  hit http://127.0.0.1:8081/stock/mug 2
  hit http://127.0.0.1:8081/reserve/mug 1
  sleep 1
}

case_cache_unavailable_memcached() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "session-gateway", "log": "session-gateway.log",
  "proof": ["ConnectionRefusedError: [Errno 111] Connection refused"],
  "program": "python 3.11, pymemcache against memcached 1.6", "form": "application-log", "hides": "login rejected, SessionStoreError", "split": "tune",
  "why": "The session store is memcached on port 11211 and does not listen any more; the service raises its own SessionStoreError from it." }
JSON
  host session-1
  memcached -u nobody -l 127.0.0.1 -p 11211 &
  cache_pid=$!
  wait_port 11211
  python_packages
  mkdir -p /srv/session-gateway && cd /srv/session-gateway || exit
  cat >gateway.py <<'X'
import logging
import sys
import time

from pymemcache.client.base import Client

logging.basicConfig(level="INFO", stream=sys.stdout, format="%(asctime)s %(levelname)-7s %(name)s %(message)s")
log = logging.getLogger("session-gateway")
MEMCACHED = ("127.0.0.1", 11211)


class SessionStoreError(Exception):
    pass


def login(user):
    try:
        client = Client(MEMCACHED, connect_timeout=1)
        client.set(f"session-{user}", "1", expire=600)
        client.close()
    except OSError as error:
        raise SessionStoreError(f"no session for user {user}") from error


log.info("session-gateway 0.7 up, memcached at %s:%d", *MEMCACHED)
for user in range(100, 112):
    try:
        login(user)
        log.info("login user %d accepted", user)
    except SessionStoreError:
        log.exception("login user %d rejected", user)
    time.sleep(0.4)
X
  start session-gateway.log /usr/bin/python3 gateway.py
  sleep 3
  kill $cache_pid
  wait $last
}

case_cache_unavailable_redis_masterdown() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "cart", "log": "cart.log",
  "proof": ["MASTERDOWN Link with MASTER is down"],
  "program": "redis 7.0 replica, ioredis 5", "form": "application-log", "hides": "Error: cart not loaded", "split": "held-out",
  "why": "The cache became a replica whose master is unreachable and refuses to serve stale data; the service prints its own error around it." }
JSON
  host cart-1
  redis_at 10.0.6.8 cart-cache
  app payments-api cart
  cat >cart.js <<'X'
const Redis = require('ioredis');
const redis = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: 1 });
const say = (level, text) => console.log(`[${new Date().toISOString()}] ${level} cart: ${text}`);
let n = 100;
say('info', `started, cache ${process.env.REDIS_URL}`);
setInterval(async () => {
  n += 1;
  try {
    await redis.hgetall(`cart:${n}`);
    say('info', `cart ${n} loaded`);
  } catch (cause) {
    say('error', `cart ${n} not loaded`);
    console.error(new Error('cart not loaded', { cause }));
  }
}, 500);
X
  REDIS_URL=redis://cart-cache:6379 start cart.log node cart.js
  sleep 3
  redis-cli config set replica-serve-stale-data no >/dev/null
  redis-cli replicaof 10.0.6.9 6379 >/dev/null
  sleep 2
}

case_cache_unavailable_unknown_host() {
  about <<'JSON'
{ "category": "cache-unavailable", "app": "notifications", "log": "worker.log",
  "proof": ["queue poll failed: getaddrinfo EAI_AGAIN jobs-redis"],
  "program": "node 20.20.2, redis 4 client, winston", "form": "application-log", "hides": "getaddrinfo (dns-failure is only the mechanism)", "split": "held-out",
  "why": "The worker polls a Redis queue whose host name does not resolve: the category is the peer." }
JSON
  host notify-4
  mkdir -p /var/spool/notifications
  app notifications notifications
  REDIS_URL=redis://jobs-redis:6379 start worker.log node worker.js
  sleep 9
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
