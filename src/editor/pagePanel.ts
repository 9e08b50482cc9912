import * as vscode from 'vscode';
import { DisposableStore } from '../base/disposables';
import { WarRoomError, messageOf } from '../base/errors';
import type { Incident } from '../incident/incident';
import { titleOf } from '../incident/page';
import { linkableCommands, pageHtml } from './pageHtml';
import type { Surface } from './surface';

const viewType = 'warRoom.page';
/** Key of the workspace's state: the id of the incident that the page showed last. */
const shownKey = 'warRoom.shownIncident';
/** A process that died in the middle of a commit leaves no trace that could be heard of. */
const lookAgainMs = 10_000;

/**
 * The one page of an incident, kept up to date while it is open, and brought back when the window
 * is reloaded. At most one is open.
 */
export class PagePanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private shownId: string | undefined;
  /** Goes up with each drawing, so that a slow one does not cover a later one. */
  private turn = 0;
  private readonly owned = new DisposableStore();
  private readonly media: vscode.Uri;

  constructor(private readonly surface: Surface) {
    this.media = vscode.Uri.joinPath(surface.context.extensionUri, 'media');
    this.owned.add(surface.warRoom.onDidChange(() => void this.refresh()));
    this.owned.add(
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (panel) => this.restore(panel),
      }),
    );
  }

  /** The panel itself is left: the editor brings it back after a reload. */
  dispose(): void {
    this.owned.dispose();
  }

  /** Shows the page beside the editor or in its place, without taking the focus from a diff. */
  async show(incident: Incident, column: vscode.ViewColumn): Promise<void> {
    const preserveFocus = column === vscode.ViewColumn.Beside;
    if (this.panel) this.panel.reveal(this.panel.viewColumn, preserveFocus);
    else this.adopt(this.create({ viewColumn: column, preserveFocus }));
    this.shownId = incident.id;
    await this.render(incident);
    await this.surface.context.workspaceState.update(shownKey, incident.id);
  }

  private create(showOptions: { viewColumn: vscode.ViewColumn; preserveFocus: boolean }) {
    return vscode.window.createWebviewPanel(viewType, 'Incident', showOptions, {
      enableFindWidget: true,
    });
  }

  /** A new panel, or one that the editor kept over a reload. */
  private adopt(panel: vscode.WebviewPanel): void {
    const { media } = this;
    panel.webview.options = {
      enableScripts: false,
      enableCommandUris: linkableCommands,
      localResourceRoots: [media],
    };
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'icon.svg'),
      dark: vscode.Uri.joinPath(media, 'icon-dark.svg'),
    };
    this.panel = panel;
    const lookAgain = setInterval(() => void this.refresh(), lookAgainMs);
    const stopLooking = this.owned.add({ dispose: () => clearInterval(lookAgain) });
    panel.onDidDispose(() => {
      stopLooking.dispose();
      this.panel = undefined;
    });
  }

  /** A page without script keeps no state of its own, so what it showed is the workspace's. */
  private async restore(panel: vscode.WebviewPanel): Promise<void> {
    this.shownId ??= this.surface.context.workspaceState.get<string>(shownKey);
    if (this.panel || this.shownId === undefined) {
      panel.dispose();
      return;
    }
    this.adopt(panel);
    await this.refresh();
  }

  /** Draws the page as the incident stands; where there is none any more, the page closes. */
  private async refresh(): Promise<void> {
    if (!this.panel || this.shownId === undefined) return;
    try {
      await this.render(await this.surface.warRoom.incident(this.shownId));
    } catch (error) {
      this.surface.log.debug(`The page was not refreshed: ${messageOf(error)}`);
      if (WarRoomError.is(error, 'not-found')) this.panel.dispose();
    }
  }

  private async render(incident: Incident): Promise<void> {
    const turn = ++this.turn;
    const interrupted = await this.surface.warRoom.isInterrupted(incident);
    if (!this.panel || this.shownId !== incident.id || turn !== this.turn) return;
    const { webview } = this.panel;
    const html = pageHtml(incident, {
      interrupted,
      cspSource: webview.cspSource,
      styleUri: webview.asWebviewUri(vscode.Uri.joinPath(this.media, 'page.css')).toString(),
    });
    this.panel.title = titleOf(incident);
    // Writing the same again would scroll the page to its top.
    if (webview.html !== html) webview.html = html;
  }
}
