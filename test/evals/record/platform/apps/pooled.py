# Asks the database through a pooler every two seconds and says what it hears: python3 pooled.py DSN
import logging
import sys
import time

import psycopg2

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s orders.worker %(message)s")
batch = 0
while True:
    batch += 1
    try:
        with psycopg2.connect(sys.argv[1], connect_timeout=5) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity")
            logging.info("batch %d: %d sessions", batch, cursor.fetchone()[0])
    except psycopg2.Error as error:
        logging.error("batch %d dropped, will be retried: %s", batch, str(error).strip().replace("\n", " | "))
    time.sleep(2)
