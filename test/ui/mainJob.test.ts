import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { waitFor } from '../harness/wait';
import { OnCall, grafanaValues } from './onCall';

const raised = (limit: string, request: string): string[] => [
  '-    memory: 512Mi  # raised from 256Mi in March',
  `+    memory: ${limit}  # raised from 256Mi in March`,
  '-    memory: 256Mi',
  `+    memory: ${request}`,
];

/** From a log to a decision, as a person does it. */
describe('the main job', () => {
  let desk: OnCall;

  beforeAll(async () => {
    desk = await OnCall.start();
    await desk.workbench.openViewContainer('War Room');
  });

  afterAll(async () => {
    await desk?.dispose();
  });

  beforeEach(async ({ task }) => {
    onTestFailed(() => desk.session.saveFailure(task.name));
    if ((await desk.incidents()).length > 0) await desk.startOver();
  });

  test('select, diagnose, read, edit, accept, and commit in Source Control', async () => {
    const { workbench } = desk;
    await desk.diagnose('logs/grafana-oom.log', 40, 110);
    await desk.waitForDiff();

    expect(await desk.incidentPage.title()).toBe('grafana: Container killed for memory');
    expect(await desk.incidentPage.section('What broke')).toContain('limit of 512Mi');
    expect(await desk.incidentPage.section('Why')).toMatch(/grafana-oom\.log:68\s+Reason: +OOMK/);
    await workbench.screenshotInBothThemes('diff');
    const right = workbench.diff('modified');
    await right.waitForText('memory: 1024Mi');
    await right.replace('1024Mi', '1100Mi');
    await workbench.pressEditorAction('Accept');

    const accepted = await desk.waitForState('accepted');
    expect(await desk.read(grafanaValues)).toContain('memory: 1100Mi  # raised from 256Mi');
    expect(await desk.git('diff', '--name-only')).toBe('');
    await desk.waitForTree('accepted, not committed');
    expect(await desk.commits()).toBe(0);
    await workbench.screenshotInBothThemes('accepted');

    await workbench.openViewContainer('Source Control');
    await desk.waitForMessage('offered');
    await workbench.sourceControl.commit();
    const { commit } = await desk.waitForState('awaiting-rollout');

    expect(await desk.commits()).toBe(1);
    expect((await desk.git('rev-parse', 'HEAD')).trim()).toBe(commit);
    expect(await desk.committedLines(grafanaValues)).toEqual(raised('1100Mi', '512Mi'));
    expect(await desk.committedPaths()).toEqual(desk.pathsOf(accepted));
    expect(await desk.git('status', '--porcelain')).toBe('');
    await workbench.openViewContainer('War Room');
    await desk.waitForTree('committed, not pushed');
    await workbench
      .view('Incidents')
      .item(commit?.slice(0, 10) ?? 'the commit')
      .waitFor();
    await workbench.screenshotInBothThemes('committed');
  });

  test('accept and commit with one button, and look at the commit', async () => {
    const { workbench } = desk;
    await desk.diagnoseGrafana();
    await workbench.pressEditorAction('Accept and Commit');
    const incident = await desk.waitForState('awaiting-rollout');

    expect(await desk.commits()).toBe(1);
    expect(await desk.committedLines(grafanaValues)).toEqual(raised('1024Mi', '512Mi'));
    expect(await desk.committedPaths()).toEqual(desk.pathsOf(incident));
    expect(await desk.git('log', '-1', '--format=%B')).toContain(`Incident-Id: ${incident.id}`);
    expect(await desk.git('status', '--porcelain')).toBe('');
    await desk.waitForTree('committed, not pushed');

    await workbench.notification('Committed').press('Show Commit');
    await workbench.waitForTab(`${incident.commit?.slice(0, 10)}.diff`);
    await workbench.editor().waitForText('Incident-Category: oom-killed');
  });

  test('reject with a reason', async () => {
    const { workbench } = desk;
    await desk.diagnoseGrafana();
    await workbench.pressEditorAction('Reject…');
    await workbench.quickInput.waitForPrompt('Why is this not the right change?');
    await workbench.quickInput.enter('the leak must be fixed');

    const { decision } = await desk.waitForState('rejected');
    expect(decision).toMatchObject({ kind: 'rejected', reason: 'the leak must be fixed' });
    await desk.waitForTree('rejected');
    await desk.incidentPage.waitForText('the leak must be fixed');
    await workbench.screenshotInBothThemes('rejected');
    expect(await desk.git('status', '--porcelain')).toBe('');
    expect(await desk.commits()).toBe(0);
    await waitFor(
      'the diff to close',
      async () => !(await workbench.tabs()).join().includes('1024Mi'),
    );
  });

  test('undo an accept in a clean file', async () => {
    const { workbench } = desk;
    const { id } = await desk.diagnoseGrafana();
    const before = await desk.read(grafanaValues);
    await workbench.pressEditorAction('Accept');
    await desk.waitForState('accepted');
    await workbench.openViewContainer('Source Control');
    await desk.waitForMessage('offered');

    await workbench.notification('Accepted and staged').press('Undo Accept');
    await desk.waitForState('awaiting-approval');
    await desk.waitForDiff();
    expect(await desk.read(grafanaValues)).toBe(before);
    expect(await desk.git('status', '--porcelain', '--ignored')).toBe('');
    await desk.waitForMessage('none');
    expect(id).toBe((await desk.incidents())[0]?.id);
  });

  test('undo an accept after a reload, with other staged and unstaged edits in the file', async () => {
    const { workbench } = desk;
    const original = await desk.read(grafanaValues);
    const staged = original.replace('size: 10Gi', 'size: 20Gi');
    await desk.write(grafanaValues, staged);
    await desk.git('add', grafanaValues);
    const edited = staged.replace('level: info', 'level: debug');
    await desk.write(grafanaValues, edited);
    const index = await desk.git('ls-files', '--stage', grafanaValues);

    await desk.diagnoseGrafana();
    await workbench.pressEditorAction('Accept');
    await desk.waitForState('accepted');
    expect(await desk.read(grafanaValues)).toBe(
      edited
        .replace('memory: 512Mi', 'memory: 1024Mi')
        .replace('memory: 256Mi\n', 'memory: 512Mi\n'),
    );
    await workbench.reload();
    await workbench.runCommand('War Room: Undo Accept');
    await desk.waitForState('awaiting-approval');
    await desk.waitForDiff();
    expect(await desk.read(grafanaValues)).toBe(edited);
    expect(await desk.git('ls-files', '--stage', grafanaValues)).toBe(index);
    expect(await desk.git('status', '--porcelain')).toBe(`MM ${grafanaValues}\n`);
  });
});
