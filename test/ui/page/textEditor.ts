import type { Locator, Page } from 'playwright-core';

import { waitFor } from '../../harness/wait';

/** A line of an editor as it is painted; numbers count from 1. */
export interface EditorLine {
  readonly number: number;
  readonly text: string;
}

/** One Monaco editor: a file, one side of a diff, or an input that is an editor. */
export class TextEditor {
  constructor(
    private readonly page: Page,
    private readonly root: Locator,
  ) {}

  /** The lines that are on the screen (Monaco paints no others), in order. */
  async lines(): Promise<EditorLine[]> {
    const numbers = new Map<number, number>();
    for (const row of await this.root.locator('.margin-view-overlays > div').all()) {
      const number = await row.locator('.line-numbers').allTextContents();
      numbers.set(await top(row), Number(number[0]));
    }
    const rows = await this.root.locator('.view-lines > .view-line').all();
    const lines = await Promise.all(
      rows.map(async (row) => ({ top: await top(row), text: plain(await row.textContent()) })),
    );
    return lines
      .sort((a, b) => a.top - b.top)
      .map((line) => ({ number: numbers.get(line.top) ?? NaN, text: line.text }));
  }

  /** The text that is on the screen. */
  async text(): Promise<string> {
    const lines = await this.lines();
    return lines.map((line) => line.text).join('\n');
  }

  /** Waits until the screen shows `text` and gives the first line that holds it. */
  async waitForText(text: string): Promise<EditorLine> {
    return waitFor(`the text ${JSON.stringify(text)} in the editor`, async () =>
      (await this.lines()).find((line) => line.text.includes(text)),
    );
  }

  async focus(): Promise<void> {
    await this.root.locator('.native-edit-context, textarea.inputarea').first().focus();
  }

  /** Puts the cursor there, as Go to Line does. Both numbers count from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.focus();
    await this.page.keyboard.press('Control+g');
    const input = this.page.locator('.quick-input-widget:visible input');
    await input.fill(`:${line}:${column}`);
    await input.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.focus();
  }

  /** Selects whole lines, from the start of `first` to the end of `last`. */
  async selectLines(first: number, last: number): Promise<void> {
    await this.goTo(first);
    for (let line = first; line < last; line++) {
      await this.page.keyboard.press('Shift+ArrowDown');
    }
    await this.page.keyboard.press('Shift+End');
  }

  /** Types `replacement` over the first `text` on the screen, as a person does. */
  async replace(text: string, replacement: string): Promise<void> {
    const line = await this.waitForText(text);
    await this.goTo(line.number, line.text.indexOf(text) + 1);
    for (let typed = 0; typed < text.length; typed++) {
      await this.page.keyboard.press('Shift+ArrowRight');
    }
    await this.page.keyboard.type(replacement);
    await this.waitForText(replacement);
  }

  /** Types over all that the editor holds. */
  async fill(text: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.type(text);
  }
}

async function top(row: Locator): Promise<number> {
  const style = await row.getAttribute('style');
  return Number(/top:\s*(-?[\d.]+)px/.exec(style ?? '')?.[1] ?? NaN);
}

/** Monaco paints spaces as no-break spaces. */
function plain(text: string | null): string {
  return (text ?? '').replaceAll('\u00a0', ' ');
}
