import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { projectRoot } from '../harness/paths';
import { git, temporaryRepository } from '../harness/temporary';
import type { TemporaryFolder } from '../harness/temporary';
import { waitFor } from '../harness/wait';
import { Session } from './session';
import type { Workbench } from './page/workbench';

const probe = join(projectRoot, 'test', 'harness', 'probeExtension');

/** Tries the page objects on VS Code's own parts and on a stand-in extension. */
describe('the page objects', () => {
  let repository: TemporaryFolder;
  let session: Session;
  let workbench: Workbench;

  beforeAll(async () => {
    repository = await temporaryRepository(join(probe, 'workspace'));
    session = await Session.start({ workspace: repository.path, extensions: [probe] });
    workbench = session.workbench;
  });

  afterAll(async () => {
    await session?.dispose();
    await repository?.remove();
  });

  beforeEach(({ task }) => {
    onTestFailed(() => session.saveFailure(task.name));
  });

  test('open a file and select lines', async () => {
    const editor = await workbench.openFile('logs/app.log');
    await editor.selectLines(3, 5);
    const selection = workbench.statusBarItem(/Ln 5, Col \d+ \(\d+ selected\)/);
    await selection.waitFor();
    expect((await editor.lines())[2]).toEqual({ number: 3, text: 'line 3 of the log' });
  });

  test('press the buttons of notifications', async () => {
    await workbench.runCommand('Probe: Ask');
    const message = workbench.notification('Probe asks.');
    expect(await message.text()).toBe('Probe asks.');
    expect(await message.buttons()).toEqual(['Yes', 'No']);
    await message.press('No');
    await workbench.statusBarItem('probe heard No').waitFor();
  });

  test('answer a modal dialog and a quick pick', async () => {
    await workbench.runCommand('Probe: Confirm');
    expect(await workbench.dialog().text()).toContain('Really?');
    await workbench.dialog().press('Really');
    await workbench.statusBarItem('probe confirmed Really').waitFor();
    await workbench.runCommand('Probe: Pick');
    await workbench.quickInput.waitForPrompt('Which one?');
    await workbench.quickInput.choose('second');
    await workbench.quickInput.waitForPrompt('Why?');
    await workbench.quickInput.enter('because');
    await workbench.statusBarItem('probe picked second because').waitFor();
  });

  test('see an empty tree, fill it, and press what its rows offer', async () => {
    await workbench.openViewContainer('Probe');
    const items = workbench.view('Items');
    expect(await items.welcome()).toContain('Nothing proposed yet.');
    await workbench.openFile('values.yaml');
    await workbench.runCommand('Probe: Propose Change');
    await items.item('branch').expand();
    await items.item('leaf').waitFor();
    expect(await items.rows()).toEqual([
      { label: 'branch', description: '', level: 1, expanded: true },
      { label: 'leaf', description: 'of the branch', level: 2, expanded: undefined },
    ]);
    expect(await workbench.badge('Probe')).toBe('1');
    await items.item('leaf').press('Inspect');
    await workbench.statusBarItem('probe inspected leaf').waitFor();
    await items.pressTitle('Refresh');
    await workbench.statusBarItem('probe refreshed').waitFor();
  });

  test('edit the right side of a diff, accept it, and commit in Source Control', async () => {
    await workbench.openFile('values.yaml');
    await workbench.runCommand('Probe: Propose Change');
    await workbench.waitForTab('Probe: proposal');
    await workbench.diff('original').waitForText('memory: 128Mi');
    await workbench.diff('modified').replace('256Mi', '320Mi');
    await workbench.setTheme('light');
    expect(await workbench.editorActions()).toContain('Accept');
    await workbench.pressEditorAction('Accept');
    await workbench.notification('Probe accepted.').text();
    const changed = await readFile(join(repository.path, 'values.yaml'), 'utf8');
    expect(changed).toContain('memory: 320Mi');

    await workbench.openViewContainer('Source Control');
    const { sourceControl } = workbench;
    await waitFor('the change', async () => (await sourceControl.changes()).length > 0);
    await sourceControl.press('values.yaml', 'Stage Changes');
    await sourceControl.message.fill('Raise the memory\n\nIt was too small.');
    expect(await sourceControl.message.text()).toContain('It was too small.');
    await sourceControl.commit();
    const log = (): Promise<string> => git(repository.path, 'log', '-1', '--format=%B');
    await waitFor('the commit', async () => (await log()).startsWith('Raise the memory\n\nIt was'));
    expect(await git(repository.path, 'show', '--format=', '-U0')).toContain('+    memory: 320Mi');
  });

  test('go on after a reload, a killed extension host and a restart', async () => {
    await workbench.reload();
    await workbench.statusBarItem('probe ready').waitFor();
    await workbench.runCommand('Probe: Refresh');
    await workbench.statusBarItem('probe refreshed').waitFor();
    await session.killExtensionHost();
    await workbench.statusBarItem('probe ready').waitFor();
    await session.restart();
    await workbench.statusBarItem('probe ready').waitFor();
    await session.setClipboard('kept');
    expect(await session.clipboard()).toBe('kept');
  });
});
