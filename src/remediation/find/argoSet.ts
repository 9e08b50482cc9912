import { posix } from 'node:path';

import { isData } from '../../base/data';
import type { KeyPath } from '../yaml/keyPath';
import type { Application } from './argo';
import { at, dataAt, listAt, textAt } from './data';
import { partOf } from './layer';
import type { Layer, Mount } from './layer';
import type { Manifest, ObjectLayer } from './manifest';
import { documentsOf, folderOf } from './reader';
import type { Reader } from './reader';
import { keysOfSetting, lastOfEach, wordsIn } from './release';

/** A value that a generator gives, and the scalar that it comes from, if it has one. */
interface Parameter {
  value: string;
  origin: { path: string; document: number | undefined; place: KeyPath } | null;
}

type Parameters = ReadonlyMap<string, Parameter>;

/** More Applications than a set of any repository makes. */
const maximumApplications = 500;

/**
 * The Applications of an ApplicationSet: its template, filled in by what its generators give. Of a
 * generator that asks a cluster or a service nothing is known, so its placeholders stay.
 */
export async function applicationsOf(set: Manifest, reader: Reader): Promise<Application[]> {
  const own = set.layers.at(-1);
  const spec = at(own?.value, 'spec');
  if (!own) return [];
  const sets = await generated(listAt(spec, 'generators'), ['spec', 'generators'], own, reader);
  return sets.slice(0, maximumApplications).map((parameters) => {
    const template = filled(at(spec, 'template'), parameters);
    const name = textAt(template, 'metadata', 'name');
    const known = name === null || name.includes('{{') ? null : name;
    const layers = set.layers.flatMap((layer): ObjectLayer[] => {
      const part = partOf(layer, ['spec', 'template', 'spec']);
      return part ? [{ ...part, value: at(layer.value, 'spec', 'template', 'spec') }] : [];
    });
    const raw = at(spec, 'template', 'spec');
    return {
      title: `Argo CD ApplicationSet ${set.name}${known === null ? '' : `, Application ${known}`} (${own.path})`,
      name: known,
      spec: dataAt(template, 'spec'),
      layers,
      words: wordsIn(known, own.path, ...[...parameters.values()].map(({ value }) => value)),
      above: (source) => givenLayers(rawSourceOf(raw, source, template), parameters),
    };
  });
}

/** The source as the template writes it, by its place among the filled ones. */
function rawSourceOf(raw: unknown, source: unknown, template: unknown): unknown {
  const index = listAt(template, 'spec', 'sources').indexOf(source);
  return index < 0 ? at(raw, 'source') : at(raw, 'sources', index);
}

/** One set of parameters for each Application; at least one, so that the template itself counts. */
async function generated(
  generators: readonly unknown[],
  place: KeyPath,
  own: Layer,
  reader: Reader,
): Promise<Parameters[]> {
  const sets: Parameters[] = [];
  for (const [index, generator] of generators.entries()) {
    sets.push(...(await fromGenerator(generator, [...place, index], own, reader)));
  }
  return sets.length > 0 ? sets : [new Map()];
}

async function fromGenerator(
  generator: unknown,
  place: KeyPath,
  own: Layer,
  reader: Reader,
): Promise<Parameters[]> {
  const elements = listAt(generator, 'list', 'elements');
  if (elements.length > 0) {
    return elements.map((element, index) =>
      flat(element, { ...own, place: [...place, 'list', 'elements', index] }),
    );
  }
  const parts = listAt(generator, 'matrix', 'generators');
  if (parts.length > 0) {
    let sets: Parameters[] = [new Map()];
    for (const [index, part] of parts.entries()) {
      const inner = [...place, 'matrix', 'generators', index];
      const given = await fromGenerator(part, inner, own, reader);
      sets = sets.flatMap((set) => given.map((more) => new Map([...set, ...more])));
    }
    return sets;
  }
  const files = listAt(generator, 'git', 'files').map((entry) => textAt(entry, 'path') ?? '');
  if (files.length > 0) {
    const paths = reader.index.files.filter((path) => files.some((glob) => fits(glob, path)));
    return await Promise.all(
      paths.map(async (path) => {
        const origin = { path, document: undefined, place: [] };
        const values = flat(await reader.parseFirst(path), origin);
        return new Map([...values, ...pathParameters(folderOf(path))]);
      }),
    );
  }
  const folders = listAt(generator, 'git', 'directories');
  if (folders.length > 0) return gitFolders(folders, reader).map(pathParameters);
  return [new Map()];
}

function gitFolders(entries: readonly unknown[], reader: Reader): string[] {
  const globs = (exclude: boolean) =>
    entries
      .filter((entry) => (at(entry, 'exclude') === true) === exclude)
      .map((entry) => textAt(entry, 'path') ?? '');
  const folders = new Set<string>();
  for (const file of reader.index.files) {
    for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) folders.add(folder);
  }
  const matches = (list: readonly string[], folder: string) =>
    list.some((glob) => fits(glob, folder));
  return [...folders].filter(
    (folder) => matches(globs(false), folder) && !matches(globs(true), folder),
  );
}

/** True if a path fits a pattern with `*` for a part of a name and `**` for folders. */
function fits(glob: string, path: string): boolean {
  return fitsParts(glob.replace(/\/$/, '').split('/'), path.split('/'));
}

function fitsParts(glob: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = glob;
  const [name, ...below] = path;
  if (first === undefined) return name === undefined;
  if (first === '**') {
    return fitsParts(rest, path) || (name !== undefined && fitsParts(glob, below));
  }
  if (name === undefined || !fitsName(first, name)) return false;
  return fitsParts(rest, below);
}

function fitsName(glob: string, name: string): boolean {
  const pieces = glob.split('*').map((piece) => piece.replace(/[^\w-]/g, '\\$&'));
  // Few stars only: many would let a repository cost time without bound.
  return pieces.length <= 4 && new RegExp(`^${pieces.join('[^/]*')}$`).test(name);
}

/** What the git generator says of a folder, by its names with and without Go templates. */
function pathParameters(folder: string): Parameters {
  const segments = folder.split('/');
  const base = posix.basename(folder);
  const given: Record<string, string> = {
    path: folder,
    'path.path': folder,
    'path.basename': base,
    'path.basenameNormalized': base.replace(/[^a-z0-9.-]/gi, '-').toLowerCase(),
  };
  for (const [index, segment] of segments.entries()) {
    given[`path[${index}]`] = segment;
    given[`path.segments[${index}]`] = segment;
  }
  return new Map(Object.entries(given).map(([name, value]) => [name, { value, origin: null }]));
}

/** The scalars of an element by their names joined with `.`. */
function flat(value: unknown, origin: NonNullable<Parameter['origin']>): Map<string, Parameter> {
  const found = new Map<string, Parameter>();
  const visit = (here: unknown, keys: readonly string[]): void => {
    if (isData(here)) {
      for (const [key, inner] of Object.entries(here)) visit(inner, [...keys, key]);
    } else if (typeof here === 'string' || typeof here === 'number' || typeof here === 'boolean') {
      const { path, document, place } = origin;
      const own = { path, document, place: [...place, ...keys] };
      found.set(keys.join('.'), { value: String(here), origin: own });
    }
  };
  visit(value, []);
  return found;
}

const placeholder = /\{\{-?\s*(?:index\s+\.?([\w.]+)\s+(\d+)|\.?([\w.[\]-]+))\s*-?\}\}/g;

/** The template with its placeholders filled in; what nothing is known of stays. */
function filled(value: unknown, parameters: Parameters): unknown {
  if (typeof value === 'string') {
    return value.replace(placeholder, (text, list?: string, index?: string, name?: string) => {
      const key = name ?? `${list}[${index}]`;
      return parameters.get(key)?.value ?? text;
    });
  }
  if (Array.isArray(value)) return value.map((item: unknown) => filled(item, parameters));
  if (!isData(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, filled(inner, parameters)]),
  );
}

/** The generator's own scalars where the template only passes them on as values or parameters. */
function givenLayers(raw: unknown, parameters: Parameters): Layer[] {
  const helm = dataAt(raw, 'helm');
  const found: { at: KeyPath; value: unknown }[] = [
    ...leavesOf(at(helm, 'valuesObject') ?? quotedValues(textAt(helm, 'values'))),
    // Parameters win: they come last here, and the last of each place counts.
    ...listAt(helm, 'parameters').map((parameter) => ({
      at: keysOfSetting(textAt(parameter, 'name') ?? ''),
      value: textAt(parameter, 'value'),
    })),
  ];
  const byFile = new Map<string, { layer: Layer; mounts: Mount[] }>();
  for (const { at: place, value } of found) {
    const [, , , name] = typeof value === 'string' ? (wholePlaceholder.exec(value) ?? []) : [];
    const origin = name === undefined ? undefined : parameters.get(name)?.origin;
    if (!origin) continue;
    const { path, document } = origin;
    const key = `${document} ${path}`;
    const group = byFile.get(key) ?? { layer: { path, document, mounts: [] }, mounts: [] };
    group.mounts.push({ at: place, path: origin.place });
    byFile.set(key, group);
  }
  return [...byFile.values()].map(({ layer, mounts }) => ({
    ...layer,
    mounts: lastOfEach(mounts),
  }));
}

const wholePlaceholder = new RegExp(`^${placeholder.source}$`);

/** Values in a text, whose bare placeholders are no YAML until they are quoted. */
function quotedValues(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return documentsOf(
      text.replace(/^(\s*[^\s#][^:\n]*:\s*)(\{\{[^{}'\n]*\}\})\s*$/gm, "$1'$2'"),
    )[0];
  } catch {
    return undefined;
  }
}

function leavesOf(value: unknown, place: KeyPath = []): { at: KeyPath; value: unknown }[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => leavesOf(item, [...place, index]));
  }
  if (!isData(value)) return [{ at: place, value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...place, key]));
}
