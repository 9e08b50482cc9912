import * as vscode from 'vscode';
import type { Translate } from './pool/texts';

/** The editor's own translation, from l10n/bundle.l10n.<language>.json. */
export const translate: Translate = (message, ...values) => vscode.l10n.t(message, ...values);
