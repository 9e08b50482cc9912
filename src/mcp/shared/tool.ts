import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

import { messageOf } from '../../base/errors';
import { bound } from './text';

/** A failure whose message is one sentence for a person: what is wrong and what to do. */
export class ToolError extends Error {}

/** What a tool found. `structured` follows the tool's output schema. */
export interface Finding<Output> {
  text: string;
  structured: Output;
  /** Which end of too long a text is kept; the head unless told. */
  keep?: 'head' | 'tail';
}

/** What a server offers under a name. */
export interface ToolDefinition<Input extends z.ZodRawShape, Output extends z.ZodRawShape> {
  title: string;
  description: string;
  input: Input;
  output: Output;
  /** What it does to the world; reading is the rule. */
  effect?: 'reads' | 'changes';
  run(
    input: z.output<z.ZodObject<Input>>,
    signal: AbortSignal,
  ): Promise<Finding<z.output<z.ZodObject<Output>>>>;
}

const annotations: Record<'reads' | 'changes', ToolAnnotations> = {
  reads: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  changes: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
};

/**
 * Adds a tool whose answers are bounded and structured and whose failures are one sentence.
 * @see ToolError
 */
export function addTool<Input extends z.ZodRawShape, Output extends z.ZodRawShape>(
  server: McpServer,
  name: string,
  tool: ToolDefinition<Input, Output>,
): void {
  const input = z.object(tool.input);
  const config = {
    title: tool.title,
    description: tool.description,
    inputSchema: input as z.ZodType,
    outputSchema: z.object(tool.output) as z.ZodType,
    annotations: annotations[tool.effect ?? 'reads'],
  };
  server.registerTool(name, config, async (given, { signal }): Promise<CallToolResult> => {
    try {
      const found = await tool.run(input.parse(given), signal);
      return {
        content: [{ type: 'text', text: bound(found.text, found.keep ?? 'head').text }],
        structuredContent: found.structured,
      };
    } catch (error) {
      const { text } = bound(messageOf(error), 'head');
      return { content: [{ type: 'text', text }], isError: true };
    }
  });
}
