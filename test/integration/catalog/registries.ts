import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry on loopback that answers as `answer` says, and remembers what it was asked. */
export class LoopbackRegistry implements AsyncDisposable {
  readonly requests: { url: URL; headers: IncomingMessage['headers'] }[] = [];
  private readonly server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', this.url);
    this.requests.push({ url, headers: request.headers });
    this.answer(url, response);
  });

  private constructor(private answer: (url: URL, response: ServerResponse) => void) {}

  static async start(
    answer: (url: URL, response: ServerResponse) => void,
  ): Promise<LoopbackRegistry> {
    const registry = new LoopbackRegistry(answer);
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on it answers otherwise. */
  answers(answer: (url: URL, response: ServerResponse) => void): void {
    this.answer = answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A server as the MCP registry lists it. */
export function listed(
  name: string,
  more: { status?: string; package?: Record<string, unknown>; description?: string } = {},
): Record<string, unknown> {
  return {
    server: {
      $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
      name: `io.example/${name}`,
      description: more.description ?? `Reads ${name}.`,
      version: '1.2.3',
      packages: [
        {
          registryType: 'npm',
          identifier: `@example/${name}`,
          version: '1.2.3',
          transport: { type: 'stdio' },
          ...more.package,
        },
      ],
    },
    _meta: {
      'io.modelcontextprotocol.registry/official': {
        status: more.status ?? 'active',
        publishedAt: '2026-01-02T03:04:05Z',
        updatedAt: '2026-05-06T07:08:09Z',
        isLatest: true,
      },
    },
  };
}

/** A package as npm's search lists it. */
export function searched(name: string, more: Record<string, unknown> = {}): unknown {
  return {
    package: {
      name,
      version: '2.0.0',
      description: `MCP server for ${name}`,
      keywords: ['mcp', 'zebra'],
      date: '2026-03-04T00:00:00.000Z',
      publisher: { username: 'someone', email: 'someone@example.com' },
      links: { npm: `https://example.com/${name}` },
      ...more,
    },
    score: { final: 412.7, detail: { quality: 1, popularity: 1, maintenance: 1 } },
    searchScore: 0.00001,
  };
}
