import * as vscode from 'vscode';
import type { Log } from '../base/log';

/** The one output channel of the extension, as the engine's log. */
export function logChannel(): { channel: vscode.LogOutputChannel; log: Log } {
  const channel = vscode.window.createOutputChannel('War Room', { log: true });
  return { channel, log: channel };
}
