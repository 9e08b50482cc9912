import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { exitOnSignals } from '../harness/process';
import type { StageResult } from '../harness/results';
import { temporaryFolder, temporaryRepository } from '../harness/temporary';
import { projectRoot, sampleRepository } from '../harness/paths';
import { bundleSuite } from './bundle';
import { runOnDesktop, findDesktop } from './desktop';
import { runOnServer } from './server';
import { suiteVariables } from './variables';

/** One run of the suite in one kind of editor. */
export interface EditorRun {
  /** The folder of the extension under test. */
  readonly extension: string;
  /** The bundled suite's entry, which exports `run()`. */
  readonly suite: string;
  readonly workspace: string;
  readonly env: NodeJS.ProcessEnv;
  readonly deadlineMs: number;
}

const deadlineMs = 600_000;

/**
 * Runs the suite inside VS Code, on a fresh copy of the sample repository: in the desktop editor
 * where one is named, else in the VS Code server.
 */
export async function runEditorSuite(grep?: string): Promise<StageResult> {
  await using workspace = await temporaryRepository(sampleRepository);
  await using results = await temporaryFolder('editor');
  const resultFile = join(results.path, 'result.json');
  const run: EditorRun = {
    extension: projectRoot,
    suite: await bundleSuite(),
    workspace: workspace.path,
    env: {
      WAR_ROOM_DATA: join(results.path, 'data'),
      // No cluster of the machine is asked.
      KUBECONFIG: join(results.path, 'kubeconfig'),
      [suiteVariables.result]: resultFile,
      ...(grep ? { [suiteVariables.grep]: grep } : {}),
    },
    deadlineMs,
  };
  const desktop = await findDesktop();
  const failure = await (desktop ? runOnDesktop(desktop, run) : runOnServer(run)).then(
    () => undefined,
    (error: unknown) => error,
  );
  return await readResult(resultFile, failure);
}

/** The suite's own word counts; an editor that died before it could give it is one failure. */
async function readResult(file: string, failure: unknown): Promise<StageResult> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as StageResult;
  } catch {
    const message = `The suite did not report its results. ${String(failure)}`;
    return { passed: 0, failures: [{ name: 'editor suite', message }], skips: [] };
  }
}

/** `tsx test/editor/run.ts [PATTERN] [--result FILE]` */
async function main(): Promise<void> {
  exitOnSignals();
  const { values, positionals } = parseArgs({
    options: { result: { type: 'string' } },
    allowPositionals: true,
  });
  const result = await runEditorSuite(positionals[0]);
  if (values.result) {
    await writeFile(values.result, JSON.stringify(result));
  }
  for (const { name, message } of result.failures) {
    console.log(`\nFAILED ${name}\n${message}`);
  }
  console.log(`editor: ${result.passed} passed, ${result.failures.length} failed`);
  process.exitCode = result.failures.length > 0 ? 1 : 0;
}

void main();
