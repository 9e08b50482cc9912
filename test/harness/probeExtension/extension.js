const vscode = require('vscode');
const { registerModel } = require('./model');

/** The smallest editable file system: one proposal in memory for each path. */
class Proposals {
  #files = new Map();
  #changed = new vscode.EventEmitter();
  onDidChangeFile = this.#changed.event;
  watch() {
    return { dispose() {} };
  }
  stat(uri) {
    const size = this.readFile(uri).byteLength;
    return { type: vscode.FileType.File, ctime: 0, mtime: Date.now(), size };
  }
  readFile(uri) {
    const bytes = this.#files.get(uri.path);
    if (!bytes) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return bytes;
  }
  writeFile(uri, bytes) {
    this.#files.set(uri.path, bytes);
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }
  readDirectory() {
    return [];
  }
  createDirectory() {}
  delete() {}
  rename() {}
}

/** A tree of one branch with one leaf, empty until something is proposed. */
class Items {
  #changed = new vscode.EventEmitter();
  #proposed = false;
  onDidChangeTreeData = this.#changed.event;
  propose() {
    this.#proposed = true;
    this.#changed.fire(undefined);
  }
  getTreeItem(element) {
    return element;
  }
  getChildren(element) {
    if (!this.#proposed) {
      return [];
    }
    if (element) {
      const leaf = new vscode.TreeItem('leaf');
      leaf.contextValue = 'leaf';
      leaf.description = 'of the branch';
      return [leaf];
    }
    return [new vscode.TreeItem('branch', vscode.TreeItemCollapsibleState.Collapsed)];
  }
}

function activate(context) {
  registerModel(context);
  const proposals = new Proposals();
  const items = new Items();
  const status = vscode.window.createStatusBarItem('probe.status', vscode.StatusBarAlignment.Left);
  status.name = 'Probe';
  status.text = '$(beaker) probe ready';
  status.show();
  const view = vscode.window.createTreeView('probe.items', { treeDataProvider: items });
  const command = (id, run) => vscode.commands.registerCommand(id, run);
  context.subscriptions.push(
    status,
    vscode.workspace.registerFileSystemProvider('probe', proposals),
    view,
    command('probe.propose', async () => {
      const file = vscode.window.activeTextEditor.document.uri;
      const proposal = file.with({ scheme: 'probe', query: 'id=1' });
      const text = Buffer.from(await vscode.workspace.fs.readFile(file)).toString();
      const changed = text.replace('memory: 128Mi', 'memory: 256Mi');
      proposals.writeFile(proposal, Buffer.from(changed));
      items.propose();
      view.badge = { value: 1, tooltip: 'One proposal' };
      await vscode.commands.executeCommand('vscode.diff', file, proposal, 'Probe: proposal');
    }),
    command('probe.accept', async (proposal) => {
      const document = await vscode.workspace.openTextDocument(proposal);
      const file = proposal.with({ scheme: 'file', query: '' });
      await vscode.workspace.fs.writeFile(file, Buffer.from(document.getText()));
      void vscode.window.showInformationMessage('Probe accepted.');
    }),
    command('probe.ask', async () => {
      const answer = await vscode.window.showWarningMessage('Probe asks.', 'Yes', 'No');
      status.text = `$(beaker) probe heard ${answer}`;
    }),
    command('probe.confirm', async () => {
      const answer = await vscode.window.showWarningMessage('Really?', { modal: true }, 'Really');
      status.text = `$(beaker) probe confirmed ${answer}`;
    }),
    command('probe.pick', async () => {
      const picked = await vscode.window.showQuickPick(['first', 'second'], {
        title: 'Which one?',
      });
      const why = await vscode.window.showInputBox({ prompt: 'Why?' });
      status.text = `$(beaker) probe picked ${picked} ${why}`;
    }),
    command('probe.inspect', (item) => {
      status.text = `$(beaker) probe inspected ${item.label}`;
    }),
    command('probe.refresh', () => {
      status.text = '$(beaker) probe refreshed';
    }),
  );
}

module.exports = { activate };
