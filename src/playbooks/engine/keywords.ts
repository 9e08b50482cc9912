import type { Citation } from '../../incident/evidence';

/** Technologies by the words that give them away, for the search of servers. */
const technologies: Readonly<Record<string, RegExp>> = {
  docker: /docker/i,
  postgresql: /postgres|psycopg|\bpg[-_. :]|:5432\b|npgsql/i,
  mysql: /mysql|mariadb|:3306\b/i,
  mongodb: /mongo|:27017\b/i,
  redis: /redis|valkey|jedis|lettuce|:6379\b/i,
  memcached: /memcache|:11211\b|memjs/i,
  kafka: /kafka|:9092\b/i,
  rabbitmq: /rabbit|amqp|:5672\b/i,
  elasticsearch: /elastic|:9200\b/i,
  nginx: /nginx|upstream/i,
  kubernetes: /kube|\bpod\b|OOMKilled|CrashLoopBackOff|FailedScheduling|probe failed/i,
  'node.js': /node_modules|node:internal|Node\.js|V8|at .*\.js:\d/i,
  java: /java\.|\.java:\d|javax\.|org\.springframework/i,
  python: /Traceback|\.py"|python/i,
  go: /goroutine|\.go:\d|panic: /,
  ruby: /\.rb:\d/i,
  php: /PHP |\.php/i,
  dotnet: /System\.\w+Exception|\.cs:line/i,
};

/** The category's own words, then the technologies that the cited lines show. */
export function keywordsOf(own: readonly string[], cited: readonly Citation[]): string[] {
  const text = cited.map((citation) => citation.text).join('\n');
  const seen = Object.entries(technologies)
    .filter(([, word]) => word.test(text))
    .map(([name]) => name);
  return [...new Set([...seen, ...own])];
}
