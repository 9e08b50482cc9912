import type { V1Container, V1Pod, V1Probe } from '@kubernetes/client-node';
import { z } from 'zod';

import type { Cluster } from './cluster';
import { isoOrNull, podStatus } from './podStatus';
import { plainValues } from './podTemplate';
import { newestMark, podsOf } from './workload';
import type { Workload } from './workload';

const probeTemplate = z
  .object({
    path: z.string().nullable(),
    port: z.string().nullable(),
    initialDelaySeconds: z.number(),
    periodSeconds: z.number(),
    timeoutSeconds: z.number(),
    failureThreshold: z.number(),
  })
  .nullable();

/** What a container of the template is given; of variables those with a value of their own. */
export const containerTemplate = z.object({
  name: z.string(),
  /** It runs before the others, and is gone then. */
  init: z.boolean(),
  image: z.string(),
  limits: z.record(z.string(), z.string()),
  requests: z.record(z.string(), z.string()),
  env: z.record(z.string(), z.string()),
  command: z.array(z.string()),
  args: z.array(z.string()),
  /** The security context's plain values, as text. */
  security: z.record(z.string(), z.string()),
  probes: z.object({
    liveness: probeTemplate,
    readiness: probeTemplate,
    startup: probeTemplate,
  }),
});

/** How one pod of a workload is. */
export const workloadPod = z.object({
  name: z.string(),
  /** Made from the newest template. */
  newest: z.boolean(),
  ready: z.boolean(),
  status: z.string(),
  startedAt: z.string().nullable(),
  restarts: z.number(),
  /** How the last run that ended did, the latest of all containers. */
  lastEnd: z
    .object({
      container: z.string(),
      reason: z.string(),
      exitCode: z.number(),
      startedAt: z.string().nullable(),
      finishedAt: z.string().nullable(),
    })
    .nullable(),
  /** What its containers use now, where the cluster measures it. */
  memoryBytes: z.number().nullable(),
});

export type WorkloadPod = z.infer<typeof workloadPod>;

export function containersOf({ object }: Workload): z.infer<typeof containerTemplate>[] {
  const spec = object.spec?.template.spec;
  return [
    ...(spec?.containers ?? []).map((container) => summariseContainer(container, false)),
    ...(spec?.initContainers ?? []).map((container) => summariseContainer(container, true)),
  ];
}

function summariseContainer(
  container: V1Container,
  init: boolean,
): z.infer<typeof containerTemplate> {
  const env = (container.env ?? []).flatMap(({ name, value }) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    name: container.name,
    init,
    image: container.image ?? '',
    limits: container.resources?.limits ?? {},
    requests: container.resources?.requests ?? {},
    env: Object.fromEntries(env),
    command: container.command ?? [],
    args: container.args ?? [],
    security: plainValues(container.securityContext),
    probes: {
      liveness: summariseProbe(container.livenessProbe),
      readiness: summariseProbe(container.readinessProbe),
      startup: summariseProbe(container.startupProbe),
    },
  };
}

function summariseProbe(probe: V1Probe | undefined): z.infer<typeof probeTemplate> {
  if (!probe) return null;
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port;
  return {
    path: probe.httpGet?.path ?? null,
    port: port === undefined ? null : String(port),
    initialDelaySeconds: probe.initialDelaySeconds ?? 0,
    periodSeconds: probe.periodSeconds ?? 10,
    timeoutSeconds: probe.timeoutSeconds ?? 1,
    failureThreshold: probe.failureThreshold ?? 3,
  };
}

/** A workload's pods that are neither going nor over, newest template first, with what they use. */
export async function livePods(cluster: Cluster, workload: Workload): Promise<WorkloadPod[]> {
  const [pods, mark, used] = await Promise.all([
    podsOf(cluster, workload),
    newestMark(cluster, workload),
    memoryByPod(cluster),
  ]);
  return (
    pods
      // The controller has replaced a pod that is over, say an evicted one; it stays as a record.
      .filter(({ metadata, status }) => !metadata?.deletionTimestamp && !isOver(status?.phase))
      .map((pod) => ({
        ...summarise(pod),
        newest: mark !== null && pod.metadata?.labels?.[mark[0]] === mark[1],
        memoryBytes: used.get(pod.metadata?.name ?? '') ?? null,
      }))
      .sort((a, b) => Number(b.newest) - Number(a.newest) || a.name.localeCompare(b.name))
  );
}

function isOver(phase: string | undefined): boolean {
  return phase === 'Failed' || phase === 'Succeeded';
}

function summarise(pod: V1Pod): Omit<WorkloadPod, 'newest' | 'memoryBytes'> {
  const statuses = pod.status?.containerStatuses ?? [];
  const ends = [...statuses, ...(pod.status?.initContainerStatuses ?? [])]
    .flatMap(({ name, lastState, state }) => {
      const ended = state?.terminated ?? lastState?.terminated;
      return ended && (ended.exitCode !== 0 || lastState?.terminated) ? [{ name, ended }] : [];
    })
    .sort((a, b) => timeOf(b.ended.finishedAt) - timeOf(a.ended.finishedAt));
  const [last] = ends;
  return {
    name: pod.metadata?.name ?? '',
    ready:
      pod.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false,
    status: podStatus(pod),
    startedAt: isoOrNull(pod.status?.startTime),
    restarts: statuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    lastEnd: last
      ? {
          container: last.name,
          reason: last.ended.reason ?? `exit code ${last.ended.exitCode}`,
          exitCode: last.ended.exitCode,
          startedAt: isoOrNull(last.ended.startedAt),
          finishedAt: isoOrNull(last.ended.finishedAt),
        }
      : null,
  };
}

function timeOf(date: Date | undefined): number {
  return date ? new Date(date).getTime() : 0;
}

const podMetrics = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      containers: z.array(z.object({ usage: z.object({ memory: z.string() }) })),
    }),
  ),
});

/** Empty where the cluster has no metrics server, or does not let this account ask it. */
async function memoryByPod({ custom, place }: Cluster): Promise<ReadonlyMap<string, number>> {
  try {
    const answer: unknown = await custom.listNamespacedCustomObject({
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      namespace: place.namespace,
      plural: 'pods',
    });
    const { items } = podMetrics.parse(answer);
    return new Map(
      items.map(({ metadata, containers }) => [
        metadata.name,
        containers.reduce((sum, { usage }) => sum + bytesOf(usage.memory), 0),
      ]),
    );
  } catch {
    return new Map();
  }
}

const units: Readonly<Record<string, number>> = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };

/** The metrics server writes whole numbers with one of three suffixes, or none. */
function bytesOf(text: string): number {
  const [, digits = '0', unit = ''] = /^(\d+)(Ki|Mi|Gi)?$/.exec(text) ?? [];
  return Number(digits) * (units[unit] ?? 1);
}
