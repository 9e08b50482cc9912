import type { FactValues } from '../../incident/analysis';

/**
 * What the recommended labels of a chart say of who deployed an object.
 * @param label the value of a label; null where it has none
 */
export function originOf(
  label: (key: string) => string | null,
): Partial<Pick<FactValues, 'helmRelease' | 'chart'>> {
  const release = label('app.kubernetes.io/instance') ?? label('release');
  // `grafana-7.0.19`, `redis-cluster-9.1.0-rc.1`: the version begins at the first number with a dot.
  const chart = /^(.+?)-v?\d+\.\d/.exec(label('helm.sh/chart') ?? label('chart') ?? '')?.[1];
  return {
    ...(release === null || release === '' ? {} : { helmRelease: release }),
    ...(chart === undefined ? {} : { chart }),
  };
}
