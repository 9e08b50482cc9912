import type { V1Deployment } from '@kubernetes/client-node';
import { ToolError } from '../shared/tool';
import type { Cluster } from './cluster';
import { requestDeadlineMs } from './cluster';

/** What may be changed in a cluster, in the words of the tools that do it. */
export type Change =
  | { tool: 'restart_deployment'; deployment: string }
  | { tool: 'scale_deployment'; deployment: string; replicas: number };

/**
 * Makes a change: restarts a deployment's pods as `kubectl rollout restart` does, or sets its number
 * of replicas.
 * @param mode `try` has the server check everything, rights and admission too, and keep nothing
 * @throws ToolError when the server did not answer: then it is not known whether it took the change
 */
export async function makeChange(
  cluster: Cluster,
  change: Change,
  mode: 'try' | 'do',
): Promise<void> {
  const target = {
    name: change.deployment,
    namespace: cluster.place.namespace,
    fieldManager: 'war-room',
    dryRun: mode === 'try' ? 'All' : undefined,
  };
  try {
    if (change.tool === 'restart_deployment') {
      const body = restarted(new Date());
      await cluster.apps.patchNamespacedDeployment({ ...target, body }, cluster.patchOptions);
    } else {
      const body = { spec: { replicas: change.replicas } };
      await cluster.apps.patchNamespacedDeploymentScale({ ...target, body }, cluster.patchOptions);
    }
  } catch (error) {
    const unanswered = error instanceof Error && error.name === 'AbortError';
    if (mode === 'try' || !unanswered) throw error;
    throw new ToolError(
      `The cluster of context ${cluster.place.context} did not answer ${change.tool} within ${requestDeadlineMs / 1000} s, so it is not known whether it was done: look at deployment ${change.deployment} before you do it again.`,
      { cause: error },
    );
  }
}

function restarted(at: Date): Partial<Record<keyof V1Deployment, unknown>> {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': at.toISOString() };
  return { spec: { template: { metadata: { annotations } } } };
}
