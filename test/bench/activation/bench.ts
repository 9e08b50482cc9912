import { projectRoot, sampleRepository } from '../../harness/paths';
import { temporaryFolder, temporaryRepository } from '../../harness/temporary';
import { waitFor } from '../../harness/wait';
import { Session } from '../../ui/session';
import type { Bench } from '../run';

const windows = 10;
const largestShare = 0.5;

/** What the window says that loading and activating two extensions took, in milliseconds. */
interface Activation {
  warRoom: number;
  git: number;
}

/**
 * Load and activation as Developer: Show Running Extensions reports them, beside the built-in Git
 * extension's in the same window. Build with `npm run build` first.
 */
export const activationBench: Bench = {
  name: 'activation',
  run: async (log) => {
    const measured: Activation[] = [];
    await using repository = await temporaryRepository(sampleRepository);
    await using data = await temporaryFolder('data');
    await using session = await Session.start({
      workspace: repository.path,
      extensions: [process.env['WAR_ROOM_TEST_EXTENSION'] ?? projectRoot],
      env: { WAR_ROOM_DATA: data.path },
    });
    // So high that the list, the slowest first, has every extension on the screen.
    await session.page.setViewportSize({ width: 1440, height: 2400 });
    for (let window = 1; window <= windows; window++) {
      // A reloaded window has an extension host of its own, which loads everything anew.
      if (window > 1) await session.workbench.reload();
      const activation = await readActivation(session);
      const { warRoom, git } = activation;
      log(
        `window ${window}: War Room ${warRoom} ms, Git ${git} ms, share ${(warRoom / git).toFixed(2)}`,
      );
      measured.push(activation);
    }
    const share = median(measured.map(({ warRoom, git }) => warRoom / git));
    const warRoom = median(measured.map((each) => each.warRoom));
    const git = median(measured.map((each) => each.git));
    return [
      figure('War Room, median ms', warRoom),
      figure('Git, median ms', git),
      figure('War Room / Git, of the medians', warRoom / git),
      {
        name: 'War Room / Git, median of windows',
        value: share,
        target: `at most ${largestShare}`,
        ok: share <= largestShare,
      },
    ];
  },
};

function figure(name: string, value: number) {
  return { name, value, target: 'for information', ok: true };
}

async function readActivation({ workbench, page }: Session): Promise<Activation> {
  await workbench.runCommand('Developer: Show Running Extensions');
  const timeOf = (name: string): Promise<number> =>
    waitFor(
      `the activation time of ${name}`,
      async () => {
        const row = page
          .locator('.runtime-extensions-editor .monaco-list-row')
          .filter({ has: page.locator('.name').getByText(name, { exact: true }) });
        const text = await row.locator('.activation-time').textContent({ timeout: 5_000 });
        const ms = /: (\d+)\s*ms/.exec(text ?? '')?.[1];
        return ms === undefined ? undefined : Number(ms);
      },
      { deadlineMs: 60_000 },
    );
  const activation = { warRoom: await timeOf('War Room'), git: await timeOf('Git') };
  // It lies over the workbench and keeps keys such as F1 to itself until it is closed.
  const editor = page.locator('.runtime-extensions-editor');
  await waitFor('the list of extensions to close', async () => {
    await page.keyboard.press('Escape');
    await editor.waitFor({ state: 'hidden', timeout: 3_000 });
    return true;
  });
  return activation;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
