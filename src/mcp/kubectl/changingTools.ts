import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

import { restartDeployment, scaleDeployment } from '../kubernetes/changes';
import { readDeployment } from '../kubernetes/deployments';
import { addClusterTool } from './clusterTool';
import { askPerson } from './askPerson';
import { objectName } from './parameters';

export function addChangingTools(server: McpServer): void {
  addRestart(server);
  addScale(server);
}

function addRestart(server: McpServer): void {
  addClusterTool(server, 'restart_deployment', {
    title: 'Restart deployment',
    description: 'Restarts the pods of a deployment one after the other. Asks the person first.',
    effect: 'changes',
    input: { deployment: objectName },
    output: { deployment: z.string(), message: z.string() },
    run: async (cluster, input, signal) => {
      const { place } = cluster;
      const { deployment } = input;
      await readDeployment(cluster, deployment);
      await askPerson(server, { tool: 'restart_deployment', place, deployment }, signal);
      await restartDeployment(cluster, deployment);
      const message = `deployment "${deployment}" restarted`;
      return { text: message, structured: { place, deployment, message } };
    },
  });
}

function addScale(server: McpServer): void {
  addClusterTool(server, 'scale_deployment', {
    title: 'Scale deployment',
    description: 'Sets how many pods a deployment has. Asks the person first.',
    effect: 'changes',
    input: {
      deployment: objectName,
      replicas: z.number().int().min(0).max(1000),
    },
    output: {
      deployment: z.string(),
      before: z.number(),
      replicas: z.number(),
      message: z.string(),
    },
    run: async (cluster, input, signal) => {
      const { place } = cluster;
      const { deployment, replicas } = input;
      const before = (await readDeployment(cluster, deployment)).spec?.replicas ?? 1;
      await askPerson(server, { tool: 'scale_deployment', place, deployment, replicas }, signal);
      await scaleDeployment(cluster, deployment, replicas);
      const message = `deployment "${deployment}" scaled from ${before} to ${replicas}`;
      return {
        text: message,
        structured: { place, deployment, before, replicas, message },
      };
    },
  });
}
