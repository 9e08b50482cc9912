import { posix } from 'node:path';

import type { KeyPath } from '../yaml/keyPath';
import { chartAt } from './charts';
import type { Chart } from './charts';
import { at, dataAt, listAt, textAt, textsAt } from './data';
import { isGap, partOf } from './layer';
import type { Gap, Layer } from './layer';
import { originText } from './manifest';
import type { Manifest, ObjectLayer } from './manifest';
import { pathFrom } from './reader';
import type { Reader } from './reader';
import { keysOfSetting, lastOfEach, wordsIn } from './release';
import type { Release } from './release';
import { namedFile } from './valueFiles';

/** An Application of Argo CD, written out or made by an ApplicationSet. */
export interface Application {
  title: string;
  /** Null where a template names it. */
  name: string | null;
  spec: unknown;
  /** What sets parts of `spec`, what wins first. */
  layers: readonly ObjectLayer[];
  words: readonly string[];
  /** Layers over the values that a source's own ones only point to. */
  above?: (source: unknown) => readonly Layer[];
}

/** A folder that an Application takes plain manifests or a kustomization from. */
export interface DeployedFolder {
  folder: string;
  application: string | null;
  words: readonly string[];
}

/** The Application that a manifest is. */
export function applicationOf(manifest: Manifest): Application {
  const layers = manifest.layers.flatMap((layer): ObjectLayer[] => {
    const part = partOf(layer, ['spec']);
    return part ? [{ ...part, value: at(layer.value, 'spec') }] : [];
  });
  const file = manifest.layers.at(-1)?.path ?? '';
  return {
    title: `Argo CD Application ${manifest.name} (${originText(manifest)})`,
    name: manifest.name,
    spec: manifest.layers
      .map(({ value }) => at(value, 'spec'))
      .findLast((spec) => spec !== undefined),
    layers,
    words: wordsIn(manifest.name, file, manifest.folder),
  };
}

/** The releases of an Application, one for each source with a chart. */
export function releasesOf(
  application: Application,
  reader: Reader,
  charts: readonly Chart[],
): { releases: Release[]; folders: DeployedFolder[] } {
  const { spec, name } = application;
  const many = listAt(spec, 'sources');
  const sources =
    many.length > 0
      ? many.map((source, index) => ({ source, place: ['sources', index] }))
      : [{ source: at(spec, 'source'), place: ['source'] }];
  const releases: Release[] = [];
  const folders: DeployedFolder[] = [];
  const words = [...application.words, ...wordsOfPlace(spec)];
  for (const { source, place } of sources) {
    const folder = pathFrom('', textAt(source, 'path') ?? '.');
    const remote = textAt(source, 'chart');
    const local = chartAt(charts, folder);
    if (remote === null && textAt(source, 'path') === null) continue;
    const isHelm = remote !== null || local !== null || at(source, 'helm') !== undefined;
    if (!isHelm) {
      if (folder !== null) folders.push({ folder, application: name, words });
      continue;
    }
    const from = remote === null ? folder : null;
    const layers = sourceLayers(application, source, place, {
      reader,
      folder: from,
      sources: many,
    });
    releases.push({
      title: application.title,
      names: {
        release: textAt(source, 'helm', 'releaseName') ?? name,
        argoApplication: name,
        fluxRelease: null,
      },
      namespace: textAt(spec, 'destination', 'namespace'),
      folder: null,
      words,
      chart: {
        name: remote ?? local?.name ?? posix.basename(folder ?? ''),
        folder: from,
      },
      layers,
    });
  }
  return { releases, folders };
}

function wordsOfPlace(spec: unknown): string[] {
  const { name, server, namespace } = dataAt(spec, 'destination');
  return [name, server, namespace].flatMap((text) =>
    typeof text === 'string' ? wordsIn(text) : [],
  );
}

interface SourceContext {
  reader: Reader;
  /** Of the chart; null where it is another repository's. */
  folder: string | null;
  /** All sources, for `$ref/` in names of files. */
  sources: readonly unknown[];
}

/** Parameters win over `valuesObject`, that over (and in place of) `values`, those over the files. */
function sourceLayers(
  { layers, above }: Application,
  source: unknown,
  place: KeyPath,
  context: SourceContext,
): (Layer | Gap)[] {
  const helm = [...place, 'helm'];
  const inline = (key: string): Layer[] =>
    layers.flatMap((layer) => partOf(layer, [...helm, key]) ?? []);
  const hasObject = layers.some(({ value }) => at(value, ...helm, 'valuesObject') !== undefined);
  const skips = at(source, 'helm', 'ignoreMissingValueFiles') === true;
  const files = textsAt(source, 'helm', 'valueFiles')
    .map((file) => fileOf(file, context))
    .filter((file) => !(skips && isGap(file)));
  const further = listAt(source, 'helm', 'fileParameters').length > 0;
  return [
    ...(further ? [{ gap: 'fileParameters set values from whole files' }] : []),
    ...(above?.(source) ?? []),
    ...parameterLayers(layers, source, helm),
    ...inline('valuesObject'),
    ...(hasObject ? [] : inline('values')),
    ...files.toReversed(),
  ];
}

function parameterLayers(layers: readonly ObjectLayer[], source: unknown, helm: KeyPath): Layer[] {
  const parameters = listAt(source, 'helm', 'parameters');
  return layers.flatMap((layer) => {
    const mounts = parameters.flatMap((parameter, index) => {
      const name = textAt(parameter, 'name');
      const value = partOf(layer, [...helm, 'parameters', index, 'value']);
      const path = value?.mounts.find((mount) => mount.at.length === 0)?.path;
      return name === null || path === undefined ? [] : [{ at: keysOfSetting(name), path }];
    });
    return mounts.length > 0 ? [{ ...layer, mounts: lastOfEach(mounts) }] : [];
  });
}

/** A values file, seen from the chart, from the root, or from the source that `$ref` names. */
function fileOf(name: string, { reader, folder, sources }: SourceContext): Layer | Gap {
  const [, ref, rest] = /^\$([\w-]+)\/(.*)$/.exec(name) ?? [];
  if (ref === undefined || rest === undefined) {
    if (folder === null) return { gap: `${name} lies in the chart, outside of this repository` };
    return namedFile(reader, folder, name);
  }
  const other = sources.find((source) => textAt(source, 'ref') === ref);
  if (other === undefined) return { gap: `${name} names no source` };
  const found = namedFile(reader, '', rest);
  return isGap(found) ? namedFile(reader, textAt(other, 'path') ?? '', rest) : found;
}
