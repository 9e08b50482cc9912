import type { Analysis, Facts, FactValues } from '../../../src/incident/analysis';
import type { Category } from '../../../src/incident/category';

/** Facts as the playbooks would give them, each proven by the same line. */
export function factsOf(values: Partial<FactValues>): Facts {
  const citation = { source: '-', line: 1, text: 'Last State: Terminated' };
  const entries = Object.entries(values).map(([name, value]) => [name, { value, citation }]);
  return Object.fromEntries(entries) as Facts;
}

/** What an analyst says of an incident of a category. */
export function analysisOf(category: Category, values: Partial<FactValues>): Analysis {
  return {
    verdict: 'incident',
    category,
    severity: 'high',
    rootCause: {
      summary: 'The container broke.',
      confidence: 0.9,
      mechanism: null,
      evidence: [],
      changes: [],
    },
    hypotheses: [],
    missing: [],
    questions: [],
    facts: factsOf(values),
    keywords: [],
    advice: { summary: 'Look at the container.', commands: [] },
  };
}
