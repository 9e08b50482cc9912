import type { DiagnosisPorts } from '../ports';
import { ruledOut } from '../objections';
import type { Step } from '../run';
import { withAnalysis } from './withAnalysis';

/** Names the kind of incident from the log alone, or that there is none. */
export function detect({ records, clock, judge }: DiagnosisPorts): Step {
  return async ({ id }, signal) => {
    const texts = await records.readEvidence(id);
    const not = ruledOut(await records.load(id));
    const analysis = await judge(texts, { now: new Date(clock.now()), signal, not });
    await records.update(id, (incident) => ({
      ...withAnalysis(incident, analysis),
      state: 'detected',
    }));
    return { analysis };
  };
}
