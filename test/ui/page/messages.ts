import type { Locator, Page } from 'playwright-core';

import { exactly } from './text';

/** What is told at the end of a commit, a push or a diagnosis comes when that ends. */
const patience = { timeout: 60_000 };

/** Something that the workbench says to the person: a notification or a modal dialog. */
export class Message {
  constructor(
    private readonly root: Locator,
    private readonly textSelector: string,
  ) {}

  /** Waits until it is there and gives its text. */
  async text(): Promise<string> {
    return this.root.locator(this.textSelector).innerText(patience);
  }

  /** Labels of its buttons. */
  async buttons(): Promise<string[]> {
    await this.root.waitFor();
    return this.root.locator('.monaco-button:visible').allInnerTexts();
  }

  async press(button: string): Promise<void> {
    await this.root
      .locator('.monaco-button:visible')
      .filter({ hasText: exactly(button) })
      .click();
  }

  async waitUntilGone(): Promise<void> {
    await this.root.waitFor({ state: 'detached' });
  }
}

/** The notification whose text contains `text`; it need not be there yet. */
export function notification(page: Page, text: string | RegExp): Message {
  const items = page.locator('.notification-list-item').filter({ hasText: text });
  return new Message(items.first(), '.notification-list-item-message');
}

/** Texts of the notifications on the screen. */
export async function notificationTexts(page: Page): Promise<string[]> {
  return page.locator('.notification-list-item-message').allInnerTexts();
}

/** The modal dialog, which need not be there yet. */
export function dialog(page: Page): Message {
  return new Message(page.locator('.monaco-dialog-box'), '.dialog-message-container');
}
