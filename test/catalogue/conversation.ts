import type { Readable, Writable } from 'node:stream';

/** One message of a recorded conversation. */
export interface Line {
  from: 'client' | 'server';
  message: Message;
}

export interface Message {
  jsonrpc: '2.0';
  id?: number | string;
  method?: string;
  params?: unknown;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** Speaks MCP by hand, so that what is written down is what was said. */
export class Conversation {
  readonly lines: Line[] = [];
  private readonly waiting = new Map<number, (answer: Message) => void>();
  private nextId = 1;
  private rest = '';

  constructor(
    private readonly input: Writable,
    output: Readable,
  ) {
    output.setEncoding('utf8');
    output.on('data', (chunk: string) => this.hear(chunk));
    // A server that dies while it is written to is noticed by its end.
    input.on('error', () => undefined);
  }

  /** Greets the server and asks for all of its tools; fulfilled with them. */
  async listTools(): Promise<readonly Record<string, unknown>[]> {
    const client = { name: 'war-room', version: '1' };
    const greeting = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: client };
    await this.ask('initialize', greeting);
    this.say({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const tools: Record<string, unknown>[] = [];
    for (let cursor: unknown; ;) {
      const result = await this.ask('tools/list', cursor === undefined ? {} : { cursor });
      tools.push(...((result['tools'] ?? []) as Record<string, unknown>[]));
      cursor = result['nextCursor'];
      if (cursor === undefined || cursor === null) return tools;
    }
  }

  private async ask(method: string, params: unknown): Promise<Record<string, unknown>> {
    const id = this.nextId++;
    const answer = new Promise<Message>((resolve) => this.waiting.set(id, resolve));
    this.say({ jsonrpc: '2.0', id, method, params });
    const { result, error } = await answer;
    if (!result) throw new Error(`${method}: ${error?.message ?? 'no result'}`);
    return result;
  }

  private say(message: Message): void {
    this.lines.push({ from: 'client', message });
    this.input.write(`${JSON.stringify(message)}\n`);
  }

  private hear(chunk: string): void {
    const parts = (this.rest + chunk).split('\n');
    this.rest = parts.pop() ?? '';
    for (const part of parts) {
      const message = messageIn(part);
      if (!message) continue;
      this.lines.push({ from: 'server', message });
      if (message.method !== undefined && message.id !== undefined) this.refuse(message);
      else this.waiting.get(Number(message.id))?.(message);
    }
  }

  /** What a server asks while it is recorded has no answer. */
  private refuse({ id, method }: Message): void {
    const result = method === 'roots/list' ? { roots: [] } : {};
    this.say({ jsonrpc: '2.0', id, result });
  }
}

/** Some servers greet a person on their standard output. */
function messageIn(line: string): Message | undefined {
  try {
    const value = JSON.parse(line) as Message;
    return value.jsonrpc === '2.0' ? value : undefined;
  } catch {
    return undefined;
  }
}
