import { homedir } from 'node:os';

import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import { enginePlaces } from './engine/place';
import type { EngineConnection, EngineSurroundings } from './engine/place';
import { ImageCare } from './imageCare';
import { ImageFolder } from './images/imageFolder';
import { ImageRecords } from './images/records';
import type { Language } from './logTexts';
import { newOwner } from './ownership/owner';
import type { Pool } from './pool';
import type { ReaperLine } from './reaper/reaperLine';
import { Sweeper } from './reaper/sweeper';
import type { Runtime } from './runtime';
import { processRuntime } from './runtimes/process';
import type { PoolLimits } from './serverPoolOptions';
import type { ServerRequest } from './serverSpec';
import { openPool } from './share/openPool';
import type { MadePool } from './share/poolHost';

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
  /** Makes the runtime for containers. */
  docker: () => Promise<Runtime>;
  /** The folder of this person's images, and what removes those that are of no use. */
  images: { folder: string; cleanUp: (signal: AbortSignal) => Promise<void> };
  /** Ends what this process has started and could not end itself. */
  reaper: ReaperLine;
}

/** The pool of this person, machine and engine, wherever it lives. Whoever opens it disposes it. */
export async function openOwnPool(options: OwnPoolOptions): Promise<Pool> {
  const { folder, follow, clock, log, settings } = options;
  return openPool({
    place: { folder, engineKey: await engineKey() },
    follow,
    limits: settings,
    ...{ clock, log },
    makePool: () => makePool(options),
  });
}

async function makePool(options: OwnPoolOptions): Promise<MadePool> {
  const { clock, log, settings, language, prewarm, docker, images, reaper } = options;
  // Who only uses or shows the pool of another process does not need it.
  const { ServerPool } = await import('./serverPool');
  const process = () => Promise.resolve(processRuntime({ reaper }));
  const care: ImageCare = new ImageCare({
    ...{ clock, log, cleanUp: images.cleanUp },
    diskUse: () => new ImageRecords(new ImageFolder(images.folder).records).bytes(),
    hasEngine: () => pool.status().engine.state === 'ready',
  });
  const pool: Pool = new ServerPool({
    ...{ clock, log, settings, language, prewarm },
    runtimes: { process, docker },
    imagesBytes: () => care.bytes,
  });
  care.start();
  const sweeper = new Sweeper({ engines, here: await newOwner(), clock, log });
  sweeper.start();
  const dispose = async () => {
    sweeper.dispose();
    care.dispose();
    await pool.dispose();
  };
  return { pool, dispose };
}

/** Tells the container engine of this person apart from others: who uses another has another pool. */
async function engineKey(): Promise<string> {
  try {
    const { places } = await enginePlaces(surroundings());
    return places[0]?.address ?? 'none';
  } catch {
    // What is named and cannot be used is said when a container is wanted.
    return process.env['DOCKER_HOST'] ?? 'none';
  }
}

async function engines(): Promise<EngineConnection[]> {
  const { places } = await enginePlaces(surroundings());
  return places.map(({ connection }) => connection);
}

function surroundings(): EngineSurroundings {
  return {
    environment: process.env,
    home: homedir(),
    platform: process.platform,
    uid: process.getuid?.() ?? null,
  };
}
