import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { McpClient } from '../../../src/pool/client';
import type { ToolAnswer } from '../../../src/pool/pool';

/** The kubectl server with War Room's own client, as the pool has it. */
export class PooledKubectl implements AsyncDisposable {
  private constructor(
    private readonly client: McpClient,
    private readonly end: () => Promise<void>,
  ) {}

  /** @param script the server's bundle */
  static async start(
    script: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<PooledKubectl> {
    const child = spawn(process.execPath, [script], {
      env: { ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const client = new McpClient();
    await client.connect(child.stdin, child.stdout, () => undefined, AbortSignal.timeout(30_000));
    return new PooledKubectl(client, async () => {
      child.stdin.end();
      await ended;
    });
  }

  /** @param approved a person approved exactly this call */
  async call(
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    approved: boolean,
  ): Promise<ToolAnswer> {
    return await this.client.call(tool, arguments_, AbortSignal.timeout(30_000), approved);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
