import { describe, expect, it } from 'vitest';

import { isSpelledLike, nearestTags } from '../../../../src/remediation/fixes/imageTag';

describe('tags that differ only in how they are written', () => {
  it.each([
    ['v1.4.2', '1.4.2', true],
    ['V1.4.2-RC1', '1.4.2-rc1', true],
    ['1.4.2_3', '1.4.2-3', true],
    ['3.9.O', '3.9.0', true],
    ['1.l', '1.1', true],
    ['1.4.2', '1.4.2-alpine', false],
    ['1.4.0', '1.4.8', false],
    ['1.4', '1.4.0', false],
    ['1.10', '1.1', false],
    ['version', 'ersion', false],
  ])('%s and %s: %s', (one, other, is) => {
    expect(isSpelledLike(one, other)).toBe(is);
    expect(isSpelledLike(other, one)).toBe(is);
  });
});

describe('the nearest tags', () => {
  it.each<[wanted: string, all: string[], nearest: string[]]>([
    [
      '1.5.0',
      ['1.10.0', '1.4.9', '1.4.10', '1.4.2', '0.9.0', '1.5.1', '2.0.0', 'v1.4.11', 'latest', '1.5'],
      ['1.4.10', '1.4.9', '1.4.2', '1.5.1', '1.10.0'],
    ],
    ['1.4.2-alpine', ['1.4.2', '1.4.1-alpine', '1.4.1'], ['1.4.1-alpine']],
    ['v2', ['v1', '1', 'v3'], ['v1', 'v3']],
    ['2026.11.22', ['2026.11.08', '2026.2.30'], ['2026.11.08', '2026.2.30']],
    ['99999999999999999999', ['99999999999999999998'], ['99999999999999999998']],
    [
      'main-3f2a1bc',
      ['main-77aa012', 'main-3f00000', 'dev-3f2a1bc'],
      ['main-3f00000', 'main-77aa012'],
    ],
    ['lates', ['latest', 'stable'], ['latest']],
    ['1.5.0', ['latest', 'stable'], []],
    ['1.5.0', ['1.5.0-rc1'], ['1.5.0-rc1']],
    ['1.5.0', [], []],
  ])('to %s', (wanted, all, nearest) => {
    expect(nearestTags(wanted, all).tags).toEqual(nearest);
  });
});
