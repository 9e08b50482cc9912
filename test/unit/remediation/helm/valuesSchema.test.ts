import { describe, expect, it } from 'vitest';

import type { ChartFolder } from '../../../../src/remediation/helm/chartFolder';
import { checkSchemas } from '../../../../src/remediation/helm/valuesSchema';

const memory = {
  type: 'object',
  properties: { memory: { type: 'string', pattern: '^[0-9]+Mi$' } },
};

function chart(schema: object | string | null, more: Partial<ChartFolder> = {}): ChartFolder {
  const text = schema === null || typeof schema === 'string' ? schema : JSON.stringify(schema);
  return { name: 'web', defaults: {}, schema: text, subcharts: [], packed: [], ...more };
}

describe('checkSchemas', () => {
  it.each([
    undefined,
    'http://json-schema.org/draft-06/schema#',
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2019-09/schema',
    'https://json-schema.org/draft/2020-12/schema',
  ])('checks draft %s', ($schema) => {
    const strict = chart({ ...memory, ...($schema ? { $schema } : {}) });
    expect(checkSchemas(strict, { memory: '64Mi' })).toEqual({ violations: [], skipped: [] });
    const { violations } = checkSchemas(strict, { memory: '1Gi' });
    expect(violations).toEqual(['memory of web must match pattern "^[0-9]+Mi$"']);
  });

  it.each([
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2020-12/schema',
  ])('is not held up by an expression that goes back and forth, in %s', ($schema) => {
    const hostile = chart({ $schema, properties: { name: { pattern: '^(a+)+$' } } });
    const { violations } = checkSchemas(hostile, { name: `${'a'.repeat(40)}!` });
    expect(violations).toEqual(['name of web must match pattern "^(a+)+$"']);
  });

  it('checks values over the defaults of the chart, where null takes one away', () => {
    const needed = chart({ required: ['a'] }, { defaults: { a: 1 } });
    expect(checkSchemas(needed, {}).violations).toEqual([]);
    expect(checkSchemas(needed, { a: null }).violations).toHaveLength(1);
  });

  it('checks subcharts by their key with the globals, unless they are switched off', () => {
    const sub = chart(memory, { name: 'cache' });
    const parent = chart(null, {
      subcharts: [{ key: 'redis', condition: 'redis.enabled', chart: sub }],
    });
    const values = (enabled: boolean) => ({ redis: { enabled, memory: '1Gi' } });
    expect(checkSchemas(parent, values(true)).violations[0]).toContain('memory of cache');
    expect(checkSchemas(parent, values(false)).violations).toEqual([]);
  });

  it.each<[string, object | string, string]>([
    ['a reference to another address', { $ref: 'https://example.com/s.json' }, 'example.com'],
    [
      'a draft that it does not know',
      { $schema: 'http://json-schema.org/draft-03/schema#' },
      'draft',
    ],
    ['an expression that Go does not know', { properties: { a: { pattern: '^(?!x)' } } }, 'web'],
    ['what is no JSON', '{', 'the schema of web'],
  ])('skips %s and says so', (_, schema, why) => {
    const report = checkSchemas(chart(schema), {});
    expect(report.violations).toEqual([]);
    expect(report.skipped[0]).toContain(why);
  });

  it('says which packed charts it did not open', () => {
    const { skipped } = checkSchemas(chart(null, { packed: ['redis-1.0.0.tgz'] }), {});
    expect(skipped).toEqual(['the schema in the packed chart redis-1.0.0.tgz']);
  });
});
