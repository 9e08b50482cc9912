"""user_service: FastAPI under uvicorn, SQLAlchemy on PostgreSQL or MariaDB."""
import logging
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text

logging.basicConfig(level="INFO", format="%(asctime)s | %(levelname)-8s | %(name)s | %(message)s")
log = logging.getLogger("user_service")
engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=False, pool_size=2)
app = FastAPI(title="user_service")


@app.on_event("startup")
def startup():
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS users (id int, name varchar(80))"))
    log.info("schema is up to date, dialect %s", engine.dialect.name)


@app.get("/users/{number}")
def user(number: int):
    with engine.connect() as connection:
        found = connection.execute(text("SELECT name FROM users WHERE id = :id"), {"id": number}).first()
    log.info("user %d %s", number, "found" if found else "not found")
    return {"id": number, "known": found is not None}


@app.get("/health")
def health():
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return {"status": "ok"}
