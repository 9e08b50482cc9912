import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

import { launchBrowser } from '../harness/browser';
import { extensionHosts } from '../harness/extensionHosts';
import { projectRoot } from '../harness/paths';
import { temporaryFolder } from '../harness/temporary';
import type { TemporaryFolder } from '../harness/temporary';
import { startVsCodeServer } from '../harness/vscodeServer/start';
import type { Settings, VsCodeServer } from '../harness/vscodeServer/start';
import { waitFor } from '../harness/wait';
import { Workbench } from './page/workbench';

/** What a person at a workbench has: a folder, settings, installed extensions. */
export interface SessionOptions {
  /** The folder to open. */
  readonly workspace: string;
  /** VSIX files, or folders of unpacked extensions (their manifest's `main` must be built). */
  readonly extensions?: readonly string[];
  readonly settings?: Settings;
  readonly env?: NodeJS.ProcessEnv;
  /** False leaves workspace trust on. */
  readonly trust?: boolean;
}

const viewport = { width: 1440, height: 900 };

/** How long VS Code may take to start another extension host. */
const restartedByItself = { deadlineMs: 15_000, intervalMs: 300 };

/**
 * A VS Code server and a browser window that looks at it. It starts in about ten seconds, so tests
 * of a file share one where they can.
 */
export class Session implements AsyncDisposable {
  readonly workbench: Workbench;
  private settings: Settings;

  private constructor(
    private readonly options: SessionOptions,
    private readonly userData: TemporaryFolder,
    private readonly browser: Browser,
    readonly page: Page,
    private server: VsCodeServer,
  ) {
    this.settings = options.settings ?? {};
    this.workbench = new Workbench(page, (settings) => this.changeSettings(settings));
  }

  /** Starts server and browser and opens the folder. */
  static async start(options: SessionOptions): Promise<Session> {
    const userData = await temporaryFolder('ui');
    const server = await startServer(options, userData);
    const browser = await launchBrowser();
    const context = await browser.newContext({
      viewport,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    // The browser's own "leave this page?" must not hold up a reload.
    page.on('dialog', (dialog) => void dialog.accept());
    const session = new Session(options, userData, browser, page, server);
    try {
      await session.workbench.open(server.url());
      return session;
    } catch (error) {
      await session.saveFailure('start');
      await session.dispose();
      throw error;
    }
  }

  /** Merges into the person's settings; the window follows at once. */
  async changeSettings(settings: Settings): Promise<void> {
    this.settings = { ...this.settings, ...settings };
    await this.server.setSettings(this.settings);
  }

  /**
   * Kills the extension host the hard way (SIGKILL) and waits until there is another. VS Code starts
   * one itself, unless it did not hear within two seconds how the old one ended, as on a busy
   * machine: then the window is reloaded, as it offers to the person.
   */
  async killExtensionHost(): Promise<void> {
    const killed = await this.extensionHostPid();
    process.kill(killed, 'SIGKILL');
    const another = async () => (await this.extensionHosts()).some((pid) => pid !== killed);
    const restarted = await waitFor('a new extension host', another, restartedByItself).catch(
      () => false,
    );
    if (restarted) return;
    await this.workbench.reload();
    const reloaded = { ...restartedByItself, deadlineMs: 60_000 };
    await waitFor('an extension host after the reload', another, reloaded);
  }

  /** The process id of the window's extension host. */
  async extensionHostPid(): Promise<number> {
    return waitFor('the extension host', async () => (await this.extensionHosts()).at(-1));
  }

  /** Quits VS Code and starts it again with the same data and the same window. */
  async restart(): Promise<void> {
    const { port } = this.server;
    await this.page.goto('about:blank');
    await this.server.dispose();
    this.server = await startServer(
      { ...this.options, settings: this.settings },
      this.userData,
      port,
    );
    await this.workbench.open(this.server.url());
  }

  /** The text on the clipboard. */
  async clipboard(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  async setClipboard(text: string): Promise<void> {
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  /** Keeps a picture of the window in out/ui, for whoever reads why a test failed. */
  async saveFailure(name: string): Promise<void> {
    const file = `${name.replaceAll(/\W+/g, '-')}.png`;
    await this.page.screenshot({ path: join(projectRoot, 'out', 'ui', file) });
  }

  private async extensionHosts(): Promise<number[]> {
    return await extensionHosts(this.server.process.pid ?? -1);
  }

  async dispose(): Promise<void> {
    await this.browser.close();
    await this.server.dispose();
    await this.userData.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

async function startServer(
  options: SessionOptions,
  userData: TemporaryFolder,
  port?: number,
): Promise<VsCodeServer> {
  return startVsCodeServer({ ...options, userDataDir: userData.path, port });
}
