import type { Readable, Writable } from 'node:stream';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, JSONRPCMessage, Tool } from '@modelcontextprotocol/sdk/types.js';

import type { ToolAnswer } from './runtime';

/** Deadlines come from the signals that callers hand in, so the SDK's own must not come first. */
const noTimeout = 2 ** 31 - 1;

/** War Room's side of MCP with one server. */
export class McpClient {
  private readonly client = new Client(
    { name: 'war-room', version: '1' },
    { capabilities: { elicitation: {} } },
  );
  private tools: readonly Tool[] = [];

  constructor() {
    // A server asks before it changes something. Nothing here was approved by a person, so: no.
    this.client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }));
  }

  /** Greets the server and asks for its tools. `closed` is called once when it cannot be reached any more. */
  async connect(
    input: Writable,
    output: Readable,
    closed: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    this.client.onclose = closed;
    const options = { signal, timeout: noTimeout };
    await this.client.connect(new StreamTransport(input, output), options);
    const tools: Tool[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.client.listTools({ cursor }, options);
      tools.push(...page.tools);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    this.tools = tools;
  }

  onlyReads(tool: string): boolean {
    return this.tools.find(({ name }) => name === tool)?.annotations?.readOnlyHint === true;
  }

  async call(
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ToolAnswer> {
    const result = (await this.client.callTool({ name: tool, arguments: arguments_ }, undefined, {
      signal,
      timeout: noTimeout,
    })) as CallToolResult;
    const texts = result.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
    return {
      text: texts.join('\n'),
      structured: result.structuredContent ?? null,
      isError: result.isError === true,
    };
  }
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
    this.output.on('data', (chunk: Buffer) => this.receive(chunk));
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
