#!/bin/bash
# Message brokers: broker-unavailable, broker-partitioned, consumer-lag.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# kafka_start IP NAME: one broker (KRaft), its process in $kafka, its log in /tmp/kafka.log.
kafka_start() {
  address "$1" "$2"
  mkdir -p /opt/kafka /var/lib/kafka && mount --bind "$cache/kafka" /opt/kafka
  cat >/tmp/kafka.properties <<X
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:9093
listeners=PLAINTEXT://$1:9092,CONTROLLER://127.0.0.1:9093
advertised.listeners=PLAINTEXT://$2:9092
controller.listener.names=CONTROLLER
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
offsets.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
num.partitions=2
log.dirs=/var/lib/kafka
X
  printf 'log4j.rootLogger=INFO, out\nlog4j.appender.out=org.apache.log4j.ConsoleAppender\nlog4j.appender.out.layout=org.apache.log4j.PatternLayout\nlog4j.appender.out.layout.ConversionPattern=[%%d] %%p %%m (%%c)%%n\n' >/tmp/log4j.properties
  kafka_tool kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg -c /tmp/kafka.properties >/dev/null 2>&1
  java -Xmx256m -XX:+UseSerialGC -Dlog4j.configuration=file:/tmp/log4j.properties -cp '/opt/kafka/*' kafka.Kafka /tmp/kafka.properties >/tmp/kafka.log 2>&1 &
  kafka=$!
  until (exec 3<>"/dev/tcp/$1/9092") 2>/dev/null; do sleep 0.5; done
  sleep 2
}
kafka_tool() { java -Xmx128m -XX:+UseSerialGC -cp '/opt/kafka/*' "$@"; }

# rabbit NAME PORT: one node of RabbitMQ on this machine, its log in /tmp/NAME.log.
rabbit() {
  install -d -o rabbitmq /tmp/rabbit-$1 && mkdir -p /var/lib/rabbitmq && chown rabbitmq /var/lib/rabbitmq
  printf 'loopback_users = none\nlisteners.tcp.default = %s\nlog.file = false\nlog.console = true\nlog.console.level = info\ncluster_partition_handling = ignore\n' "$2" >/tmp/$1.conf
  echo '[{kernel, [{net_ticktime, 6}]}].' >/tmp/$1.advanced.config
  (cd /tmp && exec setpriv --reuid rabbitmq --regid rabbitmq --clear-groups env HOME=/var/lib/rabbitmq RABBITMQ_NODENAME="$1@$(hostname)" \
    RABBITMQ_NODE_PORT="$2" RABBITMQ_DIST_PORT=$(($2 + 20000)) RABBITMQ_MNESIA_BASE=/tmp/rabbit-$1 RABBITMQ_CONFIG_FILE=/tmp/$1.conf \
    RABBITMQ_ADVANCED_CONFIG_FILE=/tmp/$1.advanced.config RABBITMQ_LOGS=- RABBITMQ_ENABLED_PLUGINS_FILE=/tmp/$1.plugins RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+S 1:1' \
    /usr/lib/rabbitmq/bin/rabbitmq-server) >/tmp/$1.log 2>&1 &
  wait_port "$2"
  sleep 2
}
rabbit_ctl() { setpriv --reuid rabbitmq --regid rabbitmq --clear-groups env HOME=/var/lib/rabbitmq /usr/lib/rabbitmq/bin/rabbitmqctl "$@"; }

case_broker_unavailable_notifications_kafkajs() {
  about <<'JSON'
{ "category": "broker-unavailable", "app": "notifications", "log": "notifications.json.log",
  "proof": ["connect ECONNREFUSED 10.0.6.20:9092"],
  "program": "node 20.20.2, kafkajs 2 against Apache Kafka 3.9", "form": "json-lines", "hides": "KafkaJSNumberOfRetriesExceeded, notification not sent", "split": "tune",
  "why": "The only Kafka broker ended; the producer's connections are refused until its retries are used up." }
JSON
  host notifications-1
  kafka_start 10.0.6.20 kafka-0
  app notifications notifications
  cat >kafka.js <<'X'
const { Kafka } = require('kafkajs');
const kafka = new Kafka({ clientId: 'notifications', brokers: ['kafka-0:9092'], retry: { retries: 3 } });
const say = (level, message, more) => console.log(JSON.stringify({ level, timestamp: new Date().toISOString(), logger: 'notifications', message, ...more }));
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
(async () => {
  const producer = kafka.producer();
  await producer.connect();
  say('INFO', 'producer connected');
  for (let n = 1; n < 9; n += 1) {
    try {
      await producer.send({ topic: 'mail', messages: [{ value: `mail ${n}` }] });
      say('INFO', 'notification sent', { n });
    } catch (err) {
      say('ERROR', 'notification not sent', { n, error: err.message, type: err.name });
    }
    await pause(1000);
  }
  process.exit(1);
})();
X
  KAFKAJS_NO_PARTITIONER_WARNING=1 start notifications.json.log node kafka.js
  until grep -q '"n":3' "$evidence/notifications.json.log"; do sleep 0.3; done
  kill -KILL $kafka
  wait $last
}

case_broker_unavailable_thumbnails_celery() {
  about <<'JSON'
{ "category": "broker-unavailable", "app": "thumbnails", "log": "journal.log",
  "proof": ["Cannot connect to amqp://guest:**@rabbit.internal:5672//: [Errno 111] Connection refused"],
  "program": "celery 5, RabbitMQ 3.10", "form": "journald", "hides": "consumer: Connection to broker lost, tasks cancelled", "split": "tune",
  "why": "RabbitMQ was stopped; the worker loses its connection and is refused at each attempt." }
JSON
  host thumbnails-1
  address 10.0.6.21 rabbit.internal
  rabbit rabbit 5672
  python_packages
  mkdir -p /srv/thumbnails
  cat >/srv/thumbnails/tasks.py <<'X'
from celery import Celery

app = Celery("thumbnails", broker="amqp://guest:guest@rabbit.internal:5672//")
app.conf.broker_connection_retry_on_startup = True


@app.task
def shrink(name):
    return f"{name}.webp"
X
  unit thumbnails <<'X'
[Unit]
Description=thumbnails worker
[Service]
WorkingDirectory=/srv/thumbnails
Environment=HOME=/srv/thumbnails PYTHONUNBUFFERED=1
ExecStart=/usr/bin/python3 -m celery -A tasks worker -P solo --loglevel INFO -n thumbnails@%H
X
  systemctl start thumbnails
  sleep 9
  cd /srv/thumbnails && /usr/bin/python3 -c "
from tasks import shrink
for n in range(3): shrink.delay(f'photo-{n}.jpg')"
  sleep 3
  rabbit_ctl -n "rabbit@$(hostname)" stop >/dev/null 2>&1
  sleep 14
  journal journal.log -u thumbnails
}

case_broker_unavailable_greenhouse_mqtt() {
  about <<'JSON'
{ "category": "broker-unavailable", "app": "greenhouse", "log": "greenhouse.log",
  "proof": ["connect ECONNREFUSED 10.0.6.22:1883"],
  "program": "node 20.20.2, mqtt 5 against mosquitto 2.0", "form": "docker-logs", "hides": "watering skipped, no reading for 3 s", "split": "held-out",
  "why": "The MQTT broker went away; readings stop and the controller skips its work." }
JSON
  host greenhouse-1
  address 10.0.6.22 mqtt.farm
  printf 'listener 1883\nallow_anonymous true\nlog_dest stderr\nuser mosquitto\n' >/tmp/mosquitto.conf
  mosquitto -c /tmp/mosquitto.conf 2>/tmp/mosquitto.log &
  broker=$!
  wait_port 1883
  app notifications greenhouse
  cat >greenhouse.js <<'X'
const mqtt = require('mqtt');
const say = (text) => console.log(`${new Date().toISOString()} ${text}`);
const client = mqtt.connect('mqtt://mqtt.farm', { reconnectPeriod: 1500 });
let seen = Date.now();
client.on('connect', () => { say('info  broker mqtt.farm connected'); client.subscribe('soil/+'); });
client.on('message', (topic, text) => { seen = Date.now(); say(`info  ${topic} ${text} %`); });
client.on('error', (err) => say(`error mqtt: ${err.message || err.errors.map((e) => e.message).join(', ')}`));
client.on('close', () => say('warn  mqtt: connection closed'));
setInterval(() => { if (Date.now() - seen > 3000) say('warn  watering skipped, no reading for 3 s'); }, 1500);
X
  start greenhouse.log node greenhouse.js
  sleep 3
  for n in 41 40 38; do mosquitto_pub -h mqtt.farm -t soil/bed1 -m $n; sleep 0.7; done
  kill $broker
  sleep 7
}

case_broker_partitioned_rabbitmq_two_nodes() {
  about <<'JSON'
{ "category": "broker-partitioned", "app": "rabbitmq", "log": "rabbit1.log",
  "proof": ["running_partitioned_network"],
  "program": "RabbitMQ 3.10, two nodes", "form": "docker-logs", "hides": "node down: net_tick_timeout, then everything looks connected again", "split": "tune",
  "why": "The two nodes did not hear each other for some seconds and both went on; joined again they find two histories and stay partitioned." }
JSON
  host mq-1
  rabbit rabbit1 5672
  rabbit rabbit2 5673
  rabbit_ctl -n "rabbit2@mq-1" stop_app >/dev/null && rabbit_ctl -n "rabbit2@mq-1" join_cluster "rabbit1@mq-1" >/dev/null && rabbit_ctl -n "rabbit2@mq-1" start_app >/dev/null
  sleep 2
  for port in 25672 25673; do iptables -A INPUT -p tcp --dport $port -j DROP; iptables -A INPUT -p tcp --sport $port -j DROP; done
  sleep 16
  iptables -F INPUT
  sleep 8
  rabbit_ctl -n "rabbit1@mq-1" cluster_status | sed 's/\x1b\[[0-9;]*m//g' >"$evidence/cluster-status.txt"
  for node in rabbit1 rabbit2; do grep -v '^ *$' /tmp/$node.log | tail -n 60 | sed 's/\x1b\[[0-9;]*m//g' >"$evidence/$node.log"; done
}

case_broker_partitioned_jobs_redis_cluster() {
  about <<'JSON'
{ "category": "broker-partitioned", "app": "job-queue", "log": "worker.log",
  "proof": ["Cluster state changed: fail", "ClusterDownError: The cluster is down"],
  "program": "Redis 7.0 cluster of three, python redis with streams", "form": "docker-logs", "hides": "job not queued, timeouts of single jobs", "split": "tune",
  "why": "One of the three nodes of the queue cannot be reached by the others; the cluster marks it as failing and serves nobody." }
JSON
  host jobs-1
  for port in 7001 7002 7003; do
    mkdir -p /tmp/r$port
    chown nobody /tmp/r$port
    # The third node runs as a user of its own, so that its packets can be dropped.
    (cd /tmp/r$port && exec setpriv --reuid $([ $port = 7003 ] && echo nobody || echo root) redis-server --port $port --cluster-enabled yes --cluster-node-timeout 2000 --logfile /tmp/r$port/log --save '') &
    wait_port $port
  done
  redis-cli --cluster create 127.0.0.1:7001 127.0.0.1:7002 127.0.0.1:7003 --cluster-yes >/dev/null
  sleep 2
  python_packages
  cat >/srv/worker.py <<'X'
import logging
import time

from redis.cluster import RedisCluster

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)-7s job-queue: %(message)s")
queue = RedisCluster(host="127.0.0.1", port=7001, socket_timeout=1, socket_connect_timeout=1, cluster_error_retry_attempts=0)
for number in range(1, 26):
    try:
        queue.xadd(f"jobs:{number % 4}", {"job": number})
        logging.info("job %d queued", number)
    except Exception as failure:
        logging.error("job %d not queued: %s: %s", number, type(failure).__name__, failure)
    time.sleep(0.4)
X
  start worker.log /usr/bin/python3 /srv/worker.py
  sleep 3
  iptables -A OUTPUT -m owner --uid-owner nobody -j DROP
  for port in 17003 7003; do iptables -A INPUT -p tcp --dport $port -j DROP; done
  wait $last
  for port in 7001 7002; do cp /tmp/r$port/log "$evidence/redis-$port.log"; done
}

case_broker_partitioned_etcd_no_leader() {
  about <<'JSON'
{ "category": "broker-partitioned", "app": "etcd", "log": "etcd-a.json.log",
  "proof": ["lost leader"],
  "program": "etcd 3.4 cluster of three", "form": "json-lines", "hides": "health check for peer, dial timeouts, etcdctl deadline exceeded", "split": "held-out",
  "why": "This member hears neither of the two others, which are healthy together, any more; without a majority it has no leader and serves no writes." }
JSON
  host etcd-a
  local cluster=a=http://10.0.6.31:2380,b=http://10.0.6.32:2380,c=http://10.0.6.33:2380 n=31
  for name in a b c; do
    address 10.0.6.$n etcd-$name.internal
    install -d -o nobody -m 700 /tmp/etcd-$name
    # The first member runs as a user of its own, so that only its packets can be dropped.
    setpriv --reuid $([ $name = a ] && echo nobody || echo root) etcd --name $name --data-dir /tmp/etcd-$name --logger zap --log-outputs stderr --listen-peer-urls http://10.0.6.$n:2380 --initial-advertise-peer-urls http://10.0.6.$n:2380 \
      --listen-client-urls http://10.0.6.$n:2379 --advertise-client-urls http://10.0.6.$n:2379 --initial-cluster $cluster >/tmp/etcd-$name.log 2>&1 &
    n=$((n + 1))
  done
  sleep 6
  export ETCDCTL_API=3
  for n in 1 2 3; do etcdctl --endpoints http://10.0.6.31:2379 put /services/billing "$n" >>"$evidence/etcdctl.log" 2>&1; done
  local b
  b=$(etcdctl --endpoints http://10.0.6.32:2379 endpoint status | cut -d, -f2)
  for n in 31 33; do etcdctl --endpoints http://10.0.6.$n:2379 move-leader "${b// /}" >/dev/null 2>&1; done
  sleep 1
  iptables -A INPUT -d 10.0.6.31 -p tcp --dport 2380 -j DROP
  for far in 32 33; do iptables -A OUTPUT -m owner --uid-owner nobody -d 10.0.6.$far -p tcp --dport 2380 -j DROP; done
  sleep 9
  for n in 4 5; do etcdctl --endpoints http://10.0.6.31:2379 --command-timeout=3s put /services/billing "$n" >>"$evidence/etcdctl.log" 2>&1; done
  for n in 31 32 33; do
    etcdctl --endpoints http://10.0.6.$n:2379 --command-timeout=3s endpoint health >>"$evidence/endpoint-health.log" 2>&1
  done
  tail -n 200 /tmp/etcd-a.log >"$evidence/etcd-a.json.log"
}

case_consumer_lag_invoices_kafka_groups() {
  about <<'JSON'
{ "category": "consumer-lag", "app": "invoices", "log": "consumer-groups.txt",
  "proof": ["LOG-END-OFFSET  LAG", "invoices        orders "],
  "program": "Apache Kafka 3.9, kafka-python 3, kafka-consumer-groups", "form": "application-log", "hides": "the consumer prints nothing but processed invoices", "split": "tune",
  "why": "The group is a few thousand records behind and its lag grows between the three looks, the one consumer is healthy and too slow." }
JSON
  host invoices-2
  kafka_start 10.0.6.23 kafka-1
  python_packages
  cat >/srv/invoices.py <<'X'
import logging
import time

from kafka import KafkaConsumer

logging.basicConfig(level="WARNING", format="%(asctime)s %(levelname)s %(name)s %(message)s")
log = logging.getLogger("invoices")
log.setLevel("INFO")
consumer = KafkaConsumer("orders", bootstrap_servers="kafka-1:9092", group_id="invoices", auto_offset_reset="earliest", auto_commit_interval_ms=500, max_poll_records=10)
log.info("invoices 6.0 joined group invoices")
for count, record in enumerate(consumer, 1):
    time.sleep(0.05)
    if count % 50 == 0:
        log.info("%d invoices written, partition %d offset %d", count, record.partition, record.offset)
X
  kafka_tool org.apache.kafka.tools.TopicCommand --bootstrap-server kafka-1:9092 --create --topic orders --partitions 2 >/dev/null 2>&1
  start invoices.log /usr/bin/python3 /srv/invoices.py
  /usr/bin/python3 -c "
import time
from kafka import KafkaProducer
p = KafkaProducer(bootstrap_servers='kafka-1:9092')
for n in range(60000):
    p.send('orders', b'order %d' % n, partition=n % 2)
    if n % 60 == 0: time.sleep(0.1)" &
  for _ in 1 2 3; do
    sleep 6
    { echo "$(date -u +%FT%TZ) \$ kafka-consumer-groups --bootstrap-server kafka-1:9092 --describe --group invoices"
      kafka_tool org.apache.kafka.tools.consumer.group.ConsumerGroupCommand --bootstrap-server kafka-1:9092 --describe --group invoices 2>&1 | grep -v -e log4j -e SLF4J; } >>"$evidence/consumer-groups.txt"
  done
}

case_consumer_lag_mails_rabbitmq_queue() {
  about <<'JSON'
{ "category": "consumer-lag", "app": "mail-sender", "log": "queues.txt",
  "proof": ["messages_ready\tmessages_unacknowledged", "mails\t"],
  "program": "RabbitMQ 3.10, pika", "form": "application-log", "hides": "mail-sender works without an error", "split": "tune",
  "why": "The queue holds thousands of ready messages and grows with each look although its one consumer is connected: it takes less than what comes in." }
JSON
  host mails-1
  address 10.0.6.24 rabbit.internal
  rabbit rabbit 5672
  python_packages
  cat >/srv/sender.py <<'X'
import logging
import time

import pika

logging.basicConfig(level="WARNING", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
log = logging.getLogger("mail-sender")
log.setLevel("INFO")
channel = pika.BlockingConnection(pika.ConnectionParameters("rabbit.internal")).channel()
channel.queue_declare("mails", durable=True)
channel.basic_qos(prefetch_count=5)
log.info("mail-sender 2.2 waits for mails")
sent = 0


def send(channel, method, properties, body):
    global sent
    time.sleep(0.08)
    channel.basic_ack(method.delivery_tag)
    sent += 1
    if sent % 25 == 0:
        log.info("%d mails sent", sent)


channel.basic_consume("mails", send)
channel.start_consuming()
X
  start mail-sender.log /usr/bin/python3 /srv/sender.py
  sleep 2
  /usr/bin/python3 -c "
import time, pika
channel = pika.BlockingConnection(pika.ConnectionParameters('rabbit.internal')).channel()
for n in range(9000):
    channel.basic_publish('', 'mails', b'mail %d' % n)
    if n % 40 == 0: time.sleep(0.12)" &
  for _ in 1 2 3; do
    sleep 5
    { echo "$(date -u +%FT%TZ) \$ rabbitmqctl list_queues name messages_ready messages_unacknowledged consumers"
      rabbit_ctl -n "rabbit@$(hostname)" list_queues name messages_ready messages_unacknowledged consumers; } >>"$evidence/queues.txt" 2>&1
  done
}

case_consumer_lag_audit_redis_stream() {
  about <<'JSON'
{ "category": "consumer-lag", "app": "audit-writer", "log": "audit-writer.json.log",
  "proof": ["\"lag\": 1", "consumer group falls behind"],
  "program": "Redis 7.0 streams, python redis", "form": "json-lines", "hides": "audit records are minutes old", "split": "held-out",
  "why": "The consumer group's lag, read from Redis, grows with each report while the writer works without errors." }
JSON
  host audit-1
  address 10.0.6.25 events-redis
  redis-server --bind 10.0.6.25 --protected-mode no --save '' >/dev/null &
  sleep 1
  python_packages
  cat >/srv/audit.py <<'X'
import json
import time
from datetime import datetime, timezone

import redis

events = redis.Redis("events-redis")
events.xgroup_create("events", "audit", id="0", mkstream=True)


def say(level, message, **more):
    print(json.dumps({"time": datetime.now(timezone.utc).isoformat(), "level": level, "app": "audit-writer", "message": message, **more}), flush=True)


say("info", "start", stream="events", group="audit")
written, reported = 0, time.monotonic()
while written < 260:
    for _, entries in events.xreadgroup("audit", "audit-1", {"events": ">"}, count=10, block=500):
        for identity, _ in entries:
            time.sleep(0.04)
            events.xack("events", "audit", identity)
            written += 1
    if time.monotonic() - reported > 1:
        lag = events.xinfo_groups("events")[0]["lag"]
        say("warning" if lag > 200 else "info", "consumer group falls behind" if lag > 200 else "progress", written=written, lag=lag)
        reported = time.monotonic()
X
  start audit-writer.json.log /usr/bin/python3 /srv/audit.py
  sleep 1
  /usr/bin/python3 -c "
import redis, time
r = redis.Redis('events-redis')
for n in range(4000):
    r.xadd('events', {'n': n})
    if n % (5 if n < 100 else 30) == 0: time.sleep(0.12)" &
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
