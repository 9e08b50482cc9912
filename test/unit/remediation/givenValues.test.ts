import { describe, expect, it } from 'vitest';

import type { FileChange } from '../../../src/incident/proposal';
import { givenValues } from '../../../src/remediation/givenValues';

function change(path: string, ...keys: string[]): FileChange {
  const edits = keys.map((key) => ({ keyPath: key.split('.'), before: '1', after: '2' }));
  return { path, edits, diff: '', baseDigest: '' };
}

const files = [change('a.yaml', 'web.port', 'web.memory'), change('b.yaml', 'web.port')];

describe('givenValues', () => {
  it('finds a place by its key, or by its file and key where two files hold it', () => {
    expect(givenValues(files, { 'web.memory': '1Gi', 'b.yaml:web.port': '"80"' })).toEqual({
      'a.yaml:web.memory': '1Gi',
      'b.yaml:web.port': '"80"',
    });
  });

  it.each([
    ['web.port', /several files.*a\.yaml:web\.port, b\.yaml:web\.port\.$/],
    ['web.cpu', /no value of this change.*a\.yaml:web\.port, a\.yaml:web\.memory/],
  ])('names what could be meant by %s', (name, said) => {
    expect(() => givenValues(files, { [name]: '1' })).toThrow(said);
  });

  it.each(['', 'a: b', '[1]'])('refuses what is not one scalar: %j', (source) => {
    expect(() => givenValues(files, { 'web.memory': source })).toThrow();
  });
});
