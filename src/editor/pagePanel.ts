import * as vscode from 'vscode';
import { messageOf } from '../base/errors';
import type { Incident } from '../incident/incident';
import { linkableCommands, pageHtml } from './pageHtml';
import type { Surface } from './surface';
import { titleOf } from '../incident/page';

/** The one page of an incident, kept up to date while it is open. At most one is open. */
export class PagePanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private shownId: string | undefined;
  private readonly following: vscode.Disposable;

  constructor(private readonly surface: Surface) {
    this.following = surface.warRoom.onDidChange(() => void this.refresh());
  }

  dispose(): void {
    this.following.dispose();
    this.panel?.dispose();
  }

  /** Shows the page beside the editor or in its place, without taking the focus from a diff. */
  show(incident: Incident, column: vscode.ViewColumn): void {
    this.shownId = incident.id;
    const showOptions = { viewColumn: column, preserveFocus: column === vscode.ViewColumn.Beside };
    if (this.panel) this.panel.reveal(this.panel.viewColumn, showOptions.preserveFocus);
    else this.panel = this.create(showOptions);
    this.render(incident);
  }

  private create(showOptions: { viewColumn: vscode.ViewColumn; preserveFocus: boolean }) {
    const media = vscode.Uri.joinPath(this.surface.context.extensionUri, 'media');
    const panel = vscode.window.createWebviewPanel('warRoom.page', 'Incident', showOptions, {
      enableScripts: false,
      enableCommandUris: linkableCommands,
      enableFindWidget: true,
      localResourceRoots: [media],
    });
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'icon.svg'),
      dark: vscode.Uri.joinPath(media, 'icon-dark.svg'),
    };
    panel.onDidDispose(() => (this.panel = undefined));
    return panel;
  }

  private async refresh(): Promise<void> {
    if (!this.panel || this.shownId === undefined) return;
    try {
      this.render(await this.surface.warRoom.incident(this.shownId));
    } catch (error) {
      this.surface.log.debug(`The page was not refreshed: ${messageOf(error)}`);
    }
  }

  private render(incident: Incident): void {
    if (!this.panel) return;
    const { webview } = this.panel;
    const style = vscode.Uri.joinPath(this.surface.context.extensionUri, 'media', 'page.css');
    const html = pageHtml(incident, webview.cspSource, webview.asWebviewUri(style).toString());
    this.panel.title = titleOf(incident);
    // Writing the same again would scroll the page to its top.
    if (webview.html !== html) webview.html = html;
  }
}
