import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { waitFor } from '../harness/wait';
import { OnCall, grafanaValues } from './onCall';

/** The repository is not as it was when the change was planned, or not free to be committed to. */
describe('a repository with a will of its own', () => {
  let desk: OnCall;

  beforeAll(async () => {
    // In a browser VS Code saves by itself unless told otherwise.
    desk = await OnCall.start({ settings: { 'files.autoSave': 'off' } });
  });

  afterAll(async () => {
    await desk?.dispose();
  });

  beforeEach(async ({ task }) => {
    onTestFailed(() => desk.session.saveFailure(task.name));
    if ((await desk.incidents()).length > 0) await desk.startOver();
  });

  test('a file that changed meanwhile is edited again, shown again, and never overwritten', async () => {
    const { workbench } = desk;
    await desk.diagnoseGrafana();
    await workbench.diff('modified').replace('1024Mi', '1100Mi');
    const changed = (await desk.read(grafanaValues)).replace(
      'resources:\n',
      'replicaLimit: 3\nresources:\n',
    );
    await desk.write(grafanaValues, changed);
    await workbench.pressEditorAction('Accept');
    await workbench.notification('made again on its new text').text();
    expect(await desk.read(grafanaValues)).toBe(changed);
    await workbench.diff('original').waitForText('replicaLimit: 3');
    await workbench.diff('modified').waitForText('replicaLimit: 3');
    await workbench.diff('modified').waitForText('memory: 1100Mi');
    expect((await desk.waitForState('awaiting-approval')).accepted).toBe(null);

    await workbench.pressEditorAction('Accept');
    await desk.waitForState('accepted');
    expect(await desk.read(grafanaValues)).toBe(
      changed.replace('512Mi  #', '1100Mi  #').replace('memory: 256Mi\n', 'memory: 512Mi\n'),
    );
  });

  test('a file with unsaved edits is refused until it is saved', async () => {
    const { workbench } = desk;
    await desk.diagnoseGrafana();
    const before = await desk.read(grafanaValues);
    const editor = await workbench.openFile(grafanaValues);
    await editor.replace('replicas: 1', 'replicas: 2');
    await workbench.runCommand('War Room: Show Change');
    await desk.waitForDiff();
    await workbench.pressEditorAction('Accept');
    await workbench.notification('edits that are not saved').press('Save All');
    await waitFor('the saved file', async () => (await desk.read(grafanaValues)) !== before);
    expect((await desk.waitForState('awaiting-approval')).accepted).toBe(null);

    const saved = before.replace('replicas: 1', 'replicas: 2');
    expect(await desk.read(grafanaValues)).toBe(saved);
    await workbench.pressEditorAction('Accept');
    await workbench.notification('made again on its new text').text();
    await desk.waitForDiff();
    await workbench.pressEditorAction('Accept');
    await desk.waitForState('accepted');
    expect(await desk.read(grafanaValues)).toBe(
      saved.replace('512Mi  #', '1024Mi  #').replace('memory: 256Mi\n', 'memory: 512Mi\n'),
    );
  });

  test('a protected branch is left alone: the commit goes to a branch of its own', async () => {
    const { workbench, session } = desk;
    await session.changeSettings({ 'git.branchProtection': ['main'] });
    try {
      const { id } = await desk.diagnoseGrafana();
      const main = await desk.git('rev-parse', 'main');
      await workbench.pressEditorAction('Accept and Commit');
      const { branch } = await desk.waitForState('awaiting-rollout');
      expect(branch).toBe(`war-room/${id}`);
      expect(await workbench.notification('Committed').text()).toContain(`war-room/${id}`);
      expect((await desk.git('branch', '--show-current')).trim()).toBe(`war-room/${id}`);
      expect(await desk.git('rev-parse', 'main')).toBe(main);
      expect(await desk.git('rev-parse', 'HEAD~1')).toBe(main);
    } finally {
      await session.changeSettings({ 'git.branchProtection': [] });
    }
  });
});
