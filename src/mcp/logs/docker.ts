import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import type Dockerode from 'dockerode';

import { messageOf } from '../../base/errors';
import { ToolError } from '../shared/tool';
import { demultiplex } from './demultiplex';
import { mostContainers, toLines } from './source';
import type { ContainerLog, Found, ServiceLogQuery } from './source';

const requestDeadlineMs = 10_000;

/** Labels by which compose and swarm say what service a container belongs to. */
const serviceLabels = ['com.docker.compose.service', 'com.docker.swarm.service.name', 'app'];

/** Reads the logs of the containers of a service from the Docker engine. */
export async function readDockerLogs(query: ServiceLogQuery, signal: AbortSignal): Promise<Found> {
  return await withEngine(signal, async (engine, host) => {
    const known = await engine.listContainers({ all: true, abortSignal: within(signal) });
    const containers = containersOf(known, query.service).slice(0, mostContainers);
    const logs = await Promise.all(
      containers.map((container) => readLog(engine, container, query, signal)),
    );
    return { source: 'docker', where: host, logs, unseen: [] };
  });
}

/**
 * Runs `work` with the engine of this person.
 * @throws ToolError when the engine does not answer
 */
export async function withEngine<T>(
  signal: AbortSignal,
  work: (engine: Dockerode, host: string) => Promise<T>,
): Promise<T> {
  const { host, options } = engineAddress(process.env);
  try {
    const { default: Docker } = await import('dockerode');
    return await work(new Docker(options), host);
  } catch (error) {
    signal.throwIfAborted();
    throw new ToolError(
      `The Docker engine at ${host} cannot be reached (${reason(error)}): start Docker, or set DOCKER_HOST.`,
      { cause: error },
    );
  }
}

/**
 * Where the engine is: DOCKER_HOST, else the first usual socket that exists.
 * @throws ToolError when DOCKER_HOST is of a kind that is not supported
 */
export function engineAddress(environment: NodeJS.ProcessEnv): {
  host: string;
  /** Undefined where dockerode reads DOCKER_HOST itself. */
  options: Dockerode.DockerOptions | undefined;
} {
  const host = environment['DOCKER_HOST'];
  if (host) {
    if (!/^(unix|tcp|npipe|https?):\/\//.test(host)) {
      throw new ToolError(
        `DOCKER_HOST is ${host}, which is not supported: use a unix, npipe, tcp or http address.`,
      );
    }
    return { host, options: undefined };
  }
  const sockets =
    process.platform === 'win32'
      ? ['//./pipe/docker_engine']
      : [
          '/var/run/docker.sock',
          join(homedir(), '.docker', 'run', 'docker.sock'),
          ...(process.getuid ? [`/run/user/${process.getuid()}/docker.sock`] : []),
        ];
  const socketPath = sockets.find((path) => existsSync(path)) ?? sockets[0] ?? '';
  return { host: socketPath, options: { socketPath } };
}

/** By label, else by exact name; running ones first, then the newest. */
function containersOf(
  known: readonly Dockerode.ContainerInfo[],
  service: string,
): Dockerode.ContainerInfo[] {
  const labelled = known.filter(({ Labels }) =>
    serviceLabels.some((label) => Labels[label] === service),
  );
  const named = known.filter(({ Names }) => Names.includes(`/${service}`));
  const isRunning = (container: Dockerode.ContainerInfo) => (container.State === 'running' ? 1 : 0);
  return (named.length > 0 ? named : labelled).sort(
    (a, b) => isRunning(b) - isRunning(a) || b.Created - a.Created,
  );
}

async function readLog(
  engine: Dockerode,
  { Id, Names }: Dockerode.ContainerInfo,
  { since, tail }: ServiceLogQuery,
  signal: AbortSignal,
): Promise<ContainerLog> {
  const container = engine.getContainer(Id);
  const { Config } = await container.inspect({ abortSignal: within(signal) });
  const bytes = await container.logs({
    follow: false,
    stdout: true,
    stderr: true,
    tail,
    since: since ? Math.floor(since.getTime() / 1000) : 0,
    abortSignal: within(signal),
  });
  const text = Config.Tty ? bytes.toString('utf8') : demultiplex(bytes);
  return { name: Names[0]?.slice(1) ?? Id.slice(0, 12), lines: toLines(text) };
}

function within(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(requestDeadlineMs)]);
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
}
