import * as vscode from 'vscode';
import { WarRoomError } from '../base/errors';
import { actedSentence, actionRunOf } from '../incident/clusterAction';
import type { ActionRun } from '../incident/clusterAction';
import type { Incident } from '../incident/incident';
import type { IncidentState } from '../incident/state';
import { chooseFiles } from './approvalFiles';
import { chooseIncident } from './approvalIncident';
import { commandIds } from './commandIds';
import { gitRepository } from './gitExtension';
import type { ProposalDiffs } from './proposalDiffs';
import { registerCommand, type Surface } from './surface';
import { titleOf } from '../incident/page';

/** Accept, Accept and Commit, Finish Commit, Reject, Undo Accept, and the choice of a values file. */
export function registerApprovalCommands(surface: Surface, diffs: ProposalDiffs): void {
  const { warRoom } = surface;
  const on = (
    id: (typeof commandIds)[keyof typeof commandIds],
    states: readonly IncidentState[],
    run: (incident: Incident) => Promise<void>,
  ) =>
    registerCommand(surface, id, async (given) => {
      const incident = await chooseIncident(surface, given, states);
      if (incident) await run(incident);
    });

  on(commandIds.openProposal, ['awaiting-approval', 'accepted'], (incident) =>
    diffs.open(incident),
  );
  on(commandIds.accept, ['awaiting-approval'], async (incident) => {
    const paths = await chooseFiles(incident);
    if (paths === undefined) return;
    await diffs.takeTyped(incident);
    const accepted = await freshOrShownAgain(surface, diffs, incident, () =>
      warRoom.approval.accept(incident.id, paths, diffs.shownCall(incident)),
    );
    if (!accepted) return;
    await diffs.close(incident.id);
    const run = actionRunOf(accepted);
    if (run) return tellAction(run);
    await offerMessage(surface, accepted);
    void offerAfterAccept(accepted);
  });
  on(commandIds.acceptAndCommit, ['awaiting-approval', 'accepted'], async (incident) => {
    const paths = await chooseFiles(incident);
    if (paths === undefined) return;
    await diffs.takeTyped(incident);
    const branch = await warRoom.approval.branchFor(incident.id);
    const committed = await freshOrShownAgain(surface, diffs, incident, () =>
      warRoom.approval.acceptAndCommit(incident.id, branch, paths, diffs.shownCall(incident)),
    );
    if (committed) await showCommitted(surface, diffs, committed);
  });
  on(commandIds.finishCommit, ['executing'], async ({ id }) => {
    // The branch was decided when the commit was begun.
    await showCommitted(surface, diffs, await warRoom.approval.acceptAndCommit(id, null));
  });
  on(commandIds.reject, ['awaiting-approval', 'accepted'], async (incident) => {
    const reason = await vscode.window.showInputBox({
      title: `Reject: ${incident.proposal?.title ?? titleOf(incident)}`,
      prompt: 'Why is this not the right change? War Room keeps the reason with the incident.',
      placeHolder: 'for example: the limit is right, the leak must be fixed',
      ignoreFocusOut: true,
    });
    if (reason === undefined) return;
    await clearMessage(surface, incident);
    await warRoom.approval.reject(incident.id, reason);
    await diffs.close(incident.id);
  });
  on(commandIds.undoAccept, ['accepted'], async (incident) => {
    await clearMessage(surface, incident);
    const reopened = await warRoom.approval.undoAccept(incident.id);
    await refreshGit(reopened);
    await diffs.open(reopened);
  });
  on(commandIds.chooseValuesFile, ['awaiting-approval'], async (incident) => {
    const chosen = await vscode.window.showQuickPick(
      incident.candidates.map(({ path, why }) => ({ label: path, detail: why })),
      { title: `Which values file is meant for ${incident.app ?? 'the application'}?` },
    );
    if (!chosen) return;
    const planned = await warRoom.approval.chooseValuesFile(incident.id, chosen.label);
    if (planned.proposal) await diffs.open(planned);
  });
}

/** Where the file or the action has changed since, what it would be now is shown again. */
async function freshOrShownAgain(
  { warRoom }: Surface,
  diffs: ProposalDiffs,
  { id }: Incident,
  decide: () => Promise<Incident>,
): Promise<Incident | undefined> {
  try {
    return await decide();
  } catch (error) {
    if (!WarRoomError.is(error, 'proposal-stale')) throw error;
    const remade = await warRoom.approval.remake(id);
    await diffs.open(remade);
    void vscode.window.showWarningMessage(
      remade.proposal?.action
        ? error.message
        : 'The file has changed since, so the edit was made again on its new text; look at it and accept again.',
    );
    return undefined;
  }
}

/** Puts the commit message into the box of the Source Control view, unless the person has begun one. */
async function offerMessage({ warRoom }: Surface, incident: Incident): Promise<void> {
  const repository = await refreshGit(incident);
  if (repository?.inputBox.value === '') {
    repository.inputBox.value = await warRoom.approval.commitMessage(incident.id);
  }
}

/** Takes our own message out of the box again; a person's text stays. */
async function clearMessage({ warRoom }: Surface, incident: Incident): Promise<void> {
  const repository = await refreshGit(incident);
  if (!repository || repository.inputBox.value === '') return;
  const ours = await warRoom.approval.commitMessage(incident.id);
  if (repository.inputBox.value.trim() === ours.trim()) repository.inputBox.value = '';
}

async function refreshGit({ repository: root }: Incident) {
  const repository = root === null ? undefined : await gitRepository(root);
  await repository?.status();
  return repository;
}

async function offerAfterAccept({ id, proposal, accepted }: Incident): Promise<void> {
  const commit = 'Commit';
  const undo = 'Undo Accept';
  const chosen = accepted?.staged
    ? await vscode.window.showInformationMessage(
        `Accepted and staged: ${proposal?.title ?? id}. Committing it is the approval.`,
        commit,
        undo,
      )
    : await vscode.window.showInformationMessage(
        `Applied: ${proposal?.title ?? id}. There is no git repository, so nothing was committed.`,
        undo,
      );
  if (chosen === commit) await vscode.commands.executeCommand(commandIds.acceptAndCommit, id);
  if (chosen === undo) await vscode.commands.executeCommand(commandIds.undoAccept, id);
}

async function showCommitted(
  surface: Surface,
  diffs: ProposalDiffs,
  committed: Incident,
): Promise<void> {
  await diffs.close(committed.id);
  const run = actionRunOf(committed);
  if (run) return tellAction(run);
  await clearMessage(surface, committed);
  // Not awaited: the command is done, the message may stay as long as it likes.
  void tellCommit(committed);
}

/** What the cluster answered; the message may stay as long as it likes. */
function tellAction(acted: ActionRun): void {
  void vscode.window.showInformationMessage(actedSentence(acted));
}

async function tellCommit({ id, commit, branch, notes }: Incident): Promise<void> {
  const where = branch ? ` on ${branch}` : '';
  const show = 'Show Commit';
  const push = branch?.startsWith('war-room/') ? 'Push Branch' : 'Push';
  const said = [`Committed ${commit?.slice(0, 10) ?? ''}${where}.`, ...notes].join(' ');
  const chosen = await vscode.window.showInformationMessage(said, push, show);
  const command = push === 'Push' ? commandIds.push : commandIds.pushBranch;
  if (chosen === push) await vscode.commands.executeCommand(command, id);
  if (chosen === show) await vscode.commands.executeCommand(commandIds.showCommit, id);
}
