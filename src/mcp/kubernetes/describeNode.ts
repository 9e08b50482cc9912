import type { V1Node, V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';

import { table } from '../shared/text';
import type { Cluster } from './cluster';
import { labelled } from './describeContainer';
import { describeEvents } from './events';
import type { EventSummary } from './events';
import { conditionTable } from './objects/kind';
import { field, lines, render, section } from './page';
import type { Entry } from './page';
import { amountOf } from './quantity';
import { longTime } from './time';

/** What the pods of a node ask for and may use, beside what it has; cores, bytes, pods. */
export const allocation = z.object({
  resource: z.string(),
  requests: z.number(),
  limits: z.number(),
  allocatable: z.number(),
});

export type Allocation = z.infer<typeof allocation>;

const counted = ['cpu', 'memory', 'ephemeral-storage'] as const;
/** Pods in one answer of the server, so that a full node is read in little memory. */
const pageSize = 250;

/** Adds up the requests and limits of the pods on a node, page by page. */
export async function allocated(
  { core }: Pick<Cluster, 'core'>,
  { metadata, status }: V1Node,
): Promise<{ pods: number; allocations: Allocation[] }> {
  const sums = counted.map((resource) => ({
    resource,
    requests: 0,
    limits: 0,
    allocatable: amountOf(status?.allocatable?.[resource]),
  }));
  let pods = 0;
  let next: string | undefined;
  do {
    const list = await core.listPodForAllNamespaces({
      fieldSelector: `spec.nodeName=${metadata?.name},status.phase!=Succeeded,status.phase!=Failed`,
      limit: pageSize,
      _continue: next,
    });
    pods += list.items.length;
    for (const pod of list.items) {
      for (const sum of sums) {
        sum.requests += wanted(pod, 'requests', sum.resource);
        sum.limits += wanted(pod, 'limits', sum.resource);
      }
    }
    next = list.metadata?._continue || undefined;
  } while (next !== undefined);
  return { pods, allocations: sums };
}

/** What a pod asks for: its containers together, or its largest init container where that is more. */
function wanted({ spec }: V1Pod, kind: 'requests' | 'limits', resource: string): number {
  const of = (containers: NonNullable<V1Pod['spec']>['containers'] | undefined) =>
    (containers ?? []).map(({ resources }) => amountOf(resources?.[kind]?.[resource]));
  const sidecars = spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const together = [...of(spec?.containers), ...of(sidecars)].reduce((sum, one) => sum + one, 0);
  return Math.max(together, ...of(spec?.initContainers));
}

/** The text of `kubectl describe node`, without its list of pods. */
export function describeNode(
  { metadata, spec, status }: V1Node,
  { pods, allocations }: { pods: number; allocations: readonly Allocation[] },
  events: readonly EventSummary[],
): string {
  const info = status?.nodeInfo;
  return render([
    field('Name', metadata?.name),
    labelled('Labels', metadata?.labels),
    labelled('Annotations', metadata?.annotations, ': '),
    field('CreationTimestamp', longTime(metadata?.creationTimestamp)),
    field(
      'Taints',
      (spec?.taints ?? []).map(
        ({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`,
      ),
    ),
    field('Unschedulable', String(spec?.unschedulable ?? false)),
    section('Conditions', [conditionTable(status?.conditions ?? [])]),
    field(
      'Addresses',
      (status?.addresses ?? []).map(({ type, address }) => `${type}: ${address}`),
    ),
    quantities('Capacity', status?.capacity),
    quantities('Allocatable', status?.allocatable),
    field('Kubelet Version', info?.kubeletVersion),
    field('Container Runtime', info?.containerRuntimeVersion),
    field('OS Image', `${info?.osImage ?? ''} (${info?.operatingSystem}/${info?.architecture})`),
    field('Non-terminated Pods', `${pods} of ${status?.allocatable?.['pods'] ?? '?'}`),
    section('Allocated resources', [lines(allocationTable(allocations))]),
    describeEvents(events),
  ]);
}

function quantities(name: string, values: Record<string, string> | undefined): Entry {
  return section(
    name,
    Object.entries(values ?? {}).map(([key, value]) => field(key, value)),
  );
}

function allocationTable(allocations: readonly Allocation[]): string[] {
  const rows = allocations.map(({ resource, requests, limits, allocatable }) => [
    resource,
    share(resource, requests, allocatable),
    share(resource, limits, allocatable),
  ]);
  return table(['Resource', 'Requests', 'Limits'], rows).split('\n');
}

function share(resource: string, value: number, of: number): string {
  const shown =
    resource === 'cpu' ? `${Math.round(value * 1000)}m` : `${Math.round(value / 2 ** 20)}Mi`;
  return of > 0 ? `${shown} (${Math.round((value / of) * 100)}%)` : shown;
}
