import type { FactValues } from '../../incident/analysis';
import type { Citation } from '../../incident/evidence';
import type { Backlog } from './queues';

/** A value with the line that shows it. */
export interface Cited<T> {
  value: T;
  citation: Citation;
}

/** What the platform says of the workloads, from all evidence together. */
export interface Picture {
  pods: Pod[];
  events: PlatformEvent[];
  /** Workloads whose rollout is said to have succeeded. */
  rolledOut: Cited<string>[];
  claims: Claim[];
  /** What nodes, workloads, autoscalers and the like report of themselves. */
  conditions: Condition[];
  /** Services that have no endpoints. */
  unserved: Cited<string>[];
  /** Workloads that are scaled to zero. */
  idle: Cited<string>[];
  /** Workloads of which fewer pods are ready than are wanted. */
  lacking: Cited<string>[];
  /** Ingresses that lead to a service that does not exist. */
  lostBackends: Cited<string>[];
  ingressClasses: { wanted: Cited<string>[]; known: Cited<string>[] };
  policies: NetworkPolicy[];
  /** Pods of a described or listed workload: how many it wants, and how many there are. */
  scales: Cited<{ name: string; desired: number; total: number | null }>[];
  /** The StorageClass that the cluster takes by default. */
  defaultClasses: Cited<string>[];
  /** What each described node has left: cores or bytes. */
  room: { resource: 'cpu' | 'memory'; free: number; citation: Citation }[];
  /** Highest memory that `top`, `stats` or a cgroup file showed, by container or pod name. */
  memoryUse: Cited<number>[];
  /** Cores that `top` showed, by container or pod name. */
  cpuUse: (Cited<number> & { name: string })[];
  /** Shares of throttled CPU periods. */
  throttling: Cited<number>[];
  /** Kills that a cgroup's `memory.events` counts. */
  groupKills: Cited<number>[];
  /** Logs that are nothing but starts, with their number. */
  starts: Cited<number>[];
  /** Programs that a log shows to end with an error again and again. */
  ends: Cited<string>[];
  /** Programs that end without an error and are started again, time after time. */
  goodEnds: Cited<string>[];
  /** Services that a `/stats` answer calls anything but online. */
  offline: Cited<string>[];
  /** What waits in queues and for groups, as a broker's tools list it. */
  backlogs: Backlog[];
  /** Zones by node, as the labels of the nodes say. */
  zones: Map<string, Cited<string>>;
  /** The latest time that any line states, milliseconds since 1970. */
  latest: number | null;
}

/** A pod, or a container of an engine (then with exactly one container and no namespace). */
export interface Pod {
  name: string;
  namespace: string | null;
  app: string | null;
  node: string | null;
  /** `Running`, `Pending`, `CrashLoopBackOff` … as printed. */
  status: Cited<string> | null;
  ready: Cited<boolean> | null;
  containers: Container[];
  /** What its labels say of who deployed it, where they were printed. */
  origin?: Partial<Pick<FactValues, 'helmRelease' | 'chart'>>;
  citation: Citation;
}

export interface Container {
  name: string;
  image: Cited<string> | null;
  state: ContainerState | null;
  lastState: ContainerState | null;
  ready: Cited<boolean> | null;
  restarts: Cited<number> | null;
  /** How long ago the last restart was, seconds, where it is printed. */
  restartedAgo: number | null;
  limits: Readonly<Record<string, Cited<string>>>;
  requests: Readonly<Record<string, Cited<string>>>;
  probes: Readonly<Partial<Record<ProbeKind, Probe>>>;
  ports: Cited<number>[];
  command: Cited<string> | null;
  /** Variables that are set to a value, as the platform prints it. */
  environment: Readonly<Record<string, Cited<string>>>;
}

export interface ContainerState {
  kind: 'waiting' | 'running' | 'terminated';
  reason: Cited<string> | null;
  message: Cited<string> | null;
  exitCode: Cited<number> | null;
  /** Milliseconds since 1970. */
  startedAt: number | null;
  finishedAt: number | null;
}

export type ProbeKind = 'liveness' | 'readiness' | 'startup';

export interface Probe {
  citation: Citation;
  path: string | null;
  /** Null when the probe names a port by a name that is not known. */
  port: number | null;
  initialDelaySeconds: number | null;
  periodSeconds: number | null;
  timeoutSeconds: number | null;
  failureThreshold: number | null;
}

export interface PlatformEvent {
  type: string | null;
  reason: string;
  /** `pod/name` in lower case kind, null where the table does not say. */
  object: string | null;
  namespace: string | null;
  message: string;
  /** Seconds since it was last seen; null when unknown. */
  age: number | null;
  /** When it was last seen, milliseconds since 1970, where the moment itself is printed. */
  seenAt?: number | null;
  count: number;
  citation: Citation;
  /** A later event or the state of the object shows that it is over. */
  over: boolean;
}

export interface Claim {
  name: string;
  namespace: string | null;
  status: Cited<string>;
  storageClass: string | null;
}

/** A condition in the status of an object other than a pod. */
export interface Condition {
  /** `node/worker-1`, kind in lower case. */
  object: string;
  namespace: string | null;
  /** `Ready`, `MemoryPressure`, `Progressing` … */
  type: string;
  /** `True`, `False` or `Unknown`. */
  status: string;
  reason: string | null;
  message: string | null;
  citation: Citation;
}

/** A policy with the lines that say what it lets through. */
export interface NetworkPolicy {
  citations: readonly Citation[];
  /** It lets nothing at all through in some direction. */
  closed: boolean;
}

export function emptyPicture(): Picture {
  return {
    pods: [],
    events: [],
    rolledOut: [],
    claims: [],
    conditions: [],
    lacking: [],
    unserved: [],
    idle: [],
    lostBackends: [],
    ingressClasses: { wanted: [], known: [] },
    policies: [],
    scales: [],
    defaultClasses: [],
    room: [],
    memoryUse: [],
    cpuUse: [],
    throttling: [],
    groupKills: [],
    starts: [],
    ends: [],
    goodEnds: [],
    offline: [],
    backlogs: [],
    zones: new Map(),
    latest: null,
  };
}

export function emptyContainer(name: string): Container {
  return {
    name,
    image: null,
    state: null,
    lastState: null,
    ready: null,
    restarts: null,
    restartedAgo: null,
    limits: {},
    requests: {},
    probes: {},
    ports: [],
    command: null,
    environment: {},
  };
}

/** `checkout` of `checkout-7d9f8c6b5d-x2x9z` and `checkout.2`, `db` of `db-0`, `api` of `pod/api`. */
export function appOfPod(name: string): string {
  const bare = name.replace(/^.*\//, '');
  const forms = [
    /^(.+)-[bcdf-hj-np-tv-z0-9]{6,10}-[bcdf-hj-np-tv-z0-9]{5}$/, // Deployment
    /^(.+)-\d{8,10}-[bcdf-hj-np-tv-z0-9]{5}$/, // CronJob
    /^(.+)-[bcdf-hj-np-tv-z0-9]{8,10}$/, // ReplicaSet itself
    /^(.+)-(?=[a-z]*\d)[bcdf-hj-np-tv-z0-9]{5}$/, // DaemonSet, Job
    /^(.+)-\d{1,3}$/, // StatefulSet
    /^(.+)\.\d{1,3}$/, // task of a Swarm service
  ];
  for (const form of forms) {
    const app = form.exec(bare)?.[1];
    if (app) return app;
  }
  return bare;
}

/** Kinds of objects whose name tells of a workload. */
const workloads =
  /^(?:pod|deployment|deployment\.apps|replicaset|statefulset|daemonset|job|cronjob|service|ingress|horizontalpodautoscaler|scaledobject|rollout|application|helmrelease|kustomization|task|container)\//;

/** The workload that an event's object belongs to; null for a node, a claim and the like. */
export function appOfObject(object: string): string | null {
  return object.includes('/') && !workloads.test(object) ? null : appOfPod(object);
}

/** True of a pod with which nothing is wrong, as far as it and those beside it show. */
export function isFine(pod: Pod, pods: readonly Pod[]): boolean {
  return isHealthy(pod) || isMadeUp(pod, pods) || isReplaced(pod, pods);
}

/** A pod that failed while another of the same workload brought the work to its end. */
function isMadeUp(pod: Pod, pods: readonly Pod[]): boolean {
  return (
    pod.status?.value !== 'Running' &&
    siblingsOf(pod, pods).some(
      ({ status }) => status?.value === 'Completed' || status?.value === 'Succeeded',
    )
  );
}

/**
 * A pod that is stopped while as many others of its Deployment serve. The name of a StatefulSet's pod
 * is its own: no other one stands in for it. On a node that is lost, most of them are stopped.
 */
function isReplaced(pod: Pod, pods: readonly Pod[]): boolean {
  if (!isStopped(pod) || pod.ready?.value !== true || /-\d{1,3}$/.test(pod.name)) return false;
  const siblings = siblingsOf(pod, pods);
  const serving = siblings.filter((other) => isHealthy(other) && other.ready?.value === true);
  return serving.length > siblings.filter(isStopped).length;
}

function isStopped({ status }: Pod): boolean {
  return status?.value === 'Terminating';
}

function siblingsOf(pod: Pod, pods: readonly Pod[]): Pod[] {
  const app = appOfPod(pod.name);
  return pods.filter(
    (other) => other !== pod && other.namespace === pod.namespace && appOfPod(other.name) === app,
  );
}

/** Kind and state in which every pod of a healthy workload is. */
export function isHealthy(pod: Pod): boolean {
  const status = pod.status?.value ?? 'Running';
  if (status === 'Succeeded' || status === 'Completed') return true;
  if (status !== 'Running' || pod.ready?.value === false) return false;
  return pod.containers.every(
    (container) =>
      container.ready?.value !== false &&
      (container.state === null ||
        container.state.kind === 'running' ||
        container.state.exitCode?.value === 0),
  );
}
