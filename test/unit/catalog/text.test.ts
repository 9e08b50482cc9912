import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { firstSentence, plainText, slug } from '../../../src/catalog/text';

describe('texts that others wrote', () => {
  it.each([
    ['[Click](command:evil) me', 'Click me'],
    ['![x](https://example.com/pixel.png)', 'x'],
    ['[a][b] <img src=x> `code` **bold**', 'a code bold'],
    ['red \u001b[31mtext\u001b[0m\r\nnext', 'red 31mtext 0m next'],
    ['abc\u202Edef\u200B\u2028g', 'abc def g'],
    ['  한글 설명  ', '한글 설명'],
  ])('%j becomes %j', (text, plain) => {
    expect(plainText(text, 80)).toBe(plain);
  });

  it('never grow beyond their bound, and hold no control character and no link', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.nat(100), (text, most) => {
        const plain = plainText(text, most + 1);
        expect([...plain].length).toBeLessThanOrEqual(most + 1);
        expect(plain).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]|\]\(|[<>`]/u);
        expect(plainText(plain, most + 1)).toBe(plain);
      }),
    );
  });

  it('are cut at the end of their first sentence', () => {
    expect(firstSentence('Reads version 1.2 of it. Then more.')).toBe('Reads version 1.2 of it.');
    expect(firstSentence('word '.repeat(100))).toHaveLength(240);
  });

  it('give names that are safe in a container’s name', () => {
    expect(slug('@Scope/My Server!')).toBe('scope-my-server');
    expect(slug('한글')).toBe('server');
  });
});
