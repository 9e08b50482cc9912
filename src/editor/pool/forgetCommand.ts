import * as vscode from 'vscode';
import { oneLine } from '../../incident/leave';
import { commandIds } from '../commandIds';
import { registerCommand, type Surface } from '../surface';
import { translate as t } from '../translate';

const mostListed = 15;

/** Registers the command that takes back every "Always Allow". */
export function registerForgetCommand(surface: Surface): void {
  registerCommand(surface, commandIds.forgetAllowedServers, () => forgetAllowed(surface));
}

async function forgetAllowed({ warRoom: { servers } }: Surface): Promise<void> {
  const allowed = await servers.allowedServers();
  if (allowed.length === 0) {
    void vscode.window.showInformationMessage(
      t('No MCP server is always allowed to start, so there is nothing to forget.'),
    );
    return;
  }
  const listed = allowed.slice(0, mostListed);
  const detail = [
    ...listed.map(({ server, program }) => oneLine(`${server}: ${program}`)),
    ...(allowed.length > listed.length ? ['…'] : []),
    '',
    t(
      'Each asks again before it starts, unless warRoom.pool.autoApprove is "always". What runs now goes on until it is idle.',
    ),
  ].join('\n');
  const forget = { title: t('Forget') };
  const chosen = await vscode.window.showWarningMessage(
    t('Forget the MCP servers that are always allowed to start ({0})?', allowed.length),
    { modal: true, detail },
    forget,
  );
  if (chosen !== forget) return;
  const count = await servers.forgetAllowed();
  void vscode.window.showInformationMessage(
    t('Allowed MCP servers that were forgotten: {0}.', count),
  );
}
