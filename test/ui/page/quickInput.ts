import type { Locator, Page } from 'playwright-core';

import { waitFor } from '../../harness/wait';
import { exactly } from './text';

/** For one try of several: the box may close by itself under whoever waits for it. */
const short = { timeout: 3_000 };

/** The box at the top: command palette, quick open, and what extensions ask with. */
export class QuickInput {
  private readonly widget: Locator;
  private readonly input: Locator;
  private readonly rows: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget:visible');
    this.input = this.widget.locator('.quick-input-box input');
    this.rows = this.widget.locator('.quick-input-list .monaco-list-row');
  }

  /** Runs a command by the title that the palette shows, such as `War Room: Diagnose File…`. */
  async runCommand(title: string): Promise<void> {
    const row = this.rows
      .locator('.label-name')
      .filter({ hasText: exactly(title) })
      .first();
    // The palette lists what was there when it opened, which early on is not every extension.
    const show = async (): Promise<boolean> => {
      await this.open('F1', '>');
      await this.input.fill(`>${title}`, short);
      await row.waitFor({ timeout: 5_000 }).catch(() => this.cancel());
      return row.isVisible();
    };
    await waitFor(`the command "${title}" in the palette`, show, { deadlineMs: 60_000 });
    await this.choose(title);
  }

  /** Opens a file of the workspace by its name or path. */
  async openFile(path: string): Promise<void> {
    // The box of before may be closing still.
    const ask = async (): Promise<boolean> => {
      await this.open('Control+p', '');
      await this.input.fill(path, short);
      return true;
    };
    await waitFor('quick open', ask);
    const name = path.split('/').at(-1) ?? path;
    await this.choose(name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** Chooses the row with exactly this label, once it is there. */
  async choose(label: string): Promise<void> {
    const name = this.rows
      .locator('.label-name')
      .filter({ hasText: exactly(label) })
      .first();
    // Rows are painted anew while results come in, so a click may have to be tried again, unless it
    // failed only after it had made the row disappear.
    let tried = false;
    const click = async (): Promise<boolean> => {
      if (tried && !(await name.isVisible())) {
        return true;
      }
      await name.waitFor({ timeout: 2_000 });
      tried = true;
      await name.click({ timeout: 5_000 });
      return true;
    };
    await waitFor(`the row "${label}" of the quick input`, click).catch(async (cause: unknown) => {
      const rows = (await this.labels()).join(' | ');
      throw new Error(`There is no row "${label}" in the quick input, only: ${rows}`, { cause });
    });
  }

  /** Types into the box of a list, which then shows the rows that fit. */
  async filter(text: string): Promise<void> {
    await this.input.fill(text);
  }

  /** Answers an input box. */
  async enter(text: string): Promise<void> {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /** Names a file in the editor's own file dialog, which takes it once it has listed the folder. */
  async enterPath(path: string): Promise<void> {
    await waitFor(`the file dialog to take ${path}`, async () => {
      if (!(await this.input.isVisible())) return true;
      await this.input.fill(path, { timeout: 2_000 }).catch(() => undefined);
      await this.input.press('Enter', { timeout: 2_000 }).catch(() => undefined);
      return !(await this.widget.isVisible());
    });
  }

  /** The text above or in the box that says what is asked. */
  async prompt(): Promise<string> {
    await this.widget.waitFor(short);
    const texts = [
      ...(await this.widget.locator('.quick-input-title').allTextContents()),
      (await this.input.getAttribute('placeholder', short)) ?? '',
      ...(await this.widget.locator('.quick-input-message').allTextContents()),
    ];
    return texts.filter((text) => text.trim() !== '').join('\n');
  }

  /** Waits until this is what is asked; the list of commands may still be closing. */
  async waitForPrompt(text: string): Promise<void> {
    await waitFor(`the question "${text}"`, async () => (await this.prompt()).includes(text));
  }

  /** Labels of the rows on the screen. */
  async labels(): Promise<string[]> {
    return this.rows.locator('.quick-input-list-row:first-child .label-name').allTextContents();
  }

  async isOpen(): Promise<boolean> {
    return this.widget.isVisible();
  }

  async cancel(): Promise<void> {
    const close = async (): Promise<boolean> => {
      await this.page.keyboard.press('Escape');
      await this.widget.waitFor({ state: 'hidden', ...short });
      return true;
    };
    await waitFor('the quick input to close', close);
  }

  /** A key that comes while the workbench is busy gets lost, so it is pressed until it works. */
  private async open(key: string, prefix: string): Promise<void> {
    await waitFor(
      `the quick input after ${key}`,
      async () => {
        await this.page.keyboard.press(key);
        await this.input.waitFor(short);
        return (await this.input.inputValue(short)).startsWith(prefix);
      },
      { deadlineMs: 30_000 },
    );
  }
}
