/** What one GitOps tool has in a cluster: its kind, and how its controller marks what it applies. */
export interface GitopsKind {
  kind: 'Application' | 'HelmRelease' | 'Kustomization';
  /** Name of its CustomResourceDefinition: the plural and the group. */
  crd: string;
  version: string;
  spec: object;
  /** Arguments of kubectl that mark the deployment as one that it applied. */
  mark: (namespace: string) => readonly string[];
  /** What its controller writes once all is applied, while it is not, and when it cannot be. */
  status: { synced: object; waiting: object; failed: object };
  /** What is to be read of the last two. */
  words: { waiting: string; failed: string };
}

const refused = 'Deployment.apps "shop" is invalid: spec.selector: field is immutable';
const revision = 'main@sha1:5f6f1a2b3c4d';

const ready = (status: string, reason: string, message: string) => ({
  observedGeneration: 1,
  lastAttemptedRevision: revision,
  conditions: [
    { type: 'Ready', status, reason, message, lastTransitionTime: '2026-11-22T06:00:00Z' },
  ],
});

const fluxStatus = (done: string, failed: string): GitopsKind['status'] => ({
  synced: { ...ready('True', done, 'Applied'), lastAppliedRevision: revision },
  waiting: ready('Unknown', 'Progressing', 'Running health checks'),
  failed: ready('False', failed, refused),
});

const fluxMark = (group: string) => (namespace: string) => [
  'label',
  `${group}/name=shop`,
  `${group}/namespace=${namespace}`,
];

export const gitopsKinds: readonly GitopsKind[] = [
  {
    kind: 'Application',
    crd: 'applications.argoproj.io',
    version: 'v1alpha1',
    spec: { project: 'default', destination: {} },
    mark: (namespace) => [
      'annotate',
      `argocd.argoproj.io/tracking-id=${namespace}_shop:apps/Deployment:${namespace}/shop`,
    ],
    status: {
      synced: { sync: { status: 'Synced', revision }, health: { status: 'Healthy' } },
      waiting: { sync: { status: 'OutOfSync', revision }, health: { status: 'Degraded' } },
      failed: {
        sync: { status: 'OutOfSync', revision },
        health: { status: 'Degraded' },
        operationState: { phase: 'Failed', message: refused },
      },
    },
    words: {
      waiting: 'Application shop: OutOfSync, Degraded',
      failed: `Application shop: OutOfSync, Degraded, Failed (${refused})`,
    },
  },
  {
    kind: 'HelmRelease',
    crd: 'helmreleases.helm.toolkit.fluxcd.io',
    version: 'v2',
    spec: { interval: '1m' },
    mark: fluxMark('helm.toolkit.fluxcd.io'),
    status: fluxStatus('UpgradeSucceeded', 'UpgradeFailed'),
    words: {
      waiting: 'HelmRelease shop: Progressing (Running health checks)',
      failed: `HelmRelease shop: UpgradeFailed (${refused})`,
    },
  },
  {
    kind: 'Kustomization',
    crd: 'kustomizations.kustomize.toolkit.fluxcd.io',
    version: 'v1',
    spec: { interval: '1m', prune: false },
    mark: fluxMark('kustomize.toolkit.fluxcd.io'),
    status: fluxStatus('ReconciliationSucceeded', 'ReconciliationFailed'),
    words: {
      waiting: 'Kustomization shop: Progressing (Running health checks)',
      failed: `Kustomization shop: ReconciliationFailed (${refused})`,
    },
  },
];

/** The least of the tool's definition: any spec, any status, and a status of its own to write. */
export function definitionOf({ kind, crd, version }: GitopsKind): object {
  const [plural, ...group] = crd.split('.');
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: crd },
    spec: {
      group: group.join('.'),
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: anything, status: anything },
            },
          },
        },
      ],
    },
  };
}

/** The object that the deployment belongs to. */
export function objectOf({ kind, crd, version, spec }: GitopsKind): object {
  const group = crd.slice(crd.indexOf('.') + 1);
  return { apiVersion: `${group}/${version}`, kind, metadata: { name: 'shop' }, spec };
}
