import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

import { waitFor } from '../../harness/wait';
import type { Settings } from '../../harness/vscodeServer/start';
import { dialog, notification, notificationTexts } from './messages';
import type { Message } from './messages';
import { pictureFolder } from './pictures';
import { QuickInput } from './quickInput';
import { SourceControl } from './sourceControl';
import { labelsOf } from './text';
import { TextEditor } from './textEditor';
import { TreeView } from './treeView';

/** The looks that screenshots are taken in. */
export type Theme = 'light' | 'dark' | 'contrast' | 'contrast-light';

const themes: Record<Theme, { setting: string; className: RegExp }> = {
  light: { setting: 'Light 2026', className: /(^|\s)vs(\s|$)/ },
  dark: { setting: 'Dark 2026', className: /(^|\s)vs-dark(\s|$)/ },
  contrast: { setting: 'Default High Contrast', className: /(^|\s)hc-black(\s|$)/ },
  'contrast-light': { setting: 'Default High Contrast Light', className: /(^|\s)hc-light(\s|$)/ },
};

/** How long a window may take to open on a machine with other work to do. */
const openingMs = 120_000;

/** A whole window of VS Code, seen as a person sees it. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly sourceControl: SourceControl;

  /** @param changeSettings merges into the person's settings and writes them */
  constructor(
    readonly page: Page,
    private readonly changeSettings: (settings: Settings) => Promise<void>,
  ) {
    this.quickInput = new QuickInput(page);
    this.sourceControl = new SourceControl(page);
  }

  /** Opens an address of the server and waits until it is connected. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.waitUntilReady();
  }

  /**
   * Reloads the window by VS Code's own command, which saves what is open before; the browser's
   * reload would lose what was opened in the last seconds.
   */
  async reload(): Promise<void> {
    await this.page.evaluate('window.beforeReload = true');
    const reload = async (): Promise<boolean> => {
      await this.runCommand('Developer: Reload Window');
      await this.page.waitForFunction('window.beforeReload === undefined', undefined, {
        timeout: openingMs / 4,
      });
      return true;
    };
    // A click on a row that is painted anew at that moment runs nothing.
    await waitFor('the window to reload', reload, { deadlineMs: openingMs });
    await this.waitUntilReady();
  }

  async waitUntilReady(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: openingMs });
    // Named so once the window is connected to its server.
    await this.page
      .locator('[id="status.host"][aria-label="remote"]')
      .waitFor({ timeout: openingMs });
    await this.page.locator('[id="status.problems"]').waitFor({ timeout: openingMs });
  }

  async runCommand(title: string): Promise<void> {
    await this.quickInput.runCommand(title);
  }

  /** Opens a file through quick open and gives its editor. */
  async openFile(path: string): Promise<TextEditor> {
    await this.quickInput.openFile(path);
    return this.editor();
  }

  /** The editor of the active tab (not of a diff). */
  editor(): TextEditor {
    const editors = '.editor-instance .monaco-editor[data-uri]:not([data-uri=""])';
    return new TextEditor(this.page, this.group().locator(editors).first());
  }

  /** One side of the active diff. */
  diff(side: 'original' | 'modified'): TextEditor {
    const root = this.group().locator(`.monaco-diff-editor .editor.${side} .monaco-editor`);
    return new TextEditor(this.page, root.first());
  }

  /** Titles of the tabs of the active group. */
  async tabs(): Promise<string[]> {
    return this.group().locator('.tab .label-name').allInnerTexts();
  }

  /** How many diffs are on the screen, in all groups. */
  async openDiffs(): Promise<number> {
    return this.page.locator('.monaco-diff-editor:visible').count();
  }

  /** Waits until the active tab's title contains `title`. */
  async waitForTab(title: string | RegExp): Promise<void> {
    await this.group().locator('.tab.active').filter({ hasText: title }).waitFor();
  }

  /** Labels of the actions in the editor's toolbar. */
  async editorActions(): Promise<string[]> {
    return labelsOf(this.editorAction(''));
  }

  /** Presses an action in the editor's toolbar. */
  async pressEditorAction(label: string): Promise<void> {
    await this.editorAction(label).click();
  }

  /** Waits until the toolbar has (or no longer has) an action. */
  async waitForEditorAction(label: string, state: 'visible' | 'hidden'): Promise<void> {
    await this.editorAction(label).waitFor({ state });
  }

  /** Opens a container of the activity bar, such as Explorer or Source Control. */
  async openViewContainer(title: string): Promise<void> {
    const item = this.activity(title);
    if ((await item.getAttribute('aria-expanded')) !== 'true') {
      // Its badge may lie over the icon; both belong to the item.
      await item.click();
    }
    await waitFor(
      `the view container ${title}`,
      async () => (await item.getAttribute('aria-expanded')) === 'true',
    );
  }

  /** The number on a container of the activity bar, or an empty text. */
  async badge(title: string): Promise<string> {
    return (await this.activity(title).locator('.badge-content').textContent()) ?? '';
  }

  /** A view by its name; open its container first. */
  view(name: string): TreeView {
    return new TreeView(this.page, name);
  }

  notification(text: string | RegExp): Message {
    return notification(this.page, text);
  }

  async notifications(): Promise<string[]> {
    return notificationTexts(this.page);
  }

  dialog(): Message {
    return dialog(this.page);
  }

  /** Waits for an item of the status bar with this text; `click` it or read it. */
  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }).first();
  }

  /** The text of the Output panel that is on the screen. */
  async output(): Promise<string> {
    const root = this.page.locator('.part.panel .output-view .monaco-editor').first();
    await root.waitFor();
    return new TextEditor(this.page, root).text();
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.changeSettings({ 'workbench.colorTheme': themes[theme].setting });
    await waitFor(`the ${theme} theme`, async () => {
      const classes = await this.page.locator('.monaco-workbench').first().getAttribute('class');
      return themes[theme].className.test(classes ?? '');
    });
  }

  /**
   * Saves what is on the screen as docs/images/<name>-<theme>.png where WAR_ROOM_SCREENSHOTS asks for
   * pictures; a plain test run spends no time on them.
   */
  async screenshot(name: string, theme: Theme): Promise<void> {
    const folder = await pictureFolder();
    if (!folder) return;
    await this.setTheme(theme);
    await this.page.mouse.move(0, 0);
    // One that belongs to what has the focus stays.
    await this.page
      .locator('.workbench-hover:visible')
      .waitFor({ state: 'hidden', timeout: 3_000 })
      .catch(() => undefined);
    await this.page.screenshot({
      path: join(folder, `${name}-${theme}.png`),
      animations: 'disabled',
      caret: 'hide',
    });
  }

  /** Saves what is on the screen once in each theme. */
  async screenshotInBothThemes(name: string): Promise<void> {
    await this.screenshot(name, 'dark');
    await this.screenshot(name, 'light');
  }

  private group(): Locator {
    return this.page.locator('.editor-group-container.active');
  }

  private editorAction(label: string): Locator {
    const actions = this.group().locator('.title .editor-actions .action-label');
    return label === '' ? actions : actions.and(this.page.locator(`[aria-label="${label}"]`));
  }

  private activity(title: string): Locator {
    const label = this.page.locator(
      `.action-label[aria-label="${title}"], .action-label[aria-label^="${title} ("], ` +
        `.action-label[aria-label^="${title} - "]`,
    );
    return this.page.locator('.part.activitybar .action-item').filter({ has: label });
  }
}
