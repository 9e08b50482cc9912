import { describe, expect, it } from 'vitest';

import { filledArgs } from '../../../src/pool/filledArgs';
import type { ServerSpec } from '../../../src/pool/serverSpec';

describe('the arguments that a program gets', () => {
  const filled = (args: string[], environment: Record<string, string>) => {
    const spec: ServerSpec = {
      ...{ name: 'x', program: { kind: 'oci', image: 'x' }, state: 'none', hosts: [] },
      ...{ args, environment: Object.keys(environment) },
    };
    return filledArgs({ spec, environment });
  };

  it('have the values of variables in them', () => {
    expect(filled(['--a', '${A}', '--b=${B}'], { A: '1', B: '$&' })).toEqual([
      '--a',
      '1',
      '--b=$&',
    ]);
  });

  it('never take a value for a placeholder of another', () => {
    expect(filled(['${A}'], { A: '${B}', B: 'secret' })).toEqual(['${B}']);
  });

  it('stay where there is no such variable', () => {
    expect(filled(['${X} ${toString}'], {})).toEqual(['${X} ${toString}']);
  });
});
