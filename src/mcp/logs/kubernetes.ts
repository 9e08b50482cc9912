import { withCluster } from '../kubernetes/cluster';
import type { Cluster } from '../kubernetes/cluster';
import { readContainerLog } from '../kubernetes/podLogs';
import { podsOfService, startedContainers } from '../kubernetes/servicePods';
import { mostContainers, toLines } from './source';
import type { ContainerLog, Found, ServiceLogQuery } from './source';

/** Reads the logs of the pods of a service from the cluster. */
export async function readKubernetesLogs(
  query: ServiceLogQuery,
  signal: AbortSignal,
): Promise<Found> {
  return await withCluster(query, signal, async (cluster) => {
    const pods = await podsOfService(cluster, query.service);
    const logs = await Promise.all(
      pods
        .flatMap(startedContainers)
        .slice(0, mostContainers)
        .map((one) => readLog(cluster, one, query)),
    );
    const { context, namespace, assumed } = cluster.place;
    const where = assumed ?? `context ${context}, namespace ${namespace}`;
    const names = pods.flatMap(({ metadata }) => metadata?.name ?? []);
    return { source: 'kubernetes', where, logs, unseen: [], pods: { context, namespace, names } };
  });
}

async function readLog(
  cluster: Cluster,
  { pod, container }: { pod: string; container: string },
  { since, tail }: ServiceLogQuery,
): Promise<ContainerLog> {
  const text = await readContainerLog(cluster, pod, { tail, container, since: since ?? undefined });
  return { name: `${pod}/${container}`, lines: toLines(text) };
}
