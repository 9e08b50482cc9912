#!/bin/bash
# migration-failed: the schema change itself is what fails.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_migration_failed_blog_alembic() {
  about <<'JSON'
{ "category": "migration-failed", "app": "blog_service", "log": "migrate.log",
  "proof": ["column \"slug\" of relation \"posts\" contains null values"],
  "program": "alembic, SQLAlchemy, psycopg2 against postgresql 15", "form": "application-log", "hides": "release aborted, exit status 1", "split": "tune",
  "why": "The migration adds a column that must not be null to a table with rows; PostgreSQL refuses and the release stops." }
JSON
  host blog-3
  address 10.0.8.30 blog-db
  pg_new && pg_start
  python_packages
  mkdir -p /srv/blog/migrations/versions && cd /srv/blog || exit
  printf '[alembic]\nscript_location = migrations\n[loggers]\nkeys = root,alembic\n[handlers]\nkeys = console\n[formatters]\nkeys = generic\n[logger_root]\nlevel = WARNING\nhandlers = console\n[logger_alembic]\nlevel = INFO\nhandlers =\nqualname = alembic\n[handler_console]\nclass = StreamHandler\nargs = (sys.stderr,)\nformatter = generic\n[formatter_generic]\nformat = %%(asctime)s %%(levelname)-5.5s [%%(name)s] %%(message)s\n' >alembic.ini
  cat >migrations/env.py <<'X'
from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine

fileConfig(context.config.config_file_name)
with create_engine("postgresql+psycopg2://postgres@blog-db/postgres").connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
X
  revision() { printf '"""%s"""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "%s"\ndown_revision = %s\n\n\ndef upgrade():\n    %s\n' "$3" "$1" "$2" "$4" >"migrations/versions/$1.py"; }
  revision 3a1f 'None' 'create posts' 'op.create_table("posts", sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.Text))'
  revision 5c20 '"3a1f"' 'index of titles' 'op.create_index("posts_title", "posts", ["title"])'
  start migrate.log /usr/bin/python3 -m alembic upgrade head
  wait $last
  sql "INSERT INTO posts VALUES (1, 'first'), (2, 'second')"
  revision 77de '"5c20"' 'views of posts' 'op.add_column("posts", sa.Column("views", sa.Integer))'
  revision 9b04 '"77de"' 'slug of posts' 'op.add_column("posts", sa.Column("slug", sa.Text, nullable=False))'
  start migrate.log bash -c '/usr/bin/python3 -m alembic upgrade head || { echo "release 2026.47 aborted: migrations returned $?"; exit 1; }'
  wait $last
}

case_migration_failed_shop_knex() {
  about <<'JSON'
{ "category": "migration-failed", "app": "shop-migrate", "log": "journal.log",
  "proof": ["migration file \"20261121_coupons.js\" failed", "relation \"coupons\" already exists"],
  "program": "node 20.20.2, knex 3 against postgresql 15", "form": "journald", "hides": "shop not started: Dependency failed for shop.service", "split": "tune",
  "why": "Somebody had made the table by hand, so the migration that creates it fails and the shop, which needs it, is not started." }
JSON
  host shop-2
  address 10.0.8.31 shop-db
  pg_new && pg_start
  app checkout shop
  mkdir migrations
  echo "exports.up = (db) => db.schema.createTable('carts', (t) => { t.increments(); }); exports.down = () => {};" >migrations/20261020_carts.js
  cat >migrate.js <<'X'
const db = require('knex')({ client: 'pg', connection: 'postgres://postgres@shop-db/postgres' });
db.migrate
  .latest()
  .then(([batch, files]) => {
    console.log(`shop-migrate: batch ${batch}: ${files.length ? files.join(', ') : 'up to date'}`);
    return db.destroy();
  })
  .catch((err) => {
    console.error(err);
    process.exit(1);
  });
X
  unit shop-migrate <<'X'
[Unit]
Description=schema of the shop
[Service]
Type=oneshot
WorkingDirectory=/srv/shop
ExecStart=/usr/bin/node migrate.js
X
  unit shop <<'X'
[Unit]
Description=shop
Requires=shop-migrate.service
After=shop-migrate.service
[Service]
WorkingDirectory=/srv/shop
ExecStart=/usr/bin/node server.js
X
  systemctl start shop
  sleep 2
  systemctl stop shop
  sql 'CREATE TABLE coupons (id int)'
  echo "exports.up = (db) => db.schema.createTable('coupons', (t) => { t.increments(); t.string('code'); }); exports.down = () => {};" >migrations/20261121_coupons.js
  systemctl start shop 2>/dev/null
  sleep 1
  journal journal.log
}

case_migration_failed_ledger_flyway_checksum() {
  about <<'JSON'
{ "category": "migration-failed", "app": "ledger", "log": "ledger.log",
  "proof": ["Migration checksum mismatch for migration version 2"],
  "program": "Flyway 10 on OpenJDK 17 against postgresql 15", "form": "application-log", "hides": "Exception in thread \"main\", the ledger does not start", "split": "held-out",
  "why": "A migration that had been applied was edited afterwards; Flyway's validation refuses to go on." }
JSON
  host ledger-2
  address 10.0.8.32 ledger-db
  pg_new && pg_start
  mkdir -p /opt/flyway /srv/ledger/db && mount --bind "$cache/flyway" /opt/flyway
  cd /srv/ledger || exit
  echo 'CREATE TABLE entries (id serial primary key);' >db/V1__entries.sql
  echo 'ALTER TABLE entries ADD COLUMN cents bigint;' >db/V2__cents.sql
  cat >Ledger.java <<'X'
import org.flywaydb.core.Flyway;
import org.slf4j.LoggerFactory;

public class Ledger {
    public static void main(String[] args) {
        LoggerFactory.getLogger("ledger").info("ledger {} starting", args[0]);
        Flyway.configure().dataSource("jdbc:postgresql://ledger-db:5432/postgres", "postgres", "").locations("filesystem:/srv/ledger/db").load().migrate();
        LoggerFactory.getLogger("ledger").info("ledger ready");
    }
}
X
  echo '<configuration><appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%d %-5level [%thread] %logger{30} - %msg%n</pattern></encoder></appender><root level="INFO"><appender-ref ref="out"/></root></configuration>' >logback.xml
  javac -cp '/opt/flyway/*' Ledger.java
  start ledger.log java -cp '/srv/ledger:/opt/flyway/*' Ledger 4.1.0
  wait $last
  echo 'ALTER TABLE entries ADD COLUMN cents bigint NOT NULL DEFAULT 0;' >db/V2__cents.sql
  echo 'CREATE INDEX entries_cents ON entries (cents);' >db/V3__index.sql
  start ledger.log java -cp '/srv/ledger:/opt/flyway/*' Ledger 4.2.0
  wait $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
