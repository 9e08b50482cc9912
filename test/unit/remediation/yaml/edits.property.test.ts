import { isDeepStrictEqual } from 'node:util';

import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

import type { ScalarEdit } from '../../../../src/incident/proposal';
import { editOf } from '../../../../src/remediation/fixes/edits';
import { applyEdits } from '../../../../src/remediation/yaml/applyEdits';
import { ValuesDocument } from '../../../../src/remediation/yaml/valuesDocument';
import { randomFrom, randomValues } from './randomValues';
import type { RandomValues, Target } from './randomValues';

/** Files of one run; a run of another seed is `SEED=123 npx vitest run …`. */
const files = 10_000;
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const newValues = ['1024Mi', '2Gi', '1', '9090', 'false', '값', 'c d'];

describe(`edits of ${files} random values files (SEED=${seed})`, () => {
  it('change the parsed value at exactly the intended path, and no other byte', () => {
    const kinds = new Map<string, number>();
    for (let at = 0; at < files; at++) {
      const random = randomFrom(seed + at);
      const file = randomValues(random);
      const target = file.targets[Math.floor(random() * file.targets.length)];
      if (!target) continue;
      const value = newValues[Math.floor(random() * newValues.length)] ?? '1';
      try {
        check(file, target, value, random());
      } catch (error) {
        throw new Error(
          `SEED=${seed + at}: ${target.kind} ${JSON.stringify(target)}\n${file.text}`,
          {
            cause: error,
          },
        );
      }
      kinds.set(target.kind, (kinds.get(target.kind) ?? 0) + 1);
    }
    const least = [...kinds.values()].toSorted((a, b) => a - b)[0];
    expect(kinds.size).toBe(4);
    expect(least).toBeGreaterThan(files / 200);
  }, 300_000);
});

function check(file: RandomValues, target: Target, value: string, roll: number): void {
  const bytes = Buffer.from(file.text, 'utf8');
  const edits = editsFor(file, target, value, roll);
  const after = Buffer.from(applyEdits(bytes, edits)).toString('utf8');
  const expected = parsedAll(file.text);
  for (const { keyPath, after: source } of edits) {
    const head = keyPath.slice(0, target.path.length);
    const others = target.alsoAt.map((path) => [...path, ...keyPath.slice(head.length)]);
    for (const path of [keyPath, ...others]) {
      expected[target.document] = withValue(expected[target.document], path, parse(source));
    }
  }
  if (!isDeepStrictEqual(parsedAll(after), expected)) expect(parsedAll(after)).toEqual(expected);
  expectSameBytes(file.text, after, target, edits);
}

function editsFor(file: RandomValues, target: Target, value: string, roll: number): ScalarEdit[] {
  const position = file.several ? { document: target.document } : {};
  const { path } = target;
  if (target.kind === 'scalar' || target.kind === 'merged') {
    const document = ValuesDocument.parse(Buffer.from(file.text, 'utf8'), position.document);
    return [{ ...editOf(document.scalar(path), value), ...position }];
  }
  const add = (...rest: (string | number)[]): ScalarEdit => {
    return { keyPath: [...path, ...rest], before: null, after: value, ...position };
  };
  if (target.kind === 'map') {
    if (roll < 0.5) return [add('newKey')];
    return [add('newBlock', 'limits', 'memory'), add('newBlock', 'requests', 'memory')];
  }
  const next = target.length;
  return roll < 0.3 ? [add(next)] : [add(next, 'name'), add(next, 'value')];
}

/** Nothing but the scalar, or one stretch that is added and the `{}` that it takes the place of. */
function expectSameBytes(
  before: string,
  after: string,
  target: Target,
  edits: readonly ScalarEdit[],
): void {
  const [edit] = edits;
  if (target.kind === 'scalar' && target.alsoAt.length === 0) {
    const end = target.start + target.source.length;
    expect(after).toBe(before.slice(0, target.start) + (edit?.after ?? '') + before.slice(end));
    return;
  }
  const gone = edit?.before ?? target.source;
  // Of what stands where an anchor is only the text is known, and it may stand elsewhere too.
  const starts = edit?.before ? placesOf(before, gone) : [target.start];
  const kept = starts.flatMap((start) => {
    const blank = gone !== '' && before[start - 1] === ' ' ? 1 : 0;
    const end = before.slice(start + gone.length);
    return [start, start - blank].map((from) => before.slice(0, from) + end);
  });
  expect(kept.some((text) => isOneStretchMore(text, after))).toBe(true);
}

function placesOf(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}

function isOneStretchMore(text: string, longer: string): boolean {
  let head = 0;
  while (head < text.length && text[head] === longer[head]) head++;
  let tail = 0;
  while (tail < text.length - head && text.at(-1 - tail) === longer.at(-1 - tail)) tail++;
  return head + tail === text.length && longer.length > text.length;
}

/** What a text holds that itself is YAML, and how the text ends. */
class Inner {
  constructor(
    readonly value: unknown,
    readonly end: string,
  ) {}
}

function parsedAll(text: string): unknown[] {
  const options = { merge: true, uniqueKeys: false, logLevel: 'silent' } as const;
  return [...parseAllDocuments(text.replace('\uFEFF', ''), options)].map((document) => {
    const [error] = document.errors;
    if (error) throw new Error(error.message);
    return withInner(document.toJS());
  });
}

function withInner(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('first: 1')) {
    const [inner] = parsedAll(value);
    return new Inner(inner, /\n*$/.exec(value)?.[0] ?? '');
  }
  if (Array.isArray(value)) return value.map(withInner);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withInner(one)]));
}

/** The value with another one at a path, going on inside texts that hold YAML. */
function withValue(tree: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (tree instanceof Inner) return new Inner(withValue(tree.value, path, value), tree.end);
  const base = tree ?? (typeof part === 'number' ? [] : {});
  if (Array.isArray(base)) {
    const list = [...(base as unknown[])];
    list[Number(part)] = withValue(list[Number(part)], rest, value);
    return list;
  }
  const map = base as Record<string, unknown>;
  return { ...map, [part]: withValue(map[part], rest, value) };
}
