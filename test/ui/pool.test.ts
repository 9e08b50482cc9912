import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { waitFor } from '../harness/wait';
import { OnCall } from './onCall';
import { PoolMonitor } from './page/poolMonitor';
import type { TreeRow, TreeView } from './page/treeView';

/** A diagnosis that asks a silent cluster takes its time to give up. */
const patience = { deadlineMs: 120_000, intervalMs: 200 };

/** The pool as a person sees it, with a real server that comes with War Room. */
describe('the pool in a workbench', () => {
  let desk: OnCall;
  let servers: TreeView;
  let monitor: PoolMonitor;
  let cluster: Server;
  /** Calls that the cluster has taken; null while it takes none. */
  let calls: Set<Socket> | null = new Set();

  beforeAll(async () => {
    // Takes every call and answers none, so that a server stays leased as long as a test wants.
    cluster = createServer((call) => {
      call.on('error', () => undefined);
      if (calls) calls.add(call);
      else call.destroy();
    }).listen(0, '127.0.0.1');
    await once(cluster, 'listening');
    const address = cluster.address();
    desk = await OnCall.start();
    const port = typeof address === 'object' && address ? address.port : 0;
    await desk.useCluster(`http://127.0.0.1:${port}`);
    servers = desk.workbench.view('MCP Servers');
    monitor = new PoolMonitor(desk.page);
    await desk.workbench.openViewContainer('War Room');
  });

  afterAll(async () => {
    await desk?.dispose();
    cluster?.close();
  });

  beforeEach(({ task }) => {
    onTestFailed(() => desk.session.saveFailure(task.name));
  });

  /** The diagnosis under way ends soon then, and gives its servers back. */
  function hangUp(): void {
    calls?.forEach((call) => call.destroy());
    calls = null;
  }

  const item = () => desk.page.locator('[id="war-room.war-room.pool"]');

  /** Waits until the tree's first row says this of the server. */
  async function waitForServer(words: RegExp): Promise<TreeRow> {
    return waitFor(
      `kubectl to be ${String(words)}`,
      async () => (await servers.rows()).find((row) => words.test(row.description)),
      patience,
    );
  }

  test('nothing runs at first, and nothing is said of it in the status bar', async () => {
    expect(await servers.welcome()).toContain('No MCP server runs');
    expect(await item().isVisible()).toBe(false);
  });

  test('shows a leased server with its incident, which opens from it', async () => {
    const { workbench } = desk;
    await workbench.setTheme('dark');
    await workbench.runCommand('War Room: Show Pool Monitor');
    await monitor.waitForText('No server runs.');
    await desk.dragSideBar(120);
    await desk.diagnose('logs/grafana-oom.log');
    const row = await waitForServer(/^leased/);
    expect(row).toMatchObject({ label: 'kubectl', expanded: true });
    await monitor.waitForText('leased');
    await servers.item('grafana').click();
    await workbench.waitForTab(/grafana/);
    await waitFor(
      'the memory',
      async () => (await monitor.text()).includes(' MB of 1 GB'),
      patience,
    );
    await workbench.screenshot('pool', 'dark');
  });

  test('shows an idle server with its memory and when it stops', async () => {
    hangUp();
    const row = await waitForServer(/^idle · stops in (30|29) min · \d+ MB · idle for /);
    expect(row.expanded).toBeUndefined();
    await waitFor('the status bar', async () => /1 · \d+ MB/.test(await item().innerText()));
    await item().hover();
    const tooltip = desk.page.locator('.workbench-hover:visible');
    await tooltip.getByText('Idle servers are stopped from 80% on.').waitFor();
    expect(await tooltip.innerText()).toMatch(/kubectl\s+idle\s+\d+ MB\s+stops in/);
    await item().click();
    await monitor.waitForText('stops in');
    await desk.workbench.screenshot('pool', 'light');
  });

  test('pins and unpins', async () => {
    await servers.item('kubectl').press('Pin Server');
    const pinned = await waitForServer(/^idle · pinned/);
    expect(pinned.description).not.toContain('stops in');
    await monitor.press('kubectl', 'Unpin');
    await waitForServer(/^idle · stops in/);
  });

  test('shows the log, what is known of it, and the status as read-only documents', async () => {
    const { workbench } = desk;
    await servers.item('kubectl').pressInMenu('Show Server Log');
    await workbench.waitForTab('kubectl.log');
    await waitFor('the log', async () => (await workbench.editor().text()).trim() !== '');
    await monitor.press('kubectl', 'Inspect');
    await workbench.waitForTab('kubectl.json');
    await workbench.editor().waitForText('"');
    await workbench.runCommand('War Room: Show Pool Status');
    await workbench.waitForTab('War Room Pool.txt');
    await workbench.editor().waitForText('kubectl');
    await workbench.editor().focus();
    await desk.page.keyboard.type('x');
    await desk.page.getByText('Cannot edit in read-only editor').first().waitFor();
    await desk.page.keyboard.press('Escape');
  });

  test('says in one sentence when a server has died, and brings it back when it is needed', async () => {
    const name = await processName();
    process.kill(Number(name.split('-').at(-1)), 'SIGKILL');
    const row = await waitForServer(/^failed: /);
    expect(row.label).toBe('kubectl');
    await servers.item('kubectl').click();
    await desk.workbench.waitForTab('kubectl.txt');
    await monitor.waitForText('Failed');
    await monitor.picture('pool-monitor-died');
    calls = new Set();
    // A log that is known already would not be collected for again.
    await desk.startOver();
    await desk.diagnose('logs/grafana-oom.log');
    await waitForServer(/^leased/);
    const failed = (await servers.rows()).filter(({ description }) => /^failed/.test(description));
    expect(failed).toEqual([]);
  });

  async function processName(): Promise<string> {
    const [name] = /kubectl-mcp-\d+/.exec(await desk.workbench.editor().text()) ?? [];
    if (!name) throw new Error('The status names no process.');
    return name;
  }

  test('stops a server when its lease has ended, and tells the history', async () => {
    await servers.item('kubectl').press('Stop Server');
    hangUp();
    await waitFor('the server to go', async () => (await servers.rows()).length === 0, patience);
    expect(await servers.welcome()).toContain('No MCP server runs');
    await monitor.waitForText('No server runs.');
    const history = (await monitor.frame()).locator('.history');
    await history.getByText('stopped').first().waitFor();
    await history.getByText('started').first().waitFor();
  });

  test('warns while memory is short, and says what was stopped for it', async () => {
    const { session, workbench } = desk;
    calls = new Set();
    await session.changeSettings({ 'warRoom.pool.maxMemoryPercent': 10 });
    await session.changeSettings({ 'warRoom.pool.memoryBudgetMiB': 128 });
    await desk.startOver();
    await desk.diagnose('logs/grafana-oom.log');
    await waitForServer(/^leased/);
    await waitFor('the warning', async () =>
      (await item().getAttribute('class'))?.includes('warning-kind'),
    );
    await monitor.waitForText('Memory is over 10%');
    await workbench.screenshot('pool-pressure', 'dark');
    hangUp();
    await waitFor('the server to go', async () => (await servers.rows()).length === 0, patience);
    const history = (await monitor.frame()).locator('.history');
    await history.getByText('memory pressure').first().waitFor();
    await waitFor(
      'the warning to go',
      async () => !(await item().getAttribute('class'))?.includes('warning-kind'),
    );
  });

  test('says in the tree why a server has failed, and that there is no engine for containers', async () => {
    desk.startCommand(
      'call',
      'npm:@modelcontextprotocol/server-memory@2026.1.26',
      'read_graph',
      '--allow-start',
    );
    const row = await waitFor(
      'the row of the engine',
      async () => (await servers.rows()).find(({ label }) => label === 'No containers'),
      patience,
    );
    expect(row.description).toContain('The container engine at');
    expect(await servers.rows()).toContainEqual(
      expect.objectContaining({
        label: 'server-memory',
        description: expect.stringMatching(/^failed: The container engine at/) as string,
      }),
    );
    await desk.workbench.setTheme('dark');
    await monitor.picture('pool-no-engine');
  });
});
