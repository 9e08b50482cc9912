import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

import { endGroup, runOrThrow, spawnGroup } from '../process';
import { temporaryFolder } from '../temporary';
import { waitFor } from '../wait';
import { installVsCodeServer } from './install';
import type { VsCodeServerInstallation } from './install';

/** Values of VS Code settings by their full id. */
export type Settings = Readonly<Record<string, unknown>>;

/** What `startVsCodeServer` may be told; everything has a default. */
export interface VsCodeServerOptions {
  /** Default: a folder inside `userDataDir`. */
  readonly extensionsDir?: string;
  /** Extensions to have installed: VSIX files, or folders of unpacked extensions (linked). */
  readonly extensions?: readonly string[];
  /** Settings, state and logs. Default: a temporary folder that `dispose` removes. */
  readonly userDataDir?: string;
  /** The folder that `url()` opens when it is not told another one. */
  readonly workspace?: string;
  /** On top of those that keep the workbench quiet. Settings of application scope have no effect. */
  readonly settings?: Settings;
  /** Reaches the server and the extension host, on top of this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** False asks about workspace trust as a normal editor does. Default: everything is trusted. */
  readonly trust?: boolean;
  /**
   * True makes the workbench obey the development keys of the payload (`extensionTestsPath` …).
   * It also hides all notifications, so tests that look at the workbench leave it out.
   */
  readonly development?: boolean;
  /** Default: a free port. A workbench keeps its windows' state by the address it came from. */
  readonly port?: number;
  /** Ends by itself when no window was open for five minutes. Default: true. */
  readonly endWhenUnused?: boolean;
}

/** Pairs that the workbench reads from its address, such as `extensionDevelopmentPath`. */
export type Payload = ReadonlyArray<readonly [string, string]>;

/** A running VS Code server. */
export interface VsCodeServer extends AsyncDisposable {
  readonly port: number;
  readonly process: ChildProcess;
  readonly userDataDir: string;
  readonly extensionsDir: string;
  /** The address that opens `folder` (or the workspace of the options). */
  url(folder?: string, payload?: Payload): string;
  /** A path of this machine as the workbench names it: `vscode-remote://…`. */
  remoteUri(path: string): string;
  /** Replaces the settings; windows that are open follow at once. */
  setSettings(settings: Settings): Promise<void>;
  /** All that the server has printed. */
  output(): string;
  dispose(): Promise<void>;
}

/** Keeps everything off the screen that is not about the test. */
const quietSettings: Settings = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'workbench.tips.enabled': false,
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'update.mode': 'none',
  'remote.autoForwardPorts': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.layoutControl.enabled': false,
  'git.autofetch': false,
  'git.openRepositoryInParentFolders': 'never',
  // Files are asked for with an input box of the workbench instead of a dialog of the system.
  'files.simpleDialog.enable': true,
};

/**
 * Starts a VS Code server on a free loopback port and waits (at most a minute) until it answers.
 *
 * @throws Error with the server's output when it ends or is not ready in time
 */
export async function startVsCodeServer(options: VsCodeServerOptions = {}): Promise<VsCodeServer> {
  const installation = await installVsCodeServer();
  const temporary = options.userDataDir ? undefined : await temporaryFolder('server');
  const userDataDir = options.userDataDir ?? temporary?.path ?? '';
  const extensionsDir = options.extensionsDir ?? join(userDataDir, 'extensions');
  const folders = { userDataDir, extensionsDir };
  // The person's own settings live in the browser; those of the machine apply to every window.
  const setSettings = (settings: Settings): Promise<void> =>
    writeSettings(join(userDataDir, 'data', 'Machine'), { ...quietSettings, ...settings });
  await setSettings(options.settings ?? {});
  const run = await temporaryFolder('run');
  const env = { ...environment(installation, options.env), XDG_RUNTIME_DIR: run.path };
  await installExtensions(installation, folders, env, options.extensions ?? []);

  let output = '';
  const server = spawnGroup(installation.node, serverArguments(installation, folders, options), {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [server.stdout, server.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const dispose = async (): Promise<void> => {
    await endGroup(server);
    await run.remove();
    await temporary?.remove();
  };

  try {
    const port = await waitUntilReady(server, () => output);
    const remoteUri = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
    return {
      port,
      process: server,
      ...folders,
      url: (folder = options.workspace, payload = []) => workbenchAddress(port, folder, payload),
      remoteUri,
      setSettings,
      output: () => output,
      dispose,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface Folders {
  readonly userDataDir: string;
  readonly extensionsDir: string;
}

function serverArguments(
  installation: VsCodeServerInstallation,
  folders: Folders,
  options: VsCodeServerOptions,
): string[] {
  return [
    installation.serverMain,
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
    '--without-connection-token',
    '--accept-server-license-terms',
    ...['--telemetry-level', 'off'],
    ...folderArguments(folders),
    ...(options.development ? ['--enable-smoke-test-driver'] : []),
    ...(options.trust === false ? [] : ['--disable-workspace-trust']),
    ...(options.endWhenUnused === false ? [] : ['--enable-remote-auto-shutdown']),
  ];
}

function folderArguments({ userDataDir, extensionsDir }: Folders): string[] {
  return ['--server-data-dir', userDataDir, '--extensions-dir', extensionsDir];
}

/** The server's Node comes first on PATH; what VS Code sets for its own terminals is taken out. */
function environment(
  installation: VsCodeServerInstallation,
  extra: NodeJS.ProcessEnv = {},
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE|ELECTRON|VITEST|NODE_OPTIONS)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: [dirname(installation.node), process.env['PATH']].join(delimiter),
    ...extra,
  };
}

async function writeSettings(folder: string, settings: Settings): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
}

async function waitUntilReady(server: ChildProcess, output: () => string): Promise<number> {
  const look = (): number | undefined => {
    const port = /Extension host agent listening on (\d+)/.exec(output())?.[1];
    return server.exitCode === null ? (port ? Number(port) : undefined) : -1;
  };
  const port = await waitFor('the VS Code server', look, { deadlineMs: 60_000 }).catch(() => -1);
  if (port === -1) {
    throw new Error(`The VS Code server did not start:\n${output()}`);
  }
  return port;
}

function workbenchAddress(port: number, folder: string | undefined, payload: Payload): string {
  const address = new URL(`http://127.0.0.1:${port}/`);
  if (folder) {
    address.searchParams.set('folder', folder);
  } else {
    address.searchParams.set('ew', 'true');
  }
  const quiet = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  address.searchParams.set('payload', JSON.stringify([...quiet, ...payload]));
  return address.href;
}

/** VSIX files are installed by VS Code itself; a folder is linked in, as VS Code would unpack it. */
async function installExtensions(
  installation: VsCodeServerInstallation,
  folders: Folders,
  env: NodeJS.ProcessEnv,
  extensions: readonly string[],
): Promise<void> {
  await mkdir(folders.extensionsDir, { recursive: true });
  for (const extension of extensions) {
    if (extension.endsWith('.vsix')) {
      const args = [installation.serverMain, '--install-extension', extension, '--force'];
      await runOrThrow(installation.node, [...args, ...folderArguments(folders)], {
        env,
        deadlineMs: 120_000,
      });
    } else {
      await linkExtension(folders.extensionsDir, extension);
    }
  }
}

async function linkExtension(extensionsDir: string, folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    publisher: string;
    name: string;
    version: string;
  };
  const { publisher, name, version } = manifest;
  const link = join(extensionsDir, `${publisher}.${name}-${version}`);
  await rm(link, { force: true });
  await symlink(folder, link);
}
