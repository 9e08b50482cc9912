import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { dockerFolder } from '../../base/dockerFolder';
import { WarRoomError } from '../../base/errors';
import { readIfThere } from '../../base/privateFiles';

/** Where a container engine listens. */
export interface EnginePlace {
  /** As a person would set it in DOCKER_HOST, for example `unix:///var/run/docker.sock`. */
  address: string;
  connection: EngineConnection;
}

export type EngineConnection =
  /** A unix socket, or a named pipe of Windows. */
  { socketPath: string } | { host: string; port: number; tls: EngineTls | null };

/** What a connection over TLS shows and trusts, in PEM. */
export interface EngineTls {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  rejectUnauthorized: boolean;
}

/** What decides where an engine is looked for. */
export interface EngineSurroundings {
  environment: Readonly<Record<string, string | undefined>>;
  /** The person's home folder. */
  home: string;
  platform: NodeJS.Platform;
  /** The user's number; null on Windows. */
  uid: number | null;
}

/** The places to try, in order. */
export interface EnginePlaces {
  /** What named the only place: `DOCKER_HOST`, or a docker context; null for the usual places. */
  namedBy: string | null;
  places: readonly EnginePlace[];
}

/**
 * Where an engine may be, as docker's own command decides it: DOCKER_HOST, the chosen docker
 * context, else the usual sockets that are there.
 * @throws code `engine-unavailable` when what is named is of a kind that is not supported
 */
export async function enginePlaces(surroundings: EngineSurroundings): Promise<EnginePlaces> {
  const { environment } = surroundings;
  if (environment['DOCKER_HOST']) {
    const place = await hostPlace(environment['DOCKER_HOST'], surroundings);
    return { namedBy: 'DOCKER_HOST', places: [place] };
  }
  const context = await currentContext(surroundings);
  if (context !== null) {
    const place = await contextPlace(context, surroundings);
    return { namedBy: `the docker context "${context}"`, places: [place] };
  }
  const sockets = await Promise.all(
    usualSockets(surroundings).map(async (path) => ((await isThere(path)) ? [path] : [])),
  );
  return { namedBy: null, places: sockets.flat().map(socketPlace) };
}

/** Sockets of Docker, Docker Desktop, rootless Docker, Colima and others, and Podman. */
export function usualSockets({
  environment,
  home,
  platform,
  uid,
}: EngineSurroundings): readonly string[] {
  const pipes = ['docker_engine', 'dockerDesktopLinuxEngine', 'podman-machine-default'];
  if (platform === 'win32') return pipes.map((name) => `//./pipe/${name}`);
  const runtime = environment['XDG_RUNTIME_DIR'] ?? `/run/user/${uid ?? 0}`;
  const machines = join(home, '.local', 'share', 'containers', 'podman', 'machine');
  return [
    '/var/run/docker.sock',
    join(runtime, 'docker.sock'),
    join(home, '.docker', 'run', 'docker.sock'),
    join(home, '.docker', 'desktop', 'docker.sock'),
    ...(environment['COLIMA_HOME']
      ? [join(environment['COLIMA_HOME'], 'default', 'docker.sock')]
      : []),
    join(home, '.colima', 'default', 'docker.sock'),
    join(home, '.config', 'colima', 'default', 'docker.sock'),
    join(home, '.orbstack', 'run', 'docker.sock'),
    join(home, '.rd', 'docker.sock'),
    join(runtime, 'podman', 'podman.sock'),
    join(machines, 'podman.sock'),
    join(machines, 'qemu', 'podman.sock'),
    '/run/podman/podman.sock',
  ];
}

async function hostPlace(
  host: string,
  { environment, home }: EngineSurroundings,
): Promise<EnginePlace> {
  const isVerified = Boolean(environment['DOCKER_TLS_VERIFY']);
  const folder = environment['DOCKER_CERT_PATH'] ?? dockerFolder({ environment, home });
  const tls = isVerified ? await readTls(folder, true) : null;
  return placeAt(host, 'DOCKER_HOST', tls);
}

/** @param tls null: only an `https` address is spoken to over TLS */
function placeAt(address: string, namedBy: string, tls: EngineTls | null): EnginePlace {
  const [, kind = 'tcp', rest = ''] = /^(?:(\w+):\/\/)?(.*)$/.exec(address) ?? [];
  if (kind === 'unix' || kind === 'npipe') {
    return { address, connection: { socketPath: rest } };
  }
  const url = ['tcp', 'http', 'https'].includes(kind) ? parse(`http://${rest}`) : null;
  if (url === null) {
    throw new WarRoomError(
      'engine-unavailable',
      `${namedBy} names the container engine ${address}, and only unix, npipe and tcp addresses are supported: choose one of these${kind === 'ssh' ? ', for example a socket forwarded by `ssh -L`' : ''}.`,
    );
  }
  const secure = kind === 'https' ? (tls ?? { rejectUnauthorized: true }) : tls;
  const port = Number(url.port || (secure ? 2376 : 2375));
  return {
    address,
    connection: { host: url.hostname.replace(/^\[|\]$/g, ''), port, tls: secure },
  };
}

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}

function socketPlace(socketPath: string): EnginePlace {
  const scheme = socketPath.startsWith('//./pipe/') ? 'npipe' : 'unix';
  return { address: `${scheme}://${socketPath}`, connection: { socketPath } };
}

/** The name of the docker context that was chosen; null when it is the default one. */
async function currentContext(surroundings: EngineSurroundings): Promise<string | null> {
  const chosen =
    surroundings.environment['DOCKER_CONTEXT'] ??
    (await readJson<{ currentContext?: unknown }>(dockerFolder(surroundings), 'config.json'))
      ?.currentContext;
  return typeof chosen === 'string' && chosen !== '' && chosen !== 'default' ? chosen : null;
}

async function contextPlace(name: string, surroundings: EngineSurroundings): Promise<EnginePlace> {
  const contexts = join(dockerFolder(surroundings), 'contexts');
  const folder = createHash('sha256').update(name).digest('hex');
  const meta = await readJson<ContextMeta>(contexts, 'meta', folder, 'meta.json');
  const endpoint = meta?.Endpoints?.docker;
  if (typeof endpoint?.Host !== 'string' || endpoint.Host === '') {
    throw new WarRoomError(
      'engine-unavailable',
      `The docker context "${name}" names no container engine: choose another one with \`docker context use\`.`,
    );
  }
  const tls = await readTls(join(contexts, 'tls', folder, 'docker'), !endpoint.SkipTLSVerify);
  const isSecure =
    tls.ca !== undefined || tls.cert !== undefined || endpoint.SkipTLSVerify === true;
  return placeAt(endpoint.Host, `The docker context "${name}"`, isSecure ? tls : null);
}

interface ContextMeta {
  Endpoints?: { docker?: { Host?: unknown; SkipTLSVerify?: boolean } };
}

async function readTls(folder: string, rejectUnauthorized: boolean): Promise<EngineTls> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readIfThere(join(folder, name))),
  );
  return { ca, cert, key, rejectUnauthorized };
}

/** Undefined when the file is missing or no JSON: docker's own command says more about it. */
async function readJson<T>(...path: readonly string[]): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(join(...path), 'utf8')) as T;
  } catch {
    return undefined;
  }
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
