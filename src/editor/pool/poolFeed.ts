import type { DisposableLike } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import type { PoolStatus } from '../../pool/status';
import type { PoolFace } from './face';
import { isIncidentId } from './serverNodes';

const tickMs = 2_000;
const samplesKept = 60;
/** Samples are seconds apart; two statuses of less are of one sample. */
const sameSampleMs = 500;

/**
 * The pool's status for all views of it, with what a status alone does not tell: the titles of the
 * incidents that hold servers, and memory over the last samples. While a view watches, ages tick.
 */
export class PoolFeed implements DisposableLike {
  /** Titles of incidents by their id, as far as they are known. */
  readonly titles = new Map<string, string>();
  /** Used bytes by server id over the last samples, newest last; `''` is the sum. */
  readonly trails = new Map<string, number[]>();

  private readonly changes = new Emitter<void>();
  /** Fires when the pool has changed, and every two seconds while it is watched. */
  readonly onDidChange = this.changes.event;

  private readonly following: DisposableLike;
  private watchers = 0;
  private watching: DisposableLike | undefined;
  private sampledAt = -Infinity;

  /** @param titleOf the title of an incident */
  constructor(
    readonly face: PoolFace,
    private readonly titleOf: (incident: string) => Promise<string>,
  ) {
    this.following = face.onDidChangePool(() => this.update());
    this.update();
  }

  dispose(): void {
    this.following.dispose();
    this.watching?.dispose();
    this.changes.dispose();
  }

  /** Null while this window has had no pool. */
  status(): PoolStatus | null {
    return this.face.poolStatus();
  }

  /** Until it is disposed, memory is sampled and ages tick. */
  watch(): DisposableLike {
    this.watchers++;
    this.watching ??= this.startWatching();
    let ended = false;
    return {
      dispose: () => {
        if (ended) return;
        ended = true;
        if (--this.watchers > 0) return;
        this.watching?.dispose();
        this.watching = undefined;
      },
    };
  }

  private startWatching(): DisposableLike {
    const sampling = this.face.watchPool();
    const ticking = setInterval(() => this.update(), tickMs);
    return {
      dispose: () => {
        clearInterval(ticking);
        sampling.dispose();
      },
    };
  }

  private update(): void {
    const status = this.status();
    if (status) {
      this.recordSample(status);
      this.learnTitles(status);
    }
    this.changes.fire();
  }

  private recordSample({ pressure, servers }: PoolStatus): void {
    if (pressure.ageMs === null) return;
    const sampledAt = performance.now() - pressure.ageMs;
    if (sampledAt - this.sampledAt < sameSampleMs) return;
    this.sampledAt = sampledAt;
    const sample = new Map<string, number>([['', pressure.ours.usedBytes]]);
    for (const { id, memoryBytes } of servers)
      if (memoryBytes !== null) sample.set(id, memoryBytes);
    for (const id of this.trails.keys()) if (!sample.has(id)) this.trails.delete(id);
    for (const [id, bytes] of sample) {
      this.trails.set(id, [...(this.trails.get(id) ?? []), bytes].slice(-samplesKept));
    }
  }

  private learnTitles({ servers }: PoolStatus): void {
    const holders = new Set(servers.flatMap((server) => server.holders).filter(isIncidentId));
    for (const incident of holders) {
      // An incident that cannot be read keeps being called by its id.
      this.titleOf(incident).then(
        (title) => {
          if (this.titles.get(incident) === title) return;
          this.titles.set(incident, title);
          this.changes.fire();
        },
        () => undefined,
      );
    }
  }
}
