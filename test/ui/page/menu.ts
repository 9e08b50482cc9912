import type { Page } from 'playwright-core';

import { waitFor } from '../../harness/wait';

/**
 * Presses an entry of the context menu that is opening. VS Code ignores a click in the first
 * moment, so that the one that opened the menu cannot choose in it; a fast test then clicks again.
 */
export async function chooseInMenu(page: Page, entry: string): Promise<void> {
  const menu = page.locator('.monaco-menu');
  const row = menu.getByText(entry, { exact: true });
  await row.waitFor();
  await waitFor(`the menu to take "${entry}"`, async () => {
    if (await row.isVisible()) await row.click({ timeout: 2_000 }).catch(() => undefined);
    return !(await menu.first().isVisible());
  });
}
