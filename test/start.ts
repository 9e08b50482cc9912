import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';

import { projectRoot, sampleRepository } from './harness/paths';
import { temporaryRepository } from './harness/temporary';
import { startVsCodeServer } from './harness/vscodeServer/start';

/**
 * `npm start [-- FOLDER]`: War Room in a real editor, on a copy of the sample repository (or of
 * FOLDER) that is removed at the end.
 */
async function main(source: string): Promise<void> {
  await using workspace = await temporaryRepository(source);
  const stopped = untilStopped();
  const desktop = await findOnPath('code');
  await (desktop ? openDesktop(desktop, workspace.path) : serve(workspace.path, stopped));
}

/** Opens a window of the desktop VS Code and waits until it is closed. */
async function openDesktop(code: string, workspace: string): Promise<void> {
  console.log(`War Room runs in a window of VS Code, on ${workspace}. Close it to clean up.`);
  const args = ['--new-window', '--wait', `--extensionDevelopmentPath=${projectRoot}`, workspace];
  await once(spawn(code, args, { stdio: 'inherit' }), 'close');
}

/** Serves the editor to a browser until the person has enough. */
async function serve(workspace: string, stopped: Promise<void>): Promise<void> {
  await using server = await startVsCodeServer({
    workspace,
    extensions: [projectRoot],
    endWhenUnused: false,
  });
  console.log(`War Room runs at\n\n    ${server.url()}\n\non ${workspace}. Ctrl+C ends it.`);
  await stopped;
}

async function untilStopped(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, process.platform === 'win32' ? `${name}.cmd` : name);
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) {
      return path;
    }
  }
  return undefined;
}

void main(resolve(process.argv[2] ?? sampleRepository));
