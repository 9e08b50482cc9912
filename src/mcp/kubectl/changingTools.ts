import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

import { askApproval, whyUnaskable } from '../../base/approvalQuestion';
import { makeChange } from '../kubernetes/changes';
import type { Change } from '../kubernetes/changes';
import type { Cluster } from '../kubernetes/cluster';
import { changePreview, previewChange } from '../kubernetes/preview';
import type { ChangePreview } from '../kubernetes/preview';
import { ToolError } from '../shared/tool';
import { addClusterTool } from './clusterTool';
import { objectName } from './parameters';

const replicaCount = z.number().int().min(0).max(1000);
const changeOutput = {
  deployment: z.string(),
  now: z.string().describe('As it was before'),
  after: z.string(),
  warnings: z.array(z.string()),
  message: z.string(),
};

export function addChangingTools(server: McpServer): void {
  addPreview(server);
  addRestart(server);
  addScale(server);
}

function addPreview(server: McpServer): void {
  addClusterTool(server, 'preview_change', {
    title: 'Preview of a change',
    description:
      'What restart_deployment or scale_deployment would do, or why it is refused. Tried on the server (dry run); nothing is changed.',
    input: {
      tool: z.enum(['restart_deployment', 'scale_deployment']),
      deployment: objectName,
      replicas: replicaCount.optional().describe('For scale_deployment'),
    },
    output: changePreview.shape,
    run: async (cluster, { tool, deployment, replicas }) => {
      const found = await previewChange(cluster, changeOf(tool, deployment, replicas));
      const text = [
        found.call,
        `now: ${found.now}`,
        `after: ${found.after}`,
        ...found.warnings.map((warning) => `warning: ${warning}`),
        ...(found.refusal === null ? [] : [`refused: ${found.refusal}`]),
      ].join('\n');
      return { text, structured: { place: cluster.place, ...found } };
    },
  });
}

function addRestart(server: McpServer): void {
  addClusterTool(server, 'restart_deployment', {
    title: 'Restart deployment',
    description: 'Restarts the pods of a deployment one after the other. Asks the person first.',
    effect: 'changes',
    input: { deployment: objectName },
    output: changeOutput,
    run: async (cluster, { deployment }, signal) => {
      const change = { tool: 'restart_deployment', deployment } as const;
      const { now, after, warnings } = await approvedChange(server, cluster, change, signal);
      const message = `deployment "${deployment}" restarted`;
      const { place } = cluster;
      return {
        text: message,
        structured: { place, deployment, now, after, warnings, message },
      };
    },
  });
}

function addScale(server: McpServer): void {
  addClusterTool(server, 'scale_deployment', {
    title: 'Scale deployment',
    description: 'Sets how many pods a deployment has. Asks the person first.',
    effect: 'changes',
    input: { deployment: objectName, replicas: replicaCount },
    output: { ...changeOutput, before: z.number(), replicas: z.number() },
    run: async (cluster, { deployment, replicas }, signal) => {
      const change = { tool: 'scale_deployment', deployment, replicas } as const;
      const preview = await approvedChange(server, cluster, change, signal);
      const { now, after, warnings, replicas: before } = preview;
      const message = `deployment "${deployment}" scaled from ${before} to ${replicas}`;
      const { place } = cluster;
      return {
        text: message,
        structured: { place, deployment, before, replicas, now, after, warnings, message },
      };
    },
  });
}

/**
 * Tries the change, asks the person for it, and makes it.
 * @throws ToolError when it is refused or not approved
 */
async function approvedChange(
  server: McpServer,
  cluster: Cluster,
  change: Change,
  signal: AbortSignal,
): Promise<ChangePreview> {
  // Before anything is looked at.
  refuseFor(whyUnaskable(server.server, change.tool));
  const preview = await previewChange(cluster, change);
  if (preview.refusal !== null) {
    throw new ToolError(`${change.tool} is refused: ${preview.refusal} Nothing was changed.`);
  }
  const { tool, ...given } = change;
  const { context, namespace } = cluster.place;
  const asked = { message: preview.question, tool, arguments: { context, namespace, ...given } };
  refuseFor(await askApproval(server.server, asked, signal));
  await makeChange(cluster, change, 'do');
  return preview;
}

function refuseFor(why: string | null): void {
  if (why !== null) throw new ToolError(why);
}

function changeOf(tool: Change['tool'], deployment: string, replicas: number | undefined): Change {
  if (tool === 'restart_deployment') return { tool, deployment };
  if (replicas === undefined) {
    throw new ToolError('scale_deployment needs "replicas": say how many pods are wanted.');
  }
  return { tool, deployment, replicas };
}
