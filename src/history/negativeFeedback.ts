import type { Incident } from '../incident/incident';

/** Why a fix was not the right one. */
export interface Criticism {
  reason: string;
  /** What would have been right, where somebody said it; else empty. */
  expected: string;
  /** ISO 8601. */
  at: string;
}

/** Where it lies in the incident's folder. */
export function feedbackPath(folder: string, id: string): string {
  return `${folder}/${id}/feedback_negative.json`;
}

/** The text of `feedback_negative.json`. */
export function negativeFeedback(
  { id, proposal }: Incident,
  { reason, expected, at }: Criticism,
): string {
  const said = {
    incident_id: id,
    feedback_type: 'negative',
    reason,
    original_action: proposal?.title ?? '',
    expected_result: expected,
    timestamp: at,
  };
  return `${JSON.stringify(said, null, 2)}\n`;
}

/** What an incident's end says against its fix; null where it says nothing against it. */
export function criticismOf({ state, decision, rollout }: Incident): Criticism | null {
  const verdict = rollout?.verdict;
  if (state === 'escalated' && verdict) {
    const expected = 'the service recovers';
    return { reason: verdict.summary, expected, at: verdict.at };
  }
  if (state !== 'rejected' || decision?.kind !== 'rejected') return null;
  return { reason: decision.reason, expected: '', at: decision.at };
}
