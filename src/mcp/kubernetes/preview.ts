import type { V1Deployment } from '@kubernetes/client-node';
import { z } from 'zod';

import { exactCall } from '../../base/exactCall';
import { makeChange } from './changes';
import type { Change } from './changes';
import type { Cluster } from './cluster';
import { readDeployment } from './deployments';
import type { Place } from './kubeconfig';
import { ownerOfReplicas } from './owners';
import { isProtected } from './protected';

/** A change as a person sees it before it happens. */
export const changePreview = z.object({
  call: z.string().describe('The exact call, as it is asked about and approved'),
  question: z.string().describe('What the person is asked before it is done'),
  now: z.string(),
  after: z.string(),
  replicas: z.number().describe('How many pods are wanted now'),
  warnings: z.array(z.string()).describe('What the person should know before saying yes'),
  refusal: z.string().nullable().describe('Why it is not done, and what to do instead'),
});

export type ChangePreview = z.infer<typeof changePreview>;

/**
 * What a change would do. The server tries it without keeping anything, so that rights and admission
 * are asked before the person is.
 * @throws what the server says against it
 */
export async function previewChange(cluster: Cluster, change: Change): Promise<ChangePreview> {
  const { place } = cluster;
  const deployment = await readDeployment(cluster, change.deployment);
  const refusal = await refusalOf(cluster, deployment, change);
  if (refusal === null) await makeChange(cluster, change, 'try');
  const { tool, ...arguments_ } = change;
  const { context, namespace } = place;
  const { now, after } = nowAndAfter(deployment, change);
  const warnings = warningsOf(deployment, change);
  return {
    call: exactCall(tool, { context, namespace, ...arguments_ }),
    question: [question(place, change), `Now: ${now}. After: ${after}.`, ...warnings].join(' '),
    now,
    after,
    replicas: replicasOf(deployment),
    warnings,
    refusal,
  };
}

function question(place: Place, change: Change): string {
  const where = `namespace ${place.namespace} of context ${place.context}`;
  return change.tool === 'restart_deployment'
    ? `Restart deployment ${change.deployment} in ${where}?`
    : `Scale deployment ${change.deployment} in ${where} to ${change.replicas}?`;
}

async function refusalOf(
  cluster: Cluster,
  deployment: V1Deployment,
  change: Change,
): Promise<string | null> {
  const { namespace } = cluster.place;
  if (isProtected(namespace)) {
    return `Namespace ${namespace} is protected (setting warRoom.protectedNamespaces), so nothing is changed in it.`;
  }
  if (change.tool === 'scale_deployment') return await ownerOfReplicas(cluster, deployment);
  return deployment.spec?.paused
    ? `Deployment ${change.deployment} is paused, so a restart would do nothing: resume it first (kubectl rollout resume).`
    : null;
}

function replicasOf({ spec }: V1Deployment): number {
  return spec?.replicas ?? 1;
}

function nowAndAfter(deployment: V1Deployment, change: Change): { now: string; after: string } {
  const wanted = replicasOf(deployment);
  const ready = deployment.status?.readyReplicas ?? 0;
  if (change.tool === 'scale_deployment') {
    return {
      now: `${pods(wanted)}, ${ready} ready`,
      after: pods(change.replicas),
    };
  }
  const last = deployment.spec?.template.metadata?.annotations?.[restartMark];
  return {
    now: `${pods(wanted)}, ${ready} ready${last ? `, last restarted ${last}` : ''}`,
    after: `${pods(wanted)} of the same template, all new`,
  };
}

const restartMark = 'kubectl.kubernetes.io/restartedAt';

function pods(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}

function warningsOf(deployment: V1Deployment, change: Change): string[] {
  const { metadata, spec } = deployment;
  const wanted = replicasOf(deployment);
  if (change.tool === 'restart_deployment') {
    return [
      ...(spec?.strategy?.type === 'Recreate'
        ? [
            'The strategy is Recreate: every pod is stopped before a new one starts, so the service is down until the new ones are ready.',
          ]
        : []),
      ...(wanted === 0 ? ['No pod is wanted now, so there is none to restart.'] : []),
    ];
  }
  return [
    ...(change.replicas === 0 ? ['With no pod the service is down.'] : []),
    ...(metadata?.labels?.['app.kubernetes.io/managed-by'] === 'Helm'
      ? ['It comes from Helm: the next upgrade sets the replicas of the chart again.']
      : []),
  ];
}
