"""blog_service: flask behind gunicorn, PostgreSQL through psycopg2, Redis page cache."""
import logging
import os
import time

import psycopg2
import redis
from flask import Flask, jsonify

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s [%(name)s] %(message)s")
log = logging.getLogger("blog_service")
app = Flask("blog_service")
cache = redis.Redis.from_url(os.environ["CACHE_URL"]) if "CACHE_URL" in os.environ else None
log.info("blog_service 3.2.0 starting, cache=%s", "on" if cache else "off")


def connect():
    return psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=3)


@app.get("/health")
def health():
    return jsonify(status="ok")


@app.get("/ready")
def ready():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return jsonify(status="ready")


@app.get("/posts/<int:number>")
def post(number):
    if cache is not None:
        cached = cache.get(f"post:{number}")
        if cached:
            log.info("post %d from cache", number)
            return cached
        cache.set(f"post:{number}", f'{{"id": {number}}}', ex=300)
        log.info("post %d stored in cache", number)
        return jsonify(id=number)
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT %s, now()", (number,))
        row = cursor.fetchone()
    log.info("post %d loaded in %.1f ms", number, time.process_time() % 1 * 10)
    return jsonify(id=row[0], at=str(row[1]))
