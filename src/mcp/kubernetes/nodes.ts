import type { V1Node } from '@kubernetes/client-node';
import { z } from 'zod';

import { table } from '../shared/text';
import { age } from './time';

export const nodeSummary = z.object({
  name: z.string(),
  ready: z.boolean(),
  schedulable: z.boolean(),
  /** Conditions other than Ready that are met, for example `MemoryPressure`. */
  pressures: z.array(z.string()),
  taints: z.array(z.string()),
  allocatable: z.record(z.string(), z.string()),
  version: z.string(),
  createdAt: z.string().nullable(),
});

export type NodeSummary = z.infer<typeof nodeSummary>;

export function summariseNode({ metadata, spec, status }: V1Node): NodeSummary {
  const met = (status?.conditions ?? []).filter((condition) => condition.status === 'True');
  return {
    name: metadata?.name ?? '',
    ready: met.some(({ type }) => type === 'Ready'),
    schedulable: spec?.unschedulable !== true,
    pressures: met.map(({ type }) => type).filter((type) => type !== 'Ready'),
    taints: (spec?.taints ?? []).map(
      ({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`,
    ),
    allocatable: status?.allocatable ?? {},
    version: status?.nodeInfo?.kubeletVersion ?? '',
    createdAt: metadata?.creationTimestamp?.toISOString() ?? null,
  };
}

export function nodeTable(nodes: readonly NodeSummary[]): string {
  const rows = nodes.map((node) => [
    node.name,
    (node.ready ? 'Ready' : 'NotReady') + (node.schedulable ? '' : ',SchedulingDisabled'),
    age(node.createdAt ?? undefined),
    node.version,
    node.allocatable['cpu'] ?? '',
    node.allocatable['memory'] ?? '',
    node.pressures.join(',') || '<none>',
    node.taints.join(',') || '<none>',
  ]);
  const header = ['NAME', 'STATUS', 'AGE', 'VERSION', 'CPU', 'MEMORY', 'PRESSURE', 'TAINTS'];
  return table(header, rows);
}
