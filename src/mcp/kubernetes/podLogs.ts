import type { Cluster } from './cluster';
import { ToolError } from '../shared/tool';

/** Most that is read of one container's log, before it is cut to the answer's size. */
const mostBytes = 4 * 1024 * 1024;

/** Which part of a log is meant. */
export interface LogQuery {
  tail: number;
  /** The log of the container's run before the last restart. */
  previous?: boolean | undefined;
  /** Must be given when the pod has several. */
  container?: string | undefined;
  since?: Date | undefined;
}

/** The last lines of a container's log. */
export async function readPodLog(cluster: Cluster, pod: string, query: LogQuery): Promise<string> {
  const { namespace } = cluster.place;
  const container = query.container ?? (await onlyContainer(cluster, pod));
  const text = await cluster.core.readNamespacedPodLog({
    name: pod,
    namespace,
    container,
    previous: query.previous,
    tailLines: query.tail,
    sinceSeconds: query.since ? secondsSince(query.since) : undefined,
    limitBytes: mostBytes,
  });
  // The generated client answers undefined for an empty log, whatever its types say.
  return ((text as string | undefined) ?? '').replace(/\n$/, '');
}

async function onlyContainer(cluster: Cluster, name: string): Promise<string> {
  const { namespace } = cluster.place;
  const pod = await cluster.core.readNamespacedPod({ name, namespace });
  const names = (pod.spec?.containers ?? []).map((container) => container.name);
  const preferred = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  const chosen = preferred ?? (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined) {
    throw new ToolError(
      `The pod ${name} has several containers (${names.join(', ')}): say with "container" which one is meant.`,
    );
  }
  return chosen;
}

function secondsSince(time: Date): number {
  return Math.max(1, Math.ceil((Date.now() - time.getTime()) / 1000));
}
