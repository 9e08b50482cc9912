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
  /** In the controller's own words: `OutOfSync, Healthy, Failed`, or the reason of its condition. */
  status: z.string(),
  /** What it applied last: a commit, a chart version. */
  revision: z.string().nullable(),
  message: z.string().nullable(),
});

export type GitopsStatus = z.infer<typeof gitopsStatus>;

const argo = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z
    .object({ destination: z.object({ namespace: z.string() }).partial().optional() })
    .optional(),
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
    if (application) return await argoStatus(cluster, application, object.metadata?.namespace);
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

/** How an operation ended that did not apply what it should. */
const failedPhase = /^(?:Failed|Error)$/;

/** @param target namespace of the workload */
async function argoStatus(
  cluster: Cluster,
  tracked: string,
  target: string | undefined,
): Promise<GitopsStatus | null> {
  const found = await findApplication(cluster, tracked, target);
  if (!found) return null;
  const { sync, health, conditions, operationState } = found.status ?? {};
  // "successfully synced" is told long after, of an older revision too.
  const undecided = operationState?.phase === 'Succeeded' ? undefined : operationState;
  const failed = failedPhase.test(operationState?.phase ?? '') ? operationState : undefined;
  return {
    kind: 'Application',
    name: found.metadata.name,
    namespace: found.metadata.namespace,
    synced: sync?.status === 'Synced',
    status: [sync?.status ?? 'Unknown', health?.status, failed?.phase].filter(Boolean).join(', '),
    revision: sync?.revision ?? null,
    message: failed?.message ?? conditions?.[0]?.message ?? undecided?.message ?? null,
  };
}

/**
 * The Application may lie in any namespace: a tracking id may name it as `namespace_name`. Of several
 * with one name it is the one that deploys into the workload's namespace.
 */
async function findApplication(
  { custom }: Cluster,
  tracked: string,
  target: string | undefined,
): Promise<z.infer<typeof argo> | undefined> {
  const [name = tracked, namespace] = tracked.split('_').reverse();
  const answer: unknown = await custom.listClusterCustomObject({
    group: 'argoproj.io',
    version: 'v1alpha1',
    plural: 'applications',
    fieldSelector: `metadata.name=${name}`,
  });
  const { items } = z.object({ items: z.array(argo) }).parse(answer);
  const known = items.filter((each) => !namespace || each.metadata.namespace === namespace);
  const [only, ...others] = known;
  if (others.length === 0) return only;
  return known.find(({ spec }) => spec?.destination?.namespace === target);
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
