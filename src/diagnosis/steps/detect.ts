import type { DiagnosisPorts } from '../ports';
import type { Step } from '../run';
import { withAnalysis } from './withAnalysis';

/** Names the kind of incident from the log alone, or that there is none. */
export function detect({ records, clock, judge }: DiagnosisPorts): Step {
  return async ({ id }, signal) => {
    const texts = await records.readEvidence(id);
    const analysis = await judge(texts, { now: new Date(clock.now()), signal });
    await records.update(id, (incident) => ({
      ...withAnalysis(incident, analysis),
      state: 'detected',
    }));
    return { analysis };
  };
}
