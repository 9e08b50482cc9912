import * as vscode from 'vscode';
import type { ModelHost } from '../../host';
import { anthropicKey } from './anthropicKey';
import { mayAsk } from './notice';

/** The language models of this editor; what speaks to them is loaded with the first request. */
export function editorModels({
  secrets,
  workspaceState,
}: Pick<vscode.ExtensionContext, 'secrets' | 'workspaceState'>): ModelHost {
  return {
    anthropicKey: () => anthropicKey(secrets),
    editorModel: async (signal) => {
      const { chosenModel } = await import('./editorModel');
      const wanted = vscode.workspace.getConfiguration('warRoom').get('model.editorModel', '');
      return await chosenModel(wanted, signal);
    },
    mayAsk: (model, signal) => mayAsk(workspaceState, model, signal),
  };
}
