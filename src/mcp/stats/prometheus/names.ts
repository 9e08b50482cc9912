/** What the field calls things: kube-state-metrics, cAdvisor, and the usual libraries of programs. */

import { generated } from '../../shared/labels';

/** What kube-state-metrics tells of a kind of workload. */
export interface KindNames {
  /** The label that holds a workload's name. */
  label: string;
  /** What follows its name in the names of its pods. */
  podSuffix: string;
  desired: string;
  updated: string;
  ready: string;
  generation: string;
  observedGeneration: string;
}

export const kinds = {
  Deployment: {
    label: 'deployment',
    podSuffix: `-${generated}{1,10}-${generated}{5}`,
    desired: 'kube_deployment_spec_replicas',
    updated: 'kube_deployment_status_replicas_updated',
    ready: 'kube_deployment_status_replicas_ready',
    generation: 'kube_deployment_metadata_generation',
    observedGeneration: 'kube_deployment_status_observed_generation',
  },
  StatefulSet: {
    label: 'statefulset',
    podSuffix: '-[0-9]+',
    desired: 'kube_statefulset_replicas',
    updated: 'kube_statefulset_status_replicas_updated',
    ready: 'kube_statefulset_status_replicas_ready',
    generation: 'kube_statefulset_metadata_generation',
    observedGeneration: 'kube_statefulset_status_observed_generation',
  },
  DaemonSet: {
    label: 'daemonset',
    podSuffix: `-${generated}{5}`,
    desired: 'kube_daemonset_status_desired_number_scheduled',
    updated: 'kube_daemonset_status_updated_number_scheduled',
    ready: 'kube_daemonset_status_number_ready',
    generation: 'kube_daemonset_metadata_generation',
    observedGeneration: 'kube_daemonset_status_observed_generation',
  },
} as const satisfies Record<string, KindNames>;

export type WorkloadKind = keyof typeof kinds;
export const workloadKinds = Object.keys(kinds) as WorkloadKind[];

/** Of pods, by kube-state-metrics; the value is 1 where it is so, but for counts, times and amounts. */
export const podNames = {
  created: 'kube_pod_created',
  phase: 'kube_pod_status_phase',
  ready: 'kube_pod_status_ready',
  restarts: 'kube_pod_container_status_restarts_total',
  waiting: 'kube_pod_container_status_waiting_reason',
  lastEnd: 'kube_pod_container_status_last_terminated_reason',
  lastEndAt: 'kube_pod_container_status_last_terminated_timestamp',
  limits: 'kube_pod_container_resource_limits',
} as const;

/** By cAdvisor, in the kubelet: what counts against the limit. */
export const memoryName = 'container_memory_working_set_bytes';

/** Counters of requests by status, the first that is there counts. */
export const requestNames = [
  'http_requests_total',
  'http_server_request_duration_seconds_count',
  'http_server_requests_seconds_count',
  'http_request_duration_seconds_count',
] as const;

/** Labels that may hold a request's status. */
export const statusLabels = [
  'code',
  'status',
  'status_code',
  'http_response_status_code',
  'http_status_code',
] as const;
/** A label of that name may hold words as well, such as `error`, which tell of no failure. */
export const httpStatus = /^[1-5](?:\d\d|xx)$/i;

/** Labels that say which container of which pod a series is of. */
export interface PodLabels {
  namespace: string;
  pod: string;
  container: string;
}

/**
 * The ways in which series are labelled, the surest first: where the exporter's own labels were kept
 * beside the scraped ones, `namespace` and `pod` are those of the exporter itself.
 */
export const podLabels: readonly PodLabels[] = [
  { namespace: 'exported_namespace', pod: 'exported_pod', container: 'exported_container' },
  { namespace: 'namespace', pod: 'pod', container: 'container' },
  {
    namespace: 'kubernetes_namespace',
    pod: 'kubernetes_pod_name',
    container: 'kubernetes_container_name',
  },
  { namespace: 'k8s_namespace_name', pod: 'k8s_pod_name', container: 'k8s_container_name' },
];
