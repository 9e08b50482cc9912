import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

import type { Clock } from '../base/clock';
import { messageOf } from '../base/errors';
import type { PoolLease, ToolAnswer } from './pool';

const callDeadlineMs = 10 * 60_000;

/** A leased server and what its lease calls it. */
export interface NamedServer {
  server: string;
  lease: PoolLease;
}

export interface StdioServerOptions {
  /** Leases the server, which is called by its name; called at the first request, and at the first one after a rest. */
  lease: (signal: AbortSignal) => Promise<NamedServer>;
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
  server.setRequestHandler(ListToolsRequestSchema, async (_, { signal: asked }) => {
    const { server: name, lease } = await kept.use(asked);
    return { tools: lease.tools(name).map(listed) };
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal: asked }) => {
    try {
      const { server: name, lease } = await kept.use(asked);
      const wait = { deadlineMs: callDeadlineMs, signal: asked };
      return result(await lease.call(name, params.name, params.arguments ?? {}, wait));
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
  private rest: Disposable | null = null;

  constructor(private readonly options: StdioServerOptions) {}

  async use(signal: AbortSignal): Promise<NamedServer> {
    const { lease, clock, idleMs } = this.options;
    this.rest?.[Symbol.dispose]();
    this.rest = clock.schedule(idleMs, () => this.release());
    this.held ??= lease(signal);
    try {
      return await this.held;
    } catch (error) {
      this.held = null;
      throw error;
    }
  }

  release(): void {
    this.rest?.[Symbol.dispose]();
    void this.held?.then(
      ({ lease }) => lease.release(),
      () => undefined,
    );
    this.held = null;
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
