import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { monitorModel } from '../../src/editor/pool/monitorModel';
import type { PoolStatus } from '../../src/pool/status';
import { waitFor } from '../harness/wait';
import { english } from '../unit/editor/pool/english';
import {
  fullStatus,
  guideStatus,
  noEngineStatus,
  pressureStatus,
} from '../unit/editor/pool/statuses';
import { OnCall } from './onCall';
import { PoolMonitor } from './page/poolMonitor';
import type { Theme } from './page/workbench';

const themes: readonly Theme[] = ['dark', 'light', 'contrast', 'contrast-light'];
const states: Readonly<Record<string, PoolStatus | null>> = {
  empty: null,
  guide: guideStatus,
  full: fullStatus,
  pressure: pressureStatus,
  'no-engine': noEngineStatus,
};

/** Memory that grew over the last samples, so that there are curves to draw. */
function trailsOf(status: PoolStatus | null): Map<string, number[]> {
  const growth = [0.3, 0.35, 0.5, 0.55, 0.7, 0.8, 0.85, 0.95, 1];
  const trail = (bytes: number) => growth.map((share) => share * bytes);
  const servers = (status?.servers ?? []).flatMap(({ id, memoryBytes }) =>
    memoryBytes === null ? [] : [[id, trail(memoryBytes)] as const],
  );
  return new Map([['', trail(status?.pressure.ours.usedBytes ?? 0)], ...servers]);
}

function modelOf(status: PoolStatus | null) {
  const titles = new Map([['incident-20261121100000', 'grafana: out of memory']]);
  return monitorModel({ status, titles, trails: trailsOf(status), language: 'en' }, english);
}

/** The page of the pool monitor in a real workbench, with models of every state. */
describe('the page of the pool monitor', () => {
  let desk: OnCall;
  let monitor: PoolMonitor;
  const refused: string[] = [];

  beforeAll(async () => {
    desk = await OnCall.start();
    desk.page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) refused.push(message.text());
    });
    monitor = new PoolMonitor(desk.page);
    await desk.workbench.runCommand('War Room: Show Pool Monitor');
    await monitor.frame();
    // Only the monitor is open, so that all of it is seen.
    for (const view of ['Incidents', 'MCP Servers']) await toggleView(view);
  });

  afterAll(async () => {
    await desk?.dispose();
  });

  beforeEach(({ task }) => {
    onTestFailed(() => desk.session.saveFailure(task.name));
  });

  async function toggleView(name: string): Promise<void> {
    await desk.page.locator(`.pane-header[aria-label="${name} Section"]`).click();
  }

  test('says that nothing runs, and what would start something', async () => {
    await monitor.waitForText('No server runs.');
    await monitor.waitForText('Servers are started when an incident needs them');
  });

  test('shows servers with state, memory against limit, and when they stop', async () => {
    await monitor.draw(modelOf(guideStatus));
    const text = await monitor.text();
    for (const part of ['29%', '300 MB of 1 GB', 'threshold 80%', '64%', 'sampled 2 s ago']) {
      expect(text).toContain(part);
    }
    const postgres = await monitor.server('postgres');
    expect(await postgres.innerText()).toMatch(/idle[^]*stops in 15 min[^]*100 MB of 200 MB/);
    const docker = await monitor.server('docker');
    expect(await docker.innerText()).toMatch(/leased[^]*200 MB of 256 MB[^]*grafana/);
  });

  test('is complete at 200 pixels, at 300 and at 600', async () => {
    await monitor.draw(modelOf(fullStatus));
    await monitor.toggle('docker');
    for (const [width, by] of [
      [200, -100],
      [300, 100],
      [600, 300],
    ] as const) {
      await desk.dragSideBar(by);
      await waitFor(`${width} pixels`, async () => {
        const size = await monitor.size();
        return Math.abs(size.width - width) < 12;
      });
      expect(await monitor.overflows()).toBe(false);
      await monitor.picture(`pool-monitor-full-${width}`);
    }
    await desk.dragSideBar(-300);
    await monitor.toggle('docker');
  });

  test.each(themes)('keeps the rules for accessibility in every state, %s', async (theme) => {
    await desk.workbench.setTheme(theme);
    for (const [state, status] of Object.entries(states)) {
      await monitor.draw(modelOf(status));
      await monitor.picture(`pool-monitor-${state}-${theme}`);
      expect(await monitor.breaches(), state).toEqual([]);
    }
  });

  test('is worked by keyboard alone', async () => {
    await monitor.draw(modelOf(guideStatus));
    const postgres = await monitor.server('postgres');
    const head = postgres.locator('.head');
    await head.focus();
    await desk.page.keyboard.press('Enter');
    await waitFor(
      'the card to open',
      async () => (await head.getAttribute('aria-expanded')) === 'true',
    );
    expect(await postgres.innerText()).toContain('postgres-mcp-1795276800-1a2b');
    const focused = () =>
      postgres.locator('vscode-button:focus-within, vscode-button:focus').getAttribute('title');
    for (const action of ['Pin', 'Restart', 'Stop', 'Show Log', 'Inspect']) {
      await desk.page.keyboard.press('Tab');
      expect(await focused()).toBe(action);
    }
    await desk.page.keyboard.press('Shift+F10');
    const menu = desk.page.locator('.monaco-menu');
    await menu.getByText('Restart Server', { exact: true }).waitFor();
    expect(await menu.getByText('Unpin Server', { exact: true }).count()).toBe(0);
    await waitFor('the menu to close', async () => {
      await desk.page.keyboard.press('Escape');
      return !(await menu.isVisible());
    });
    await head.press('Enter');
  });

  test('tells a screen reader what has started and stopped, once', async () => {
    await monitor.draw(modelOf(guideStatus));
    const [last] = fullStatus.history.slice(-1);
    const history = [...guideStatus.history, ...(last ? [last] : [])];
    await monitor.draw(modelOf({ ...guideStatus, history }));
    expect(await monitor.announced()).toBe(
      'everything stopped, Idle for 30 min; 40 MB are won back.',
    );
    await monitor.draw(modelOf({ ...guideStatus, history, waiting: 1 }));
    expect(await monitor.announced()).toContain('everything stopped');
  });

  test('keeps the open card, the whole history and the place over hide and reload', async () => {
    const frame = async () => await monitor.frame();
    await monitor.draw(modelOf(fullStatus));
    await monitor.toggle('everything');
    await (await frame()).locator('.more').click();
    // The page keeps the place when it hears of it.
    await (
      await frame()
    ).evaluate(
      'new Promise((kept) => { addEventListener("scroll", () => setTimeout(kept, 100), { once: true }); scrollTo(0, 90); })',
    );
    const whole = fullStatus.history.length;
    const isKept = async () => {
      await monitor.draw(modelOf(fullStatus));
      const open = await (await frame()).locator('.server.open .name').allInnerTexts();
      const lines = await (await frame()).locator('.history li').count();
      return open.join() === 'everything' && lines === whole;
    };
    await toggleView('Pool Monitor');
    await waitFor('the page to go', async () => !(await monitor.isThere()));
    await toggleView('Pool Monitor');
    await waitFor('what was open after it was hidden', isKept);
    await desk.workbench.reload();
    await waitFor('what was open after a reload', isKept);
    const place = async () => await (await frame()).evaluate<number>('window.scrollY');
    await expect.poll(place, { timeout: 10_000 }).toBe(90);
  });

  test('moves nothing for who wants no motion', async () => {
    const names = async () => {
      const frame = await monitor.frame();
      return frame.evaluate<string>(
        "getComputedStyle(document.querySelector('.turning')).animationName",
      );
    };
    await monitor.draw(modelOf(fullStatus));
    await desk.page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await names()).toBe('turn');
    await desk.page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await names()).toBe('none');
    await desk.page.emulateMedia({ reducedMotion: null });
  });

  test('loads nothing that its content policy refuses', () => {
    expect(refused).toEqual([]);
  });
});
