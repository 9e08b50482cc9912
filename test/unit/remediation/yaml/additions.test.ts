import { describe, expect, it } from 'vitest';

import { additionWarnings, editOf } from '../../../../src/remediation/fixes/edits';
import { applyEdits } from '../../../../src/remediation/yaml/applyEdits';
import { ValuesDocument } from '../../../../src/remediation/yaml/valuesDocument';

type Added = [path: string, value: string, document?: number];

const bytesOf = (text: string) => Buffer.from(text, 'utf8');

/** `env.1.name` with positions as numbers. */
const pathOf = (text: string) =>
  text.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));

function editsOf(added: readonly Added[]) {
  return added.map(([path, after, document]) => ({
    keyPath: pathOf(path),
    before: null,
    after,
    ...(document === undefined ? {} : { document }),
  }));
}

function add(text: string, ...added: Added[]): string {
  return Buffer.from(applyEdits(bytesOf(text), editsOf(added))).toString('utf8');
}

const withCode = (code: string) => expect.objectContaining({ name: 'WarRoomError', code }) as Error;
const memory: Added = ['resources.limits.memory', '1Gi'];
const request: Added = ['resources.requests.memory', '512Mi'];

/** What it is, the file, what is added, the file afterwards. */
const table: [string, string, Added[], string][] = [
  [
    '{} with the comment that charts begin with',
    'resources: {}\n  # limits:\n  #   cpu: 1\nb: 1\n',
    [memory],
    'resources:\n  limits:\n    memory: 1Gi\n  # limits:\n  #   cpu: 1\nb: 1\n',
  ],
  [
    'two blocks with a common one that is missing too',
    'a: 1 # last',
    [memory, request],
    'a: 1 # last\nresources:\n  limits:\n    memory: 1Gi\n  requests:\n    memory: 512Mi',
  ],
  [
    'a new block behind a block that gets a key',
    'resources:\n  limits:\n    cpu: 1 # c\n# end\nb: 1\n',
    [request, memory],
    'resources:\n  limits:\n    cpu: 1 # c\n    memory: 1Gi\n  requests:\n    memory: 512Mi\n# end\nb: 1\n',
  ],
  [
    'a written null',
    'resources: ~ # none\n',
    [memory],
    'resources: # none\n  limits:\n    memory: 1Gi\n',
  ],
  ['a value left out', 'memory:   # none\n', [['memory', '1Gi']], 'memory:   1Gi # none\n'],
  [
    'the indentation of the file',
    'x:\n    y:\n        z: 1\nresources: {}\n',
    [memory],
    'x:\n    y:\n        z: 1\nresources:\n    limits:\n        memory: 1Gi\n',
  ],
  [
    'brackets on one line',
    'resources: {limits: {cpu: 1}} # c\n',
    [memory, request],
    'resources: {limits: {cpu: 1, memory: 1Gi}, requests: {memory: 512Mi}} # c\n',
  ],
  [
    'brackets over several lines, with comments',
    'x: {\n  a: 1, # one\n  b: 2 # two\n}\n',
    [['x.c', '3']],
    'x: {\n  a: 1, # one\n  b: 2, # two\n  c: 3\n}\n',
  ],
  [
    'a comma behind the last entry',
    'x: {\n  a: 1, # one\n}\n',
    [['x.c', '3']],
    'x: {\n  a: 1, # one\n  c: 3,\n}\n',
  ],
  [
    'JSON',
    '{\n  "resources": {\n    "limits": { "cpu": "1" }\n  }\n}\n',
    [memory, ['env.0.name', 'A']],
    '{\n  "resources": {\n    "limits": { "cpu": "1", "memory": "1Gi" }\n  },\n  "env": [{"name": "A"}]\n}\n',
  ],
  [
    'an entry of a list, with line ends of Windows',
    'env:\r\n- name: A\r\n  value: "x" # c\r\n# end\r\nb: 1\r\n',
    [
      ['env.1.name', 'B'],
      ['env.1.value', 'y'],
    ],
    'env:\r\n- name: A\r\n  value: "x" # c\r\n- name: B\r\n  value: "y"\r\n# end\r\nb: 1\r\n',
  ],
  [
    'a wide dash',
    'env:\n  -   name: A\n      value: "1"\n',
    [
      ['env.1.name', 'B'],
      ['env.1.value', 'y'],
    ],
    'env:\n  -   name: A\n      value: "1"\n  -   name: B\n      value: y\n',
  ],
  [
    'a list that is missing, as the other lists of the file stand',
    'args:\n- x\nb: 1\n',
    [
      ['env.0.name', 'B'],
      ['env.1.name', 'C'],
    ],
    'args:\n- x\nb: 1\nenv:\n- name: B\n- name: C\n',
  ],
  [
    '[] in the place of a list',
    'env: [] # none\n',
    [
      ['env.0.name', 'B'],
      ['env.0.value', '"1"'],
    ],
    'env: # none\n  - name: B\n    value: "1"\n',
  ],
  ['a list in brackets', 'l: [a]\n', [['l.1', 'b, c']], 'l: [a, "b, c"]\n'],
  ['a text that keeps its blank lines', 'a: |+\n  x\n\n', [['b', '1']], 'a: |+\n  x\n\nb: 1\n'],
  ['nothing but comments', '# only\n', [['b', '1']], '# only\nb: 1\n'],
  ['an empty file', '', [['b', '1']], 'b: 1\n'],
  ['a document that is empty', '---\n# x\n...\n', [['b', '1']], '---\n# x\nb: 1\n...\n'],
  ['the end of a document', 'a: 1\n# c\n...\n', [['b', '1']], 'a: 1\nb: 1\n# c\n...\n'],
  [
    'keys that need quotes',
    'a: 1\n',
    [
      ['yes: no', '1'],
      ['true', 'x'],
    ],
    'a: 1\n"yes: no": 1\n"true": x\n',
  ],
  [
    'the last of a block that is given twice',
    'resources:\n  limits: {}\nresources:\n  limits:\n    cpu: 1\n',
    [memory],
    'resources:\n  limits: {}\nresources:\n  limits:\n    cpu: 1\n    memory: 1Gi\n',
  ],
  [
    'another document of the file',
    'a: 1\n---\nspec: {}\n---\nspec: {a: 1}\n',
    [['spec.replicas', '2', 1]],
    'a: 1\n---\nspec:\n  replicas: 2\n---\nspec: {a: 1}\n',
  ],
  [
    'a text that itself is YAML',
    'spec:\n  helm:\n    values: |\n      image: x\n      resources: {}\n    other: 1\n',
    [['spec.helm.values.resources.limits.memory', '1Gi']],
    'spec:\n  helm:\n    values: |\n      image: x\n      resources:\n        limits:\n          memory: 1Gi\n    other: 1\n',
  ],
  [
    'a text with an indicator of its indentation',
    'values: |2-\n    image: x # c\n  # end\nz: 1\n',
    [['values.b', '1']],
    'values: |2-\n    image: x # c\n    b: 1\n  # end\nz: 1\n',
  ],
  [
    'a text with line ends of Windows that keeps its blank lines',
    'spec:\r\n  values: |+\r\n    image: x\r\n\r\nb: 1\r\n',
    [['spec.values.c', '1']],
    'spec:\r\n  values: |+\r\n    image: x\r\n    c: 1\r\n\r\nb: 1\r\n',
  ],
];

describe('additions', () => {
  it.each(table)('%s', (_, before, added, after) => {
    expect(add(before, ...added)).toBe(after);
  });

  it.each<[string, string, Added, string]>([
    ['a key that is there', 'resources: {limits: {memory: 1}}\n', memory, 'values-ambiguous'],
    ['a key below a value', 'resources: 5\n', memory, 'values-key-missing'],
    ['a key of a list', 'resources: [1]\n', memory, 'values-ambiguous'],
    ['an entry behind the next one', 'env: [1]\n', ['env.2', 'x'], 'values-ambiguous'],
    ['a folded text', 'values: >\n  a: 1\n', ['values.b', '1'], 'values-ambiguous'],
    ['a text in quotes', 'values: "a: 1"\n', ['values.b', '1'], 'values-ambiguous'],
    ['a text that is no YAML', 'values: |\n  {{ x }}: [\n', ['values.b', '1'], 'values-ambiguous'],
    ['keys with question marks', '? a\n: b\n', ['c', '1'], 'values-ambiguous'],
    ['several lines', 'a: 1\n', ['b', '|-\n  x'], 'wrong-usage'],
    ['a block of several documents', 'a: {}\n---\na: {}\n', ['a.b', '1'], 'values-ambiguous'],
  ])('refuses %s', (_, before, added, code) => {
    expect(() => add(before, added)).toThrow(withCode(code));
  });

  it('go to where an anchor stands, and say who shares it', () => {
    const text = 'limits: &l {cpu: 1}\nresources:\n  limits: *l\n';
    expect(add(text, memory)).toBe('limits: &l {cpu: 1, memory: 1Gi}\nresources:\n  limits: *l\n');
    expect(additionWarnings(ValuesDocument.parse(bytesOf(text)), editsOf([memory]))).toEqual([
      'resources.limits.memory is added to a block that others share; it is added to limits.memory too.',
    ]);
  });

  it('reach those that merge the block, and say so', () => {
    const text = 'base: &b\n  cpu: 1\nweb:\n  <<: *b\n';
    const edits = editsOf([['base.memory', '1Gi']]);
    expect(add(text, ['base.memory', '1Gi'])).toBe(
      'base: &b\n  cpu: 1\n  memory: 1Gi\nweb:\n  <<: *b\n',
    );
    expect(additionWarnings(ValuesDocument.parse(bytesOf(text)), edits)[0]).toContain('web.memory');
  });

  it('set a key of its own where a merge key brings the value', () => {
    const text = bytesOf('base: &b\n  memory: 512Mi\nweb:\n  <<: *b\n  x: 1\n');
    const edit = editOf(ValuesDocument.parse(text).scalar(['web', 'memory']), '1Gi');
    expect(edit).toEqual({ keyPath: ['web', 'memory'], before: null, after: '1Gi' });
    expect(Buffer.from(applyEdits(text, [edit])).toString()).toBe(
      'base: &b\n  memory: 512Mi\nweb:\n  <<: *b\n  x: 1\n  memory: 1Gi\n',
    );
  });
});

describe('a scalar inside a text that itself is YAML', () => {
  const text =
    'spec:\r\n  values: |\r\n    # c\r\n    image:\r\n      tag: "1"  # 타그\r\n\r\n  z: 1\r\n';
  const document = ValuesDocument.parse(bytesOf(text));
  const path = ['spec', 'values', 'image', 'tag'];

  it('is found and changed there, and no other byte', () => {
    const place = document.scalar(path);
    expect(place.keyPath).toEqual(path);
    const result = applyEdits(bytesOf(text), [editOf(place, '2')]);
    expect(Buffer.from(result).toString()).toBe(text.replace('"1"', '"2"'));
  });

  it('is listed only where its text is asked for', () => {
    const under = document.scalars(['spec', 'values']).map(({ keyPath }) => keyPath);
    expect(under).toEqual([path]);
    expect(document.scalars().map(({ keyPath }) => keyPath)).not.toContainEqual(path);
    expect(document.mappingPaths(['spec', 'values', 'image'])).toEqual([
      ['spec', 'values', 'image'],
    ]);
  });
});
