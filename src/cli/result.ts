import type { Outcome } from '../incident/incident';

/** Exit status of the command line, design section 9. */
export const exitStatus = {
  done: 0,
  failure: 1,
  usage: 2,
  noIncident: 3,
  notEnough: 4,
} as const;

/** The exit status that an outcome stands for. */
export function statusOf(outcome: Outcome): number {
  if (outcome === 'no-incident') return exitStatus.noIncident;
  if (outcome === 'insufficient-evidence') return exitStatus.notEnough;
  return outcome === 'failed' ? exitStatus.failure : exitStatus.done;
}
