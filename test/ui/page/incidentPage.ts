import type { FrameLocator, Page } from 'playwright-core';

import { exactly } from './text';

/** The page that an incident ends in, a webview. Every method waits until it is there. */
export class IncidentPage {
  private readonly frame: FrameLocator;

  constructor(page: Page) {
    // A webview is a frame of VS Code's around a frame with the extension's HTML.
    this.frame = page.frameLocator('iframe.webview').frameLocator('#active-frame');
  }

  async title(): Promise<string> {
    return this.frame.locator('h1').innerText();
  }

  /** All that can be read on it. */
  async text(): Promise<string> {
    return this.frame.locator('body').innerText();
  }

  /** Waits until the page shows this text. */
  async waitForText(text: string): Promise<void> {
    // A webview takes its time on a machine with other work to do.
    await this.frame.getByText(text).first().waitFor({ timeout: 90_000 });
  }

  /** What stands under a heading such as `Why`. */
  async section(heading: string): Promise<string> {
    const title = this.frame.locator('h2').filter({ hasText: exactly(heading) });
    return this.frame.locator('section').filter({ has: title }).innerText();
  }

  /** Labels of its buttons, the main one first. */
  async buttons(): Promise<string[]> {
    await this.frame.locator('nav .button').first().waitFor();
    return this.frame.locator('nav .button').allInnerTexts();
  }

  /** Presses a button or follows a link by its text. */
  async press(label: string): Promise<void> {
    await this.frame
      .locator('a')
      .filter({ hasText: exactly(label) })
      .first()
      .click();
  }
}
