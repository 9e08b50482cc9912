import { messageOf } from '../../base/errors';
import { ToolError } from '../shared/tool';
import { readDockerLogs } from './docker';
import { readKubernetesLogs } from './kubernetes';
import { isLokiNamed, readLokiLogs } from './loki';
import type { Found, ReadLogs, ServiceLogQuery, SourceName } from './source';

const readers: Readonly<Record<SourceName, ReadLogs>> = {
  docker: readDockerLogs,
  kubernetes: readKubernetesLogs,
  loki: readLokiLogs,
};

/** Pods that went away before this are not what is asked about, unless somebody says since when. */
const goneLatelyMs = 3_600_000;

/** The logs of a service. */
export interface ServiceLogs {
  found: Found;
  /** What Loki has of pods that are gone from Kubernetes; null for nothing. */
  gone: Found | null;
}

/** What one source said: what it found, and why there is nothing where there is not. */
interface Answer {
  found: Found | null;
  failure: string;
}

/**
 * Reads from the source that was given, else from the one that knows the service: what runs goes
 * before what Loki has kept of it. Behind Kubernetes' own pods stand those that only Loki still has.
 * @throws ToolError when no source knows it or two do
 */
export async function readServiceLogs(
  query: ServiceLogQuery,
  source: SourceName | undefined,
  signal: AbortSignal,
): Promise<ServiceLogs> {
  if (source !== undefined) {
    const found = await readers[source](query, signal);
    if (found.logs.length === 0) throw new ToolError(unknownTo(found, query.service));
    return { found, gone: null };
  }
  const [docker, kubernetes, kept] = await Promise.all([
    ask('docker', query, signal),
    ask('kubernetes', query, signal),
    isLokiNamed() ? ask('loki', query, signal) : null,
  ]);
  signal.throwIfAborted();
  const running = choose([docker, kubernetes].flatMap(knowing), query);
  if (running) return await withKept(running, kept, query, signal);
  const failures = [docker, kubernetes].map(({ failure }) => failure);
  const [last] = kept ? knowing(kept) : [];
  if (last) return { found: unseenOf(last, ...failures), gone: null };
  throw new ToolError([...failures, ...(kept ? [kept.failure] : [])].join(' '));
}

async function ask(name: SourceName, query: ServiceLogQuery, signal: AbortSignal): Promise<Answer> {
  try {
    const found = await readers[name](query, signal);
    return { found, failure: unknownTo(found, query.service) };
  } catch (error) {
    return { found: null, failure: messageOf(error) };
  }
}

function knowing({ found }: Answer): Found[] {
  return found && found.logs.length > 0 ? [found] : [];
}

/** What runs, and what Loki has of it that the source of what runs has not. */
async function withKept(
  found: Found,
  kept: Answer | null,
  query: ServiceLogQuery,
  signal: AbortSignal,
): Promise<ServiceLogs> {
  const { pods } = found;
  if (!kept) return { found, gone: null };
  if (!kept.found) return { found: unseenOf(found, kept.failure), gone: null };
  if (kept.found.logs.length === 0) return { found, gone: null };
  if (!pods) {
    const hint = `Loki has logs of ${query.service} too: ask with source "loki".`;
    return { found: unseenOf(found, hint), gone: null };
  }
  try {
    const since = query.since ?? new Date(Date.now() - goneLatelyMs);
    const { names, ...where } = pods;
    const gone = await readLokiLogs({ ...query, ...where, since }, signal, names);
    return withGone(found, gone);
  } catch (error) {
    signal.throwIfAborted();
    return { found: unseenOf(found, messageOf(error)), gone: null };
  }
}

/** What may be of another cluster's pods, which may well be there, is left out. */
export function withGone(found: Found, gone: Found): ServiceLogs {
  const logs = gone.logs.filter(({ otherCluster }) => otherCluster === undefined);
  const unseen =
    logs.length < gone.logs.length ? [...gone.unseen, 'They were left out.'] : gone.unseen;
  if (logs.length > 0) return { found, gone: { ...gone, logs, unseen } };
  return { found: gone.logs.length > 0 ? unseenOf(found, ...unseen) : found, gone: null };
}

function unseenOf(found: Found, ...sentences: readonly string[]): Found {
  return { ...found, unseen: [...found.unseen, ...sentences] };
}

/** Who names a context or a namespace means the cluster. */
function choose(knowing: readonly Found[], query: ServiceLogQuery): Found | undefined {
  if (knowing.length <= 1) return knowing[0];
  if (query.context !== undefined || query.namespace !== undefined) {
    return knowing.find(({ source }) => source === 'kubernetes');
  }
  throw new ToolError(
    `Both Docker and Kubernetes know a service ${query.service}: say with "source" which one is meant.`,
  );
}

const unknown: Readonly<Record<SourceName, (where: string, service: string) => string>> = {
  docker: (where, service) =>
    `The Docker engine at ${where} has no container of a service ${service}.`,
  kubernetes: (where, service) =>
    `Kubernetes (${where}) has no started pod of a service ${service}.`,
  loki: (where, service) => `Loki (${where}) has no log of a service ${service}.`,
};

function unknownTo({ source, where }: Found, service: string): string {
  return unknown[source](where, service);
}
