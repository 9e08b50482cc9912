import { join } from 'node:path';

import type { ServerSpec } from './serverSpec';

/** Where a cluster is found and how it is reached. */
const cluster = ['KUBECONFIG', 'WAR_ROOM_KUBE_CONTEXT', 'WAR_ROOM_KUBE_NAMESPACE'];
const proxy = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS'];
const engine = ['DOCKER_HOST', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'];
/** Where the logs of pods that are gone are kept. */
const loki = [
  'WAR_ROOM_LOKI_URL',
  'WAR_ROOM_LOKI_TENANT',
  'WAR_ROOM_LOKI_USER',
  'WAR_ROOM_LOKI_PASSWORD',
  'WAR_ROOM_LOKI_TOKEN',
  'WAR_ROOM_LOKI_CA_FILE',
];

/**
 * The servers that come with War Room. None keeps anything between two calls, so each is shared.
 * @param folder holds their bundles, `dist/servers`
 */
export function bundledSpecs(folder: string): readonly ServerSpec[] {
  const bundled = (
    name: string,
    environment: readonly string[],
    hosts: readonly string[],
  ): ServerSpec => ({
    name,
    program: { kind: 'bundled', script: join(folder, `${name}.js`) },
    args: [],
    environment,
    state: 'none',
    hosts,
  });
  const endpoints = [
    'WAR_ROOM_STATS_URL',
    'WAR_ROOM_SERVICE_URLS',
    'WAR_ROOM_PROMETHEUS_URL',
    'WAR_ROOM_PROMETHEUS_TOKEN',
    'NODE_EXTRA_CA_CERTS',
  ];
  return [
    bundled('stats', endpoints, ['${WAR_ROOM_STATS_URL}', '${WAR_ROOM_PROMETHEUS_URL}']),
    bundled(
      'kubectl',
      [...cluster, ...proxy, ...loki, 'WAR_ROOM_PROTECTED_NAMESPACES'],
      ['${WAR_ROOM_LOKI_URL}'],
    ),
    bundled(
      'logs',
      [...cluster, ...proxy, ...engine, ...loki],
      ['${DOCKER_HOST}', '${WAR_ROOM_LOKI_URL}'],
    ),
  ];
}

/** The declared variables that have a value. */
export function declaredEnvironment(
  { environment }: ServerSpec,
  source: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    environment.flatMap((name) => {
      const value = source[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}
