import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';

import { testCache } from '../harness/paths';
import { temporaryFolder } from '../harness/temporary';
import type { EditorRun } from './run';

/**
 * The desktop VS Code to test with: the one that VSCODE_TEST_EXECUTABLE names, or a downloaded one
 * of the version that VSCODE_TEST_VERSION names (`stable`, `1.101.0`). Undefined when neither is
 * set: a test run downloads nothing that nobody asked for.
 */
export async function findDesktop(): Promise<string | undefined> {
  const executable = process.env['VSCODE_TEST_EXECUTABLE'];
  const version = process.env['VSCODE_TEST_VERSION'];
  if (executable || !version) {
    return executable;
  }
  return downloadAndUnzipVSCode({ version, cachePath: testCache() });
}

/** Runs the suite in a desktop VS Code of its own, with empty user data. */
export async function runOnDesktop(executable: string, run: EditorRun): Promise<void> {
  await using userData = await temporaryFolder('desktop');
  await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: run.extension,
    extensionTestsPath: run.suite,
    extensionTestsEnv: run.env,
    launchArgs: [
      run.workspace,
      '--disable-workspace-trust',
      '--skip-welcome',
      '--skip-release-notes',
      `--user-data-dir=${userData.path}`,
    ],
  });
}
