import { describe, expect, it } from 'vitest';

import { holdsValues, valuesNow, withValues } from '../../../src/history/scalars';
import { fileChange, reapply } from '../../../src/remediation/change';
import { typedValues } from '../../../src/remediation/typedValues';

const bytesOf = (text: string) => Buffer.from(text, 'utf8');
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

const entry = [
  { keyPath: ['env', 1, 'name'], before: null, after: 'LEVEL' },
  { keyPath: ['env', 1, 'value'], before: null, after: '"debug"' },
];
const base = 'env:\n  - name: A\n    value: x\n';
const added = '  - name: LEVEL\n    value: "debug"\n';
const meanwhile = '  - name: OTHER\n    value: y\n';

describe("a list's new entry", () => {
  it('goes behind what others added meanwhile', () => {
    const now = bytesOf(base + meanwhile);
    expect(valuesNow(now, entry).map(({ holds }) => holds)).toEqual(['before', 'before']);
    expect(textOf(withValues(now, entry))).toBe(base + meanwhile + added);
  });

  it('is known by its name wherever it stands', () => {
    const now = bytesOf(`env:\n${added}${meanwhile}`);
    expect(holdsValues(now, entry)).toBe(true);
    expect(withValues(now, entry)).toBe(now);
    const retyped = bytesOf(textOf(now).replace('"debug"', 'info'));
    expect(valuesNow(retyped, entry)[1]).toMatchObject({
      name: 'env.1.value',
      holds: 'other',
      source: 'info',
    });
  });

  it('is proposed again at its new position, with what was typed', () => {
    const change = fileChange('v.yaml', bytesOf(base), entry);
    const typed = typedValues(
      bytesOf(base),
      change,
      bytesOf(base + added.replace('debug', 'info')),
    );
    expect(typed).toEqual({
      values: { 'v.yaml:env.1.name': 'LEVEL', 'v.yaml:env.1.value': '"info"' },
      leftOut: false,
    });
    const proposal = {
      kind: 'values-edit' as const,
      title: '',
      files: [change],
      reason: '',
      formula: null,
      warnings: [],
    };
    const [again] = reapply(proposal, 'v.yaml', bytesOf(base + meanwhile), typed.values).files;
    expect(again?.edits.map(({ keyPath, after }) => [...keyPath, after])).toEqual([
      ['env', 2, 'name', 'LEVEL'],
      ['env', 2, 'value', '"info"'],
    ]);
  });
});

describe('a key of its own over a merge key', () => {
  const edit = { keyPath: ['web', 'memory'], before: null, after: '1Gi' };
  const before = 'base: &b\n  memory: 512Mi\nweb:\n  <<: *b\n';

  it('is not there while only the merge key sets it', () => {
    expect(valuesNow(bytesOf(before), [edit])[0]?.holds).toBe('before');
    expect(textOf(withValues(bytesOf(before), [edit]))).toBe(`${before}  memory: 1Gi\n`);
    expect(holdsValues(bytesOf(`${before}  memory: "1Gi"\n`), [edit])).toBe(true);
  });
});

describe('edits of several documents and of texts that hold YAML', () => {
  const edits = [
    { keyPath: ['spec', 'values', 'tag'], before: '1', after: '2', document: 1 },
    { keyPath: ['spec', 'values', 'log', 'level'], before: null, after: 'debug', document: 1 },
  ];
  const before = 'spec: {}\n---\nspec:\n  values: |\n    tag: 1\n';
  const after = 'spec: {}\n---\nspec:\n  values: |\n    tag: 2\n    log:\n      level: debug\n';

  it('are read back where they were made', () => {
    expect(textOf(withValues(bytesOf(before), edits))).toBe(after);
    expect(holdsValues(bytesOf(after), edits)).toBe(true);
    expect(valuesNow(bytesOf(before), edits).map(({ holds }) => holds)).toEqual([
      'before',
      'before',
    ]);
    const change = fileChange('app.yaml', bytesOf(before), edits);
    const typed = typedValues(bytesOf(before), change, bytesOf(after.replace('tag: 2', 'tag: 3')));
    expect(typed.values).toEqual({
      'app.yaml:spec.values.tag (document 2)': '3',
      'app.yaml:spec.values.log.level (document 2)': 'debug',
    });
    expect(typed.leftOut).toBe(false);
  });
});
