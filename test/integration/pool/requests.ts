import { bundledSpecs, declaredEnvironment } from '../../../src/pool/catalogue';
import type { PoolLimits } from '../../../src/pool/serverPoolOptions';
import type { ServerRequest } from '../../../src/pool/serverSpec';

/** What a person has who set nothing. */
export const usualLimits: PoolLimits = {
  limit: 10,
  idleTimeoutMinutes: 30,
  maxMemoryPercent: 80,
  memoryBudgetMiB: 1024,
};

/** A script that is run as the bundled servers are. */
export function scriptRequest(name: string, script: string): ServerRequest {
  return {
    spec: {
      name,
      program: { kind: 'bundled', script },
      args: [],
      environment: [],
      state: 'none',
      hosts: [],
    },
    environment: {},
    place: null,
    runtime: 'auto',
  };
}

/** The three bundled servers, by name, with what `source` has of their variables. */
export function bundledRequests(
  folder: string,
  source: Readonly<Record<string, string | undefined>> = {},
): Record<'stats' | 'kubectl' | 'logs', ServerRequest> {
  const requests = bundledSpecs(folder).map((spec): [string, ServerRequest] => [
    spec.name,
    { spec, environment: declaredEnvironment(spec, source), place: null, runtime: 'auto' },
  ]);
  return Object.fromEntries(requests) as Record<'stats' | 'kubectl' | 'logs', ServerRequest>;
}
