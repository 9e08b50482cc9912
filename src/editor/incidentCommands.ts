import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Citation } from '../incident/evidence';
import type { Incident } from '../incident/incident';
import { pageMarkdown, pageOf } from '../incident/page';
import { commandIds } from './commandIds';
import type { PagePanel } from './pagePanel';
import type { ReadOnlyTexts } from './readOnlyTexts';
import { incidentIdOf, registerCommand, type Surface } from './surface';

/** What a person does with an incident besides deciding it, and what error messages offer. */
export function registerIncidentCommands(
  surface: Surface,
  {
    channel,
    panel,
    texts,
  }: { channel: vscode.LogOutputChannel; panel: PagePanel; texts: ReadOnlyTexts },
): void {
  const { warRoom } = surface;
  const on = (
    id: (typeof commandIds)[keyof typeof commandIds],
    run: (incident: Incident, ...rest: unknown[]) => Promise<void> | void,
  ) =>
    registerCommand(surface, id, async (given, ...rest) => {
      const incident = await incidentFor(surface, given);
      if (incident) await run(incident, ...rest);
    });

  on(commandIds.openPage, async (incident) => {
    await panel.show(incident, vscode.ViewColumn.Active);
  });
  on(commandIds.openCitation, async ({ id }, citation) => {
    if (isCitation(citation)) await texts.openCitation(id, citation);
  });
  on(commandIds.cancel, ({ id }) => warRoom.cancel(id));
  on(commandIds.copyMarkdown, async (incident) => {
    await vscode.env.clipboard.writeText(pageMarkdown(pageOf(incident)));
    vscode.window.setStatusBarMessage('$(clippy) Copied as Markdown', 3000);
  });
  on(commandIds.showCommit, async ({ id, commit }) => {
    if (commit !== null) await texts.openCommit(id, commit);
  });
  registerCommand(surface, commandIds.copyText, async (text) => {
    if (typeof text !== 'string') return;
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage('$(clippy) Copied', 3000);
  });
  registerCommand(surface, commandIds.showLogs, () => Promise.resolve(channel.show()));
  registerCommand(surface, commandIds.setIdentity, () => setIdentity(surface));
  registerCommand(surface, commandIds.resolveMerge, async () => {
    await vscode.commands.executeCommand('workbench.view.scm');
  });
  registerCommand(surface, commandIds.chooseRepository, chooseRepository);
  registerCommand(surface, commandIds.trySample, () => openSample(surface));
  registerCommand(surface, commandIds.clearStored, () => clearStored(surface));
}

async function incidentFor({ warRoom }: Surface, given: unknown): Promise<Incident | undefined> {
  const id = incidentIdOf(given);
  if (id !== undefined) return await warRoom.incident(id);
  const incidents = await warRoom.incidents();
  const chosen = await vscode.window.showQuickPick(
    incidents.map((incident) => ({ label: pageOf(incident).title, detail: incident.id, incident })),
    { title: 'Which incident?' },
  );
  return chosen?.incident;
}

function isCitation(value: unknown): value is Citation {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    typeof value.source === 'string' &&
    'line' in value &&
    typeof value.line === 'number'
  );
}

/** Tells git who commits, for this repository alone. */
async function setIdentity({ warRoom }: Surface): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: 'Who commits? (1/2)',
    prompt: 'Your name, as git writes it into commits of this repository',
    ignoreFocusOut: true,
  });
  if (!name) return;
  const email = await vscode.window.showInputBox({
    title: 'Who commits? (2/2)',
    prompt: 'Your e-mail address',
    ignoreFocusOut: true,
  });
  if (email) await warRoom.approval.setIdentity(name, email);
}

/** Adds the repository that holds the Helm values to the workspace. */
async function chooseRepository(): Promise<void> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: 'Use This Repository',
      title: 'Choose the repository that holds the Helm values',
    })) ?? [];
  if (folder) {
    vscode.workspace.updateWorkspaceFolders(vscode.workspace.workspaceFolders?.length ?? 0, 0, {
      uri: folder,
    });
  }
}

/** Opens a copy of the bundled repository, so that a first try changes nothing of the person's. */
async function openSample({ warRoom, context }: Surface): Promise<void> {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'war-room-sample-')), 'sample');
  await cp(path.join(context.extensionPath, 'media', 'sample'), folder, { recursive: true });
  await warRoom.beginRepository(folder);
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), {
    forceNewWindow: false,
  });
}

async function clearStored({ warRoom }: Surface): Promise<void> {
  const clear = 'Clear';
  const chosen = await vscode.window.showWarningMessage(
    'Remove every stored incident of this repository, also those that wait for you? What was committed stays.',
    { modal: true },
    clear,
  );
  if (chosen !== clear) return;
  const kept = await warRoom.clearStored();
  if (kept === 0) return;
  void vscode.window.showInformationMessage(
    `${kept === 1 ? 'One incident is' : `${kept} incidents are`} worked on right now and stayed; clear again when that is done.`,
  );
}
