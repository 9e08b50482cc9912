import type { V1Deployment, V1ReplicaSet } from '@kubernetes/client-node';
import { z } from 'zod';

import { table } from '../shared/text';
import type { Cluster } from './cluster';
import { describeContainer, labelled } from './describeContainer';
import { describeEvents } from './events';
import type { EventSummary } from './events';
import { field, lines, render, section } from './page';
import { isoOrNull } from './podStatus';
import { longTime } from './time';

export const deploymentSummary = z.object({
  name: z.string(),
  namespace: z.string(),
  desired: z.number(),
  ready: z.number(),
  upToDate: z.number(),
  available: z.number(),
  createdAt: z.string().nullable(),
});

export const revision = z.object({
  revision: z.number(),
  createdAt: z.string().nullable(),
  replicas: z.number(),
  images: z.array(z.string()),
  cause: z.string().nullable(),
});

export type Revision = z.infer<typeof revision>;

export function summariseDeployment(deployment: V1Deployment): z.infer<typeof deploymentSummary> {
  const { metadata, spec, status } = deployment;
  return {
    name: metadata?.name ?? '',
    namespace: metadata?.namespace ?? '',
    desired: spec?.replicas ?? 1,
    ready: status?.readyReplicas ?? 0,
    upToDate: status?.updatedReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    createdAt: isoOrNull(metadata?.creationTimestamp),
  };
}

export async function readDeployment(cluster: Cluster, name: string): Promise<V1Deployment> {
  return await cluster.apps.readNamespacedDeployment({ name, namespace: cluster.place.namespace });
}

/** A label selector as the API takes it; null when the deployment selects in a way that none can say. */
export function selectorOf(deployment: V1Deployment): string | null {
  const labels = deployment.spec?.selector.matchLabels ?? {};
  if ((deployment.spec?.selector.matchExpressions ?? []).length > 0) return null;
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** More than any deployment keeps with the usual limit of 10. */
const mostRevisions = 200;

/** The revisions of a deployment that the cluster still knows, oldest first. */
export async function listRevisions(
  cluster: Cluster,
  deployment: V1Deployment,
): Promise<Revision[]> {
  const list = await cluster.apps.listNamespacedReplicaSet({
    namespace: cluster.place.namespace,
    labelSelector: selectorOf(deployment) ?? undefined,
    limit: mostRevisions,
  });
  return list.items
    .filter(({ metadata }) =>
      metadata?.ownerReferences?.some(({ uid }) => uid === deployment.metadata?.uid),
    )
    .map(summariseRevision)
    .sort((a, b) => a.revision - b.revision);
}

function summariseRevision({ metadata, spec }: V1ReplicaSet): Revision {
  return {
    revision: Number(metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? 0),
    createdAt: isoOrNull(metadata?.creationTimestamp),
    replicas: spec?.replicas ?? 0,
    images: (spec?.template?.spec?.containers ?? []).map(({ image }) => image ?? ''),
    cause: metadata?.annotations?.['kubernetes.io/change-cause'] ?? null,
  };
}

export function revisionTable(revisions: readonly Revision[]): string {
  const rows = revisions.map((one) => [
    String(one.revision),
    one.createdAt ?? '<unknown>',
    String(one.replicas),
    one.images.join(', '),
    one.cause ?? '<none>',
  ]);
  return table(['REVISION', 'CREATED', 'REPLICAS', 'IMAGES', 'CHANGE-CAUSE'], rows);
}

/** How far the newest revision is, in the words of `kubectl rollout status`. */
export function rolloutState(deployment: V1Deployment): {
  done: boolean;
  /** It stopped before it was done, and does not go on by itself. */
  failed: boolean;
  message: string;
} {
  const { metadata, spec, status } = deployment;
  const name = `deployment "${metadata?.name}"`;
  const wanted = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const waiting = (what: string) => ({
    done: false,
    failed: false,
    message: `Waiting for ${name} rollout to finish: ${what}...`,
  });
  if ((metadata?.generation ?? 0) > (status?.observedGeneration ?? 0)) {
    const message = `Waiting for ${name} spec update to be observed...`;
    return { done: false, failed: false, message };
  }
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return {
      done: false,
      failed: true,
      message: `${name} exceeded its progress deadline: ${progressing.message}`,
    };
  }
  if (updated < wanted) {
    return waiting(`${updated} out of ${wanted} new replicas have been updated`);
  }
  const old = (status?.replicas ?? 0) - updated;
  if (old > 0) return waiting(`${old} old replicas are pending termination`);
  const available = status?.availableReplicas ?? 0;
  if (available < updated) {
    return waiting(`${available} of ${updated} updated replicas are available`);
  }
  return { done: true, failed: false, message: `${name} successfully rolled out` };
}

/** The text of `kubectl describe deployment`. */
export function describeDeployment(
  deployment: V1Deployment,
  revisions: readonly Revision[],
  events: readonly EventSummary[],
): string {
  const { metadata, spec, status } = deployment;
  const conditions = (status?.conditions ?? []).map(({ type, status: met, reason, message }) => [
    type,
    met,
    reason ?? '',
    message ?? '',
  ]);
  const counts = [
    `${spec?.replicas ?? 1} desired`,
    `${status?.updatedReplicas ?? 0} updated`,
    `${status?.replicas ?? 0} total`,
    `${status?.availableReplicas ?? 0} available`,
    `${status?.unavailableReplicas ?? 0} unavailable`,
  ];
  const rolling = spec?.strategy?.rollingUpdate;
  return render([
    field('Name', metadata?.name),
    field('Namespace', metadata?.namespace),
    field('CreationTimestamp', longTime(metadata?.creationTimestamp)),
    labelled('Labels', metadata?.labels),
    labelled('Annotations', metadata?.annotations, ': '),
    labelled('Selector', spec?.selector.matchLabels),
    field('Replicas', counts.join(' | ')),
    field('StrategyType', spec?.strategy?.type),
    field('MinReadySeconds', String(spec?.minReadySeconds ?? 0)),
    ...(rolling
      ? [
          field(
            'RollingUpdateStrategy',
            `${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`,
          ),
        ]
      : []),
    section('Pod Template', [
      labelled('Labels', spec?.template.metadata?.labels),
      field('Service Account', spec?.template.spec?.serviceAccountName),
      section(
        'Containers',
        (spec?.template.spec?.containers ?? []).map((one) => describeContainer(one, undefined)),
      ),
    ]),
    section('Conditions', [
      lines(table(['Type', 'Status', 'Reason', 'Message'], conditions).split('\n')),
    ]),
    section('Revisions', [lines(revisionTable(revisions).split('\n'))]),
    describeEvents(events),
  ]);
}
