import { describe, expect, it } from 'vitest';

import { measureOf } from '../../../src/verification/measure';
import { podsOfMetrics } from '../../../src/verification/metrics';
import type { SeenMetrics } from '../../../src/verification/seen';

const pod = (status: string | null, newest = true): SeenMetrics['pods'][number] => ({
  name: 'shop-1',
  newest,
  ready: true,
  status,
  restarts: 0,
  lastEnd: null,
  memoryBytes: null,
  memoryLimitBytes: null,
  requestsPerSecond: null,
  failedPerSecond: null,
});

const metrics = (...pods: SeenMetrics['pods']): SeenMetrics => ({
  workload: { kind: 'Deployment', name: 'shop', namespace: 'shop' },
  desired: pods.length,
  observed: true,
  updated: pods.length,
  pods,
  measured: ['pods'],
  missing: [],
  warnings: [],
});

describe('Pods as Prometheus tells them', () => {
  it('that run, start or end as they should are no trouble', () => {
    const calm = metrics(pod('Running'), pod('Pending'), pod('ContainerCreating'), pod(null));
    expect(podsOfMetrics(calm, 'newest')?.troubles).toEqual([]);
  });

  it('that wait for a reason are, once each, and those of the old template only before', () => {
    const [waits, old] = [pod('CrashLoopBackOff'), pod('ImagePullBackOff', false)];
    const seen = metrics(waits, waits, old);
    expect(podsOfMetrics(seen, 'newest')?.troubles).toEqual(['CrashLoopBackOff']);
    expect(podsOfMetrics(seen, 'all')?.troubles).toEqual(['CrashLoopBackOff', 'ImagePullBackOff']);
  });
});

describe('Requests as Prometheus tells them', () => {
  const measured = (requestsPerSecond: number | null) => {
    const one = { ...pod('Running'), requestsPerSecond, failedPerSecond: requestsPerSecond && 5 };
    const seen = { ...metrics(one), measured: ['pods', 'requests'] };
    const nothing = { workload: null, statistics: null, unseen: null, unmeasured: [] };
    return measureOf({ ...nothing, metrics: seen }, '2026-11-22T02:00:00.000Z', 'newest');
  };

  it('are unknown without a sample, and known where there are none', () => {
    expect(measured(10)).toMatchObject({
      service: { errorRate: 0.5 },
      by: { errorRate: 'prometheus' },
    });
    expect(measured(0)).toMatchObject({
      service: { errorRate: null },
      by: { errorRate: 'prometheus' },
    });
    expect(measured(null).service).toBeNull();
    expect(measured(null).by).not.toHaveProperty('errorRate');
  });
});
