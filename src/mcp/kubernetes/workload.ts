import type { V1DaemonSet, V1Deployment, V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { z } from 'zod';

import { ToolError } from '../shared/tool';
import type { Cluster } from './cluster';
import { isNotFound } from './failure';

export const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

/** What keeps pods running, whichever of the three it is. */
export interface Workload {
  kind: WorkloadKind;
  object: V1Deployment | V1StatefulSet | V1DaemonSet;
}

/** What is known of the workload that is meant; the first that leads to one counts. */
export interface WorkloadHints {
  kind?: WorkloadKind | undefined;
  name?: string | undefined;
  /** A pod of it, which need not be there any more. */
  pod?: string | undefined;
  /** The application, by name or by its labels. */
  app?: string | undefined;
}

export const workloadSummary = z.object({
  kind: z.enum(workloadKinds),
  name: z.string(),
  namespace: z.string(),
  generation: z.number(),
  observedGeneration: z.number(),
  desired: z.number(),
  /** Pods of the newest template. */
  updated: z.number(),
  ready: z.number(),
});

/**
 * Finds the workload that is meant: by its name, by the owners of a pod, or by an application's name
 * and labels.
 * @throws ToolError when there is none, and with their names when there are several
 */
export async function findWorkload(cluster: Cluster, hints: WorkloadHints): Promise<Workload> {
  const { kind, name, pod, app } = hints;
  const kinds = kind ? [kind] : workloadKinds;
  const named = name ? await byName(cluster, kinds, name) : [];
  const owned = named.length === 0 && pod ? await byPod(cluster, pod) : [];
  const exact = named.length + owned.length === 0 && app ? await byName(cluster, kinds, app) : [];
  const labelled =
    named.length + owned.length + exact.length === 0 && app ? await byLabels(cluster, app) : [];
  const found = [...named, ...owned, ...exact, ...labelled];
  const [first, ...others] = found;
  const meant = name ?? app ?? pod ?? 'that name';
  if (first && others.length === 0) return first;
  const where = `namespace ${cluster.place.namespace} of context ${cluster.place.context}`;
  if (!first) throw new ToolError(`No workload of ${meant} is in ${where}: check its name.`);
  const names = found.map((one) => `${one.kind}/${one.object.metadata?.name}`).join(', ');
  throw new ToolError(`Several workloads of ${meant} are in ${where}: ${names}; name one.`);
}

export function summariseWorkload({ kind, object }: Workload): z.infer<typeof workloadSummary> {
  const { metadata, status } = object;
  return {
    kind,
    name: metadata?.name ?? '',
    namespace: metadata?.namespace ?? '',
    generation: metadata?.generation ?? 0,
    observedGeneration: status?.observedGeneration ?? 0,
    ...countsOf(object),
  };
}

function countsOf(object: Workload['object']): { desired: number; updated: number; ready: number } {
  const { spec, status } = object;
  if (status && 'desiredNumberScheduled' in status) {
    return {
      desired: status.desiredNumberScheduled,
      updated: status.updatedNumberScheduled ?? 0,
      ready: status.numberReady,
    };
  }
  const counted = status && 'updatedReplicas' in status ? status : undefined;
  const ready = status && 'readyReplicas' in status ? status.readyReplicas : 0;
  return {
    desired: spec && 'replicas' in spec ? (spec.replicas ?? 1) : 1,
    updated: counted?.updatedReplicas ?? 0,
    ready: ready ?? 0,
  };
}

/** A workload's pods, at most 500. */
export async function podsOf(cluster: Cluster, { object }: Workload): Promise<V1Pod[]> {
  const selector = object.spec?.selector;
  const equal = Object.entries(selector?.matchLabels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${(values ?? []).join(',')})`;
  });
  const { items } = await cluster.core.listNamespacedPod({
    namespace: cluster.place.namespace,
    labelSelector: [...equal, ...expressions].join(','),
    limit: 500,
  });
  return items;
}

/** What the labels of a pod say when it was made from the workload's newest template. */
export async function newestMark(
  cluster: Cluster,
  { kind, object }: Workload,
): Promise<readonly [label: string, value: string] | null> {
  if (kind === 'StatefulSet') {
    const { status } = object as V1StatefulSet;
    return status?.updateRevision ? ['controller-revision-hash', status.updateRevision] : null;
  }
  const annotations = object.metadata?.annotations ?? {};
  if (kind === 'DaemonSet') {
    const generation = annotations['deprecated.daemonset.template.generation'];
    return generation ? ['pod-template-generation', generation] : null;
  }
  const { items } = await cluster.apps.listNamespacedReplicaSet({
    namespace: cluster.place.namespace,
  });
  const revision = annotations['deployment.kubernetes.io/revision'];
  const newest = items.find(
    ({ metadata }) =>
      metadata?.ownerReferences?.some(({ uid }) => uid === object.metadata?.uid) &&
      metadata.annotations?.['deployment.kubernetes.io/revision'] === revision,
  );
  const hash = newest?.metadata?.labels?.['pod-template-hash'];
  return hash ? ['pod-template-hash', hash] : null;
}

async function byName(
  cluster: Cluster,
  kinds: readonly WorkloadKind[],
  name: string,
): Promise<Workload[]> {
  const found = await Promise.all(kinds.map((kind) => read(cluster, kind, name)));
  return found.filter((one) => one !== null);
}

async function read(cluster: Cluster, kind: WorkloadKind, name: string): Promise<Workload | null> {
  const { apps, place } = cluster;
  const which = { name, namespace: place.namespace };
  const readers = {
    Deployment: () => apps.readNamespacedDeployment(which),
    StatefulSet: () => apps.readNamespacedStatefulSet(which),
    DaemonSet: () => apps.readNamespacedDaemonSet(which),
  };
  try {
    return { kind, object: await readers[kind]() };
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

async function byPod(cluster: Cluster, name: string): Promise<Workload[]> {
  const { core, apps, place } = cluster;
  try {
    const pod = await core.readNamespacedPod({ name, namespace: place.namespace });
    const [owner] = pod.metadata?.ownerReferences ?? [];
    if (owner?.kind !== 'ReplicaSet') return owner ? await byOwner(cluster, owner) : [];
    const which = { name: owner.name, namespace: place.namespace };
    const set = await apps.readNamespacedReplicaSet(which);
    const [above] = set.metadata?.ownerReferences ?? [];
    return above ? await byOwner(cluster, above) : [];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

async function byOwner(
  cluster: Cluster,
  owner: { kind: string; name: string },
): Promise<Workload[]> {
  const kind = workloadKinds.find((each) => each === owner.kind);
  return kind ? await byName(cluster, [kind], owner.name) : [];
}

async function byLabels(cluster: Cluster, app: string): Promise<Workload[]> {
  if (!/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(app)) return [];
  const labels = ['app.kubernetes.io/instance', 'app.kubernetes.io/name', 'app'];
  for (const label of labels) {
    const which = {
      namespace: cluster.place.namespace,
      labelSelector: `${label}=${app}`,
      limit: 20,
    };
    const [deployments, sets, daemons] = await Promise.all([
      cluster.apps.listNamespacedDeployment(which),
      cluster.apps.listNamespacedStatefulSet(which),
      cluster.apps.listNamespacedDaemonSet(which),
    ]);
    const found: Workload[] = [
      ...deployments.items.map((object) => ({ kind: 'Deployment' as const, object })),
      ...sets.items.map((object) => ({ kind: 'StatefulSet' as const, object })),
      ...daemons.items.map((object) => ({ kind: 'DaemonSet' as const, object })),
    ];
    if (found.length > 0) return found;
  }
  return [];
}
