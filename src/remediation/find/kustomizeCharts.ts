import type { Build, Kustomization } from './kustomize';
import { at, listAt, textAt, textsAt } from './data';
import { layerOf } from './layer';
import type { Gap, Layer } from './layer';
import { pathFrom } from './reader';
import type { Reader } from './reader';
import { wordsIn } from './release';
import type { Release } from './release';
import type { Target } from './target';
import { containerLayers, containerOf, workloadKinds } from './workloads';
import { namedFile } from './valueFiles';

/** The charts that kustomizations render (`helmCharts`). */
export function kustomizeReleases(build: Build, reader: Reader, target: Target): Release[] {
  const { root, parts } = build;
  // Patches of what a chart renders come after all values.
  const patches = build.objects
    .filter(({ kind, isWhole }) => !isWhole && workloadKinds.has(kind))
    .flatMap((manifest) => {
      const container = containerOf(manifest, target);
      return container === undefined ? [] : containerLayers(manifest, container);
    });
  return parts.flatMap((part) =>
    listAt(part.data, 'helmCharts').map((chart, index) => {
      const release = releaseOf(part, { chart, index, root, reader });
      return { ...release, layers: [...patches, ...release.layers] };
    }),
  );
}

interface ChartUse {
  chart: unknown;
  index: number;
  root: Kustomization;
  reader: Reader;
}

/** Kustomize passes further files after the values that it merged from the file and the inline ones. */
function releaseOf(part: Kustomization, { chart, index, root, reader }: ChartUse): Release {
  const name = textAt(chart, 'name') ?? '';
  const inline: (Layer | Gap)[] =
    at(chart, 'valuesInline') === undefined
      ? []
      : [layerOf(part.path, 0, ['helmCharts', index, 'valuesInline'])];
  const further = textsAt(chart, 'additionalValuesFiles').map((name) =>
    namedFile(reader, part.folder, name),
  );
  const own = textAt(chart, 'valuesFile');
  const file = own === null ? [] : [namedFile(reader, part.folder, own)];
  const merged: Readonly<Record<string, readonly (Layer | Gap)[]>> = {
    override: [...inline, ...file],
    merge: [...file, ...inline],
    replace: inline.length > 0 ? inline : file,
  };
  const home = textAt(part.data, 'helmGlobals', 'chartHome') ?? 'charts';
  return {
    title: `chart ${name} of ${part.path}`,
    names: {
      release: textAt(chart, 'releaseName') ?? name,
      argoApplication: null,
      fluxRelease: null,
    },
    namespace: textAt(chart, 'namespace') ?? textAt(root.data, 'namespace'),
    folder: root.folder,
    words: wordsIn(part.path, root.folder),
    chart: { name, folder: pathFrom(part.folder, `${home}/${name}`) },
    layers: [
      ...further.toReversed(),
      ...(merged[textAt(chart, 'valuesMerge') ?? 'override'] ?? merged['override'] ?? []),
    ],
  };
}
