import * as vscode from 'vscode';
import { WarRoomError } from '../base/errors';

/**
 * In a workspace that is not trusted, nothing is read but the selection.
 * @throws code `untrusted-workspace`
 */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new WarRoomError(
    'untrusted-workspace',
    'This workspace is not trusted, so War Room reads only what you select; trust it to diagnose files.',
  );
}
