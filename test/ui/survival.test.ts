import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { waitFor } from '../harness/wait';
import { OnCall, grafanaValues } from './onCall';

/** What waits, and what is at work, outlives the processes that it runs in. */
describe('after a reload, a kill and a restart', () => {
  let desk: OnCall;

  beforeAll(async () => {
    desk = await OnCall.start();
  });

  afterAll(async () => {
    await desk?.dispose();
  });

  beforeEach(async ({ task }) => {
    onTestFailed(() => desk.session.saveFailure(task.name));
    if ((await desk.incidents()).length > 0) await desk.startOver();
  });

  // Four starts of the editor in one test, each of which a busy machine may give a minute.
  test(
    'a proposal still waits in its diff, and is accepted once',
    { timeout: 480_000 },
    async () => {
      const { workbench, session } = desk;
      await desk.diagnoseGrafana();
      await workbench.diff('modified').replace('1024Mi', '1100Mi');
      await workbench.runCommand('File: Save');
      await waitFor('the typed value', async () => {
        const [incident] = await desk.incidents();
        return Object.values(incident?.typed ?? {}).includes('1100Mi');
      });

      await workbench.reload();
      await desk.waitForDiff();
      await session.killExtensionHost();
      await desk.waitForDiff();
      await session.restart();
      await desk.waitForDiff();
      await workbench.diff('modified').waitForText('memory: 1100Mi');
      await desk.waitForState('awaiting-approval');

      await workbench.pressEditorAction('Accept and Commit');
      const { commit } = await desk.waitForState('awaiting-rollout');
      expect(await desk.committedLines(grafanaValues)).toContain(
        '+    memory: 1100Mi  # raised from 256Mi in March',
      );
      await workbench.reload();
      await workbench.openViewContainer('War Room');
      await desk.waitForTree('committed, not pushed');
      expect((await desk.waitForState('awaiting-rollout')).commit).toBe(commit);
      expect(await desk.commits()).toBe(1);
    },
  );

  test.each([
    { hook: 'pre-commit', moment: 'before', made: 0 },
    { hook: 'post-commit', moment: 'after', made: 1 },
  ])('a kill $moment the commit leaves exactly one', async ({ hook, made }) => {
    const { workbench, session } = desk;
    const gate = await Gate.install(desk.folder, hook);
    await desk.diagnoseGrafana();
    await workbench.pressEditorAction('Accept and Commit');
    await gate.waitUntilReached();
    expect(await desk.commits()).toBe(made);
    expect((await desk.incidents())[0]?.state).toBe('executing');

    await session.killExtensionHost();
    await gate.open();
    const { commit } = await desk.waitForState('awaiting-rollout');
    expect(await desk.commits()).toBe(1);
    expect((await desk.git('rev-parse', 'HEAD')).trim()).toBe(commit);
    expect(await desk.git('status', '--porcelain')).toBe('');
    await workbench.openViewContainer('War Room');
    await desk.waitForTree('committed, not pushed');
  });

  test('a commit that a killed command left half-done is finished from the tree', async () => {
    const { workbench } = desk;
    await workbench.openViewContainer('War Room');
    const gate = await Gate.install(desk.folder, 'pre-commit');
    const command = desk.startCommand('diagnose', 'logs/grafana-oom.log', '--yes', '--no-pool');
    await gate.waitUntilReached();
    await desk.waitForTree('committing');
    process.kill(-(command.pid ?? 0), 'SIGKILL');
    await gate.open();
    await desk.waitForTree('commit interrupted');
    await waitFor('the badge', async () => (await workbench.badge('War Room')) === '1');
    const incident = workbench.view('Incidents').item('grafana');
    await incident.click();
    await desk.incidentPage.waitForText('The commit was interrupted');
    expect(await desk.incidentPage.buttons()).toEqual(['Finish Commit', 'Copy as Markdown']);
    await workbench.screenshotInBothThemes('interrupted');

    await incident.press('Finish Commit');
    await desk.waitForState('awaiting-rollout');
    expect(await desk.commits()).toBe(1);
    expect(await desk.git('status', '--porcelain')).toBe('');
    await desk.incidentPage.waitForText('Push the commit');
  });

  test('the page of an incident is there again after a reload, and closes when it is gone', async () => {
    const { workbench, incidentPage } = desk;
    const log = await desk.writeDatabaseLog();
    const text = 'port 5432 failed';
    await desk.diagnose(log);
    await desk.waitForState('reported');
    await incidentPage.waitForText(text);
    await workbench.reload();
    await incidentPage.waitForText(text);
    await desk.session.killExtensionHost();
    await incidentPage.waitForText(text);
    await desk.diagnose(log);
    await incidentPage.waitForText(text);
    expect((await workbench.tabs()).filter((tab) => tab.includes('blog-service:'))).toHaveLength(1);

    await workbench.runCommand('War Room: Clear Stored Incidents…');
    await workbench.dialog().press('Clear');
    await waitFor('the page to close', async () =>
      (await workbench.tabs()).every((tab) => !tab.includes('blog-service:')),
    );
  });
});

/** A hook that says when it is reached and goes on when it is let. */
class Gate {
  private constructor(private readonly folder: string) {}

  static async install(repository: string, hook: string): Promise<Gate> {
    const folder = join(repository, '.git', `gate-${hook}`);
    const script = join(repository, '.git', 'hooks', hook);
    await mkdir(join(script, '..'), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    const wait = `while test ! -e '${folder}/open'; do sleep 0.1; done`;
    await writeFile(script, `#!/bin/sh\n: > '${folder}/reached'\n${wait}\n`);
    await chmod(script, 0o755);
    return new Gate(folder);
  }

  async waitUntilReached(): Promise<void> {
    await waitFor('the hook', () => existsSync(join(this.folder, 'reached')), {
      deadlineMs: 120_000,
    });
  }

  async open(): Promise<void> {
    await writeFile(join(this.folder, 'open'), '');
  }
}
