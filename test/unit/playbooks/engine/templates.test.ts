import { describe, expect, it } from 'vitest';
import { templatesOf } from '../../../../src/playbooks/engine/templates';

const lines = [
  ...Array.from({ length: 900 }, (_, at) => `INFO GET /cart/${at} 200 ${at % 40}ms`),
  ...Array.from({ length: 90 }, (_, at) => `WARN pool of user-${at} is ${at}% full`),
  'ERROR cannot write: ENOSPC: no space left on device',
  'ERROR cannot write: ENOSPC: no space left on device',
];

describe('templates', () => {
  it('bring many lines to few, with counts and places', () => {
    expect(templatesOf(lines, { most: 10 })).toEqual([
      { text: 'INFO GET /cart/<*> <*> <*>ms', count: 900, first: 0, last: 899 },
      { text: 'WARN pool of user-<*> is <*>% full', count: 90, first: 900, last: 989 },
      {
        text: 'ERROR cannot write: ENOSPC: no space left on device',
        count: 2,
        first: 990,
        last: 991,
      },
    ]);
  });

  it('lose no line: every line is counted once', () => {
    const mixed = lines.map(
      (line, at) => `${line} ${'abcdefghij'[at % 10] ?? ''}${'x'.repeat(at % 7)}`,
    );
    const total = templatesOf(mixed, { most: 10_000 }).reduce((sum, { count }) => sum + count, 0);
    expect(total).toBe(mixed.length);
  });

  it('keep what differs in a word apart where the words say different things', () => {
    const texts = ['user logged in', 'disk volume full'].flatMap((text) => [text, text]);
    expect(templatesOf(texts, { most: 5 }).map(({ text }) => text)).toEqual([
      'user logged in',
      'disk volume full',
    ]);
  });

  it('stay bounded whatever the lines are', () => {
    const random = Array.from({ length: 5000 }, (_, at) =>
      Array.from({ length: 3 }, (_, word) =>
        `${String.fromCharCode(97 + ((at * 7 + word) % 26))}`.repeat(1 + ((at >> word) % 30)),
      ).join(' '),
    );
    expect(templatesOf(random, { most: 1e6 }).length).toBeLessThan(5000);
    expect(templatesOf(['x'.repeat(1e6), ''], { most: 5 })).toHaveLength(1);
  });
});
