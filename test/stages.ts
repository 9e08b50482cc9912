import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectRoot } from './harness/paths';
import { runCommand } from './harness/process';
import type { CommandResult } from './harness/process';
import type { StageResult } from './harness/results';
import { temporaryFolder } from './harness/temporary';

/** One step of `npm test`. */
export interface Stage {
  readonly name: string;
  run(): Promise<StageResult>;
}

const minute = 60_000;
const stageDeadlineMs = 60 * minute;

const build = commands('build', { bundles: ['node', 'esbuild.js', '--production'] });

/** In the order of the report: what is quick and most telling comes first. */
export const stages: readonly Stage[] = [
  build,
  commands('check', {
    types: [bin('typescript', 'bin/tsc'), '--noEmit', '-p', '.'],
    'types of the pages': [bin('typescript', 'bin/tsc'), '--noEmit', '-p', 'webview'],
    lint: [bin('eslint', 'bin/eslint.js'), '.'],
    format: [bin('prettier', 'bin/prettier.cjs'), '--check', '.'],
  }),
  vitest('unit'),
  vitest('integration'),
  { name: 'editor', run: runEditor },
  vitest('ui'),
  { name: 'evals', run: runEvals },
];

/**
 * What runs after what: the rounds one after the other, the lanes of a round beside each other, a
 * lane's stages in their order. Real parts mostly keep a test waiting, so that the processor is free.
 */
export const rounds: readonly (readonly (readonly Stage[])[])[] = [
  [[build]],
  [
    stages.filter(({ name }) => name === 'integration'),
    stages.filter((stage) => stage !== build && stage.name !== 'integration'),
  ],
];

/** A stage of commands that must end with status 0, each counted as one test. */
function commands(name: string, steps: Readonly<Record<string, readonly string[]>>): Stage {
  const runStep = async (step: string, command: readonly string[]): Promise<StageResult> => {
    const result = await node(command[0] === 'node' ? command.slice(1) : command);
    return result.code === 0
      ? { passed: 1, failures: [], skips: [] }
      : failed(step, `${result.stdout}${result.stderr}`.trim());
  };
  return {
    name,
    run: async () => {
      const results: StageResult[] = [];
      for (const [step, command] of Object.entries(steps)) {
        results.push(await runStep(step, command));
      }
      return {
        passed: results.reduce((sum, { passed }) => sum + passed, 0),
        failures: results.flatMap(({ failures }) => failures),
        skips: [],
      };
    },
  };
}

/** A stage of vitest files below `test/<name>`, with the configuration that lies there. */
function vitest(name: string): Stage {
  return {
    name,
    run: () =>
      withResultFile(async (file) => {
        const config = join('test', name, 'vitest.config.ts');
        const result = await tsx(name, join('test', 'harness', 'runVitest.ts'), config, file);
        return readResult(name, file, result);
      }),
  };
}

async function runEditor(): Promise<StageResult> {
  return withResultFile(async (file) => {
    const result = await tsx('editor', join('test', 'editor', 'run.ts'), '--result', file);
    return readResult('editor', file, result);
  });
}

/** The evaluation says its counts in its closing line, `evals: N passed, N failed`. */
async function runEvals(): Promise<StageResult> {
  const script = join('test', 'evals', 'run.ts');
  if (!existsSync(join(projectRoot, script))) {
    return { passed: 0, failures: [], skips: [{ name: 'evals', reason: `no ${script}` }] };
  }
  const { stdout, code } = await tsx('evals', script);
  const closing = /^evals: (\d+) passed, (\d+) failed/m.exec(stdout);
  const named = [...stdout.matchAll(/^FAILED (.+)$/gm)].map(([, name]) => name ?? '');
  const count = Number(closing?.[2] ?? 1);
  if (closing && count === 0 && code === 0) {
    return { passed: Number(closing[1]), failures: [], skips: [] };
  }
  const failures = Array.from({ length: Math.max(count, 1) }, (_, index) => ({
    name: named[index] ?? 'evals',
    message: closing ? 'See above.' : 'The evaluation did not come to its end.',
  }));
  return { passed: Number(closing?.[1] ?? 0), failures, skips: [] };
}

async function withResultFile(run: (file: string) => Promise<StageResult>): Promise<StageResult> {
  await using folder = await temporaryFolder('results');
  return await run(join(folder.path, 'result.json'));
}

/** A green exit and a result file belong together; a stage that broke off is a failure. */
async function readResult(
  stage: string,
  file: string,
  { code, stderr }: CommandResult,
): Promise<StageResult> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    return failed(stage, `It ended with status ${code} and without results.\n${stderr.trim()}`);
  }
  const result = JSON.parse(text) as StageResult;
  return code !== 0 && result.failures.length === 0
    ? { ...result, failures: [{ name: stage, message: `It ended with status ${code}.` }] }
    : result;
}

function failed(name: string, message: string): StageResult {
  return { passed: 0, failures: [{ name, message }], skips: [] };
}

function bin(name: string, path: string): string {
  return join('node_modules', name, path);
}

async function tsx(stage: string, ...args: readonly string[]): Promise<CommandResult> {
  return node([bin('tsx', 'dist/cli.mjs'), ...args], stage);
}

async function node(args: readonly string[], echo?: string): Promise<CommandResult> {
  return runCommand(process.execPath, args, {
    cwd: projectRoot,
    env: { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' },
    deadlineMs: stageDeadlineMs,
    echo,
  });
}
