import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import type { Incident } from '../../src/incident/incident';
import type { IncidentState } from '../../src/incident/state';
import { startRedis } from '../harness/databases';
import type { TestDatabase } from '../harness/databases';
import { waitFor } from '../harness/wait';
import { missingEngine } from '../integration/mcp/engine';
import { need } from '../integration/mcp/prerequisite';
import { OnCall } from './onCall';

const log = 'logs/redis.log';
const ends: readonly IncidentState[] = ['reported', 'insufficient-evidence'];
/** An image may have to be made first. */
const patience = { deadlineMs: 240_000, intervalMs: 500 };

/** A diagnosis whose servers were never started here asks its person. */
describe('servers that ask for leave', () => {
  let missing: string | null;
  let desk: OnCall;
  let redis: TestDatabase;

  beforeAll(async () => {
    missing = await missingEngine();
    if (missing !== null) return;
    redis = await startRedis();
    desk = await OnCall.start({
      env: {
        DOCKER_HOST: process.env['DOCKER_HOST'],
        REDIS_URL: `redis://127.0.0.1:${redis.port}/0`,
      },
    });
    await desk.write(log, 'Error: Redis ECONNREFUSED 127.0.0.1:6379\n');
    await desk.workbench.openViewContainer('War Room');
  });

  afterAll(async () => {
    await desk?.dispose();
    await redis?.[Symbol.asyncDispose]();
  });

  beforeEach(async (context) => {
    need(context, missing);
    onTestFailed(() => desk.session.saveFailure(context.task.name));
    if ((await desk.incidents()).length > 0) await desk.startOver();
    await desk.write(log, 'Error: Redis ECONNREFUSED 127.0.0.1:6379\n');
  });

  /** Answers one question after the other, and gives the servers that they were about. */
  async function answer(button: (server: string) => string): Promise<string[]> {
    const { workbench } = desk;
    const asked: string[] = [];
    const [incident] = await desk.incidents();
    for (const { server } of incident?.leave ?? []) {
      const dialog = desk.page.locator('.monaco-dialog-box');
      await dialog.getByText(`Start the MCP server ${server}?`).waitFor();
      await workbench.dialog().press(button(server));
      asked.push(server);
    }
    return asked;
  }

  /** Waits until the diagnosis has ended. */
  async function ended(): Promise<Incident> {
    return await waitFor(
      'the diagnosis to end',
      async () => {
        const incidents = await desk.incidents();
        return incidents.find(({ state }) => ends.includes(state));
      },
      patience,
    );
  }

  test('asks in a dialog, and later on the page and in the tree; Not Now goes on without them', async () => {
    const { workbench, incidentPage } = desk;
    await desk.diagnose(log);
    const { leave } = await desk.waitForState('awaiting-leave');
    const [first] = leave;
    expect(leave.length).toBeGreaterThan(0);
    await desk.page.getByText(`Start the MCP server ${first?.server}?`).waitFor();
    // Their order is the platform's.
    const buttons = await workbench.dialog().buttons();
    expect(buttons.sort()).toEqual(['Allow Once', 'Always Allow', 'Not Now']);
    const shown = await desk.page.locator('.monaco-dialog-box').innerText();
    const image = first?.image ?? 'an image';
    for (const part of [first?.program ?? '', first?.integrity ?? '', image, 'REDIS_URL']) {
      expect(shown).toContain(part);
    }
    await workbench.screenshotInBothThemes('leave-question');

    // The question is gone with the window; what waits is not.
    await desk.page.reload();
    await workbench.waitUntilReady();
    await workbench.openViewContainer('War Room');
    const incident = workbench.view('Incidents').item(/redis|cache/i);
    await incident.click();
    await incidentPage.waitForText('Allow these servers to start');
    expect(await incidentPage.buttons()).toEqual(['Decide…', 'Copy as Markdown']);
    expect(await incidentPage.section('Do this now')).toContain(first?.program);
    await desk.waitForTree('asks for leave');
    await waitFor('the badge', async () => (await workbench.badge('War Room')) === '1');
    await workbench.screenshotInBothThemes('leave-page');

    await workbench
      .view('Incidents')
      .item(/redis|cache/i)
      .press('Decide on Servers…');
    const asked = await answer(() => 'Not Now');
    const { unchecked, evidence } = await ended();
    for (const server of asked) {
      expect(unchecked).toContain(`${server} was not asked, since it had no leave to start.`);
    }
    expect(evidence.filter(({ source }) => source.startsWith('mcp:redis'))).toEqual([]);
    await incidentPage.waitForText(`${first?.server} was not asked`);
    await waitFor('the badge to go', async () => (await workbench.badge('War Room')) === '');
  });

  test('Allow Once starts the server, and its answer is evidence', async () => {
    const { incidentPage } = desk;
    await desk.diagnose(log);
    await desk.waitForState('awaiting-leave');
    await answer((server) => (server === 'redis-keys' ? 'Allow Once' : 'Not Now'));
    const { evidence, rootCause } = await ended();
    expect(evidence.map(({ source }) => source)).toContain('mcp:redis-keys/list');
    expect(rootCause?.evidence.at(-1)?.text).toMatch(/^No keys found/);
    await incidentPage.waitForText('No keys found');
  });

  test('Always Allow asks no more, until the allowed servers are forgotten', async () => {
    const { workbench, incidentPage } = desk;
    await workbench.runCommand('War Room: Forget Allowed Servers…');
    await workbench.notification('No MCP server is always allowed').text();

    await desk.diagnose(log);
    await desk.waitForState('awaiting-leave');
    const asked = await answer((server) => (server === 'redis-keys' ? 'Always Allow' : 'Not Now'));
    expect(asked).toContain('redis-keys');
    await ended();
    // The page takes the focus when it is shown, from the list of commands too.
    await incidentPage.waitForText('No keys found');

    await workbench.runCommand('War Room: Forget Allowed Servers…');
    const question = desk.page.locator('.monaco-dialog-box');
    await question.getByText('always allowed to start (1)?').waitFor();
    expect(await question.innerText()).toContain('redis-keys: npm:');
    await workbench.dialog().press('Forget');
    await workbench.notification('forgotten: 1.').text();

    await desk.startOver();
    await desk.write(log, 'Error: Redis ECONNREFUSED 127.0.0.1:6379\n');
    await desk.diagnose(log);
    const { leave } = await desk.waitForState('awaiting-leave');
    expect(leave.map(({ server }) => server)).toContain('redis-keys');
    await answer(() => 'Not Now');
    await ended();
  });
});
