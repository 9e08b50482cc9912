import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { git } from '../harness/temporary';
import { waitFor } from '../harness/wait';
import { OnCall, grafanaValues } from './onCall';

/** The ways in, the tree, and the page in which every run ends. */
describe('the incidents view', () => {
  let desk: OnCall;

  beforeAll(async () => {
    desk = await OnCall.start({ settings: { 'terminal.integrated.gpuAcceleration': 'off' } });
    await desk.workbench.openViewContainer('War Room');
  });

  afterAll(async () => {
    await desk?.dispose();
  });

  beforeEach(async ({ task }) => {
    onTestFailed(() => desk.session.saveFailure(task.name));
    if ((await desk.incidents()).length > 0) await desk.startOver();
  });

  test('is empty at first, and offers three ways to begin', async () => {
    const incidents = desk.workbench.view('Incidents');
    const welcome = await incidents.welcome();
    for (const way of ['Try a Sample Incident', 'Diagnose Clipboard', 'Diagnose a File…']) {
      expect(welcome).toContain(way);
    }
    expect(welcome).toContain('without your say');
    await waitFor(
      'the start to settle',
      async () => !(await desk.page.getByText('Activating Extensions').isVisible()),
    );
    await desk.workbench.screenshotInBothThemes('empty');

    await incidents.pressWelcome('Diagnose a File…');
    await desk.workbench.quickInput.waitForPrompt('Choose the log to diagnose');
    await desk.workbench.quickInput.enterPath(`${desk.folder}/logs/healthy.log`);
    await desk.waitForState('no-incident');
    expect(await desk.incidentPage.section('What broke')).toContain('healthy');
    expect(await desk.incidentPage.buttons()).toEqual(['Copy as Markdown']);
    await desk.waitForTree('healthy');
    expect(await desk.workbench.badge('War Room')).toBe('');
  });

  test('shows what waits with a badge, its lines, and what can be done inline', async () => {
    const { workbench } = desk;
    const incidents = workbench.view('Incidents');
    await desk.diagnoseGrafana();
    await desk.waitForTree('waits for you');
    await waitFor('the badge', async () => (await workbench.badge('War Room')) === '1');
    await desk.dragSideBar(290);
    await workbench.screenshotInBothThemes('tree');
    await desk.dragSideBar(-290);
    await incidents.item(/^Reason: +OOMKilled/).click();
    await workbench.statusBarItem(/Ln 68, Col \d+ \(\d+ selected\)/).waitFor();
    await workbench.waitForTab('grafana-oom.log');

    await incidents.item('Grafana used more memory').click();
    await incidents.item('grafana').press('Show Change');
    await desk.waitForDiff();
    expect(await workbench.openDiffs()).toBe(1);
    await incidents.item('grafana').press('Accept and Commit');
    const { commit } = await desk.waitForState('awaiting-rollout');
    expect(await desk.committedLines(grafanaValues)).toContain('+    memory: 512Mi');
    await desk.waitForTree('committed, not pushed');
    await waitFor('the badge to go', async () => (await workbench.badge('War Room')) === '');
    await incidents.item('grafana').press('Show Commit');
    await workbench.waitForTab(`${commit?.slice(0, 10)}.diff`);
  });

  test('a cause without a change to make ends in advice with commands to copy', async () => {
    const { session, incidentPage } = desk;
    await desk.diagnose(await desk.writeDatabaseLog());
    await desk.waitForState('reported');
    expect(await incidentPage.section('What broke')).toContain('postgres.blog-prod.svc:5432');
    await desk.workbench.screenshotInBothThemes('advice');
    await incidentPage.press('Copy');
    await waitFor('a command', async () => /kubectl|helm/.test(await session.clipboard()));
    await incidentPage.press('Copy as Markdown');
    const page = await waitFor('the page', async () => {
      const text = await session.clipboard();
      return text.startsWith('# blog-service: ') && text;
    });
    expect(page).toContain('## What broke');
    expect(page).toContain('port 5432 failed: Connection refused');
    expect(page).toContain('## Do this now');

    await incidentPage.press('Record Outcome');
    await waitFor(
      'the button to go',
      async () => !(await incidentPage.buttons()).includes('Record Outcome'),
    );
    const { id, recorded } = await desk.waitForState('reported');
    expect((await desk.git('log', '-1', '--format=%H %s')).trim()).toBe(
      `${recorded?.commit} docs(blog-service): incident reported (${id})`,
    );
    expect(await desk.git('status', '--porcelain')).not.toContain('examples');
  });

  test('evidence that does not decide is said to be that, with what to collect', async () => {
    await desk.diagnose('logs/payments-timeout.log');
    const { missing, symptoms = [] } = await desk.waitForState('insufficient-evidence');
    expect(missing.length).toBeGreaterThan(0);
    expect(await desk.incidentPage.section('What was seen')).toContain(symptoms[0]?.text.trim());
    expect(await desk.incidentPage.section('Do this now')).toContain(missing[0]);
    await desk.waitForTree('needs more evidence');
    await desk.workbench.screenshotInBothThemes('insufficient');
  });

  test('the clipboard is diagnosed', async () => {
    const { workbench, session } = desk;
    await session.setClipboard(await desk.read('logs/grafana-oom.log'));
    await workbench.view('Incidents').pressWelcome('Diagnose Clipboard');
    const { trigger } = await desk.waitForState('awaiting-approval');
    expect(trigger).toBe('clipboard');
    await desk.waitForDiff();
    expect(await desk.incidentPage.section('Why')).toContain('OOMKilled');
  });

  test('the selection of the terminal is diagnosed, and the clipboard is as it was', async () => {
    const { workbench, session, page } = desk;
    await workbench.runCommand('Terminal: Create New Terminal');
    const terminal = page.locator('.terminal-wrapper.active .xterm');
    await terminal.click();
    await page.keyboard.type('cat logs/grafana-oom.log\n');
    await terminal.locator('.xterm-rows').filter({ hasText: 'BackOff' }).waitFor();
    await workbench.runCommand('Terminal: Select All');
    await session.setClipboard('kept');
    await workbench.runCommand('War Room: Diagnose Terminal Selection');
    const { trigger } = await desk.waitForState('awaiting-approval');
    expect(trigger).toBe('terminal selection');
    await desk.waitForDiff();
    expect(await session.clipboard()).toBe('kept');
    await workbench.runCommand('View: Hide Panel');
  });

  test('a diagnosis that takes long can be cancelled', async () => {
    const { workbench } = desk;
    // A cluster that takes every call and answers none.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await desk.useCluster(`http://127.0.0.1:${port}`);
    try {
      await desk.diagnose('logs/grafana-oom.log');
      await desk.waitForState('collecting');
      await workbench.notification('collecting evidence').press('Cancel');
      await desk.waitForState('cancelled');
      await desk.waitForTree('cancelled');
    } finally {
      silent.close();
      await desk.forgetCluster();
    }
  });

  test('the sample opens as a repository of its own', async () => {
    const { workbench, page } = desk;
    await workbench.view('Incidents').pressWelcome('Try a Sample Incident');
    await page.waitForURL(/war-room-sample-/, { timeout: 60_000 });
    await workbench.waitUntilReady();
    const editor = await workbench.openFile('logs/grafana-oom.log');
    await editor.waitForText('Starting Grafana');
    const folder = new URL(page.url()).searchParams.get('folder') ?? '';
    expect(await git(folder, 'log', '--format=%s')).not.toBe('');
    expect(await git(folder, 'status', '--porcelain')).toBe('');
    await workbench.openViewContainer('War Room');
    expect(await workbench.view('Incidents').welcome()).toContain('Try a Sample Incident');
    await rm(dirname(folder), { recursive: true });
  });
});
