import { execFile } from 'node:child_process';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';

import type { Incident } from '../../src/incident/incident';
import { fileChange } from '../../src/remediation/change';
import { temporaryFolder } from '../harness/temporary';
import type { TemporaryFolder } from '../harness/temporary';
import { waitFor } from '../harness/wait';
import { OnCall, grafanaValues } from './onCall';

const staging = 'helm-values/grafana/values-staging.yaml';
const refusesMain =
  '#!/bin/sh\nwhile read old new ref; do case "$ref" in refs/heads/main) echo "main is protected: open a pull request." >&2; exit 1;; esac; done\n';

let desk: OnCall;
let remote: TemporaryFolder;

beforeAll(async () => {
  desk = await OnCall.start();
  remote = await temporaryFolder('remote');
  await promisify(execFile)('git', ['init', '--quiet', '--bare', remote.path]);
  await desk.git('remote', 'add', 'origin', remote.path);
  await desk.git('push', '--quiet', 'origin', 'main');
  await writeFile(join(remote.path, 'hooks', 'pre-receive'), refusesMain);
  await chmod(join(remote.path, 'hooks', 'pre-receive'), 0o755);
  await desk.workbench.openViewContainer('War Room');
});

afterAll(async () => {
  await desk?.dispose();
  await remote?.remove();
});

beforeEach(async () => {
  if ((await desk.incidents()).length > 0) await desk.startOver();
});

/** The incident proposes the same edit for another overlay, which is in git as it was. */
async function proposeForStagingToo({ id, proposal }: Incident): Promise<void> {
  const [first] = proposal?.files ?? [];
  if (!proposal || !first) throw new Error('There is a change of a file.');
  const bytes = Buffer.from(await desk.read(grafanaValues));
  await desk.write(staging, bytes);
  await desk.git('add', staging);
  await desk.git('commit', '--quiet', '--message', 'Staging');
  const folders = await readdir(desk.dataFolder, { recursive: true });
  const name = folders.find((each) => each.endsWith(join(id, 'incident.json')));
  const file = join(desk.dataFolder, name ?? 'missing');
  const stored = JSON.parse(await readFile(file, 'utf8')) as Incident;
  const files = [first, fileChange(staging, bytes, first.edits)];
  await writeFile(file, JSON.stringify({ ...stored, proposal: { ...proposal, files } }));
}

test('evidence beside the change, one of two files, a push that is refused, a branch, and back', async ({
  task,
}) => {
  onTestFailed(() => desk.session.saveFailure(task.name));
  const { workbench, page } = desk;
  const incident = await desk.diagnoseGrafana();

  // The change has the whole height: no panel comes up by itself.
  expect(await page.locator('.part.panel').filter({ visible: true }).count()).toBe(0);
  // The thread stands at the changed line, only reads, and its links jump to the log.
  await page.locator('.comment-range-glyph').filter({ visible: true }).first().click();
  const thread = page.locator('.review-widget').first();
  await thread.getByText('grafana-oom.log:68').waitFor();
  expect(await thread.locator('.comment-form').count()).toBe(0);
  await workbench.screenshotInBothThemes('diff-with-evidence');
  await thread.getByText('grafana-oom.log:68').click();
  await workbench.waitForTab('grafana-oom.log');

  await proposeForStagingToo(incident);
  await workbench.runCommand('War Room: Show Change');
  // The diff that was open keeps its tab and comes to the front, with the other beside it.
  await workbench.waitForTab(/^values\.yaml/);
  await waitFor('the second diff', async () =>
    (await workbench.tabs()).some((tab) => /values-staging\.yaml.*\(2 of 2\)/.test(tab)),
  );
  await workbench.runCommand('War Room: Accept and Commit');
  await workbench.quickInput.waitForPrompt('Accept which of the 2 files?');
  await workbench.screenshotInBothThemes('two-files');
  await workbench.quickInput.choose(staging);
  await page.locator('.quick-input-widget .monaco-button').getByText('OK').click();
  const committed = await desk.waitForState('awaiting-rollout');
  expect(await desk.committedPaths()).toEqual(desk.pathsOf(committed));
  expect(committed.proposal?.leftOut?.map(({ path }) => path)).toEqual([staging]);
  expect(await desk.git('status', '--porcelain')).toBe('');

  await workbench.notification('Committed').press('Push');
  await workbench.notification('origin refuses pushes to main').press('Push as Branch');
  const branch = `war-room/${incident.id}`;
  await workbench.notification(`Pushed ${branch} to origin`).text();
  const there = await desk.git('ls-remote', 'origin', `refs/heads/${branch}`);
  expect(there.split('\t')[0]).toBe(committed.commit);

  await workbench.runCommand('War Room: Revert This Fix…');
  await workbench.quickInput.waitForPrompt('Why was it not the right fix?');
  await workbench.quickInput.enter('it leaks');
  const { reverted } = await desk.waitForState('rejected');
  expect(await desk.git('log', '-1', '--format=%H%n%b')).toContain(
    `${reverted?.commit}\nThis reverts commit ${committed.commit}.`,
  );
  await waitFor('the old value', async () =>
    (await desk.read(grafanaValues)).includes('memory: 512Mi'),
  );
  expect(await desk.git('status', '--porcelain')).toBe('');
  await workbench.screenshotInBothThemes('reverted');
  await workbench.notification('Took the fix back').press('Push');
  await workbench.notification('origin refuses pushes to main').press('Push as Branch');
  await workbench.notification(`Pushed ${branch}-2 to origin`).text();
});
