import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';

import { addChangingTools } from './changingTools';
import { addDeploymentTools } from './deploymentTools';
import { addObjectTools } from './objectTools';
import { addPodTools } from './podTools';
import { addWorkloadTools } from './workloadTools';

/** The server `kubectl`: looks at a cluster, and changes it where the person says so. */
export function kubectlServer(): McpServer {
  const server = new McpServer({ name: 'war-room-kubectl', version: '1' });
  addPodTools(server);
  addDeploymentTools(server);
  addWorkloadTools(server);
  addObjectTools(server);
  addChangingTools(server);
  return server;
}
