import type { DiagnosisPorts } from '../ports';
import type { Step } from '../run';

/** Records that a person said no, and why. */
export function reject({ records }: DiagnosisPorts): Step {
  return async ({ id, answer }) => {
    if (answer?.kind !== 'rejected') throw new Error('Only a rejected change is closed.');
    await records.update(id, (incident) => ({
      ...incident,
      state: 'rejected',
      outcome: 'rejected',
      decision: answer,
    }));
    return {};
  };
}
