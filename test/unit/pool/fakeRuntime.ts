import { WarRoomError } from '../../../src/base/errors';
import type { RunningServer, Runtime, StartRequest, ToolAnswer } from '../../../src/pool/runtime';

/** A server that does what the test says. */
export class FakeServer implements RunningServer {
  isUp = false;
  ended = false;
  stops = 0;
  readonly pid: number;
  readonly gone: Promise<string>;
  readonly calls: string[] = [];
  /** Set to make calls wait for {@link die}. */
  hangs = false;
  private leave: (why: string) => void = () => undefined;
  private letStop: (() => void)[] = [];

  constructor(
    readonly request: StartRequest,
    private readonly runtime: FakeRuntime,
    number: number,
  ) {
    this.pid = number;
    this.gone = new Promise((resolve) => {
      this.leave = resolve;
    });
  }

  get name(): string {
    return this.request.name;
  }

  memoryBytes(): number | null {
    return 1024;
  }

  isSafeToRepeat(tool: string): boolean {
    return tool.startsWith('get_');
  }

  async call(tool: string): Promise<ToolAnswer> {
    this.calls.push(tool);
    if (this.hangs) {
      const why = await this.gone;
      throw new WarRoomError('server-failed', why);
    }
    return { text: `${this.name} ${this.pid}`, structured: null, isError: false };
  }

  async stop(): Promise<void> {
    this.stops++;
    this.ended = true;
    if (!this.runtime.stopsByItself) {
      await new Promise<void>((resolve) => this.letStop.push(resolve));
    }
    this.remove('was stopped');
  }

  /** Ends a stop that waits. */
  finishStop(): void {
    this.letStop.forEach((resolve) => resolve());
  }

  /** The process ends by itself. */
  die(): void {
    this.ended = true;
    this.remove(`The ${this.name} server died.`);
  }

  private remove(why: string): void {
    this.runtime.live.delete(this);
    this.leave(why);
  }
}

interface PendingStart {
  server: FakeServer;
  succeed: () => void;
  fail: () => void;
}

/** Starts servers at once, or when the test says so. */
export class FakeRuntime implements Runtime {
  /** Everything that exists: starting, running or stopping. */
  readonly live = new Set<FakeServer>();
  readonly started: FakeServer[] = [];
  pending: PendingStart[] = [];
  startsByItself = true;
  stopsByItself = true;
  mostLive = 0;
  /** The next server that is started does not answer calls. */
  hangNext = false;

  start(request: StartRequest, signal: AbortSignal): Promise<RunningServer> {
    const server = new FakeServer(request, this, this.started.length + 1);
    server.hangs = this.hangNext;
    this.live.add(server);
    this.started.push(server);
    this.mostLive = Math.max(this.mostLive, this.live.size);
    if (this.startsByItself) {
      server.isUp = true;
      return Promise.resolve(server);
    }
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => () => {
        if (!this.pending.includes(pending)) return;
        this.pending = this.pending.filter((start) => start !== pending);
        end();
      };
      const giveUp = (error: unknown) => {
        this.live.delete(server);
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      const pending: PendingStart = {
        server,
        succeed: settle(() => {
          server.isUp = true;
          resolve(server);
        }),
        fail: settle(() =>
          giveUp(new WarRoomError('server-failed', `The ${request.name} server did not start.`)),
        ),
      };
      this.pending.push(pending);
      if (signal.aborted) settle(() => giveUp(signal.reason))();
      signal.addEventListener(
        'abort',
        settle(() => giveUp(signal.reason)),
      );
    });
  }
}
