import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A block of a scripted answer. `json` is sent as it is, also where it is none. */
export type Block =
  | { type: 'text'; text: string }
  | { type: 'tool_use'; name: string; input?: unknown; json?: string }
  | { type: 'thinking'; thinking: string; signature: string };

/** What the server does with one request. */
export type Reply =
  | {
      blocks: readonly Block[];
      stop?: string;
      cutAfter?: number;
      usage?: Record<string, unknown>;
    }
  | { status: number; error: string; headers?: Record<string, string> }
  | { streamError: string }
  /** Text that comes again and again until the connection ends; empty: nothing comes. */
  | { endless: string };

/** What came in. */
export interface Received {
  /** The bytes of the body. */
  body: string;
  headers: IncomingMessage['headers'];
  json: {
    model: string;
    system: { text: string; cache_control?: unknown }[];
    tools: { name: string; input_schema: unknown; cache_control?: unknown }[];
    messages: { role: string; content: Record<string, unknown>[] }[];
  };
}

/** A loopback server that speaks the Messages API: events of a stream, in pieces of any size. */
export class ModelServer implements AsyncDisposable {
  readonly received: Received[] = [];

  private constructor(
    readonly url: string,
    private readonly close: () => Promise<void>,
  ) {}

  /** @param reply answers a request; the count starts at 0 */
  static async start(reply: (received: Received, count: number) => Reply): Promise<ModelServer> {
    const received: Received[] = [];
    const http = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const one = { body, headers: request.headers, json: JSON.parse(body) as Received['json'] };
        received.push(one);
        send(response, reply(one, received.length - 1));
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    const server = new ModelServer(`http://127.0.0.1:${port}`, async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    });
    // The handler was there first.
    Object.assign(server, { received });
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

function send(response: ServerResponse, reply: Reply): void {
  if ('status' in reply) {
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(
      JSON.stringify({ type: 'error', error: { type: reply.error, message: `${reply.error}!` } }),
    );
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if ('endless' in reply) {
    pour(response, reply.endless);
    return;
  }
  const events = 'streamError' in reply ? failing(reply.streamError) : eventsOf(reply);
  const text = events
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
  const bytes = Buffer.from(text, 'utf8');
  // Pieces that end in the middle of lines and of characters.
  for (let at = 0; at < bytes.length; at += 37) response.write(bytes.subarray(at, at + 37));
  // What was written goes out first: else there would be no answer to cut.
  if ('cutAfter' in reply && reply.cutAfter !== undefined)
    response.write(':\n', () => setTimeout(() => response.destroy(), 20));
  else response.end();
}

/** As fast as it is read. */
function pour(response: ServerResponse, text: string): void {
  response.flushHeaders();
  if (text === '') return;
  const more = () => {
    while (!response.destroyed && response.write(text)) continue;
  };
  response.on('drain', more);
  more();
}

type Event = { type: string } & Record<string, unknown>;

const start: Event = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'scripted',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: 100,
      output_tokens: 1,
      cache_read_input_tokens: 40,
      cache_creation_input_tokens: 60,
    },
  },
};

function failing(error: string): Event[] {
  return [start, { type: 'error', error: { type: error, message: `${error}!` } }];
}

function eventsOf(reply: Extract<Reply, { blocks: readonly Block[] }>): Event[] {
  const uses = reply.blocks.some(({ type }) => type === 'tool_use');
  const events = [
    start,
    ...reply.blocks.flatMap(blockEvents),
    {
      type: 'message_delta',
      delta: { stop_reason: reply.stop ?? (uses ? 'tool_use' : 'end_turn'), stop_sequence: null },
      usage: { output_tokens: 50, ...reply.usage },
    },
    { type: 'message_stop' },
  ];
  return reply.cutAfter === undefined ? events : events.slice(0, reply.cutAfter);
}

function blockEvents(block: Block, index: number): Event[] {
  const delta = (content: Record<string, unknown>): Event => ({
    type: 'content_block_delta',
    index,
    delta: content,
  });
  const begin = (content: Record<string, unknown>): Event => ({
    type: 'content_block_start',
    index,
    content_block: content,
  });
  const stop: Event = { type: 'content_block_stop', index };
  switch (block.type) {
    case 'text':
      return [
        begin({ type: 'text', text: '' }),
        delta({ type: 'text_delta', text: block.text.slice(0, 3) }),
        delta({ type: 'text_delta', text: block.text.slice(3) }),
        stop,
      ];
    case 'thinking':
      return [
        begin({ type: 'thinking', thinking: '', signature: '' }),
        delta({ type: 'thinking_delta', thinking: block.thinking }),
        delta({ type: 'signature_delta', signature: block.signature }),
        stop,
      ];
    case 'tool_use': {
      const json = block.json ?? JSON.stringify(block.input ?? {});
      return [
        begin({ type: 'tool_use', id: `toolu_${index}`, name: block.name, input: {} }),
        delta({ type: 'input_json_delta', partial_json: json.slice(0, 5) }),
        delta({ type: 'input_json_delta', partial_json: json.slice(5) }),
        stop,
      ];
    }
  }
}
