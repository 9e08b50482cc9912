import { posix } from 'node:path';

import type { KeyPath } from '../yaml/keyPath';
import { listAt, textAt, textsAt } from './data';
import { chartAt } from './charts';
import type { Chart } from './charts';
import { partOf } from './layer';
import type { Gap, Layer } from './layer';
import { originText, ownValue, valueAt } from './manifest';
import type { Manifest } from './manifest';
import { pathFrom } from './reader';
import { keysOfSetting, wordsIn } from './release';
import type { Release } from './release';
import { namedFile } from './valueFiles';
import type { Sources } from './sources';

/**
 * The release of a HelmRelease. Its own `values` win over all of `valuesFrom`, of which the last
 * wins, and those over the values files of the chart.
 */
export async function helmReleaseOf(
  manifest: Manifest,
  sources: Sources,
  charts: readonly Chart[],
): Promise<Release> {
  const { reader } = sources;
  const file = manifest.layers.at(-1)?.path ?? '';
  const chartPath = textAt(valueAt(manifest, 'spec', 'chart', 'spec'), 'chart');
  const isPath = chartPath !== null && /^\.{0,2}\//.test(chartPath);
  const folder = chartPath === null ? null : pathFrom('', chartPath);
  const local = isPath || chartAt(charts, folder) ? chartAt(charts, folder) : null;
  const inline = manifest.layers.flatMap((layer) => partOf(layer, ['spec', 'values']) ?? []);
  const layers: (Layer | Gap)[] = inline;
  const references = listAt(valueAt(manifest, 'spec', 'valuesFrom'));
  for (const reference of references.toReversed()) {
    layers.push(...(await referenced(reference, manifest, sources)));
  }
  const valuesFiles = textsAt(valueAt(manifest, 'spec', 'chart', 'spec'), 'valuesFiles');
  // Flux takes their paths from the root of the repository that holds the chart.
  const named = valuesFiles.map((path) => namedFile(reader, '', path)).toReversed();
  const release = textAt(valueAt(manifest, 'spec'), 'releaseName');
  const namespace = textAt(valueAt(manifest, 'spec'), 'targetNamespace') ?? manifest.namespace;
  const whole = ownValue(manifest);
  return {
    title: `Flux HelmRelease ${manifest.name} (${originText(manifest)})`,
    names: {
      release: release ?? defaultName(manifest, whole),
      argoApplication: null,
      fluxRelease: manifest.name,
    },
    namespace,
    folder: null,
    words: wordsIn(manifest.name, file, manifest.folder),
    chart: {
      name: local?.name ?? posix.basename(chartPath ?? manifest.name),
      folder: local?.folder ?? null,
    },
    layers: [...layers, ...named],
  };
}

/** Flux puts the target namespace in front of the name where it is another one. */
function defaultName({ name }: Manifest, value: unknown): string {
  const target = textAt(value, 'spec', 'targetNamespace');
  return target === null ? name : `${target}-${name}`;
}

async function referenced(
  reference: unknown,
  release: Manifest,
  sources: Sources,
): Promise<readonly (Layer | Gap)[]> {
  const kind = textAt(reference, 'kind') ?? '';
  const name = textAt(reference, 'name') ?? '';
  const key = textAt(reference, 'valuesKey') ?? 'values.yaml';
  const gap = (why: string): Gap[] => [{ gap: `${kind} ${name} ${why}` }];
  if (kind !== 'ConfigMap') return gap('holds values too; a secret is never edited');
  const target = textAt(reference, 'targetPath');
  const place: KeyPath = target === null ? [] : keysOfSetting(target);
  const found = await sources.configMap(name, key, release);
  if (found.length === 0) return gap('is not in this repository');
  return found.map((layer) => ({
    ...layer,
    mounts: layer.mounts.map((mount) => ({ ...mount, at: [...place, ...mount.at] })),
  }));
}
