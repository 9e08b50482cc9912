import type { Incident } from '../incident/incident';

/** What is known when an incident begins; the store adds the id, the times and the empty rest. */
export type IncidentDraft = Pick<
  Incident,
  'trigger' | 'repository' | 'root' | 'place' | 'fingerprint'
> &
  Partial<Incident>;

/** The incident of a draft, begun at `at` (ISO 8601). */
export function newIncident(draft: IncidentDraft, id: string, at: string): Incident {
  const state = draft.state ?? 'queued';
  return {
    category: null,
    severity: null,
    app: null,
    keywords: [],
    evidence: [],
    rootCause: null,
    hypotheses: [],
    missing: [],
    unchecked: [],
    notes: [],
    candidates: [],
    advice: null,
    leave: [],
    proposal: null,
    typed: {},
    decision: null,
    accepted: null,
    commit: null,
    branch: null,
    outcome: null,
    error: null,
    timings: {},
    ...draft,
    schema: 1,
    id,
    state,
    createdAt: at,
    updatedAt: at,
    timeline: [{ at, state, note: draft.trigger }],
  };
}
