import * as vscode from 'vscode';
import { commandIds } from '../commandIds';
import { registerCommand, type Surface } from '../surface';
import { translate as t } from '../translate';

/** A key is the person's, not a workspace's. */
const secretName = 'warRoom.model/anthropic';

/** The kept key of the Anthropic API, else that of the environment. */
export async function anthropicKey(secrets: vscode.SecretStorage): Promise<string | undefined> {
  return (await secrets.get(secretName)) ?? (process.env['ANTHROPIC_API_KEY'] || undefined);
}

/** Registers the commands that keep and remove the key of the Anthropic API. */
export function registerKeyCommands(surface: Pick<Surface, 'context' | 'log'>): void {
  const { secrets } = surface.context;
  registerCommand(surface, commandIds.setAnthropicKey, async () => {
    const key = await vscode.window.showInputBox({
      title: t('Key of the Anthropic API'),
      prompt: t('Kept in the secret storage of the editor. Nothing is sent by keeping it.'),
      password: true,
      ignoreFocusOut: true,
      validateInput: formError,
    });
    if (!key) return;
    await secrets.store(secretName, key.trim());
    vscode.window.setStatusBarMessage(t('The key of the Anthropic API was kept.'), 5000);
  });
  registerCommand(surface, commandIds.clearAnthropicKey, async () => {
    await secrets.delete(secretName);
    vscode.window.setStatusBarMessage(t('The key of the Anthropic API was removed.'), 5000);
  });
}

function formError(given: string): string | undefined {
  return /^\s*sk-ant-[\w-]{20,}\s*$/.test(given)
    ? undefined
    : t('A key of the Anthropic API begins with sk-ant- and holds letters, digits, - and _.');
}
