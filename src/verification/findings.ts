import type { Measure, MeasureSource, PodMeasure, Rollout } from '../incident/rollout';
import { duration, percent } from './amounts';
import { whoseRequests } from './trouble';

/** What was measured before the change and since, one line each, with who measured it. */
export function findingsOf({ before, measures, unseen, unmeasured = [] }: Rollout): string[] {
  const newest = measures.at(-1) ?? null;
  return [
    ...(before ? [`Before: ${words(before)}`] : ['Before: nobody looked in time']),
    ...(newest ? [`Now: ${words(newest)}`] : []),
    ...(newest?.pods?.warnings ?? []).map((warning) => `Warning: ${warning}`),
    ...(unseen ? [`Not seen at the last look: ${unseen}`] : []),
    ...unmeasured.map((each) => `Not measured at the last look: ${each}`),
  ];
}

function words(measure: Measure): string {
  const parts = [...podWords(measure), ...serviceWords(measure)];
  return parts.join(', ') || 'nothing was measured';
}

function podWords({ pods, by = {} }: Measure): string[] {
  if (!pods) return [];
  const { ready, desired, restarts, lastEnd, troubles } = pods;
  const ran = lastEnd && lastEnd.ranMs !== null ? ` after ${duration(lastEnd.ranMs)}` : '';
  const memory = memoryWords(pods);
  return [
    `${ready} of ${desired} pods ready${tellsOf(by.pods)}`,
    `${restarts} restarts`,
    ...troubles,
    ...(lastEnd ? [`last ended ${lastEnd.reason}${ran}`] : []),
    ...(memory ? [memory + tellsOf(by.memory)] : []),
  ];
}

function serviceWords(measure: Measure): string[] {
  const { online = null, errorRate = null } = measure.service ?? {};
  const fail = () => `${whoseRequests(measure)} fail${tellsOf(measure.by?.errorRate)}`;
  return [
    ...(online === null ? [] : [online ? 'online' : 'offline']),
    ...(errorRate === null ? [] : [`${percent(errorRate)} of ${fail()}`]),
  ];
}

function memoryWords({ memoryBytes, memoryLimitBytes }: PodMeasure): string | null {
  const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)}Mi`;
  if (memoryBytes === null) return null;
  const limit = memoryLimitBytes === null ? '' : `${mebibytes(memoryLimitBytes)} `;
  return `${mebibytes(memoryBytes)} of ${limit}memory`;
}

/** The cluster, and of its requests the load balancer, need no mention. */
function tellsOf(source: MeasureSource | undefined): string {
  return source === 'prometheus' ? ' (Prometheus)' : '';
}
