import path from 'node:path';
import * as vscode from 'vscode';

/** Scheme of the right side of a proposal's diff. */
export const proposalScheme = 'war-room';

/** The proposed text of a file: its real path, so that language and icon fit, and the incident's id. */
export function proposalUri(incidentId: string, root: string, file: string): vscode.Uri {
  return vscode.Uri.file(path.join(root, file)).with({
    scheme: proposalScheme,
    query: incidentId,
  });
}

/** The incident and the absolute path that a proposal's uri stands for. */
export function parseProposalUri(uri: vscode.Uri): { incidentId: string; file: string } {
  return { incidentId: uri.query, file: uri.with({ scheme: 'file', query: '' }).fsPath };
}
