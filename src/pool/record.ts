import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import { logTexts } from './logTexts';
import type { Language } from './logTexts';
import type { Slot } from './slot';
import type { Happening } from './slotOwner';
import type { FailedServer, PoolEvent } from './status';

const eventsKept = 100;
const failuresKept = 10;

/** What happened in the pool: told to the log, and kept for the status. */
export class PoolRecord {
  private readonly events: PoolEvent[] = [];
  private readonly failures: FailedServer[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly language: () => Language,
  ) {}

  /** Newest last. */
  get history(): readonly PoolEvent[] {
    return [...this.events];
  }

  /** Newest last. */
  get failed(): readonly FailedServer[] {
    return [...this.failures];
  }

  of(slot: Slot, what: Happening): void {
    const say = logTexts[this.language()];
    const name = slot.name || slot.server;
    switch (what.kind) {
      case 'started':
        return this.add(slot, 'started', say.started(name, slot.runtime));
      case 'idle':
        return this.add(slot, 'idle', say.idle(name));
      case 'reused':
        return this.add(slot, 'reused', say.reused(name, what.holder));
      case 'stopping':
        return this.add(slot, 'stopped', say.stopping(name, what.reason, minutes(what.idleMs)));
      case 'stopped':
        this.log.info(say.stopped(name, what.reason));
        if (what.memoryBytes) this.log.info(say.won(megabytes(what.memoryBytes)));
        return;
      case 'failed':
        this.log.warn(what.message);
        keep(this.failures, failuresKept, {
          server: slot.server,
          at: this.at(),
          message: what.message,
        });
        return this.keep(slot, 'failed', what.message.split('\n', 1)[0] ?? '');
    }
  }

  pressureFound(percent: number): void {
    this.pressure((text) => this.log.warn(text), 'pressure', percent);
  }

  pressureOver(percent: number): void {
    this.pressure((text) => this.log.info(text), 'pressureOver', percent);
  }

  private pressure(
    write: (text: string) => void,
    text: 'pressure' | 'pressureOver',
    percent: number,
  ): void {
    const why = logTexts[this.language()][text](Math.round(percent));
    write(why);
    this.keep({ server: '', name: '' }, 'pressure', why);
  }

  private add(slot: Slot, kind: PoolEvent['kind'], why: string): void {
    this.log.info(why);
    this.keep(slot, kind, why);
  }

  private keep(
    { server, name }: { server: string; name: string },
    kind: PoolEvent['kind'],
    why: string,
  ): void {
    keep(this.events, eventsKept, { at: this.at(), server, name, kind, why });
  }

  private at(): string {
    return new Date(this.clock.now()).toISOString();
  }
}

function keep<T>(list: T[], most: number, item: T): void {
  list.push(item);
  if (list.length > most) list.shift();
}

function minutes(ms: number): number {
  return Math.floor(ms / 60_000);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
