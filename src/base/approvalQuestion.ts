import { exactCall } from './exactCall';

/** What a person is asked over MCP before one call is made. */
export interface ApprovalQuestion {
  message: string;
  tool: string;
  /** The arguments that the yes is for. */
  arguments: Readonly<Record<string, unknown>>;
}

/** A server's side of MCP, as far as its client's person is asked over it. */
interface Asker {
  getClientCapabilities(): { elicitation?: unknown } | undefined;
  elicitInput(
    params: ReturnType<typeof approvalRequest>,
    options: { signal: AbortSignal; timeout: number },
  ): Promise<{ action: string; content?: Record<string, unknown> | undefined }>;
}

const patienceMs = 10 * 60_000;

/** Why a client's person cannot be asked; null where it can be. */
export function whyUnaskable(server: Asker, tool: string): string | null {
  if (server.getClientCapabilities()?.elicitation) return null;
  return `${tool} changes the cluster and needs a person's yes, and this client cannot ask for it (it has no elicitation); nothing was changed.`;
}

/** Asks the person at the other end. @returns null for a yes, else a sentence that says so */
export async function askApproval(
  server: Asker,
  question: ApprovalQuestion,
  signal: AbortSignal,
): Promise<string | null> {
  const unaskable = whyUnaskable(server, question.tool);
  if (unaskable !== null) return unaskable;
  const { action, content } = await server.elicitInput(approvalRequest(question), {
    signal,
    timeout: patienceMs,
  });
  const isYes = action === 'accept' && content?.['approve'] === true;
  return isYes ? null : `${question.tool} was not approved; nothing was changed.`;
}

function approvalRequest({ message, tool, arguments: given }: ApprovalQuestion) {
  const approve = {
    type: 'boolean' as const,
    title: 'Do it',
    // The exact call, for a client that answers only for what was approved before.
    description: exactCall(tool, given),
    // A form that is sent as it was shown is no yes. VS Code's picker shows no default of false.
    default: false,
  };
  return {
    message,
    requestedSchema: { type: 'object' as const, properties: { approve }, required: ['approve'] },
  };
}
