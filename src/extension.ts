import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExtensionContext } from 'vscode';

/**
 * All extensions that start with the editor are loaded in one turn of its event loop, while the
 * person waits. War Room takes its own turn after theirs: nothing is loaded here, and everything
 * belongs into `openWindow`. Who needs something of ours before that (a command, a view, a diff
 * that was left open) is held by VS Code until this is fulfilled.
 */
export async function activate(context: ExtensionContext): Promise<void> {
  await nextTurn();
  const { openWindow } = await import('./editor/window');
  openWindow(context);
}
