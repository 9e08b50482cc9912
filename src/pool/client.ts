import type { Readable, Writable } from 'node:stream';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import {
  CallToolResultSchema,
  ElicitRequestSchema,
  ListToolsResultSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { ElicitRequest, JSONRPCMessage, Tool } from '@modelcontextprotocol/sdk/types.js';

import { exactCall } from '../base/exactCall';
import type { ServerTool, ToolAnswer } from './pool';

/** Deadlines come from the signals that callers hand in, so the SDK's own must not come first. */
const noTimeout = 2 ** 31 - 1;
/** A server that has ever more pages of tools must not fill our memory. */
const mostPages = 50;
const listAgainMs = 30_000;

/** War Room's side of MCP with one server. */
export class McpClient {
  private readonly client = new Client(
    { name: 'war-room', version: '1' },
    { capabilities: { elicitation: {} } },
  );
  private listed: readonly ServerTool[] = [];
  /** Exact calls under way that a person approved, and whose server has not asked yet. */
  private readonly approved = new Set<string>();

  constructor() {
    // A server asks before it changes something. Yes is for the exact call that a person approved,
    // while it is made, and once; whatever else is asked: no.
    this.client.setRequestHandler(ElicitRequestSchema, ({ params }) =>
      this.approved.delete(askedCall(params))
        ? { action: 'accept', content: { approve: true } }
        : { action: 'decline' },
    );
    this.client.setNotificationHandler(ToolListChangedNotificationSchema, () =>
      this.listTools(AbortSignal.timeout(listAgainMs)).catch(() => undefined),
    );
  }

  /** The tools as the server listed them last. */
  get tools(): readonly ServerTool[] {
    return this.listed;
  }

  /** Greets the server. `closed` is called once when it cannot be reached any more. */
  async connect(
    input: Writable,
    output: Readable,
    closed: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    this.client.onclose = closed;
    await this.client.connect(new StreamTransport(input, output), { signal, timeout: noTimeout });
  }

  /** Asks for the tools. The SDK's own call would compile every output schema, also broken ones. */
  async listTools(signal: AbortSignal): Promise<void> {
    if (!this.client.getServerCapabilities()?.tools) return;
    const tools: Tool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const { tools: more, nextCursor } = await this.client.request(
        { method: 'tools/list', params: { cursor } },
        ListToolsResultSchema,
        { signal, timeout: noTimeout },
      );
      tools.push(...more);
      cursor = nextCursor;
      if (cursor === undefined) break;
    }
    this.listed = tools.map(serverTool);
  }

  async ping(signal: AbortSignal): Promise<void> {
    await this.client.ping({ signal, timeout: noTimeout });
  }

  /** @param approved a person approved exactly this call, so the server's question is answered yes */
  async call(
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
    approved = false,
  ): Promise<ToolAnswer> {
    const call = exactCall(tool, arguments_);
    if (approved) this.approved.add(call);
    try {
      return await this.request(tool, arguments_, signal);
    } finally {
      this.approved.delete(call);
    }
  }

  private async request(
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ToolAnswer> {
    const result = await this.client.request(
      { method: 'tools/call', params: { name: tool, arguments: arguments_ } },
      CallToolResultSchema,
      { signal, timeout: noTimeout },
    );
    const texts = result.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
    return {
      text: texts.join('\n'),
      structured: result.structuredContent ?? null,
      others: result.content.filter(({ type }) => type !== 'text'),
      isError: result.isError === true,
    };
  }
}

/** The call that a server of ours asks about, with what it wants to hear for a yes; else nothing. */
function askedCall(params: ElicitRequest['params']): string {
  if (!('requestedSchema' in params)) return '';
  const approve = params.requestedSchema.properties['approve'];
  return approve?.type === 'boolean' ? (approve.description ?? '') : '';
}

function serverTool({ name, description, inputSchema, annotations }: Tool): ServerTool {
  return {
    name,
    description: description ?? '',
    inputSchema,
    readOnly: annotations?.readOnlyHint === true,
  };
}

/** MCP over a pair of streams: one message a line. */
class StreamTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  private readonly buffer = new ReadBuffer();
  private closed = false;

  constructor(
    private readonly input: Writable,
    private readonly output: Readable,
  ) {}

  start(): Promise<void> {
    // A pipe whose other end is gone is no news: the end of the output tells it.
    this.input.on('error', () => undefined);
    this.output.on('error', () => void this.close());
    this.output.on('data', (chunk: Buffer) => this.receive(chunk));
    this.output.once('end', () => void this.close());
    this.output.once('close', () => void this.close());
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.input.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      this.onclose?.();
    }
    return Promise.resolve();
  }

  private receive(chunk: Buffer): void {
    try {
      this.buffer.append(chunk);
    } catch (error) {
      // More than the buffer takes without a line's end: what follows cannot be told apart.
      this.onerror?.(error as Error);
      void this.close();
      return;
    }
    for (let more = true; more;) more = this.deliver();
  }

  /** Delivers one message; a line that is none is skipped. */
  private deliver(): boolean {
    try {
      const message = this.buffer.readMessage();
      if (message) this.onmessage?.(message);
      return message !== null;
    } catch (error) {
      this.onerror?.(error as Error);
      return true;
    }
  }
}
