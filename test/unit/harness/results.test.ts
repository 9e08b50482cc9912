import { describe, expect, test } from 'vitest';

import { isGreen, report, skipsAsFailures } from '../../harness/results';
import type { NamedResult } from '../../harness/results';

const green: NamedResult = { stage: 'unit', passed: 3, failures: [], skips: [] };
const red: NamedResult = {
  stage: 'ui',
  passed: 1,
  failures: [{ name: 'accept', message: 'no button\n  at line 3' }],
  skips: [{ name: 'logs', reason: 'no engine' }],
};

describe('the report of a test run', () => {
  test('ends with the sum', () => {
    expect(report([green]).split('\n').at(-1)).toBe('3 passed, 0 failed');
    expect(report([green, red]).split('\n').at(-1)).toBe('4 passed, 1 failed, 1 skipped');
  });

  test('names what failed and what was skipped, with the reasons', () => {
    expect(report([green, red])).toContain('[ui] accept\n      no button\n        at line 3');
    expect(report([green, red])).toContain('[ui] logs: no engine');
  });

  test('is green only when something passed and nothing failed', () => {
    expect(isGreen([green])).toBe(true);
    expect(isGreen([green, red])).toBe(false);
    expect(isGreen([])).toBe(false);
  });

  test('turns skips into failures for CI', () => {
    const strict = skipsAsFailures(red);
    expect(strict.failures.map(({ name }) => name)).toEqual(['accept', 'logs']);
    expect(strict.skips).toEqual([]);
  });
});
