import { silentLog } from '../../../src/base/log';
import type { Catalogue } from '../../../src/pool/catalogue';
import { ServerPool } from '../../../src/pool/serverPool';
import type { ServerPoolOptions } from '../../../src/pool/serverPool';
import { FakeClock } from './fakeClock';
import { FakeRuntime } from './fakeRuntime';

export const names = ['a', 'b', 'c', 'd', 'e'] as const;

export const catalogue: Catalogue = Object.fromEntries(
  names.map((name) => [name, { script: `/${name}.js`, environment: ['SETTING'] }]),
);

/** A pool over a runtime and a clock that the test drives. */
export function testPool(options: Partial<ServerPoolOptions> = {}) {
  const clock = new FakeClock();
  const runtime = new FakeRuntime();
  const pool = new ServerPool({
    clock,
    runtime,
    log: silentLog,
    servers: catalogue,
    environment: () => ({}),
    limit: 3,
    ...options,
  });
  return { clock, runtime, pool };
}

/** For leases and calls that are not meant to time out. */
export const patient = { deadlineMs: 60 * 60_000, signal: new AbortController().signal };
