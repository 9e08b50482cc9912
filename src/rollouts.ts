import { setTimeout as sleep } from 'node:timers/promises';
import type { DisposableLike } from './base/disposables';
import type { Event } from './base/emitter';
import { WarRoomError, messageOf } from './base/errors';
import type { ToolServers } from './diagnosis/ports';
import type { Home } from './home';
import type { Host } from './host';
import type { Incident } from './incident/incident';
import type { IncidentState } from './incident/state';
import { nextLook } from './rolloutPace';
import type { IncidentStore } from './store/incidentStore';
import type { Sources } from './verification/ports';
import type { Verifier } from './verification/verifier';

/** What verification works with. */
export interface RollingOut {
  host: Pick<Host, 'clock' | 'credentials' | 'environment' | 'isTrusted' | 'log' | 'settings'>;
  home: () => Promise<
    Pick<Home, 'author' | 'placeOfCommit'> & {
      store: Pick<IncidentStore, 'list' | 'load' | 'runLock' | 'update'>;
    }
  >;
  servers: Pick<ToolServers, 'lease'>;
  /** Fires when an incident has changed. */
  onDidChange: Event<void>;
  /** War Room closes. */
  closing: AbortSignal;
}

/** Changes come in bursts: a step writes several times. */
const settleMs = 500;

/**
 * After so many looks in a row at which nothing was seen nobody waits any longer. A window that
 * closes takes its servers with it for a moment; a service that is watched may be away for longer.
 */
const mostBlindLooks: Partial<Record<IncidentState, number>> = {
  'awaiting-rollout': 3,
  verifying: 10,
};

/**
 * What becomes of committed changes: whether they are live, and whether they helped. Everything that
 * is known lies in the store, so whichever window or command comes next goes on.
 */
export class Rollouts implements DisposableLike {
  private verifier: Promise<Verifier> | undefined;
  private following: DisposableLike | undefined;
  private alarm: Disposable | undefined;
  private busy: Promise<void> | undefined;

  constructor(private readonly over: RollingOut) {}

  /**
   * Looks by itself from now on, at intervals, while an incident waits for its rollout or is
   * watched; nothing is asked while none is.
   */
  follow(): void {
    this.following ??= this.over.onDidChange(() => this.soon(settleMs));
    this.soon(0);
  }

  /**
   * Looks once whether the change is live and how the service does.
   * @throws code `locked` when another process is at it, `deadline`, `cancelled`
   */
  async look(id: string, signal = this.over.closing): Promise<Incident> {
    return await (await this.load()).look(id, this.until(signal));
  }

  /**
   * Looks again and again until there is a verdict, nothing can be seen, or `signal` fires.
   * @param onLook hears of each look
   */
  async wait(
    id: string,
    onLook: (incident: Incident) => void,
    signal: AbortSignal,
  ): Promise<Incident> {
    const stop = this.until(signal);
    for (let blind = 0; ;) {
      const incident = await this.lookOrJoin(id, stop).catch(async (error: unknown) => {
        if (!stop.aborted) throw error;
        return await (await this.over.home()).store.load(id);
      });
      onLook(incident);
      const ms = this.pauseBefore(incident);
      blind = sawNothing(incident) ? blind + 1 : 0;
      const isBlind = blind >= (mostBlindLooks[incident.state] ?? Infinity);
      if (ms === null || isBlind || stop.aborted) return incident;
      await sleep(Math.max(settleMs, ms), undefined, { signal: stop }).catch(() => undefined);
      if (stop.aborted) return incident;
    }
  }

  /** A person says that the change is rolled out. @throws code `wrong-state` */
  async markRolledOut(id: string): Promise<Incident> {
    const by = await (await this.over.home()).author().catch(() => 'a person');
    return await (await this.load()).markRolledOut(id, by, this.over.closing);
  }

  /** A person closes the incident, whatever was seen. @throws code `wrong-state` */
  async close(id: string): Promise<Incident> {
    const by = await (await this.over.home()).author().catch(() => 'a person');
    return await (await this.load()).close(id, by, this.over.closing);
  }

  dispose(): void {
    this.following?.dispose();
    this.alarm?.[Symbol.dispose]();
  }

  /** Another window may look at this moment: then what it found is as good. */
  private async lookOrJoin(id: string, signal: AbortSignal): Promise<Incident> {
    try {
      return await this.look(id, signal);
    } catch (error) {
      if (!WarRoomError.is(error, 'locked')) throw error;
      return await (await this.over.home()).store.load(id);
    }
  }

  private soon(ms: number): void {
    if (this.over.closing.aborted || !this.over.host.isTrusted()) return;
    this.alarm?.[Symbol.dispose]();
    this.alarm = this.over.host.clock.schedule(ms, () => {
      this.busy ??= this.round().finally(() => (this.busy = undefined));
    });
  }

  /** Looks at what is due, one incident after the other, and sleeps until the next one is. */
  private async round(): Promise<void> {
    const { host, closing } = this.over;
    const intervalMs = host.settings().verification.intervalSeconds * 1000;
    const failed = new Set<string>();
    try {
      const { store } = await this.over.home();
      for (const incident of await store.list()) {
        if (closing.aborted) return;
        const ms = this.pauseBefore(incident);
        if (ms === null || ms > 0) continue;
        // One that cannot be looked at keeps nobody from the others.
        await this.lookOrJoin(incident.id, closing).catch((error: unknown) => {
          failed.add(incident.id);
          if (!closing.aborted)
            host.log.warn(`${incident.id} was not looked at: ${messageOf(error)}`);
        });
      }
      const pauses = (await store.list()).map((each) =>
        failed.has(each.id) ? intervalMs : this.pauseBefore(each),
      );
      const next = Math.min(...pauses.filter((ms) => ms !== null));
      if (Number.isFinite(next)) this.soon(Math.max(settleMs, next));
    } catch (error) {
      if (closing.aborted) return;
      host.log.warn(`No rollout was looked at: ${messageOf(error)}`);
      this.soon(intervalMs);
    }
  }

  private pauseBefore(incident: Incident): number | null {
    const { verification } = this.over.host.settings();
    return nextLook(incident, this.over.host.clock.now(), verification);
  }

  private until(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([this.over.closing, signal]);
  }

  private load(): Promise<Verifier> {
    this.verifier ??= Promise.all([this.over.home(), import('./verification/verifier')]).then(
      ([home, { Verifier: Made }]) => {
        const { host, servers } = this.over;
        return new Made({
          clock: host.clock,
          log: host.log,
          records: home.store,
          servers,
          sources: () => sourcesOf(host),
          placeOf: (incident, signal) => home.placeOfCommit(incident, signal),
          pace: () => {
            const { stableMinutes, graceMinutes, intervalSeconds } = host.settings().verification;
            return {
              stableMs: stableMinutes * 60_000,
              graceMs: graceMinutes * 60_000,
              intervalMs: intervalSeconds * 1000,
            };
          },
        });
      },
    );
    return this.verifier;
  }
}

const addresses = [
  'WAR_ROOM_STATS_URL',
  'WAR_ROOM_SERVICE_URLS',
  'WAR_ROOM_PROMETHEUS_URL',
] as const;

/** What has an address, by the environment, the settings or what the person gave for the server. */
async function sourcesOf(host: Pick<Host, 'credentials' | 'environment'>): Promise<Sources> {
  const given = { ...host.environment(), ...(await host.credentials('stats', addresses)) };
  return {
    statistics: Boolean(given['WAR_ROOM_STATS_URL'] || given['WAR_ROOM_SERVICE_URLS']),
    prometheus: Boolean(given['WAR_ROOM_PROMETHEUS_URL']),
  };
}

/** Whether the last look told nothing of what is waited for: the change, and then how the service does. */
function sawNothing({ state, rollout }: Incident): boolean {
  if (!rollout) return false;
  if (state !== 'verifying') return Boolean(rollout.unseen);
  return rollout.measures.at(-1)?.at !== rollout.lookedAt;
}
