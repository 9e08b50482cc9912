import type { DiagnosisPorts } from '../ports';
import type { Step } from '../run';
import { analyse } from '../../playbooks/analyse';
import { withAnalysis } from './withAnalysis';

/** Names the kind of incident from the log alone, or that there is none. */
export function detect({ records, clock }: DiagnosisPorts): Step {
  return async ({ id }) => {
    const analysis = analyse(await records.readEvidence(id), { now: new Date(clock.now()) });
    await records.update(id, (incident) => ({
      ...withAnalysis(incident, analysis),
      state: 'detected',
    }));
    return { analysis };
  };
}
