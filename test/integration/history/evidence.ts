import type { EvidenceText } from '../../../src/incident/evidence';

/** What was collected of the incident of the tests. */
export const evidence: EvidenceText[] = [
  {
    source: 'grafana.log',
    complete: true,
    totalLines: 60,
    lines: Array.from({ length: 60 }, (_, index) => ({
      number: index + 1,
      text: index === 41 ? 'Last State: Terminated, Reason: OOMKilled' : `line ${index + 1}`,
    })),
  },
];
