import type { Incident } from '../incident/incident';
import { commandIds, type CommandId } from './commandIds';

/** A button: a command that is called with the incident's id, and its label. */
export type IncidentAction = readonly [command: CommandId, label: string];

/** What a person can do with an incident in its state; the first is the main one. */
const actions: Partial<Record<Incident['state'], readonly IncidentAction[]>> = {
  'awaiting-leave': [[commandIds.answerLeave, 'Decide…']],
  'awaiting-approval': [
    [commandIds.openProposal, 'Show Change'],
    [commandIds.acceptAndCommit, 'Accept and Commit'],
    [commandIds.accept, 'Accept'],
    [commandIds.reject, 'Reject'],
    [commandIds.diagnoseAgain, 'Diagnose Again…'],
  ],
  accepted: [
    [commandIds.acceptAndCommit, 'Commit'],
    [commandIds.undoAccept, 'Undo Accept'],
  ],
  'awaiting-rollout': [
    [commandIds.push, 'Push'],
    [commandIds.pushBranch, 'Push as Branch…'],
    [commandIds.showCommit, 'Show Commit'],
    [commandIds.lookAtRollout, 'Look Now'],
    [commandIds.markRolledOut, 'Mark as Rolled Out'],
    [commandIds.markResolved, 'Mark as Resolved'],
    [commandIds.revertFix, 'Revert This Fix…'],
  ],
  verifying: [
    [commandIds.lookAtRollout, 'Look Now'],
    [commandIds.markResolved, 'Mark as Resolved'],
    [commandIds.revertFix, 'Revert This Fix…'],
  ],
  resolved: [
    [commandIds.recordOutcome, 'Record Outcome'],
    [commandIds.showCommit, 'Show Commit'],
    [commandIds.revertFix, 'Revert This Fix…'],
  ],
  escalated: [
    [commandIds.revertFix, 'Revert This Fix…'],
    [commandIds.showCommit, 'Show Commit'],
    [commandIds.markResolved, 'Mark as Resolved'],
    [commandIds.recordOutcome, 'Record Outcome'],
  ],
  rejected: [[commandIds.recordOutcome, 'Record Outcome']],
  reported: [
    [commandIds.diagnoseAgain, 'Diagnose Again…'],
    [commandIds.recordOutcome, 'Record Outcome'],
  ],
  'insufficient-evidence': [[commandIds.diagnoseAgain, 'Diagnose Again…']],
  failed: [[commandIds.showLogs, 'Show Logs']],
};

const ofCommits: readonly CommandId[] = [
  commandIds.acceptAndCommit,
  commandIds.showCommit,
  commandIds.push,
  commandIds.pushBranch,
  commandIds.revertFix,
];
const pushRevert: readonly IncidentAction[] = [
  [commandIds.push, 'Push'],
  [commandIds.pushBranch, 'Push as Branch…'],
];
/** The page says what it means then: what is known is told, and nothing is made a second time. */
const hear: readonly IncidentAction[] = [[commandIds.accept, 'Accept']];
const finish: readonly IncidentAction[] = [[commandIds.finishCommit, 'Finish Commit']];
const chooseFile: readonly IncidentAction[] = [
  [commandIds.chooseValuesFile, 'Choose Values File…'],
];
const chooseRepository: readonly IncidentAction[] = [
  [commandIds.chooseRepository, 'Choose Repository…'],
];

/**
 * What is offered with an incident, wherever it is shown.
 * @param interrupted a crash left its commit or action half-done
 */
export function actionsOf(
  { state, candidates, repository, proposal, reverted, recorded }: Incident,
  interrupted: boolean,
): readonly IncidentAction[] {
  const decided = reverted ? pushRevert : (actions[state] ?? []);
  const all = candidates.length > 0 ? chooseFile : decided;
  // An action in the cluster has no commit.
  const fitting = all.filter(([command]) => !proposal?.action || !ofCommits.includes(command));
  const told = repository === null || recorded?.state === state;
  const own = fitting.filter(([command]) => !told || command !== commandIds.recordOutcome);
  const left = proposal?.action ? hear : finish;
  return [...(interrupted ? left : own), ...(repository === null ? chooseRepository : [])];
}
