import type { Measure, PodMeasure, Rollout } from '../incident/rollout';
import { duration } from './amounts';
import { hasFailed, trouble, whoseRequests } from './trouble';

/** What the measures since a change is live say of it. */
export type Judgement =
  | { kind: 'undecided'; stableMs: number; why: string | null }
  | { kind: 'recovered' | 'not-recovered' | 'worse'; why: string };

/** A failure that comes back so often is the same failure, however long one waits. */
const sameFailures = 2;
/** From so many restarts on more of them are no chance. */
const manyRestarts = 3;

/**
 * Judges a change by how its service does: recovered when nothing was wrong for as long as is asked,
 * else what it is at the deadline, and before it only when the old failure is back or things are worse.
 * @param now when it was looked at last, in ms since 1970
 */
export function judge(
  { before, measures, liveAt, requiredMs, deadline, stableSince }: Rollout,
  now: number,
): Judgement {
  const newest = measures.at(-1);
  if (!newest || liveAt === null || requiredMs === null || deadline === null) {
    return { kind: 'undecided', stableMs: 0, why: null };
  }
  const early = comeBack(before, measures, Date.parse(liveAt));
  if (early) return early;
  const why = trouble(before, newest);
  // What nobody looked at is not known to have been stable.
  const stableMs = stableSince ? Date.parse(newest.at) - Date.parse(stableSince) : 0;
  if (why === null && stableMs >= requiredMs) {
    const unproven =
      before && !hasFailed(before) ? ', and no trouble was measured before either' : '';
    return { kind: 'recovered', why: `stable for ${duration(stableMs)}${unproven}` };
  }
  // A look that has seen nothing decides nothing.
  const sawNothing = Date.parse(newest.at) < now;
  if (sawNothing || now < Date.parse(deadline)) return { kind: 'undecided', stableMs, why };
  const reason = why ?? `it was stable for ${duration(stableMs)} only`;
  return { kind: isWorse(before, newest) ? 'worse' : 'not-recovered', why: reason };
}

/** A failure that needs no more waiting: the one of before again, or more of it than before. */
function comeBack(
  before: Measure | null,
  measures: readonly Measure[],
  liveAt: number,
): Judgement | null {
  const pods = measures.at(-1)?.pods;
  const lastEnd = pods?.lastEnd;
  // Pods that run for days may have ended long before the change.
  if (!lastEnd || !(Date.parse(lastEnd.at ?? '') >= liveAt)) return null;
  const restarts = pods.restarts - (measures.find((each) => each.pods)?.pods?.restarts ?? 0);
  const was = before?.pods?.lastEnd;
  if (was && lastEnd.reason === was.reason && restarts >= sameFailures) {
    const faster = was.ranMs !== null && lastEnd.ranMs !== null && lastEnd.ranMs * 2 < was.ranMs;
    const ran = lastEnd.ranMs === null ? '' : ` after ${duration(lastEnd.ranMs)}`;
    const times = `${restarts} times, the last ${lastEnd.reason}${ran}`;
    return faster
      ? { kind: 'worse', why: `its new pods ended ${times}, sooner than before` }
      : { kind: 'not-recovered', why: `its new pods ended as before: ${times}` };
  }
  const wasQuiet = before?.pods && before.pods.restarts === 0 && !hasFailed(before);
  if (wasQuiet && restarts >= manyRestarts) {
    return { kind: 'worse', why: `its new pods restarted ${restarts} times, and none did before` };
  }
  return null;
}

/** True where less runs, or more fails, than before the change. */
function isWorse(before: Measure | null, now: Measure): boolean {
  if (!before) return false;
  const [was, is] = [before.pods, now.pods];
  const fewer = was && is ? share(is) < share(was) : false;
  const [failed, fails] = [before.service?.errorRate, now.service?.errorRate];
  const isSame = whoseRequests(before) === whoseRequests(now);
  const bothTold = typeof failed === 'number' && typeof fails === 'number';
  const moreFail = isSame && bothTold && fails > failed * 1.5;
  const wentDown = before.service?.online === true && now.service?.online === false;
  return fewer || moreFail || wentDown;
}

function share({ ready, desired }: PodMeasure): number {
  return desired === 0 ? 1 : ready / desired;
}
