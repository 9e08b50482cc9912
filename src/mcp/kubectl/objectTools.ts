import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

import { allocated, allocation, describeNode } from '../kubernetes/describeNode';
import { describeEvents, eventSummary, listEvents } from '../kubernetes/events';
import { nodeSummary, summariseNode } from '../kubernetes/nodes';
import { objectKinds } from '../kubernetes/objects/kinds';
import type { ObjectKindName } from '../kubernetes/objects/kinds';
import { render } from '../kubernetes/page';
import { addClusterTool } from './clusterTool';
import { nextPage, objectName, paged, pageInput } from './parameters';

const eventsDescribed = 50;
const kind = z.enum(Object.keys(objectKinds) as [ObjectKindName, ...ObjectKindName[]]);
const objectSummary = z.object({
  name: z.string(),
  fields: z.record(z.string(), z.string()).describe('What its columns say'),
});

export function addObjectTools(server: McpServer): void {
  addListObjects(server);
  addDescribeObject(server);
  addDescribeNode(server);
}

function addListObjects(server: McpServer): void {
  addClusterTool(server, 'list_objects', {
    title: 'Objects of a kind',
    description:
      'Services, ingresses, claims, autoscalers, jobs, quotas and others of a namespace, by kind.',
    input: { kind, ...pageInput },
    output: { objects: z.array(objectSummary), next: nextPage },
    run: async (cluster, input) => {
      const { objects, text, next } = await objectKinds[input.kind].list(cluster, input);
      const { place } = cluster;
      const shown =
        objects.length > 0
          ? text
          : `No object of kind ${input.kind} in namespace ${place.namespace}.`;
      return { text: paged(shown, next), structured: { place, objects, next } };
    },
  });
}

function addDescribeObject(server: McpServer): void {
  addClusterTool(server, 'describe_object', {
    title: 'Describe object',
    description:
      'All about one service (with its endpoints), ingress, claim, autoscaler, job, quota …, with its events.',
    input: { kind, name: objectName },
    output: { object: objectSummary, events: z.array(eventSummary) },
    run: async (cluster, input) => {
      const filter = { object: input.name, limit: eventsDescribed };
      const { events } = await listEvents(cluster, filter);
      const own = events.filter(({ object }) => object.toLowerCase().startsWith(`${input.kind}/`));
      const found = await objectKinds[input.kind].describe(
        cluster,
        input.name,
        describeEvents(own),
      );
      return {
        text: render(found.page),
        structured: { place: cluster.place, object: found.object, events: own },
      };
    },
  });
}

function addDescribeNode(server: McpServer): void {
  addClusterTool(server, 'describe_node', {
    title: 'Describe node',
    description:
      'All about one node: conditions, taints, what it has and what its pods ask for, events.',
    input: { node: objectName },
    output: {
      node: nodeSummary,
      pods: z.number(),
      allocated: z.array(allocation),
      events: z.array(eventSummary),
    },
    run: async (cluster, input) => {
      const node = await cluster.core.readNode({ name: input.node });
      // Events of nodes lie in the default namespace, whatever namespace is meant.
      const place = { ...cluster.place, namespace: 'default' };
      const [sums, { events }] = await Promise.all([
        allocated(cluster, node),
        listEvents({ ...cluster, place }, { object: input.node, limit: eventsDescribed }),
      ]);
      return {
        text: describeNode(node, sums, events),
        structured: {
          place: cluster.place,
          node: summariseNode(node),
          pods: sums.pods,
          allocated: sums.allocations,
          events,
        },
      };
    },
  });
}
