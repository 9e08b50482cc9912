import type { Measure, Rollout } from '../incident/rollout';
import type { Pace } from './ports';
import { trouble } from './trouble';

/** For a person, and for what came first; since when it is stable is kept beside them. */
const mostMeasures = 300;
/** So many looks may be missed, or this long may they take, before nobody has watched. */
const missedLooks = 4;
const slowLooksMs = 2 * 60_000;

/**
 * A rollout with one more measure: since when nothing was wrong, and the deadline, which time in
 * which nobody looked puts off.
 */
export function watched(rollout: Rollout, measure: Measure, pace: Pace): Rollout {
  const { measures, before, deadline } = rollout;
  const isWrong = trouble(before, measure) !== null;
  // What lacks a part, or one that was seen before, can tell of trouble, but not that there is none.
  if (!isWrong && lacksPart(rollout, measure)) return rollout;
  const unwatchedMs = unwatched(measures.at(-1), measure, pace);
  const since = rollout.stableSince ?? null;
  const beginsAgain = since === null || unwatchedMs > 0 || disturbed(measures, measure);
  const [first, ...later] = [...measures, measure];
  return {
    ...rollout,
    stableSince: isWrong ? null : beginsAgain ? measure.at : since,
    deadline: deadline && new Date(Date.parse(deadline) + unwatchedMs).toISOString(),
    measures: first ? [first, ...later.slice(1 - mostMeasures)] : [],
  };
}

function lacksPart({ before, measures }: Rollout, measure: Measure): boolean {
  const { pods, service } = measure;
  if (pods === null && service === null) return true;
  const lacksPods = pods === null && measures.some((each) => each.pods);
  const lacksService = service === null && measures.some((each) => each.service);
  // The load balancer's requests stand for those of all services, so they are no stand-in.
  const told = before ? [before, ...measures] : measures;
  const lacksRequests = !hasOwnRequests(measure) && told.some(hasOwnRequests);
  return lacksPods || lacksService || lacksRequests || measure.partial === true;
}

/** True where Prometheus was asked how many of the workload's own requests fail, and answered. */
function hasOwnRequests({ by }: Measure): boolean {
  return by?.errorRate === 'prometheus';
}

/** For how long nobody looked, in ms; 0 where the looks follow one another. */
function unwatched(previous: Measure | undefined, { at }: Measure, { intervalMs }: Pace): number {
  if (!previous) return 0;
  const gap = Date.parse(at) - Date.parse(previous.at);
  return gap > Math.max(missedLooks * intervalMs, slowLooksMs) ? gap : 0;
}

/** True where something went wrong between two moments at which all was well. */
function disturbed(measures: readonly Measure[], { pods }: Measure): boolean {
  const previous = measures.findLast((each) => each.pods);
  if (!pods || !previous?.pods) return false;
  return pods.restarts > previous.pods.restarts || (pods.warnedAt ?? '') > previous.at;
}
