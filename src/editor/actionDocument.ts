import * as vscode from 'vscode';
import type { Incident } from '../incident/incident';
import { parseProposalUri, proposalUri } from './proposalUri';

/** Name of the document that stands for an action in the cluster, in place of a diff. */
const documentName = 'cluster-action.md';

/** The read-only document of an incident's action; undefined where files are changed. */
export function actionUri({ id, root, proposal }: Incident): vscode.Uri | undefined {
  return proposal?.action && proposalUri(id, root, documentName);
}

/** True for the uri of such a document. */
export function isActionUri(uri: vscode.Uri): boolean {
  return parseProposalUri(uri).file.endsWith(documentName);
}

/** Opens the document where it is not open already. */
export async function openAction(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(uri, { preview: false });
}
