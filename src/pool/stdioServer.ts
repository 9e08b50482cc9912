import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

import { askApproval } from '../base/approvalQuestion';
import type { ApprovalQuestion } from '../base/approvalQuestion';
import type { Clock } from '../base/clock';
import { messageOf } from '../base/errors';
import type { PoolLease, ToolAnswer, WaitOptions } from './pool';

const callDeadlineMs = 10 * 60_000;

/** A leased server and what its lease calls it. */
export interface NamedServer {
  server: string;
  lease: PoolLease;
}

export interface StdioServerOptions {
  /** Leases the server, which is called by its name; called at the first request, and at the first one after a rest. */
  lease: (signal: AbortSignal) => Promise<NamedServer>;
  /** What a call has to be approved for by a person; null for a call that needs none. */
  questionFor: (
    named: NamedServer,
    tool: string,
    given: Readonly<Record<string, unknown>>,
    wait: WaitOptions,
  ) => Promise<ApprovalQuestion | null>;
  clock: Clock;
  /** The lease is given back when nothing was asked for so long. */
  idleMs: number;
  signal: AbortSignal;
}

/**
 * Serves the tools of a leased server to another MCP client over standard input and output, until
 * the input ends. Nothing is leased before the first request, and nothing while nobody asks.
 */
export async function serveLease(options: StdioServerOptions): Promise<void> {
  const { signal } = options;
  const kept = new KeptLease(options);
  const server = new Server({ name: 'war-room', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, async (_, { signal: asked }) =>
    // Editors ask for the tools of every server with every question, and may never call one.
    kept.use(asked, 0, ({ server: name, lease }) => ({
      tools: lease.tools(name).map(listed),
    })),
  );
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal: asked }) => {
    const { name: tool, arguments: given = {} } = params;
    const wait = { deadlineMs: callDeadlineMs, signal: asked };
    const call = (arguments_: typeof given, approved: boolean) =>
      kept.use(asked, options.idleMs, ({ server: name, lease }) =>
        lease.call(name, tool, arguments_, { ...wait, approved }),
      );
    try {
      const question = await kept.use(asked, options.idleMs, (named) =>
        options.questionFor(named, tool, given, wait),
      );
      if (!question) return result(await call(given, false));
      const refusal = await askApproval(server, question, asked);
      if (refusal !== null) throw new Error(refusal);
      return result(await call({ ...question.arguments }, true));
    } catch (error) {
      return { content: [{ type: 'text', text: messageOf(error) }], isError: true };
    }
  });
  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve);
    process.stdout.once('error', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    await server.connect(new StdioServerTransport());
    await ended;
  } finally {
    kept.release();
    await server.close();
  }
}

/** A lease that ends when it rests, and begins again when it is used. */
class KeptLease {
  private held: Promise<NamedServer> | null = null;
  private users = 0;
  /** Till when it is kept for the next use, by the steady clock. */
  private keptUntil = 0;
  private rest: Disposable | null = null;

  constructor(private readonly options: StdioServerOptions) {}

  /** @param restMs how long the lease is worth keeping after this */
  async use<T>(
    signal: AbortSignal,
    restMs: number,
    work: (named: NamedServer) => T | Promise<T>,
  ): Promise<T> {
    this.rest?.[Symbol.dispose]();
    this.users += 1;
    try {
      return await work(await this.leased(signal));
    } finally {
      this.users -= 1;
      if (this.held) this.keptUntil = Math.max(this.keptUntil, this.now() + restMs);
      if (this.users === 0) this.startResting();
    }
  }

  release(): void {
    this.rest?.[Symbol.dispose]();
    void this.held?.then(
      ({ lease }) => lease.release(),
      () => undefined,
    );
    this.held = null;
    this.keptUntil = 0;
  }

  private async leased(signal: AbortSignal): Promise<NamedServer> {
    this.held ??= this.options.lease(signal);
    try {
      return await this.held;
    } catch (error) {
      this.held = null;
      throw error;
    }
  }

  private startResting(): void {
    const restMs = this.keptUntil - this.now();
    if (restMs <= 0) this.release();
    else this.rest = this.options.clock.schedule(restMs, () => this.release());
  }

  private now(): number {
    return this.options.clock.monotonic();
  }
}

function listed({
  name,
  description,
  inputSchema,
  readOnly,
}: ReturnType<PoolLease['tools']>[number]) {
  return { name, description, inputSchema, annotations: { readOnlyHint: readOnly } };
}

function result({ text, structured, others, isError }: ToolAnswer): CallToolResult {
  const content = [...(text === '' ? [] : [{ type: 'text', text }]), ...others];
  return {
    content: content as CallToolResult['content'],
    ...(structured === null ? {} : { structuredContent: structured as Record<string, unknown> }),
    isError,
  };
}
