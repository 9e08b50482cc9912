import { join } from 'node:path';

/** What the pool must know of a server to start it. */
export interface ServerDefinition {
  /** A script that speaks MCP over standard input and output and ends with its input. */
  script: string;
  /** Names of the environment variables that it declares; it sees no others but PATH and HOME. */
  environment: readonly string[];
}

/** Servers by name. */
export type Catalogue = Readonly<Record<string, ServerDefinition>>;

/** Where a cluster is found and how it is reached. */
const cluster = ['KUBECONFIG', 'WAR_ROOM_KUBE_CONTEXT', 'WAR_ROOM_KUBE_NAMESPACE'];
const proxy = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS'];
const engine = ['DOCKER_HOST', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'];

/**
 * The servers that come with War Room. None keeps anything between two calls, so each is shared.
 * @param folder holds their bundles, `dist/servers`
 */
export function bundledServers(folder: string): Catalogue {
  return {
    stats: {
      script: join(folder, 'stats.js'),
      environment: ['WAR_ROOM_STATS_URL', 'WAR_ROOM_SERVICE_URLS', 'NODE_EXTRA_CA_CERTS'],
    },
    kubectl: { script: join(folder, 'kubectl.js'), environment: [...cluster, ...proxy] },
    logs: { script: join(folder, 'logs.js'), environment: [...cluster, ...proxy, ...engine] },
  };
}
