import * as vscode from 'vscode';
import type { Log } from '../base/log';
import type { WarRoom } from '../warRoom';
import type { CommandId } from './commandIds';
import { showError } from './showError';

/** What every part of the editor's surface works with. */
export interface Surface {
  warRoom: WarRoom;
  log: Log;
  context: vscode.ExtensionContext;
}

/** Registers a command whose failure a person sees, in one sentence with a button. */
export function registerCommand(
  { context, log }: Pick<Surface, 'context' | 'log'>,
  id: CommandId,
  run: (...given: unknown[]) => Promise<void>,
): void {
  context.subscriptions.push(
    vscode.commands.registerCommand(id, async (...given: unknown[]) => {
      try {
        await run(...given);
      } catch (error) {
        // Not awaited: the command has ended, the message stays until it is read.
        void showError(log, error);
      }
    }),
  );
}

/** The incident that a command was called for: an id, a tree node, or the right side of a diff. */
export function incidentIdOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (given instanceof vscode.Uri) return given.scheme === 'war-room' ? given.query : undefined;
  if (typeof given === 'object' && given !== null && 'incidentId' in given) {
    return typeof given.incidentId === 'string' ? given.incidentId : undefined;
  }
  return undefined;
}
