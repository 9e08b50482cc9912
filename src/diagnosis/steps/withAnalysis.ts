import type { Analysis } from '../../incident/analysis';
import type { Incident } from '../../incident/incident';

/** The incident with what an analyst found. What is known of its place is kept. */
export function withAnalysis(incident: Incident, analysis: Analysis): Incident {
  const { facts, rootCause } = analysis;
  const app = facts.app?.value ?? incident.app;
  return {
    ...incident,
    category: analysis.category,
    severity: analysis.severity,
    app,
    keywords: analysis.keywords,
    rootCause,
    hypotheses: analysis.hypotheses,
    symptoms: rootCause ? [] : (analysis.symptoms ?? []),
    missing: analysis.missing,
    advice: analysis.advice,
    failing: { pod: facts.pod?.value ?? null, container: facts.container?.value ?? null },
    place: {
      ...incident.place,
      context: incident.place.context ?? facts.context?.value ?? null,
      namespace: incident.place.namespace ?? facts.namespace?.value ?? null,
      application: incident.place.application ?? app,
    },
  };
}
