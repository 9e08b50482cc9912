import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_LINE } from '../../../src/intake/clean';
import { chooseLines, mergeScans } from '../../../src/intake/scan/excerpts';
import { LineScanner } from '../../../src/intake/scan/lineScanner';
import { buildLiteralMatcher, literalsIn } from '../../../src/base/literalMatcher';
import { compilePrefilter, matchLine, toPortable } from '../../../src/intake/scan/prefilter';
import { templateOf } from '../../../src/intake/scan/template';

const patterns = toPortable([
  {
    literals: ['OOMKilled', 'out of memory'],
    pattern: /OOMKilled|Out of memory: Killed process \d+/,
  },
  { literals: ['error'], pattern: /\berror\b/i },
  { literals: ['refused'], pattern: /connection refused/ },
]);
const prefilter = compilePrefilter(patterns, 10);

function scan(text: string, chunks: readonly number[] = [text.length], lineEndByte = 10) {
  const bytes = Buffer.from(text);
  const scanner = new LineScanner(compilePrefilter(patterns, lineEndByte), lineEndByte);
  let at = 0;
  for (let n = 0; at < bytes.length; n++) {
    const size = Math.max(1, chunks[n % chunks.length] ?? 1);
    scanner.push(bytes.subarray(at, at + size));
    at += size;
  }
  return scanner.finish();
}

describe('literals', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', 'c', '-'), maxLength: 40 });
  it('finds what a plain search finds, whatever the case', () => {
    const literal = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', '-'),
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(literal, { minLength: 1, maxLength: 8 }),
        letters,
        (literals, text) => {
          const found = literalsIn(buildLiteralMatcher(literals, 10), text);
          const expected = literals.flatMap((part, index) =>
            text.toLowerCase().includes(part) ? [index] : [],
          );
          expect([...found].sort((a, b) => a - b)).toEqual(expected);
        },
      ),
    );
  });

  it('refuses literals that no line could hold', () => {
    expect(() => buildLiteralMatcher([''], 10)).toThrow('empty');
    expect(() => buildLiteralMatcher(['a\nb'], 10)).toThrow('one line');
    expect(() => buildLiteralMatcher(['한'], 10)).toThrow('ASCII');
  });

  it('gives the first pattern that matches, and where', () => {
    expect(matchLine(prefilter, 'an ERROR: connection refused')).toEqual({ pattern: 1, at: 3 });
    expect(matchLine(prefilter, 'no such error_code')).toBeNull();
  });

  it('tries patterns without literals on every line', () => {
    const every = compilePrefilter([{ literals: [], source: '^panic', flags: 'g' }], 10);
    expect(matchLine(every, 'panic: x')).toEqual({ pattern: 0, at: 0 });
    expect(matchLine(every, 'panic: x')).toEqual({ pattern: 0, at: 0 });
  });
});

describe('templateOf', () => {
  const template = (line: string) => templateOf(Buffer.from(line), 0, Buffer.byteLength(line));
  it.each([
    ['10:00:01 request 812 took 31ms', '11:59:58 request 90114 took 7ms'],
    ['pod a-7d9c5b8f6d-x2x9z down', 'pod a-66f8c9d7b5-k4j2h down'],
  ])('is the same: %s', (a, b) => expect(template(a)).toBe(template(b)));
  it.each([
    ['exit code 137', 'exit code 1'],
    ['"GET / HTTP/1.1" 200 31', '"GET / HTTP/1.1" 503 31'],
    ['cannot reach redis', 'cannot reach postgres'],
  ])('differs: %s', (a, b) => expect(template(a)).not.toBe(template(b)));
});

describe('LineScanner', () => {
  const line = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.string({ maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, '')),
    },
    fc.constantFrom(
      'Error: a',
      'dial: connection refused',
      'Out of memory: Killed process 7',
      '',
      '오류 error',
    ),
  );

  it('finds the same however the bytes arrive, with the right numbers', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (lines, chunks) => {
          const text = lines.join('\n');
          const whole = scan(text);
          expect(scan(text, chunks)).toEqual(whole);
          const expected = text === '' ? [] : text.replace(/\n$/, '').split('\n');
          expect(whole.totalLines).toBe(expected.length);
          expect(whole.matchedLines).toBe(
            expected.filter((each) => matchLine(prefilter, each)).length,
          );
        },
      ),
    );
  });

  const healthy = (count: number, seed = 0) =>
    Array.from(
      { length: count },
      (_, n) => `10:00:0${n % 9} info request ${n + seed} took ${n % 90}ms, all is well`,
    );
  const numbered = (lines: readonly string[]) => (kept: { number: number; text: string }) =>
    expect(kept.text).toBe(lines[kept.number - 1]);

  it('keeps start, end and matches with the lines around them', () => {
    const lines = [...healthy(20_000), 'before', 'OOMKilled', 'after', ...healthy(20_000)];
    const found = scan(lines.join('\n'), [65_536]);
    const kept = chooseLines(found, 1024 * 1024);
    kept.forEach(numbered(lines));
    const numbers = kept.map((each) => each.number);
    expect(numbers).toEqual(expect.arrayContaining([1, 20_001, 20_002, 20_003, 40_003]));
    expect(kept.length).toBeLessThan(20_000);
  });

  it('does not let a million equal errors crowd out the one that matters', () => {
    const equal = Array.from(
      { length: 200_000 },
      (_, n) => `10:00:00 error request ${n} failed: connection refused`,
    );
    const lines = [...equal.slice(0, 100_000), 'pod grafana OOMKilled', ...equal.slice(100_000)];
    const found = scan(lines.join('\n'), [1 << 20]);
    const kept = chooseLines(found, 64 * 1024);
    expect(kept.map((each) => each.text)).toContain('pod grafana OOMKilled');
    kept.forEach(numbered(lines));
    expect(Math.max(...found.repetitions.map(({ times }) => times))).toBe(200_000);
    expect(found.matchedLines).toBe(200_001);
    expect(kept.reduce((sum, each) => sum + each.text.length, 0)).toBeLessThanOrEqual(64 * 1024);
  });

  it('keeps rare patterns beside one with many shapes', () => {
    const word = (n: number) => n.toString(2).replace(/0/g, 'x').replace(/1/g, 'y');
    const lines = Array.from({ length: 5000 }, (_, n) => `error of ${word(n)} ${'z'.repeat(200)}`);
    lines.splice(2500, 0, 'connection refused');
    const kept = chooseLines(scan(lines.join('\n')), 64 * 1024);
    expect(kept.map((each) => each.text)).toContain('connection refused');
  });

  it('keeps start and end of a line that fits no buffer, and the lines after it', () => {
    const long = `first ${'word '.repeat(600_000)}an error at last`;
    const found = scan(['a', long, 'b OOMKilled'].join('\n'), [100_000]);
    expect(found.totalLines).toBe(3);
    const kept = chooseLines(found, 1024 * 1024);
    const second = kept.find((each) => each.number === 2)?.text ?? '';
    expect(second.length).toBeLessThan(LONGEST_LINE + 1000);
    expect(second).toMatch(
      /^first word .* \[\.\.\. \d+ characters cut \.\.\.\] .*an error at last$/,
    );
    expect(kept.at(-1)).toEqual({ number: 3, text: 'b OOMKilled' });
  });

  it('knows CR as line end where it is told so', () => {
    const found = scan('a\rb error\rc', [3], 13);
    expect(found.totalLines).toBe(3);
    expect(found.head.map((each) => each.text)).toEqual(['a', 'b error', 'c']);
  });

  it('numbers lines on over ranges', () => {
    const lines = [...healthy(9000), 'OOMKilled', ...healthy(9000, 9), 'OOMKilled in pod', 'end'];
    const parts = [lines.slice(0, 7000), lines.slice(7000, 12_000), lines.slice(12_000)];
    const merged = mergeScans(parts.map((part) => scan(part.join('\n') + '\n')));
    expect(merged.totalLines).toBe(lines.length);
    const kept = chooseLines(merged, 1024 * 1024);
    kept.forEach(numbered(lines));
    expect(kept.map((each) => each.number)).toEqual(
      expect.arrayContaining([1, 9001, 18_002, 18_003]),
    );
  });
});
