import { launchBrowser } from '../harness/browser';
import { startVsCodeServer } from '../harness/vscodeServer/start';
import type { EditorRun } from './run';

/**
 * Runs the suite in a VS Code server with a headless browser as its window.
 *
 * @throws Error when a test failed, or when no result came before the deadline
 */
export async function runOnServer(run: EditorRun): Promise<void> {
  await using server = await startVsCodeServer({
    workspace: run.workspace,
    env: run.env,
    development: true,
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const ended = new Promise<number>((resolve, reject) => {
      const late = new Error(`The suite did not end within ${run.deadlineMs / 1000} s.`);
      const timer = setTimeout(() => reject(late), run.deadlineMs);
      // VS Code calls these two when a window runs tests; they must be there before it starts.
      void page.exposeFunction('codeAutomationExit', (code: number) => {
        clearTimeout(timer);
        resolve(code);
      });
    });
    await page.exposeFunction('codeAutomationLog', printSuiteLine);
    await page.goto(
      server.url(undefined, [
        ['extensionDevelopmentPath', server.remoteUri(run.extension)],
        ['extensionTestsPath', server.remoteUri(run.suite)],
      ]),
    );
    const code = await ended;
    if (code !== 0) {
      throw new Error(`The suite ended with status ${code}.`);
    }
  } finally {
    await browser.close();
  }
}

/** Passes on what the suite says; the workbench's own lines would only be noise. */
function printSuiteLine(_type: string, args: readonly unknown[]): void {
  const text = args.map(String).join(' ');
  if (/^\s+[✓✗-] /.test(text)) {
    console.log(text);
  }
}
