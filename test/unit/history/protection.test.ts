import { describe, expect, it } from 'vitest';

import { isProtectedBranch } from '../../../src/history/protection';

describe('isProtectedBranch', () => {
  it.each([
    ['main', ['main'], true],
    ['maintenance', ['main'], false],
    ['release/1.2', ['main', 'release/*'], true],
    ['release/1.2/fix', ['release/*'], false],
    ['release/1.2/fix', ['release/**'], true],
    ['team/main', ['**/main'], true],
    ['main', ['**/main'], true],
    ['v1.2', ['v1?2'], true],
    ['v102', ['v1.2'], false],
    ['develop', ['{main,develop}'], true],
    ['anything', ['**'], true],
    ['main', [], false],
  ])('%s with %o: %s', (branch, patterns, expected) => {
    expect(isProtectedBranch(branch, patterns)).toBe(expected);
  });
});
