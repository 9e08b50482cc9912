import { z } from 'zod';

import type { ApprovalQuestion } from '../base/approvalQuestion';
import type { ActionTool } from '../incident/clusterAction';
import type { WaitOptions } from '../pool/pool';
import type { NamedServer } from '../pool/stdioServer';

const changing: readonly string[] = [
  'restart_deployment',
  'scale_deployment',
] satisfies ActionTool[];

/** What `preview_change` of the kubectl server answers. */
const preview = z.object({
  call: z.string(),
  question: z.string(),
  refusal: z.string().nullable(),
});

/**
 * What an agent's person is asked before the kubectl server changes a cluster: what the server tells
 * after trying it. Null for every other call, and for one that the server refuses, which says why.
 */
export async function questionFor(
  { server, lease }: NamedServer,
  tool: string,
  given: Readonly<Record<string, unknown>>,
  wait: WaitOptions,
): Promise<ApprovalQuestion | null> {
  if (server !== 'kubectl' || !changing.includes(tool)) return null;
  const { isError, structured } = await lease.call(
    server,
    'preview_change',
    { ...given, tool },
    wait,
  );
  const found = preview.safeParse(structured);
  if (isError || !found.success || found.data.refusal !== null) return null;
  // The server's own words for the call: with the place, and without what it does not know.
  const { question, call } = found.data;
  const arguments_ = JSON.parse(call.slice(tool.length)) as typeof given;
  return { message: question, tool, arguments: arguments_ };
}
