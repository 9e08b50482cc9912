import type { Measure, PodMeasure } from '../incident/rollout';
import { percent } from './amounts';

/** From this share of its limit on memory is about to run out. */
const fullMemory = 0.95;
/** A share of failing requests up to this counts as none where it was not measured before. */
const quietErrorRate = 0.01;

/** What a pod says that starts, runs or ends as it should. */
const calm =
  /^(?:Running|Completed|Succeeded|Pending|ContainerCreating|PodInitializing|Terminating|Init:\d+\/\d+)$/;

/** What keeps pods from running, once each. */
export function troublesOf(pods: readonly { status: string | null }[]): string[] {
  const said = pods.flatMap(({ status }) => (status === null || calm.test(status) ? [] : [status]));
  return [...new Set(said)];
}

/** What is wrong at one moment, as a part of a sentence; null where all is well. */
export function trouble(before: Measure | null, measure: Measure): string | null {
  return (measure.pods && podTrouble(measure.pods)) ?? serviceTrouble(before, measure);
}

/** Whose requests an error rate is of, as a part of a sentence. */
export function whoseRequests({ by }: Measure): string {
  return by?.errorRate === 'prometheus' ? 'its requests' : "the load balancer's requests";
}

/** True where it was in trouble when it was measured, or one of its containers has ended. */
export function hasFailed(before: Measure): boolean {
  return trouble(null, before) !== null || Boolean(before.pods?.lastEnd);
}

function podTrouble(pods: PodMeasure): string | null {
  const { observed, desired, updated, ready, troubles, memoryBytes, memoryLimitBytes } = pods;
  if (!observed) return 'the controller has not seen the new template';
  const [first] = troubles;
  if (desired === 0) return 'no pods are wanted, so nothing shows whether it helped';
  if (first !== undefined) return `pods are ${[...new Set(troubles)].join(', ')}`;
  if (updated < desired) return `${updated} of ${desired} pods are updated`;
  if (ready < desired) return `${ready} of ${desired} new pods are ready`;
  if (memoryBytes === null || memoryLimitBytes === null) return null;
  const used = memoryBytes / memoryLimitBytes;
  return used >= fullMemory ? `memory is at ${percent(used)} of its limit` : null;
}

function serviceTrouble(before: Measure | null, now: Measure): string | null {
  if (now.service?.online === false) return 'its statistics say that it is offline';
  const rate = now.service?.errorRate ?? null;
  if (rate === null) return null;
  // The failure itself raised the rate, so half of it is still the failure; that of others is none.
  const isSame = before && whoseRequests(before) === whoseRequests(now);
  const was = (isSame ? before.service?.errorRate : null) ?? 0;
  return rate > Math.max(quietErrorRate, was / 2)
    ? `${percent(rate)} of ${whoseRequests(now)} fail`
    : null;
}
