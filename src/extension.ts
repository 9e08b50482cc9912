import * as vscode from 'vscode';
import { messageOf } from './base/errors';
import { registerApprovalCommands } from './editor/approvalCommands';
import { registerDiagnoseCommands } from './editor/diagnoseCommands';
import { editorHost } from './editor/host';
import { registerIncidentCommands } from './editor/incidentCommands';
import { IncidentTree } from './editor/incidentTree';
import { logChannel } from './editor/logChannel';
import { PagePanel } from './editor/pagePanel';
import { ProposalDiffs } from './editor/proposalDiffs';
import { ProposalFiles } from './editor/proposalFiles';
import { ReadOnlyTexts } from './editor/readOnlyTexts';
import { watchRepository } from './editor/watchRepository';
import type { Surface } from './editor/surface';
import type { Incident } from './incident/incident';
import { WarRoom } from './warRoom';

/** Builds the one War Room of this window and its surfaces. Nothing heavy is loaded here. */
export function activate(context: vscode.ExtensionContext): void {
  const { channel, log } = logChannel();
  const warRoom = new WarRoom(editorHost(context, log));
  const surface: Surface = { warRoom, log, context };
  const files = new ProposalFiles(surface);
  const diffs = new ProposalDiffs(surface, files);
  const panel = new PagePanel(surface);
  const texts = new ReadOnlyTexts(surface);
  const tree = new IncidentTree(surface);
  context.subscriptions.push(
    channel,
    warRoom,
    files,
    diffs,
    panel,
    texts,
    tree,
    watchRepository(surface),
  );

  const show = async (incident: Incident) => {
    if (incident.proposal && incident.state === 'awaiting-approval') {
      await diffs.open(incident);
      panel.show(incident, vscode.ViewColumn.Beside);
    } else {
      panel.show(incident, vscode.ViewColumn.Active);
    }
    await tree.reveal(incident.id);
  };
  registerDiagnoseCommands(surface, show);
  registerApprovalCommands(surface, diffs);
  registerIncidentCommands(surface, { channel, panel, texts });

  if (vscode.workspace.isTrusted) {
    warRoom.resumeInterrupted().catch((error: unknown) => {
      log.warn(`What was interrupted could not be resumed: ${messageOf(error)}`);
    });
  }
}
