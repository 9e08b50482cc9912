import type * as vscode from 'vscode';
import type { DisposableLike } from '../../base/disposables';
import { commandIds } from '../commandIds';
import { treeItemOf } from '../treeItem';
import type { PoolFeed } from './poolFeed';
import { mergeNodes, serverNodes, type ServerNode } from './serverNodes';
import type { Translate } from './texts';

/** What the tree's view is to the tree: the view itself is there before this bundle is loaded. */
export interface TreeHandle {
  readonly view: vscode.TreeView<ServerNode>;
  /** @param node draws this one and its children anew; without it, all */
  refresh: (node?: ServerNode) => void;
}

/**
 * The servers of the pool. Only what has changed is drawn anew, and a node stays the same object:
 * while the editor draws everything anew it does not know which node a click meant.
 */
export class ServerTree implements DisposableLike {
  private nodes: readonly ServerNode[] = [];
  private watching: DisposableLike | undefined;
  private readonly following: DisposableLike[];

  constructor(
    private readonly feed: PoolFeed,
    private readonly handle: TreeHandle,
    private readonly t: Translate,
  ) {
    this.following = [
      feed.onDidChange(() => this.update()),
      handle.view.onDidChangeVisibility(() => this.watchWhileVisible()),
    ];
    this.update();
    this.watchWhileVisible();
  }

  dispose(): void {
    for (const each of this.following) each.dispose();
    this.watching?.dispose();
  }

  getChildren(node?: ServerNode): ServerNode[] {
    return [...(node ? node.children : this.nodes)];
  }

  getTreeItem(node: ServerNode): vscode.TreeItem {
    return treeItemOf(node, this.openCommand(node));
  }

  private openCommand({ incidentId, failure }: ServerNode): vscode.Command | undefined {
    const title = this.t('Open');
    if (incidentId) return { command: commandIds.openPage, title, arguments: [incidentId] };
    if (failure) return { command: commandIds.showServerFailure, title, arguments: [failure] };
    return undefined;
  }

  private update(): void {
    const status = this.feed.status();
    const { nodes, changed, isOther } = mergeNodes(
      this.nodes,
      status ? serverNodes(status, this.feed.titles, this.t) : [],
    );
    this.nodes = nodes;
    if (isOther) this.handle.refresh();
    else for (const node of changed) this.handle.refresh(node);
  }

  private watchWhileVisible(): void {
    if (this.handle.view.visible) this.watching ??= this.feed.watch();
    else {
      this.watching?.dispose();
      this.watching = undefined;
    }
  }
}
