import { describe, expect, it } from 'vitest';

import { applyEdits } from '../../../../src/remediation/yaml/applyEdits';
import { inStyleOf, scalarValue } from '../../../../src/remediation/yaml/scalarText';
import { ValuesDocument } from '../../../../src/remediation/yaml/valuesDocument';

const bytesOf = (text: string) => Buffer.from(text, 'utf8');
const path = ['resources', 'limits', 'memory'];
const file = bytesOf('resources:\n  limits:\n    memory: 512Mi\n');

const withCode = (code: string) => expect.objectContaining({ name: 'WarRoomError', code }) as Error;

describe('applyEdits', () => {
  it('refuses a scalar that is not what the proposal was made for', () => {
    const edit = { keyPath: path, before: '256Mi', after: '1Gi' };
    expect(() => applyEdits(file, [edit])).toThrow(withCode('proposal-stale'));
  });

  it.each(['1Gi\nevil: true', '1Gi # note', 'a: b', '', '[1]', '*alias', '1Gi\n---\nx'])(
    'refuses %j as a value',
    (after) => {
      const edit = { keyPath: path, before: '512Mi', after };
      expect(() => applyEdits(file, [edit])).toThrow(withCode('wrong-usage'));
    },
  );

  it('refuses text that means something else where it stands', () => {
    const flow = bytesOf('limits: {memory: 512Mi, cpu: 1}\n');
    const edit = { keyPath: ['limits', 'memory'], before: '512Mi', after: '1, 2' };
    expect(() => applyEdits(flow, [edit])).toThrow(withCode('values-ambiguous'));
  });

  it('refuses aliases that blow up', () => {
    const levels = Array.from({ length: 9 }, (_, index) => {
      const inner = index === 0 ? 'x' : `*a${index - 1}`;
      return `a${index}: &a${index} [${Array(9).fill(inner).join(', ')}]`;
    });
    expect(() => ValuesDocument.parse(bytesOf(levels.join('\n')))).toThrow(
      withCode('values-unparsable'),
    );
  });

  it('refuses more than 5 MiB', () => {
    const large = bytesOf(`a: 1 # ${'x'.repeat(5 * 1024 * 1024)}`);
    expect(() => ValuesDocument.parse(large)).toThrow(withCode('values-unparsable'));
  });

  it('says which other paths share a text', () => {
    const shared = bytesOf('a: &m 512Mi\nb: *m\nc: {<<: {d: 1}, e: *m}\n');
    expect(ValuesDocument.parse(shared).scalar(['a']).sharedBy).toEqual([['b'], ['c', 'e']]);
  });

  it('does nothing for an empty list of edits', () => {
    expect(Buffer.from(applyEdits(file, [])).equals(file)).toBe(true);
  });
});

describe('inStyleOf', () => {
  const styled = (source: string, typed: string) =>
    inStyleOf(ValuesDocument.parse(bytesOf(`a: ${source}\n`)).scalar(['a']), typed);

  it.each([
    ['512Mi', '1Gi', '1Gi'],
    ["'512Mi'", '1Gi', "'1Gi'"],
    ['"512Mi"', '1Gi', '"1Gi"'],
    ['"512Mi"', "'1Gi'", "'1Gi'"],
    ['512Mi', '"1Gi"', '"1Gi"'],
    ['512Mi', ' 1Gi ', '1Gi'],
    ["'a'", "it's", "'it''s'"],
    ['plain', 'a # b', '"a # b"'],
    ['plain', '# b', '"# b"'],
    ['|-\n  512Mi', '1Gi', '|-\n  1Gi\n'],
  ])('%s set to %s becomes %s', (source, typed, after) => {
    expect(styled(source, typed)).toBe(after);
  });
});

describe('scalarValue', () => {
  it.each([
    ['1Gi', '1Gi'],
    ['"1"', '1'],
    ['1', 1],
    ['true', true],
  ])('%s', (source, value) => expect(scalarValue(source)).toBe(value));
});
