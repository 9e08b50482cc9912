import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

/** What the person at the client answers when a server asks. */
export type Person = (question: string) => boolean;

/** Any MCP client with one of our servers. */
export interface Session extends AsyncDisposable {
  client: Client;
  /** Calls a tool and gives its first text, whether it failed, and its structured content. */
  call(
    tool: string,
    arguments_?: Record<string, unknown>,
  ): Promise<{ text: string; isError: boolean; structured: unknown }>;
}

/** Starts a server as any client of the public SDK does. Without `person` it cannot be asked. */
export async function connect(
  script: string,
  environment: Record<string, string>,
  person?: Person,
): Promise<Session> {
  const client = new Client(
    { name: 'some-client', version: '1' },
    { capabilities: person ? { elicitation: {} } : {} },
  );
  if (person) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => ({
      action: 'accept',
      content: { approve: person(params.message) },
    }));
  }
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [script], env: environment }),
  );
  await client.listTools();
  return {
    client,
    async call(tool, arguments_ = {}) {
      const result = (await client.callTool({
        name: tool,
        arguments: arguments_,
      })) as CallToolResult;
      const [first] = result.content;
      return {
        text: first?.type === 'text' ? first.text : '',
        isError: result.isError === true,
        structured: result.structuredContent,
      };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
