import type { Runtime, ServerProgram, StartRequest } from '../../../src/pool/runtime';

/** A runtime that counts what exists on it, and notices what must not be done to a program. */
export class WatchedRuntime implements Runtime {
  readonly wrongs: string[] = [];
  live = 0;
  mostLive = 0;
  isDisposed = false;
  private readonly running = new Set<ServerProgram>();
  private readonly killed = new Set<ServerProgram>();

  /** @param holdersOf who leases the server whose program has this name */
  constructor(
    private readonly inner: Runtime,
    private readonly holdersOf: (name: string) => readonly string[],
  ) {}

  get name() {
    return this.inner.name;
  }

  async start(request: StartRequest, signal: AbortSignal): Promise<ServerProgram> {
    this.live++;
    this.mostLive = Math.max(this.mostLive, this.live);
    try {
      const program = await this.inner.start(request, signal);
      this.running.add(program);
      void program.gone.then(() => {
        this.running.delete(program);
        this.live--;
      });
      return this.watched(program);
    } catch (error) {
      this.live--;
      throw error;
    }
  }

  machineMemory(signal: AbortSignal) {
    return this.inner.machineMemory(signal);
  }

  async dispose(): Promise<void> {
    this.isDisposed = true;
    await this.inner.dispose();
  }

  kill(pick: number, kill: (program: ServerProgram) => void): void {
    const running = [...this.running];
    const program = running[pick % running.length];
    if (!program) return;
    this.killed.add(program);
    kill(program);
  }

  private watched(program: ServerProgram): ServerProgram {
    let stops = 0;
    const stop = async () => {
      stops++;
      if (stops > 1) this.wrongs.push(`${program.name} was stopped ${stops} times`);
      const holders = this.holdersOf(program.name);
      if (holders.length > 0 && !this.killed.has(program)) {
        this.wrongs.push(`${program.name} was stopped while ${holders.join()} leased it`);
      }
      await program.stop();
    };
    return new Proxy(program, {
      get: (target, name) => {
        if (name === 'stop') return stop;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}
