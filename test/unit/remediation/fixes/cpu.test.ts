import { describe, it } from 'vitest';

import { memory } from './given';
import type { LineRow, Refusal } from './lines';
import { changesLines, refuses, two } from './lines';

describe('the CPU fix', () => {
  it.each<LineRow>([
    {
      name: 'CPU wanted is known',
      category: 'cpu-throttled',
      values: 'resources:\n  limits:\n    cpu: 500m\n  requests:\n    cpu: 200m\n',
      facts: { cpuLimit: '500m', cpuWanted: 0.93, throttledShare: 0.62 },
      // max(750, 1116) = 1116m, rounded up to 1150m
      changed: { '    cpu: 500m': '    cpu: 1150m' },
      title: 'raise CPU limit to 1150m',
      says: /max\(500m x 1\.5, 930m x 1\.2\)/,
    },
    {
      name: 'CPU wanted is unknown, cores without suffix',
      category: 'cpu-throttled',
      values: 'resources:\n  limits:\n    cpu: "1"\n',
      facts: { cpuLimit: '1' },
      changed: { '    cpu: "1"': '    cpu: "2"' },
      title: 'raise CPU limit to 2',
      says: /limit x 2/,
    },
  ])('$category: $name', changesLines);

  it.each<Refusal>([
    [
      'two CPU limits',
      'cpu-throttled',
      two('resources: {limits: {cpu: 1}}\n'),
      {},
      'values-ambiguous',
    ],
    ['no CPU limit', 'cpu-throttled', memory('1Gi', '1Gi'), {}, 'values-key-missing'],
    [
      'CPU of no amount',
      'cpu-throttled',
      'resources: {limits: {cpu: lots}}',
      {},
      'values-unparsable',
    ],
  ])('refuses %s (%s)', refuses);
});
