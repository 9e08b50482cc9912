import { describeError } from '../../base/errors';
import { justCommitted } from '../../incident/rollout';
import type { DiagnosisPorts } from '../ports';
import type { Step } from '../run';
import { carryOut } from './carryOut';

/**
 * Does what was approved: an action in the cluster, else the commit, exactly once: the history finds
 * a commit that is there already, so the step may run again after a crash. What keeps git from
 * committing sends the incident back to where it waited, with the error.
 */
export function execute(ports: DiagnosisPorts): Step {
  const { records, history, log } = ports;
  return async ({ id, answer }, signal) => {
    if (answer?.kind !== 'approved') throw new Error('Only an approved change is executed.');
    const interrupted = (await records.load(id)).state === 'executing';
    const incident = await records.update(id, (each) => ({
      ...each,
      state: 'executing',
      decision: answer,
      error: null,
    }));
    const action = incident.proposal?.action;
    if (action) return await carryOut(ports, { incident, action, answer, interrupted }, signal);
    try {
      const evidence = await records.readEvidence(id);
      const { sha, branch, notes } = await history.commit(incident, answer, evidence, signal);
      for (const note of notes) log.info(`${id}: ${note}`);
      await records.update(id, (each) => ({
        ...each,
        state: 'awaiting-rollout',
        outcome: 'committed',
        commit: sha,
        branch,
        rollout: justCommitted,
        notes: [...each.notes, ...notes],
      }));
      return {};
    } catch (error) {
      log.warn(`${id}: ${describeError(error).message}`);
      await records.update(id, (each) => ({
        ...each,
        state: each.accepted ? 'accepted' : 'awaiting-approval',
        decision: null,
        error: describeError(error),
      }));
      return { answer: null };
    }
  };
}
