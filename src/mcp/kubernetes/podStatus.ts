import type { V1ContainerState, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';

/** One state of a container. */
export const containerState = z.object({
  state: z.enum(['waiting', 'running', 'terminated', 'unknown']),
  reason: z.string().nullable(),
  exitCode: z.number().nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});

export const containerSummary = z.object({
  name: z.string(),
  image: z.string(),
  ready: z.boolean(),
  restarts: z.number(),
  state: containerState,
  lastState: containerState.nullable(),
  limits: z.record(z.string(), z.string()),
  requests: z.record(z.string(), z.string()),
});

export const podSummary = z.object({
  name: z.string(),
  namespace: z.string(),
  /** Ready containers of all, for example `1/2`. */
  ready: z.string(),
  /** What kubectl shows: the phase, or the reason why a container does not run. */
  status: z.string(),
  restarts: z.number(),
  startedAt: z.string().nullable(),
  node: z.string().nullable(),
  containers: z.array(containerSummary),
});

export type PodSummary = z.infer<typeof podSummary>;

export function summarisePod(pod: V1Pod): PodSummary {
  const statuses = pod.status?.containerStatuses ?? [];
  const containers = pod.spec?.containers ?? [];
  const ready = statuses.filter((status) => status.ready).length;
  return {
    name: pod.metadata?.name ?? '',
    namespace: pod.metadata?.namespace ?? '',
    ready: `${ready}/${containers.length}`,
    status: podStatus(pod),
    restarts: statuses.reduce((sum, status) => sum + status.restartCount, 0),
    startedAt: isoOrNull(pod.status?.startTime),
    node: pod.spec?.nodeName ?? null,
    containers: containers.map((container) => {
      const status = statuses.find(({ name }) => name === container.name);
      return {
        name: container.name,
        image: container.image ?? '',
        ready: status?.ready ?? false,
        restarts: status?.restartCount ?? 0,
        state: summariseState(status?.state),
        lastState: hasState(status?.lastState) ? summariseState(status?.lastState) : null,
        limits: container.resources?.limits ?? {},
        requests: container.resources?.requests ?? {},
      };
    }),
  };
}

/** The word in kubectl's STATUS column. */
export function podStatus(pod: V1Pod): string {
  const { status } = pod;
  if (pod.metadata?.deletionTimestamp) return 'Terminating';
  const initContainers = status?.initContainerStatuses ?? [];
  for (const [position, init] of initContainers.entries()) {
    if (init.state?.terminated?.exitCode === 0 || (init.started && init.ready)) continue;
    const why = troubleOf(init);
    if (why && why !== 'PodInitializing') return `Init:${why}`;
    return `Init:${position}/${initContainers.length}`;
  }
  const troubles = (status?.containerStatuses ?? []).map(troubleOf).filter((why) => why !== null);
  return troubles.at(-1) ?? status?.reason ?? status?.phase ?? 'Unknown';
}

function troubleOf({ state }: V1ContainerStatus): string | null {
  if (state?.waiting?.reason) return state.waiting.reason;
  const ended = state?.terminated;
  if (!ended) return null;
  return ended.reason ?? (ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`);
}

export function hasState(state: V1ContainerState | undefined): boolean {
  return Boolean(state?.waiting ?? state?.running ?? state?.terminated);
}

function summariseState(state: V1ContainerState | undefined): z.infer<typeof containerState> {
  const { waiting, running, terminated } = state ?? {};
  return {
    state: terminated ? 'terminated' : running ? 'running' : waiting ? 'waiting' : 'unknown',
    reason: terminated?.reason ?? waiting?.reason ?? null,
    exitCode: terminated?.exitCode ?? null,
    startedAt: isoOrNull(terminated?.startedAt ?? running?.startedAt),
    finishedAt: isoOrNull(terminated?.finishedAt),
  };
}

/** Null also for 1970: so Kubernetes dates the start of a program that never ran. */
export function isoOrNull(date: Date | undefined): string | null {
  const at = date && new Date(date);
  return at && at.getTime() !== 0 ? at.toISOString() : null;
}
