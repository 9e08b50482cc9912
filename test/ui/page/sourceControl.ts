import type { Locator, Page } from 'playwright-core';

import { TextEditor } from './textEditor';
import { labelsOf } from './text';

/** The Source Control view of one repository. It must be open. */
export class SourceControl {
  readonly message: TextEditor;
  private readonly view: Locator;

  constructor(page: Page) {
    this.view = page.locator('.pane:has(> .pane-header[aria-label="Changes Section"])');
    this.message = new TextEditor(page, this.view.locator('.scm-input .monaco-editor'));
  }

  /** What screen readers hear of the changed files, such as `values.yaml, Modified`. */
  async changes(): Promise<string[]> {
    return labelsOf(this.view.locator('.monaco-list-row:has(.resource)'));
  }

  /** Presses an inline action of a changed file, such as Stage Changes. */
  async press(file: string, action: string): Promise<void> {
    const row = this.view.locator('.monaco-list-row:has(.resource)').filter({ hasText: file });
    await row.first().hover();
    await row.first().locator(`.action-label[aria-label^="${action}"]`).click();
  }

  /** Presses the Commit button; git may still be at work afterwards. */
  async commit(): Promise<void> {
    const button = this.view.locator('.button-container .monaco-button').first();
    await button.filter({ hasText: 'Commit' }).click();
  }
}
