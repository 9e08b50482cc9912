import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

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
import { followRollout } from '../kubernetes/rollout';
import { age } from '../kubernetes/time';
import { table } from '../shared/text';
import { addClusterTool } from './clusterTool';
import { nextPage, objectName, paged, pageInput } from './parameters';

export function addDeploymentTools(server: McpServer): void {
  addListDeployments(server);
  addDescribeDeployment(server);
  addRolloutStatus(server);
  addListNodes(server);
}

function addListDeployments(server: McpServer): void {
  addClusterTool(server, 'list_deployments', {
    title: 'Deployments',
    description: 'The deployments of a namespace and how many of their pods are ready.',
    input: pageInput,
    output: { deployments: z.array(deploymentSummary), next: nextPage },
    run: async ({ place, apps }, input) => {
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
      return { text: paged(text, next), structured: { place, deployments, next } };
    },
  });
}

function addDescribeDeployment(server: McpServer): void {
  addClusterTool(server, 'describe_deployment', {
    title: 'Describe deployment',
    description: 'All about one deployment: its pod template, conditions, revisions and events.',
    input: { deployment: objectName },
    output: {
      deployment: deploymentSummary,
      revisions: z.array(revision),
      events: z.array(eventSummary),
    },
    run: async (cluster, input) => {
      const found = await readDeployment(cluster, input.deployment);
      const [revisions, { events }] = await Promise.all([
        listRevisions(cluster, found),
        listEvents(cluster, { object: input.deployment, limit: 50 }),
      ]);
      return {
        text: describeDeployment(found, revisions, events),
        structured: {
          place: cluster.place,
          deployment: summariseDeployment(found),
          revisions,
          events,
        },
      };
    },
  });
}

function addRolloutStatus(server: McpServer): void {
  addClusterTool(server, 'get_rollout_status', {
    title: 'Rollout status',
    description:
      'How far the rollout of a deployment is, and the revisions before it; follows it where wanted.',
    input: {
      deployment: objectName,
      wait_seconds: z
        .number()
        .int()
        .min(0)
        .max(600)
        .default(0)
        .describe('Follows the rollout until it is done, has failed or this is over'),
    },
    output: {
      done: z.boolean(),
      failed: z.boolean().describe('It stopped before it was done'),
      message: z.string(),
      revisions: z.array(revision),
    },
    run: async (cluster, input, signal) => {
      const waitMs = input.wait_seconds * 1000;
      const found = await followRollout(cluster, input.deployment, waitMs, signal);
      const revisions = await listRevisions(cluster, found);
      const { done, failed, message } = rolloutState(found);
      return {
        text: `${message}\n${revisionTable(revisions)}`,
        structured: { place: cluster.place, done, failed, message, revisions },
      };
    },
  });
}

function addListNodes(server: McpServer): void {
  addClusterTool(server, 'list_nodes', {
    title: 'Nodes',
    description:
      'The nodes of the cluster: readiness, pressure, taints and what they can allocate.',
    input: pageInput,
    output: { nodes: z.array(nodeSummary), next: nextPage },
    run: async ({ place, core }, input) => {
      const list = await core.listNode({ limit: input.limit, _continue: input.continue });
      const nodes = list.items.map(summariseNode);
      const next = list.metadata?._continue || null;
      return {
        text: paged(nodeTable(nodes), next),
        structured: { place, nodes, next },
      };
    },
  });
}
