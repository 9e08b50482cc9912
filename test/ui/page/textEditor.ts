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
    // Read in one go: the editor may paint other lines at any moment.
    const painted = await this.root.first().evaluate(paintedLines);
    const numbers = new Map(painted.numbers);
    return painted.lines
      .sort(([a], [b]) => a - b)
      .map(([top, text]) => ({ number: numbers.get(top) ?? NaN, text: plain(text) }));
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

/** The part of the browser's elements that is read here. */
interface Painted {
  readonly style: { readonly top: string };
  readonly textContent: string | null;
  querySelector(selector: string): Painted | null;
  querySelectorAll(selector: string): Iterable<Painted>;
}

/** Line numbers and texts, each with its distance from the top. It runs in the browser. */
function paintedLines(editor: Painted): {
  numbers: [number, number][];
  lines: [number, string | null][];
} {
  const rows = (selector: string): Painted[] => [...editor.querySelectorAll(selector)];
  return {
    numbers: rows('.margin-view-overlays > div').map((row) => [
      parseFloat(row.style.top),
      Number(row.querySelector('.line-numbers')?.textContent),
    ]),
    lines: rows('.view-lines > .view-line').map((row) => [
      parseFloat(row.style.top),
      row.textContent,
    ]),
  };
}

/** Monaco paints spaces as no-break spaces. */
function plain(text: string | null): string {
  return (text ?? '').replaceAll('\u00a0', ' ');
}
