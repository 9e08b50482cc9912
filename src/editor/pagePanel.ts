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
  private replacing: Promise<void> | undefined;
  private lookAgain: NodeJS.Timeout | undefined;
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
    clearInterval(this.lookAgain);
    this.owned.dispose();
  }

  /** Shows the page beside the editor or in its place, without taking the focus from a diff. */
  async show(
    incident: Incident,
    viewColumn: vscode.ViewColumn,
    preserveFocus = viewColumn === vscode.ViewColumn.Beside,
  ): Promise<void> {
    this.shownId = incident.id;
    if (this.panel) {
      this.panel.reveal(this.panel.viewColumn, preserveFocus);
    } else {
      const left = pageTabs();
      this.adopt(this.create({ viewColumn, preserveFocus }));
      await vscode.window.tabGroups.close(left, true);
    }
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
    this.lookAgain = setInterval(() => void this.refresh(), lookAgainMs);
    panel.onDidDispose(() => {
      clearInterval(this.lookAgain);
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
    try {
      if (this.panel) await this.draw();
      else
        await (this.replacing ??= this.replaceLeft().finally(() => (this.replacing = undefined)));
    } catch (error) {
      this.surface.log.debug(`The page was not refreshed: ${messageOf(error)}`);
      if (!WarRoomError.is(error, 'not-found')) return;
      await vscode.window.tabGroups.close(pageTabs(), true);
    }
  }

  private async draw(): Promise<void> {
    if (this.shownId === undefined) return;
    await this.render(await this.surface.warRoom.incident(this.shownId));
  }

  /** What an extension host that was killed left on the screen hears nothing any more. */
  private async replaceLeft(): Promise<void> {
    const column = pageTabs().find(({ isActive }) => isActive)?.group.viewColumn;
    const id = this.surface.context.workspaceState.get<string>(shownKey);
    if (column === undefined || id === undefined) return;
    const incident = await this.surface.warRoom.incident(id);
    if (!this.panel) await this.show(incident, column, true);
  }

  private async render(incident: Incident): Promise<void> {
    const turn = ++this.turn;
    const interrupted = await this.surface.warRoom.approval.isInterrupted(incident);
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

/** Pages in the editor, whether they are ours or were left by an extension host that is no more. */
function pageTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewType),
    );
}
