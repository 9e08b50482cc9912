import * as vscode from 'vscode';
import { describeError, type ErrorCode } from '../base/errors';
import type { Log } from '../base/log';
import { commandIds } from './commandIds';

interface Button {
  label: string;
  /** A command of ours or of the editor. */
  command: string;
  arguments?: readonly unknown[];
}

const showLogs: Button = { label: 'Show Logs', command: commandIds.showLogs };
const sourceControl: Button = { label: 'Open Source Control', command: 'workbench.view.scm' };
const chooseRepository: Button = {
  label: 'Choose Repository…',
  command: commandIds.chooseRepository,
};
const diagnoseFile: Button = { label: 'Diagnose a File…', command: commandIds.diagnoseFile };
const undoAccept: Button = { label: 'Undo Accept', command: commandIds.undoAccept };
const save: Button = { label: 'Save All', command: 'workbench.action.files.saveAll' };
const manageTrust: Button = { label: 'Manage Trust', command: 'workbench.trust.manage' };

/** What a person is offered with each class of error. */
const buttons: Partial<Record<ErrorCode, readonly Button[]>> = {
  'empty-log': [diagnoseFile],
  'binary-log': [diagnoseFile],
  'unreadable-log': [diagnoseFile],
  'no-repository': [chooseRepository],
  'file-dirty': [save],
  'merge-in-progress': [{ label: 'Resolve Merge', command: commandIds.resolveMerge }],
  'detached-head': [{ label: 'Create Branch…', command: 'git.branch' }],
  'identity-missing': [{ label: 'Set Identity', command: commandIds.setIdentity }],
  'hook-failed': [showLogs, undoAccept],
  'git-failed': [showLogs, sourceControl],
  'signing-failed': [showLogs, undoAccept],
  'revert-conflict': [sourceControl],
  'untrusted-workspace': [manageTrust],
  cancelled: [],
};

/** Tells a person what went wrong, in one sentence with its button; the whole error goes to the log. */
export async function showError(log: Log, error: unknown): Promise<void> {
  const { code, message } = describeError(error);
  if (code === 'cancelled') {
    log.info(message);
    return;
  }
  log.error(error instanceof Error ? (error.stack ?? message) : message);
  const offered = buttons[code] ?? [showLogs];
  const chosen = await vscode.window.showErrorMessage(
    message,
    ...offered.map(({ label }) => label),
  );
  const button = offered.find(({ label }) => label === chosen);
  if (button) await vscode.commands.executeCommand(button.command, ...(button.arguments ?? []));
}
