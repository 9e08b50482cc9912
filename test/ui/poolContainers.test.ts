import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { waitFor } from '../harness/wait';
import { missingEngine } from '../integration/mcp/engine';
import { need } from '../integration/mcp/prerequisite';
import { OnCall } from './onCall';
import { PoolMonitor } from './page/poolMonitor';
import type { TreeRow, TreeView } from './page/treeView';

/** The image is made first, from a package of the registry. */
const patience = { deadlineMs: 240_000, intervalMs: 200 };
const everything = 'npm:@modelcontextprotocol/server-everything@2026.8.31';
const slow = 'trigger-long-running-operation';

/** A container that a command started, as a window sees it that shares the pool. */
describe('a container in the views of the pool', () => {
  let missing: string | null;
  let desk: OnCall;
  let servers: TreeView;
  let monitor: PoolMonitor;

  beforeAll(async () => {
    missing = await missingEngine();
    if (missing !== null) return;
    desk = await OnCall.start({ env: { DOCKER_HOST: process.env['DOCKER_HOST'] } });
    servers = desk.workbench.view('MCP Servers');
    monitor = new PoolMonitor(desk.page);
    await desk.workbench.openViewContainer('War Room');
    await desk.workbench.runCommand('War Room: Show Pool Monitor');
    await desk.page.locator('.pane-header[aria-label="Incidents Section"]').click();
  });

  afterAll(async () => {
    await desk?.dispose();
  });

  beforeEach((context) => {
    need(context, missing);
    onTestFailed(() => desk.session.saveFailure(context.task.name));
  });

  async function waitForServer(words: RegExp): Promise<TreeRow> {
    return waitFor(
      `a server that is ${String(words)}`,
      async () => (await servers.rows()).find((row) => words.test(row.description)),
      patience,
    );
  }

  test('shows it start, its memory of its limit, who holds it, and what the engine knows', async () => {
    const { workbench } = desk;
    desk.startCommand('call', everything, slow, '{"duration":50,"steps":5}', '--allow-start');
    await waitForServer(/^starting/);
    const row = await waitForServer(/^leased · \d+ MB of 200 MB/);
    expect(row.label).toContain('everything');
    expect(await servers.rows()).toContainEqual(
      expect.objectContaining({ label: 'call', description: 'holds it', level: 2 }),
    );
    await monitor.waitForText('of 200 MB');
    await monitor.toggle(row.label);
    await monitor.waitForText('container');
    await workbench.screenshotInBothThemes('pool-container');
    await monitor.press(row.label, 'Inspect');
    await workbench.editor().waitForText('"Status": "running"');
    await monitor.press(row.label, 'Show Log');
    await workbench.editor().waitForText('Starting default (STDIO) server');
    await servers.item(row.label).press('Stop Server');
    await waitFor('it to go', async () => (await servers.rows()).length === 0, patience);
    await workbench.waitForTab(`${row.label}.log`);
    await workbench.editor().waitForText('has stopped.');
  });
});
