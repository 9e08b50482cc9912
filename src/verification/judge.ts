import type { Measure, PodMeasure, Rollout, ServiceMeasure } from '../incident/rollout';

/** What the measures since a change is live say of it. */
export type Judgement =
  | { kind: 'undecided'; stableMs: number; why: string | null }
  | { kind: 'recovered' | 'not-recovered' | 'worse'; why: string };

/** A failure that comes back so often is the same failure, however long one waits. */
const sameFailures = 2;
/** From so many restarts on more of them are no chance. */
const manyRestarts = 3;
/** From this share of its limit on memory is about to run out. */
const fullMemory = 0.95;
/** A share of failing requests up to this counts as none where it was not measured before. */
const quietErrorRate = 0.01;

/**
 * Judges a change by how its service does: recovered when nothing was wrong for as long as is asked,
 * else what it is at the deadline, and before it only when the old failure is back or things are worse.
 * @param now ms since 1970
 */
export function judge(
  { before, measures, liveAt, requiredMs, deadline }: Rollout,
  now: number,
): Judgement {
  const newest = measures.at(-1);
  if (!newest || liveAt === null || requiredMs === null || deadline === null) {
    return { kind: 'undecided', stableMs: 0, why: null };
  }
  const early = comeBack(before, newest, Date.parse(liveAt));
  if (early) return early;
  const { stableSince, why } = stability(before, measures);
  // What nobody looked at is not known to have been stable.
  const until = Math.min(now, Date.parse(newest.at));
  const stableMs = stableSince === null ? 0 : Math.max(0, until - stableSince);
  if (why === null && stableMs >= requiredMs) {
    return { kind: 'recovered', why: `stable for ${duration(stableMs)}` };
  }
  if (now < Date.parse(deadline)) return { kind: 'undecided', stableMs, why };
  const reason = why ?? `it was stable for ${duration(stableMs)} only`;
  return { kind: isWorse(before, newest) ? 'worse' : 'not-recovered', why: reason };
}

/** A failure that needs no more waiting: the one of before again, or more of it than before. */
function comeBack(before: Measure | null, { pods }: Measure, liveAt: number): Judgement | null {
  if (!pods) return null;
  const { restarts, lastEnd } = pods;
  const was = before?.pods?.lastEnd;
  if (was && lastEnd && lastEnd.reason === was.reason && restarts >= sameFailures) {
    const faster = was.ranMs !== null && lastEnd.ranMs !== null && lastEnd.ranMs * 2 < was.ranMs;
    const ran = lastEnd.ranMs === null ? '' : ` after ${duration(lastEnd.ranMs)}`;
    const times = `${restarts} times, the last ${lastEnd.reason}${ran}`;
    return faster
      ? { kind: 'worse', why: `its new pods ended ${times}, sooner than before` }
      : { kind: 'not-recovered', why: `its new pods ended as before: ${times}` };
  }
  const wasQuiet = before?.pods && before.pods.restarts === 0 && before.pods.troubles.length === 0;
  if (wasQuiet && restarts >= manyRestarts && Date.parse(lastEnd?.at ?? '') >= liveAt) {
    return { kind: 'worse', why: `its new pods restarted ${restarts} times, and none did before` };
  }
  return null;
}

/** Since when nothing was wrong; `why` is what is wrong now. */
function stability(
  before: Measure | null,
  measures: readonly Measure[],
): { stableSince: number | null; why: string | null } {
  let since: number | null = null;
  let why: string | null = null;
  let previous: Measure | undefined;
  for (const measure of measures) {
    why = trouble(before, measure);
    if (why !== null) since = null;
    else if (since === null || disturbed(previous, measure)) since = Date.parse(measure.at);
    previous = measure;
  }
  return { stableSince: since, why };
}

/** True where something went wrong between two moments at which all was well. */
function disturbed(previous: Measure | undefined, { pods }: Measure): boolean {
  if (!pods || !previous) return false;
  const restarted = pods.restarts > (previous.pods?.restarts ?? 0);
  return restarted || (pods.warnedAt ?? '') > previous.at;
}

/** What is wrong at one moment, as a part of a sentence; null where all is well. */
function trouble(before: Measure | null, { pods, service }: Measure): string | null {
  return (pods && podTrouble(pods)) ?? (service && serviceTrouble(before?.service, service));
}

function podTrouble(pods: PodMeasure): string | null {
  const { observed, desired, updated, ready, troubles, memoryBytes, memoryLimitBytes } = pods;
  if (!observed) return 'the controller has not seen the new template';
  const [first] = troubles;
  if (first !== undefined) return `pods are ${[...new Set(troubles)].join(', ')}`;
  if (updated < desired) return `${updated} of ${desired} pods are updated`;
  if (ready < desired) return `${ready} of ${desired} new pods are ready`;
  if (memoryBytes === null || memoryLimitBytes === null) return null;
  const used = memoryBytes / memoryLimitBytes;
  return used >= fullMemory ? `memory is at ${percent(used)} of its limit` : null;
}

function serviceTrouble(before: ServiceMeasure | null | undefined, now: ServiceMeasure) {
  if (now.online === false) return 'its statistics say that it is offline';
  if (now.errorRate === null) return null;
  // The failure itself raised the rate, so half of it is still the failure.
  const usual = Math.max(quietErrorRate, (before?.errorRate ?? 0) / 2);
  return now.errorRate > usual ? `${percent(now.errorRate)} of its requests fail` : null;
}

/** True where less runs, or more fails, than before the change. */
function isWorse(before: Measure | null, now: Measure): boolean {
  if (!before) return false;
  const [was, is] = [before.pods, now.pods];
  const fewer = was && is ? share(is) < share(was) : false;
  const [failed, fails] = [before.service?.errorRate, now.service?.errorRate];
  const moreFail = typeof failed === 'number' && typeof fails === 'number' && fails > failed * 1.5;
  const wentDown = before.service?.online === true && now.service?.online === false;
  return fewer || moreFail || wentDown;
}

function share({ ready, desired }: PodMeasure): number {
  return desired === 0 ? 1 : ready / desired;
}

/** 0.031 is "3.1%". */
export function percent(rate: number): string {
  return `${Math.round(rate * 1000) / 10}%`;
}

/** "45 s", "12 min", "3 h". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
