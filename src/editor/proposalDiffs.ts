import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../base/disposables';
import { WarRoomError } from '../base/errors';
import type { Incident } from '../incident/incident';
import type { FileChange } from '../incident/proposal';
import { actionUri, isActionUri, openAction } from './actionDocument';
import { ProposalComments } from './proposalComments';
import type { ProposalFiles } from './proposalFiles';
import { parseProposalUri, proposalScheme, proposalUri } from './proposalUri';
import type { Surface } from './surface';

/** Opens and closes the diffs of proposals, and says which of them may be decided. */
export class ProposalDiffs implements vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly comments = this.owned.add(new ProposalComments());
  private watching = false;

  constructor(
    private readonly surface: Surface,
    private readonly files: ProposalFiles,
  ) {
    // What was saved is not what was typed where other things than the values were changed.
    this.owned.add(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.scheme === proposalScheme) this.files.refresh(uri);
      }),
    );
    this.owned.add(surface.warRoom.onDidChange(() => void this.update()));
    this.owned.add(
      vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
        if ([...opened, ...closed].some(isProposal)) void this.update();
      }),
    );
    void this.update();
  }

  dispose(): void {
    this.owned.dispose();
  }

  /**
   * Shows the change of an incident: for each file a native diff, left the file, right the proposal.
   * An action in the cluster is a document.
   */
  async open(incident: Incident): Promise<void> {
    const { id, proposal } = incident;
    const action = actionUri(incident);
    if (action) {
      await this.update();
      this.files.refresh(action);
      return await openAction(action);
    }
    const files = proposal?.files ?? [];
    if (!proposal || files.length === 0) {
      throw new WarRoomError('wrong-state', `${id} proposes no change of a file.`);
    }
    await this.update();
    // The first comes last, so that it is the one in front.
    for (const [index, change] of [...files.entries()].reverse()) {
      const part = files.length > 1 ? ` (${index + 1} of ${files.length})` : '';
      await this.openFile(incident, change, `${proposal.title}${part}`);
    }
  }

  private async openFile(
    { id, root, place }: Incident,
    { path: file }: FileChange,
    title: string,
  ): Promise<void> {
    const right = proposalUri(id, root, file);
    this.files.refresh(right);
    const where = [place.context, place.namespace].filter(Boolean).join('/');
    // Where the diff is open already it is shown there, not a second time beside itself.
    const viewColumn = vscode.window.tabGroups.all.find(({ tabs }) =>
      tabs.some((tab) => isDiffOf(tab, id)),
    )?.viewColumn;
    await vscode.commands.executeCommand(
      'vscode.diff',
      vscode.Uri.file(path.join(root, file)),
      right,
      `${path.basename(file)}: ${title}${where ? ` (${where})` : ''}`,
      { preview: false, viewColumn } satisfies vscode.TextDocumentShowOptions,
    );
  }

  /** The call that the person has seen of an incident's action; undefined where none was opened. */
  shownCall({ id, proposal }: Incident): string | undefined {
    return proposal?.action && this.files.shownCall(id);
  }

  /** Takes what the person typed on the right and has not saved. */
  async takeTyped({ id, root, proposal }: Incident): Promise<void> {
    for (const { path: file } of proposal?.files ?? []) {
      const uri = proposalUri(id, root, file).toString();
      const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri);
      if (document?.isDirty && !(await document.save())) {
        throw new WarRoomError(
          'values-unparsable',
          'What you typed on the right of the diff could not be taken, so nothing was changed; correct it and accept again.',
        );
      }
    }
  }

  /** Closes the diffs of an incident that is decided. */
  async close(id: string): Promise<void> {
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => isDiffOf(tab, id));
    await vscode.window.tabGroups.close(tabs);
  }

  /** The toolbar's buttons stand only where a proposal waits. */
  private async update(): Promise<void> {
    const incidents = await this.surface.warRoom.incidents().catch(() => []);
    const urisIn = (state: Incident['state']) =>
      incidents
        .filter((incident) => incident.state === state)
        .flatMap((incident) => urisOf(incident));
    const set = (key: string, value: unknown) =>
      vscode.commands.executeCommand('setContext', key, value);
    this.refreshActions();
    this.comments.show(incidents.filter(({ state }) => state === 'awaiting-approval'));
    const open = urisIn('awaiting-approval');
    const accepted = urisIn('accepted');
    if (open.length + accepted.length > 0) this.watchFiles();
    await set('warRoom.openProposals', open);
    await set('warRoom.acceptedProposals', accepted);
  }

  /** Another window may have stored another action than the open document shows. */
  private refreshActions(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === proposalScheme && isActionUri(uri)) this.files.refresh(uri);
    }
  }

  /** The left side of a diff changes on disk. A window without a proposal pays for no watcher. */
  private watchFiles(): void {
    if (this.watching) return;
    this.watching = true;
    const watcher = this.owned.add(vscode.workspace.createFileSystemWatcher('**/*.{yaml,yml}'));
    this.owned.add(watcher.onDidChange((uri) => this.fileChanged(uri)));
  }

  private fileChanged(uri: vscode.Uri): void {
    for (const { uri: open, isDirty } of vscode.workspace.textDocuments) {
      if (open.scheme !== proposalScheme || parseProposalUri(open).file !== uri.fsPath) continue;
      // A newer version on disk would keep the editor from saving what is being typed.
      if (!isDirty) this.files.refresh(open);
    }
  }
}

/** What stands for an incident's proposal: the right sides of its diffs, or the action's document. */
function urisOf(incident: Incident): string[] {
  const { id, root, proposal } = incident;
  const files = (proposal?.files ?? []).map((file) => proposalUri(id, root, file.path));
  return [...files, actionUri(incident)].flatMap((uri) => (uri ? [uri.toString()] : []));
}

/** What a tab shows of a proposal, whosever it is: the right side of a diff, or a document. */
export function shownIn(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  if (tab?.input instanceof vscode.TabInputTextDiff) return tab.input.modified;
  return tab?.input instanceof vscode.TabInputText ? tab.input.uri : undefined;
}

/** True for the diff, or the document, of a proposal. */
function isProposal(tab: vscode.Tab): boolean {
  return shownIn(tab)?.scheme === proposalScheme;
}

/** True for the diff, or the document, of an incident's proposal. */
function isDiffOf(tab: vscode.Tab, incidentId: string): boolean {
  return isProposal(tab) && shownIn(tab)?.query === incidentId;
}
