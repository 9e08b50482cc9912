import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

import { withCluster } from '../kubernetes/cluster';
import {
  deploymentSummary,
  describeDeployment,
  listRevisions,
  readDeployment,
  revision,
  revisionTable,
  rolloutState,
  summariseDeployment,
} from '../kubernetes/deployments';
import { eventSummary, listEvents } from '../kubernetes/events';
import { nodeSummary, nodeTable, summariseNode } from '../kubernetes/nodes';
import { age } from '../kubernetes/time';
import { table } from '../shared/text';
import { addTool } from '../shared/tool';
import {
  nextPage,
  objectName,
  paged,
  pageInput,
  placed,
  placeInput,
  placeOutput,
} from './parameters';

export function addDeploymentTools(server: McpServer): void {
  addListDeployments(server);
  addDescribeDeployment(server);
  addRolloutStatus(server);
  addListNodes(server);
}

function addListDeployments(server: McpServer): void {
  addTool(server, 'list_deployments', {
    title: 'Deployments',
    description: 'The deployments of a namespace and how many of their pods are ready.',
    input: { ...placeInput, ...pageInput },
    output: { place: placeOutput, deployments: z.array(deploymentSummary), next: nextPage },
    run: (input, signal) =>
      withCluster(input, signal, async ({ place, apps }) => {
        const list = await apps.listNamespacedDeployment({
          namespace: place.namespace,
          limit: input.limit,
          _continue: input.continue,
        });
        const deployments = list.items.map(summariseDeployment);
        const next = list.metadata?._continue || null;
        const rows = deployments.map((one) => [
          one.name,
          `${one.ready}/${one.desired}`,
          String(one.upToDate),
          String(one.available),
          age(one.createdAt ?? undefined),
        ]);
        const text =
          rows.length > 0
            ? table(['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE'], rows)
            : `No deployments in namespace ${place.namespace}.`;
        return { text: placed(place, paged(text, next)), structured: { place, deployments, next } };
      }),
  });
}

function addDescribeDeployment(server: McpServer): void {
  addTool(server, 'describe_deployment', {
    title: 'Describe deployment',
    description: 'All about one deployment: its pod template, conditions, revisions and events.',
    input: { deployment: objectName, ...placeInput },
    output: {
      place: placeOutput,
      deployment: deploymentSummary,
      revisions: z.array(revision),
      events: z.array(eventSummary),
    },
    run: (input, signal) =>
      withCluster(input, signal, async (cluster) => {
        const found = await readDeployment(cluster, input.deployment);
        const [revisions, { events }] = await Promise.all([
          listRevisions(cluster, found),
          listEvents(cluster, { object: input.deployment, limit: 50 }),
        ]);
        return {
          text: placed(cluster.place, describeDeployment(found, revisions, events)),
          structured: {
            place: cluster.place,
            deployment: summariseDeployment(found),
            revisions,
            events,
          },
        };
      }),
  });
}

function addRolloutStatus(server: McpServer): void {
  addTool(server, 'get_rollout_status', {
    title: 'Rollout status',
    description: 'How far the rollout of a deployment is, and the revisions before it.',
    input: { deployment: objectName, ...placeInput },
    output: {
      place: placeOutput,
      done: z.boolean(),
      message: z.string(),
      revisions: z.array(revision),
    },
    run: (input, signal) =>
      withCluster(input, signal, async (cluster) => {
        const found = await readDeployment(cluster, input.deployment);
        const revisions = await listRevisions(cluster, found);
        const { done, message } = rolloutState(found);
        return {
          text: placed(cluster.place, `${message}\n${revisionTable(revisions)}`),
          structured: { place: cluster.place, done, message, revisions },
        };
      }),
  });
}

function addListNodes(server: McpServer): void {
  addTool(server, 'list_nodes', {
    title: 'Nodes',
    description:
      'The nodes of the cluster: readiness, pressure, taints and what they can allocate.',
    input: { ...placeInput, ...pageInput },
    output: { place: placeOutput, nodes: z.array(nodeSummary), next: nextPage },
    run: (input, signal) =>
      withCluster(input, signal, async ({ place, core }) => {
        const list = await core.listNode({ limit: input.limit, _continue: input.continue });
        const nodes = list.items.map(summariseNode);
        const next = list.metadata?._continue || null;
        return {
          text: placed(place, paged(nodeTable(nodes), next)),
          structured: { place, nodes, next },
        };
      }),
  });
}
