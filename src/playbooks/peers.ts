import type { Match, Refinement } from './playbook';

/** The kinds of peers that have a category of their own. */
export type PeerKind = 'database' | 'cache' | 'broker';

interface Peer {
  kind: PeerKind;
  name: string;
  ports: readonly number[];
  /** Host names, client libraries and error classes that tell it. */
  words: RegExp;
}

const peers: readonly Peer[] = [
  {
    kind: 'cache',
    name: 'Redis',
    ports: [6379, 6380, 26379],
    words: /redis|valkey|jedis|lettuce|redisson|sidekiq|bullmq/i,
  },
  { kind: 'cache', name: 'Memcached', ports: [11211], words: /memcache|memjs|dalli/i },
  {
    kind: 'database',
    name: 'PostgreSQL',
    ports: [5432, 5433, 6432],
    words:
      /postgres|asyncpg|\bpg(?:bouncer|pool|x|8000|-pool)?\b|psycopg|\bPG::|\bpq:|npgsql|libpq/i,
  },
  {
    kind: 'database',
    name: 'MySQL',
    ports: [3306, 33060],
    words: /mysql|mariadb|Communications link failure/i,
  },
  {
    kind: 'broker',
    name: 'Kafka',
    ports: [9092, 9093, 9094, 19092, 29092],
    words: /kafka|\bsarama\b|confluent|redpanda/i,
  },
  {
    kind: 'broker',
    name: 'RabbitMQ',
    ports: [5671, 5672],
    words: /rabbit|\bamqps?\b|\bpika\b|amqplib|celery|kombu|bunny/i,
  },
  { kind: 'broker', name: 'NATS', ports: [4222, 6222], words: /\bnats\b/i },
  {
    kind: 'broker',
    name: 'MQTT broker',
    ports: [1883, 8883],
    words: /\bmqtts?(?:exception)?\b|mosquitto|\bpaho\b|\bemqx\b/i,
  },
  { kind: 'broker', name: 'ActiveMQ', ports: [61613, 61616], words: /activemq|artemis|\bstomp\b/i },
  { kind: 'broker', name: 'Pulsar', ports: [6650, 6651], words: /\bpulsar\b/i },
  { kind: 'broker', name: 'NSQ', ports: [4150], words: /\bnsqd?\b/i },
  { kind: 'database', name: 'MongoDB', ports: [27017, 27018], words: /mongo/i },
  { kind: 'database', name: 'SQL Server', ports: [1433], words: /mssql|sqlserver|SqlClient/i },
  { kind: 'database', name: 'Oracle', ports: [1521], words: /\bORA-\d|oracle\.jdbc/i },
  { kind: 'database', name: 'ClickHouse', ports: [8123, 9440], words: /clickhouse/i },
  { kind: 'database', name: 'CockroachDB', ports: [26257], words: /cockroach/i },
  { kind: 'database', name: 'Cassandra', ports: [9042], words: /cassandra|scylla/i },
  { kind: 'database', name: 'InfluxDB', ports: [8086], words: /influxdb/i },
  {
    kind: 'database',
    name: 'database',
    ports: [],
    words:
      /\bdatabase\b|\bdb(?:[.-][\w.-]{1,253})?:\d|hikari|\bjdbc|sqlalchemy|sequelize|typeorm|prisma|\bactiverecord|\bgorm\b/i,
  },
];

/** The database, cache or broker that a text names by port, host name or client library. */
export function peerIn(text: string): { kind: PeerKind; name: string } | null {
  const port = Number(/(?::|\bport[ =:]+"?)(\d{4,5})\b/i.exec(text)?.[1] ?? 0);
  return (
    peers.find((peer) => peer.ports.includes(port)) ??
    peers.find((peer) => peer.words.test(text)) ??
    null
  );
}

/** The technology of that kind that a text names, or a plain word for it. */
export function peerName(text: string, kind: PeerKind): string {
  const peer = peerIn(text);
  return peer?.kind === kind ? peer.name : kind;
}

const categoryOf = {
  database: 'database-unavailable',
  cache: 'cache-unavailable',
  broker: 'broker-unavailable',
} as const satisfies Record<PeerKind, string>;

/** Hands a failed connection over to the playbook of the peer, where the peer is known. */
export function blamePeer(
  mechanism: string,
): (match: Pick<Match, 'line' | 'block'>) => Refinement | null {
  return ({ line, block }) => {
    const peer = peerIn(line.message) ?? peerIn(block.map((other) => other.message).join('\n'));
    return peer ? { category: categoryOf[peer.kind], mechanism } : { mechanism };
  };
}
