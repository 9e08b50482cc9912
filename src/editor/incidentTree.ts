import * as vscode from 'vscode';
import { Emitter } from '../base/emitter';
import { messageOf } from '../base/errors';
import { commandIds } from './commandIds';
import type { Surface } from './surface';
import { treeItemOf } from './treeItem';
import { treeOf, waitingCount, type ListedIncident, type TreeNode } from './treeNodes';

const refreshDelayMs = 150;
/** Ages change, and a process that died in the middle of a commit tells nobody. */
const lookAgainMs = 30_000;

/** The tree of incidents with their live state, and the badge for those that wait. */
export class IncidentTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changes = new Emitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly owned: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly surface: Surface) {
    this.view = vscode.window.createTreeView('warRoom.incidents', { treeDataProvider: this });
    const look = setInterval(() => this.view.visible && this.changes.fire(undefined), lookAgainMs);
    this.owned = [
      this.view,
      this.changes,
      surface.warRoom.onDidChange(() => this.refreshSoon()),
      { dispose: () => clearInterval(look) },
      { dispose: () => clearTimeout(this.timer) },
    ];
  }

  dispose(): void {
    for (const each of this.owned) each.dispose();
  }

  /** Shows an incident with what is beneath it; only where the tree is already in view. */
  async reveal(id: string): Promise<void> {
    if (!this.view.visible) return;
    const node = (await this.getChildren()).find((each) => each.id === id);
    if (!node) return;
    try {
      await this.view.reveal(node, { expand: true, select: true, focus: false });
    } catch (error) {
      // A refresh at the same moment makes the editor forget the node; nothing is lost by that.
      this.surface.log.debug(`${id} was not revealed: ${messageOf(error)}`);
    }
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return treeItemOf(node, openCommand(node));
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node) return [...node.children];
    try {
      const incidents = await this.listed();
      const waiting = waitingCount(incidents);
      this.view.badge =
        waiting === 0
          ? undefined
          : {
              value: waiting,
              tooltip:
                waiting === 1 ? '1 incident waits for you' : `${waiting} incidents wait for you`,
            };
      return treeOf(incidents, Date.now());
    } catch (error) {
      this.surface.log.error(`The incidents could not be listed: ${messageOf(error)}`);
      this.view.message = 'The incidents could not be read; "War Room: Show Logs" says why.';
      return [];
    }
  }

  private async listed(): Promise<ListedIncident[]> {
    const { warRoom } = this.surface;
    return await Promise.all(
      (await warRoom.incidents()).map(async (incident) => ({
        incident,
        interrupted: await warRoom.approval.isInterrupted(incident),
      })),
    );
  }

  /** Many changes at once are one refresh. */
  private refreshSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.changes.fire(undefined);
    }, refreshDelayMs);
  }
}

function openCommand({ kind, incidentId, citation }: TreeNode): vscode.Command | undefined {
  const command = (id: string, title: string, ...given: unknown[]) => ({
    command: id,
    title,
    arguments: given,
  });
  switch (kind) {
    case 'incident':
    case 'cause':
      return command(commandIds.openPage, 'Open', incidentId);
    case 'citation':
      return command(commandIds.openCitation, 'Show Line', incidentId, citation);
    case 'proposal':
      return command(commandIds.openProposal, 'Show Change', incidentId);
    case 'commit':
      return command(commandIds.showCommit, 'Show Commit', incidentId);
    case 'evidence':
    case 'note':
      return undefined;
  }
}
