import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';

import { KubeConfig } from '@kubernetes/client-node';
import type { Cluster } from '@kubernetes/client-node';

import { withDeadline } from '../../base/deadline';
import { WarRoomError, messageOf } from '../../base/errors';
import { isLoopback } from '../../base/loopback';

const credentialsDeadlineMs = 15_000;
/**
 * In the certificate of an API server whatever address it is reached by: kubeadm, kind, minikube and
 * k3s all write it. Longer forms of it are missing where a cluster was set up by hand.
 */
const nameInCertificate = 'kubernetes.default';

/** A kubeconfig that was made for one server in a container. */
export interface MintedKubeconfig {
  /** YAML (JSON, which is YAML). It holds credentials. */
  content: string;
  /** `host:port` of the API server as the container reaches it. */
  host: string;
  /** For the prompt, for example "a kubeconfig for the context prod, with a token". */
  says: string;
}

export interface MintRequest {
  /** Context of the person's kubeconfig; null where it has only one. */
  context: string | null;
  /** Name by which a container reaches the person's machine. */
  gateway: string;
}

/**
 * Makes a kubeconfig with one context of the person's own: credential plugins are run here, files
 * are read here, and an API server on loopback is addressed as a container reaches it.
 * @throws code `not-found` when there is no such context, or several and none was named;
 * `server-failed` when its credentials cannot be had
 */
export async function mintKubeconfig(
  { context, gateway }: MintRequest,
  signal: AbortSignal,
): Promise<MintedKubeconfig> {
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new WarRoomError('not-found', `The kubeconfig cannot be read: ${messageOf(error)}.`);
  }
  const name = chosenContext(config, context);
  config.setCurrentContext(name);
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    throw new WarRoomError('not-found', `The context ${name} of the kubeconfig names no cluster.`);
  }
  const options: RequestOptions = {};
  try {
    await withDeadline('Asking for credentials', credentialsDeadlineMs, signal, () =>
      config.applyToHTTPSOptions(options),
    );
  } catch (error) {
    if (WarRoomError.is(error, 'cancelled')) throw error;
    const why = messageOf(error);
    throw new WarRoomError('server-failed', `The context ${name} has no credentials: ${why}`);
  }
  const address = new URL(cluster.server);
  const user = credentials(options);
  const namespace = config.getContextObject(name)?.namespace;
  return {
    content: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: [{ name, cluster: clusterFor(cluster, address, options, gateway) }],
      users: [{ name, user }],
      contexts: [{ name, context: { cluster: name, user: name, ...(namespace && { namespace }) } }],
    }),
    host: `${meansHere(address.hostname) ? gateway : address.hostname}:${portOf(address)}`,
    says: `a kubeconfig for the context ${name}, ${kindOf(user)}`,
  };
}

function chosenContext(config: KubeConfig, named: string | null): string {
  const known = config.getContexts().map(({ name }) => name);
  const [only] = known;
  if (named === null && only !== undefined && known.length === 1) return only;
  if (named !== null && known.includes(named)) return named;
  throw new WarRoomError(
    'not-found',
    named === null
      ? `The kubeconfig has ${known.length} contexts (${known.join(', ')}): say which is meant with warRoom.clusterContext.`
      : `The kubeconfig has no context ${named}; it has ${known.join(', ') || 'none'}.`,
  );
}

/** The certificate is checked as before: by the name that the server was reached by. */
function clusterFor(
  cluster: Cluster,
  address: URL,
  { ca }: RequestOptions,
  gateway: string,
): Record<string, unknown> {
  const local = meansHere(address.hostname);
  const reached = new URL(address);
  if (local) reached.hostname = gateway;
  const own = isIP(address.hostname.replace(/[[\]]/g, '')) ? nameInCertificate : address.hostname;
  const checkedName = cluster.tlsServerName ?? (local ? own : undefined);
  return {
    server: reached.href.replace(/\/$/, ''),
    ...(ca ? { 'certificate-authority-data': base64(ca) } : {}),
    ...(checkedName && address.protocol === 'https:' ? { 'tls-server-name': checkedName } : {}),
    ...(cluster.skipTLSVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster.proxyUrl ? { 'proxy-url': cluster.proxyUrl } : {}),
  };
}

function credentials({ headers, auth, cert, key }: RequestOptions): Record<string, string> {
  const given = Object.entries(headers ?? {}).find(([name]) => name === 'Authorization')?.[1];
  const bearer = /^Bearer (?<token>.+)$/.exec(String(given))?.groups?.['token'];
  const [username, ...password] = (auth ?? '').split(':');
  return {
    ...(bearer ? { token: bearer } : {}),
    ...(username ? { username, password: password.join(':') } : {}),
    ...(cert && key
      ? { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }
      : {}),
  };
}

function kindOf(user: Record<string, string>): string {
  if ('token' in user) return 'with its token';
  if ('username' in user) return 'with its user name and password';
  return 'client-key-data' in user ? 'with its client certificate and key' : 'without credentials';
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80');
}

/** PEM, in whatever shape Node's TLS takes it. */
function base64(pem: NonNullable<RequestOptions['ca'] | RequestOptions['key']>): string {
  const [first] = Array.isArray(pem) ? pem : [pem];
  const bytes = typeof first === 'object' && 'pem' in first ? first.pem : first;
  return Buffer.from(bytes ?? '').toString('base64');
}

/** True for this machine itself; clusters of one machine also have names below `localhost`. */
export function meansHere(host: string): boolean {
  return isLoopback(host) || host.toLowerCase().endsWith('.localhost');
}
