import { silentLog } from '../../../src/base/log';
import type { LeaseRequest } from '../../../src/pool/pool';
import { ServerPool } from '../../../src/pool/serverPool';
import type { PoolLimits, ServerPoolOptions } from '../../../src/pool/serverPoolOptions';
import type { ServerRequest, ServerSpec } from '../../../src/pool/serverSpec';
import { FakeClock } from './fakeClock';
import { FakeRuntime } from './fakeRuntime';

export const names = ['a', 'b', 'c', 'd', 'e'] as const;

/** Settings that a test may change while the pool runs. */
export function limits(): PoolLimits {
  return { limit: 3, idleTimeoutMinutes: 30, maxMemoryPercent: 80, memoryBudgetMiB: 100 };
}

/** A pool over a runtime and a clock that the test drives. */
export function testPool(
  settings: Partial<PoolLimits> = {},
  options: Partial<ServerPoolOptions> = {},
) {
  const clock = new FakeClock();
  const runtime = new FakeRuntime();
  const given = { ...limits(), ...settings };
  const pool = new ServerPool({
    clock,
    log: silentLog,
    runtimes: { process: () => Promise.resolve(runtime) },
    settings: () => given,
    ...options,
  });
  return { clock, runtime, pool, settings: given };
}

/** A server that keeps nothing between two calls, unless told otherwise. */
export function server(
  name: string,
  spec: Partial<ServerSpec> = {},
  request: Partial<ServerRequest> = {},
): ServerRequest {
  return {
    spec: {
      name,
      program: { kind: 'bundled', script: `/${name}.js` },
      args: [],
      environment: ['SETTING'],
      state: 'none',
      hosts: [],
      ...spec,
    },
    environment: {},
    place: null,
    runtime: 'auto',
    ...request,
  };
}

/** A lease of servers without state, by their names. */
export function ask(holder: string, servers: readonly (string | ServerRequest)[]): LeaseRequest {
  return {
    holder,
    incident: holder,
    servers: servers.map((each) => (typeof each === 'string' ? server(each) : each)),
  };
}

/** The same servers with state, which only one incident may use. */
export function askSession(
  holder: string,
  incident: string | null,
  servers: readonly string[],
): LeaseRequest {
  return { holder, incident, servers: servers.map((each) => server(each, { state: 'session' })) };
}

/** For leases and calls that are not meant to time out. */
export const patient = { deadlineMs: 60 * 60_000, signal: new AbortController().signal };
