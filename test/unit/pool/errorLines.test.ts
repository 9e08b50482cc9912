import fc from 'fast-check';
import { expect, it } from 'vitest';

import { errorLines } from '../../../src/pool/errorLines';

function linesOf(chunks: readonly Buffer[]): string[] {
  const lines: string[] = [];
  const take = errorLines((line) => lines.push(line));
  chunks.forEach((chunk) => take(chunk));
  take();
  return lines;
}

it('cuts lines the same, wherever the chunks end', () => {
  const text = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 20 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 7 }), (given, size) => {
      const lines = given.map((line) => line.replace(/[\r\n]/g, ''));
      const bytes = Buffer.from(lines.map((line) => `${line}\r\n`).join(''));
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(linesOf(chunks)).toEqual(lines);
    }),
  );
});

it('hands on a last line without an end', () => {
  expect(linesOf([Buffer.from('one\ntwo')])).toEqual(['one', 'two']);
});

it('keeps a line without an end from filling the memory', () => {
  const block = Buffer.alloc(1024 * 1024, 'x');
  const lines = linesOf(Array.from({ length: 20 }, () => block));
  expect(lines).toHaveLength(1);
  expect(lines[0]?.length).toBeLessThanOrEqual(4_096);
});

it('hands on a part of a flood, and counts the rest', () => {
  const lines = linesOf([Buffer.from('x\n'.repeat(100_000))]);
  expect(lines.length).toBeLessThan(2_000);
  expect(lines.at(-1)).toMatch(/^\(\d+ more lines of this second are not shown\)$/);
});
