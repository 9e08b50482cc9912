import { homedir } from 'node:os';

import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import { enginePlaces } from './engine/place';
import type { Language } from './logTexts';
import { newOwner, ownerText } from './ownership/owner';
import type { Pool } from './pool';
import type { Runtime } from './runtime';
import { processRuntime } from './runtimes/process';
import type { PoolLimits } from './serverPool';
import type { ServerRequest } from './serverSpec';
import { openPool } from './share/openPool';

export interface OwnPoolOptions {
  /** Folder of this person's pools. */
  folder: string;
  /** True for a window, which shows the pool also before it leases. */
  follow: boolean;
  clock: Clock;
  log: Log;
  /** Read at every decision. */
  settings: () => PoolLimits;
  language: () => Language;
  /** What should be ready before anybody asks. */
  prewarm: () => readonly ServerRequest[];
  /** Makes the runtime for containers, whose owner label has this text. */
  docker: (owner: string) => Promise<Runtime>;
}

/** The pool of this person, machine and engine, wherever it lives. Whoever opens it disposes it. */
export async function openOwnPool(options: OwnPoolOptions): Promise<Pool> {
  const { folder, follow, clock, log, settings, language, prewarm, docker } = options;
  return openPool({
    place: { folder, engineKey: await engineKey() },
    follow,
    limits: settings,
    log,
    makePool: async () => {
      // Who only uses or shows the pool of another process does not need it.
      const { ServerPool } = await import('./serverPool');
      const owner = ownerText(await newOwner());
      const process = () => Promise.resolve(processRuntime());
      const runtimes = { process, docker: () => docker(owner) };
      return new ServerPool({ clock, log, runtimes, settings, language, prewarm });
    },
  });
}

/** Tells the container engine of this person apart from others: who uses another has another pool. */
async function engineKey(): Promise<string> {
  const around = {
    environment: process.env,
    home: homedir(),
    platform: process.platform,
    uid: process.getuid?.() ?? null,
  };
  try {
    const { places } = await enginePlaces(around);
    return places[0]?.address ?? 'none';
  } catch {
    // What is named and cannot be used is said when a container is wanted.
    return process.env['DOCKER_HOST'] ?? 'none';
  }
}
