import * as vscode from 'vscode';
import { commandIds } from '../commandIds';
import { registerCommand, type Surface } from '../surface';
import type { NeededValue, ServerCredentials } from './credentials';
import { translate as t } from '../translate';

/**
 * Registers the commands that set and clear the values that servers need.
 * @param neededValues what the servers of the catalogue need of a person
 */
export function registerCredentialCommands(
  surface: Pick<Surface, 'context' | 'log'>,
  credentials: ServerCredentials,
  neededValues: () => Promise<readonly NeededValue[]>,
): void {
  registerCommand(surface, commandIds.setCredentials, async () => {
    const needed = await neededValues();
    const server = await chooseServer(needed.map((each) => each.server));
    if (server) await credentials.set(needed.filter((each) => each.server === server));
  });
  registerCommand(surface, commandIds.clearCredentials, async () => {
    const server = await chooseServer(credentials.servers());
    if (!server) return;
    await credentials.clear(server);
    vscode.window.setStatusBarMessage(t('The values for {0} were removed.', server), 5000);
  });
}

async function chooseServer(names: readonly string[]): Promise<string | undefined> {
  const servers = [...new Set(names)].sort();
  if (servers.length === 0) {
    void vscode.window.showInformationMessage(t('No MCP server has values to give or to remove.'));
    return undefined;
  }
  return await vscode.window.showQuickPick(servers, { title: t('Which server?') });
}
