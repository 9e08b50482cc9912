import type {
  ContainerEnd,
  Measure,
  MeasuredPart,
  MeasureSource,
  PodMeasure,
} from '../incident/rollout';
import { maskText } from '../intake/masking/mask';
import { parseQuantity } from '../remediation/quantity';
import { failingOfMetrics, hasRequests, memoryOfMetrics, podsOfMetrics } from './metrics';
import type { SeenMetrics, SeenStatistics, SeenWorkload } from './seen';
import { troublesOf } from './trouble';

/** What the servers told at one look; null for what could not be asked. */
export interface Seen {
  workload: SeenWorkload | null;
  statistics: SeenStatistics | null;
  metrics: SeenMetrics | null;
  /** Why the workload could not be seen, in a sentence; null where it was. */
  unseen: string | null;
  /** What Prometheus did not tell though it was asked, one sentence each. */
  unmeasured: readonly string[];
}

const mostWarnings = 3;
const longestWarning = 200;
/** Warnings about a configuration that come again and again while all is well. */
const steady: ReadonlySet<string> = new Set([
  'DNSConfigForming',
  'FailedToRetrieveImagePullSecret',
]);

/**
 * How the service is. The cluster's own word goes before what Prometheus scraped of it; requests are
 * the workload's own by Prometheus, else the load balancer's.
 * @param which the pods that count: those of the newest template once the change is live
 */
export function measureOf(
  { workload, statistics, metrics }: Seen,
  at: string,
  which: 'all' | 'newest',
): Measure {
  const own = workload && podMeasure(workload, which);
  const scraped = metrics && podsOfMetrics(metrics, which);
  const memory = metrics && own?.memoryBytes === null ? memoryOfMetrics(metrics, which) : {};
  const pods = own ? { ...own, ...memory } : scraped;
  const requests = metrics && hasRequests(metrics, which) ? metrics : null;
  const errorRate = requests ? failingOfMetrics(requests, which) : (statistics?.errorRate ?? null);
  const service = statistics || requests ? { online: statistics?.online ?? null, errorRate } : null;
  const by = known({
    pods: own ? 'cluster' : pods && 'prometheus',
    memory: own?.memoryBytes ? 'cluster' : pods?.memoryBytes ? 'prometheus' : null,
    online: typeof service?.online === 'boolean' ? 'statistics' : null,
    errorRate: requests ? 'prometheus' : errorRate === null ? null : 'statistics',
  });
  return { at, pods, service, by, ...(metrics?.warnings.length ? { partial: true } : {}) };
}

type Sources = NonNullable<Measure['by']>;

function known(by: Record<MeasuredPart, MeasureSource | null>): Sources {
  const parts = Object.entries(by).filter(([, source]) => source !== null);
  return Object.fromEntries(parts);
}

function podMeasure(seen: SeenWorkload, which: 'all' | 'newest'): PodMeasure {
  const { workload, containers, warnings } = seen;
  const pods = seen.pods.filter((pod) => which === 'all' || pod.newest);
  const names = new Set(pods.map(({ name }) => `Pod/${name}`));
  const about = warnings.filter(({ object, reason }) => names.has(object) && !steady.has(reason));
  const ends = pods.flatMap(({ lastEnd }) => (lastEnd ? [lastEnd] : []));
  const [last] = ends.sort((a, b) => (b.finishedAt ?? '').localeCompare(a.finishedAt ?? ''));
  const used = pods.map(({ memoryBytes }) => memoryBytes).filter((bytes) => bytes !== null);
  const running = containers.filter(({ init }) => !init);
  const limits = running.map(({ limits: { memory } }) => memory && parseQuantity(memory));
  const limit = limits.reduce((sum, each) => sum + (each ? Number(each.nano) / 1e9 : NaN), 0);
  return {
    observed: workload.observedGeneration >= workload.generation,
    desired: workload.desired,
    updated: workload.updated,
    ready: pods.filter(({ ready }) => ready).length,
    restarts: pods.reduce((sum, { restarts }) => sum + restarts, 0),
    lastEnd: last ? endOf(last) : null,
    troubles: troublesOf(pods),
    warnings: [...new Set(about.map(warningText))].slice(-mostWarnings),
    warnedAt: about.at(-1)?.lastSeen ?? null,
    memoryBytes: used.length > 0 ? used.reduce((sum, bytes) => sum + bytes, 0) : null,
    memoryLimitBytes: Number.isFinite(limit) && used.length > 0 ? limit * used.length : null,
  };
}

function endOf({
  reason,
  startedAt,
  finishedAt,
}: NonNullable<SeenWorkload['pods'][number]['lastEnd']>): ContainerEnd {
  const ran = Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '');
  return { reason, at: finishedAt, ranMs: Number.isNaN(ran) ? null : Math.max(0, ran) };
}

function warningText({ reason, message }: SeenWorkload['warnings'][number]): string {
  return oneLine(`${reason}: ${message}`, longestWarning);
}

/** What a cluster says, masked, in one line of at most so many characters. */
export function oneLine(text: string, longest: number): string {
  const line = maskText(text.replace(/\s+/g, ' '));
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
