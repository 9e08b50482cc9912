import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { WarRoomError, messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { McpClient } from '../client';
import type { RunningServer, Runtime, StartRequest, ToolAnswer } from '../runtime';
import { endChild, startNode } from './nodeChild';

const linesOfStandardError = 50;
const defaultGraceMs = 2_000;
/** How long what a dead server wrote may take to arrive. */
const drainMs = 300;

/** Servers as child processes that speak over standard input and output, as the person itself. */
export function processRuntime(log: Log, graceMs = defaultGraceMs): Runtime {
  return {
    async start(request, signal) {
      // Loaded at the first lease: the MCP client is no part of what an activation evaluates.
      const { McpClient } = await import('../client');
      signal.throwIfAborted();
      const server = new ProcessServer(request, log, graceMs, new McpClient());
      await server.greet(signal);
      return server;
    },
  };
}

class ProcessServer implements RunningServer {
  readonly gone: Promise<string>;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lastWords: string[] = [];
  private startError: Error | null = null;
  private isEnded = false;

  constructor(
    private readonly request: StartRequest,
    private readonly log: Log,
    private readonly graceMs: number,
    private readonly client: McpClient,
  ) {
    this.child = startNode(request.definition.script, request.environment);
    this.keepStandardError();
    this.gone = new Promise((resolve) => {
      const leave = () => {
        this.isEnded = true;
        resolve(this.obituary());
      };
      this.child.once('close', leave);
      // A grandchild may keep the pipes open; the server itself is gone all the same.
      this.child.once('exit', () => setTimeout(leave, drainMs).unref());
      this.child.once('error', (error) => {
        this.startError = error;
        if (this.child.pid === undefined) leave();
      });
    });
  }

  get pid(): number | null {
    return this.child.pid ?? null;
  }

  get ended(): boolean {
    return this.isEnded;
  }

  async greet(signal: AbortSignal): Promise<void> {
    const closed = () => {
      this.isEnded = true;
      void this.stop();
    };
    try {
      await this.client.connect(this.child.stdin, this.child.stdout, closed, signal);
    } catch (error) {
      const endedFirst = this.isEnded;
      await this.stop();
      if (signal.aborted) throw signal.reason;
      throw endedFirst
        ? new WarRoomError('server-failed', await this.gone, { cause: error })
        : this.failure(`did not answer its greeting (${messageOf(error)})`, error);
    }
  }

  isSafeToRepeat(tool: string): boolean {
    return this.client.onlyReads(tool);
  }

  async call(
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ToolAnswer> {
    try {
      return await this.client.call(tool, arguments_, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (this.isEnded) {
        throw new WarRoomError('server-failed', await this.gone, { cause: error });
      }
      throw this.failure(`did not answer ${tool} as MCP asks for (${messageOf(error)})`, error);
    }
  }

  async stop(): Promise<void> {
    this.isEnded = true;
    await endChild(this.child, this.graceMs);
    await this.gone;
  }

  memoryBytes(): number | null {
    if (process.platform !== 'linux' || this.isEnded) return null;
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
      return kilobytes === undefined ? null : Number(kilobytes) * 1024;
    } catch {
      return null;
    }
  }

  private keepStandardError(): void {
    // A pipe whose other end is gone is no news: the exit tells it.
    this.child.stdin.on('error', () => undefined);
    createInterface({ input: this.child.stderr }).on('line', (line) => {
      this.log.debug(`${this.request.name}: ${line}`);
      this.lastWords.push(line);
      if (this.lastWords.length > linesOfStandardError) this.lastWords.shift();
    });
  }

  private obituary(): string {
    const { exitCode, signalCode } = this.child;
    const how = this.startError
      ? `could not be started: ${this.startError.message}`
      : signalCode
        ? `was ended by ${signalCode}`
        : `ended with status ${exitCode ?? 'unknown'}`;
    return this.sentence(how);
  }

  private failure(what: string, cause: unknown): WarRoomError {
    return new WarRoomError('server-failed', this.sentence(what), { cause });
  }

  private sentence(what: string): string {
    const words = this.lastWords.length > 0 ? ` It last wrote:\n${this.lastWords.join('\n')}` : '';
    return `The ${this.request.name} server ${what}.${words}`;
  }
}
