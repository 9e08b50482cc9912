import { WarRoomError } from '../base/errors';
import type { Runtime } from './runtime';
import type { RuntimeName } from './serverSpec';

/** How each runtime is made; it is made at its first server, and loaded then where it is heavy. */
export type RuntimeMakers = Readonly<Partial<Record<RuntimeName, () => Promise<Runtime>>>>;

/** The runtimes that were needed so far. */
export class RuntimeSet {
  private readonly promises = new Map<RuntimeName, Promise<Runtime>>();
  private readonly made = new Map<RuntimeName, Runtime>();

  constructor(private readonly makers: RuntimeMakers) {}

  /** @throws code `engine-unavailable` when there is no such runtime; it is asked for anew next time */
  async get(name: RuntimeName): Promise<Runtime> {
    let promise = this.promises.get(name);
    if (!promise) {
      promise = this.make(name);
      this.promises.set(name, promise);
      promise.catch(() => this.promises.delete(name));
    }
    return await promise;
  }

  /** The one that was made, without making it. */
  peek(name: RuntimeName): Runtime | undefined {
    return this.made.get(name);
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.made.values()].map((runtime) => runtime.dispose()));
  }

  private async make(name: RuntimeName): Promise<Runtime> {
    const maker = this.makers[name];
    if (!maker) {
      throw new WarRoomError('engine-unavailable', `Servers cannot run on ${name} here.`);
    }
    const runtime = await maker();
    this.made.set(name, runtime);
    return runtime;
  }
}
