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
 * Removes the containers whose owner has died, at once and every minute, and those that do not run
 * from one time to the next, which an engine that was killed may keep. What belongs to another
 * machine, account or pid namespace is only listed in the log, since nobody here can tell whether
 * its owner lives; what carries no owner label is not looked at.
 */
export class Sweeper implements DisposableLike {
  private timer: Disposable | null = null;
  private isDisposed = false;
  /** Ids of those that were listed, and of those that did not run when they were last seen. */
  private readonly listed = new Set<string>();
  private readonly over = new Set<string>();

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
      const why = this.reasonToRemove(container, lives.get(container.owner) ?? 'foreign');
      if (why !== null) await this.remove(engine, container, why).catch(this.tell);
    }
  }

  private reasonToRemove(container: OurContainer, life: OwnerLife): string | null {
    if (life === 'dead') return 'whose owner has ended';
    if (life === 'foreign') {
      this.list(container);
      return null;
    }
    // A start is a matter of seconds, and nothing is started twice.
    if (container.isOver && this.over.has(container.id)) return 'which has not run for a minute';
    if (container.isOver) this.over.add(container.id);
    return null;
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

  private async remove(
    engine: EngineConnection,
    { id, name }: OurContainer,
    why: string,
  ): Promise<void> {
    if (!(await removeContainer(engine, id))) return;
    this.options.log.info(`Removed the container ${name}, ${why}.`);
  }
}
