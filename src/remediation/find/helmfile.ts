import { posix } from 'node:path';

import { isData } from '../../base/data';
import type { Data } from '../../base/data';
import type { KeyPath } from '../yaml/keyPath';
import { chartAt } from './charts';
import type { Chart } from './charts';
import { at, dataAt, listAt, textAt, textsAt } from './data';
import { layerOf } from './layer';
import type { Gap, Layer, Mount } from './layer';
import { documentsOf, folderOf, pathFrom } from './reader';
import type { Reader } from './reader';
import { keysOfSetting, lastOfEach, wordsIn } from './release';
import type { Release } from './release';
import { namedFile } from './valueFiles';

/** True for a helmfile: by its name, or in a folder of them. */
export function isHelmfile(path: string): boolean {
  return /(?:^|\/)(?:helmfile[\w.-]*|helmfile\.d\/[^/]+)\.ya?ml(?:\.gotmpl)?$/i.test(path);
}

/** The releases of every helmfile, once for each environment that makes a difference. */
export async function helmfileReleases(
  reader: Reader,
  charts: readonly Chart[],
): Promise<Release[]> {
  const found: Release[] = [];
  for (const path of reader.index.files.filter(isHelmfile)) {
    const documents = await documentsIn(reader, path);
    const bases = await basesOf(reader, path, documents);
    const environments = environmentsOf([...documents, bases]);
    for (const [document, data] of documents.entries()) {
      if (!isData(data)) continue;
      for (const environment of environments) {
        for (const [index, release] of listAt(data, 'releases').entries()) {
          const use = { reader, charts, path, document, data, environment, index, release };
          found.push(...releaseOf(use));
        }
      }
    }
  }
  return distinct(found);
}

/** A helmfile may hold Go templates: without the lines that are nothing else it often is YAML. */
async function documentsIn(reader: Reader, path: string): Promise<readonly unknown[]> {
  if (!path.endsWith('.gotmpl')) {
    const documents = await reader.parse(path);
    if (documents.length > 0) return documents;
  }
  const text = await reader.text(path);
  try {
    const documents = documentsOf(text.replace(/^[ \t]*\{\{.*\}\}[ \t]*$/gm, ''));
    reader.unreadable.delete(path);
    return documents;
  } catch {
    reader.unreadable.set(path, 'its templates make it no YAML');
    return [];
  }
}

/** What the files under `bases` give; the later one wins. */
async function basesOf(reader: Reader, path: string, documents: readonly unknown[]): Promise<Data> {
  const names = documents.flatMap((document) => textsAt(document, 'bases'));
  const paths = names.flatMap((name) => pathFrom(folderOf(path), name) ?? []);
  const found = await Promise.all(paths.map((base) => reader.parseFirst(base)));
  return Object.assign({}, ...found) as Data;
}

function environmentsOf(documents: readonly unknown[]): string[] {
  const named = documents.flatMap((document) => Object.keys(dataAt(document, 'environments')));
  return named.length > 0 ? named : ['default'];
}

interface ReleaseUse {
  reader: Reader;
  charts: readonly Chart[];
  path: string;
  document: number;
  data: Data;
  environment: string;
  index: number;
  release: unknown;
}

/** `set` wins over `secrets`, those over `values`, of which the last wins; inherited ones come before. */
function releaseOf(use: ReleaseUse): Release[] {
  const { release, path, document, environment, index, data } = use;
  const name = textAt(release, 'name');
  if (name === null || at(release, 'installed') === false) return [];
  const own: KeyPath = ['releases', index];
  const parts = [
    { place: own, value: release },
    ...listAt(release, 'inherit')
      .toReversed()
      .flatMap((entry) => {
        const template = textAt(entry, 'template');
        if (template === null) return [];
        return [{ place: ['templates', template], value: at(data, 'templates', template) }];
      }),
  ];
  const layers: (Layer | Gap)[] = [];
  for (const { place, value } of parts) {
    const set = settingsLayer(listAt(value, 'set'), path, document, [...place, 'set']);
    if (set) layers.push(set);
    for (const secret of textsAt(value, 'secrets')) {
      layers.push({ gap: `${secret} holds values too; a secret is never edited` });
    }
    for (const [position, entry] of [...listAt(value, 'values').entries()].toReversed()) {
      layers.push(...valuesOf(entry, [...place, 'values', position], use));
    }
  }
  const chart = textAt(release, 'chart') ?? name;
  const folder = /^\.{1,2}\//.test(chart) ? pathFrom(folderOf(path), chart) : null;
  const local = chartAt(use.charts, folder);
  return [
    {
      title: `helmfile release ${name}${environment === 'default' ? '' : ` in ${environment}`} (${path})`,
      names: { release: name, argoApplication: null, fluxRelease: null },
      namespace: filled(
        textAt(release, 'namespace') ?? textAt(data, 'helmDefaults', 'namespace'),
        use,
      ),
      folder: null,
      words: wordsIn(environment, folderOf(path)),
      chart: { name: local?.name ?? posix.basename(chart), folder: local?.folder ?? null },
      layers,
    },
  ];
}

function valuesOf(
  entry: unknown,
  place: KeyPath,
  { path, document, reader, ...use }: ReleaseUse,
): (Layer | Gap)[] {
  if (isData(entry)) {
    if (!path.endsWith('.gotmpl')) return [layerOf(path, document, place)];
    return [{ gap: `${path} holds values too; it is a template, which is never edited` }];
  }
  if (typeof entry !== 'string') return [];
  return [namedFile(reader, folderOf(path), filled(entry, use) ?? entry)];
}

function settingsLayer(
  settings: readonly unknown[],
  path: string,
  document: number,
  place: KeyPath,
): Layer | undefined {
  if (path.endsWith('.gotmpl')) return undefined;
  const mounts = settings.flatMap((setting, index): Mount[] => {
    const name = textAt(setting, 'name');
    if (name === null || at(setting, 'value') === undefined) return [];
    return [{ at: keysOfSetting(name), path: [...place, index, 'value'] }];
  });
  return mounts.length > 0 ? { path, document, mounts: lastOfEach(mounts) } : undefined;
}

/** A text with what helmfile knows of the release and its environment filled in. */
function filled(text: string | null, use: Pick<ReleaseUse, 'environment' | 'release'>) {
  if (text === null) return null;
  const known: Readonly<Record<string, string | null>> = {
    'Environment.Name': use.environment,
    'Release.Name': textAt(use.release, 'name'),
    'Release.Namespace': textAt(use.release, 'namespace'),
  };
  return (
    text
      // In templates of releases: {{`{{ .Release.Name }}`}}
      .replace(/\{\{`(\{\{[^`]*\}\})`\}\}/g, '$1')
      .replace(/\{\{-?\s*\.([\w.]+)\s*-?\}\}/g, (whole, name: string) => known[name] ?? whole)
  );
}

/** Environments that give a release the same values are one. */
function distinct(releases: readonly Release[]): Release[] {
  const kept = new Map<string, Release>();
  for (const release of releases) {
    const key = JSON.stringify([release.names.release, release.namespace, release.layers]);
    const same = kept.get(key);
    if (same) kept.set(key, { ...same, words: [...same.words, ...release.words] });
    else kept.set(key, release);
  }
  return [...kept.values()];
}
