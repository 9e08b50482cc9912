import type { PodMeasure } from '../incident/rollout';
import type { SeenMetrics } from './seen';
import { troublesOf } from './trouble';

type MeasuredPod = SeenMetrics['pods'][number];

/** Pods as Prometheus tells them; null where it knows neither how many are wanted nor how they are. */
export function podsOfMetrics(metrics: SeenMetrics, which: 'all' | 'newest'): PodMeasure | null {
  const { desired, observed, measured } = metrics;
  if (desired === null || !measured.includes('pods')) return null;
  const pods = counted(metrics, which);
  const ends = pods.flatMap(({ lastEnd }) => (lastEnd ? [lastEnd] : []));
  const [last] = ends.sort((a, b) => (b.finishedAt ?? '').localeCompare(a.finishedAt ?? ''));
  return {
    observed: observed ?? true,
    desired,
    updated: metrics.updated ?? pods.length,
    ready: pods.filter(({ ready }) => ready).length,
    restarts: total(pods.map(({ restarts }) => restarts)) ?? 0,
    lastEnd: last ? { reason: last.reason, at: last.finishedAt, ranMs: null } : null,
    troubles: troublesOf(pods),
    warnings: [],
    warnedAt: null,
    ...memoryOfMetrics(metrics, which),
  };
}

/** Memory of the pods together, and their limits where all have one. */
export function memoryOfMetrics(
  metrics: SeenMetrics,
  which: 'all' | 'newest',
): Pick<PodMeasure, 'memoryBytes' | 'memoryLimitBytes'> {
  const pods = counted(metrics, which).filter(({ memoryBytes }) => memoryBytes !== null);
  const limits = pods.map(({ memoryLimitBytes }) => memoryLimitBytes);
  return {
    memoryBytes: total(pods.map(({ memoryBytes }) => memoryBytes)),
    memoryLimitBytes: limits.includes(null) ? null : total(limits),
  };
}

/** True where there is a sample of the pods' requests; of what is not scraped any more there is none. */
export function hasRequests(metrics: SeenMetrics, which: 'all' | 'newest'): boolean {
  return counted(metrics, which).some(({ requestsPerSecond }) => requestsPerSecond !== null);
}

/** The share of the pods' requests that fail, 0 to 1; null without requests. */
export function failingOfMetrics(metrics: SeenMetrics, which: 'all' | 'newest'): number | null {
  const pods = counted(metrics, which);
  const all = total(pods.map(({ requestsPerSecond }) => requestsPerSecond));
  if (!all) return null;
  const failed = total(pods.map(({ failedPerSecond }) => failedPerSecond)) ?? 0;
  return Math.min(1, failed / all);
}

function counted({ pods }: SeenMetrics, which: 'all' | 'newest'): readonly MeasuredPod[] {
  return pods.filter(({ newest }) => which === 'all' || newest);
}

/** Of what is known; null where nothing is. */
function total(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : null;
}
