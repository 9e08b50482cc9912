import { describe, expect, it } from 'vitest';

import { bundledEntries } from '../../../src/catalog/bundled';
import { queryOf, questionsFor } from '../../../src/catalog/query';
import { rank } from '../../../src/catalog/rank';
import type { EvidenceText } from '../../../src/incident/evidence';
import { analyse } from '../../../src/playbooks/analyse';
import { allThere, noValues } from './facts';

/** Logs as a person selects them, and the server that must come first. */
const rows: readonly [log: string, server: string][] = [
  ['Error: Cannot connect to Docker daemon', 'logs'],
  ['PostgreSQL connection failed', 'postgres'],
  ['Redis ECONNREFUSED', 'redis'],
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'logs',
  ],
  [
    'docker.errors.DockerException: Error while fetching server API version: connection refused',
    'logs',
  ],
  ['FATAL: could not connect to postgres: connection refused at db:5432', 'postgres'],
  [
    'psycopg2.OperationalError: could not connect to server: Connection refused. Is the server running on host "db" and accepting TCP/IP connections on port 5432?',
    'postgres',
  ],
  ['SequelizeConnectionRefusedError: connect ECONNREFUSED 10.0.0.7:5432', 'postgres'],
  ['Error: connect ECONNREFUSED 10.0.0.7:3306 mysql connection failed', 'mysql'],
  ["ERROR 2002 (HY000): Can't connect to MySQL server on 'mysql' (115)", 'mysql'],
  ['MongoServerSelectionError: connect ECONNREFUSED mongodb:27017', 'mongodb'],
  ['MongoNetworkError: failed to connect to server [mongo:27017] on first connect', 'mongodb'],
  [
    'redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.',
    'redis',
  ],
  ['[ioredis] Unhandled error event: Error: connect ECONNREFUSED 10.1.2.3:6379', 'redis'],
  ['io.lettuce.core.RedisConnectionException: Unable to connect to redis:6379', 'redis'],
  ['KafkaJSConnectionError: Connection error: connect ECONNREFUSED 10.0.0.5:9092', 'kafka'],
  [
    'org.apache.kafka.common.errors.TimeoutException: broker kafka:9092 connection refused',
    'kafka',
  ],
  ['AMQPConnectionError: connect ECONNREFUSED rabbitmq:5672', 'rabbitmq'],
  ['ConnectionError: connect ECONNREFUSED elasticsearch:9200', 'elasticsearch'],
  ['org.elasticsearch.client.ResponseException: connection refused elastic:9200', 'elasticsearch'],
  ['Reason: OOMKilled\nExit Code: 137\nkubernetes pod shop-7c9 container shop', 'kubectl'],
  ['0/3 nodes are available: 3 Insufficient memory. FailedScheduling', 'kubectl'],
  ['Warning FailedScheduling pod has unbound immediate PersistentVolumeClaims', 'kubectl'],
  ['Failed to pull image "shop:9.9": manifest unknown: ErrImagePull', 'kubectl'],
  ['Readiness probe failed: HTTP probe failed with statuscode: 503', 'kubectl'],
  [
    'Liveness probe failed: Get "http://10.0.0.1:8080/health": context deadline exceeded',
    'kubectl',
  ],
  [
    'pods is forbidden: User "system:serviceaccount:shop:default" cannot list resource "pods" in API group "" in the namespace "shop"',
    'kubectl',
  ],
  ['Error: configmap "shop-config" not found CreateContainerConfigError', 'kubectl'],
  ['java.lang.OutOfMemoryError: Java heap space', 'kubectl'],
];

function analysed(log: string) {
  const lines = log.split('\n').map((text, index) => ({ number: index + 1, text }));
  const evidence: EvidenceText = { source: '-', lines, complete: true, totalLines: lines.length };
  return analyse([evidence], { now: new Date('2026-11-21T00:00:00Z') });
}

function queryFor(log: string) {
  const { category, keywords, facts } = analysed(log);
  return queryOf({ category, keywords, app: facts.app?.value ?? null });
}

describe('what an incident is offered first', () => {
  it.each(rows)('%s -> %s', (log, server) => {
    const [first] = rank(bundledEntries, queryFor(log), allThere);
    expect(first?.entry.name).toBe(server);
    expect(first?.missing).toEqual([]);
    expect(first?.unavailable).toBeNull();
  });

  it.each([
    ['PostgreSQL connection failed', 'postgres', 'DSN'],
    ['Redis ECONNREFUSED', 'redis', 'REDIS_URL'],
  ])('%s: without an address %s is shown as one that needs %s', (log, server, variable) => {
    const ranked = rank(bundledEntries, queryFor(log), noValues);
    const ready = ranked.filter(
      ({ missing, unavailable }) => missing.length === 0 && unavailable === null,
    );
    expect(ready.every(({ entry }) => entry.program.kind === 'bundled')).toBe(true);
    const best = ranked.find(({ missing }) => missing.length > 0);
    expect(best).toMatchObject({ entry: { name: server }, missing: [variable] });
  });

  it.each([
    ['Error: Cannot connect to Docker daemon', 'get_engine_status'],
    ['PostgreSQL connection failed', 'execute_sql'],
    ['Redis ECONNREFUSED', 'info'],
  ])('%s: it is asked with %s, and what of the answer is a fact is said', (log, tool) => {
    const query = queryFor(log);
    const [first] = rank(bundledEntries, query, allThere);
    const questions = first ? questionsFor(first.entry, query) : [];
    expect(questions[0]).toMatchObject({ server: first?.entry.name, tool });
    expect(questions[0]?.cites?.length).toBeGreaterThan(0);
  });

  it('offers redis by npm where Python packages cannot run', () => {
    const facts = {
      ...allThere,
      unavailable: { pypi: 'Packages of PyPI need uv, which is not here.' },
    };
    const ranked = rank(bundledEntries, queryFor('Redis ECONNREFUSED'), facts);
    expect(ranked[0]?.entry.name).toBe('redis-keys');
    expect(ranked.find(({ entry }) => entry.name === 'redis')?.unavailable).toMatch(/uv/);
  });
});
