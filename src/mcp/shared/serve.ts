import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

/**
 * Serves MCP over standard input and output, and ends the process with its input: whoever started
 * it is gone then, and nothing else would end it.
 */
export async function serve(server: McpServer): Promise<void> {
  const end = () => process.exit(0);
  process.stdin.once('end', end).once('close', end);
  process.stdout.once('error', end);
  await server.connect(new StdioServerTransport());
}
