import { expect, it } from 'vitest';

import { originOf } from '../../../../src/playbooks/read/origin';

it.each<[Record<string, string>, object]>([
  [
    { 'app.kubernetes.io/instance': 'shop', 'helm.sh/chart': 'service-1.2.3' },
    { helmRelease: 'shop', chart: 'service' },
  ],
  [{ 'helm.sh/chart': 'redis-cluster-v9.1.0-rc.1' }, { chart: 'redis-cluster' }],
  [
    { release: 'old', chart: 'web-0.1.0' },
    { helmRelease: 'old', chart: 'web' },
  ],
  [{ 'app.kubernetes.io/instance': '', 'helm.sh/chart': 'service' }, {}],
])('reads who deployed an object from %j', (labels, expected) => {
  expect(originOf((key) => labels[key] ?? null)).toEqual(expected);
});
