import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

import { withCluster } from '../kubernetes/cluster';
import type { Cluster } from '../kubernetes/cluster';
import { addTool } from '../shared/tool';
import type { Finding, ToolDefinition } from '../shared/tool';
import { placed, placeInput, placeOutput } from './parameters';

type Given<Input extends z.ZodRawShape> = z.output<z.ZodObject<Input & typeof placeInput>>;
type Found<Output extends z.ZodRawShape> = z.output<
  z.ZodObject<Output & { place: typeof placeOutput }>
>;

/** A tool that asks one cluster: the place is a parameter, and stands in every answer. */
interface ClusterTool<Input extends z.ZodRawShape, Output extends z.ZodRawShape> extends Omit<
  ToolDefinition<Input, Output>,
  'run'
> {
  /** @returns the answer; `structured` with its place, which also heads the text where it was assumed */
  run(cluster: Cluster, input: Given<Input>, signal: AbortSignal): Promise<Finding<Found<Output>>>;
}

/** The part of a tool's input that says where; the rest of it is left out. */
const givenPlace = z.object(placeInput);

/** Adds a tool of the kubectl server. */
export function addClusterTool<Input extends z.ZodRawShape, Output extends z.ZodRawShape>(
  server: McpServer,
  name: string,
  tool: ClusterTool<Input, Output>,
): void {
  addTool<Input & typeof placeInput, Output & { place: typeof placeOutput }>(server, name, {
    ...tool,
    input: { ...tool.input, ...placeInput },
    output: { place: placeOutput, ...tool.output },
    run: (input, signal) =>
      withCluster(givenPlace.parse(input), signal, async (cluster) => {
        const found = await tool.run(cluster, input, signal);
        return { ...found, text: placed(cluster.place, found.text) };
      }),
  });
}
