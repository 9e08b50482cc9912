import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

import { eventSummary, eventTable } from '../kubernetes/events';
import { listWarnings } from '../kubernetes/warnings';
import { gitopsOf, gitopsStatus } from '../kubernetes/gitops';
import {
  findWorkload,
  summariseWorkload,
  workloadKinds,
  workloadSummary,
} from '../kubernetes/workload';
import { podTemplate, podTemplateOf } from '../kubernetes/podTemplate';
import { containersOf, containerTemplate, livePods, workloadPod } from '../kubernetes/workloadPods';
import type { WorkloadPod } from '../kubernetes/workloadPods';
import { servicesOf, workloadService } from '../kubernetes/workloadServices';
import { table } from '../shared/text';
import { addClusterTool } from './clusterTool';
import { objectName } from './parameters';

/** `get_workload`: whether a change has reached what runs, and how that does. */
export function addWorkloadTools(server: McpServer): void {
  addClusterTool(server, 'get_workload', {
    title: 'Workload',
    description:
      'What runs an application: its template with limits, probes and variables, how far its rollout is, its pods with restarts and memory, warnings, its services, and what Argo CD or Flux says of it.',
    input: {
      name: objectName.optional().describe('Name of a deployment, stateful set or daemon set'),
      kind: z.enum(workloadKinds).optional().describe('Its kind; all three unless given'),
      pod: objectName.optional().describe('A pod of it'),
      app: z.string().min(1).max(253).optional().describe('The application, by name or label'),
    },
    output: {
      workload: workloadSummary,
      template: podTemplate,
      containers: z.array(containerTemplate),
      pods: z.array(workloadPod),
      warnings: z.array(eventSummary),
      services: z.array(workloadService),
      gitops: gitopsStatus.nullable(),
    },
    run: async (cluster, hints) => {
      const found = await findWorkload(cluster, hints);
      const [pods, services, gitops] = await Promise.all([
        livePods(cluster, found),
        servicesOf(cluster, found),
        gitopsOf(cluster, found),
      ]);
      const summary = summariseWorkload(found);
      const newest = pods.filter((pod) => pod.newest).map(({ name }) => name);
      const warnings = await listWarnings(cluster, [summary.name, ...newest]);
      const { kind, name, desired, updated, ready } = summary;
      const lines = [
        `${kind}/${name}: ${updated} of ${desired} updated, ${ready} ready`,
        ...(gitops ? [`${gitops.kind} ${gitops.name}: ${gitops.status}`] : []),
        ...(pods.length > 0 ? [podTable(pods)] : ['No pods.']),
        ...(warnings.length > 0 ? [eventTable(warnings)] : []),
      ];
      return {
        text: lines.join('\n'),
        structured: {
          place: cluster.place,
          workload: summary,
          template: podTemplateOf(found),
          containers: containersOf(found),
          pods,
          warnings,
          services,
          gitops,
        },
      };
    },
  });
}

function podTable(pods: readonly WorkloadPod[]): string {
  const rows = pods.map((pod) => [
    pod.name,
    pod.newest ? 'newest' : 'older',
    pod.ready ? 'ready' : 'not ready',
    pod.status,
    String(pod.restarts),
    pod.lastEnd ? `${pod.lastEnd.reason} ${pod.lastEnd.finishedAt ?? ''}`.trim() : '<none>',
  ]);
  return table(['NAME', 'TEMPLATE', 'READY', 'STATUS', 'RESTARTS', 'LAST END'], rows);
}
