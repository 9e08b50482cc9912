import type { Cluster } from './cluster';

/** Restarts a deployment's pods one after the other, as `kubectl rollout restart` does. */
export async function restartDeployment(cluster: Cluster, name: string): Promise<void> {
  const restartedAt = new Date().toISOString();
  await cluster.apps.patchNamespacedDeployment(
    {
      name,
      namespace: cluster.place.namespace,
      fieldManager: 'war-room',
      body: {
        spec: {
          template: {
            metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': restartedAt } },
          },
        },
      },
    },
    cluster.patchOptions,
  );
}

/** Sets a deployment's number of replicas. */
export async function scaleDeployment(
  cluster: Cluster,
  name: string,
  replicas: number,
): Promise<void> {
  await cluster.apps.patchNamespacedDeploymentScale(
    {
      name,
      namespace: cluster.place.namespace,
      fieldManager: 'war-room',
      body: { spec: { replicas } },
    },
    cluster.patchOptions,
  );
}
