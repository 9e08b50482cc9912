import type { Incident } from './incident/incident';
import type { VerificationSettings } from './settings';

const minute = 60_000;
/** After this nobody is likely to push it any more: a person can still have it looked at. */
const longestWaitMs = 7 * 24 * 60 * minute;

/** The setting's own maximum; a timer holds no more than some weeks. */
const longestIntervalMs = 60 * minute;

/** While a change waits to be live, or nothing is seen of it, looks grow rarer: up to this age, at most this often. */
const waits = [
  { untilMs: 10 * minute, atLeastMs: 0 },
  { untilMs: 120 * minute, atLeastMs: minute },
  { untilMs: longestWaitMs, atLeastMs: 5 * minute },
] as const;

/**
 * In how many ms an incident is to be looked at, 0 or less when it is due; null when there is nothing
 * to look for any more.
 */
export function nextLook(
  { state, commit, acted, rollout, decision, updatedAt }: Incident,
  now: number,
  { intervalSeconds }: VerificationSettings,
): number | null {
  const looked = rollout?.lookedAt ? Date.parse(rollout.lookedAt) : null;
  const interval = Math.min(longestIntervalMs, intervalSeconds * 1000);
  // A clock that was set back would put the next look off for as long.
  const from = (ms: number) => (looked === null ? 0 : Math.min(looked, now) + ms - now);
  const made = commit !== null || acted?.result === 'done';
  const waiting = state === 'awaiting-rollout' && made;
  if (!waiting && state !== 'verifying') return null;
  // While it is watched, what counts is since when nothing was seen.
  const seen = waiting ? decision?.at : (rollout?.measures.at(-1)?.at ?? rollout?.liveAt);
  const age = now - Date.parse(seen ?? updatedAt);
  const wait = waits.find(({ untilMs }) => age < untilMs);
  return wait ? from(Math.max(interval, wait.atLeastMs)) : null;
}
