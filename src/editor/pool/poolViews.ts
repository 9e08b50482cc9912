import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposables';
import { titleOf } from '../../incident/page';
import type { FailedServer, ServerStatus } from '../../pool/status';
import { commandIds } from '../commandIds';
import type { Surface } from '../surface';
import type { PoolFace } from './face';
import { MonitorView } from './monitorView';
import { PoolDocuments } from './poolDocuments';
import type { PoolCommandId, ServerCommandId } from './poolCommands';
import { PoolFeed } from './poolFeed';
import { ServerTree, type TreeHandle } from './serverTree';
import { StatusItem } from './statusItem';
import { serverFacts } from './texts';
import { translate } from '../translate';

/** Ways of the views to speak to what was registered before they were loaded. */
export interface PoolHandles {
  tree: TreeHandle;
  /** A document of the pool has another text. */
  documentChanged: (uri: vscode.Uri) => void;
}

/** Everything that shows the pool; loaded when the first of it is looked at, or with the pool. */
export class PoolViews {
  readonly tree: ServerTree;
  readonly monitor: MonitorView;
  readonly documents: PoolDocuments;
  private readonly feed: PoolFeed;
  private readonly owned = new DisposableStore();
  private engine = '';
  private readonly t = translate;

  constructor(
    { warRoom, context }: Pick<Surface, 'warRoom' | 'context'>,
    private readonly face: PoolFace,
    { tree, documentChanged }: PoolHandles,
  ) {
    const { t, owned } = this;
    const feed = new PoolFeed(face, async (id) => titleOf(await warRoom.incident(id)));
    this.feed = owned.add(feed);
    this.tree = owned.add(new ServerTree(feed, tree, t));
    this.monitor = owned.add(new MonitorView(feed, context.extensionUri, t));
    this.documents = owned.add(new PoolDocuments(feed, documentChanged, t));
    owned.add(new StatusItem(feed, t));
    owned.add(feed.onDidChange(() => this.setContext()));
    this.setContext();
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Does a command of the pool. @param given a tree node, a card of the monitor, or a server's id */
  async run(id: PoolCommandId, given: unknown): Promise<void> {
    switch (id) {
      case commandIds.showPoolStatus:
        return await this.documents.showStatus();
      case commandIds.showPoolMonitor:
        await vscode.commands.executeCommand('warRoom.poolMonitor.focus');
        return;
      case commandIds.openPoolSettings:
        await vscode.commands.executeCommand('workbench.action.openSettings', 'warRoom.pool');
        return;
      case commandIds.showServerFailure:
        if (isFailure(given)) await this.documents.showFailure(given);
        return;
      default: {
        const server = await this.serverFor(given);
        if (server) await this.runOn(id, server);
      }
    }
  }

  private async runOn(id: ServerCommandId, { id: server, server: name }: ServerStatus) {
    const { face, documents } = this;
    switch (id) {
      case commandIds.stopServer:
        return face.stopServer(server);
      case commandIds.restartServer:
        return face.restartServer(server);
      case commandIds.pinServer:
        return face.pinServer(server, true);
      case commandIds.unpinServer:
        return face.pinServer(server, false);
      case commandIds.showServerLog:
        return await documents.showLog(server, name);
      case commandIds.inspectServer:
        return await documents.showInspection(server, name);
    }
  }

  /** The server that is meant; asked for where a command comes from the palette. */
  private async serverFor(given: unknown): Promise<ServerStatus | undefined> {
    const { t } = this;
    const servers = this.feed.status()?.servers ?? [];
    const id = serverIdOf(given);
    if (id !== undefined) return servers.find((server) => server.id === id);
    if (servers.length === 0) {
      void vscode.window.showInformationMessage(t('No server runs.'));
      return undefined;
    }
    const chosen = await vscode.window.showQuickPick(
      servers.map((server) => ({
        label: server.server,
        description: serverFacts(server, t).join(' · '),
        server,
      })),
      { title: t('Which server?') },
    );
    return chosen?.server;
  }

  /** What the welcome text of an empty tree depends on. */
  private setContext(): void {
    const state = this.feed.status()?.engine.state ?? 'unknown';
    if (state === this.engine) return;
    this.engine = state;
    void vscode.commands.executeCommand('setContext', 'warRoom.engine', state);
  }
}

function serverIdOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (typeof given !== 'object' || given === null || !('serverId' in given)) return undefined;
  return typeof given.serverId === 'string' ? given.serverId : undefined;
}

function isFailure(given: unknown): given is FailedServer {
  return (
    typeof given === 'object' &&
    given !== null &&
    ['server', 'at', 'message'].every(
      (key) => typeof (given as Record<string, unknown>)[key] === 'string',
    )
  );
}
