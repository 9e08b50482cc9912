import { describe, expect, it } from 'vitest';

import { fence, plain } from '../../../src/incident/markdown';

describe('plain', () => {
  it.each([
    ['<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert(1)\\>'],
    ['![x](http://evil/p.png) [y]: z', '!\\[x\\](http://evil/p.png) \\[y\\]: z'],
    ['a\n\n# heading\n- b', 'a # heading - b'],
    ['`code` *b* _i_ a_b &lt; a & b', '\\`code\\` \\*b\\* \\_i\\_ a_b \\&lt; a & b'],
  ])('%j', (text, markdown) => expect(plain(text)).toBe(markdown));
});

it('a fence is longer than any in the text', () => {
  expect(fence('', 'a\n````\nb')).toBe('`````\na\n````\nb\n`````');
});
