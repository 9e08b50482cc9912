import type { V1Pod } from '@kubernetes/client-node';

import type { Cluster } from './cluster';
import { readDeployment, selectorOf } from './deployments';
import { isNotFound } from './failure';

/**
 * The pods behind a name: those of the deployment of that name, else those whose `app` or
 * `app.kubernetes.io/name` label says so. Newest first; empty when the name means nothing here.
 */
export async function podsOfService(cluster: Cluster, service: string): Promise<V1Pod[]> {
  const selectors = [
    await deploymentSelector(cluster, service),
    ...(isLabelValue(service) ? [`app=${service}`, `app.kubernetes.io/name=${service}`] : []),
  ];
  for (const labelSelector of selectors) {
    if (!labelSelector) continue;
    const { namespace } = cluster.place;
    const { items } = await cluster.core.listNamespacedPod({
      namespace,
      labelSelector,
      limit: 100,
    });
    if (items.length > 0) return items.sort((a, b) => startOf(b) - startOf(a));
  }
  return [];
}

/** The containers of a pod that have a log; to ask for that of one that never started is an error. */
export function startedContainers(pod: V1Pod): { pod: string; container: string }[] {
  return (pod.status?.containerStatuses ?? [])
    .filter(({ containerID, lastState }) => containerID ?? lastState?.terminated)
    .map(({ name }) => ({ pod: pod.metadata?.name ?? '', container: name }));
}

async function deploymentSelector(cluster: Cluster, name: string): Promise<string | null> {
  try {
    return selectorOf(await readDeployment(cluster, name));
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

function isLabelValue(text: string): boolean {
  return /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(text);
}

function startOf(pod: V1Pod): number {
  return pod.metadata?.creationTimestamp?.getTime() ?? 0;
}
