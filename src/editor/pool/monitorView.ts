import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { DisposableLike } from '../../base/disposables';
import type { FromPage, ServerAction, ToPage } from '../../../webview/poolMonitor/protocol';
import { serverActions } from '../../../webview/poolMonitor/protocol';
import { commandIds, type CommandId } from '../commandIds';
import { monitorHtml } from './monitorHtml';
import { monitorModel } from './monitorModel';
import type { PoolFeed } from './poolFeed';
import type { Translate } from './texts';

const commandOf: Readonly<Record<ServerAction, CommandId>> = {
  stop: commandIds.stopServer,
  restart: commandIds.restartServer,
  pin: commandIds.pinServer,
  unpin: commandIds.unpinServer,
  log: commandIds.showServerLog,
  inspect: commandIds.inspectServer,
};

/** The pool monitor: sends its page the model while the view is visible, and does what is pressed. */
export class MonitorView implements DisposableLike {
  private view: vscode.WebviewView | undefined;
  private sent = '';
  private watching: DisposableLike | undefined;
  private readonly following: DisposableLike;

  constructor(
    private readonly feed: PoolFeed,
    private readonly extensionUri: vscode.Uri,
    private readonly t: Translate,
  ) {
    this.following = feed.onDidChange(() => this.send());
  }

  dispose(): void {
    this.following.dispose();
    this.watching?.dispose();
  }

  /** The editor shows the view: for the first time, or after it was closed. */
  resolve(view: vscode.WebviewView): void {
    this.view = view;
    const folder = vscode.Uri.joinPath(this.extensionUri, 'dist', 'webview');
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    view.onDidChangeVisibility(() => this.watchWhileVisible());
    view.onDidDispose(() => {
      this.view = undefined;
      this.watchWhileVisible();
    });
    const source = (name: string) =>
      webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
    webview.html = monitorHtml({
      script: source('poolMonitor.js'),
      style: source('poolMonitor.style.css'),
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
      language: vscode.env.language,
      title: this.t('War Room Pool'),
    });
    this.watchWhileVisible();
  }

  private watchWhileVisible(): void {
    if (this.view?.visible) this.watching ??= this.feed.watch();
    else {
      this.watching?.dispose();
      this.watching = undefined;
    }
  }

  /** What has not changed is not sent again. */
  private send(): void {
    if (!this.view?.visible) return;
    const { feed, t } = this;
    const { titles, trails } = feed;
    const { language } = vscode.env;
    const model = monitorModel({ status: feed.status(), titles, trails, language }, t);
    const message: ToPage = { type: 'model', model };
    const text = JSON.stringify(message);
    if (text === this.sent) return;
    this.sent = text;
    void this.view.webview.postMessage(message);
  }

  private receive(message: unknown): void {
    if (!isFromPage(message)) return;
    switch (message.type) {
      case 'ready':
        this.sent = '';
        this.send();
        return;
      case 'act':
        void vscode.commands.executeCommand(commandOf[message.action], message.server);
        return;
      case 'openIncident':
        void vscode.commands.executeCommand(commandIds.openPage, message.incident);
        return;
      case 'openSettings':
        void vscode.commands.executeCommand(commandIds.openPoolSettings);
        return;
    }
  }
}

/** A page is not trusted to say only what its type allows. */
function isFromPage(message: unknown): message is FromPage {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  const { type } = message;
  if (type === 'ready' || type === 'openSettings') return true;
  if (type === 'openIncident') return 'incident' in message && typeof message.incident === 'string';
  return (
    type === 'act' &&
    'server' in message &&
    typeof message.server === 'string' &&
    'action' in message &&
    serverActions.some((action) => action === message.action)
  );
}
