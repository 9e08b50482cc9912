import { expect } from 'vitest';

import type { Clock } from '../../../src/base/clock';
import { WarRoomError } from '../../../src/base/errors';
import { silentLog } from '../../../src/base/log';
import type { PoolLease } from '../../../src/pool/pool';
import { mostPasses } from '../../../src/pool/queue';
import type { Runtime } from '../../../src/pool/runtime';
import { ServerPool } from '../../../src/pool/serverPool';
import type { ServerRequest } from '../../../src/pool/serverSpec';
import { limits } from './pools';
import { WatchedRuntime } from './watchedRuntime';

const limit = 10;
const incidents = 50;
const requestsOfEach = 10;
const serverNames = Array.from({ length: 12 }, (_, index) => `server-${index}`);

export interface LoadOptions {
  runtime: Runtime;
  clock: Clock;
  request: (name: string) => ServerRequest;
  /** What a step does with its servers; `number` is the request's, from 0 to 499. */
  work: (lease: PoolLease, names: readonly string[], number: number) => Promise<void>;
  deadlineMs: number;
}

/** What became of the requests. */
export interface LoadResult {
  served: number;
  /** By the code of the error. */
  refused: Readonly<Record<string, number>>;
  mostWaiting: number;
  mostPassed: number;
}

/**
 * 500 requests of 50 concurrent incidents for one to three of 12 servers each, over a pool of 10.
 * Fails when more than 10 exist at any moment in any state, when somebody is passed too often, or
 * when a leased server is stopped; everybody is served or refused with a code.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const refused: Record<string, number> = {};
  const order = new Order();
  let mostWaiting = 0;
  const watched = new WatchedRuntime(options.runtime, (name) => {
    const server = pool.status().servers.find((each) => each.name === name);
    return server?.state === 'stopping' ? [] : (server?.holders ?? []);
  });
  const pool = new ServerPool({
    clock: options.clock,
    log: silentLog,
    runtimes: { [options.runtime.name]: () => Promise.resolve(watched) },
    settings: () => ({ ...limits(), limit, memoryBudgetMiB: 100_000 }),
  });
  let mostPlaces = 0;
  pool.onDidChange(({ servers, waiting }) => {
    mostPlaces = Math.max(mostPlaces, servers.length);
    mostWaiting = Math.max(mostWaiting, waiting);
    order.note(servers.flatMap(({ holders }) => holders));
  });

  const one = async (number: number): Promise<void> => {
    const names = namesFor(number);
    const holder = `request-${number}`;
    order.enter(holder);
    const request = { holder, incident: holder, servers: names.map(options.request) };
    try {
      const lease = await pool.lease(request, {
        deadlineMs: options.deadlineMs,
        signal: new AbortController().signal,
      });
      await options.work(lease, names, number);
      lease.release();
    } catch (error) {
      if (!WarRoomError.is(error)) throw error;
      refused[error.code] = (refused[error.code] ?? 0) + 1;
    } finally {
      order.leave(holder);
    }
  };
  const incident = async (first: number): Promise<void> => {
    for (let turn = 0; turn < requestsOfEach; turn++) await one(first + turn * incidents);
  };
  await Promise.all(Array.from({ length: incidents }, (_, index) => incident(index)));

  expect(mostPlaces, 'places in use').toBeLessThanOrEqual(limit);
  expect(watched.mostLive, 'programs at once').toBeLessThanOrEqual(limit);
  expect(watched.wrongs).toEqual([]);
  expect(order.mostPassed, 'times passed').toBeLessThanOrEqual(mostPasses);
  expect(pool.status()).toMatchObject({ waiting: 0 });
  expect(pool.status().servers.flatMap(({ holders }) => holders)).toEqual([]);
  await pool.dispose();
  expect(watched.live).toBe(0);
  const lost = Object.values(refused).reduce((sum, count) => sum + count, 0);
  const served = incidents * requestsOfEach - lost;
  return { served, refused, mostWaiting, mostPassed: order.mostPassed };
}

/** One to three servers, ever others, the same in every run. */
function namesFor(number: number): string[] {
  const at = (factor: number) => serverNames[(number * factor) % serverNames.length] ?? '';
  const names = [at(5), at(7), at(11)].slice(0, 1 + (number % 3));
  return [...new Set(names)];
}

/** Counts how often those who were served had been overtaken by younger ones before. */
class Order {
  mostPassed = 0;
  private readonly waiting = new Map<string, { age: number; passed: number }>();
  private entered = 0;

  enter(holder: string): void {
    this.waiting.set(holder, { age: this.entered++, passed: 0 });
  }

  leave(holder: string): void {
    this.waiting.delete(holder);
  }

  /** @param holders those that have servers now */
  note(holders: readonly string[]): void {
    const served = [...this.waiting].filter(([holder]) => holders.includes(holder));
    for (const [holder, { passed }] of served) {
      this.waiting.delete(holder);
      this.mostPassed = Math.max(this.mostPassed, passed);
    }
    for (const [, { age }] of served) {
      for (const other of this.waiting.values()) if (other.age < age) other.passed++;
    }
  }
}
