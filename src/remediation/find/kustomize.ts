import { posix } from 'node:path';

import { isData } from '../../base/data';
import type { Data } from '../../base/data';
import type { KeyPath } from '../yaml/keyPath';
import { at, listAt, textAt, textsAt } from './data';
import { layerOf } from './layer';
import { manifestOf, operationsLayer } from './manifest';
import type { Manifest, ObjectLayer } from './manifest';
import { documentsOf, folderOf, pathFrom } from './reader';
import type { Reader } from './reader';

/** A kustomization of the repository, read. */
export interface Kustomization {
  path: string;
  folder: string;
  data: Data;
}

/** What a kustomization brings. */
export interface Build {
  root: Kustomization;
  objects: readonly Manifest[];
  /** The kustomizations that take part, the outermost first. */
  parts: readonly Kustomization[];
  /** Every file that takes part: resources and patches. */
  files: ReadonlySet<string>;
}

const names = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);

/** True for a file that kustomize starts from. */
export function isKustomization(path: string): boolean {
  return names.has(posix.basename(path));
}

/** Reads the objects of a file that a kustomization lists; it decides which are worth parsing. */
export type ObjectsOf = (path: string, folder: string) => Promise<readonly Manifest[]>;

/** What every outermost kustomization of the repository brings, patches applied in their order. */
export async function buildsOf(reader: Reader, objectsOf: ObjectsOf): Promise<Build[]> {
  const all = new Map<string, Kustomization>();
  for (const path of reader.index.files.filter(isKustomization)) {
    const folder = folderOf(path);
    all.set(folder, { path, folder, data: await reader.parseFirst(path) });
  }
  const inner = new Set([...all.values()].flatMap((each) => partsOf(each, all)));
  const outer = [...all.values()].filter((each) => !inner.has(each));
  return await Promise.all(outer.map((root) => buildOf(root, { reader, objectsOf, all })));
}

interface Context {
  reader: Reader;
  objectsOf: ObjectsOf;
  all: ReadonlyMap<string, Kustomization>;
}

/** Paths that a kustomization takes in; of folders without a slash at the end. */
function entriesOf({ folder, data }: Kustomization): string[] {
  return ['resources', 'bases', 'components']
    .flatMap((key) => textsAt(data, key))
    .flatMap((entry) => pathFrom(folder, entry) ?? []);
}

function partsOf(each: Kustomization, all: Context['all']): Kustomization[] {
  return entriesOf(each).flatMap((entry) => all.get(entry) ?? []);
}

async function buildOf(
  root: Kustomization,
  context: Context,
  around: readonly Kustomization[] = [],
): Promise<Build> {
  const parts = [root];
  const files = new Set<string>();
  let objects: Manifest[] = [];
  for (const entry of entriesOf(root)) {
    const part = context.all.get(entry);
    if (part && !around.includes(part) && part !== root) {
      const built = await buildOf(part, context, [...around, root]);
      objects.push(...built.objects.map((object) => ({ ...object, folder: root.folder })));
      parts.push(...built.parts);
      for (const file of built.files) files.add(file);
    } else if (context.reader.has(entry)) {
      files.add(entry);
      objects.push(...(await context.objectsOf(entry, root.folder)));
    }
  }
  for (const patch of await patchesOf(root, context.reader)) {
    if (patch.layer.path !== root.path) files.add(patch.layer.path);
    objects = patched(objects, patch, root.folder);
  }
  const namespace = textAt(root.data, 'namespace');
  if (namespace !== null) objects = objects.map((object) => ({ ...object, namespace }));
  return { root, objects, parts, files };
}

interface Patch {
  layer: ObjectLayer;
  /** What it is for; undefined where its own kind and name say so. */
  target: Data | undefined;
}

/** The objects with a patch on top of those that it is for; one that is for none stands alone. */
function patched(objects: Manifest[], patch: Patch, folder: string): Manifest[] {
  const fits = objects.map((object) => isFor(patch, object));
  if (fits.includes(true)) {
    return objects.map((object, index) =>
      fits[index] ? { ...object, layers: [patch.layer, ...object.layers] } : object,
    );
  }
  const alone = manifestOf(patch.layer.value, patch.layer, folder, false);
  return alone ? [...objects, alone] : objects;
}

function isFor({ layer, target }: Patch, { kind, name, layers }: Manifest): boolean {
  if (target === undefined) {
    return textAt(layer.value, 'kind') === kind && textAt(layer.value, 'metadata', 'name') === name;
  }
  const labels = at(layers.at(-1)?.value, 'metadata', 'labels');
  return (
    matches(textAt(target, 'kind'), kind) &&
    matches(textAt(target, 'name'), name) &&
    selects(textAt(target, 'labelSelector'), labels)
  );
}

/** A target's fields are anchored regular expressions. */
function matches(pattern: string | null, text: string): boolean {
  if (pattern === null || pattern === '' || pattern === text) return true;
  // Only what people write: a pattern of a repository must not cost time without bound.
  if (!/^[\w.|*+^$()-]{1,100}$/.test(pattern)) return false;
  const literal = pattern.replace(/^\^|\$$/g, '').split('|');
  return literal.some((each) => wildcard(each.replace(/^\(|\)$/g, ''), text));
}

/** `a.*` with `.*` and `.+` for anything. */
function wildcard(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split(/\.[*+]/);
  if (rest.length === 0) return first === text;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return from <= text.length - last.length;
}

/** `app=web,tier=front`; other forms of a selector select nothing here. */
function selects(selector: string | null, labels: unknown): boolean {
  if (selector === null || selector === '') return true;
  return selector.split(',').every((each) => {
    const [key = '', value] = each.split(/==?/).map((part) => part.trim());
    return value !== undefined && textAt(labels, key) === value;
  });
}

async function patchesOf({ path, folder, data }: Kustomization, reader: Reader): Promise<Patch[]> {
  const patches: Patch[] = [];
  const add = async (text: string | null, isFile: boolean, place: KeyPath, target: unknown) => {
    if (text === null) return;
    const file = isFile ? pathFrom(folder, text) : path;
    if (file === null || (isFile && !reader.has(file))) return;
    const documents = isFile ? await reader.parse(file) : inline(text);
    for (const [document, value] of documents.entries()) {
      const layer = isFile ? layerOf(file, document) : layerOf(path, 0, place);
      patches.push({
        target: isData(target) ? target : undefined,
        layer: Array.isArray(value)
          ? operationsLayer(value, layer.path, layer.document, isFile ? [] : place)
          : { ...layer, value },
      });
    }
  };
  for (const key of ['patchesStrategicMerge', 'patches', 'patchesJson6902']) {
    for (const [index, entry] of listAt(data, key).entries()) {
      if (typeof entry === 'string') await add(entry, !entry.includes('\n'), [key, index], null);
      const target = at(entry, 'target');
      await add(textAt(entry, 'path'), true, [], target);
      await add(textAt(entry, 'patch'), false, [key, index, 'patch'], target);
    }
  }
  return patches;
}

function inline(text: string): readonly unknown[] {
  try {
    return documentsOf(text).slice(0, 1);
  } catch {
    return [];
  }
}
