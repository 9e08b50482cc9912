import { describe, expect, it } from 'vitest';

import { systemClock } from '../../../src/base/clock';
import { silentLog } from '../../../src/base/log';
import { newIncident } from '../../../src/store/draft';
import { lookOnce } from '../../../src/verification/eyes';
import type { SeenMetrics } from '../../../src/verification/seen';

const place = { context: null, namespace: 'prod', application: null, valuesFile: null };
const draft = { trigger: 'log', repository: '/r', root: '/r', place, fingerprint: 'f' };
const incident = {
  ...newIncident(draft, 'incident-20261121120509', '2026-11-22T02:00:00.000Z'),
  app: 'shop',
};
const unused = () => Promise.reject(new Error('not asked for here'));

/** One look, at which Prometheus alone answers: so many requests a second of the newest pod. */
async function look(requestsPerSecond: number | null) {
  const structured: SeenMetrics = {
    workload: { kind: 'Deployment', name: 'shop', namespace: 'prod' },
    desired: 1,
    updated: 1,
    observed: true,
    pods: [
      {
        name: 'shop-7f9d8c6b4-b5c6d',
        newest: true,
        ready: true,
        status: null,
        restarts: 0,
        lastEnd: null,
        memoryBytes: null,
        memoryLimitBytes: null,
        requestsPerSecond,
        failedPerSecond: requestsPerSecond,
      },
    ],
    measured: ['pods', 'requests'],
    missing: [],
    warnings: [],
  };
  const lease = {
    tools: () => [],
    call: (server: string) =>
      Promise.resolve({ text: 'no cluster', structured, isError: server !== 'stats' }),
    release: () => undefined,
  };
  const ports = {
    clock: systemClock,
    log: silentLog,
    records: { load: unused, update: unused, runLock: unused },
    servers: { lease: () => Promise.resolve(lease) },
    sources: () => Promise.resolve({ statistics: false, prometheus: true }),
    placeOf: unused,
    pace: () => ({ stableMs: 1, graceMs: 1, intervalMs: 1 }),
  };
  return await lookOnce(ports, incident, new AbortController().signal);
}

describe('A look by Prometheus', () => {
  it('says that the requests of a target are not scraped any more', async () => {
    expect((await look(null)).unmeasured).toEqual([
      'Prometheus has no requests of its newest pods at this moment.',
    ]);
    expect((await look(0)).unmeasured).toEqual([]);
  });
});
