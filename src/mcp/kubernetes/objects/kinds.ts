import type { ObjectKind } from './kind';
import { ingress, service } from './network';
import { autoscaler, claim, configMap, limitRange, quota } from './resources';
import { cronJob, daemonSet, job, statefulSet } from './workloads';

/** What `list_objects` and `describe_object` know, besides the pods, deployments and nodes. */
export const objectKinds = {
  statefulset: statefulSet,
  daemonset: daemonSet,
  job,
  cronjob: cronJob,
  service,
  ingress,
  horizontalpodautoscaler: autoscaler,
  persistentvolumeclaim: claim,
  resourcequota: quota,
  limitrange: limitRange,
  configmap: configMap,
} as const satisfies Record<string, ObjectKind>;

export type ObjectKindName = keyof typeof objectKinds;
