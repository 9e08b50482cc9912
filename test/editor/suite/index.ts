import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Mocha from 'mocha';

import type { Failure, Skip, StageResult } from '../../harness/results';
import { suiteVariables } from '../variables';

/**
 * VS Code calls this inside its extension host. Every test file lies bundled beside this one.
 *
 * @throws Error when a test failed, which makes VS Code report the run as failed
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    grep: process.env[suiteVariables.grep],
    // The base of all reporters says nothing by itself.
    reporter: Mocha.reporters.Base,
  });
  for (const name of (await readdir(__dirname)).sort()) {
    if (name.endsWith('.test.js')) {
      mocha.addFile(join(__dirname, name));
    }
  }
  const result = await runMocha(mocha);
  const file = process.env[suiteVariables.result];
  if (file) {
    await writeFile(file, JSON.stringify(result));
  }
  if (result.failures.length > 0) {
    throw new Error(`${result.failures.length} tests failed.`);
  }
}

/** Runs everything, says each result on the console as it comes, and sums up. */
async function runMocha(mocha: Mocha): Promise<StageResult> {
  const failures: Failure[] = [];
  const skips: Skip[] = [];
  let passed = 0;
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve({ passed, failures, skips }));
    runner.on('pass', (test) => {
      passed += 1;
      console.log(`  ✓ ${test.fullTitle()} (${test.duration ?? 0} ms)`);
    });
    runner.on('fail', (test, error: Error) => {
      failures.push({ name: test.fullTitle(), message: error.stack ?? error.message });
      console.log(`  ✗ ${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
    runner.on('pending', (test) => {
      skips.push({ name: test.fullTitle(), reason: 'the suite skips it' });
      console.log(`  - ${test.fullTitle()}`);
    });
  });
}
