import type {
  V1ConfigMap,
  V1LimitRange,
  V1PersistentVolumeClaim,
  V1ResourceQuota,
  V2HorizontalPodAutoscaler,
  V2MetricSpec,
  V2MetricStatus,
} from '@kubernetes/client-node';

import { field, lines, section } from '../page';
import { table } from '../../shared/text';
import { inLine, objectKind } from './kind';

export const autoscaler = objectKind<V2HorizontalPodAutoscaler>({
  list: ({ autoscaling }, page) => autoscaling.listNamespacedHorizontalPodAutoscaler(page),
  read: ({ autoscaling }, wanted) => autoscaling.readNamespacedHorizontalPodAutoscaler(wanted),
  columns: {
    Reference: ({ spec }) => `${spec?.scaleTargetRef.kind}/${spec?.scaleTargetRef.name}`,
    Targets: ({ spec, status }) =>
      (spec?.metrics ?? [])
        .map((wanted, index) => `${current(status?.currentMetrics?.[index])} / ${target(wanted)}`)
        .join(', '),
    'Min pods': ({ spec }) => String(spec?.minReplicas ?? 1),
    'Max pods': ({ spec }) => String(spec?.maxReplicas ?? ''),
    Replicas: ({ status }) =>
      `${status?.currentReplicas ?? 0} (wants ${status?.desiredReplicas ?? 0})`,
  },
  conditions: ({ status }) => status?.conditions,
});

/** What a metric should be: `cpu 80%`. */
function target({ resource, containerResource, pods, object, external }: V2MetricSpec): string {
  const named = resource ?? containerResource;
  const measured = pods ?? object ?? external;
  const wanted = (named ?? measured)?.target;
  const name = named?.name ?? measured?.metric.name ?? 'unknown';
  const value = wanted?.averageUtilization;
  return `${name} ${value === undefined ? (wanted?.averageValue ?? wanted?.value ?? '') : `${value}%`}`;
}

/** What it is; `<unknown>` where nothing measures it. */
function current(status: V2MetricStatus | undefined): string {
  const { resource, containerResource, pods, object, external } = status ?? {};
  const found = (resource ?? containerResource ?? pods ?? object ?? external)?.current;
  const value = found?.averageUtilization;
  return value === undefined ? (found?.averageValue ?? found?.value ?? '<unknown>') : `${value}%`;
}

export const claim = objectKind<V1PersistentVolumeClaim>({
  list: ({ core }, page) => core.listNamespacedPersistentVolumeClaim(page),
  read: ({ core }, wanted) => core.readNamespacedPersistentVolumeClaim(wanted),
  columns: {
    Status: ({ status }) => status?.phase ?? '',
    Volume: ({ spec }) => spec?.volumeName ?? '',
    Requested: ({ spec }) => spec?.resources?.requests?.['storage'] ?? '',
    Capacity: ({ status }) => status?.capacity?.['storage'] ?? '',
    'Access modes': ({ spec }) => (spec?.accessModes ?? []).join(', '),
    'Storage class': ({ spec }) => spec?.storageClassName ?? '',
  },
  conditions: ({ status }) => status?.conditions,
  more: async ({ metadata, spec }, { core, place }) => {
    const { items } = await core.listNamespacedPod({ namespace: place.namespace, limit: 500 });
    const users = items.filter(({ spec: pod }) =>
      pod?.volumes?.some((one) => one.persistentVolumeClaim?.claimName === metadata?.name),
    );
    return [
      field('Volume Mode', spec?.volumeMode),
      field(
        'Used By',
        users.map((pod) => pod.metadata?.name ?? ''),
      ),
    ];
  },
});

export const quota = objectKind<V1ResourceQuota>({
  list: ({ core }, page) => core.listNamespacedResourceQuota(page),
  read: ({ core }, wanted) => core.readNamespacedResourceQuota(wanted),
  columns: {
    Used: ({ status }) =>
      Object.entries(status?.hard ?? {})
        .map(([resource, hard]) => `${resource}: ${status?.used?.[resource] ?? '0'}/${hard}`)
        .join(', '),
  },
  more: ({ spec }) => [field('Scopes', spec?.scopes ?? [])],
});

export const limitRange = objectKind<V1LimitRange>({
  list: ({ core }, page) => core.listNamespacedLimitRange(page),
  read: ({ core }, wanted) => core.readNamespacedLimitRange(wanted),
  columns: { Types: ({ spec }) => (spec?.limits ?? []).map(({ type }) => type).join(', ') },
  more: ({ spec }) => {
    const rows = (spec?.limits ?? []).map((each) => [
      each.type,
      inLine(each.min),
      inLine(each.max),
      inLine(each.defaultRequest),
      inLine(each._default),
    ]);
    const header = ['Type', 'Min', 'Max', 'Default Request', 'Default Limit'];
    return [section('Limits', [lines(table(header, rows).split('\n'))])];
  },
});

/** Names of the keys; what they hold may be a secret after all. */
export const configMap = objectKind<V1ConfigMap>({
  list: ({ core }, page) => core.listNamespacedConfigMap(page),
  read: ({ core }, wanted) => core.readNamespacedConfigMap(wanted),
  columns: {
    Keys: ({ data, binaryData }) =>
      [...Object.keys(data ?? {}), ...Object.keys(binaryData ?? {})].join(', '),
  },
});
