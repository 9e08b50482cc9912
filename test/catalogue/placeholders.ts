import type { CatalogueEntry, Variable } from '../../src/catalog/entry';

/** A kubeconfig of a cluster that is not there. */
const kubeconfig = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'recording',
  contexts: [{ name: 'recording', context: { cluster: 'recording', user: 'recording' } }],
  clusters: [{ name: 'recording', cluster: { server: 'https://127.0.0.1:6443' } }],
  users: [{ name: 'recording', user: { token: 'recording' } }],
});

/** Values that servers check the form of before they start. Nothing behind them exists. */
const special: Readonly<Record<string, string>> = {
  DT_ENVIRONMENT: 'https://abc12345.apps.dynatrace.com',
  DT_PLATFORM_TOKEN: 'dt0s16.RECORDING.RECORDING',
  NEWRELIC_ACCOUNT_ID: '1',
  KAFKA_BOOTSTRAP: '127.0.0.1:9092',
  BOOTSTRAP_SERVERS: '127.0.0.1:9092',
  AWS_REGION: 'us-east-1',
  CLICKHOUSE_HOST: '127.0.0.1',
  MDB_MCP_CONNECTION_STRING: 'mongodb://127.0.0.1:27017',
  OPENSEARCH_NO_AUTH: 'true',
};

/**
 * Servers that do not start without what they speak to, or without real credentials; a person who
 * records names it, else they are not tried.
 */
export const needsLive: Readonly<Record<string, readonly string[]>> = {
  postgres: ['DSN'],
  mariadb: ['DSN'],
  mysql: ['MYSQL_HOST', 'MYSQL_PORT', 'MYSQL_USER', 'MYSQL_PASS'],
  redis: ['REDIS_URL'],
  'redis-keys': ['REDIS_URL'],
  docker: ['DOCKER_HOST'],
  slack: ['SLACK_MCP_XOXB_TOKEN'],
};

/**
 * What a server is started with when it is recorded: what `RECORD_<SERVER>_<VARIABLE>` says, else a
 * value that leads nowhere.
 */
export function recordingValues(
  entry: CatalogueEntry,
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const values = entry.environment
    .filter(({ required, name }) => required || name in special)
    .map((variable) => [variable.name, placeholder(variable)] as const);
  const live = (needsLive[entry.name] ?? []).flatMap((name) => {
    const value = environment[recordingVariable(entry.name, name)];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...values, ...live]);
}

/** True for a server that cannot start with what there is. */
export function lacksLive(entry: CatalogueEntry, environment: NodeJS.ProcessEnv): boolean {
  return (needsLive[entry.name] ?? []).some(
    (name) => environment[recordingVariable(entry.name, name)] === undefined,
  );
}

function recordingVariable(server: string, variable: string): string {
  return `RECORD_${server}_${variable}`.toUpperCase().replace(/-/g, '_');
}

function placeholder({ name, mint, isEndpoint, default: usual }: Variable): string {
  return (
    special[name] ??
    usual ??
    (mint === 'kubeconfig' ? kubeconfig : isEndpoint ? 'http://127.0.0.1:9' : 'recording')
  );
}
