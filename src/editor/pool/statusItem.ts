import * as vscode from 'vscode';
import type { DisposableLike } from '../../base/disposables';
import { commandIds } from '../commandIds';
import type { PoolFeed } from './poolFeed';
import { statusItemText } from './statusItemText';
import type { Translate } from './texts';

/** Count and memory of the servers in the status bar; coloured only while memory is short. */
export class StatusItem implements DisposableLike {
  private readonly item: vscode.StatusBarItem;
  private readonly following: DisposableLike;
  private shown = '';

  constructor(
    private readonly feed: PoolFeed,
    private readonly t: Translate,
  ) {
    this.item = vscode.window.createStatusBarItem('pool', vscode.StatusBarAlignment.Left);
    this.item.name = t('War Room Pool');
    this.item.command = commandIds.showPoolMonitor;
    this.following = feed.onDidChange(() => this.update());
    this.update();
  }

  dispose(): void {
    this.following.dispose();
    this.item.dispose();
  }

  private update(): void {
    const status = this.feed.status();
    // Who never had a server need not read of servers.
    if (!status || (!this.shown && status.servers.length + status.history.length === 0)) return;
    const { text, label, tooltip, isOver } = statusItemText(status, this.t);
    const shown = JSON.stringify([text, tooltip]);
    // Writing the same again would close a tooltip that is being read.
    if (shown === this.shown) return;
    this.shown = shown;
    this.item.text = text;
    this.item.tooltip = new vscode.MarkdownString(tooltip, true);
    this.item.accessibilityInformation = { label };
    this.item.backgroundColor = isOver
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.item.show();
  }
}
