import { describe, it } from 'vitest';

import { memory } from './given';
import type { LineRow, Objection, Refusal } from './lines';
import { changesLines, objects, refuses, two } from './lines';

const gibi = 2 ** 30;

const node = 'env:\n  - name: NODE_OPTIONS\n    value: "--trace-gc --max-old-space-size=256"\n';

describe('the heap fix', () => {
  it.each<LineRow>([
    {
      name: 'the heap of Node where it is set; the container holds it',
      category: 'heap-exhausted',
      values: node + memory('1Gi', '1Gi'),
      facts: { heapLimitBytes: 260 * 2 ** 20, heapOption: '--max-old-space-size' },
      changed: {
        '    value: "--trace-gc --max-old-space-size=256"':
          '    value: "--trace-gc --max-old-space-size=512"',
      },
      title: 'raise --max-old-space-size to 512Mi',
      says: /heap x 2 = 256Mi x 2 = 512Mi/,
    },
    {
      name: 'the container too, where the heap would exceed 75% of it',
      category: 'heap-exhausted',
      values: node + memory('512Mi', '256Mi'),
      facts: { heapOption: '--max-old-space-size', memoryLimit: '512Mi' },
      changed: {
        '    value: "--trace-gc --max-old-space-size=256"':
          '    value: "--trace-gc --max-old-space-size=512"',
        '    memory: 512Mi': '    memory: 704Mi',
        '    memory: 256Mi': '    memory: 352Mi',
      },
      title:
        'raise --max-old-space-size to 512Mi and raise memory limit to 704Mi and request to 352Mi',
    },
    {
      name: 'the heap of Java, and its first size where it is the same',
      category: 'heap-exhausted',
      values: 'env:\n  JAVA_OPTS: >-\n    -Xms512m\n    -Xmx512m -XX:+UseG1GC\n',
      facts: { heapLimitBytes: 512 * 2 ** 20 },
      changed: {
        '    -Xms512m': '    -Xms1024m',
        '    -Xmx512m -XX:+UseG1GC': '    -Xmx1024m -XX:+UseG1GC',
      },
      title: 'raise -Xmx to 1024Mi',
    },
  ])('$category: $name', changesLines);

  it.each<Refusal>([
    ['two heaps', 'heap-exhausted', two(node), {}, 'values-ambiguous'],
    ['another heap', 'heap-exhausted', node, { heapLimitBytes: 4 * gibi }, 'values-ambiguous'],
    ['no heap', 'heap-exhausted', memory('1Gi', '1Gi'), {}, 'values-key-missing'],
  ])('refuses %s (%s)', refuses);

  it.each<Objection>([['heap-exhausted', { memoryLeak: true }, /only buy time/]])(
    'objects to %s with %j',
    objects,
  );
});
