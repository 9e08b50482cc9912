import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';

describe('the editor under test', () => {
  it('opens the sample repository with git at hand', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder, 'a folder is open');
    const git = vscode.extensions.getExtension<GitExtension>('vscode.git');
    const api = (await git?.activate())?.getAPI(1);
    const repository = await api?.openRepository(folder.uri);
    assert.equal(repository?.rootUri.fsPath, folder.uri.fsPath);
  });

  it('has War Room installed', () => {
    const extension = vscode.extensions.getExtension('war-room.war-room');
    assert.equal(extension?.extensionPath, join(__dirname, '..', '..', '..'));
  });
});

/** The part of the git extension's API that is used here. */
interface GitExtension {
  getAPI(version: 1): {
    openRepository(root: vscode.Uri): Promise<{ readonly rootUri: vscode.Uri } | null>;
  };
}
