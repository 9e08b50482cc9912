import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';

const values = 'helm-values/grafana/values.yaml';

/** The right side of a proposal's diff, through the editor's own file system. */
describe('a proposal as a document', () => {
  let uri: vscode.Uri;

  before(async function () {
    this.timeout(180_000);
    const root = workspaceRoot();
    const log = await vscode.workspace.openTextDocument(join(root, 'logs', 'grafana-oom.log'));
    const editor = await vscode.window.showTextDocument(log);
    editor.selection = new vscode.Selection(0, 0, log.lineCount, 0);
    await vscode.commands.executeCommand('warRoom.diagnoseSelection');
    uri = await waitFor('the diff', () => proposalTab()?.modified);
  });

  it('is the file of today with the proposed values', async () => {
    const proposed = await vscode.workspace.fs.readFile(uri);
    const today = await readFile(join(workspaceRoot(), values), 'utf8');
    assert.equal(
      Buffer.from(proposed).toString('utf8'),
      today.replace('512Mi  #', '1024Mi  #').replace('memory: 256Mi\n', 'memory: 512Mi\n'),
    );
    assert.equal((await vscode.workspace.fs.stat(uri)).size, proposed.byteLength);
  });

  it('is compared with the file, as YAML, under a title that says what and where', () => {
    const tab = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(({ input }) => input instanceof vscode.TabInputTextDiff);
    assert.match(tab?.label ?? '', /^values\.yaml: .*1024Mi.*\(monitoring\)$/);
    assert.equal(proposalTab()?.original.fsPath, join(workspaceRoot(), values));
    const document = vscode.workspace.textDocuments.find(
      (each) => each.uri.toString() === uri.toString(),
    );
    assert.equal(document?.languageId, 'yaml');
  });

  it('takes a value that is typed, and nothing else', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    const text = document.getText();
    const edit = new vscode.WorkspaceEdit();
    const limit = text.indexOf('1024Mi');
    const range = (from: number, length: number) =>
      new vscode.Range(document.positionAt(from), document.positionAt(from + length));
    edit.replace(uri, range(limit, '1024Mi'.length), '1536Mi');
    edit.replace(uri, range(text.indexOf('10Gi'), '10Gi'.length), '99Gi');
    await vscode.workspace.applyEdit(edit);
    assert.ok(await document.save());
    const proposed = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
    assert.ok(proposed.includes('memory: 1536Mi  # raised'));
    assert.ok(proposed.includes('size: 10Gi'));
    const today = await readFile(join(workspaceRoot(), values), 'utf8');
    assert.ok(today.includes('memory: 512Mi  # raised'));
  });

  it('cannot be deleted, renamed or listed', async () => {
    const { fs } = vscode.workspace;
    await assert.rejects(async () => fs.delete(uri));
    await assert.rejects(async () => fs.rename(uri, uri.with({ path: `${uri.path}.old` })));
    await assert.rejects(async () => fs.readDirectory(uri));
  });

  it('of an incident that is not there is an error', async () => {
    const gone = uri.with({ query: 'incident-20200101000000' });
    await assert.rejects(async () => vscode.workspace.fs.readFile(gone));
  });
});

function workspaceRoot(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return folder.uri.fsPath;
}

function proposalTab(): vscode.TabInputTextDiff | undefined {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .map(({ input }) => input)
    .find(
      (input): input is vscode.TabInputTextDiff =>
        input instanceof vscode.TabInputTextDiff && input.modified.scheme === 'war-room',
    );
}

async function waitFor<T>(what: string, look: () => T | undefined): Promise<T> {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited in vain for ${what}.`);
}
