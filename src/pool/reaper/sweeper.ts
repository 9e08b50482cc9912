import type { Clock } from '../../base/clock';
import type { DisposableLike } from '../../base/disposables';
import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { EngineConnection } from '../engine/place';
import { lifeOf, parseOwner } from '../ownership/owner';
import type { Owner, OwnerLife } from '../ownership/owner';
import { listOurContainers, removeContainer } from './ourContainers';
import type { OurContainer } from './ourContainers';

const pauseMs = 60_000;

export interface SweeperOptions {
  /** Engines that may hold containers of ours; empty where there is none. */
  engines: () => Promise<readonly EngineConnection[]>;
  /** This process. */
  here: Owner;
  clock: Clock;
  log: Log;
}

/**
 * Removes the containers whose owner has died, at once and every minute. What belongs to another
 * machine, account or pid namespace is only listed in the log, since nobody here can tell whether
 * its owner lives; what carries no owner label is not looked at.
 */
export class Sweeper implements DisposableLike {
  private timer: Disposable | null = null;
  private isDisposed = false;
  private readonly listed = new Set<string>();

  constructor(private readonly options: SweeperOptions) {}

  /** Sweeps now and from now on. */
  start(): void {
    void this.sweep().finally(() => {
      if (!this.isDisposed) this.timer = this.options.clock.schedule(pauseMs, () => this.start());
    });
  }

  /** Once. Never rejects: what could not be done is done the next time. */
  async sweep(): Promise<void> {
    try {
      const engines = await this.options.engines();
      await Promise.all(engines.map((engine) => this.sweepEngine(engine).catch(this.tell)));
    } catch (error) {
      this.tell(error);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.timer?.[Symbol.dispose]();
  }

  private readonly tell = (error: unknown) => {
    this.options.log.debug(`Containers were not looked through: ${messageOf(error)}`);
  };

  private async sweepEngine(engine: EngineConnection): Promise<void> {
    const found = await listOurContainers(engine);
    const lives = new Map<string, OwnerLife>();
    for (const owner of new Set(found.map((each) => each.owner))) {
      lives.set(owner, await this.lifeOf(owner));
    }
    for (const container of found) {
      const life = lives.get(container.owner);
      if (life === 'foreign') this.list(container);
      if (life === 'dead') await this.remove(engine, container);
    }
  }

  private async lifeOf(text: string): Promise<OwnerLife> {
    const owner = parseOwner(text);
    return owner ? await lifeOf(owner, this.options.here) : 'foreign';
  }

  private list({ id, name, owner }: OurContainer): void {
    if (this.listed.has(id)) return;
    this.listed.add(id);
    this.options.log.info(
      `The container ${name} belongs to War Room on another machine, account or in another container (${owner}), and is left alone.`,
    );
  }

  private async remove(engine: EngineConnection, { id, name }: OurContainer): Promise<void> {
    await removeContainer(engine, id);
    this.options.log.info(`Removed the container ${name}, whose owner has ended.`);
  }
}
