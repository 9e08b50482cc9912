import { z } from 'zod';

import type { Cluster } from './cluster';
import type { Workload } from './workload';

/** What a GitOps controller says of the application that a workload belongs to. */
export const gitopsStatus = z.object({
  kind: z.enum(['Application', 'HelmRelease', 'Kustomization']),
  name: z.string(),
  namespace: z.string(),
  /** It has applied what it was told to. */
  synced: z.boolean(),
  /** In the controller's own words: `Synced, Healthy`, or the reason of its condition. */
  status: z.string(),
  /** What it applied last: a commit, a chart version. */
  revision: z.string().nullable(),
  message: z.string().nullable(),
});

export type GitopsStatus = z.infer<typeof gitopsStatus>;

const argo = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  status: z
    .object({
      sync: z.object({ status: z.string(), revision: z.string() }).partial().optional(),
      health: z.object({ status: z.string() }).partial().optional(),
      conditions: z.array(z.object({ message: z.string() }).partial()).optional(),
      operationState: z.object({ phase: z.string(), message: z.string() }).partial().optional(),
    })
    .optional(),
});

const flux = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    generation: z.number().optional(),
  }),
  status: z
    .object({
      observedGeneration: z.number().optional(),
      lastAppliedRevision: z.string().optional(),
      lastAttemptedRevision: z.string().optional(),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().optional(),
            message: z.string().optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});

/** Flux' kinds by the labels that it puts on what it applies. */
const fluxKinds = [
  {
    kind: 'HelmRelease',
    label: 'helm.toolkit.fluxcd.io',
    group: 'helm.toolkit.fluxcd.io',
    version: 'v2',
    plural: 'helmreleases',
  },
  {
    kind: 'Kustomization',
    label: 'kustomize.toolkit.fluxcd.io',
    group: 'kustomize.toolkit.fluxcd.io',
    version: 'v1',
    plural: 'kustomizations',
  },
] as const;

/** Null where no controller says that the workload is its own, or this account may not ask. */
export async function gitopsOf(
  cluster: Cluster,
  { object }: Workload,
): Promise<GitopsStatus | null> {
  const { labels = {}, annotations = {} } = object.metadata ?? {};
  try {
    const tracking = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
    const application = tracking ?? labels['argocd.argoproj.io/instance'];
    if (application) return await argoStatus(cluster, application);
    for (const each of fluxKinds) {
      const name = labels[`${each.label}/name`];
      const namespace = labels[`${each.label}/namespace`];
      if (name && namespace) return await fluxStatus(cluster, each, name, namespace);
    }
  } catch {
    // It is one way of several to see where a change stands: the workload itself decides.
  }
  return null;
}

/** The Application may lie in any namespace; a tracking id may name it as `namespace_name`. */
async function argoStatus({ custom }: Cluster, tracked: string): Promise<GitopsStatus | null> {
  const name = tracked.split('_').at(-1) ?? tracked;
  const answer: unknown = await custom.listClusterCustomObject({
    group: 'argoproj.io',
    version: 'v1alpha1',
    plural: 'applications',
    fieldSelector: `metadata.name=${name}`,
  });
  const [found] = z.object({ items: z.array(argo) }).parse(answer).items;
  if (!found) return null;
  const { sync, health, conditions, operationState } = found.status ?? {};
  return {
    kind: 'Application',
    name: found.metadata.name,
    namespace: found.metadata.namespace,
    synced: sync?.status === 'Synced',
    status: [sync?.status ?? 'Unknown', health?.status].filter(Boolean).join(', '),
    revision: sync?.revision ?? null,
    message: conditions?.[0]?.message ?? operationState?.message ?? null,
  };
}

async function fluxStatus(
  { custom }: Cluster,
  { kind, group, version, plural }: (typeof fluxKinds)[number],
  name: string,
  namespace: string,
): Promise<GitopsStatus> {
  const answer: unknown = await custom.getNamespacedCustomObject({
    group,
    version,
    plural,
    name,
    namespace,
  });
  const { metadata, status } = flux.parse(answer);
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const observed = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return {
    kind,
    name,
    namespace,
    synced: ready?.status === 'True' && observed,
    status: ready?.reason ?? 'Unknown',
    revision: status?.lastAppliedRevision ?? status?.lastAttemptedRevision ?? null,
    message: ready?.message ?? null,
  };
}
