import type { Locator, Page } from 'playwright-core';

import { chooseInMenu } from './menu';

/** What a row of a tree shows. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** 1 for the top. */
  readonly level: number;
  /** Undefined for a row without children. */
  readonly expanded: boolean | undefined;
}

/** A view of the side bar, found by its name. Its container must be open. */
export class TreeView {
  private readonly pane: Locator;
  private readonly rowLocator: Locator;

  constructor(
    private readonly page: Page,
    name: string,
  ) {
    this.pane = page.locator(`.pane:has(> .pane-header[aria-label="${name} Section"])`);
    this.rowLocator = this.pane.locator('.monaco-list-row');
  }

  /** The rows on the screen from top to bottom, all as they are at one moment. */
  async rows(): Promise<TreeRow[]> {
    const rows = await this.rowLocator.evaluateAll(readRows);
    return rows.sort((one, other) => one.index - other.index).map(treeRow);
  }

  /** The first row whose label contains `label`; it need not be there yet. */
  item(label: string | RegExp): TreeItem {
    const name = this.page.locator('.label-name').filter({ hasText: label });
    return new TreeItem(this.page, this.rowLocator.filter({ has: name }).first());
  }

  /** The text that stands there while the tree is empty. */
  async welcome(): Promise<string> {
    return this.pane.locator('.welcome-view-content').innerText();
  }

  /** Presses a button or link of the welcome text. */
  async pressWelcome(label: string): Promise<void> {
    const content = this.pane.locator('.welcome-view-content');
    await content.getByText(label, { exact: true }).click();
  }

  /** Presses an action beside the view's title. */
  async pressTitle(label: string): Promise<void> {
    await this.pane.hover();
    // A view that is alone in its container shows its actions in the container's title.
    const own = this.pane.locator('.pane-header');
    const container = this.page.locator('.part.sidebar .composite.title');
    await own
      .or(container)
      .locator(`.action-label[aria-label^="${label}"]:visible`)
      .first()
      .click();
  }
}

/** One row of a tree. Every method waits until the row is there. */
export class TreeItem {
  constructor(
    private readonly page: Page,
    private readonly row: Locator,
  ) {}

  async read(): Promise<TreeRow> {
    await this.row.waitFor();
    const [row] = await this.row.evaluateAll(readRows);
    if (!row) throw new Error('The row is gone.');
    return treeRow(row);
  }

  async waitFor(): Promise<void> {
    await this.row.waitFor();
  }

  /** What a screen reader says. */
  async accessibleName(): Promise<string> {
    return (await this.row.getAttribute('aria-label')) ?? '';
  }

  async click(): Promise<void> {
    // At its start: a click into the middle of a long label would scroll it out of sight.
    await this.row.locator('.monaco-icon-label').click({ position: { x: 4, y: 8 } });
  }

  async expand(): Promise<void> {
    if ((await this.read()).expanded === false) {
      await this.row.locator('.monaco-tl-twistie').click();
      await this.page.waitForTimeout(50);
    }
  }

  /** Presses an inline action, which shows while the pointer is over the row. */
  async press(action: string): Promise<void> {
    await this.row.hover();
    await this.row.locator(`.actions .action-label[aria-label^="${action}"]`).click();
  }

  /** Presses an entry of the row's context menu. */
  async pressInMenu(entry: string): Promise<void> {
    await this.row.locator('.label-name').click({ button: 'right' });
    await chooseInMenu(this.page, entry);
  }
}

interface ReadRow {
  index: number;
  label: string;
  description: string;
  level: number;
  expanded: string | null;
}

/** The part of the browser's elements that is read here. */
interface Painted {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Painted | null;
}

/** Runs in the page: a row that goes while it is read would be waited for. */
function readRows(rows: Painted[]): ReadRow[] {
  return rows.map((row) => ({
    index: Number(row.getAttribute('data-index')),
    label: row.querySelector('.label-name')?.textContent?.trim() ?? '',
    description: row.querySelector('.label-description')?.textContent?.trim() ?? '',
    level: Number(row.getAttribute('aria-level')),
    expanded: row.getAttribute('aria-expanded'),
  }));
}

function treeRow({ label, description, level, expanded }: ReadRow): TreeRow {
  return {
    label,
    description,
    level,
    expanded: expanded === null ? undefined : expanded === 'true',
  };
}
