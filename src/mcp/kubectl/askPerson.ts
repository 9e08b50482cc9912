import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';

import type { Change } from '../kubernetes/changes';
import type { ChangePreview } from '../kubernetes/preview';
import { ToolError } from '../shared/tool';

const patienceMs = 10 * 60_000;

/** @throws ToolError for a client that could not be asked, before anything is looked at */
export function requireAskable(server: McpServer, tool: Change['tool']): void {
  if (server.server.getClientCapabilities()?.elicitation) return;
  throw new ToolError(
    `${tool} changes the cluster and needs a person's yes, and this client cannot ask for it (it has no elicitation); nothing was changed.`,
  );
}

/**
 * Asks the person at the other end for leave, naming the exact call and what it would do.
 * @throws ToolError when the answer is anything but yes
 */
export async function askPerson(
  server: McpServer,
  tool: Change['tool'],
  { call, question }: ChangePreview,
  signal: AbortSignal,
): Promise<void> {
  const answer = await server.server.elicitInput(
    {
      message: question,
      requestedSchema: {
        type: 'object',
        // The exact call, for a client that answers only for what was approved before.
        properties: { approve: { type: 'boolean', title: 'Do it', description: call } },
        required: ['approve'],
      },
    },
    { signal, timeout: patienceMs },
  );
  if (answer.action !== 'accept' || answer.content?.['approve'] !== true) {
    throw new ToolError(`${tool} was not approved; nothing was changed.`);
  }
}
