import { look, needs, needsSecret, npm, sets, takes, type Description } from './describe';

const dbhub = npm(
  '@bytebase/dbhub',
  '1.4.0',
  'sha512-oZXG3m1gUzYr1zBkVUoT73ItMJsmliOpH5MT9iMUD2t0pbEXytdy8J6m3dOFyMaf5UEVNiKIHKzxylR3RYgf9A==',
);

/** Database servers that speak SQL. */
export const databaseServers: readonly Description[] = [
  {
    name: 'postgres',
    title: 'PostgreSQL',
    purpose:
      'Asks a PostgreSQL database how it is: version, connections, locks, slow queries, schema.',
    keywords: [
      'postgresql',
      'postgres',
      'pg',
      'psql',
      'database',
      'sql',
      'pgbouncer',
      'connections',
    ],
    categories: ['database-unavailable', 'disk-full'],
    program: dbhub,
    args: ['--transport', 'stdio'],
    publisher: 'Bytebase',
    official: false,
    state: 'none',
    releasedOn: '2026-09-29',
    hosts: ['${DSN}'],
    environment: [
      needsSecret('DSN', 'Address of the database: postgres://user:password@host:5432/name', {
        isEndpoint: true,
      }),
      sets(
        'PGOPTIONS',
        '-cdefault_transaction_read_only=on',
        'Options of each connection; by default it may only read',
      ),
    ],
    looks: [
      look({
        keywords: ['postgresql', 'postgres'],
        tool: 'execute_sql',
        arguments: {
          sql: "select version(), current_setting('max_connections') as max_connections, count(*) as connections, count(*) filter (where state = 'active') as active, count(*) filter (where state = 'idle in transaction') as idle_in_transaction, count(*) filter (where wait_event_type = 'Lock') as waiting_for_locks from pg_stat_activity",
        },
        why: 'tells whether the database answers, and how many of its connections are taken',
        cites: ['"(version|max_connections|connections)":'],
      }),
    ],
  },
  {
    name: 'mariadb',
    title: 'MariaDB',
    purpose: 'Asks a MariaDB database how it is: version, connections, running statements, schema.',
    keywords: ['mariadb', 'database', 'sql', 'galera', 'connections'],
    categories: ['database-unavailable', 'disk-full'],
    program: dbhub,
    args: ['--transport', 'stdio'],
    publisher: 'Bytebase',
    official: false,
    state: 'none',
    releasedOn: '2026-09-29',
    hosts: ['${DSN}'],
    environment: [
      needsSecret('DSN', 'Address of the database: mariadb://user:password@host:3306/name', {
        isEndpoint: true,
      }),
    ],
    looks: [
      look({
        keywords: ['mariadb', 'mysql'],
        tool: 'execute_sql',
        arguments: {
          sql: 'select version() as version, @@max_connections as max_connections, (select count(*) from information_schema.processlist) as connections',
        },
        why: 'tells whether the database answers, and how many of its connections are taken',
        cites: ['"(version|max_connections|connections)":'],
      }),
    ],
  },
  {
    name: 'mysql',
    title: 'MySQL',
    purpose:
      'Asks a MySQL or MariaDB database how it is: version, connections, running statements, schema.',
    keywords: ['mysql', 'mariadb', 'database', 'sql', 'innodb', 'connections'],
    categories: ['database-unavailable', 'disk-full'],
    program: npm(
      '@benborla29/mcp-server-mysql',
      '2.0.9',
      'sha512-hjLuI/UOe7t/xwREMGHtB3gGJn8lyvCsv65HT+ePYDKZfBFbirDzxJAaIsAg1DJwlVTMiw0Oq88PpJkRyl1+SQ==',
    ),
    publisher: 'benborla29',
    official: false,
    state: 'none',
    releasedOn: '2026-08-28',
    hosts: ['${MYSQL_HOST}:${MYSQL_PORT}'],
    environment: [
      needs('MYSQL_HOST', 'Host of the database', { isEndpoint: true }),
      sets('MYSQL_PORT', '3306', 'Port of the database'),
      needs('MYSQL_USER', 'User of the database; one that may only read is best'),
      needsSecret('MYSQL_PASS', 'Password of that user'),
      takes('MYSQL_DB', 'Database to use'),
    ],
    looks: [
      look({
        keywords: ['mysql'],
        tool: 'mysql_query',
        arguments: {
          sql: 'select version() as version, @@max_connections as max_connections, (select count(*) from information_schema.processlist) as connections',
        },
        why: 'tells whether the database answers, and how many of its connections are taken',
        cites: ['"(version|max_connections|connections)":'],
      }),
    ],
  },
];
