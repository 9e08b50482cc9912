import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { OnCall, grafanaValues } from './onCall';

/** Everything in an editor and a repository that likes to change more than it was asked for. */
describe('only the bytes of the scalars change', () => {
  let desk: OnCall;

  beforeAll(async () => {
    desk = await OnCall.start({
      settings: {
        'editor.formatOnSave': true,
        'files.trimTrailingWhitespace': true,
        'files.insertFinalNewline': true,
        'files.trimFinalNewlines': true,
      },
    });
  });

  afterAll(async () => {
    await desk?.dispose();
  });

  beforeEach(async ({ task }) => {
    onTestFailed(() => desk.session.saveFailure(task.name));
    if ((await desk.incidents()).length > 0) await desk.startOver();
  });

  test('with Accept, and all is back after the undo', async () => {
    const { head, index, disk } = await untidyRepository(desk);
    await desk.diagnoseGrafana();
    await desk.workbench.pressEditorAction('Accept');
    const { id } = await desk.waitForState('accepted');
    expect(await onDisk(desk)).toEqual(raised(disk));
    expect(await blob(desk, `:${grafanaValues}`)).toEqual(raised(index));
    expect(await desk.git('diff', '--cached', '--name-only')).toContain(`examples/${id}/`);

    await desk.workbench.runCommand('War Room: Undo Accept');
    await desk.waitForState('awaiting-approval');
    expect(await onDisk(desk)).toEqual(disk);
    expect(await blob(desk, `:${grafanaValues}`)).toEqual(index);
    expect(await blob(desk, `HEAD:${grafanaValues}`)).toEqual(head);
    expect(await desk.git('diff', '--cached', '--name-only')).toBe(`${grafanaValues}\n`);
  });

  test('with Accept and Commit of a typed value, whatever a hook does to the file', async () => {
    const { head, index, disk } = await untidyRepository(desk);
    await installReformattingHook(desk.folder);
    await desk.diagnoseGrafana();
    await desk.workbench.diff('modified').replace('1024Mi', '1100Mi');
    await desk.workbench.pressEditorAction('Accept and Commit');
    const incident = await desk.waitForState('awaiting-rollout');
    expect(await blob(desk, `HEAD:${grafanaValues}`)).toEqual(raised(head, '1100Mi'));
    expect(await blob(desk, `:${grafanaValues}`)).toEqual(raised(index, '1100Mi'));
    expect(await onDisk(desk)).toEqual(raised(disk, '1100Mi'));
    expect(await desk.committedPaths()).toEqual(desk.pathsOf(incident));
  });
});

/**
 * Gives the values a byte order mark, mixed line ends, white space at line ends, a Latin-1 byte and
 * no final newline, ignores `examples/`, and makes a staged and an unstaged edit in the same file.
 */
async function untidyRepository(desk: OnCall): Promise<Record<'head' | 'index' | 'disk', Buffer>> {
  const tidy = await desk.read(grafanaValues);
  const untidy = tidy
    .trimEnd()
    .replace('replicas: 1\n', 'replicas: 1   \r\n')
    .replace('image:\n', 'image:\r\n')
    .replace('  limits:\n', '  limits:\r\n')
    .replace('# Watches ConfigMaps', '# Wächter der ConfigMaps');
  const head = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(untidy, 'latin1')]);
  await desk.write(grafanaValues, head);
  await desk.write('.gitignore', 'examples/\n');
  await desk.git('add', '--all');
  await desk.git('commit', '--quiet', '--message', 'Untidy the values');
  const index = replaced(head, 'size: 10Gi', 'size: 20Gi');
  await desk.write(grafanaValues, index);
  await desk.git('add', grafanaValues);
  const disk = replaced(index, 'level: info', 'level: debug  ');
  await desk.write(grafanaValues, disk);
  return { head, index, disk };
}

async function installReformattingHook(repository: string): Promise<void> {
  const hook = join(repository, '.git', 'hooks', 'pre-commit');
  await mkdir(join(hook, '..'), { recursive: true });
  const reformat = `sed -i -e 's/[ \\r]*$//' ${grafanaValues}\ngit add ${grafanaValues}`;
  await writeFile(hook, `#!/bin/sh\n${reformat}\n`);
  await chmod(hook, 0o755);
}

function raised(values: Buffer, limit = '1024Mi'): Buffer {
  const withLimit = replaced(values, 'memory: 512Mi  # raised', `memory: ${limit}  # raised`);
  return replaced(withLimit, 'memory: 256Mi\n', 'memory: 512Mi\n');
}

function replaced(bytes: Buffer, text: string, other: string): Buffer {
  const before = bytes.toString('latin1');
  expect(before).toContain(text);
  return Buffer.from(before.replace(text, other), 'latin1');
}

function onDisk(desk: OnCall): Promise<Buffer> {
  return readFile(join(desk.folder, grafanaValues));
}

/** The bytes of a blob, which need not be UTF-8. */
async function blob(desk: OnCall, name: string): Promise<Buffer> {
  const options = { cwd: desk.folder, encoding: 'buffer' as const, timeout: 30_000 };
  return (await promisify(execFile)('git', ['cat-file', 'blob', name], options)).stdout;
}
