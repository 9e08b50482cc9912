import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { waitFor } from '../harness/wait';
import { OnCall, grafanaValues } from './onCall';

/** Each class of error says one clear sentence, and its button does what it says. */
describe('an error offers the way on', () => {
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

  test('nothing selected: the whole file', async () => {
    const { workbench } = desk;
    await workbench.openFile('logs/grafana-oom.log');
    await workbench.runCommand('War Room: Diagnose Selected Log');
    const warning = workbench.notification('No lines are selected');
    expect(await warning.buttons()).toEqual(['Diagnose Whole File', 'Diagnose Clipboard']);
    await warning.press('Diagnose Whole File');
    const { trigger } = await desk.waitForState('awaiting-approval');
    expect(trigger).toBe('logs/grafana-oom.log');
    await desk.waitForDiff();
  });

  test('a blank selection: another file', async () => {
    const { workbench } = desk;
    await desk.write('logs/blank.log', '\n   \n\t\n');
    await desk.diagnose('logs/blank.log');
    const error = workbench.notification(/empty|nothing to read|no text/i);
    await error.press('Diagnose a File…');
    await workbench.quickInput.waitForPrompt('Choose the log to diagnose');
    await workbench.quickInput.enterPath(join(desk.folder, 'logs', 'healthy.log'));
    await desk.waitForState('no-incident');
    await desk.incidentPage.waitForText('healthy');
  });

  test('a binary file from the explorer', async () => {
    const { workbench } = desk;
    const program = await readFile(process.execPath);
    await desk.write('core.dump', program.subarray(0, 1 << 20));
    await workbench.openViewContainer('Explorer');
    await desk.inExplorer('core.dump', 'Diagnose a File…');
    const error = workbench.notification(/binary/i);
    expect(await error.buttons()).toContain('Diagnose a File…');
    expect(await desk.incidents()).toEqual([]);
  });

  test('a merge in progress: Resolve Merge', async () => {
    const { workbench } = desk;
    await desk.diagnoseGrafana();
    await conflictingMerge(desk);
    const before = await desk.read(grafanaValues);
    await workbench.pressEditorAction('Accept');
    await workbench.notification('merge is in progress').press('Resolve Merge');
    await waitFor('the conflict in Source Control', async () =>
      (await workbench.sourceControl.changes()).some((change) => change.includes('README.md')),
    );
    expect(await desk.read(grafanaValues)).toBe(before);
    await desk.git('merge', '--abort');
    await workbench.pressEditorAction('Accept and Commit');
    await desk.waitForState('awaiting-rollout');
  });

  test('no identity: Set Identity, and then the commit works', async () => {
    const { workbench } = desk;
    await desk.git('config', '--unset', 'user.name');
    await desk.git('config', '--unset', 'user.email');
    await desk.diagnoseGrafana();
    await workbench.pressEditorAction('Accept and Commit');
    await workbench.notification('does not know who commits').press('Set Identity');
    await workbench.quickInput.waitForPrompt('Your name');
    await workbench.quickInput.enter('Kim Nachtdienst');
    await waitFor('the second question', async () =>
      (await workbench.quickInput.prompt()).includes('e-mail'),
    );
    await workbench.quickInput.enter('kim@example.com');
    await waitFor('the identity', () => desk.git('config', 'user.email'));
    expect((await desk.waitForState('accepted')).commit).toBe(null);
    await workbench.pressEditorAction('Accept and Commit');
    await desk.waitForState('awaiting-rollout');
    expect(await desk.git('log', '-1', '--format=%an <%ae>')).toBe(
      'Kim Nachtdienst <kim@example.com>\n',
    );
  });

  test('a hook that refuses: Show Logs', async () => {
    const { workbench } = desk;
    const hook = join(desk.folder, '.git', 'hooks', 'pre-commit');
    await mkdir(join(hook, '..'), { recursive: true });
    await writeFile(hook, '#!/bin/sh\necho "chart versions must be bumped" >&2\nexit 1\n');
    await chmod(hook, 0o755);
    await desk.diagnoseGrafana();
    const before = await desk.read(grafanaValues);
    await workbench.pressEditorAction('Accept and Commit');
    const error = workbench.notification('hook refused the commit');
    expect(await error.text()).toContain('chart versions must be bumped');
    await workbench.screenshotInBothThemes('refused');
    await error.press('Show Logs');
    await waitFor('the log', async () =>
      (await workbench.output()).includes('chart versions must be bumped'),
    );
    await workbench.runCommand('View: Hide Panel');
    expect(await desk.commits()).toBe(0);
    await desk.waitForState('accepted');
    const failed = 'The commit failed, and the change is staged';
    await desk.incidentPage.waitForText(failed);
    expect(await desk.incidentPage.buttons()).toEqual([
      'Commit',
      'Undo Accept',
      'Copy as Markdown',
    ]);
    await workbench.openViewContainer('War Room');
    await desk.waitForTree(failed);
    await workbench.screenshotInBothThemes('commit-failed');
    await workbench.pressEditorAction('Undo Accept');
    await desk.waitForState('awaiting-approval');
    await desk.waitForDiff();
    expect(await desk.read(grafanaValues)).toBe(before);
    expect(await desk.git('status', '--porcelain')).toBe('');
  });

  test('a detached HEAD: Create Branch', async () => {
    const { workbench } = desk;
    await desk.diagnoseGrafana();
    await desk.git('switch', '--quiet', '--detach');
    await workbench.pressEditorAction('Accept and Commit');
    await workbench.notification('HEAD is detached').press('Create Branch…');
    await waitFor('the question for a name', async () =>
      (await workbench.quickInput.prompt()).toLowerCase().includes('branch name'),
    );
    await workbench.quickInput.enter('night-fix');
    await waitFor('the branch', async () =>
      (await desk.git('branch', '--show-current')).includes('night-fix'),
    );
    await workbench.pressEditorAction('Accept and Commit');
    const { branch } = await desk.waitForState('awaiting-rollout');
    expect(branch).toBe('night-fix');
  });
});

/** A workspace that is no repository takes the change; to commit it, a repository is needed. */
describe('without a repository', () => {
  let desk: OnCall;

  beforeAll(async () => {
    desk = await OnCall.start({ repository: false });
  });

  afterAll(async () => {
    await desk?.dispose();
  });

  beforeEach(({ task }) => {
    onTestFailed(() => desk.session.saveFailure(task.name));
  });

  test('Accept applies the change and says so, and Commit asks for one', async () => {
    const { workbench } = desk;
    await desk.diagnoseGrafana();
    const before = await desk.read(grafanaValues);
    await workbench.pressEditorAction('Accept');
    await desk.waitForState('accepted');
    const said = workbench.notification('There is no git repository');
    expect(await said.text()).toContain('nothing was committed');
    expect(await desk.read(grafanaValues)).toContain('memory: 1024Mi');
    await desk.incidentPage.press('Commit');
    await workbench.notification('in no git repository').press('Choose Repository…');
    await workbench.quickInput.waitForPrompt('holds the Helm values');
    await workbench.quickInput.cancel();
    await workbench.runCommand('War Room: Undo Accept');
    await desk.waitForState('awaiting-approval');
    await desk.waitForDiff();
    expect(await desk.read(grafanaValues)).toBe(before);
  });
});

async function conflictingMerge(desk: OnCall): Promise<void> {
  await desk.git('switch', '--quiet', '-c', 'other');
  await desk.write('README.md', 'theirs\n');
  await desk.git('commit', '--quiet', '--all', '--message', 'Theirs');
  await desk.git('switch', '--quiet', 'main');
  await desk.write('README.md', 'ours\n');
  await desk.git('commit', '--quiet', '--all', '--message', 'Ours');
  await desk.git('merge', 'other').catch(() => undefined);
  expect(await desk.git('ls-files', '--unmerged')).toContain('README.md');
}
