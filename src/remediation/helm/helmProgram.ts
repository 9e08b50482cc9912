import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { WarRoomError } from '../../base/errors';

/** What one run of Helm ended in. */
export interface HelmResult {
  ok: boolean;
  stdout: string;
  stderr: string;
}

const maximumOutput = 16 * 1024 * 1024;

/** Where Helm is; undefined where it is not on `PATH`. */
export async function findHelm(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const names = process.platform === 'win32' ? ['helm.exe'] : ['helm'];
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((one) => one !== '');
  for (const path of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return undefined;
}

/**
 * Runs Helm with homes of its own, so that it reads no plugins, repositories or clusters of the
 * person. Exit statuses but 0 come back in `ok`.
 * @param home a folder that is empty and removed afterwards
 * @throws code `cancelled`
 */
export async function runHelm(
  helm: string,
  args: readonly string[],
  home: string,
  signal: AbortSignal,
): Promise<HelmResult> {
  return await new Promise((resolve, reject) => {
    execFile(
      helm,
      [...args],
      {
        cwd: home,
        env: environmentIn(home),
        killSignal: 'SIGKILL',
        maxBuffer: maximumOutput,
        signal,
        windowsHide: true,
      },
      (error, stdout, stderr) => {
        if (signal.aborted) {
          reject(new WarRoomError('cancelled', 'Rendering the chart was cancelled.'));
          return;
        }
        resolve({ ok: error === null, stdout, stderr: stderr || (error?.message ?? '') });
      },
    );
  });
}

function environmentIn(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    SystemRoot: process.env['SystemRoot'],
    HOME: home,
    KUBECONFIG: join(home, 'no-cluster'),
    HELM_CACHE_HOME: join(home, 'cache'),
    HELM_CONFIG_HOME: join(home, 'config'),
    HELM_DATA_HOME: join(home, 'data'),
    HELM_PLUGINS: join(home, 'plugins'),
  };
}
