import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';

import type { MonitorModel } from '../../../webview/poolMonitor/protocol';
import { waitFor } from '../../harness/wait';
import { pictureFolder } from './pictures';
import { exactly } from './text';

/** The page of the pool monitor, a webview in the side bar; the view must be open. */
export class PoolMonitor {
  constructor(private readonly page: Page) {}

  /** Waits until the page has drawn something. */
  async frame(): Promise<Frame> {
    return waitFor('the page of the pool monitor', () => this.find());
  }

  async isThere(): Promise<boolean> {
    return (await this.find()) !== undefined;
  }

  private async find(): Promise<Frame | undefined> {
    for (const frame of this.page.frames()) {
      if ((await frame.locator('#content > section').count()) > 0) return frame;
    }
    return undefined;
  }

  /**
   * Hands the page a model as the extension does, so that states can be seen that are hard to make.
   * From then on the page hears no longer of the real pool.
   */
  async draw(model: MonitorModel): Promise<void> {
    const frame = await this.frame();
    const message = JSON.stringify({ type: 'model', model });
    await frame.evaluate(`
      window.deaf ??= window.addEventListener('message', (event) => {
        if (event.isTrusted) event.stopImmediatePropagation();
      }, true) ?? true;
      window.dispatchEvent(new MessageEvent('message', { data: ${message} }))`);
  }

  /** Width and height of the page in pixels. */
  async size(): Promise<{ width: number; height: number }> {
    return (await this.frame()).evaluate('({ width: innerWidth, height: innerHeight })');
  }

  /** True when something of the page lies beyond its right edge. */
  async overflows(): Promise<boolean> {
    return (await this.frame()).evaluate('document.documentElement.scrollWidth > innerWidth');
  }

  async text(): Promise<string> {
    return (await this.frame()).locator('#content').innerText();
  }

  async waitForText(text: string | RegExp): Promise<void> {
    await (await this.frame()).locator('#content').getByText(text).first().waitFor();
  }

  /** What was said to a screen reader last. */
  async announced(): Promise<string> {
    return (await this.frame()).locator('[aria-live]').innerText();
  }

  /** The card of a server. */
  async server(name: string): Promise<Locator> {
    const frame = await this.frame();
    const title = frame.locator('.name').filter({ hasText: exactly(name) });
    return frame.locator('li.server').filter({ has: title });
  }

  /** Opens the card of a server, or closes it. */
  async toggle(name: string): Promise<void> {
    await (await this.server(name)).locator('.head').click();
  }

  /** Opens a server's card, where it is not open, and presses one of its actions. */
  async press(server: string, action: string): Promise<void> {
    const card = await this.server(server);
    if ((await card.locator('.head').getAttribute('aria-expanded')) === 'false') {
      await this.toggle(server);
    }
    await card.locator(`vscode-button[title="${action}"]`).click();
  }

  /** Breaches of the rules for accessibility (WCAG 2.1 AA), as `rule: element`. */
  async breaches(): Promise<string[]> {
    const frame = await this.frame();
    await frame.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
    // A page in the side bar lies on the side bar's colour, which the rules cannot see.
    await frame.evaluate(
      "document.documentElement.style.background = 'var(--vscode-sideBar-background)'",
    );
    return frame.evaluate<string[]>(`axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
    }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
        id + ': ' + html + ' ' + failureSummary)))`);
  }

  /** Saves the page's picture where pictures are asked for. */
  async picture(name: string): Promise<void> {
    const folder = await pictureFolder();
    if (!folder) return;
    const side = this.page.locator('.part.sidebar');
    await this.page.mouse.move(0, 0);
    await side.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  }
}
