import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';

import type { Place } from '../kubernetes/kubeconfig';
import { ToolError } from '../shared/tool';

/** A change as the person sees it before it happens. */
export interface ProposedCall {
  tool: 'restart_deployment' | 'scale_deployment';
  place: Place;
  deployment: string;
  replicas?: number;
}

const patienceMs = 10 * 60_000;

/**
 * Asks the person at the other end for leave, naming the exact call.
 * @throws ToolError when the client cannot ask, or the answer is anything but yes
 */
export async function askPerson(
  server: McpServer,
  call: ProposedCall,
  signal: AbortSignal,
): Promise<void> {
  if (!server.server.getClientCapabilities()?.elicitation) {
    throw new ToolError(
      `${call.tool} changes the cluster and needs a person's yes, and this client cannot ask for it (it has no elicitation); nothing was changed.`,
    );
  }
  const answer = await server.server.elicitInput(
    {
      message: question(call),
      requestedSchema: {
        type: 'object',
        properties: { approve: { type: 'boolean', title: 'Do it', description: exactCall(call) } },
        required: ['approve'],
      },
    },
    { signal, timeout: patienceMs },
  );
  if (answer.action !== 'accept' || answer.content?.['approve'] !== true) {
    throw new ToolError(`${call.tool} was not approved; nothing was changed.`);
  }
}

function question({ tool, place, deployment, replicas }: ProposedCall): string {
  const where = `namespace ${place.namespace} of context ${place.context}`;
  return tool === 'restart_deployment'
    ? `Restart deployment ${deployment} in ${where}?`
    : `Scale deployment ${deployment} in ${where} to ${replicas}?`;
}

/** The call as it will be made, for a client that answers only for what was approved before. */
export function exactCall({ tool, place, deployment, replicas }: ProposedCall): string {
  const { context, namespace } = place;
  return `${tool} ${JSON.stringify({ context, namespace, deployment, replicas })}`;
}
