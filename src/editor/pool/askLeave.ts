import * as vscode from 'vscode';
import type { LeaveAnswer, LeaveRequest } from '../../incident/leave';
import { leaveText } from './leaveText';
import { translate } from '../translate';

/**
 * Asks whether a program that was never run here may start, in a modal message. Whoever closes it
 * has said no.
 */
export async function askLeave(request: LeaveRequest): Promise<LeaveAnswer> {
  const { message, detail } = leaveText(request, translate);
  const once = { title: translate('Allow Once') };
  const always = { title: translate('Always Allow') };
  const no = { title: translate('Not Now'), isCloseAffordance: true };
  const chosen = await vscode.window.showWarningMessage(
    message,
    { modal: true, detail },
    once,
    always,
    no,
  );
  if (chosen === always) return 'always';
  return chosen === once ? 'once' : 'no';
}
