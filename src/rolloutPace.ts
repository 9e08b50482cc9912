import type { Incident } from './incident/incident';
import type { VerificationSettings } from './settings';

const minute = 60_000;
/** After this nobody is likely to push it any more: a person can still have it looked at. */
const longestWaitMs = 7 * 24 * 60 * minute;

/** While a change waits to be live, looks grow rarer: up to this age, at most this often. */
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
  const interval = intervalSeconds * 1000;
  const from = (ms: number) => (looked === null ? 0 : looked + ms - now);
  if (state === 'verifying') return from(interval);
  const made = commit !== null || acted?.result === 'done';
  if (state !== 'awaiting-rollout' || !made) return null;
  const age = now - Date.parse(decision?.at ?? updatedAt);
  const wait = waits.find(({ untilMs }) => age < untilMs);
  return wait ? from(Math.max(interval, wait.atLeastMs)) : null;
}
