import { z } from 'zod';

import type { Matcher } from '../../shared/labels';
import { table } from '../../shared/text';
import { ToolError } from '../../shared/tool';
import type { Finding } from '../../shared/tool';
import type { Prometheus } from '../endpoints';
import { query } from './api';
import { findSeries, findWorkload, podMatchers } from './find';
import type { FoundSeries, FoundWorkload, Wanted } from './find';
import { kinds, memoryName, podNames, requestNames, workloadKinds } from './names';
import type { PodLabels } from './names';
import { measuredPod, podsOf } from './pods';
import type { Family, MeasuredPod } from './pods';
import { selector } from './selector';

/** How a workload does, as its series tell it; null for what no series tells. */
export const workloadMeasure = {
  workload: z.object({ kind: z.enum(workloadKinds), name: z.string(), namespace: z.string() }),
  desired: z.number().nullable(),
  updated: z.number().nullable(),
  ready: z.number().nullable(),
  observed: z.boolean().nullable().describe('The controller has seen the newest template'),
  pods: z.array(measuredPod),
  measured: z.array(z.enum(['pods', 'memory', 'requests'])).describe('What there are series of'),
  missing: z.array(z.string()).describe('What there are no series of, in words'),
  warnings: z.array(z.string()).describe('What Prometheus says was left out'),
};
export type WorkloadMeasure = z.infer<z.ZodObject<typeof workloadMeasure>>;

/** Four of the longest usual scrape intervals, so that a missed one leaves no hole. */
const rateWindow = '5m';
/** A request that failed by the server's fault. */
const failed = '5..';
/** Labels of two Prometheus that scrape the same. */
const replicas = 'prometheus_replica, replica';

/**
 * Measures a workload and its pods now.
 * @throws ToolError with one sentence: no answer, no such workload, or several
 */
export async function measureWorkload(
  at: Prometheus,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Finding<WorkloadMeasure>> {
  const { found, warnings } = await findWorkload(at, wanted, signal);
  if (!found) {
    const what = wanted.name ?? wanted.pod ?? 'workload';
    throw new ToolError(
      `Prometheus has no series of ${what} in ${wanted.namespace} (looked for those of kube-state-metrics, such as ${kinds.Deployment.desired}).`,
    );
  }
  const { namespace } = wanted;
  const series = await findSeries(at, wanted, found, signal);
  const { workload } = series;
  const [state, pods] = await Promise.all([
    stateOf(at, workload, signal),
    readPods(at, { namespace, workload, series: series.found }, signal),
  ]);
  const said = [...warnings, ...series.warnings, ...state.warnings, ...pods.warnings];
  const measure: WorkloadMeasure = {
    workload: { kind: workload.kind, name: workload.name, namespace },
    ...state.found,
    pods: pods.found,
    measured: measuredOf(series.found),
    missing: missingOf(workload, series.found),
    warnings: [...new Set(said)],
  };
  return { text: textOf(measure), structured: measure };
}

type State = Pick<WorkloadMeasure, 'desired' | 'updated' | 'ready' | 'observed'>;
type Gathered<T> = Promise<{ found: T; warnings: readonly string[] }>;

async function stateOf(
  at: Prometheus,
  { kind, state }: FoundWorkload,
  signal: AbortSignal,
): Gathered<State> {
  const { desired, updated, ready, generation, observedGeneration } = kinds[kind];
  const names = [desired, updated, ready, generation, observedGeneration];
  const { found, warnings } =
    state === null ? { found: [], warnings: [] } : await query(at, selector(names, state), signal);
  const value = (name: string) => {
    const values = found.filter(({ labels }) => labels['__name__'] === name);
    return values.length > 0 ? Math.max(...values.map((each) => each.value)) : null;
  };
  const [wanted, seen] = [value(generation), value(observedGeneration)];
  const observed = wanted === null || seen === null ? null : seen >= wanted;
  return {
    found: { desired: value(desired), updated: value(updated), ready: value(ready), observed },
    warnings,
  };
}

interface Asked {
  namespace: string;
  workload: FoundWorkload;
  series: FoundSeries;
}

async function readPods(
  at: Prometheus,
  { namespace, workload, series: { pods, memory, requests } }: Asked,
  signal: AbortSignal,
): Gathered<MeasuredPod[]> {
  const warnings: string[] = [];
  const own = (labels: PodLabels) => podMatchers(namespace, workload, labels);
  const ask = async (labels: PodLabels, expression: string): Promise<Family> => {
    const answer = await query(at, expression, signal);
    warnings.push(...answer.warnings);
    return { samples: answer.found, labels };
  };
  const [state, used, all, refused] = await Promise.all([
    pods && ask(pods, selector(Object.values(podNames), own(pods))),
    memory && ask(memory, selector([memoryName], own(memory))),
    requests && ask(requests.labels, rateOf(requests, own(requests.labels))),
    requests &&
      ask(
        requests.labels,
        rateOf(requests, [...own(requests.labels), [requests.status, '=~', failed]]),
      ),
  ]);
  return { found: podsOf({ state, memory: used, requests: all, failed: refused }), warnings };
}

/** Requests a second of each pod. */
function rateOf(
  { name, labels }: NonNullable<FoundSeries['requests']>,
  matchers: readonly Matcher[],
): string {
  const each = `rate(${selector([name], matchers)}[${rateWindow}])`;
  return `sum by (${labels.pod}) (max without (${replicas}) (${each}))`;
}

function measuredOf(series: FoundSeries): WorkloadMeasure['measured'] {
  return (['pods', 'memory', 'requests'] as const).filter((part) => series[part] !== null);
}

function missingOf(
  { kind, name, state }: FoundWorkload,
  { pods, memory, requests }: FoundSeries,
): string[] {
  return [
    ...(state ? [] : [`no ${kinds[kind].desired} of ${name}`]),
    ...(pods ? [] : [`neither ${podNames.ready} nor ${podNames.restarts} of its pods`]),
    ...(memory ? [] : [`no ${memoryName} of its pods`]),
    ...(requests ? [] : [`no counter of its requests by status (${requestNames.join(', ')})`]),
  ];
}

function textOf({ workload, desired, updated, ready, pods, ...rest }: WorkloadMeasure): string {
  const say = (value: number | null) => value ?? 'not measured';
  const { kind, name } = workload;
  return [
    `${kind}/${name}: ${say(desired)} wanted, ${say(updated)} updated, ${say(ready)} ready`,
    ...(pods.length > 0 ? [podTable(pods)] : ['No pods.']),
    ...rest.missing.map((each) => `Not measured: ${each}`),
    ...rest.warnings.map((each) => `Prometheus warns: ${each}`),
  ].join('\n');
}

function podTable(pods: readonly MeasuredPod[]): string {
  const mebibytes = (bytes: number | null) =>
    bytes === null ? '<unknown>' : `${Math.round(bytes / 2 ** 20)}Mi`;
  const say = (value: number | null) => (value === null ? '<unknown>' : value.toFixed(2));
  const rows = pods.map((pod) => [
    pod.name,
    pod.newest ? 'newest' : 'older',
    pod.ready === null ? '<unknown>' : pod.ready ? 'ready' : 'not ready',
    pod.status ?? '<unknown>',
    String(pod.restarts ?? '<unknown>'),
    pod.lastEnd ? `${pod.lastEnd.reason} ${pod.lastEnd.finishedAt ?? ''}`.trim() : '<none>',
    `${mebibytes(pod.memoryBytes)} of ${mebibytes(pod.memoryLimitBytes)}`,
    `${say(pod.failedPerSecond)} of ${say(pod.requestsPerSecond)}`,
  ]);
  const heads = 'NAME,TEMPLATE,READY,STATUS,RESTARTS,LAST END,MEMORY,FAILED A SECOND'.split(',');
  return table(heads, rows);
}
