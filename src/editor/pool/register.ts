import * as vscode from 'vscode';
import { Emitter } from '../../base/emitter';
import { messageOf } from '../../base/errors';
import { registerCommand, type Surface } from '../surface';
import type { PoolFace } from './face';
import { poolCommands } from './poolCommands';
import type { PoolViews } from './poolViews';
import type { ServerNode } from './serverNodes';

/**
 * Announces the views of the pool to the editor. What they show is a bundle of its own, loaded when
 * the first of them is looked at, or when this window gets a pool.
 */
export function registerPool(surface: Surface, face: PoolFace): void {
  const { context, log } = surface;
  const treeChanges = new Emitter<ServerNode | undefined>();
  const documentChanges = new Emitter<vscode.Uri>();
  let loading: Promise<PoolViews> | undefined;
  const load = (): Promise<PoolViews> => {
    loading ??= import('./poolViews').then(
      ({ PoolViews: Views }) =>
        new Views(surface, face, {
          tree: { view, refresh: (node) => treeChanges.fire(node) },
          documentChanged: (uri) => documentChanges.fire(uri),
        }),
    );
    return loading;
  };

  const view: vscode.TreeView<ServerNode> = vscode.window.createTreeView<ServerNode>(
    'warRoom.servers',
    {
      treeDataProvider: {
        onDidChangeTreeData: treeChanges.event,
        getChildren: async (node) => (await load()).tree.getChildren(node),
        getTreeItem: async (node) => (await load()).tree.getTreeItem(node),
      },
    },
  );
  for (const id of poolCommands) {
    registerCommand(surface, id, async (given) => await (await load()).run(id, given));
  }
  context.subscriptions.push(
    view,
    vscode.window.registerWebviewViewProvider('warRoom.poolMonitor', {
      resolveWebviewView: async (shown) => (await load()).monitor.resolve(shown),
    }),
    vscode.workspace.registerTextDocumentContentProvider('war-room-pool', {
      onDidChange: documentChanges.event,
      provideTextDocumentContent: async (uri) => await (await load()).documents.provide(uri),
    }),
    face.onDidChangePool(() => {
      load().catch((error: unknown) => {
        log.error(`The views of the pool could not be loaded: ${messageOf(error)}`);
      });
    }),
    { dispose: () => void loading?.then((views) => views.dispose()) },
  );
}
