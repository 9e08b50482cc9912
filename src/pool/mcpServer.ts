import { settled } from '../base/deadline';
import { WarRoomError, messageOf } from '../base/errors';
import type { Log } from '../base/log';
import { hasCode } from '../base/privateFiles';
import type { McpClient } from './client';
import type { ServerTool, ToolAnswer } from './pool';
import type { Runtime, ServerProgram } from './runtime';
import type { ServerRequest } from './serverSpec';

const linesKept = 50;
/** How long after its input the end of a program is told. */
const newsMs = 1_000;

export interface StartOptions {
  log: Log;
  /**
   * How long the greeting may take. The program's start is bounded by `signal` alone, since an image
   * may have to be built for it.
   */
  greetMs: number;
  /** Hears what is done at the start. */
  onProgress?: (sentence: string) => void;
  signal: AbortSignal;
}

/**
 * One running server: a program of whatever runtime that was greeted over MCP. It remembers what
 * the program wrote last, and tells with it how it ended.
 */
export class McpServer {
  /** Fulfilled when nothing of it is left, with a sentence on how it ended. Never rejects. */
  readonly gone: Promise<string>;
  private isEnded = false;
  private stopping: Promise<void> | null = null;

  private constructor(
    private readonly name: string,
    private readonly program: ServerProgram,
    private readonly client: McpClient,
    private readonly ring: readonly string[],
    private readonly log: Log,
  ) {
    this.gone = program.gone.then((how) => {
      this.isEnded = true;
      return this.sentence(how);
    });
  }

  /**
   * Starts a program and greets it; what it was allowed for its start ends with the greeting.
   * @throws code `server-failed`, `engine-unavailable`, `image-failed`, or the signal's reason
   */
  static async start(
    runtime: Runtime,
    { spec, environment }: ServerRequest,
    { log, greetMs, onProgress, signal }: StartOptions,
  ): Promise<McpServer> {
    const ring: string[] = [];
    const onErrorLine = (line: string) => {
      log.debug(`${spec.name}: ${line}`);
      ring.push(line);
      if (ring.length > linesKept) ring.shift();
    };
    // Loaded at the first lease: the MCP client is no part of what an activation evaluates.
    const { McpClient: Client } = await import('./client');
    signal.throwIfAborted();
    const program = await runtime.start({ spec, environment, onErrorLine, onProgress }, signal);
    const server = new McpServer(spec.name, program, new Client(), ring, log);
    await server.greet(greetMs, signal);
    return server;
  }

  /** False while it can be called; it may still be on its way out when this is true. */
  get ended(): boolean {
    return this.isEnded;
  }

  get programName(): string {
    return this.program.name;
  }

  get limits(): ServerProgram['limits'] {
    return this.program.limits;
  }

  get tools(): readonly ServerTool[] {
    return this.client.tools;
  }

  /** The last lines of its standard error. */
  get lastLines(): readonly string[] {
    return [...this.ring];
  }

  /** True when the server says that the tool only reads. */
  isSafeToRepeat(tool: string): boolean {
    return this.tools.find(({ name }) => name === tool)?.readOnly === true;
  }

  /**
   * @param approved a person approved exactly this call
   * @throws code `server-failed`, or the signal's reason
   */
  async call(
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
    approved = false,
  ): Promise<ToolAnswer> {
    try {
      return await this.client.call(tool, arguments_, signal, approved);
    } catch (error) {
      signal.throwIfAborted();
      if (isUnheard(error)) await this.end();
      throw this.isEnded
        ? new WarRoomError('server-failed', await this.gone, { cause: error })
        : this.failure(`did not answer ${tool} as MCP asks for (${messageOf(error)})`, error);
    }
  }

  /** False when it does not answer the protocol's own question within `ms`. */
  async answersPing(ms: number): Promise<boolean> {
    return await this.client.ping(AbortSignal.timeout(ms)).then(
      () => true,
      () => false,
    );
  }

  async memoryBytes(signal: AbortSignal): Promise<number | null> {
    return this.isEnded ? null : await this.program.memoryBytes(signal);
  }

  async inspect(signal: AbortSignal): Promise<unknown> {
    return await this.program.inspect(signal);
  }

  /** Ends the program; fulfilled when it is gone, as far as its runtime can tell. Never rejects. */
  stop(): Promise<void> {
    this.isEnded = true;
    this.stopping ??= this.program.stop().catch((error: unknown) => {
      this.log.warn(`${this.program.name} could not be stopped in order: ${messageOf(error)}`);
    });
    return this.stopping;
  }

  /** It takes no input any more; mostly it has ended, and that is told in a moment. */
  private async end(): Promise<void> {
    this.isEnded = true;
    await settled(this.gone, newsMs);
    void this.stop();
  }

  private async greet(greetMs: number, signal: AbortSignal): Promise<void> {
    const late = AbortSignal.timeout(greetMs);
    const either = AbortSignal.any([signal, late]);
    const { input, output } = this.program;
    const closed = () => {
      // Without its output a server is of no use, so what is left of it goes.
      this.isEnded = true;
      void this.stop();
    };
    try {
      await this.client.connect(input, output, closed, either);
      await Promise.all([this.client.listTools(either), this.program.greeted(either)]);
    } catch (error) {
      const endedFirst = output.readableEnded || isUnheard(error);
      await this.stop();
      signal.throwIfAborted();
      if (endedFirst) throw new WarRoomError('server-failed', await this.gone, { cause: error });
      throw late.aborted
        ? this.failure(`did not answer its greeting within ${greetMs / 1000} s`, error)
        : this.failure(`could not be greeted (${messageOf(error)})`, error);
    }
  }

  private failure(what: string, cause: unknown): WarRoomError {
    return new WarRoomError('server-failed', this.sentence(what), { cause });
  }

  private sentence(what: string): string {
    const words = this.ring.length > 0 ? ` It last wrote:\n${this.ring.join('\n')}` : '';
    return `The ${this.name} server ${what}.${words}`;
  }
}

/** True when nobody reads what was written. */
function isUnheard(error: unknown): boolean {
  return hasCode(error, 'EPIPE', 'ERR_STREAM_DESTROYED');
}
