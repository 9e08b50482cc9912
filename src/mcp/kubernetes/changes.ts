import type { V1Deployment } from '@kubernetes/client-node';
import { unheardWords } from '../../base/unheard';
import { ToolError } from '../shared/tool';
import type { Cluster } from './cluster';
import { requestDeadlineMs } from './cluster';
import { answeredStatus, systemReason } from './failure';

/** What may be changed in a cluster, in the words of the tools that do it. */
export type Change =
  | { tool: 'restart_deployment'; deployment: string }
  | { tool: 'scale_deployment'; deployment: string; replicas: number };

/**
 * Makes a change: restarts a deployment's pods as `kubectl rollout restart` does, or sets its number
 * of replicas.
 * @param mode `try` has the server check everything, rights and admission too, and keep nothing
 * @throws ToolError with {@link unheardWords} when the server did not say whether it took the change;
 *   what it answered else
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
    const status = answeredStatus(error);
    // A status of 500 and more may come from something between here and a server that did it.
    if (mode === 'try' || (status !== undefined && status < 500)) throw error;
    const why = status === undefined ? unansweredReason(error) : `status ${status}`;
    throw new ToolError(
      `The cluster of context ${cluster.place.context} gave no answer to ${change.tool} (${why}), so ${unheardWords}: look at deployment ${change.deployment} before you do it again.`,
      { cause: error },
    );
  }
}

function unansweredReason(error: unknown): string {
  const late = error instanceof Error && error.name === 'AbortError';
  return late ? `none within ${requestDeadlineMs / 1000} s` : systemReason(error);
}

function restarted(at: Date): Partial<Record<keyof V1Deployment, unknown>> {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': at.toISOString() };
  return { spec: { template: { metadata: { annotations } } } };
}
