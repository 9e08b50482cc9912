import type { Frame, Locator, Page } from 'playwright-core';

import type { MonitorModel } from '../../../webview/poolMonitor/protocol';
import { waitFor } from '../../harness/wait';
import { exactly } from './text';

/** The page of the pool monitor, a webview in the side bar; the view must be open. */
export class PoolMonitor {
  constructor(private readonly page: Page) {}

  /** Waits until the page has drawn something. */
  async frame(): Promise<Frame> {
    return waitFor('the page of the pool monitor', async () => {
      for (const frame of this.page.frames()) {
        if ((await frame.locator('#content > section').count()) > 0) return frame;
      }
      return undefined;
    });
  }

  /** Hands the page a model as the extension does, so that states can be seen that are hard to make. */
  async draw(model: MonitorModel): Promise<void> {
    const frame = await this.frame();
    const message = JSON.stringify({ type: 'model', model });
    await frame.evaluate(`window.dispatchEvent(new MessageEvent('message', { data: ${message} }))`);
  }

  async text(): Promise<string> {
    return (await this.frame()).locator('#content').innerText();
  }

  /** The card of a server. */
  async server(name: string): Promise<Locator> {
    const title = (await this.frame()).locator('.name').filter({ hasText: exactly(name) });
    return (await this.frame()).locator('li.server').filter({ has: title });
  }

  /** Presses an action of a server's card. */
  async press(server: string, action: string): Promise<void> {
    const card = await this.server(server);
    await card.hover();
    await card.locator(`vscode-button[title="${action}"]`).click();
  }
}
