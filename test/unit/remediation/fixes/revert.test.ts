import { describe, expect, it } from 'vitest';

import type { Category } from '../../../../src/incident/category';
import { commitsIn, revertFixer } from '../../../../src/remediation/fixes/revert';
import { fixOf, told } from './given';

const newest = '0abcdef0';

/** The revert of the newest commit, whose text the file holds now. */
function revertOf(category: Category, now: string, before: string, hidden = false, file = now) {
  const given = { category, values: file, earlier: [now, before] };
  return fixOf(given, revertFixer(category, [newest], hidden));
}

describe('what changed in the last 24 h', () => {
  it.each<[string, Category, string, string, string[]]>([
    [
      'a limit that was lowered',
      'oom-killed',
      'resources: {limits: {memory: 256Mi}}\n',
      'resources: {limits: {memory: 1Gi}}\n',
      ['resources.limits.memory: 256Mi -> 1Gi'],
    ],
    [
      'a new image',
      'segfault',
      'image: {tag: "2.0"}\n',
      'image: {tag: "1.9"}\n',
      ['image.tag: "2.0" -> "1.9"'],
    ],
    [
      'all that the commit changed in the file, and a key that it took out',
      'missing-env',
      'replicas: 2\nenv:\n  A: "1"\n',
      'replicas: 3\nenv:\n  A: "1"\n  REGION: eu\n',
      ['replicas: 2 -> 3', 'env.REGION: eu'],
    ],
    [
      'the path of a probe',
      'liveness-failed',
      'livenessProbe: {httpGet: {path: /health}}\n',
      'livenessProbe: {httpGet: {path: /healthz}}\n',
      ['livenessProbe.httpGet.path: /health -> /healthz'],
    ],
  ])('%s', (_, category, now, before, edits) => {
    const fix = revertOf(category, now, before);
    expect(fix.title).toBe(`Revert ${newest}: change 0`);
    expect(told(fix.edits).toSorted()).toEqual(edits.toSorted());
  });

  it.each<[string, Category, string, string, string?]>([
    [
      'a limit that was raised',
      'oom-killed',
      'resources: {limits: {memory: 2Gi}}\n',
      'resources: {limits: {memory: 1Gi}}\n',
    ],
    ['another part of the values', 'oom-killed', 'replicas: 2\n', 'replicas: 3\n'],
    ['a key that was added', 'segfault', 'image: {tag: "2", pull: a}\n', 'image: {tag: "1"}\n'],
    [
      'what was changed again since',
      'segfault',
      'image: {tag: "2"}\n',
      'image: {tag: "1"}\n',
      'image: {tag: "3"}\n',
    ],
  ])('is not reverted: %s', (_, category, now, before, file = now) => {
    expect(() => revertOf(category, now, before, false, file)).toThrow();
  });

  it('gives a leak no memory back, and its old image instead', () => {
    const limits = (memory: string) => `resources: {limits: {memory: ${memory}}}\n`;
    expect(() => revertOf('oom-killed', limits('256Mi'), limits('1Gi'), true)).toThrow(/No commit/);
    const image = revertOf('oom-killed', 'image: {tag: "2"}\n', 'image: {tag: "1"}\n', true);
    expect(told(image.edits)).toEqual(['image.tag: "2" -> "1"']);
  });

  it('gives a stuck start no more time', () => {
    const probe = (delay: number) => `livenessProbe: {initialDelaySeconds: ${delay}}\n`;
    expect(() => revertOf('liveness-failed', probe(5), probe(60), true)).toThrow(/No commit/);
  });

  it('reads commits out of the changes of the root cause', () => {
    const changes = [
      'ab12cd3 2026-11-20T10:00:00+01:00 Kim: Release 2.0',
      '2026-11-20T09:00:00Z Scaled up replica set shop-1 to 3',
    ];
    expect(commitsIn(changes)).toEqual(['ab12cd3']);
  });
});
