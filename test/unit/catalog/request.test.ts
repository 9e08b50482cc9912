import { describe, expect, it } from 'vitest';

import { specOf, startRequest } from '../../../src/catalog/request';
import type { ServerSpec } from '../../../src/pool/serverSpec';
import { bundled, entryWith } from './facts';

const variable = (name: string, more = {}) => ({
  name,
  description: '',
  required: false,
  secret: false,
  ...more,
});

describe('startRequest', () => {
  it('has values beside the arguments, and hands on declared variables only', () => {
    const { spec, environment } = startRequest(bundled('redis'), {
      REDIS_URL: 'redis://h:1/0',
      OTHER: 'x',
    });
    expect(spec.args).toEqual(['--url', '${REDIS_URL}']);
    expect(environment).toEqual({ REDIS_URL: 'redis://h:1/0' });
  });

  it('shows no value before the start', () => {
    const spec: ServerSpec = specOf(bundled('redis'));
    expect(spec.args).toEqual(['--url', '${REDIS_URL}']);
  });

  it('leaves an argument without a value out, with its option', () => {
    const args = ['--a', '${A}', '--b=${B}', '${C}', 'rest'];
    const entry = entryWith({
      name: 'x',
      args,
      environment: ['A', 'B', 'C'].map((it) => variable(it)),
    });
    expect(startRequest(entry, {}).spec.args).toEqual(['rest']);
    expect(startRequest(entry, { C: '3' }).spec.args).toEqual(['${C}', 'rest']);
    expect(startRequest(entry, { A: '1', B: '2' }).spec.args).toEqual([
      '--a',
      '${A}',
      '--b=${B}',
      'rest',
    ]);
  });

  it('takes the usual value where none or an empty one is given', () => {
    const entry = entryWith({ name: 'x', environment: [variable('A', { default: 'usual' })] });
    expect(startRequest(entry, { A: '' }).environment).toEqual({ A: 'usual' });
    expect(startRequest(entry, { A: 'own' }).environment).toEqual({ A: 'own' });
  });
});
