import * as vscode from 'vscode';
import { messageOf } from '../base/errors';
import { registerApprovalCommands } from './approvalCommands';
import { registerPublishCommands } from './approvalPublish';
import { registerChat } from './chat/register';
import { commandIds } from './commandIds';
import { registerDiagnoseCommands } from './diagnoseCommands';
import { editorHost } from './host';
import { registerIncidentCommands } from './incidentCommands';
import { IncidentTree } from './incidentTree';
import { logChannel } from './logChannel';
import { registerKeyCommands } from './model/anthropicKey';
import { PagePanel } from './pagePanel';
import { registerCredentialCommands } from './pool/credentialCommands';
import { ServerCredentials } from './pool/credentials';
import { registerForgetCommand } from './pool/forgetCommand';
import { registerLeaveCommand } from './pool/leaveCommand';
import { offerMcpServers } from './pool/mcpServers';
import { registerPool } from './pool/register';
import { ProposalDiffs } from './proposalDiffs';
import { ProposalFiles } from './proposalFiles';
import { ReadOnlyTexts } from './readOnlyTexts';
import { registerRolloutCommands } from './rolloutCommands';
import { watchRepository } from './watchRepository';
import { incidentIdOf, registerCommand, type Surface } from './surface';
import type { Incident } from '../incident/incident';
import { WarRoom } from '../warRoom';

/**
 * Builds the one War Room of this window and its surfaces, all owned by the context. Every window
 * pays for this, so nothing heavy is loaded here: what is shown on request only is another bundle.
 */
export function openWindow(context: vscode.ExtensionContext): void {
  const { channel, log } = logChannel();
  const credentials = new ServerCredentials(context);
  const warRoom = new WarRoom(editorHost(context, log, credentials));
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
      await panel.show(incident, vscode.ViewColumn.Beside);
    } else {
      await panel.show(incident, vscode.ViewColumn.Active);
    }
    await tree.reveal(incident.id);
    // It comes back here with the result.
    if (incident.state === 'awaiting-leave') {
      await vscode.commands.executeCommand(commandIds.answerLeave, incident.id);
    }
  };
  registerDiagnoseCommands(surface, show);
  registerApprovalCommands(surface, diffs);
  registerPublishCommands(surface, show);
  registerIncidentCommands(surface, { channel, panel, texts });
  registerRolloutCommands(surface);
  registerLeaveCommand(surface, show);
  registerForgetCommand(surface);
  registerCommand(surface, commandIds.findServers, async (given) => {
    const { findServers } = await import('./pool/findServers');
    await findServers(surface, incidentIdOf(given));
  });
  registerPool(surface, warRoom.servers);
  registerCredentialCommands(surface, credentials, () => warRoom.servers.neededValues());
  offerMcpServers(context, warRoom.servers);
  registerKeyCommands(surface);
  registerChat(surface);

  if (vscode.workspace.isTrusted) {
    warRoom.rollouts.follow();
    warRoom.resumeInterrupted().catch((error: unknown) => {
      log.warn(`What was interrupted could not be resumed: ${messageOf(error)}`);
    });
  }
}
