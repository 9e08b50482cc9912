import type { V1Pod } from '@kubernetes/client-node';

import type { Cluster } from './cluster';
import { ToolError } from '../shared/tool';

/** Most that is read of one container's log, before it is cut to the answer's size. */
const mostBytes = 4 * 1024 * 1024;

/** Which part of a log is meant. */
export interface LogQuery {
  tail: number;
  /** The log of the container's run before the last restart. */
  previous?: boolean | undefined;
  container?: string | undefined;
  since?: Date | undefined;
}

/** The last lines of a container's log. */
export interface PodLog {
  container: string;
  /** All of the pod. */
  containers: readonly string[];
  text: string;
}

/** Reads the log of the container that was named, else of the one that kubectl would take. */
export async function readPodLog(cluster: Cluster, name: string, query: LogQuery): Promise<PodLog> {
  const { namespace } = cluster.place;
  const pod = await cluster.core.readNamespacedPod({ name, namespace });
  const containers = (pod.spec?.containers ?? []).map((container) => container.name);
  const preferred = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  const container = query.container ?? preferred ?? containers[0] ?? '';
  try {
    const text = await readContainerLog(cluster, name, { ...query, container });
    return { container, containers, text };
  } catch (error) {
    throw error instanceof LogGoneError
      ? new LogGoneError(name, container, runStart(pod, container))
      : error;
  }
}

/** When the run of a container began that it is in, or was in last while none follows. */
function runStart({ status }: V1Pod, container: string): Date | null {
  const state = status?.containerStatuses?.find(({ name }) => name === container)?.state;
  return state?.running?.startedAt ?? state?.terminated?.startedAt ?? null;
}

/** The node has removed the log. */
export class LogGoneError extends ToolError {
  /** @param runStart when the run began that is the container's now; null where none is known */
  constructor(
    readonly pod: string,
    readonly container: string,
    readonly runStart: Date | null = null,
  ) {
    super(`The node has no log of this run of ${pod}/${container} any more.`);
  }
}

/** @throws LogGoneError */
export async function readContainerLog(
  cluster: Cluster,
  pod: string,
  query: LogQuery & { container: string },
): Promise<string> {
  const answer: string | undefined = await cluster.core.readNamespacedPodLog({
    name: pod,
    namespace: cluster.place.namespace,
    container: query.container,
    previous: query.previous,
    tailLines: query.tail,
    sinceSeconds: query.since ? secondsSince(query.since) : undefined,
    limitBytes: mostBytes,
  });
  // The client answers undefined for an empty log, whatever its types say.
  const text = (answer ?? '').replace(/\n$/, '');
  if (/^unable to retrieve container logs for \S+$/.test(text)) {
    throw new LogGoneError(pod, query.container);
  }
  return text;
}

function secondsSince(time: Date): number {
  return Math.max(1, Math.ceil((Date.now() - time.getTime()) / 1000));
}
