import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

import type { Cluster } from '../kubernetes/cluster';
import { readDeployment, selectorOf } from '../kubernetes/deployments';
import { describePod } from '../kubernetes/describePod';
import { eventSummary, eventTable, listEvents } from '../kubernetes/events';
import { readPodLog } from '../kubernetes/podLogs';
import type { LogQuery, PodLog } from '../kubernetes/podLogs';
import { podSummary, summarisePod } from '../kubernetes/podStatus';
import type { PodSummary } from '../kubernetes/podStatus';
import { age } from '../kubernetes/time';
import { bound, mostLogBytes, table } from '../shared/text';
import { ToolError } from '../shared/tool';
import { addClusterTool } from './clusterTool';
import { readKeptLog } from './keptLog';
import { nextPage, objectName, paged, pageInput } from './parameters';

/** Events of one object that a description shows. */
const eventsDescribed = 50;

export function addPodTools(server: McpServer): void {
  addListPods(server);
  addDescribePod(server);
  addPodLogs(server);
  addEvents(server);
}

function addListPods(server: McpServer): void {
  addClusterTool(server, 'list_pods', {
    title: 'Pods',
    description: 'The pods of a namespace, or of one deployment, with their state and restarts.',
    input: {
      deployment: objectName.optional().describe('Only the pods that it selects'),
      ...pageInput,
    },
    output: { pods: z.array(podSummary), next: nextPage },
    run: async (cluster, input) => {
      const { place, core } = cluster;
      const list = await core.listNamespacedPod({
        namespace: place.namespace,
        labelSelector: await podSelector(cluster, input.deployment),
        limit: input.limit,
        _continue: input.continue,
      });
      const pods = list.items.map(summarisePod);
      const next = list.metadata?._continue || null;
      const text = pods.length > 0 ? podTable(pods) : `No pods in namespace ${place.namespace}.`;
      return { text: paged(text, next), structured: { place, pods, next } };
    },
  });
}

async function podSelector(
  cluster: Cluster,
  deployment: string | undefined,
): Promise<string | undefined> {
  if (deployment === undefined) return undefined;
  const selector = selectorOf(await readDeployment(cluster, deployment));
  if (selector !== null) return selector;
  throw new ToolError(
    `Deployment ${deployment} selects its pods by expressions, which are not followed here: list the pods of the namespace.`,
  );
}

function addDescribePod(server: McpServer): void {
  addClusterTool(server, 'describe_pod', {
    title: 'Describe pod',
    description: 'All about one pod: containers, states, limits, probes, conditions and events.',
    input: { pod_name: objectName },
    output: { pod: podSummary, events: z.array(eventSummary) },
    run: async (cluster, input) => {
      const { place, core } = cluster;
      const [pod, { events }] = await Promise.all([
        core.readNamespacedPod({ name: input.pod_name, namespace: place.namespace }),
        listEvents(cluster, { object: input.pod_name, limit: eventsDescribed }),
      ]);
      return {
        text: describePod(pod, events),
        structured: { place, pod: summarisePod(pod), events },
      };
    },
  });
}

function addPodLogs(server: McpServer): void {
  addClusterTool(server, 'get_pod_logs', {
    title: 'Pod logs',
    description:
      "The last lines of a container's log, or of its run before the last restart. Of a pod that is gone, what Loki has kept, where one is named.",
    input: {
      pod_name: objectName,
      tail: z.number().int().min(1).max(5000).default(100).describe('How many lines'),
      previous: z.boolean().default(false).describe('The run before the last restart'),
      container: objectName.optional().describe('The first of the pod, unless given'),
    },
    output: {
      source: z.enum(['kubernetes', 'loki']),
      container: z.string(),
      containers: z.array(z.string()).describe('All of the pod'),
      lines: z.number().describe('Lines in the text'),
      cutLines: z.number().describe('Earlier lines that did not fit the answer'),
    },
    run: async (cluster, input, signal) => {
      const { place } = cluster;
      const log = await podLog(cluster, input, signal);
      const { source, container, containers } = log;
      const { text, cutLines } = bound(log.text, 'tail', mostLogBytes);
      const note =
        input.container === undefined && containers.length > 1
          ? `# container ${container} of ${containers.join(', ')}\n`
          : '';
      return {
        text: log.head + note + text,
        keep: 'tail',
        structured: {
          place,
          source,
          container,
          containers: [...containers],
          lines: text === '' ? 0 : text.split('\n').length,
          cutLines,
        },
      };
    },
  });
}

/** From the cluster, else what Loki has kept. */
async function podLog(
  cluster: Cluster,
  input: LogQuery & { pod_name: string },
  signal: AbortSignal,
): Promise<PodLog & { source: 'kubernetes' | 'loki'; head: string }> {
  const { pod_name: pod } = input;
  try {
    return { ...(await readPodLog(cluster, pod, input)), source: 'kubernetes', head: '' };
  } catch (error) {
    const log = await readKeptLog(error, cluster.place, { ...input, pod }, signal);
    return { ...log, source: 'loki' };
  }
}

function addEvents(server: McpServer): void {
  addClusterTool(server, 'get_events', {
    title: 'Events',
    description: 'Events of a namespace, or of one object in it, the latest last.',
    input: {
      object: objectName.optional().describe('Name of a pod, deployment, claim …'),
      ...pageInput,
    },
    output: { events: z.array(eventSummary), next: nextPage },
    run: async (cluster, input) => {
      const { events, next } = await listEvents(cluster, input);
      const text = events.length > 0 ? eventTable(events) : 'No events.';
      const { place } = cluster;
      return { text: paged(text, next), structured: { place, events, next } };
    },
  });
}

function podTable(pods: readonly PodSummary[]): string {
  const rows = pods.map((pod) => [
    pod.name,
    pod.ready,
    pod.status,
    String(pod.restarts),
    age(pod.startedAt ?? undefined),
    pod.node ?? '<none>',
  ]);
  return table(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'NODE'], rows);
}
