# Reads an MQTT topic over TLS and counts; tries again for ever: python3 meters.py HOST PORT CA
import logging
import sys
import time

import paho.mqtt.client as mqtt

host, port, ca = sys.argv[1:4]
logging.basicConfig(level=logging.INFO, format="%(asctime)s [%(levelname)s] ingest: %(message)s")
seen = 0


def on_connect(client, userdata, flags, code):
    logging.info("connected to %s:%s, code %s", host, port, code)
    client.subscribe("meters/#")


def on_message(client, userdata, message):
    global seen
    seen += 1
    if seen % 5 == 0:
        logging.info("%d readings, last %s=%s", seen, message.topic, message.payload.decode())


client = mqtt.Client("ingest-1")
client.tls_set(ca)
client.on_connect, client.on_message = on_connect, on_message
for attempt in range(1, 1000):
    try:
        client.connect(host, int(port), keepalive=20)
        client.loop_forever(retry_first_connection=False)
    except OSError as error:
        logging.error("broker %s:%s: connection lost (attempt %d): %s", host, port, attempt, error)
        time.sleep(3)
