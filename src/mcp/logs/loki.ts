import { shown } from '../shared/http';
import { ToolError } from '../shared/tool';
import { newestLines } from './loki/api';
import { findStreams, newestContainers } from './loki/find';
import type { FoundStreams } from './loki/find';
import { lastLines } from './loki/lastLines';
import type { LastLines } from './loki/lastLines';
import { configuredLoki } from './loki/place';
import type { Loki } from './loki/place';
import { containerOf, knowsNamespaces, namesOf, otherClusterOf, queryOf } from './loki/streams';
import { mostContainers } from './source';
import type { ContainerLog, Found, ServiceLogQuery } from './source';

/** As of a pod's log. */
const mostBytes = 4 * 1024 * 1024;

/** True where a Loki is named. */
export function isLokiNamed(environment: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(environment['WAR_ROOM_LOKI_URL']);
}

/**
 * Reads the logs of the containers of a service from Loki, also of those that are gone.
 * @param except pods whose logs are not wanted
 * @throws ToolError when no Loki is named, it does not answer, or refuses
 */
export async function readLokiLogs(
  query: ServiceLogQuery,
  signal: AbortSignal,
  except: readonly string[] = [],
): Promise<Found> {
  const loki = await configuredLoki(process.env);
  if (!loki) {
    throw new ToolError(
      'No Loki is known: set WAR_ROOM_LOKI_URL (setting warRoom.loki.url) to its base address, for example http://localhost:3100.',
    );
  }
  const found = await findStreams(loki, query, signal);
  const most = mostContainers + 1;
  const containers = await newestContainers(loki, found, { most, except }, signal);
  const read = containers.slice(0, mostContainers);
  const names = namesOf(read, query.context);
  const logs = await Promise.all(
    read.map(async (labels, position) => {
      const last = await readContainer(loki, found, containerOf(labels), query.tail, signal);
      const otherCluster = otherClusterOf(labels, query.context);
      return { name: names[position] ?? query.service, otherCluster, ...last };
    }),
  );
  const tenant = loki.tenant === null ? '' : ` (tenant ${loki.tenant})`;
  return {
    source: 'loki',
    where: `${shown(loki.base)}${tenant}, ${found.time}`,
    logs: logs.map(({ name, otherCluster, lines }) => ({ name, otherCluster, lines })),
    unseen: [
      ...(query.namespace !== undefined && !knowsNamespaces(found.known)
        ? ['Loki has no label for namespaces, so these lines may be of any.']
        : []),
      ...(containers.length > mostContainers
        ? [`Loki has more containers, which wrote before these ${mostContainers}.`]
        : []),
      ...logs.flatMap(({ name, isCut }) =>
        isCut ? [`Loki has earlier lines of ${name}, of which the last 4 MiB were read.`] : [],
      ),
      ...otherClusters(logs, query.context),
    ],
  };
}

function otherClusters(logs: readonly ContainerLog[], context = ''): string[] {
  const names = new Set(logs.flatMap(({ otherCluster }) => otherCluster ?? []));
  return [...names].map(
    (name) => `Loki has lines of the cluster ${name}, which the context ${context} does not name.`,
  );
}

async function readContainer(
  loki: Loki,
  { matchers, known, span }: FoundStreams,
  container: FoundStreams['matchers'],
  tail: number,
  signal: AbortSignal,
): Promise<LastLines> {
  const query = queryOf([...matchers, ...container], known);
  return await lastLines(
    (end, limit) => newestLines(loki, query, { ...span, end }, limit, signal),
    { end: span.end, tail, mostBytes },
  );
}
