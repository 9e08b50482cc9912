import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { editOf } from '../../../../src/remediation/fixes/edits';
import { applyEdits } from '../../../../src/remediation/yaml/applyEdits';
import { ValuesDocument } from '../../../../src/remediation/yaml/valuesDocument';

/** A document of random shape with one scalar that is marked, and how its text stands in it. */
interface Sample {
  before: string;
  after: string;
  path: (string | number)[];
  value: string;
}

const key = fc.constantFrom('resources', 'limits', 'memory', 'a-b', 'c.d', '메모리', 'x_1', 'true');
const oldValue = fc.constantFrom('512Mi', '1Gi', '0.5', '250m', '8080', 'café', '제한', 'a b');
const newValue = fc.constantFrom('1024Mi', '2Gi', '1', '500m', '9090', '값', 'c d');
const quote = fc.constantFrom('', "'", '"');
const noise = fc.constantFrom(
  ...['# memory: 512Mi', '# 메모리 📈', '', '   ', '#\ttab', '# "unclosed', "# it's: [not"],
);
const trailer = fc.constantFrom('', ' ', '  # 512Mi', '\t# tab', ' #');
const sibling = fc.constantFrom(
  ...[
    '"512Mi"',
    "'a: b'",
    '[512Mi, 1]',
    '{memory: 512Mi}',
    '|-\n~  memory: 512Mi\n~  x',
    '~',
    '!!str 5',
  ],
);
const level = fc.record({
  key,
  list: fc.boolean(),
  indent: fc.integer({ min: 1, max: 4 }),
  siblings: fc.array(sibling, { maxLength: 2 }),
  noise: fc.array(noise, { maxLength: 2 }),
});

const sample: fc.Arbitrary<Sample> = fc
  .record({
    levels: fc.array(level, { minLength: 1, maxLength: 6 }),
    oldValue,
    newValue,
    quote,
    trailer,
    lineEnd: fc.constantFrom('\n', '\r\n'),
    bom: fc.boolean(),
    finalLineEnd: fc.boolean(),
    tail: fc.array(noise, { maxLength: 3 }),
  })
  .map(({ levels, quote: q, ...rest }) => {
    const lines: string[] = [];
    const path: (string | number)[] = [];
    let indent = '';
    levels.forEach((one, depth) => {
      const last = depth === levels.length - 1;
      lines.push(...one.noise);
      one.siblings.forEach((text, index) => {
        // `~` stands for the indentation, and alone for null.
        const value = text === '~' ? text : text.replaceAll('~', indent);
        lines.push(...`${indent}s${index}: ${value}`.split('\n'));
      });
      path.push(one.key);
      lines.push(
        last ? `${indent}${one.key}: ${q}\u0000${q}${rest.trailer}` : `${indent}${one.key}:`,
      );
      if (last) return;
      indent += ' '.repeat(one.indent);
      if (one.list) {
        lines.push(`${indent}- first: 512Mi`, `${indent}-`);
        path.push(1);
        indent += '   ';
      }
    });
    lines.push(...rest.tail);
    const text =
      (rest.bom ? '\uFEFF' : '') +
      lines.join(rest.lineEnd) +
      (rest.finalLineEnd ? rest.lineEnd : '');
    const value = rest.newValue;
    return {
      before: text.replace('\u0000', rest.oldValue),
      after: text.replace('\u0000', value),
      path,
      value,
    };
  });

describe('applyEdits over random documents', () => {
  it('changes the bytes of the scalar and no other', () => {
    fc.assert(
      fc.property(sample, ({ before, after, path, value }) => {
        const bytes = Buffer.from(before, 'utf8');
        const place = ValuesDocument.parse(bytes).scalar(path);
        const result = applyEdits(bytes, [editOf(place, value)]);
        expect(Buffer.from(result).toString('utf8')).toBe(after);
        expect(String(valueAt(parse(after.replace('\uFEFF', '')), path))).toBe(value);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('keeps bytes that are not UTF-8 wherever a comment holds them', () => {
    fc.assert(
      fc.property(sample, fc.uint8Array({ minLength: 1, maxLength: 20 }), (one, random) => {
        const comment = Buffer.concat([
          Buffer.from('# '),
          Buffer.from(random.map((byte) => byte | 0x80)),
          Buffer.from('\n'),
        ]);
        const body = (text: string) => Buffer.from(text.replace('\uFEFF', ''), 'utf8');
        const bytes = Buffer.concat([comment, body(one.before)]);
        const place = ValuesDocument.parse(bytes).scalar(one.path);
        const result = applyEdits(bytes, [editOf(place, one.value)]);
        expect(Buffer.from(result).equals(Buffer.concat([comment, body(one.after)]))).toBe(true);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], value);
}
