import type { V1Deployment, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';

import type { Cluster } from './cluster';

/** What tells that a GitOps tool applies an object again and again, by label or annotation. */
const gitOpsMarks: Readonly<Record<string, string>> = {
  'argocd.argoproj.io/instance': 'Argo CD',
  'argocd.argoproj.io/tracking-id': 'Argo CD',
  'kustomize.toolkit.fluxcd.io/name': 'Flux',
  'helm.toolkit.fluxcd.io/name': 'Flux',
};

/** KEDA writes its object's name on the autoscaler that it makes. */
const kedaMark = 'scaledobject.keda.sh/name';

/**
 * Who would set the replicas of a deployment back, with where to change them instead, in one
 * sentence; null when nobody does.
 */
export async function ownerOfReplicas(
  cluster: Cluster,
  deployment: V1Deployment,
): Promise<string | null> {
  const autoscaler = await autoscalerOf(cluster, deployment.metadata?.name ?? '');
  return autoscaler ? autoscaled(autoscaler) : gitOps(deployment);
}

/** The autoscaler of a deployment. KEDA and others have one made for them. */
export async function autoscalerOf(
  cluster: Cluster,
  deployment: string,
): Promise<V2HorizontalPodAutoscaler | undefined> {
  const { namespace } = cluster.place;
  const { items } = await cluster.autoscaling.listNamespacedHorizontalPodAutoscaler({
    namespace,
    limit: 500,
  });
  return items.find(({ spec }) => {
    const target = spec?.scaleTargetRef;
    return target?.kind === 'Deployment' && target.name === deployment;
  });
}

function autoscaled({ metadata, spec }: V2HorizontalPodAutoscaler): string {
  const bounds = `${spec?.minReplicas ?? 1} to ${spec?.maxReplicas ?? '?'}`;
  const keda = metadata?.labels?.[kedaMark];
  return keda
    ? `KEDA's ScaledObject ${keda} sets the replicas (${bounds}) and would undo it: change minReplicaCount and maxReplicaCount there.`
    : `The HorizontalPodAutoscaler ${metadata?.name} sets the replicas (${bounds}) and would undo it: change minReplicas and maxReplicas there.`;
}

function gitOps({ metadata }: V1Deployment): string | null {
  const marks = { ...metadata?.labels, ...metadata?.annotations };
  const found = Object.keys(gitOpsMarks).find((mark) => marks[mark] !== undefined);
  return found === undefined
    ? null
    : `${gitOpsMarks[found]} applies this deployment from git (${found}: ${marks[found]}) and would undo it: change the replicas in git.`;
}
