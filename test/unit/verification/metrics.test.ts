import { describe, expect, it } from 'vitest';

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
