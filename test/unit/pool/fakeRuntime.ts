import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';

import { WarRoomError } from '../../../src/base/errors';
import type {
  MachineMemory,
  ProgramLimits,
  Runtime,
  ServerProgram,
  StartRequest,
} from '../../../src/pool/runtime';
import type { RuntimeName } from '../../../src/pool/serverSpec';

const oneMiB = 1024 * 1024;

interface Message {
  id?: number;
  method: string;
  params?: { protocolVersion?: string; name?: string };
}

/** A program that speaks MCP over its streams and does what the test says. */
export class FakeProgram implements ServerProgram {
  readonly id: string;
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly gone: Promise<string>;
  readonly calls: string[] = [];
  limits: ProgramLimits = { memoryBytes: null, cpus: null, notApplied: [] };
  isUp = false;
  isGone = false;
  isGreeted = false;
  stops = 0;
  bytes: number | null = oneMiB;
  /** Set to leave calls without an answer. */
  hangs = false;
  /** Set to hear nothing any more. */
  isFrozen = false;
  private leave: (how: string) => void = () => undefined;
  private letStop: (() => void)[] = [];

  constructor(
    readonly request: StartRequest,
    private readonly runtime: FakeRuntime,
    readonly number: number,
  ) {
    this.id = String(number);
    this.gone = new Promise((resolve) => {
      this.leave = resolve;
    });
    createInterface({ input: this.input }).on('line', (line) =>
      this.hear(JSON.parse(line) as Message),
    );
  }

  get server(): string {
    return this.request.spec.name;
  }

  get name(): string {
    return `${this.server}-mcp-${this.number}`;
  }

  greeted(): Promise<void> {
    this.isGreeted = true;
    return this.runtime.lowers
      ? Promise.resolve()
      : Promise.reject(new Error('the limit cannot be set'));
  }

  memoryBytes(): Promise<number | null> {
    return Promise.resolve(this.bytes);
  }

  inspect(): Promise<unknown> {
    return Promise.resolve({ number: this.number });
  }

  async stop(): Promise<void> {
    if (this.isGone) return;
    this.stops++;
    if (!this.runtime.stopsByItself) {
      await new Promise<void>((resolve) => this.letStop.push(resolve));
    }
    this.end('was stopped');
  }

  /** Ends a stop that waits. */
  finishStop(): void {
    this.letStop.forEach((resolve) => resolve());
  }

  /** The program ends by itself. */
  die(): void {
    this.end('died');
    this.finishStop();
  }

  private end(how: string): void {
    if (this.isGone) return;
    this.isGone = true;
    this.runtime.live.delete(this);
    this.output.end();
    this.leave(how);
  }

  private hear({ id, method, params }: Message): void {
    if (id === undefined || this.isGone || this.isFrozen) return;
    const result = this.answer(method, params);
    if (result) this.output.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
  }

  private answer(method: string, params: Message['params']): object | undefined {
    switch (method) {
      case 'initialize':
        return this.runtime.greets
          ? {
              protocolVersion: params?.protocolVersion,
              capabilities: { tools: {} },
              serverInfo: { name: this.server, version: '1' },
            }
          : undefined;
      case 'tools/list':
        return {
          tools: [
            {
              name: 'get_it',
              inputSchema: { type: 'object' },
              annotations: { readOnlyHint: true },
            },
            { name: 'restart', description: 'Changes', inputSchema: { type: 'object' } },
          ],
        };
      case 'tools/call':
        this.calls.push(params?.name ?? '');
        if (this.hangs) return undefined;
        return { content: [{ type: 'text', text: `${this.server} ${this.number}` }] };
      default:
        return {};
    }
  }
}

interface PendingStart {
  program: FakeProgram;
  succeed: () => void;
  fail: () => void;
}

/** Starts programs at once, or when the test says so. */
export class FakeRuntime implements Runtime {
  /** Everything that exists: starting, running or stopping. */
  readonly live = new Set<FakeProgram>();
  readonly started: FakeProgram[] = [];
  pending: PendingStart[] = [];
  startsByItself = true;
  stopsByItself = true;
  /** False: programs do not answer their greeting. */
  greets = true;
  /** False: limits cannot be set after the greeting. */
  lowers = true;
  mostLive = 0;
  /** The next program that is started does not answer calls. */
  hangNext = false;
  machine: MachineMemory | null = null;
  isDisposed = false;

  constructor(readonly name: RuntimeName = 'process') {}

  machineMemory(): Promise<MachineMemory | null> {
    return Promise.resolve(this.machine);
  }

  dispose(): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }

  start(request: StartRequest, signal: AbortSignal): Promise<ServerProgram> {
    const program = new FakeProgram(request, this, this.started.length + 1);
    request.onProgress?.(`Starting ${program.name}`);
    program.hangs = this.hangNext;
    this.live.add(program);
    this.started.push(program);
    this.mostLive = Math.max(this.mostLive, this.live.size);
    if (this.startsByItself) {
      program.isUp = true;
      return Promise.resolve(program);
    }
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => () => {
        if (!this.pending.includes(pending)) return;
        this.pending = this.pending.filter((start) => start !== pending);
        end();
      };
      const giveUp = (error: unknown) => {
        this.live.delete(program);
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      const pending: PendingStart = {
        program,
        succeed: settle(() => {
          program.isUp = true;
          resolve(program);
        }),
        fail: settle(() =>
          giveUp(new WarRoomError('server-failed', `The ${program.server} server did not start.`)),
        ),
      };
      this.pending.push(pending);
      const abort = settle(() => giveUp(signal.reason));
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort);
    });
  }
}
