import { isData } from '../../base/data';
import type { KeyPath } from '../yaml/keyPath';
import { at, textAt } from './data';
import { layerOf, partOf } from './layer';
import type { Layer, Mount } from './layer';
import { folderOf } from './reader';

/** A text that sets some of an object, with what it says where it is no list of operations. */
export interface ObjectLayer extends Layer {
  value: unknown;
}

/** A Kubernetes object as the repository gives it. */
export interface Manifest {
  kind: string;
  name: string;
  namespace: string | null;
  /** The patches, last one first, then the object's own text. */
  layers: readonly ObjectLayer[];
  /** Folder of the outermost kustomization that brings it, else of its file. */
  folder: string;
  /** False where only patches of it are in the repository. */
  isWhole: boolean;
}

/** The object that a document holds; null where it holds none. */
export function manifestOf(
  value: unknown,
  layer: Layer,
  folder: string,
  isWhole = true,
): Manifest | null {
  const [kind, name] = [textAt(value, 'kind'), textAt(value, 'metadata', 'name')];
  if (kind === null || name === null) return null;
  const namespace = textAt(value, 'metadata', 'namespace');
  return { kind, name, namespace, layers: [{ ...layer, value }], folder, isWhole };
}

/** The objects of a file's documents; those of a `List` too. */
export function manifestsIn(documents: readonly unknown[], path: string, folder: string) {
  return documents.flatMap((value, document) => {
    const items = at(value, 'items');
    const listed =
      textAt(value, 'kind') === 'List' && Array.isArray(items)
        ? (items as unknown[]).map((item, index) => ({ item, place: ['items', index] }))
        : [{ item: value, place: [] }];
    return listed.flatMap(
      ({ item, place }) => manifestOf(item, layerOf(path, document, place), folder) ?? [],
    );
  });
}

/** Where an object comes from, for people: its file, and the kustomization around it. */
export function originText({ layers, folder }: Manifest): string {
  const file = layers.at(-1)?.path ?? '';
  return folder === folderOf(file) ? file : `${file}, in ${folder === '' ? '.' : folder}`;
}

/** What stands at a place of an object: in the highest layer that says it. */
export function valueAt(manifest: Manifest, ...place: KeyPath): unknown {
  for (const { value } of manifest.layers) {
    const found = at(value, ...place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The object's own text, without patches. */
export function ownValue({ layers }: Manifest): unknown {
  return layers.at(-1)?.value;
}

/** The layer of a list of operations (JSON 6902) that stands at `place` of a document. */
export function operationsLayer(
  operations: readonly unknown[],
  path: string,
  document: number | undefined,
  place: KeyPath,
): ObjectLayer {
  const mounts = operations.flatMap((operation, index): Mount[] => {
    const pointer = textAt(operation, 'path');
    const sets = ['add', 'replace'].includes(textAt(operation, 'op') ?? '');
    if (!sets || pointer === null || !isData(operation)) return [];
    return [{ at: keysOf(pointer), path: [...place, index, 'value'] }];
  });
  return { path, document, mounts, value: undefined };
}

/** `['spec', 'containers', 0]` of `/spec/containers/0`. */
function keysOf(pointer: string): KeyPath {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The part of a ConfigMap that holds values, in its patches and its own text. */
export function configMapLayers({ layers }: Manifest, key: string): Layer[] {
  return layers.flatMap((layer) => {
    const mayBeHere = layer.value === undefined || at(layer.value, 'data', key) !== undefined;
    return mayBeHere ? (partOf(layer, ['data', key]) ?? []) : [];
  });
}
