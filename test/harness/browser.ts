import { accessSync, constants } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const quietArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The Chromium of this machine (WAR_ROOM_TEST_BROWSER names another one), if there is one. */
export function findBrowser(): string | undefined {
  const named = process.env['WAR_ROOM_TEST_BROWSER'];
  return (named ? [named] : candidates).find(isExecutable);
}

/**
 * Starts a headless browser; closing it is the caller's.
 *
 * @throws Error where there is none, naming what to install
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (!executablePath) {
    throw new Error(
      'No Chromium was found. Install the package chromium, or set WAR_ROOM_TEST_BROWSER.',
    );
  }
  return chromium.launch({ executablePath, args: quietArguments });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
