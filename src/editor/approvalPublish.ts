import * as vscode from 'vscode';
import { messageOf } from '../base/errors';
import { categories } from '../incident/category';
import type { Incident } from '../incident/incident';
import { publishedSentence } from '../incident/published';
import { chooseIncident } from './approvalIncident';
import { commandIds } from './commandIds';
import { gitRepository } from './gitExtension';
import { withIncidentProgress } from './incidentProgress';
import { showError } from './showError';
import { registerCommand, type Surface } from './surface';

const committed = ['awaiting-rollout', 'verifying', 'resolved', 'escalated', 'rejected'] as const;

/** Push, Push as Branch, Revert This Fix, and Diagnose Again: what leaves, takes back, or objects. */
export function registerPublishCommands(
  surface: Surface,
  show: (incident: Incident) => Promise<void>,
): void {
  registerCommand(surface, commandIds.push, async (given) => {
    const incident = await chooseIncident(surface, given, committed);
    if (incident) await publish(surface, incident, false);
  });
  registerCommand(surface, commandIds.pushBranch, async (given) => {
    const incident = await chooseIncident(surface, given, committed);
    if (incident) await publish(surface, incident, true);
  });
  registerCommand(surface, commandIds.revertFix, async (given) => {
    const incident = await chooseIncident(surface, given, committed);
    if (incident) await revert(surface, incident);
  });
  registerCommand(surface, commandIds.diagnoseAgain, async (given) => {
    const states = ['awaiting-approval', 'reported', 'insufficient-evidence'] as const;
    const incident = await chooseIncident(surface, given, states);
    if (incident) await diagnoseAgain(surface, incident, show);
  });
}

async function publish(surface: Surface, incident: Incident, ownBranch: boolean): Promise<void> {
  const { id } = incident;
  const result = await withIncidentProgress(surface, 'War Room: pushing', ({ signal }) =>
    surface.warRoom.approval.publish(id, { ownBranch, pullRequest: false, signal }),
  );
  // Not awaited: the command is done, the message may stay as long as it likes.
  if (result.kind === 'pushed') void tellPushed(surface, id, ownBranch, result);
  else if (result.kind === 'no-upstream') void vscode.window.showWarningMessage(result.sentence);
  else {
    surface.log.warn(`${id}: git push said:\n${result.said}`);
    void offerAfterRefusal(surface, incident, ownBranch, result);
  }
}

type Pushed = Parameters<typeof publishedSentence>[0] & { notes: readonly string[] };

async function tellPushed(
  surface: Surface,
  id: string,
  ownBranch: boolean,
  pushed: Pushed,
): Promise<void> {
  const { pullRequest, notes } = pushed;
  const sentence = publishedSentence({ ...pushed, pullRequest: null });
  const open = 'Open Pull Request…';
  const buttons = pullRequest || hasPullRequests() ? [open] : [];
  const chosen = await vscode.window.showInformationMessage(
    [sentence, ...notes].join(' '),
    ...buttons,
  );
  if (chosen !== open) return;
  if (hasPullRequests()) await vscode.commands.executeCommand('pr.create');
  else if (pullRequest) {
    await openPullRequest(surface, id, ownBranch, pullRequest.address).catch((error: unknown) =>
      showError(surface.log, error),
    );
  }
}

/**
 * Opens it with GitHub's command line where that can, and shows it.
 * @param page where it is opened by hand, which is shown else
 */
async function openPullRequest(
  surface: Surface,
  id: string,
  ownBranch: boolean,
  page: string,
): Promise<void> {
  const title = 'War Room: opening the pull request';
  const address = await withIncidentProgress(surface, title, async ({ signal }) => {
    const asked = { ownBranch, pullRequest: true, signal };
    const result = await surface.warRoom.approval.publish(id, asked);
    if (signal.aborted) return null;
    if (result.kind !== 'pushed') return page;
    for (const note of result.notes) surface.log.info(`${id}: ${note}`);
    return result.pullRequest?.address ?? page;
  });
  if (address !== null) await vscode.env.openExternal(vscode.Uri.parse(address, true));
}

async function offerAfterRefusal(
  surface: Surface,
  incident: Incident,
  ownBranch: boolean,
  {
    why,
    sentence,
    remote,
    branch,
  }: { why: string; sentence: string; remote: string; branch: string },
): Promise<void> {
  const asBranch = 'Push as Branch';
  const signIn = 'Sign In and Push';
  const logs = 'Show Logs';
  const offered = { protected: asBranch, credentials: signIn }[why];
  const chosen = await vscode.window.showWarningMessage(
    sentence,
    ...(offered ? [offered] : []),
    logs,
  );
  if (chosen === logs) await vscode.commands.executeCommand(commandIds.showLogs);
  if (chosen === asBranch) await vscode.commands.executeCommand(commandIds.pushBranch, incident.id);
  if (chosen !== signIn || incident.repository === null) return;
  try {
    // The editor's own Git extension can ask; what it pushed is then found there.
    const ref = `refs/heads/${branch}`;
    await (await gitRepository(incident.repository))?.push(remote, `${ref}:${ref}`, false);
    await publish(surface, incident, ownBranch);
  } catch (error) {
    void vscode.window.showErrorMessage(
      `${remote} still did not take ${branch}, and the commit is kept: ${messageOf(error)}`,
    );
  }
}

/** True where the editor's extension for GitHub's pull requests is there. */
function hasPullRequests(): boolean {
  return vscode.extensions.getExtension('GitHub.vscode-pull-request-github') !== undefined;
}

async function revert({ warRoom }: Surface, { id, proposal }: Incident): Promise<void> {
  const reason = await vscode.window.showInputBox({
    title: `Revert This Fix: ${proposal?.title ?? id}`,
    prompt: 'Why was it not the right fix? A new commit takes it back and keeps the reason.',
    placeHolder: 'for example: it leaks, so more memory only delays it',
    ignoreFocusOut: true,
  });
  if (reason === undefined) return;
  const { reverted } = await warRoom.approval.revert(id, reason);
  const push = 'Push';
  const said = `Took the fix back in commit ${reverted?.commit.slice(0, 10) ?? ''}. Push it so that it rolls out.`;
  void vscode.window.showInformationMessage(said, push).then(async (chosen) => {
    if (chosen === push) await vscode.commands.executeCommand(commandIds.push, id);
  });
}

async function diagnoseAgain(
  surface: Surface,
  { id, category }: Incident,
  show: (incident: Incident) => Promise<void>,
): Promise<void> {
  const kinds = [
    ...(category
      ? [
          {
            label: `It is not this: ${categories[category]}`,
            detail: 'The cause is ruled out, and the next best one is looked for',
            wrongCause: true,
          },
        ]
      : []),
    {
      label: 'The cause may be right, the answer is not',
      detail: 'Everything is looked at again, with what you say',
      wrongCause: false,
    },
  ];
  const kind = await vscode.window.showQuickPick(kinds, { title: 'What is not right?' });
  if (!kind) return;
  const note = await vscode.window.showInputBox({
    title: 'Diagnose Again',
    prompt: 'What do you know? It is kept with the incident, and a language model hears it.',
    placeHolder: 'for example: not this because the node was replaced at 10:00',
    ignoreFocusOut: true,
  });
  if (note === undefined) return;
  const { wrongCause } = kind;
  const useServers = vscode.workspace.isTrusted;
  const incident = await withIncidentProgress(surface, 'War Room', async ({ signal, follow }) => {
    follow(id);
    return await surface.warRoom.diagnoseAgain(id, { note, wrongCause, useServers }, signal);
  });
  await show(incident);
}
