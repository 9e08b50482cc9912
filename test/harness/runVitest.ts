import { writeFile } from 'node:fs/promises';
import type { TestCase, TestModule, Vitest } from 'vitest/node';

import { projectRoot } from './paths';
import { exitOnSignals } from './process';
import type { Failure, Skip, StageResult } from './results';

/**
 * Runs vitest with one configuration and writes the `StageResult` as JSON, with the reasons of
 * skips, which vitest's own JSON report leaves out.
 *
 *     tsx test/harness/runVitest.ts test/unit/vitest.config.ts /tmp/result.json
 */
async function main([config, resultFile]: readonly string[]): Promise<void> {
  if (!config || !resultFile) {
    throw new Error('Usage: runVitest.ts CONFIG RESULT_FILE');
  }
  exitOnSignals();
  // vitest is an ES module, which only a dynamic import reaches from here.
  const { startVitest } = await import('vitest/node');
  const options = { config, run: true, watch: false, reporters: ['default'] };
  const vitest = await startVitest('test', [], options, { root: projectRoot });
  await writeFile(resultFile, JSON.stringify(stageResult(vitest)));
  await vitest.close();
}

function stageResult(vitest: Vitest): StageResult {
  const modules = vitest.state.getTestModules();
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  return {
    passed: tests.filter((test) => test.result().state === 'passed').length,
    failures: [
      ...modules.flatMap(moduleFailures),
      ...tests.flatMap(testFailure),
      ...vitest.state.getUnhandledErrors(),
    ].map((failure) => asFailure(failure)),
    skips: tests.flatMap(testSkip),
  };
}

/** Errors outside tests: a file that does not load, a hook that fails. */
function moduleFailures(module: TestModule): Failure[] {
  const suites = [...module.children.allSuites()];
  const errors = [module, ...suites].flatMap((owner) => owner.errors());
  return errors.map((error) => ({
    name: module.relativeModuleId,
    message: describe(error),
  }));
}

function testFailure(test: TestCase): Failure[] {
  const { state, errors = [] } = test.result();
  if (state === 'passed' || state === 'skipped') {
    return [];
  }
  const message = errors.map(describe).join('\n');
  return [{ name: name(test), message: state === 'pending' ? 'It did not end.' : message }];
}

function testSkip(test: TestCase): Skip[] {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return result.state === 'skipped'
    ? [{ name: name(test), reason: note ?? 'no reason is given' }]
    : [];
}

/** The message with the places; a stack alone would show another message for a timeout. */
function describe({ message, stack = '' }: { message: string; stack?: string }): string {
  const places = stack.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return [message, ...places].join('\n');
}

function name(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

function asFailure(failure: unknown): Failure {
  return isFailure(failure)
    ? failure
    : { name: 'an error outside any test', message: String(failure) };
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value;
}

void main(process.argv.slice(2));
